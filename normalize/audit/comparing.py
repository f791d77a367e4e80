"""Whether an offer is what a document asks for, and whether its price is what the document prints."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from normalize.agreement import rounding
from normalize.audit.interval import Interval, exactly, printed
from normalize.audit.periods import HOURS, Period
from normalize.audit.questions import Question
from normalize.audit.records import Manner
from normalize.audit.words import AWS, SAGEMAKER
from normalize.records import Offer, PricingCategory
from scrapers.documents.records import Bound, PrintedFigure

_PREFIX = "ml."


def is_asked(offer: Offer, question: Question) -> bool:
    """Tell whether an offer is what a figure is printed as the price of; what is not said fits any."""
    return (
        offer.provider == question.provider
        and is_service(offer, question.service)
        and offer.pricing_category is question.category
        and is_hardware(offer, question)
        and (not question.region or offer.region in {question.region, None})
        and question.cloud in {None, offer.cloud_type}
        and question.months in {None, offer.commitment_months}
    )


def is_service(offer: Offer, service: str) -> bool:
    """Tell whether an offer is of a product; any component of SageMaker is SageMaker, and "" is any product."""
    return service in {"", offer.service} or (service == SAGEMAKER and offer.service.startswith(SAGEMAKER))


def is_hardware(offer: Offer, question: Question) -> bool:
    """Tell whether an offer is of the instance type or the GPUs, and of as many as are asked for."""
    if question.instances:
        return offer.sku.removeprefix(_PREFIX) in question.instances
    fits = offer.gpu in question.gpus
    return fits and (question.count is None or offer.provider != AWS or offer.gpu_count == question.count)


def price_in(offer: Offer, period: Period, *, per_gpu: bool) -> Interval:
    """Return what an offer costs for a period, in USD, with what its own rounding may hide.

    Args:
        offer: with a price.
        period: of a month or a year all lengths count.
        per_gpu: of one GPU, else of the whole SKU.
    """
    assert offer.usd_per_gpu_hour is not None  # noqa: S101  # only priced offers come here
    hidden = rounding(offer)
    one = Interval(offer.usd_per_gpu_hour - hidden, offer.usd_per_gpu_hour + hidden)
    return one * exactly(Decimal(1) if per_gpu else offer.gpu_count) * HOURS[period]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a printed figure is to be read: for which period, of one GPU or of the whole SKU."""

    period: Period
    per_gpu: bool


def manner_of_match(figure: PrintedFigure, offer: Offer, reading: Reading) -> Manner | None:
    """Return in what way an offer's price is the printed figure; None when it is not."""
    price = price_in(offer, reading.period, per_gpu=reading.per_gpu)
    low, high = Decimal(figure.low), Decimal(figure.high)
    if figure.bound is Bound.AT_MOST and price.low <= high:
        return Manner.LIMIT
    if not printed(figure.low, figure.high, approximate=figure.approximate).overlaps(price):
        return None
    if low != high:
        return Manner.RANGE
    if _exact(offer, reading) == low:
        return Manner.EXACT
    within = printed(figure.low, figure.high).overlaps(price)
    return Manner.ROUNDING if within else Manner.APPROXIMATE


def _exact(offer: Offer, reading: Reading) -> Decimal | None:
    """Return the price without rounding where the period has an exact length in hours."""
    if reading.period is not Period.HOUR:
        listed = reading.period == offer.pricing_unit and not reading.per_gpu
        return offer.list_unit_price if listed else None
    assert offer.usd_per_gpu_hour is not None  # noqa: S101  # only priced offers come here
    return offer.usd_per_gpu_hour * (1 if reading.per_gpu else offer.gpu_count)


def is_volatile(question: Question) -> bool:
    """Tell whether a price moves from hour to hour, so that a difference says nothing."""
    return question.category is PricingCategory.SPOT
