"""Drift as people read it: of a snapshot against the store, in a line, in a list, and as a page of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from flows.scraping import Scraped
from reports.markdown_text import code, text
from reports.receipts import day
from scrapers.archive.store import Store
from scrapers.errors import RatecardError
from scrapers.records import DatePrecision, Document, Obtained, Snapshot, SourceState
from scrapers.registry import source_ids, source_record
from scrapers.shapes.drift import Difference, Direction, Drift, compare
from scrapers.shapes.last_good import bodies_of, last_good

_MOST_NAMES = 12
_LONGEST_NAME = 80


def newest_drifts(store: Store) -> list[Drift]:
    """Return the drift of every registered source between its newest bodies in a store and the good ones before.

    A source of which no body was ever stored has none.

    Raises:
        StoreError: a manifest of the store cannot be read.
    """
    snapshots = list(store.snapshots())
    drifts = []
    for source in source_ids():
        having = [number for number, snapshot in enumerate(snapshots) if bodies_of(snapshot, source)]
        if having:
            drifts.append(_drift_of(store, snapshots[: having[-1]], snapshots[having[-1]], source))
    return drifts


def drifts_of(store: Store, stamp: str) -> list[Drift]:
    """Return the drift of the sources whose bodies are in one snapshot against the good captures before it.

    Raises:
        StoreError: a manifest of the store cannot be read.
    """
    snapshots = list(store.snapshots())
    at = next(number for number, s in enumerate(snapshots) if s.stamp == stamp)
    there = [source for source in source_ids() if bodies_of(snapshots[at], source)]
    return [_drift_of(store, snapshots[:at], snapshots[at], source) for source in there]


def drift_page(store: Store, stamp: str, failures: Iterable[RatecardError]) -> str:
    """Return what failed and what drifted in one snapshot as a page of Markdown.

    A store that cannot be read back is told there: the snapshot is written, and its run has not failed.

    Args:
        store: the store.
        stamp: of the snapshot.
        failures: why sources failed, as a whole or in part.
    """
    try:
        return markdown(drifts_of(store, stamp), failures, title=f"snapshot {stamp}")
    except RatecardError as exc:
        return markdown([], [*failures, exc], title=f"snapshot {stamp}")


def drift_of_responses(store: Store, scraped: Scraped) -> Drift:
    """Return the drift of what a source answered, which is not stored, against its last good captures in a store.

    Raises:
        StoreError: a manifest of the store cannot be read.
    """
    bodies = [response for response in scraped.responses if response.holds_prices]
    before = last_good(store.snapshots(), scraped.source, [body.resource for body in bodies])
    return compare(
        source_record(scraped.source),
        [store.document(capture) for capture in before],
        [Document.of(body, source=scraped.source) for body in bodies],
        whole=scraped.error is None,
    )


def _drift_of(store: Store, earlier: Sequence[Snapshot], snapshot: Snapshot, source: str) -> Drift:
    after = bodies_of(snapshot, source)
    before = last_good(earlier, source, [capture.resource for capture in after])
    whole = {SourceState.FRESH, SourceState.UNCHANGED}
    state = next((r.state for r in snapshot.results if r.source == source), SourceState.FAILED)
    return compare(
        source_record(source),
        [store.document(c) for c in before],
        [store.document(c) for c in after],
        whole=state in whole,
    )


def summary(drift: Drift) -> str:
    """Return a drift in one line: how many names are new or have vanished, and since when."""
    if drift.since is None:
        return "no earlier body to compare with"
    since = f"since {day(drift.since, DatePrecision.DAY)}"
    since += f" ({drift.obtained})" if drift.obtained != Obtained.LIVE else ""
    if not drift.differences:
        return f"none {since}"
    counts = ", ".join(f"{drift.count(direction)} {direction}" for direction in Direction if drift.count(direction))
    return f"{counts} {since}"


def listings_line(drift: Drift) -> str:
    """Return how many listings there are, how many there were, and how many are expected."""
    fewest, most = drift.expected_listings
    now = "cannot be read" if drift.listings is None else f"{drift.listings:,}"
    before = "" if drift.listings_before is None else f"{drift.listings_before:,} before, "
    return f"{now} ({before}{fewest:,} to {most:,} expected)"


def details(drift: Drift) -> Iterator[tuple[str, list[str]]]:
    """Yield what changed by kind and direction, ``new columns`` with the names, the first dozen of many."""
    for (kind, direction), group in groupby(drift.differences, key=lambda d: (d.kind, d.direction)):
        found = list(group)
        names = [_name(difference, drift.compared) for difference in found[:_MOST_NAMES]]
        more = len(found) - len(names)
        yield f"{direction} {kind}", [*names, *([f"... and {more:,} more"] if more else [])]


def _name(difference: Difference, compared: int) -> str:
    """Return a name, and where it changed if not in all bodies that are compared."""
    name, bodies = difference.name, difference.bodies
    name = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}..."
    if len(bodies) >= compared or difference.kind == "bodies":
        return name
    return f"{name} (in {bodies[0] if len(bodies) == 1 else f'{len(bodies)} of {compared} bodies'})"


def markdown(drifts: Iterable[Drift], failures: Iterable[RatecardError], *, title: str) -> str:
    """Return drift and failures as a page of Markdown; where there is neither, it says so.

    Args:
        drifts: of the sources whose bodies came.
        failures: why sources failed, as a whole or in part.
        title: what it is about.
    """
    lines = [f"# Drift: {text(title)}", ""]
    failed = [f"- {text(str(failure))}" for failure in failures]
    lines += ["## What failed", "", *failed, ""] if failed else []
    for drift in drifts:
        if drift.differences or drift.problems:
            lines += _section(drift)
    if len(lines) == 2:  # noqa: PLR2004  # the title and a blank line
        lines += ["There is none: every source came, and is built as at its last good capture.", ""]
    return "\n".join(lines)


def _section(drift: Drift) -> Iterator[str]:
    yield from (f"## {drift.source}", "", f"{text(summary(drift))}. Listings: {text(listings_line(drift))}.", "")
    yield from (f"- {text(problem)}" for problem in drift.problems)
    for what, names in details(drift):
        yield f"- {what}: {', '.join(map(code, names))}"
    yield ""
