"""The Markdown page of one instance type in one region: a table with a row per operating system.

``https://instances.vantage.sh/aws/ec2/<type>-<region>.md`` has every figure of the feed at full precision, with its
currency and unit (``$55.04/hr``, ``¥…/hr`` in China), and N/A where the feed has none. Type and region stand in its
address alone (github.com/vantage-sh/ec2instances.info @01ff243e, next/llms/generateAwsInstances.ts).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from scrapers.places.locate import markdown_cells
from scrapers.records import Document, Listing
from scrapers.strict import columns, fail, one
from scrapers.vantage.figures import ON_DEMAND, SPOT, Figure, currency_of, figure_of, is_figure, judged, listing_of

_FIRST = "OS"
_PAYMENTS = {"No Upfront": "noUpfront", "Partial Upfront": "partialUpfront", "All Upfront": "allUpfront"}
_CLASSES = {" (Savings Plan)": "Savings", "": "Standard", " (Convertible)": "Convertible"}
_RESERVED = {
    f"{years}yr {payment}{note}": f"reserved.yrTerm{years}{word}.{option}"
    for note, word in _CLASSES.items()
    for years in (1, 3)
    for payment, option in _PAYMENTS.items()
}
_TERMS = {"On Demand": ON_DEMAND, **dict(zip(("Spot Min", "Spot Avg", "Spot Max"), SPOT, strict=True)), **_RESERVED}
_NO_PRICES = {_FIRST, "Spot Interrupt Frequency"}
_REQUIRED = (_FIRST, "On Demand", "Spot Min", "Spot Avg", "Spot Max")
_DASHES = re.compile(r":?-+:?")
_CELL = re.compile(r"([$¥])([0-9.]+)/hr")
_CURRENCIES = {"$": "USD", "¥": "CNY"}
_NOTHING = "N/A"
_ADDRESS = re.compile(r"https://[^/]+/aws/ec2/([a-z0-9-]+\.(?:metal-[0-9]+xl|[a-z0-9]+))-([a-z]{2,4}-[a-z0-9-]+)\.md")


def is_page(start: bytes) -> bool:
    """Return whether a body begins as such a page: with the head of its table."""
    line = start.decode("utf-8-sig", errors="replace").lstrip().partition("\n")[0]
    return line.startswith("|") and markdown_cells(line)[0] == _FIRST


def parse_page(document: Document) -> list[Listing]:
    """Return the Linux prices of a page, a listing for every cell of the row, N/A or not.

    Raises:
        ParseError: its address names no instance type and region, its table has another head, no row or two for
            Linux, or a price in an unknown form or in the currency of another region.
    """
    sku, region = _subject(document)
    return [listing_of(document, sku, figure, unit="/hr") for figure in judged(_figures(document, region))]


def _subject(document: Document) -> tuple[str, str]:
    """Return instance type and region of the page."""
    found = _ADDRESS.fullmatch(document.capture.url)
    if found is None:
        named = "an instance type and a region in the page's address, .../aws/ec2/<type>-<region>.md"
        raise fail(document, f"looked for {named}, found {document.capture.url}")
    if currency_of(found[2]) is None:
        raise fail(document, f"the currency of {found[2]} is not known")
    return found[1], found[2]


def _figures(document: Document, region: str) -> Iterator[Figure]:
    head, rows = _table(document)
    linux = [row for row in rows if row[1][0] == "Linux"]
    if not linux:
        others = ", ".join(cells[0] for _, cells in rows)
        absence = f"no Linux price in {region}: the page lists {f'only {others}' if others else 'nothing'}"
        yield Figure(region, ON_DEMAND, f"md:{head[0]};1", _FIRST, "", absence)
        return
    number, cells = one(document, linux, "row of Linux")
    for column, (name, cell) in enumerate(zip(head[1], cells, strict=True), start=1):
        if name in _TERMS:
            yield _figure(document, region, _TERMS[name], f"md:{number};{column}", cell)


def _table(document: Document) -> tuple[tuple[int, list[str]], list[tuple[int, list[str]]]]:
    """Return the table's head and rows, each with the number of its line from 1."""
    try:
        lines = document.read().decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as exc:
        raise fail(document, f"looked for a page in UTF-8: {exc}") from exc
    (number, head), *rows = [(n, markdown_cells(line)) for n, line in enumerate(lines, start=1) if line.strip()]
    columns(document, head, _REQUIRED)
    unknown = [name for name in head if name not in _TERMS and name not in _NO_PRICES]
    if unknown or len(set(head)) < len(head):
        raise fail(document, f"looked for the columns of a price table once each, found {unknown or head}")
    if not rows or not all(map(_DASHES.fullmatch, rows[0][1])):
        raise fail(document, f"looked for the line of dashes below the head, found {_shown(rows[:1])}")
    for line, cells in rows:
        if len(cells) != len(head):
            raise fail(document, f"looked for {len(head)} cells, found {_shown([(line, cells)])}", row=f"line {line}")
    return (number, head), rows[1:]


def _shown(rows: Sequence[tuple[int, list[str]]]) -> str:
    return repr(" | ".join(rows[0][1]))[:80] if rows else "the end"


def _figure(document: Document, region: str, terms: str, locator: str, cell: str) -> Figure:
    if cell == _NOTHING:
        return figure_of(region, terms, locator, cell, cell)
    found = _CELL.fullmatch(cell)
    if found is None or not is_figure(found[2]):
        raise fail(document, f"looked for a price such as $1.11/hr or {_NOTHING} in {terms}, found {cell!r:.60}")
    if _CURRENCIES[found[1]] != currency_of(region):
        raise fail(document, f"looked for a price in {currency_of(region)}, the currency of {region}, found {cell!r}")
    return figure_of(region, terms, locator, cell, found[2])
