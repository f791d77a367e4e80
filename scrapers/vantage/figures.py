"""What Vantage's feed and its pages have in common: figures of one region, their currency, and what they are worth."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal

from scrapers.records import Document, Listing

ON_DEMAND = "ondemand"
SPOT = ("spot_min", "spot_avg", "spot_max")
_SPOT_STEP = Decimal("0.0001")
_PRICE = re.compile(r"[0-9]+(\.[0-9]+)?")
_NO_PRICE = {"", "N/A"}
_USD_REGION = re.compile(r"(af|ap|ca|eu|il|me|mx|sa|us)-.+")
_CNY_REGION = re.compile(r"cn-.+")
_NO_CURRENCY = "XXX"
"""ISO 4217: no currency."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What stands at one place: a price, or with `absence` what shows that there is none.

    Attributes:
        region: None where there is no price in any.
        terms: the kind of price, as `Listing.terms`.
        locator: where it stands.
        quote: the text that stands there.
        text: digits of the price; whatever is printed instead where there is none.
        absence: why there is no price; "" where there is one.
    """

    region: str | None
    terms: str
    locator: str
    quote: str
    text: str
    absence: str = ""


def is_figure(text: str) -> bool:
    """Return whether a text is a price, or one of the ways to say that there is none."""
    return text in _NO_PRICE or _PRICE.fullmatch(text) is not None


def figure_of(region: str, terms: str, locator: str, quote: str, text: str) -> Figure:
    """Return the figure of a text for which `is_figure` holds; 0 is no price."""
    missing = text in _NO_PRICE or Decimal(text) == 0
    return Figure(
        region, terms, locator, quote, text, f"Vantage prints {quote!r} instead of a price" if missing else ""
    )


def judged(figures: Iterable[Figure]) -> Iterator[Figure]:
    """Yield the figures of one instance in one region, each as what it is beside the others.

    An on-demand price below the lowest spot price is none. Without a quote, which gives a minimum, a spot average is
    Vantage's own estimate: the on-demand price less the percentage that spot saves.
    """
    found = list(figures)
    quoted = {figure.terms: figure for figure in found if not figure.absence}
    lowest = quoted.get("spot_min")
    for figure in found:
        if figure.terms == ON_DEMAND and lowest is not None and not figure.absence:
            yield _on_demand(figure, lowest)
        elif figure.terms == "spot_avg" and lowest is None and not figure.absence:
            yield replace(figure, terms="spot_avg_estimate")
        else:
            yield figure


def _on_demand(figure: Figure, lowest: Figure) -> Figure:
    # Spot prices have four decimals: 10.3379 stood beside an on-demand price of 10.33786 (g5.24xlarge in
    # eu-west-2, 2025-11-30).
    if Decimal(figure.text).quantize(_SPOT_STEP, ROUND_CEILING) >= Decimal(lowest.text):
        return figure
    # A surcharge that lost its base price looks like this: 0.125 beside spot_min 18.0396 (p5e, 2025-11).
    where = f"its lowest spot price in {figure.region} is {lowest.text}"
    return replace(figure, absence=f"{figure.text} is no price of the machine: {where}")


@functools.lru_cache(1024)
def currency_of(region: str) -> str | None:
    """Return the currency of a region, which the feed does not print, or None where it is not known."""
    if _USD_REGION.fullmatch(region):
        return "USD"
    return "CNY" if _CNY_REGION.fullmatch(region) else None


def listing_of(  # noqa: PLR0913  # what a figure is of
    document: Document,
    sku: str,
    figure: Figure,
    *,
    unit: str,
    gpu_name: str | None = None,
    gpu_count: str | None = None,
    gpu_memory: str | None = None,
) -> Listing:
    """Return the listing of one figure of an instance under Linux."""
    currency = None if figure.region is None else currency_of(figure.region)
    return Listing(
        source=document.capture.source,
        provider="AWS",
        service="EC2",
        sku=sku,
        terms=figure.terms,
        price_text=None if figure.absence else figure.text,
        absence=figure.absence,
        currency=currency or ("USD" if figure.region is None else _NO_CURRENCY),
        unit=unit,
        locator=figure.locator,
        quote=figure.quote,
        region=figure.region,
        operating_system="Linux",
        gpu_name=gpu_name,
        gpu_count=gpu_count,
        gpu_memory=gpu_memory,
    )
