"""Serverless on the pricing page: one row per GPU tier under the heading "Serverless".

Reconstructed, not seen: no recording of this section exists in public, its class names are unknown, and
only a live run can confirm what is read here. What is known are its words, from dated transcriptions
(2026-07-28 to 2026-09-28): tiers such as ``H100 PRO``, ``48GB PRO`` or ``L4, A5000, 3090`` with a memory
size and one price, per hour, or per second behind a switch. So nothing is asked of the markup but this:
the section begins at its heading and ends at the next heading of that rank; a row is a table row or a
repeated element; it holds a name, a memory size, and a price whose unit stands beside it or in its
column's header. Where a tab and no heading says Serverless, a row is known by the label of a tier. A price in a
row that cannot be read is an error, and so is one that stands in no row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

from scrapers.places.locate import css_path
from scrapers.records import Document, Listing
from scrapers.runpod import words
from scrapers.runpod.page_columns import check_columns, column_header
from scrapers.runpod.page_sections import check_outside, rows_in, sections_in
from scrapers.runpod.page_text import elements_of, names_only_memory, pieces, text_of, tier_memory
from scrapers.runpod.price_text import Printed, spoken_absence, understand, units_in
from scrapers.strict import fail

_WORKERS = re.compile(r"\b(flex|active)\b", re.IGNORECASE)
_WORKER_TERMS = {"flex": words.FLEX, "active": words.ACTIVE}
# Storage is per GB and month, public endpoints are per token or image: prices, but of no GPU.
_NO_GPU_PRICE = re.compile(r"(?:/|per)\s*(?:GB|TB|1?[KM] tokens|tokens?|images?)\b", re.IGNORECASE)
_MONEY = re.compile(r"[$€£¥₹]|\b(?:USD|EUR|GBP|CHF|JPY|CNY|INR|CAD|AUD|SGD)\b")
_TIERS = frozenset(
    {
        *("A4000, A4500, RTX 4000", "L4, A5000, 3090", "4090 PRO", "A6000, A40", "L40, L40S, 6000 Ada PRO"),
        *("H100 PRO", "6000s PRO", "H200 PRO", "24GB PRO", "48GB PRO", "80GB PRO"),
    }
)
"""Labels that only Serverless has: groups of the documentation (2025-05-13 to 2026-08-20) and of the page (2026-09)."""

Place = tuple[Tag, Printed]
"""An element, and what its whole text says about a price."""


def read(document: Document, page: BeautifulSoup) -> list[Listing]:
    """Return the Serverless listings of the page, none when there is no such section.

    Raises:
        ParseError: a price under the heading stands in no row, or in a row that cannot be read; or an Active worker
            is dearer than a Flex worker.
    """
    elements = elements_of(page)
    rows = rows_in(elements)
    sections = sections_in(elements)
    inside = {id(element) for section in sections for element in section}
    for section in sections:
        check_outside(document, section, rows)
    mine = [row for row in rows.values() if id(row) in inside or _is_tier(row)]
    listings = words.unique(document, [listing for row in mine for listing in _read_row(document, row)])
    words.check_active(document, listings)
    return listings


def _is_tier(row: Tag) -> bool:
    """Return whether a row has a tier's label and a price; the label alone may stand in any list."""
    return not _TIERS.isdisjoint(pieces(row)) and any(printed.digits for _, printed in _places(row))


def _read_row(document: Document, row: Tag) -> Iterator[Listing]:
    check_columns(document, row)
    places = _places(row)
    rest = pieces(row, without=[place for place, _ in places])
    names = _names(rest)
    _check(document, row, rest, named=bool(names), places=places)
    for place, printed in places if names else []:
        header = column_header(place)
        yield Listing(
            source=document.capture.source,
            provider=words.PROVIDER,
            service=words.SERVERLESS,
            sku=names[0],
            terms=_terms(header, place, row),
            price_text=printed.digits,
            absence=printed.absence,
            currency=words.CURRENCY,
            unit=printed.unit or _unit(document, header, printed, row),
            locator=f"css:{css_path(place)}",
            quote=text_of(place),
            gpu_name=names[0],
            gpu_count="1",
            gpu_memory=tier_memory(" ".join(rest)),
        )


def _places(row: Tag) -> list[Place]:
    """Return the outermost elements of a row whose whole text is a price, or says that there is none."""
    prices: list[Place] = []
    absences: list[Place] = []
    taken: set[int] = set()
    for element in elements_of(row):
        if any(id(parent) in taken for parent in element.parents):
            continue
        text = text_of(element)
        printed = understand(text)
        if printed is not None and printed.digits is not None:
            prices.append((element, printed))
        elif printed is not None and element.name == "td" and _WORKERS.search(column_header(element)):
            prices.append((element, printed))  # a price's own column, so even a dash means something
        elif (spoken := spoken_absence(text)) is not None:
            absences.append((element, spoken))
        else:
            continue
        taken.add(id(element))
    return prices or absences


def _names(rest: list[str]) -> list[str]:
    """Return the texts that may name a tier; some have no name but their memory (``16GB``, 2026-09-28)."""
    names = [text for text in rest if not _WORKERS.fullmatch(text) and not _MONEY.search(text)]
    return [text for text in names if not names_only_memory(text)] or names


def _check(document: Document, row: Tag, rest: list[str], *, named: bool, places: list[Place]) -> None:
    """Refuse a row with a price that is not read; a list of advantages has none and may stand there, too."""
    priced = any(printed.digits for _, printed in places)
    unread = any(_MONEY.search(text) for text in rest) and not _NO_GPU_PRICE.search(text_of(row))
    bare = row.find("td") is not None and not places and not _NO_GPU_PRICE.search(text_of(row))
    if unread or bare or (priced and not named):
        problem = f"looked for a tier and its price under Serverless, found {text_of(row)!r}"
        raise fail(document, problem, row=css_path(row))


def _terms(header: str, place: Tag, row: Tag) -> str:
    """Return Flex or Active where the column, or the text right beside the price, says so; else Serverless."""
    beside = text_of(place.parent) if place.parent is not None and place.parent is not row else ""
    for text in (header, beside):
        said = {word.casefold() for word in _WORKERS.findall(text)}
        if len(said) == 1:
            return _WORKER_TERMS[said.pop()]
    return words.SERVERLESS


def _unit(document: Document, header: str, printed: Printed, row: Tag) -> str:
    units = units_in(header)
    if len(units) != 1 and printed.digits is not None:
        problem = f"looked for a unit beside the price or in its column's header {header!r}, found none"
        raise fail(document, problem, row=text_of(row))
    return min(units, default=words.PAGE_UNIT)
