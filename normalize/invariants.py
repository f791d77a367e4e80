"""What must hold between the prices of one market; a price that breaks it is kept, told and not used.

The names, and what each demands, are `normalize.facts_releases.INVARIANTS`. Whatever breaks a rule by itself is found
first; what remains is then held against its neighbours, so that one absurd price drags nobody with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import groupby

from normalize.agreement import agree, place_of, printed_day, trust
from normalize.facts import Facts
from normalize.instance_check import prints_memory_of
from normalize.meaning import INSTANCE_PROVIDERS
from normalize.records import Offer, PriceBasis, PricingCategory
from normalize.units import plain

_MOST_GPUS = 72
"""Of the largest machine that is sold at one price, AWS's u-p6e-gb200x72
(https://aws.amazon.com/ec2/capacityblocks/pricing/)."""
_PARTS = frozenset({Decimal("0.5"), Decimal("0.25"), Decimal("0.125")})
"""Of a GPU: AWS's g6f and gr6f (https://aws.amazon.com/ec2/instance-types/g6/)."""
_SAME_TIME = timedelta(days=31)
"""Figures further apart say nothing about each other: a price may have changed between them."""
_ONE_YEAR, _THREE_YEARS = 12, 36
"""Months."""
_FEWEST_MACHINES = 3
"""Of one or two machines, a spot price may happen to be the on-demand price."""
_CONVERTIBLE_EXCESS = Decimal("1.125")
"""AWS cut p4d in June 2025 but for three convertible years, which have cost up to 10.3 % more than one since, in three
regions (Vantage's feed of 2025-11-30); a mix-up of the two terms would give a third at least."""
_NOT_LEAST = frozenset({PriceBasis.ZONE_MEAN, PriceBasis.ZONE_MAXIMUM})
_NO_FIGURE = frozenset({PriceBasis.ESTIMATE, PriceBasis.STATEMENT, PriceBasis.RESTATED})

Machine = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Violation:
    """An offer that breaks an invariant.

    Attributes:
        offer: the offer.
        invariant: name of what it breaks.
        reason: the figures that say so.
    """

    offer: Offer
    invariant: str
    reason: str


def check_alone(offer: Offer, facts: Facts) -> Iterator[Violation]:
    """Yield what a priced offer breaks by itself: the bounds of its count, its memory, the band of its card."""
    if not (offer.gpu_count in _PARTS or (offer.gpu_count % 1 == 0 and 1 <= offer.gpu_count <= _MOST_GPUS)):
        yield Violation(offer, "count_out_of_bounds", f"{plain(offer.gpu_count)} GPUs")
    instance = facts.instance(offer.sku) if offer.provider in INSTANCE_PROVIDERS else None
    printed = offer.gpu_as_printed[2]
    if instance is not None and printed is not None and not prints_memory_of(printed, instance):
        held = f"{plain(instance.gpu_count)} x {offer.gpu_model} have {plain(instance.gpu_memory_gib)} GiB"
        yield Violation(offer, "memory_mismatch", f"{printed} of GPU memory are printed, {held}")
    band, price = facts.band(offer.gpu), _price(offer)
    if band is not None and not band.floor <= price <= band.ceiling:
        reason = f"{plain(price)} is not between {band.floor:.4f} and {band.ceiling:.4f} USD per GPU-hour"
        yield Violation(offer, "outside_band", reason)


def check_together(offers: Iterable[Offer]) -> Iterator[Violation]:
    """Yield what priced offers of one machine break among each other; those that `check_alone` names are left out."""
    known = sorted((o for o in offers if o.price_basis not in _NO_FIGURE), key=_machine)
    machines = [list(group) for _, group in groupby(known, key=_machine)]
    for machine in machines:
        yield from _check_machine(machine)
    yield from _copied_lists(machines)


def _machine(offer: Offer) -> Machine:
    """Return what spot, on-demand and committed prices may be of."""
    product = (offer.provider, offer.service, offer.sku, offer.gpu)
    return (*product, offer.region or "", offer.operating_system or "", offer.cloud_type or "")


def _check_machine(offers: Sequence[Offer]) -> Iterator[Violation]:
    on_demand = [o for o in offers if _is_on_demand(o)]
    spot = [o for o in offers if o.pricing_category is PricingCategory.SPOT]
    terms = [o for o in offers if o.pricing_category is PricingCategory.COMMITTED]
    yield from _dearer_than_on_demand(spot, on_demand, "spot_above_on_demand", "on_demand_below_spot")
    yield from _dearer_than_on_demand(terms, on_demand, "term_above_on_demand", "on_demand_below_terms")
    yield from _dearer_for_longer(terms, on_demand)


def _dearer_than_on_demand(
    offers: Sequence[Offer], on_demand: Sequence[Offer], broken: str, broken_by_all: str
) -> Iterator[Violation]:
    """Yield the offers above their on-demand price; and that, where all are above it and no other source confirms it.

    An instance type that has no price of its own shows the surcharge of another operating system in its place: Vantage
    prints 0.125 for p5e.48xlarge (vantage-sh/ec2instances.info, seen 2025-11-30).
    """
    pairs = [(offer, partner) for offer in offers if (partner := partner_of(offer, on_demand)) is not None]
    for offer, partner in pairs:
        if _is_above(offer, partner):
            yield Violation(offer, broken, f"{_told(offer)} is above {_told(partner)} on demand")
    for partner in on_demand:
        mine = [offer for offer, other in pairs if other is partner]
        lowest = [offer for offer in mine if offer.price_basis not in _NOT_LEAST]
        confirmed = any(o.source != partner.source and agree(o, partner) for o in on_demand)
        if lowest and not confirmed and all(_is_above(offer, partner) for offer in mine):
            least = min(lowest, key=_price)
            yield Violation(partner, broken_by_all, f"{_told(partner)} is below {_told(least)}, the least of all")


def _dearer_for_longer(terms: Sequence[Offer], on_demand: Sequence[Offer]) -> Iterator[Violation]:
    """Yield three years that cost more per hour than one: both, unless the on-demand price tells which is wrong."""
    years = {(o.source, o.offering_class, o.payment_option, o.commitment_months): o for o in terms}
    for (source, plan, payment, months), short in years.items():
        long = years.get((source, plan, payment, _THREE_YEARS))
        if months != _ONE_YEAR or long is None or not _is_near(short, long) or not _is_above(long, short):
            continue
        if plan == "convertible" and _price(long) <= _price(short) * _CONVERTIBLE_EXCESS:
            continue
        reason = f"{_told(long)} for three years is above {_told(short)} for one"
        partner = partner_of(long, on_demand)
        told_apart = partner is not None and _is_above(long, partner)
        for offer in (long,) if told_apart else (short, long):
            yield Violation(offer, "longer_term_dearer", reason)


def _copied_lists(machines: Iterable[Sequence[Offer]]) -> Iterator[Violation]:
    """Yield the spot prices of a source's region where every one of them is the on-demand price of its machine.

    A request whose parameter is ignored stores on-demand prices as spot.
    """
    lists: dict[tuple[str, str, str | None], list[tuple[Offer, Offer]]] = {}
    for machine in machines:
        on_demand = {o.source: o for o in machine if _is_on_demand(o)}
        for spot in machine:
            if spot.pricing_category is PricingCategory.SPOT and (own := on_demand.get(spot.source)) is not None:
                lists.setdefault((spot.source, spot.service, spot.region), []).append((spot, own))
    for pairs in lists.values():
        skus = {spot.sku for spot, _ in pairs}
        if len(skus) >= _FEWEST_MACHINES and all(_price(spot) == _price(own) for spot, own in pairs):
            reason = f"all {len(pairs)} spot prices of {len(skus)} machines equal their on-demand prices"
            yield from (Violation(spot, "spot_list_is_on_demand_list", reason) for spot, _ in pairs)


def partner_of(offer: Offer, others: Sequence[Offer]) -> Offer | None:
    """Return the figure to hold an offer against: of the same read if there is one, else the most trusted near it."""
    near = [o for o in others if _is_near(o, offer)]
    return min(near, key=lambda o: (not _is_same_read(o, offer), trust(o)), default=None)


def _is_same_read(one: Offer, other: Offer) -> bool:
    return (one.source, one.observed_at) == (other.source, other.observed_at)


def _is_near(one: Offer, other: Offer) -> bool:
    return abs(one.observed_at - other.observed_at) <= _SAME_TIME


def _is_on_demand(offer: Offer) -> bool:
    return offer.pricing_category is PricingCategory.ON_DEMAND and offer.price_basis is PriceBasis.LIST


def _is_above(one: Offer, other: Offer) -> bool:
    return _price(one) > _price(other) and not agree(one, other)


def _price(offer: Offer) -> Decimal:
    assert offer.usd_per_gpu_hour is not None  # noqa: S101  # only priced offers come here
    return offer.usd_per_gpu_hour


def _told(offer: Offer) -> str:
    return f"{plain(_price(offer))} ({place_of(offer)}, {printed_day(offer)})"
