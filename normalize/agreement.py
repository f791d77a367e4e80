"""What several sources say of one offer: which of them is believed, and where they disagree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import combinations, groupby

from normalize.meaning import INSTANCE_PROVIDERS
from normalize.records import Finding, Market, Offer, PriceBasis, Severity
from normalize.units import plain
from scrapers.records import DatePrecision, Lineage

_SOURCE_ORDER = ("runpod-pricing", "runpod-graphql", "runpod-docs")
"""Of two first-party sources the pricing page is preferred: it is what the vendor points to."""
_FEWEST_DECIMALS = 2


def trust(offer: Offer) -> tuple[object, ...]:
    """Order what several sources say of one thing: the seller, the page it points to, the newest, the cheapest."""
    rank = _SOURCE_ORDER.index(offer.source) if offer.source in _SOURCE_ORDER else 0
    price = offer.usd_per_gpu_hour or Decimal(0)
    return (offer.lineage is not Lineage.FIRST_PARTY, rank, -offer.observed_at.timestamp(), price, offer.sku)


def rounding(offer: Offer) -> Decimal:
    """Return half a unit of the last printed digit, in USD per GPU-hour: what rounding alone may hide.

    A price is taken to be printed to the cent at least: JSON's 3.3 is 3.30, and 2 is not anything from 1.5 to 2.5.
    """
    assert offer.list_unit_price is not None  # noqa: S101  # only priced offers come here
    assert offer.usd_per_gpu_hour is not None  # noqa: S101
    decimals = max(-int(offer.list_unit_price.as_tuple().exponent), _FEWEST_DECIMALS)
    half = Decimal(5).scaleb(-decimals - 1)
    return half * offer.usd_per_gpu_hour / offer.list_unit_price


def agree(one: Offer, other: Offer) -> bool:
    """Return whether rounding explains the difference of two figures; a whole last digit apart, it does not."""
    assert one.usd_per_gpu_hour is not None  # noqa: S101  # only priced offers come here
    assert other.usd_per_gpu_hour is not None  # noqa: S101
    return abs(one.usd_per_gpu_hour - other.usd_per_gpu_hour) < rounding(one) + rounding(other)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sources that print different prices of one offer.

    Attributes:
        one: what the source says that is believed.
        other: what the other says.
        gpus: canonical ids of the cards concerned; several where both price a pool.
    """

    one: Offer
    other: Offer
    gpus: tuple[str, ...]

    @property
    def subject(self) -> str:
        """Return what is disputed: provider, product, kind of price, cards, region."""
        one = self.one
        where = "" if one.region is None else f" in {one.region}"
        cloud = "" if one.cloud_type is None else f" {one.cloud_type}"
        return f"{one.provider} {one.service}{cloud} {one.pricing_category} {' '.join(self.gpus)}{where}"

    @property
    def finding(self) -> Finding:
        """Return the conflict as a finding with both figures, sources and dates."""
        both = " against ".join(
            f"{plain(o.usd_per_gpu_hour or Decimal(0))} ({o.source}, {printed_day(o)}, {o.sku})"
            for o in (self.one, self.other)
        )
        message = f"{self.subject}: {both} USD per GPU-hour"
        return Finding("conflict", Severity.WARNING, self.one.source, self.subject, message)


def find_conflicts(market: Market) -> tuple[Conflict, ...]:
    """Return every pair of sources that print different list prices of one offer, beyond rounding.

    Each source speaks with its newest figure; the figures may still be months apart, so a message dates both. The
    members of a pool that two sources price differently are one conflict.
    """
    listed = [o for o in market.priced if o.price_basis is PriceBasis.LIST]
    groups = groupby(sorted(listed, key=_conflict_key), key=_conflict_key)
    pairs: dict[tuple[str, ...], list[tuple[Offer, Offer]]] = {}
    for key, group in groups:
        for one, other in _pairs(_newest_of_each_source(group)):
            named = (*key[:2], *key[3:], one.source, one.sku, other.source, other.sku)
            pairs.setdefault(named, []).append((one, other))
    return tuple(Conflict(*found[0], tuple(one.gpu for one, _ in found)) for found in pairs.values())


def _conflict_key(offer: Offer) -> tuple[str, ...]:
    parts = (
        offer.provider,
        offer.service,
        offer.sku if offer.provider in INSTANCE_PROVIDERS else offer.gpu,
        offer.region,
        offer.operating_system,
        offer.pricing_category,
        offer.cloud_type,
        offer.commitment_months,
        offer.payment_option,
        offer.offering_class,
    )
    return tuple(str(part or "") for part in parts)


def _newest_of_each_source(offers: Iterable[Offer]) -> list[Offer]:
    """Return each source's offers of its newest time, the most trusted source first: excerpts keep older labels."""
    newest: dict[str, datetime] = {}
    found = sorted(offers, key=trust)
    for offer in found:
        newest[offer.source] = max(offer.observed_at, newest.get(offer.source, offer.observed_at))
    return [o for o in found if o.observed_at == newest[o.source]]


def _pairs(offers: Sequence[Offer]) -> Iterator[tuple[Offer, Offer]]:
    for one, other in combinations(offers, 2):
        if one.source != other.source and not agree(one, other):
            yield one, other


def printed_day(offer: Offer) -> str:
    """Return when an offer was observed, no more exactly than that is known."""
    return (
        f"{offer.observed_at:%Y-%m}" if offer.date_precision is DatePrecision.MONTH else f"{offer.observed_at:%Y-%m-%d}"
    )
