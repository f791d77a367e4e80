"""What changed between two markets: separate axes for prices, for what came and went, and for sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from normalize.agreement import agree
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
from normalize.units import percent_change, plain
from normalize.view import READ

_LARGE_PERCENT = Decimal(5)
"""A list price that moves by more than this is a warning; see docs/design.md."""
_KINDS = list(ChangeKind)
_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def diff_markets(before: Market, after: Market) -> tuple[Change, ...]:
    """Return every difference, those that matter most first: list prices before spot, warnings before the rest.

    A source that could not be read stands in `after` with its last good offers, so none of them is withdrawn. An
    offer that an excerpt leaves out is not withdrawn, and one that an earlier excerpt left out is not added; nor is
    one of a source that had no offers at all. A price that is missing, 0 or quarantined is never a cut: an offer in
    quarantine is for `before` what it was when last it could be used, and for `after` nothing at all.

    Args:
        before: the earlier market.
        after: the later market.
    """
    held_before, held_after = (_in_quarantine(m) for m in (before, after))
    old = {i: o for i, o in offers_before(before).items() if i not in held_after}
    new = {i: o for i, o in _usable(after).items() if i in old or i not in held_before}
    let_out = [_let_out(o, held_before[i]) for i, o in _usable(after).items() if i not in new and _has_price(o)]
    changes = [
        *_source_changes(before, after),
        *_offer_changes(old, new, _complete(before), _complete(after)),
        *let_out,
    ]
    return tuple(sorted(changes, key=_rank))


def offers_before(market: Market) -> dict[Identity, Offer]:
    """Return a market's offers as a later one is compared with them; for one in quarantine its last good one."""
    return {identity_of(o): o for o in market.last_good} | _usable(market)


def _usable(market: Market) -> dict[Identity, Offer]:
    """Return the offers that are not in quarantine.

    What a page prints otherwise in a second place is a conflict, which comes and goes; no offer does.
    """
    return {
        identity_of(o): o for o in market.offers if o.quarantined is None and o.price_basis is not PriceBasis.RESTATED
    }


def _in_quarantine(market: Market) -> dict[Identity, str]:
    return {identity_of(o): o.quarantined for o in market.offers if o.quarantined is not None}


def _let_out(now: Offer, reason: str) -> Change:
    """Return that an offer left quarantine of which no earlier good price is known: it has one now."""
    return _change(ChangeKind.ADDED, None, now, note=f"was in quarantine before: {reason}")


def _rank(change: Change) -> tuple[object, ...]:
    offer = change.offer
    category = None if offer is None else offer.pricing_category
    size = abs(change.percent) if change.percent is not None else Decimal(0)
    name = tuple(str(part or "") for part in identity_of(offer)) if offer else ()
    return (
        category is PricingCategory.SPOT,
        _SEVERITIES.index(change.severity),
        _KINDS.index(change.kind),
        category is PricingCategory.COMMITTED,
        -size,
        change.source,
        name,
    )


def _complete(market: Market) -> set[str]:
    """Return the sources whose leaving something out says that it is not on sale: neither excerpts nor empty."""
    return {s.source for s in market.sources if s.offers and not s.excerpt}


def _source_changes(before: Market, after: Market) -> Iterator[Change]:
    states = {s.source: s for s in before.sources}
    for status in after.sources:
        had = states[status.source].state in READ if status.source in states else False
        has = status.state in READ
        if had == has:
            continue
        kind = ChangeKind.SOURCE_BACK if has else ChangeKind.SOURCE_LOST
        severity = Severity.INFO if has else Severity.WARNING
        yield Change(kind, None, status.source, None, None, None, severity, status.reason, ())


def _offer_changes(
    old: Mapping[Identity, Offer], new: Mapping[Identity, Offer], complete_before: set[str], complete_after: set[str]
) -> Iterator[Change]:
    now_called = _other_cards(old, new)
    # A region of which one read holds nothing was not asked for then: nobody left it, nobody came.
    regions_before, regions_after = ({(o.source, o.region) for o in side.values()} for side in (old, new))
    for identity, was in old.items():
        now = new.get(now_called.get(identity, identity))
        if now is not None:
            yield from _compare(was, now)
        elif _has_price(was) and was.source in complete_after and (was.source, was.region) in regions_after:
            yield _change(ChangeKind.WITHDRAWN, was, None)
    for identity in new.keys() - old.keys() - set(now_called.values()):
        now = new[identity]
        if _has_price(now) and now.source in complete_before and (now.source, now.region) in regions_before:
            yield _change(ChangeKind.ADDED, None, now)


