"""Whether a seller offers a GPU, and how many at a time: derived from prices and lists, never typed in."""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from normalize.catalogue import listed, whole_list
from normalize.facts import Facts
from normalize.meaning import INSTANCE_PROVIDERS
from normalize.records import CatalogueEntry, Market, Offer, PricingCategory


class Supply(enum.StrEnum):
    """How a GPU can be had of a seller."""

    SINGLE = "single"
    """One GPU has a price."""
    SEVERAL = "several"
    """Only sizes with more than one GPU have a price."""
    PART = "part"
    """Only a part of a GPU has a price."""
    LISTED = "listed"
    """The seller's own list names it; no price is known."""
    NOT_LISTED = "not_listed"
    """The seller's own list, which leaves nothing out, does not name it."""
    UNKNOWN = "unknown"
    """Neither prices nor lists say anything."""


@dataclass(frozen=True, slots=True)
class Availability:
    """How a GPU can be had of a seller at the market's date, and what says so.

    Attributes:
        supply: how.
        offer: the size that is nearest to one GPU, the cheapest of them; None without a price.
        certain: whether no smaller size can have been left out: the offer is one GPU, its source was read whole, or no
            smaller instance type with that GPU is known.
        entry: of the seller's list: the GPU's own, or the newest one of a list without it; else None.
    """

    supply: Supply
    offer: Offer | None = None
    certain: bool = True
    entry: CatalogueEntry | None = None


def find_availability(  # noqa: PLR0913  # what is known, of whom, how it is sold, and of what
    market: Market,
    facts: Facts,
    provider: str,
    services: Sequence[str],
    *,
    category: PricingCategory,
    gpus: Collection[str],
) -> Availability:
    """Return how any of some GPUs can be had of a seller.

    Args:
        market: what is known at a date.
        facts: the hand-kept facts; they know which instance types there are.
        provider: the seller.
        services: its products.
        category: how they are sold.
        gpus: canonical ids; the cards that a reader takes for one.
    """
    offers = [o for o in market.priced if o.gpu in gpus and o.provider == provider and o.service in services]
    offers = [o for o in offers if o.pricing_category is category]
    if offers:
        best = min(offers, key=lambda o: (o.gpu_count < 1, o.gpu_count, o.usd_per_gpu_hour or Decimal(0)))
        return Availability(_supply_of(best), best, _is_certain(best, market, facts, gpus))
    entries = listed(market, provider, services)
    if named := [entry for entry in entries if entry.gpu in gpus]:
        return Availability(Supply.LISTED, entry=named[0])
    if everything := whole_list(market, provider):
        return Availability(Supply.NOT_LISTED, entry=max(everything, key=lambda entry: entry.observed_at))
    return Availability(Supply.UNKNOWN)


def _supply_of(offer: Offer) -> Supply:
    if offer.gpu_count == 1:
        return Supply.SINGLE
    return Supply.SEVERAL if offer.gpu_count > 1 else Supply.PART


def _is_certain(offer: Offer, market: Market, facts: Facts, gpus: Collection[str]) -> bool:
    """Return whether no size nearer to one GPU can have been left out; SageMaker's types run on those of EC2."""
    excerpt = any(status.source == offer.source and status.excerpt for status in market.sources)
    if offer.gpu_count == 1 or not excerpt:
        return True
    counts = [instance.gpu_count for instance in facts.instances if instance.gpu in gpus]
    return offer.provider in INSTANCE_PROVIDERS and offer.gpu_count > 1 and min(counts) == offer.gpu_count
