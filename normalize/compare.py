"""Finding the figure that answers a question, and setting two of them side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from normalize.agreement import agree, printed_day, rounding, trust
from normalize.catalogue import listed, whole_list
from normalize.corroborate import find_conflicts
from normalize.meaning import INSTANCE_PROVIDERS
from normalize.records import CatalogueEntry, CloudType, Market, Offer, PriceBasis, PricingCategory
from normalize.units import percent_change
from scrapers.records import Lineage

__all__ = ["Comparison", "Figure", "Want", "agree", "compare", "find_conflicts", "find_figure", "rounding"]

Thing = tuple[str | Decimal | None, ...]
"""What tells one priced thing from another, whoever prints it; see `_thing`."""


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

    Of each SKU only its most trusted figure is looked at: an aggregator's old price never makes a SKU the cheapest.

    Args:
        market: what is known.
        want: the question.
    """
    answers = [o for o in market.priced if _answers(o, want)]
    here = [o for o in answers if o.region in {want.region, None} or want.region is None]
    entry = next((e for e in listed(market, want.provider, want.services) if e.gpu == want.gpu), None)
    if not here:
        return Figure(None, _reason(market, want, answers, entry), entry, elsewhere=tuple(sorted(answers, key=_size)))
    believed: dict[Thing, Offer] = {}
    for offer in sorted(here, key=trust):
        believed.setdefault(_thing(offer), offer)
    best = min(believed.values(), key=lambda o: _buyer_order(o, want))
    others = tuple(o for o in sorted(here, key=trust) if o.source != best.source and _thing(o) == _thing(best))
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


def _thing(offer: Offer) -> Thing:
    """Return what several sources may print one price of; RunPod's name one GPU differently, AWS's SKUs never do."""
    sku = offer.sku if offer.provider in INSTANCE_PROVIDERS else ""
    return (sku, offer.service, offer.cloud_type, offer.price_basis, offer.region, offer.gpu_count)


def _reason(market: Market, want: Want, elsewhere: Sequence[Offer], entry: CatalogueEntry | None) -> str:
    """Return why there is no figure, from what is known for certain to what is only missing."""
    empty = sorted((o for o in market.offers if _answers(o, want)), key=trust)
    unpriced = [o for o in empty if o.usd_per_gpu_hour is None or o.quarantined is not None]
    here = [o for o in unpriced if want.region is None or o.region in {want.region, None}]
    if here:
        return _why_unpriced(here[0])
    if elsewhere:
        return f"no figure in {want.region}"
    dated = [e.observed_at for e in whole_list(market, want.provider)]
    sold = any(o.provider == want.provider and o.gpu == want.gpu for o in market.priced)
    if dated and entry is None and not sold:
        return f"not offered: not in {want.provider}'s list of GPU types of {max(dated):%Y-%m-%d}"
    if unpriced:
        return f"no figure in {want.region}; in {unpriced[0].region}: {_why_unpriced(unpriced[0])}"
    return _not_among(market, want) or "no dated figure in the store"


def _why_unpriced(offer: Offer) -> str:
    return offer.absence if offer.quarantined is None else f"quarantined: {offer.quarantined}"


def _not_among(market: Market, want: Want) -> str:
    """Return that a whole read does not name the GPU, and which read says so; "" without a whole read."""
    whole = {s.source for s in market.sources if not s.excerpt}
    priced = [o for o in market.priced if o.source in whole and _sells_like(o, want)]
    if not priced:
        return ""
    believed = min(priced, key=trust)
    whose = "" if believed.lineage is Lineage.FIRST_PARTY else f", according to {believed.source}"
    return f"not among the GPUs that {want.provider} {believed.service} prices on {printed_day(believed)}{whose}"


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
