"""The market at a date: for every source its newest good captures, never more, and how old they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from normalize.facts import Facts
from normalize.offers import normalize
from normalize.records import (
    CatalogueEntry,
    Finding,
    Identity,
    Market,
    Normalized,
    Offer,
    ParsedCapture,
    Severity,
    SourceStatus,
    identity_of,
)
from scrapers.errors import ParseError, SnapshotMissingError
from scrapers.records import Snapshot, Source, SourceState


@dataclass(frozen=True, slots=True)
class Reading:
    """The captures of one source in one snapshot, parsed.

    Attributes:
        captures: the captures with their listings.
        excerpt: whether they hold only a part of the source, so that what they leave out says nothing.
    """

    captures: tuple[ParsedCapture, ...]
    excerpt: bool


Reader = Callable[[Snapshot, str], Reading]
"""Parses the captures of a source in a snapshot; raises `ParseError` when their structure is not known."""


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
    read replaces all that came before; an excerpt replaces only the offers that it names.

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
    views = [_view_source(source, known, read, facts, date) for _, source in sorted(sources.items())]
    return Market(
        as_of=date,
        stamp=known[-1].stamp,
        offers=tuple(sorted((o for v in views for o in v.offers), key=_order)),
        catalogue=tuple(entry for v in views for entry in v.catalogue),
        ignored=dict(sorted(Counter(name for v in views for name in v.ignored).items())),
        findings=tuple(dict.fromkeys(finding for v in views for finding in v.findings)),
        sources=tuple(v.status for v in views),
    )


@dataclass(frozen=True, slots=True)
class _View:
    """One source's part of the market."""

    offers: tuple[Offer, ...]
    catalogue: tuple[CatalogueEntry, ...]
    ignored: tuple[str, ...]
    findings: tuple[Finding, ...]
    status: SourceStatus


def _order(offer: Offer) -> tuple[str, ...]:
    return (*(str(part or "") for part in identity_of(offer)[1:]), offer.source)


def _view_source(source: Source, snapshots: Sequence[Snapshot], read: Reader, facts: Facts, as_of: datetime) -> _View:
    """Return a source's last good captures, normalised; older whole reads shine through newer excerpts."""
    layers: list[Normalized] = []
    findings: list[Finding] = []
    excerpt = False
    for snapshot in reversed(snapshots):
        state = _state_of(snapshot, source.id)[0]
        if state not in {SourceState.FRESH, SourceState.UNCHANGED}:
            continue
        try:
            reading = read(snapshot, source.id)
        except ParseError as exc:
            findings.append(Finding("unreadable_capture", Severity.ERROR, source.id, snapshot.stamp, str(exc)))
            continue
        if not layers:
            excerpt = reading.excerpt
        layers.append(normalize(reading.captures, source, facts))
        if not reading.excerpt:
            break
    offers = _newest(offer for layer in layers for offer in layer.offers)
    findings += [finding for layer in layers for finding in layer.findings]
    state, reason = _state_of(snapshots[-1], source.id)
    return _View(
        offers=offers,
        catalogue=_newest_catalogue(layers),
        ignored=layers[0].ignored if layers else (),
        findings=tuple(findings),
        status=_status(source, state, reason, offers, layers, excerpt=excerpt, as_of=as_of),
    )


def _state_of(snapshot: Snapshot, source: str) -> tuple[str, str]:
    return next(((str(r.state), r.reason) for r in snapshot.results if r.source == source), ("absent", ""))


def _newest(offers: Iterable[Offer]) -> tuple[Offer, ...]:
    """Return one offer per identity, the one observed last; of equal times the first given."""
    kept: dict[Identity, Offer] = {}
    for offer in offers:
        identity = identity_of(offer)
        if identity not in kept or offer.observed_at > kept[identity].observed_at:
            kept[identity] = offer
    return tuple(kept.values())


def _newest_catalogue(layers: Sequence[Normalized]) -> tuple[CatalogueEntry, ...]:
    """Return the newest catalogue whole: a GPU that left it is no longer offered."""
    return next((layer.catalogue for layer in layers if layer.catalogue), ())


def _status(  # noqa: PLR0913  # a status is made of all of these
    source: Source,
    state: str,
    reason: str,
    offers: Sequence[Offer],
    layers: Sequence[Normalized],
    *,
    excerpt: bool,
    as_of: datetime,
) -> SourceStatus:
    times = [o.observed_at for o in offers] + [e.observed_at for layer in layers[:1] for e in layer.catalogue]
    age = (as_of.date() - max(times).date()).days if times else None
    return SourceStatus(
        source=source.id,
        title=source.title,
        publisher=source.publisher,
        url=source.url,
        lineage=source.lineage,
        state=state,
        reason=reason,
        observed_at=max(times, default=None),
        oldest_at=min(times, default=None),
        age_days=age,
        max_age_days=source.max_age_days,
        stale=age is not None and age > source.max_age_days,
        excerpt=excerpt,
        offers=len(offers),
    )
