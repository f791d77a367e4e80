"""Offers, questions and dates in the words of a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal

from normalize.agreement import printed_day
from normalize.audit.comparing import Reading
from normalize.audit.known_offers import KnownOffers
from normalize.audit.periods import HOURS, Period
from normalize.audit.questions import Question
from normalize.records import Offer, PriceBasis
from normalize.units import plain, trim

_MONTH_DAYS = 62
_BASIS = {
    PriceBasis.ZONE_MINIMUM: "lowest zone",
    PriceBasis.ZONE_MEAN: "mean over zones",
    PriceBasis.ZONE_MAXIMUM: "highest zone",
    PriceBasis.MEAN_OF_QUOTES: "mean of quotes",
    PriceBasis.REGION_QUOTE: "quote for the region",
}


def subject_of(question: Question) -> str:
    """Return what a figure was read as the price of, e.g. ``RunPod Pods, L40S (48 GB), on-demand``."""
    memory = f" ({plain(question.memory_gib)} GB)" if question.memory_gib and question.gpu_text else ""
    count = f"{question.count} × " if question.count and question.count > 1 else ""
    parts = [
        f"{question.provider} {question.service}".strip() or "seller not said",
        question.instance_text,
        f"{count}{question.gpu_text}{memory}" if question.gpu_text else "",
        str(question.cloud or ""),
        str(question.category or "").replace("_", "-"),
        f"{question.months} months" if question.months else "",
        question.region,
    ]
    return ", ".join(part for part in parts if part)


def name_of(offer: Offer) -> str:
    """Return what an offer is the price of, e.g. ``RunPod Serverless L40, L40S, 6000 Ada PRO (active)``."""
    parts = [
        offer.region or "",
        str(offer.cloud_type or ""),
        offer.pricing_category.replace("_", "-"),
        f"{offer.commitment_months} months" if offer.commitment_months else "",
        _BASIS.get(offer.price_basis, ""),
    ]
    return f"{offer.provider} {offer.service} {offer.sku} ({', '.join(part for part in parts if part)})"


def price_of(offer: Offer, reading: Reading) -> str:
    """Return an offer's price for a period, e.g. ``1.332 USD per hour``; of a second to eight decimals."""
    assert offer.usd_per_gpu_hour is not None  # noqa: S101  # only priced offers come here
    hourly = offer.usd_per_gpu_hour * (1 if reading.per_gpu else offer.gpu_count)
    amount = hourly * (730 if reading.period is Period.MONTH else HOURS[reading.period].high)
    places = Decimal("1E-8") if reading.period in {Period.SECOND, Period.MINUTE} else Decimal("0.0001")
    each = " for one GPU" if reading.per_gpu and offer.gpu_count != 1 else ""
    return f"{plain(trim(amount.quantize(places, ROUND_HALF_EVEN)))} USD per {reading.period}{each}"


def dated(offer: Offer, around: KnownOffers) -> str:
    """Return when an offer was seen, and how far from the document's date: ``as of 2026-08-19, 8 months later``."""
    days = around.days_off(offer)
    if abs(days) <= 1:
        return f"as of {printed_day(offer)}"
    span = f"{abs(days)} days" if abs(days) <= _MONTH_DAYS else f"{round(abs(days) / 30.44)} months"
    return f"as of {printed_day(offer)}, {span} {'later' if days > 0 else 'earlier'}"


def cite(offer: Offer, reading: Reading, around: KnownOffers) -> str:
    """Return an offer with its price and date in one phrase."""
    return f"{name_of(offer)}: {price_of(offer, reading)}, {dated(offer, around)}"


def cite_all(offers: Iterable[Offer], reading: Reading, around: KnownOffers) -> str:
    """Return several offers in one phrase, joined by semicolons."""
    return "; ".join(cite(offer, reading, around) for offer in offers)


def distinct(offers: Sequence[Offer], most: int = 3) -> tuple[Offer, ...]:
    """Return the first few offers that are not the same price of the same SKU; the cards of a pool are one."""
    kept: dict[tuple[object, ...], Offer] = {}
    for offer in offers:
        same = (offer.sku, offer.service, offer.region, offer.cloud_type, offer.pricing_category)
        kept.setdefault((*same, offer.commitment_months, offer.usd_per_gpu_hour), offer)
    return tuple(kept.values())[:most]
