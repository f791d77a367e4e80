"""Prices as AWS prints them: digits, or words that say there is none."""

from __future__ import annotations

import re
from decimal import Decimal

from scrapers.records import Document
from scrapers.strict import fail

_PRICE = re.compile(r"[0-9]+(\.[0-9]+)?(E-?[0-9]{1,2})?", re.IGNORECASE)
"""Offer files print ten decimals (``55.0400000000``), upfront fees none, the spot feed also ``9.0E-4``."""
_NO_PRICE = frozenset({"", "N/A", "NA", "N/A*"})
"""The spot feed prints ``N/A*`` with a footnote; the others are those of the files' other fields."""
_CURRENCIES = ("CNY", "USD")


def read_price(document: Document, text: object, *, row: str) -> tuple[str | None, str]:
    """Return the digits of a price and "", or None and the sentence that says why there is no price.

    Raises:
        ParseError: it is neither a price as text nor a known word for its absence: ``NaN``, ``-1``, ``free``.
    """
    if not isinstance(text, str):
        raise fail(document, f"looked for a price as text, found {text!r}", row=row)
    if text in _NO_PRICE:
        return None, f"AWS prints {text!r} in place of a price" if text else "AWS leaves the price empty"
    if not _PRICE.fullmatch(text):
        raise fail(document, f"looked for a price, found {text!r}", row=row)
    if not Decimal(text):
        return None, f"AWS prints {text}, and a price of 0 is not an offer"
    return text, ""


def read_currency(document: Document, text: str, *, row: str) -> str:
    """Return the currency of a price: CNY in China's price list, USD elsewhere.

    Raises:
        ParseError: it is another one.
    """
    if text not in _CURRENCIES:
        raise fail(document, f"unknown currency {text!r}; known are {' and '.join(_CURRENCIES)}", row=row)
    return text
