"""Finding the figure that answers a question, and setting two of them side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, groupby

from normalize.records import (
    CatalogueEntry,
    CloudType,
    Finding,
    Market,
    Offer,
    PriceBasis,
    PricingCategory,
    Severity,
)
from normalize.units import percent_change, plain
from scrapers.records import Lineage

_SOURCE_ORDER = ("runpod-pricing", "runpod-graphql", "runpod-docs")
"""Of two first-party sources the pricing page is preferred: it is what the vendor points to."""


@dataclass(frozen=True, slots=True)
class Want:
    """A question for one figure.

    Attributes:
        provider: who sells it.
        services: products that answer it, the preferred first.
        category: how it is sold.
        bases: price bases that answer it, the preferred first.
        gpu: canonical id of the GPU.
        region: region code; an offer without a stated region answers too, after those that state it.
        cloud_type: only this kind of host; None takes any.
        sku: only this SKU; None takes any.
    """

    provider: str
    services: tuple[str, ...]
    category: PricingCategory
    gpu: str
    region: str | None = None
    bases: tuple[PriceBasis, ...] = (PriceBasis.LIST,)
    cloud_type: CloudType | None = None
    sku: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """The answer to a `Want`.

    Attributes:
        offer: the best answer; None when there is none.
        reason: why there is none, or "".
        entry: the provider's catalogue entry of the GPU, when it has one.
        others: the same thing as other sources print it.
        elsewhere: the same GPU at the same terms in other regions, when there is no answer.
    """

    offer: Offer | None
    reason: str = ""
    entry: CatalogueEntry | None = None
    others: tuple[Offer, ...] = ()
    elsewhere: tuple[Offer, ...] = ()


def find_figure(market: Market, want: Want) -> Figure:
    """Return the best answer: a whole single GPU before a node, the smallest SKU, the seller before an aggregator.

    Args:
        market: what is known.
        want: the question.
    """
    answers = [o for o in market.priced if _answers(o, want)]
    here = [o for o in answers if o.region in {want.region, None} or want.region is None]
    entry = next((e for e in market.catalogue if (e.provider, e.gpu) == (want.provider, want.gpu)), None)
    if not here:
        return Figure(None, _reason(market, want, answers, entry), entry, elsewhere=tuple(sorted(answers, key=_size)))
    smallest = min(here, key=lambda o: _buyer_order(o, want))
    best = min((o for o in here if _same_thing(o, smallest)), key=_trust)
    others = tuple(o for o in here if o.source != best.source and _same_thing(o, best))
    return Figure(best, "", entry, others)


def _answers(offer: Offer, want: Want) -> bool:
    return (
        offer.provider == want.provider
        and offer.service in want.services
        and offer.pricing_category is want.category
        and offer.price_basis in want.bases
        and offer.gpu == want.gpu
        and want.cloud_type in {None, offer.cloud_type}
        and want.sku in {None, offer.sku}
    )


def _size(offer: Offer) -> tuple[bool, Decimal, Decimal]:
    """Order SKUs as a buyer of one GPU looks at them: whole GPUs first, then few, then cheap."""
    assert offer.usd_per_gpu_hour is not None  # noqa: S101  # only priced offers come here
    return (offer.gpu_count < 1, offer.gpu_count, offer.usd_per_gpu_hour)


def _buyer_order(offer: Offer, want: Want) -> tuple[object, ...]:
    """Order answers as a buyer does: the preferred product, one whole GPU, the cheapest size."""
    return (
        want.services.index(offer.service),
        want.bases.index(offer.price_basis),
        *_size(offer)[:2],
        offer.region is None,
        offer.usd_per_gpu_hour,
        offer.sku,
    )


def _trust(offer: Offer) -> tuple[object, ...]:
    """Order what several sources say of one thing: the seller, then the page it points to, then the newest."""
    rank = _SOURCE_ORDER.index(offer.source) if offer.source in _SOURCE_ORDER else 0
    return (offer.lineage is not Lineage.FIRST_PARTY, rank, -offer.observed_at.timestamp(), offer.sku)


def _same_thing(one: Offer, other: Offer) -> bool:
    """Return whether two offers are one thing; RunPod's sources name one GPU differently, AWS's SKUs never."""
    if one.provider == "AWS" and one.sku != other.sku:
        return False
    return (one.service, one.cloud_type, one.price_basis, one.region, one.gpu_count) == (
        other.service,
        other.cloud_type,
        other.price_basis,
        other.region,
        other.gpu_count,
    )


def _reason(market: Market, want: Want, elsewhere: Sequence[Offer], entry: CatalogueEntry | None) -> str:
    """Return why there is no figure, from what is known for certain to what is only missing."""
    absent = next((o.absence for o in market.offers if _answers(o, want) and o.usd_per_gpu_hour is None), "")
    if elsewhere:
        return f"no figure in {want.region}"
    if absent:
        return absent
    listed = [e.observed_at for e in market.catalogue if e.provider == want.provider]
    sold = any(o.provider == want.provider and o.gpu == want.gpu for o in market.priced)
    if listed and entry is None and not sold:
        return f"not offered: not in {want.provider}'s list of GPU types of {max(listed):%Y-%m-%d}"
    whole = {s.source for s in market.sources if not s.excerpt}
    priced = [o for o in market.priced if o.source in whole and _sells_like(o, want)]
    if priced:
        newest = max(o.observed_at for o in priced)
        return f"not among the GPUs that {want.provider} {priced[0].service} prices on {newest:%Y-%m-%d}"
    return "no dated figure in the store"


def _sells_like(offer: Offer, want: Want) -> bool:
    """Return whether an offer is of the product that was asked for, whatever its GPU."""
    sold = (offer.provider, offer.pricing_category) == (want.provider, want.category)
    return sold and offer.service in want.services


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two figures side by side.

    Attributes:
        gpu: canonical id.
        left: the figure that 100 % refers to.
        right: the other.
        delta_percent: (right - left) / left x 100 of the prices per GPU-hour; None when one is missing.
        whole_node: GPUs that must be bought at once on the right when that is more than on the left; else None.
    """

    gpu: str
    left: Figure
    right: Figure
    delta_percent: Decimal | None
    whole_node: Decimal | None


