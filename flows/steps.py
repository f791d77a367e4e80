"""The steps of every flow and command as plain functions: nothing here knows Prefect.

Each takes values and returns records; settings and the clock are read by the caller.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib.metadata import version
from pathlib import Path

from normalize.facts import Facts
from normalize.market import Reading, build_market
from normalize.records import Market, ParsedCapture
from reports.brief import Brief
from reports.build import build_report
from reports.render import write_report
from scrapers.errors import SnapshotMissingError, SourceError, UsageError
from scrapers.records import (
    Capture,
    Content,
    Document,
    Listing,
    Obtained,
    Response,
    Snapshot,
    Source,
)
from scrapers.registry import check_count, is_excerpt, parse, source_ids, source_module, source_record
from scrapers.store import Store
from scrapers.web import Web

_REPORT_PERIOD = timedelta(days=6, hours=12)
"""A report compares with the newest snapshot that is older than this: the last weekly report's."""
_MEDIA_TYPES = {
    ".json": "application/json",
    ".csv": "text/csv",
    ".html": "text/html",
    ".md": "text/markdown",
    ".mdx": "text/markdown",
}


def program() -> str:
    """Return name and version of this program."""
    return f"ratecard {version('ratecard')}"


def read_moment(text: str, *, option: str) -> datetime:
    """Return a date (its last second, UTC) or an ISO 8601 time as a moment.

    Raises:
        UsageError: it is neither; the message names the option.
    """
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return datetime.combine(date.fromisoformat(text), time(23, 59, 59), UTC)
        moment = datetime.fromisoformat(text)
    except ValueError as exc:
        raise UsageError(f"{option} {text}: looked for a date such as 2026-11-09 or an ISO 8601 time") from exc
    if moment.tzinfo is None:
        raise UsageError(f"{option} {text}: has no time zone; add Z for UTC")
    return moment.astimezone(UTC)


class MarketReader:
    """Reads markets out of one store; a body that several markets share is parsed once."""

    def __init__(self, store: Store, facts: Facts) -> None:
        """Take the store and the hand-kept facts."""
        self._store = store
        self._facts = facts
        self._sources = {source: source_record(source) for source in source_ids()}
        self._parsed: dict[tuple[str, str, str, datetime], ParsedCapture] = {}

    def snapshots(self) -> list[Snapshot]:
        """Return all snapshots, oldest first."""
        return list(self._store.snapshots())

    def market(self, as_of: datetime | None = None) -> Market:
        """Return the market at a date, of the newest snapshot when None.

        Raises:
            SnapshotMissingError: there is no snapshot at or before that date.
            CorruptError: a body in the store is not what was stored.
        """
        return build_market(self.snapshots(), self._sources, self.read, self._facts, as_of=as_of)

    def before(self, market: Market, since: datetime | None = None) -> Market | None:
        """Return the market of the report before: at `since`, else a week earlier, else of any earlier snapshot."""
        taken = [s.taken_at for s in self._store.snapshots(market.as_of)]
        earlier = [t for t in taken if t < taken[-1]]
        weekly = [t for t in earlier if t <= taken[-1] - _REPORT_PERIOD]
        moment = since or max(weekly, default=min(earlier, default=None))
        return self.market(moment) if moment else None

    def read(self, snapshot: Snapshot, source: str) -> Reading:
        """Return one source's captures of one snapshot, parsed.

        Raises:
            ParseError: their structure is not known.
            CorruptError: a body in the store is not what was stored.
        """
        record = self._sources[source]
        captures = tuple(self._parse(c) for c in snapshot.captures if c.source == source)
        return reading_of(captures, record)

    def _parse(self, capture: Capture) -> ParsedCapture:
        key = (capture.source, capture.sha256, capture.url, capture.retrieved_at)
        if key not in self._parsed:
            self._parsed[key] = parsed(self._store.document(capture))
        return self._parsed[key]


def reading_of(captures: tuple[ParsedCapture, ...], source: Source) -> Reading:
    """Return one source's parsed captures, with whether they are only an excerpt of what it publishes."""
    listings = sum(len(c.listings) for c in captures)
    return Reading(captures, any(c.excerpt or is_excerpt(source, c.obtained, listings) for c in captures))


def parsed(document: Document) -> ParsedCapture:
    """Return a document with its listings.

    Raises:
        ParseError: its structure is not known.
    """
    capture = document.capture
    return ParsedCapture(
        sha256=capture.sha256,
        url=capture.answered_url,
        body=capture.body or capture.resource,
        retrieved_at=capture.retrieved_at,
        date_precision=capture.date_precision,
        obtained=capture.obtained,
        excerpt=capture.excerpt,
        listings=tuple(parse(document)),
    )


