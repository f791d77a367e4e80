"""Fields of RunPod's JSON records, read strictly: a name, a memory, whether something is offered, a price."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from scrapers.records import Document, Listing
from scrapers.strict import fail, take

Record = Mapping[str, object]
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def text_in(document: Document, record: Record, field: str, *, row: str) -> str:
    """Return the text of a field that must hold one.

    Raises:
        ParseError: it is not there, no text, or an empty one.
    """
    value = take(document, record, field, row=row)
    if not isinstance(value, str) or not value.strip():
        raise fail(document, f"looked for a text in {field}, found {value!r}", row=row)
    return value


def memory_in(document: Document, record: Record, field: str, *, row: str) -> str:
    """Return the memory of one GPU, ``80 GB``.

    Raises:
        ParseError: the field holds no whole number of GB.
    """
    value = take(document, record, field, row=row)
    if not _is_number(value) or not str(value).isdecimal() or not value:
        raise fail(document, f"looked for a whole number of GB in {field}, found {value!r}", row=row)
    return f"{value} GB"


def flag_in(document: Document, record: Record, field: str, *, row: str) -> bool:
    """Return a truth value.

    Raises:
        ParseError: the field holds anything else.
    """
    value = take(document, record, field, row=row)
    if not isinstance(value, bool):
        raise fail(document, f"looked for true or false in {field}, found {value!r}", row=row)
    return value


def with_price(document: Document, listing: Listing, record: Record, field: str, *, withheld: str = "") -> Listing:
    """Return a listing with the price in a field, or with the reason why it has none: null and 0 are no prices.

    Args:
        document: for the error.
        listing: everything but price, absence and quote.
        record: holds the field, numbers as `int` or `Decimal`.
        field: the price field.
        withheld: what says that the GPU is not offered, whatever the price; "" where it is.

    Raises:
        ParseError: the field holds neither a plain number nor null.
    """
    row = listing.sku_id or listing.sku
    value = take(document, record, field, row=row)
    quote = "null" if value is None else str(value)
    if value is not None and not (_is_number(value) and _NUMBER.fullmatch(quote)):
        raise fail(document, f"looked for a number or null in {field}, found {value!r}", row=row)
    listing = replace(listing, quote=quote)
    if withheld:
        return replace(listing, absence=f"not offered: {withheld}, {field} is {quote}")
    if not value:
        return replace(listing, absence=f"no price: {field} is {quote}")
    return replace(listing, price_text=quote)


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)