def compare(market: Market, left: Want, right: Want) -> Comparison:
    """Return the two figures and how far the right one lies above the left one.

    The delta is the deliverable's: (AWS - RunPod) / RunPod, so 2.61 against 1.90 is +37 %.
    """
    one, other = find_figure(market, left), find_figure(market, right)
    delta, node = None, None
    if one.offer and other.offer and one.offer.usd_per_gpu_hour and other.offer.usd_per_gpu_hour:
        delta = percent_change(one.offer.usd_per_gpu_hour, other.offer.usd_per_gpu_hour)
        node = other.offer.gpu_count if other.offer.gpu_count > one.offer.gpu_count else None
    return Comparison(left.gpu, one, other, delta, node)


def rounding(offer: Offer) -> Decimal:
    """Return half a unit of the last printed digit, in USD per GPU-hour: what rounding alone may hide."""
    assert offer.list_unit_price is not None  # noqa: S101  # only priced offers come here
    assert offer.usd_per_gpu_hour is not None  # noqa: S101
    exponent = offer.list_unit_price.as_tuple().exponent
    half = Decimal(5).scaleb(int(exponent) - 1)
    return half * offer.usd_per_gpu_hour / offer.list_unit_price


def agree(one: Offer, other: Offer) -> bool:
    """Return whether two figures differ by no more than their printed digits round."""
    assert one.usd_per_gpu_hour is not None  # noqa: S101  # only priced offers come here
    assert other.usd_per_gpu_hour is not None  # noqa: S101
    return abs(one.usd_per_gpu_hour - other.usd_per_gpu_hour) <= rounding(one) + rounding(other)


def find_conflicts(market: Market) -> tuple[Finding, ...]:
    """Return every pair of sources that print different list prices of one offer, beyond rounding."""
    listed = [o for o in market.priced if o.price_basis is PriceBasis.LIST]
    groups = groupby(sorted(listed, key=_conflict_key), key=_conflict_key)
    found = (_conflict(one, other) for _, group in groups for one, other in _pairs(list(group)))
    return tuple(dict.fromkeys(found))


def _conflict_key(offer: Offer) -> tuple[str, ...]:
    parts = (
        offer.provider,
        offer.service,
        offer.sku if offer.provider == "AWS" else offer.gpu,
        offer.region,
        offer.operating_system,
        offer.pricing_category,
        offer.cloud_type,
        offer.commitment_months,
        offer.payment_option,
        offer.offering_class,
    )
    return tuple(str(part or "") for part in parts)


def _pairs(offers: Sequence[Offer]) -> Iterator[tuple[Offer, Offer]]:
    for one, other in combinations(offers, 2):
        if one.source != other.source and not agree(one, other):
            yield one, other


def _conflict(one: Offer, other: Offer) -> Finding:
    where = "" if one.region is None else f" in {one.region}"
    cloud = "" if one.cloud_type is None else f" {one.cloud_type}"
    both = " against ".join(
        f"{plain(o.usd_per_gpu_hour or Decimal(0))} ({o.source}, {o.observed_at:%Y-%m-%d}, {o.sku})"
        for o in (one, other)
    )
    subject = f"{one.provider} {one.service}{cloud} {one.pricing_category} {one.gpu}{where}"
    return Finding("conflict", Severity.WARNING, one.source, subject, f"{subject}: {both} USD per GPU-hour")