@dataclass(frozen=True, slots=True)
class Scraped:
    """What became of one source in a scrape.

    Attributes:
        source: its id.
        responses: what arrived.
        listings: how many prices they hold.
        error: why the source failed; None when it did not.
    """

    source: str
    responses: tuple[Response, ...]
    listings: int
    error: SourceError | None


def scrape_source(source: str, web: Web, regions: Sequence[str]) -> Scraped:
    """Fetch one source and read what arrived, so that a broken page is known before it is stored as good.

    Args:
        source: id of the source.
        web: the way out.
        regions: wanted region codes.
    """
    responses: list[Response] = []
    listings = 0
    try:
        responses.extend(source_module(source).fetch(web, regions))
        listings = sum(len(parse(Document.of(response, source=source))) for response in responses)
        check_count(source_record(source), listings)
    except SourceError as exc:
        return Scraped(source, tuple(responses), listings, exc)
    return Scraped(source, tuple(responses), listings, None)


def store_scraped(store: Store, scraped: Sequence[Scraped], taken_at: datetime) -> Snapshot:
    """Write one snapshot of several sources; each of them fails alone, and its bytes are kept for a look.

    Args:
        store: where to.
        scraped: the sources' results.
        taken_at: the snapshot's time.
    """
    writer = store.writer(taken_at, written_by=program())
    for result in scraped:
        for response in result.responses:
            writer.add(result.source, response)
        if result.error is not None:
            writer.fail(result.source, str(result.error))
    return writer.commit()


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
    responses = [_response_of(path, url, retrieved_at) for path in files]
    documents = [Document.of(r, source=source, obtained=Obtained.IMPORTED) for r in responses]
    captures = tuple(parsed(document) for document in documents)
    _refuse_repeat(store, source, retrieved_at, documents)
    writer = store.writer(retrieved_at, written_by=program())
    for path, response in zip(files, responses, strict=True):
        writer.add(source, response, obtained=Obtained.IMPORTED, provenance=f"imported from {path.name}")
    snapshot = writer.commit()
    market = build_market([snapshot], {source: record}, lambda _, __: reading_of(captures, record), facts)
    return Imported(snapshot, tuple(listing for c in captures for listing in c.listings), market)


def _response_of(path: Path, url: str, retrieved_at: datetime) -> Response:
    if not re.match(r"https?://[^/]+", url):
        raise UsageError(f"--url {url}: looked for the public http(s) address that the file was saved from")
    try:
        body = path.read_bytes()
    except OSError as exc:
        raise UsageError(f"{path}: cannot be read ({exc.strerror})") from exc
    name = re.sub(r"[^a-z0-9._-]+", "-", path.name.lower()).strip("-.") or "body"
    media_type = _MEDIA_TYPES.get(path.suffix.lower(), "application/octet-stream")
    return Response(name, url, url, retrieved_at, 200, media_type, Content.of(body))


def _refuse_repeat(store: Store, source: str, retrieved_at: datetime, documents: Sequence[Document]) -> None:
    wanted = {d.capture.sha256 for d in documents}
    for snapshot in store.snapshots():
        there = {c.sha256 for c in snapshot.captures if (c.source, c.retrieved_at) == (source, retrieved_at)}
        if wanted <= there:
            raise UsageError(
                f"{source}: these bytes of {retrieved_at:%Y-%m-%d %H:%M} UTC are in {snapshot.stamp} already"
            )


def write_client_report(
    brief: Brief, market: Market, previous: Market | None, facts: Facts, out: Path
) -> tuple[Path, Path, Path]:
    """Build a report and write it as Markdown, HTML and PDF, named ``<brief>-<date>``.

    Args:
        brief: what is asked.
        market: what is known at the report's date.
        previous: the market of the report before; None for a first report.
        facts: the hand-kept facts.
        out: folder to write to.

    Returns:
        The three paths, in that order.
    """
    report = build_report(brief, market, previous, facts, generator=program())
    paths = write_report(report, out, f"{brief.name}-{report.date}")
    return paths.markdown, paths.html, paths.pdf


def find_capture(store: Store, sha256: str) -> Capture:
    """Return the capture whose body's hash begins so.

    Raises:
        SnapshotMissingError: no body does, or bodies of several sources do.
    """
    found = {c.sha256: c for s in store.snapshots() for c in s.captures if c.sha256.startswith(sha256)}
    if len(found) != 1 or not sha256:
        raise SnapshotMissingError(f"{len(found)} bodies in {store.root} have a sha256 that begins with {sha256!r}")
    return next(iter(found.values()))