def _other_cards(old: Mapping[Identity, Offer], new: Mapping[Identity, Offer]) -> dict[Identity, Identity]:
    """Return, old to new, the SKUs that stand for another card now: one identity was corrected, none came or went.

    Only where exactly one card left the SKU and one came: two cards may share one name (RunPod's MIG slices).
    """
    gone, come = _by_product(old.keys() - new.keys()), _by_product(new.keys() - old.keys())
    return {left[0]: come[product][0] for product, left in gone.items() if len(left) == len(come.get(product, ())) == 1}


def _by_product(identities: Iterable[Identity]) -> dict[Identity, list[Identity]]:
    """Group identities by all but their last part, the card."""
    products: dict[Identity, list[Identity]] = {}
    for identity in identities:
        products.setdefault(identity[:-1], []).append(identity)
    return products


def _has_price(offer: Offer) -> bool:
    return offer.usd_per_gpu_hour is not None


def _compare(was: Offer, now: Offer) -> Iterator[Change]:
    """Yield the changes of one offer that stands on both sides."""
    if corrections := _corrections(was, now):
        yield _change(ChangeKind.RESPECIFIED, was, now, note="; ".join(corrections))
    if _has_price(now) and not _has_price(was):
        yield _change(ChangeKind.ADDED, was, now, note=f"had no price before: {was.absence}")
    elif _has_price(was) and not _has_price(now):
        yield _change(ChangeKind.WITHDRAWN, was, now, note=now.absence)
    elif was.usd_per_gpu_hour != now.usd_per_gpu_hour and _is_same_measure(was, now):
        yield _change(ChangeKind.REPRICED, was, now)


def _is_same_measure(was: Offer, now: Offer) -> bool:
    """Return whether two prices differ as prices, not because another card, count or unit stands below the line.

    RunPod's page shows one price per hour or per second, at the turn of a switch (seen 2026-09).
    """
    return _is_same_hardware(was, now) and (was.pricing_unit == now.pricing_unit or not agree(was, now))


def _is_same_hardware(was: Offer, now: Offer) -> bool:
    return (was.gpu, was.gpu_count) == (now.gpu, now.gpu_count)


def _corrections(was: Offer, now: Offer) -> list[str]:
    """Return what the specification says otherwise now; a part that one side leaves out is no correction."""
    printed = zip(("name", "count", "memory"), was.gpu_as_printed, now.gpu_as_printed, strict=True)
    words = [f"GPU {part} printed as {old}, now {new}" for part, old, new in printed if old and new and old != new]
    if was.gpu_count != now.gpu_count:
        words.append(f"GPU count {plain(was.gpu_count)}, now {plain(now.gpu_count)}")
    if was.gpu != now.gpu:
        words.append(f"GPU {was.gpu}, now {now.gpu}")
    units = was.pricing_unit != now.pricing_unit
    if was.list_unit_price and now.list_unit_price and (units or not _is_same_hardware(was, now)):
        words.append(f"price {_list_price(was)}, now {_list_price(now)}")
    return words


def _list_price(offer: Offer) -> str:
    return f"{plain(offer.list_unit_price or Decimal(0))} {offer.billing_currency} per {offer.pricing_unit}"


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
        citations=tuple(dict.fromkeys(c for side in (was, now) if side for c in side.citations)),
    )


def _severity(kind: ChangeKind, offer: Offer, percent: Decimal | None) -> Severity:
    """Spot moves every day and an addition is good news; a large move or a withdrawal of a list price matters."""
    if offer.price_basis is not PriceBasis.LIST or offer.pricing_category is PricingCategory.SPOT:
        return Severity.INFO
    if kind is ChangeKind.REPRICED and percent is not None and abs(percent) > _LARGE_PERCENT:
        return Severity.WARNING
    return Severity.WARNING if kind is ChangeKind.WITHDRAWN else Severity.INFO
