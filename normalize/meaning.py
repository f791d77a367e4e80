"""What a listing's words mean: kind of price, hardware, amount and unit; or why that cannot be told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from normalize.facts import Facts, Gpu
from normalize.records import CloudType
from normalize.units import effective_hourly, read_number, read_price
from normalize.vocabulary import CLOUDS, SERVICES, TERMS, Terms
from scrapers.records import Listing

INSTANCE_PROVIDERS = frozenset({"AWS"})
"""Providers whose SKU is an instance type: the GPU comes from our facts, never from the source's label."""
_QUANTITY = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*(?:GB|GiB)?")


class NotTakenError(Exception):
    """A listing that cannot become an offer; carries the kind and the message of the finding."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


@dataclass(frozen=True, slots=True)
class Hardware:
    """What a SKU is made of: the GPUs it may be (one when certain) and how many."""

    gpus: tuple[Gpu, ...]
    count: Decimal


def read_terms(listing: Listing) -> tuple[Terms, CloudType | None]:
    """Return what the source's words for kind, product and cloud mean.

    Raises:
        NotTakenError: one of them is not in the vocabulary.
    """
    key = (listing.source, listing.terms)
    if key not in TERMS:
        raise _unknown("unknown_terms", f"kind of price {listing.terms!r}")
    if listing.service not in SERVICES:
        raise _unknown("unknown_service", f"product {listing.service!r}")
    if listing.cloud is not None and listing.cloud not in CLOUDS:
        raise _unknown("unknown_cloud", f"cloud {listing.cloud!r}")
    return TERMS[key], None if listing.cloud is None else CLOUDS[listing.cloud]


def _unknown(kind: str, what: str) -> NotTakenError:
    return NotTakenError(kind, f"unknown {what}; add it to normalize/vocabulary.py")


def read_hardware(listing: Listing, on: date, facts: Facts) -> Hardware:
    """Return the GPUs of a SKU: by instance type where the provider has them, else by the printed name.

    Args:
        listing: the listing.
        on: the day it was read: some labels moved from one card to another.
        facts: the hand-kept facts.

    Raises:
        NotTakenError: the facts do not hold it, or the listing does not say enough to tell.
    """
    if listing.provider not in INSTANCE_PROVIDERS:
        return _named_hardware(listing, on, facts)
    instance = facts.instance(listing.sku)
    if instance is None:
        message = (
            f"unknown instance type {listing.sku!r}; add it to data/facts/instances.toml, "
            "as [[instance]], or its family as [[not_gpu]]"
        )
        raise NotTakenError("unknown_instance", message)
    return Hardware((facts.gpu(instance.gpu),), instance.gpu_count)


def _named_hardware(listing: Listing, on: date, facts: Facts) -> Hardware:
    name = listing.gpu_name or listing.sku
    count = _number(listing.gpu_count, "GPU count")
    if not count:
        message = f"{name!r} states no number of GPUs (found {listing.gpu_count!r})"
        raise NotTakenError("unknown_count", message)
    memory = _number(listing.gpu_memory, "GPU memory")
    return Hardware(_named_gpus(listing, name, memory, on, facts), count)


def _named_gpus(listing: Listing, name: str, memory: Decimal | None, on: date, facts: Facts) -> tuple[Gpu, ...]:
    """Return the card of a name, or all cards of a group; a name of several cards is not guessed at."""
    gpus = facts.gpus_named(listing.provider, listing.service, name, memory, on=on)
    seller = f"{listing.provider} {listing.service}"
    if not gpus:
        size = f" with {listing.gpu_memory}" if listing.gpu_memory else ""
        message = f"unknown GPU {name!r}{size} of {seller}; add it to data/facts/gpus.toml"
        raise NotTakenError("unknown_gpu", message)
    if len(gpus) > 1 and facts.pool(listing.provider, listing.service, name) is None:
        cards = " or ".join(gpu.id for gpu in gpus)
        message = f"GPU {name!r} of {seller} may be {cards}; what is printed does not tell, see data/facts/gpus.toml"
        raise NotTakenError("ambiguous_gpu", message)
    return gpus


def _number(text: str | None, what: str) -> Decimal | None:
    """Return the number of a printed quantity such as ``8`` or ``80 GB``; None when nothing is printed."""
    if text is None or not text.strip():
        return None
    found = _QUANTITY.fullmatch(text.strip())
    if found is None:
        raise NotTakenError("unreadable_number", f"{what} {text!r} is not a number")
    return Decimal(found[1])


@dataclass(frozen=True, slots=True)
class Amount:
    """What a SKU costs, in the currency of its listing.

    Attributes:
        price: of one unit; with an upfront fee, the effective price of one hour.
        upfront_fee: paid once at the start of the term; None without one.
    """

    price: Decimal | None
    upfront_fee: Decimal | None = None


def read_amount(listing: Listing, terms: Terms) -> Amount:
    """Return the printed price, an upfront fee spread over the term; without a price where the listing says why.

    Raises:
        NotTakenError: it is no price, or the listing says neither price nor reason, or both.
    """
    if (listing.price_text is None) != bool(listing.absence):
        found = "neither" if listing.price_text is None else f"{listing.price_text!r} and {listing.absence!r}"
        message = f"{listing.sku}: looked for a price, or why there is none; found {found}"
        raise NotTakenError("no_reason", message)
    if listing.price_text is None:
        return Amount(None)
    try:
        if listing.upfront_text is None:
            return Amount(read_price(listing.price_text))
        upfront = read_number(listing.upfront_text)
        hourly = read_number(listing.price_text)
        return Amount(effective_hourly(hourly, upfront, terms.commitment_months or 0), upfront)
    except ValueError as exc:
        raise NotTakenError("bad_price", f"{listing.sku}: {exc}; not published") from exc


def read_period(listing: Listing, facts: Facts) -> tuple[str, Decimal]:
    """Return the period that a unit word names, and how many of it make an hour.

    Raises:
        NotTakenError: the word is unknown, or has no hourly meaning.
    """
    unit = facts.unit(listing.unit)
    if unit is None:
        raise NotTakenError("unknown_unit", f"unknown unit {listing.unit!r}; add it to data/facts/units.toml")
    if unit.periods_per_hour is None:
        message = f"no hourly price: the unit {listing.unit!r} is {unit.period} in data/facts/units.toml"
        raise NotTakenError("not_hourly", message)
    return unit.period, unit.periods_per_hour


def count_doubt(listing: Listing, hardware: Hardware) -> str:
    """Return what to say when a source prints another number of GPUs than our facts hold; "" when they agree."""
    printed = listing.gpu_count
    if listing.provider not in INSTANCE_PROVIDERS or printed is None:
        return ""
    number = _QUANTITY.fullmatch(printed)
    if number is not None and Decimal(number[1]) == hardware.count:
        return ""
    return (
        f"{listing.sku}: {listing.source} prints {printed} GPUs, data/facts/instances.toml holds {hardware.count}; "
        "the facts are used"
    )
