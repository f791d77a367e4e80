"""Spot prices by zone: what the zones of a region come to, since a buyer asks for a region."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from normalize.records import Identity, Offer, PriceBasis, identity_of
from normalize.units import per_gpu_hour


def join_zones(offers: Sequence[Offer]) -> tuple[Offer, ...]:
    """Return the offers with those of single zones replaced by the lowest, the mean and the highest of their region.

    The lowest and the highest are the offers of their zones, which their machine ids name; the mean over all zones
    cites every one of them. Zones without a usable price do not count; a region of such zones keeps one of them.

    Args:
        offers: of one source.
    """
    zones: dict[tuple[Identity, datetime], list[Offer]] = {}
    kept = []
    for offer in offers:
        if offer.price_basis is PriceBasis.ZONE_QUOTE:
            zones.setdefault((identity_of(offer), offer.observed_at), []).append(offer)
        else:
            kept.append(offer)
    return (*kept, *(joined for group in zones.values() for joined in _join(group)))


def _join(group: Sequence[Offer]) -> Iterator[Offer]:
    priced = [(o.list_unit_price, o) for o in group if o.list_unit_price is not None and o.quarantined is None]
    if not priced:
        yield replace(group[0], price_basis=PriceBasis.ZONE_MINIMUM)
        return
    ordered = sorted(priced, key=lambda pair: pair[0])
    yield replace(ordered[0][1], price_basis=PriceBasis.ZONE_MINIMUM)
    yield replace(
        ordered[0][1],
        price_basis=PriceBasis.ZONE_MEAN,
        sku_id=None,
        list_unit_price=_mean([price for price, _ in priced]),
        usd_per_gpu_hour=_mean([o.usd_per_gpu_hour for _, o in priced if o.usd_per_gpu_hour is not None]),
        citations=tuple(citation for _, offer in priced for citation in offer.citations),
    )
    yield replace(ordered[-1][1], price_basis=PriceBasis.ZONE_MAXIMUM)


def _mean(figures: Sequence[Decimal]) -> Decimal | None:
    """Return the mean of positive figures; None without any, as in a currency that is not converted."""
    return per_gpu_hour(sum(figures, Decimal(0)), Decimal(1), Decimal(len(figures))) if figures else None
