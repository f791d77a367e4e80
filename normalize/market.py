"""The market at a date: for every source its newest good captures, never more, and how old they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from normalize.doubles import distinct
from normalize.facts import Facts
from normalize.premium import find_odd_premiums
from normalize.quarantine import quarantine
from normalize.records import Finding, Market, Offer, Severity, identity_of, may_be_used
from normalize.view import Reader, Reading, view_pages, view_source
from scrapers.errors import SnapshotMissingError
from scrapers.records import Snapshot, Source

__all__ = ["Reader", "Reading", "build_market"]


def build_market(
    snapshots: Sequence[Snapshot],
    sources: Mapping[str, Source],
    read: Reader,
    facts: Facts,
    *,
    as_of: datetime | None = None,
) -> Market:
    """Return the market that a reader of these snapshots knows at a date.

    A source that failed, or was not tried, in the newest snapshot speaks through its last good captures. A whole
    read replaces all that came before; an excerpt replaces only the offers that it names. An offer that breaks an
    invariant is in quarantine; what only earlier markets tell is `normalize.quarantine.settle`'s.

    Args:
        snapshots: oldest first; those after `as_of` are not looked at.
        sources: all registered sources by id.
        read: parses one source's captures of one snapshot.
        facts: the hand-kept facts.
        as_of: UTC; the newest snapshot's time when None.

    Raises:
        SnapshotMissingError: there is no snapshot at or before that date.
    """
    known = [s for s in snapshots if as_of is None or s.taken_at <= as_of]
    if not known:
        when = f" at or before {as_of:%Y-%m-%d %H:%M} UTC" if as_of else ""
        there = ", ".join(s.stamp for s in snapshots) or "none"
        message = f"no snapshot{when}; snapshots in this store: {there}"
        raise SnapshotMissingError(message)
    date = as_of or known[-1].taken_at
    views = [
        view_source(source, known, read, facts, date) if source.publishes_prices else view_pages(source, known, date)
        for _, source in sorted(sources.items())
    ]
    offers, broken = quarantine(sorted((o for v in views for o in v.offers), key=_order), facts)
    told = (finding for v in views for finding in v.findings)
    premiums = find_odd_premiums(filter(may_be_used, offers), facts)
    return Market(
        as_of=date,
        stamp=known[-1].stamp,
        offers=offers,
        catalogue=tuple(entry for v in views for entry in v.catalogue),
        ignored=dict(sorted(Counter(name for v in views for name in v.ignored).items())),
        findings=distinct([*told, *broken, *premiums, *_unregistered(known, sources)]),
        sources=tuple(v.status for v in views),
    )


def _order(offer: Offer) -> tuple[str, ...]:
    return (*(str(part or "") for part in identity_of(offer)[1:]), offer.source)


def _unregistered(snapshots: Sequence[Snapshot], sources: Mapping[str, Source]) -> Iterator[Finding]:
    """Yield a finding for each source that is stored but not registered: nothing of it is in the market."""
    for snapshot in reversed(snapshots):
        for result in snapshot.results:
            if result.source not in sources:
                message = f"{result.source} is stored, but no registered source: none of its figures are used"
                yield Finding("unknown_source", Severity.WARNING, result.source, snapshot.stamp, message)
