"""One row of CloudPrice's lists, whether it came as JSON or in the page's table, and what its price says."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from scrapers.records import Document
from scrapers.strict import fail

_SMALLEST_PRICE = Decimal("0.0001")
"""Below it numbers are printed with an exponent, and no machine is rented so cheaply."""
_NO_PRICE = frozenset({"null", "", "-", "\u2013", "\u2014", "N/A", "n/a"})
_PRICE = re.compile(
    r"(?P<before>[^\d\s.,+−-]{0,4})\s*(?P<digits>[0-9]+(?:\.[0-9]+)?)\s*(?P<after>[A-Z]{3}|)\s*(?P<unit>(?:/|per\b)\s*[a-z]+|)"
)
"""``1.14``, ``$1.14``, ``1.14 USD``, ``$1.14/hour``. With a comma it could be 1.14 or 1140."""
_HOUR = frozenset({"h", "hr", "hour"})
_PRINTED_AS = {
    "USD": ("USD", "$", "US$"),
    "EUR": ("EUR", "€"),
    "GBP": ("GBP", "£"),
    "CNY": ("CNY", "¥", "CN¥"),
    "INR": ("INR", "₹"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One instance type.

    Attributes:
        name: instance type.
        has_gpu: as the list says.
        printed: the price as printed, ``null`` for JSON's; "" for an empty cell.
        locate: returns the locator of the price.
    """

    name: str
    has_gpu: bool
    printed: str
    locate: Callable[[], str]


def currency_words(currency: str) -> tuple[str, ...]:
    """Return how a currency, given as ISO 4217 code, may be printed."""
    return _PRINTED_AS.get(currency, (currency,))


def is_hour(unit: str) -> bool:
    """Tell whether a unit as printed, such as ``/hr``, is an hour."""
    return unit.removeprefix("/").removeprefix("per").strip() in _HOUR


def read_price(document: Document, printed: str, currency: str, *, row: str) -> tuple[str | None, str]:
    """Return a price's digits as printed and "", or None and the sentence that says why there is no price.

    Args:
        document: for errors.
        printed: the price, alone or with currency and unit.
        currency: ISO 4217 code that was asked for.
        row: for errors.

    Raises:
        ParseError: it is no price per hour, or one in another currency.
    """
    if printed in _NO_PRICE:
        return None, f"CloudPrice prints {printed or 'nothing'} instead of a price"
    match = _PRICE.fullmatch(printed)
    if match is None or (match["unit"] and not is_hour(match["unit"])):
        raise fail(document, f"looked for a price per hour, found {printed!r:.60}", row=row)
    foreign = [word for word in (match["before"], match["after"]) if word and word not in currency_words(currency)]
    if foreign:
        problem = f"looked for a price in {currency}, as the URL asks, found {printed!r}"
        raise fail(document, f"{problem}: is its parameter ignored?", row=row)
    price = Decimal(match["digits"])
    if not price:
        return None, f"CloudPrice prints {printed} instead of a price"
    if price < _SMALLEST_PRICE:
        raise fail(document, f"looked for a price per hour, found {printed!r}", row=row)
    return match["digits"], ""
