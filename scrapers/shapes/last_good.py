"""Which captures of a source were the last good ones: what the newest are compared with."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable

from scrapers.records import Capture, Snapshot, SourceState


def last_good(snapshots: Iterable[Snapshot], source: str, resources: Iterable[str] = ()) -> list[Capture]:
    """Return the good captures of the newest snapshot that has some of a source, and of others the newest each.

    Args:
        snapshots: oldest first.
        source: its id.
        resources: names of bodies that are looked for in older snapshots too.
    """
    good = [found for snapshot in snapshots if (found := _good(snapshot, source))][::-1]
    newest = good[0] if good else {}
    older = ChainMap(*good)
    return [*newest.values(), *(older[name] for name in resources if name in older and name not in newest)]


def _good(snapshot: Snapshot, source: str) -> dict[str, Capture]:
    if any(result.source == source and result.state is SourceState.FAILED for result in snapshot.results):
        return {}
    return {c.resource: c for c in bodies_of(snapshot, source) if not c.problem}


def bodies_of(snapshot: Snapshot, source: str) -> list[Capture]:
    """Return the captures of a source that are to hold prices, good or not; pictures of them have no shape."""
    return [capture for capture in snapshot.captures if capture.source == source and capture.holds_prices]
