"""Amounts as intervals, and intervals as text."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from normalize.audit.interval import Interval, printed
from normalize.units import plain, trim
from scrapers.documents.records import PrintedFigure


def money(figure: PrintedFigure) -> Interval:
    """Return what a printed amount may stand for, in its own currency and unit."""
    return printed(figure.low, figure.high, approximate=figure.approximate)


def span(value: Interval) -> str:
    """Return an interval with four digits: ``2.5 to 2.583``; one number where both ends read alike."""
    low, high = _short(value.low), _short(value.high)
    return low if low == high else f"{low} to {high}"


def _short(value: Decimal) -> str:
    places = min(-value.adjusted() + 3, 8) if value else 0
    return plain(trim(value.quantize(Decimal(1).scaleb(-max(places, 0)), ROUND_HALF_EVEN)))
