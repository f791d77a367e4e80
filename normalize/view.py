"""What one source says at a date: its newest good captures, normalised, and how it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from normalize.facts import Facts
from normalize.offers import normalize
from normalize.records import (
    CatalogueEntry,
    Finding,
    Identity,
    Normalized,
    Offer,
    ParsedCapture,
    Severity,
    SourceStatus,
    identity_of,
)
from scrapers.errors import ParseError
from scrapers.records import Snapshot, Source, SourceState

READ = frozenset({SourceState.FRESH, SourceState.UNCHANGED, SourceState.PARTIAL})
"""States in which a source's captures are good; those of a part of it are an excerpt."""


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


@dataclass(frozen=True, slots=True)
class View:
    """One source's part of the market.

    Attributes:
        offers: one per identity.
        catalogue: its newest list of what is sold.
        ignored: names that are ignored on purpose, one per listing of its newest reading.
        findings: what could not be read or taken.
        status: how it stands.
    """

    offers: tuple[Offer, ...]
    catalogue: tuple[CatalogueEntry, ...]
    ignored: tuple[str, ...]
    findings: tuple[Finding, ...]
    status: SourceStatus


@dataclass(frozen=True, slots=True)
class _Layer:
    """One source's part of one snapshot; an excerpt lets the layers below shine through."""

    content: Normalized
    excerpt: bool


def view_source(source: Source, snapshots: Sequence[Snapshot], read: Reader, facts: Facts, as_of: datetime) -> View:
    """Return a source's last good captures, normalised; older whole reads shine through newer excerpts.

    Args:
        source: the source.
        snapshots: at least one, oldest first.
        read: parses the source's captures of one snapshot.
        facts: the hand-kept facts.
        as_of: the market's date, UTC.
    """
    layers, unread = _layers(source, snapshots, read, facts)
    offers = _newest(offer for layer in layers for offer in layer.content.offers)
    catalogue = _newest_catalogue(layers)
    times = [o.observed_at for o in offers] + [e.observed_at for e in catalogue]
    newest = snapshots[-1]
    failure = next((f.message for f in unread if f.where == newest.stamp), None)
    state, reason = _state_of(newest, source.id) if failure is None else (str(SourceState.FAILED), failure)
    return View(
        offers=offers,
        catalogue=catalogue,
        ignored=layers[0].content.ignored if layers else (),
        findings=(*unread, *(finding for layer in layers for finding in layer.content.findings)),
        status=replace(
            _status(source, times, as_of),
            state=state,
            reason=reason,
            excerpt=bool(layers) and layers[0].excerpt,
            offers=len(offers),
        ),
    )


def view_pages(source: Source, snapshots: Sequence[Snapshot], as_of: datetime) -> View:
    """Return how a source stands whose captures hold no prices: by the pages of its newest good read.

    Args:
        source: the source.
        snapshots: at least one, oldest first.
        as_of: the market's date, UTC.
    """
    times: list[datetime] = []
    for snapshot in snapshots:
        if _state_of(snapshot, source.id)[0] in READ:
            times = [c.retrieved_at for c in snapshot.captures if c.source == source.id and not c.problem]
    state, reason = _state_of(snapshots[-1], source.id)
    return View((), (), (), (), replace(_status(source, times, as_of), state=state, reason=reason))


def _layers(
    source: Source, snapshots: Sequence[Snapshot], read: Reader, facts: Facts
) -> tuple[list[_Layer], list[Finding]]:
    """Return a source's readings, newest first, down to the first whole one; and those that could not be read."""
    layers: list[_Layer] = []
    unread: list[Finding] = []
    for snapshot in reversed(snapshots):
        if _state_of(snapshot, source.id)[0] not in READ:
            continue
        try:
            reading = read(snapshot, source.id)
        except ParseError as exc:
            unread.append(Finding("unreadable_capture", Severity.ERROR, source.id, snapshot.stamp, str(exc)))
            continue
        layers.append(_Layer(normalize(reading.captures, source, facts), reading.excerpt))
        if not reading.excerpt:
            break
    return layers, unread


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


def _newest_catalogue(layers: Sequence[_Layer]) -> tuple[CatalogueEntry, ...]:
    """Return the newest catalogue whole: a GPU that left it is no longer offered."""
    return next((layer.content.catalogue for layer in layers if layer.content.catalogue), ())


def _status(source: Source, times: Sequence[datetime], as_of: datetime) -> SourceStatus:
    """Return the status of a source whose figures have these times; what became of its read is filled in later."""
    newest = max(times, default=None)
    age = None if newest is None else (as_of.date() - newest.date()).days
    return SourceStatus(
        source=source.id,
        title=source.title,
        publisher=source.publisher,
        url=source.url,
        lineage=source.lineage,
        state="",
        reason="",
        observed_at=newest,
        oldest_at=min(times, default=None),
        age_days=age,
        max_age_days=source.max_age_days,
        stale=age is not None and age > source.max_age_days,
        excerpt=False,
        offers=0,
        publishes_prices=source.publishes_prices,
    )
