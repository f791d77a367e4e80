r"""The documentation's table of serverless prices: one row per group of GPUs, US dollars per second.

============== =====================================================================================
since          header (cells in bold)
============== =====================================================================================
2025-05-13     GPU type(s) · Memory · Flex · Active · Description, under "Pricing table (per second)"
2025-08-25     GPU type(s) · Memory · Flex cost per second · Active cost per second · Description
2026-05-13     GPU type(s) · Memory · Cost per second · Description
============== =====================================================================================

A group is one price for all its GPUs and promises none of them. Since 2026-05-13 there is no Active
price: a table without that column gives an Active listing without a price per group, which says so; it is
not zero and not the Flex price. Amounts are ``$0.00016`` in the file and
``\$0.00016`` in a page's text. (github.com/runpod/docs, history of serverless/pricing and
snippets/serverless-gpu-pricing-table.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from scrapers.records import Document, Listing
from scrapers.runpod import words
from scrapers.runpod.markdown_table import Table, plain
from scrapers.runpod.price_text import understand
from scrapers.strict import fail

HEADER_START = ("GPU type(s)", "Memory")
_ONE_COLUMN = "Cost per second"
_TERMS = {
    "Flex": words.FLEX,
    "Active": words.ACTIVE,
    "Flex cost per second": words.FLEX,
    "Active cost per second": words.ACTIVE,
    _ONE_COLUMN: _ONE_COLUMN,
}
_NO_PRICE = {*HEADER_START, "Description"}
_UNIT = "per second"
_ACTIVE_WITHDRAWN = (
    "withdrawn: since 2026-05-13 the documentation's table has one column {column!r} and none for Active workers "
    "(github.com/runpod/docs, snippets/serverless-gpu-pricing-table.mdx)"
)
"""The discount for Active workers had left the text on 2026-04-23; on 2026-05-02 it became a matter of sales."""
_MEMORY = re.compile(r"\d+ GB")


def matches(table: Table) -> bool:
    """Return whether this is the table of serverless prices."""
    return table.header[: len(HEADER_START)] == HEADER_START


def read(document: Document, table: Table) -> list[Listing]:
    """Return a listing per row and price column; without an Active column also one per row that says so.

    Raises:
        ParseError: a column, a memory size or an amount is not as known, nothing says per second, or Active workers
            cost more than Flex workers.
    """
    listings = list(_read_rows(document, table))
    words.check_active(document, listings)
    return listings


def _read_rows(document: Document, table: Table) -> Iterator[Listing]:
    unknown = [title for title in table.header if title not in _TERMS and title not in _NO_PRICE]
    if unknown or not _TERMS.keys() & set(table.header):
        problem = f"looked for the columns {', '.join(_TERMS)}, found {', '.join(table.header)}"
        raise fail(document, problem)
    for line, cells in table.rows:
        if len(cells) != len(table.header):
            problem = f"looked for {len(table.header)} cells, found {len(cells)}"
            raise fail(document, problem, row=f"line {line}")
        for column, title in enumerate(table.header, start=1):
            if title in _TERMS:
                listing = _read_cell(document, table, line, cells, column)
                yield listing
                if title == _ONE_COLUMN:
                    yield _without_active(listing, table, column)


def _without_active(listing: Listing, table: Table, column: int) -> Listing:
    """Return that the group of a listing has no Active price; what says so is the header of the only price column."""
    return replace(
        listing,
        terms=words.ACTIVE,
        price_text=None,
        absence=_ACTIVE_WITHDRAWN.format(column=table.header[column - 1]),
        locator=f"md:{table.line};{column}",
        quote=table.titles[column - 1],
    )


def _read_cell(document: Document, table: Table, line: int, cells: tuple[str, ...], column: int) -> Listing:
    group, memory, title, quote = (
        plain(cells[0]),
        plain(cells[1]),
        table.header[column - 1],
        cells[column - 1],
    )
    row = f"line {line}, {group}"
    if not group or not _MEMORY.fullmatch(memory):
        raise fail(document, f"looked for a group and a memory like '16 GB', found {cells[:2]}", row=row)
    if _UNIT not in f"{title} {table.heading}":
        problem = f"looked for {_UNIT!r} in the column {title!r} or the heading {table.heading!r}"
        raise fail(document, problem, row=row)
    printed = understand(plain(quote))
    if printed is None or printed.unit:
        raise fail(document, f"looked for an amount like '$0.00016' in {title!r}, found {quote!r}", row=row)
    return Listing(
        source=document.capture.source,
        provider=words.PROVIDER,
        service=words.SERVERLESS,
        sku=group,
        terms=_TERMS[title],
        price_text=printed.digits,
        absence=printed.absence,
        currency=words.CURRENCY,
        unit=_UNIT,
        locator=f"md:{line};{column}",
        quote=quote,
        gpu_name=group,
        gpu_count="1",
        gpu_memory=memory,
    )
