"""Managed products over the machines under them: a ratio of prices outside its usual band is worth a look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from decimal import Decimal

from normalize.agreement import printed_day, trust
from normalize.facts import Facts, Premium
from normalize.records import Finding, Offer, PriceBasis, PricingCategory, Severity
from normalize.units import plain

_MANAGED = "ml."
"""SageMaker's ml.X runs on EC2's X."""
_SAME_SEASON = timedelta(days=92)
"""Price lists change a few times a year; figures further apart say nothing about each other."""

Place = tuple[str, str, str | None]


def find_odd_premiums(offers: Iterable[Offer], facts: Facts) -> Iterator[Finding]:
    """Yield the on-demand prices of managed products that lie unusually far from those of their machines.

    Neither is called wrong: the band of `data/facts/bands.toml` is not AWS's, and either price may have moved first.

    Args:
        offers: with figures that may be used.
        facts: the hand-kept facts.
    """
    managed = {service: premium for premium in facts.premiums for service in premium.services}
    machines: dict[Place, Offer] = {}
    asked: list[tuple[Offer, Premium]] = []
    for offer in sorted(offers, key=trust):
        if offer.pricing_category is not PricingCategory.ON_DEMAND or offer.price_basis is not PriceBasis.LIST:
            continue
        machines.setdefault((offer.service, offer.sku, offer.region), offer)
        if (premium := managed.get(offer.service)) is not None:
            asked.append((offer, premium))
    for offer, premium in asked:
        machine = machines.get((premium.over, offer.sku.removeprefix(_MANAGED), offer.region))
        if machine is not None and abs(machine.observed_at - offer.observed_at) <= _SAME_SEASON:
            yield from _odd(offer, machine, premium)


def _odd(offer: Offer, machine: Offer, premium: Premium) -> Iterator[Finding]:
    ratio = _price(offer) / _price(machine)
    if premium.lowest <= ratio <= premium.highest:
        return
    managed, under = (f"{plain(_price(o))} ({o.source}, {printed_day(o)})" for o in (offer, machine))
    message = (
        f"{offer.service} {offer.sku} in {offer.region}: {managed} is {ratio:.2f} times {under} of {machine.service}; "
        f"usual is {plain(premium.lowest)} to {plain(premium.highest)}, see data/facts/bands.toml"
    )
    cited = offer.citations[0]
    yield Finding("odd_premium", Severity.WARNING, offer.source, f"{cited.sha256[:12]}#{cited.locator}", message)


def _price(offer: Offer) -> Decimal:
    assert offer.usd_per_gpu_hour is not None  # noqa: S101  # only priced offers come here
    return offer.usd_per_gpu_hour
