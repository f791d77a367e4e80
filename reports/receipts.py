"""Receipts: every figure that is printed gets a number, and the number leads back to archived bytes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from normalize.corroborate import Corroboration
from normalize.records import Citation, Identity, Offer, PriceBasis, identity_of
from normalize.units import plain, trim
from reports.records import Receipt
from scrapers.records import DatePrecision

_UNITS_PER_HOUR = {"hour": "", "minute": " × 60", "second": " × 3600"}
_BASIS_WORDS = {
    PriceBasis.LIST: "",
    PriceBasis.REGION_QUOTE: "quote for the region",
    PriceBasis.ZONE_MINIMUM: "lowest zone",
    PriceBasis.ZONE_MEAN: "mean over zones",
    PriceBasis.ZONE_MAXIMUM: "highest zone",
    PriceBasis.MEAN_OF_QUOTES: "mean of quotes",
    PriceBasis.ESTIMATE: "estimate",
    PriceBasis.RESTATED: "as another place of the page prints it",
}


def money(value: Decimal) -> str:
    """Return an amount of US dollars with two to four decimals, rounded half up: ``$1.908``, ``$55.04``, ``$4.00``."""
    short = trim(value.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP))
    decimals = max(2, -int(short.as_tuple().exponent))
    return f"${short:,.{decimals}f}"


def signed_percent(value: Decimal, *, places: int = 0) -> str:
    """Return a percentage with its sign: ``+37%``, ``+21.3%``; never rounded to nothing: ``+0.4%``.

    Args:
        value: the percentage.
        places: decimals.
    """
    if value != 0 and abs(value) < 1:
        places = max(places, 1)
    return f"{value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP):+f}%"


def day(moment: datetime, precision: DatePrecision) -> str:
    """Return a time as exactly as it is known: ``2026-08``, ``2026-08-19``, ``2026-08-19 06:54 UTC``."""
    formats = {
        DatePrecision.MONTH: "%Y-%m",
        DatePrecision.DAY: "%Y-%m-%d",
        DatePrecision.SECOND: "%Y-%m-%d %H:%M UTC",
    }
    return moment.strftime(formats[precision])


def age(moment: datetime, as_of: datetime) -> str:
    """Return how old something is at a date, in whole days."""
    days = (as_of.date() - moment.date()).days
    if days < 0:
        return f"seen {-days} days later" if days < -1 else "seen 1 day later"
    return {0: "same day", 1: "1 day old"}.get(days, f"{days} days old")


def describe(offer: Offer) -> str:
    """Return what an offer is the price of, e.g. ``RunPod Pods H100 SXM, secure, on-demand``."""
    commitment = f"{offer.commitment_months} months {offer.offering_class}" if offer.commitment_months else ""
    parts = [
        f"{offer.provider} {offer.service} {offer.sku}",
        offer.region or "",
        offer.cloud_type or "",
        offer.pricing_category.replace("_", "-"),
        _BASIS_WORDS[offer.price_basis],
        commitment.replace("_", " "),
        (offer.payment_option or "").replace("_", " "),
    ]
    return ", ".join(part for part in parts if part)


def derive(offer: Offer) -> str:
    """Return how the price per GPU-hour follows from the quoted text."""
    if offer.list_unit_price is None or offer.usd_per_gpu_hour is None:
        return offer.absence
    count = f" ÷ {plain(offer.gpu_count)} GPU"
    start = f"{plain(offer.list_unit_price)} {offer.billing_currency} per {offer.pricing_unit}"
    if offer.upfront_fee is not None and offer.commitment_months is not None:
        hours = offer.commitment_months * 730
        fee = f"{plain(offer.upfront_fee)} {offer.billing_currency} upfront ÷ {hours} h"
        start = f"({offer.citations[0].quote} {offer.billing_currency} per hour + {fee})"
    return f"{start}{_UNITS_PER_HOUR[offer.pricing_unit]}{count} = {plain(offer.usd_per_gpu_hour)} USD per GPU-hour"


class ReceiptBook:
    """The receipts of one report, numbered in the order in which they are first cited."""

    def __init__(
        self, titles: Mapping[str, str], as_of: datetime, corroborations: Mapping[Identity, Corroboration]
    ) -> None:
        """Take the sources' titles by id, the report's date, and what the sources say of each other's list prices."""
        self._titles = titles
        self._as_of = as_of
        self._corroborations = corroborations
        self._receipts: dict[tuple[Citation, str], Receipt] = {}

    def cite(self, offer: Offer) -> tuple[int, ...]:
        """Return the numbers of an offer's receipts."""
        subject, derivation, others = describe(offer), derive(offer), self._others(offer)
        return tuple(self._number(c, subject, derivation, offer.date_precision, others) for c in offer.citations)

    def sources(self, offer: Offer) -> int:
        """Return how many sources print an offer's figure."""
        known = self._corroborations.get(identity_of(offer))
        return len(known.sources) if known is not None and known.offer == offer else 1

    def _others(self, offer: Offer) -> str:
        """Return how many sources stand behind a figure; one of an earlier report stands for itself."""
        if offer.quarantined is not None:
            return "in quarantine"
        known = self._corroborations.get(identity_of(offer))
        if offer.usd_per_gpu_hour is None or known is None or known.offer != offer:
            return "" if offer.usd_per_gpu_hour is None else f"1 source: {offer.source}"
        return known.statement

    def cite_statement(self, citation: Citation, subject: str, precision: DatePrecision) -> tuple[int, ...]:
        """Return the number of the receipt of a statement that is not a price."""
        return (self._number(citation, subject, "", precision),)

    def receipts(self) -> tuple[Receipt, ...]:
        """Return all receipts, in the order of their numbers."""
        return tuple(self._receipts.values())

    def _number(
        self, citation: Citation, subject: str, derivation: str, precision: DatePrecision, corroboration: str = ""
    ) -> int:
        key = (citation, subject)
        if key not in self._receipts:
            self._receipts[key] = Receipt(
                number=len(self._receipts) + 1,
                source=self._titles[citation.source],
                source_id=citation.source,
                url=citation.url,
                retrieved=day(citation.retrieved_at, precision),
                age=age(citation.retrieved_at, self._as_of),
                obtained=citation.obtained,
                sha256=citation.sha256,
                locator=citation.locator,
                quote=citation.quote,
                subject=subject,
                derivation=derivation,
                corroboration=corroboration,
                retrieved_at=f"{citation.retrieved_at:%Y-%m-%dT%H:%M:%SZ}",
                body=citation.body,
            )
        return self._receipts[key].number
