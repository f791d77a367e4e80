"""What changed between two markets: separate axes for prices, for what came and went, and for sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from normalize.records import (
    Change,
    ChangeKind,
    Identity,
    Market,
    Offer,
    PriceBasis,
    PricingCategory,
    Severity,
    identity_of,
)
from normalize.units import percent_change

_LARGE_PERCENT = Decimal(5)
"""A list price that moves by more than this is a warning; see docs/design.md."""
_ORDER = list(ChangeKind)


def diff_markets(before: Market, after: Market) -> tuple[Change, ...]:
    """Return every difference, those that matter most first.

    A source that gave nothing new in `after` is compared as a source: its offers are neither withdrawn nor repriced.
    An offer that an excerpt leaves out is not withdrawn, and one that an earlier excerpt left out is not added. A price
    that is missing, 0 or quarantined is never a cut.

    Args:
        before: the earlier market.
        after: the later market.
    """
    old, new = ({identity_of(o): o for o in m.offers if o.quarantined is None} for m in (before, after))
    changes = [*_source_changes(before, after), *_offer_changes(old, new, _partial(before), _silent(after))]
    return tuple(sorted(changes, key=_rank))


def _rank(change: Change) -> tuple[object, ...]:
    offer = change.offer
    spot = offer is not None and offer.pricing_category is PricingCategory.SPOT
    size = abs(change.percent) if change.percent is not None else Decimal(0)
    name = tuple(str(part or "") for part in identity_of(offer)) if offer else ()
    return (spot, _ORDER.index(change.kind), -size, change.source, name)


def _silent(market: Market) -> set[str]:
    """Return the sources whose leaving something out says nothing: excerpts, and those without new captures."""
    return {s.source for s in market.sources if s.excerpt or s.state not in {"fresh", "unchanged"}}


def _partial(market: Market) -> set[str]:
    """Return the sources in which something may have been on sale unseen: excerpts, and those without any offer."""
    return {s.source for s in market.sources if s.excerpt or not s.offers}


def _source_changes(before: Market, after: Market) -> Iterator[Change]:
    states = {s.source: s for s in before.sources}
    for status in after.sources:
        had = states[status.source].state in {"fresh", "unchanged"} if status.source in states else False
        has = status.state in {"fresh", "unchanged"}
        if had == has:
            continue
        kind = ChangeKind.SOURCE_BACK if has else ChangeKind.SOURCE_LOST
        severity = Severity.INFO if has else Severity.WARNING
        yield Change(kind, None, status.source, None, None, None, severity, status.reason, ())


def _offer_changes(
    old: Mapping[Identity, Offer], new: Mapping[Identity, Offer], partial_before: set[str], silent_after: set[str]
) -> Iterator[Change]:
    for identity in dict.fromkeys([*old, *new]):
        was, now = old.get(identity), new.get(identity)
        if was is not None and now is not None:
            yield from _compare(was, now)
        elif now is not None and now.list_unit_price is not None and now.source not in partial_before:
            yield _change(ChangeKind.ADDED, None, now)
        elif was is not None and was.list_unit_price is not None and was.source not in silent_after:
            yield _change(ChangeKind.WITHDRAWN, was, None)


def _compare(was: Offer, now: Offer) -> Iterator[Change]:
    """Yield the changes of one offer that stands on both sides."""
    if corrections := _corrections(was, now):
        yield _change(ChangeKind.RESPECIFIED, was, now, note="; ".join(corrections))
    if was.list_unit_price is None and now.list_unit_price is not None:
        yield _change(ChangeKind.ADDED, was, now, note=f"had no price before: {was.absence}")
    elif was.list_unit_price is not None and now.list_unit_price is None:
        yield _change(ChangeKind.WITHDRAWN, was, now, note=now.absence)
    elif was.list_unit_price != now.list_unit_price and was.usd_per_gpu_hour != now.usd_per_gpu_hour:
        yield _change(ChangeKind.REPRICED, was, now)


def _corrections(was: Offer, now: Offer) -> list[str]:
    """Return what the specification says otherwise now; a part that one side leaves out is no correction."""
    printed = zip(("name", "count", "memory"), was.gpu_as_printed, now.gpu_as_printed, strict=True)
    words = [f"GPU {part} printed as {old}, now {new}" for part, old, new in printed if old and new and old != new]
    if was.gpu_count != now.gpu_count:
        words.append(f"GPU count {was.gpu_count}, now {now.gpu_count}")
    return words


def _change(kind: ChangeKind, was: Offer | None, now: Offer | None, *, note: str = "") -> Change:
    offer = now or was
    assert offer is not None  # noqa: S101  # one side is always given
    before, after = (side.usd_per_gpu_hour if side else None for side in (was, now))
    percent = None
    if kind is ChangeKind.REPRICED and before is not None and after is not None:
        percent = percent_change(before, after)
    return Change(
        kind=kind,
        offer=offer,
        source=offer.source,
        before=before,
        after=after,
        percent=percent,
        severity=_severity(kind, offer, percent),
        note=note,
        citations=tuple(c for side in (was, now) if side for c in side.citations),
    )


def _severity(kind: ChangeKind, offer: Offer, percent: Decimal | None) -> Severity:
    """Spot moves every day and an addition is good news; a large move or a withdrawal of a list price matters."""
    if offer.price_basis is not PriceBasis.LIST or offer.pricing_category is PricingCategory.SPOT:
        return Severity.INFO
    if kind is ChangeKind.REPRICED and percent is not None and abs(percent) > _LARGE_PERCENT:
        return Severity.WARNING
    return Severity.WARNING if kind is ChangeKind.WITHDRAWN else Severity.INFO
