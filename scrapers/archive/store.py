"""The store: dated snapshots, written once, read with size and hash checked.

::

    <root>/2026-11-22T060000Z/
        snapshot.json                       the manifest; written last, atomically: it is the commit
        <source-id>/<resource>.zst          bodies, exactly as served, zstd-compressed
        offers.parquet                      derived from them; may be missing, and is computed again at will

A folder without a manifest is no snapshot. Nothing overwrites a snapshot. A body equal to an earlier one is
referenced, not copied.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self
from urllib.parse import unquote, urlsplit

from scrapers.archive.bodies import is_whole, open_body, read_body
from scrapers.archive.manifest import MANIFEST_NAME, read_manifest
from scrapers.archive.stamps import is_stamp, moment_of, stamp_of
from scrapers.archive.writer import SnapshotWriter
from scrapers.errors import CorruptError, SnapshotMissingError, StoreError, UsageError
from scrapers.records import Capture, Document, Snapshot, SourceState

__all__ = ["SnapshotWriter", "Store", "moment_of", "stamp_of"]


class Store:
    """A folder of snapshots."""

    def __init__(self, root: Path) -> None:
        """Take the folder; it need not exist before the first snapshot is written."""
        self.root = root

    @classmethod
    def at(cls, location: str | Path) -> Self:
        """Open the store at a folder or a ``file://`` URL.

        Raises:
            UsageError: the location is neither.
        """
        text = str(location)
        url = urlsplit(text) if "://" in text else None
        if not text or (url and (url.scheme != "file" or url.netloc not in ("", "localhost"))):
            raise UsageError(f"--store {text!r}: only a folder or a file:// URL can be a store")
        return cls(Path(unquote(url.path) if url else text).absolute())

    def stamps(self) -> list[str]:
        """Return the stamps of all snapshots, oldest first.

        Raises:
            StoreError: the folder cannot be read.
        """
        try:
            names = [path.name for path in self.root.iterdir() if (path / MANIFEST_NAME).is_file()]
        except FileNotFoundError:
            return []
        except OSError as exc:
            raise StoreError(f"{self.root}: cannot be read ({exc.strerror})") from exc
        return sorted(filter(is_stamp, names), key=lambda stamp: (moment_of(stamp), len(stamp), stamp))

    def snapshot(self, stamp: str) -> Snapshot:
        """Read one snapshot's manifest.

        Raises:
            SnapshotMissingError: there is none of that stamp.
            CorruptError: its manifest cannot be read.
        """
        path = self.root / stamp / MANIFEST_NAME
        if not is_stamp(stamp) or not path.is_file():
            there = ", ".join(self.stamps()) or "none"
            raise SnapshotMissingError(f"no snapshot {stamp} in {self.root}; there are: {there}")
        snapshot = read_manifest(path)
        if snapshot.taken_at != moment_of(stamp):
            raise CorruptError(f"{path}: says {snapshot.taken_at!s}; its folder has another name")
        return snapshot

    def snapshots(self, until: datetime | None = None) -> Iterator[Snapshot]:
        """Yield the snapshots taken at or before `until` (all when None), oldest first."""
        for stamp in self.stamps():
            if until is None or moment_of(stamp) <= until:
                yield self.snapshot(stamp)

    def document(self, capture: Capture) -> Document:
        """Return a capture with its bytes; size and hash are checked at every read."""
        return Document(capture, lambda: open_body(self.root, capture))

    def read_body(self, capture: Capture) -> bytes:
        """Return the body of a capture.

        Raises:
            CorruptError: the bytes are gone, unreadable, or not those that were stored.
        """
        return read_body(self.root, capture)

    def last_captures(self) -> Callable[[str, str], Document | None]:
        """Return a lookup of what the store holds now: by source id and URL the newest good capture, None without one.

        A capture of a source that failed is not good, nor one that could not be read, nor one whose bytes are damaged.
        """
        newest = {(capture.source, capture.url): capture for capture in self._good_captures()}

        def look_up(source: str, url: str) -> Document | None:
            capture = newest.get((source, url))
            return self.document(capture) if capture and is_whole(self.root, capture) else None

        return look_up

    def _good_captures(self) -> Iterator[Capture]:
        for snapshot in self._readable_snapshots():
            failed = {result.source for result in snapshot.results if result.state is SourceState.FAILED}
            yield from (c for c in snapshot.captures if c.source not in failed and not c.problem and c.holds_prices)

    def derive(self, stamp: str, name: str, content: bytes) -> Path:
        """Lay a file that was computed from a snapshot beside its manifest; one that is there is replaced.

        It is no part of the snapshot: whoever loses it computes it again.

        Raises:
            StoreError: the disk refuses.
        """
        path = self.root / stamp / name
        temporary = path.with_name(f".{name}.{secrets.token_hex(4)}")
        try:
            temporary.write_bytes(content)
            temporary.replace(path)
        except OSError as exc:
            temporary.unlink(missing_ok=True)
            raise StoreError(f"{path}: cannot be written ({exc.strerror})") from exc
        return path

    def incoming(self) -> TemporaryDirectory[str]:
        """Make a folder for bodies on their way into the store, on its disk; leaving the context removes it.

        Raises:
            StoreError: the folder cannot be made.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            return TemporaryDirectory(prefix=".incoming-", dir=self.root)
        except OSError as exc:
            raise StoreError(f"{self.root}: cannot write here ({exc.strerror})") from exc

    def writer(self, taken_at: datetime, *, written_by: str) -> SnapshotWriter:
        """Begin a new snapshot; nobody sees it before `SnapshotWriter.commit`.

        Raises:
            StoreError: the folder cannot be written.
        """
        earlier = (capture for snapshot in self._readable_snapshots() for capture in snapshot.captures)
        return SnapshotWriter(self.root, taken_at, written_by, earlier=earlier)

    def _readable_snapshots(self) -> Iterator[Snapshot]:
        """Yield every snapshot whose manifest can be read, oldest first.

        A damaged old manifest is the readers' finding; it must not keep today's prices from being stored.
        """
        for stamp in self.stamps():
            with suppress(CorruptError):
                yield self.snapshot(stamp)
