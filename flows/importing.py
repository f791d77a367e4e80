"""Adding files that somebody saved as a dated snapshot."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.program import program
from flows.steps import parsed, reading_of
from normalize.facts import Facts
from normalize.market import build_market
from normalize.records import Market
from scrapers.archive.spool import Spool
from scrapers.archive.store import Store
from scrapers.errors import UsageError
from scrapers.records import PICTURE_TYPE, Content, Document, Listing, Obtained, Response, Snapshot, Source
from scrapers.registry import source_record

_PIECE = 1 << 20
_MEDIA_TYPES = {
    ".json": "application/json",
    ".csv": "text/csv",
    ".html": "text/html",
    ".md": "text/markdown",
    ".mdx": "text/markdown",
    ".png": PICTURE_TYPE,
}


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import brought.

    Attributes:
        snapshot: the new snapshot.
        listings: what the parser read.
        market: of this snapshot alone.
    """

    snapshot: Snapshot
    listings: tuple[Listing, ...]
    market: Market


def import_files(
    store: Store, *, source: str, url: str, retrieved_at: datetime, files: Sequence[Path], facts: Facts
) -> Imported:
    """Add saved files as a dated snapshot; a file that cannot be read adds nothing.

    Args:
        store: where to.
        source: id of the source.
        url: the public URL that the files were saved from.
        retrieved_at: when.
        files: the files.
        facts: the hand-kept facts.

    Raises:
        UsageError: the source, a file or the time is not usable, or the same bytes of that time are there already.
        ParseError: a file is not what the source publishes.
    """
    record = source_record(source)
    with TemporaryDirectory(prefix="ratecard-") as folder:
        responses = [_response_of(path, url, retrieved_at, Path(folder)) for path in files]
        return _add(store, record, responses, files, facts)


def _add(store: Store, record: Source, responses: Sequence[Response], files: Sequence[Path], facts: Facts) -> Imported:
    source, retrieved_at = record.id, responses[0].retrieved_at
    documents = [Document.of(r, source=source, obtained=Obtained.IMPORTED) for r in responses]
    captures = tuple(parsed(document) for document in documents if document.capture.holds_prices)
    if not captures:
        raise UsageError("import: a screenshot holds no prices; name the page that it shows as well")
    _refuse_repeat(store, source, retrieved_at, documents)
    writer = store.writer(retrieved_at, written_by=program())
    for path, response in zip(files, responses, strict=True):
        writer.add(source, response, obtained=Obtained.IMPORTED, provenance=f"imported from {path.name}")
    snapshot = writer.commit()
    market = build_market([snapshot], {source: record}, lambda _, __: reading_of(captures, record), facts)
    return Imported(snapshot, tuple(listing for c in captures for listing in c.listings), market)


def _response_of(path: Path, url: str, retrieved_at: datetime, folder: Path) -> Response:
    """Return a file as a response; a large one is packed into the folder, so that its bytes are read once."""
    if not re.match(r"https?://[^/]+", url):
        raise UsageError(f"--url {url}: looked for the public http(s) address that the file was saved from")
    try:
        content = _content_of(path, Spool(folder))
    except OSError as exc:
        raise UsageError(f"{path}: cannot be read ({exc.strerror})") from exc
    name = re.sub(r"[^a-z0-9._-]+", "-", path.name.lower()).strip("-.") or "body"
    media_type = _MEDIA_TYPES.get(path.suffix.lower(), "application/octet-stream")
    return Response(name, url, url, retrieved_at, 200, media_type, content)


def _content_of(path: Path, spool: Spool) -> Content:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            spool.write(piece)
    return spool.close()


def _refuse_repeat(store: Store, source: str, retrieved_at: datetime, documents: Sequence[Document]) -> None:
    wanted = {d.capture.sha256 for d in documents}
    for snapshot in store.snapshots():
        there = {c.sha256 for c in snapshot.captures if (c.source, c.retrieved_at) == (source, retrieved_at)}
        if wanted <= there:
            raise UsageError(
                f"{source}: these bytes of {retrieved_at:%Y-%m-%d %H:%M} UTC are in {snapshot.stamp} already"
            )
