"""The envelope of cloudprice.net's lists of AWS instances as JSON.

No answer is recorded in public: ``{"Status": "ok", "Data": {"UpdatedAt": ..., "Items": [...]}}`` is known from
clients of 2024 to 2026 (github.com/Facets-cloud/facets-modules, github.com/jwmossmoz/costctl @f22fcdf). Items say
whether they have a GPU, but neither which, nor how many, nor its memory; keys that are not used may be anything.
`UpdatedAt` has no time zone and lags about a day: it is not used, the capture has its own time.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from scrapers.cloudprice.rows import Row
from scrapers.places.locate import pointer
from scrapers.records import Document
from scrapers.strict import at_least, fail, read_json, take


def read_items(document: Document, currency: str) -> list[Row]:
    """Return the rows of a list.

    Args:
        document: the answer.
        currency: ISO 4217 code that was asked for.

    Raises:
        ParseError: it is no such list, it is empty, or it says that it is in another currency.
    """
    answer = _object(document, read_json(document), "the answer")
    status = take(document, answer, "Status")
    if status != "ok":
        raise fail(document, f"looked for Status 'ok', found {status!r:.60}")
    data = _object(document, take(document, answer, "Data"), "Data")
    # No client names such a key; if there is one, it is to be heard.
    if data.get("Currency", currency) != currency:
        raise fail(document, f"the URL asks for {currency}, the list is in {data['Currency']!r:.60}")
    return [_row(document, number, item) for number, item in enumerate(_items(document, data))]


def _items(document: Document, data: Mapping[str, Any]) -> Sequence[object]:
    items = take(document, data, "Items")
    if not isinstance(items, list):
        raise fail(document, f"looked for a list of Items, found {items!r:.60}")
    return at_least(document, 1, items, "Items")


def _object(document: Document, value: object, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise fail(document, f"looked for an object as {what}, found {value!r:.60}")
    return value


def _row(document: Document, number: int, value: object) -> Row:
    item = _object(document, value, f"Items/{number}")
    name = take(document, item, "InstanceType", row=f"Items/{number}")
    if not isinstance(name, str):
        raise fail(document, f"looked for InstanceType as text, found {name!r:.60}", row=f"Items/{number}")
    has_gpu = take(document, item, "HasGPU", row=name)
    if not isinstance(has_gpu, bool):
        raise fail(document, f"looked for HasGPU true or false, found {has_gpu!r:.60}", row=name)
    printed = _printed(document, take(document, item, "PricePerHour", row=name), name)
    return Row(name, has_gpu, printed, functools.partial(_locate, number))


def _locate(number: int) -> str:
    return f"json:{pointer('Data', 'Items', number, 'PricePerHour')}"


def _printed(document: Document, value: object, name: str) -> str:
    """Return a number with its digits as printed, or ``null``."""
    if value is None:
        return "null"
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise fail(document, f"looked for PricePerHour as a number, found {value!r:.60}", row=name)
    return str(value)
