"""What a printed number is, and what it is computed from: so that whoever verifies it can compute it again."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from normalize.records import Offer
from normalize.units import percent_change, trim


class Quantity(enum.StrEnum):
    """What a number states of its offers; of two offers the first is the one that 100 % refers to."""

    USD_PER_GPU_HOUR = "usd_per_gpu_hour"
    USD_PER_SKU_HOUR = "usd_per_sku_hour"
    """The price of one hour of the whole SKU: USD per GPU-hour x GPUs."""
    PERCENT_CHANGE = "percent_change"
    """(second - first) / first x 100, of the prices per GPU-hour."""
    PERCENT_APART = "percent_apart"
    """The same without its sign, where words say which is dearer."""
    GPU_COUNT = "gpu_count"
    AGE_DAYS = "age_days"
    """Whole days from the oldest of the offers to the report's date."""


UNITS = {
    Quantity.USD_PER_GPU_HOUR: "USD per GPU-hour",
    Quantity.USD_PER_SKU_HOUR: "USD per hour of the whole SKU",
    Quantity.PERCENT_CHANGE: "percent",
    Quantity.PERCENT_APART: "percent",
    Quantity.GPU_COUNT: "GPUs",
    Quantity.AGE_DAYS: "days",
}


@dataclass(frozen=True, slots=True)
class Computed:
    """A number with what it follows from.

    Attributes:
        quantity: what it states; its unit is in `UNITS`.
        value: exact, before any rounding for print.
        offers: what it is computed from; one, or two for a percentage.
    """

    quantity: Quantity
    value: Decimal
    offers: tuple[Offer, ...]


def usd_per_gpu_hour(offer: Offer) -> Computed:
    """Return an offer's price per GPU-hour.

    Raises:
        ValueError: it has none.
    """
    return Computed(Quantity.USD_PER_GPU_HOUR, _price(offer), (offer,))


def usd_per_sku_hour(offer: Offer) -> Computed:
    """Return what a buyer pays for one hour of the whole SKU.

    Raises:
        ValueError: the offer has no price.
    """
    return Computed(Quantity.USD_PER_SKU_HOUR, _price(offer) * offer.gpu_count, (offer,))


def gpu_count(offer: Offer) -> Computed:
    """Return the GPUs of an offer's SKU."""
    return Computed(Quantity.GPU_COUNT, offer.gpu_count, (offer,))


def percent(first: Offer, second: Offer, *, apart: bool = False) -> Computed:
    """Return how far the price per GPU-hour of the second lies above that of the first, in percent.

    Args:
        first: what 100 % refers to.
        second: the other.
        apart: leave the sign out.

    Raises:
        ValueError: one of them has no price.
    """
    quantity = Quantity.PERCENT_APART if apart else Quantity.PERCENT_CHANGE
    return Computed(quantity, compute(quantity, (first, second), date.min), (first, second))


def age_days(offers: tuple[Offer, ...], on: date) -> Computed:
    """Return how many days before a date the oldest of some offers was observed."""
    return Computed(Quantity.AGE_DAYS, compute(Quantity.AGE_DAYS, offers, on), offers)


def compute(quantity: Quantity, offers: tuple[Offer, ...], on: date) -> Decimal:
    """Return the value of a quantity of some offers.

    Args:
        quantity: what is asked of them.
        offers: one, or two for a percentage.
        on: the report's date, for ages.

    Raises:
        ValueError: an offer has no price, or there are more or fewer offers than the quantity is of.
    """
    if quantity is Quantity.AGE_DAYS:
        return Decimal(max((_day(on) - offer.observed_at.date()).days for offer in offers))
    if quantity in {Quantity.PERCENT_CHANGE, Quantity.PERCENT_APART}:
        first, second = offers
        change = percent_change(_price(first), _price(second))
        return abs(change) if quantity is Quantity.PERCENT_APART else change
    (offer,) = offers
    if quantity is Quantity.GPU_COUNT:
        return offer.gpu_count
    return _price(offer) if quantity is Quantity.USD_PER_GPU_HOUR else trim(_price(offer) * offer.gpu_count)


def _day(on: date) -> date:
    return on.date() if isinstance(on, datetime) else on


def _price(offer: Offer) -> Decimal:
    if offer.usd_per_gpu_hour is None:
        message = f"{offer.sku} has no figure: {offer.absence}"
        raise ValueError(message)
    return offer.usd_per_gpu_hour
