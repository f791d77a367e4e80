"""Writing a snapshot: bodies first, the manifest last."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from scrapers.archive.bodies import is_whole, sync_folder, write_body, write_new
from scrapers.archive.manifest import MANIFEST_NAME, manifest_bytes
from scrapers.archive.stamps import stamp_of
from scrapers.errors import StoreError, UsageError
from scrapers.records import (
    Capture,
    DatePrecision,
    Obtained,
    Response,
    Snapshot,
    SourceResult,
    SourceState,
    capture_of,
)

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,120}")
_MOST_IN_A_SECOND = 1000


class SnapshotWriter:
    """A snapshot being written; nobody sees it before `commit`."""

    def __init__(self, root: Path, taken_at: datetime, written_by: str, *, earlier: Iterable[Capture] = ()) -> None:
        """Claim a new folder for the snapshot.

        Args:
            root: the store's folder.
            taken_at: the snapshot's time, aware.
            written_by: name and version of the program.
            earlier: what the store holds already, oldest first; equal bodies are referenced.

        Raises:
            StoreError: the folder cannot be written.
        """
        self._root = root
        self._taken_at = taken_at.astimezone(UTC).replace(microsecond=0)
        self._written_by = written_by
        self._captures: dict[tuple[str, str], Capture] = {}
        self._states: dict[str, SourceState] = {}
        self._failures: dict[str, SourceResult] = {}
        there = list(earlier)
        self._known = {capture.sha256: capture for capture in there}
        self._examples = {capture.obtained is Obtained.RECONSTRUCTED for capture in there}
        self.stamp = self._claim()

    def _claim(self) -> str:
        """Make the snapshot's folder; a second snapshot of one second gets ``-2``, ``-3``, ..."""
        stamp = stamp_of(self._taken_at)
        for name in (stamp, *(f"{stamp}-{n}" for n in range(2, _MOST_IN_A_SECOND))):
            try:
                (self._root / name).mkdir(parents=True)
                sync_folder(self._root)
            except FileExistsError:
                continue
            except OSError as exc:
                raise StoreError(f"{self._root}: cannot write here ({exc.strerror})") from exc
            return name
        raise StoreError(f"{self._root}: a thousand snapshots claim {stamp}")

    def add(  # noqa: PLR0913  # a capture is a response and what is known about it
        self,
        source: str,
        response: Response,
        *,
        obtained: Obtained = Obtained.LIVE,
        date_precision: DatePrecision = DatePrecision.SECOND,
        provenance: str = "",
        excerpt: bool = False,
        problem: str = "",
    ) -> Capture:
        """Store one response's body (or refer to an equal one) and return its capture.

        Raises:
            StoreError: the body's name cannot be one or is taken, or the disk refuses.
        """
        self._refuse_mixture(source, obtained)
        key = (source, response.resource)
        if not all(map(_NAME.fullmatch, key)):
            raise StoreError(f"{source}: {response.resource!r} cannot be the name of a body")
        if key in self._captures:
            raise StoreError(f"{source}: two bodies are called {response.resource!r}")
        capture = capture_of(
            response,
            source=source,
            obtained=obtained,
            date_precision=date_precision,
            provenance=provenance,
            excerpt=excerpt,
            problem=problem,
        )
        known = self._known.get(capture.sha256)
        body = known.body if known and is_whole(self._root, known) else f"{self.stamp}/{source}/{response.resource}.zst"
        # Times are kept to the second, as the manifest keeps them.
        fetched_at = capture.fetched_at and capture.fetched_at.replace(microsecond=0)
        retrieved_at = capture.retrieved_at.replace(microsecond=0)
        capture = replace(capture, body=body, retrieved_at=retrieved_at, fetched_at=fetched_at)
        if not (known and known.body == body):
            write_body(self._root / body, response.body)
        self._known[capture.sha256] = self._captures[key] = capture
        if response.holds_prices and (known is None or source not in self._states):
            self._states[source] = SourceState.UNCHANGED if known else SourceState.FRESH
        return capture

    def _refuse_mixture(self, source: str, obtained: Obtained) -> None:
        """Keep reconstructed examples and real data in stores of their own: a report must not rest on both."""
        self._examples.add(obtained is Obtained.RECONSTRUCTED)
        if len(self._examples) > 1:
            with suppress(OSError):
                (self._root / self.stamp).rmdir()
            raise UsageError(f"{source}: {self._root} holds reconstructed examples or is to; name another --store")

    def fail(self, source: str, reason: str, *, partial: bool = False) -> None:
        """Note that a source failed; bodies of it that were added stay for a look.

        Args:
            source: its id.
            reason: why, for people.
            partial: whether it failed in part only, and its bodies without a problem are good.
        """
        self._failures[source] = SourceResult(source, SourceState.PARTIAL if partial else SourceState.FAILED, reason)

    def commit(self) -> Snapshot:
        """Write the manifest: from now on the snapshot is there.

        Raises:
            StoreError: it was committed before, or the disk refuses.
        """
        snapshot = Snapshot(
            stamp=self.stamp,
            taken_at=self._taken_at,
            results=tuple(self._results()),
            captures=tuple(self._captures[key] for key in sorted(self._captures)),
            written_by=self._written_by,
        )
        write_new(self._root / self.stamp / MANIFEST_NAME, manifest_bytes(snapshot))
        return snapshot

    def abandon(self) -> None:
        """Remove what was written of a snapshot that will not be committed; one that is there stays."""
        folder = self._root / self.stamp
        if not (folder / MANIFEST_NAME).exists():
            shutil.rmtree(folder, ignore_errors=True)

    def _results(self) -> Iterable[SourceResult]:
        only_seen = "nothing came that holds prices"
        for source in sorted({*self._states, *self._failures, *(source for source, _ in self._captures)}):
            if source in self._failures:
                yield self._failures[source]
            elif source in self._states:
                yield SourceResult(source, self._states[source])
            else:
                yield SourceResult(source, SourceState.FAILED, only_seen)
