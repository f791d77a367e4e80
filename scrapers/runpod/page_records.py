r"""Pods on the pricing page of 2023 and 2024: GraphQL records of GPU types inside the page's scripts.

A Next.js page, at runpod.io/gpu-instance/pricing first, which carried its prices as ``"__typename":"GpuType"`` records
in ``__NEXT_DATA__``, or as a text in another script, its quotes escaped (``\"__typename\":\"GpuType\"``). Known from
a public parser of archived pages. Spot pods were sold then: their prices are terms of their own, never on-demand.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial

from bs4 import BeautifulSoup

from scrapers.places.locate import pointer
from scrapers.places.script_objects import object_at, unescape
from scrapers.records import Document, Listing
from scrapers.runpod import gpu_type, words
from scrapers.strict import fail

LOOKED_FOR = 'a script with "__typename":"GpuType"'
_TYPE = re.compile(r'(?P<slashes>\\*)"__typename(?P=slashes)"\s*:\s*(?P=slashes)"GpuType(?P=slashes)"')
_LEVELS = {0: 0, 1: 1, 3: 2}
"""How many levels of escaping a number of backslashes before a quote stands for."""
_MOST_BRACES = 50
"""A record has fewer objects before its type's name than this; what has more is not searched without end."""
_SELECTION = gpu_type.Selection(
    prices=(gpu_type.SECURE, gpu_type.COMMUNITY, gpu_type.SECURE_SPOT, gpu_type.COMMUNITY_SPOT, gpu_type.CLUSTER),
    required=frozenset(),
    ignored=gpu_type.IGNORED,
)
_PRICES = {field.name for field in _SELECTION.prices}


def read(document: Document, page: BeautifulSoup) -> list[Listing]:
    """Return the Pods (and Clusters) listings of the page's records, none when it has no record with a price field.

    A page may hold a record several times, for several queries; one whose query asked for no price says nothing.

    Raises:
        ParseError: a record is not JSON, not built as known, or there twice with two prices.
    """
    listings: list[Listing] = []
    for number, script in enumerate(page.find_all("script")):
        text = script.get_text()
        if "GpuType" not in text:
            continue
        for place, record in _records(document, number, text):
            if _PRICES & record.keys():
                listings += gpu_type.read_record(document, record, _SELECTION, place=partial(_field, place))
    return words.unique(document, listings)


def _field(place: str, field: str) -> str:
    return f"{place}{pointer(field)}"


def _records(document: Document, number: int, script: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield every record of a script with its locator."""
    for slashes in sorted({len(found["slashes"]) for found in _TYPE.finditer(script)}):
        row = f"script {number}"
        if slashes not in _LEVELS:
            raise fail(document, f"looked for quotes escaped at most twice, found {slashes} backslashes", row=row)
        text = unescape(script, _LEVELS[slashes])
        for found in _TYPE.finditer(text):
            if not found["slashes"]:
                start, record = _around(document, text, found.start(), row)
                yield f"object:{number};{_LEVELS[slashes]};{start}", record


def _around(document: Document, text: str, place: int, row: str) -> tuple[int, Mapping[str, object]]:
    """Return the object whose own type stands at a place, and where it begins: the nearest brace that opens one."""
    start = place
    for _ in itertools.repeat(None, _MOST_BRACES):
        start = text.rfind("{", 0, start)
        if start < 0:
            break
        try:
            record = object_at(text, start, number=_number)
        except (ValueError, RecursionError):
            continue
        if record.get("__typename") == "GpuType":
            return start, record
    raise fail(document, f"looked for a JSON object around {LOOKED_FOR} at character {place}, found none", row=row)


def _number(printed: str) -> Decimal:
    return Decimal(printed)
