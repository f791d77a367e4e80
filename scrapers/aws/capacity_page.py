"""The rate tables of AWS's Capacity Blocks page: they are known by their header, not by their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scrapers.aws.capacity_tables import Cell, Table, embedded_tables, html_tables
from scrapers.places.pages import read_page
from scrapers.records import Document
from scrapers.strict import fail, one

_ROLE_OF = {
    "instance type": "sku",
    "ultraserver type": "sku",
    "region": "region",
    "region code": "region_code",
    "effective hourly rate": "rate",
    "effective hourly rate per instance": "rate",
    "effective instance hourly rate": "rate",
    "effective hourly rate per accelerator": "accelerator_rate",
    "effective accelerator hourly rate": "accelerator_rate",
    "accelerator": "accelerators",
    "accelerators": "accelerators",
    "gpu": "accelerators",
    "accelerator memory": "memory",
}
"""Headings in lower case: those of 2026 and of 2024-12, and the words of people who quote the page in
between."""
_NEEDED = ("sku", "region", "rate")

Row = Mapping[str, Cell]
"""The cells of a row by role: sku, region, rate and, where the table has them, region_code, accelerator_rate,
accelerators, memory."""


def read_rate_rows(document: Document) -> Iterator[Row]:
    """Yield the rows of all tables that name an instance type and a region.

    Raises:
        ParseError: there is no such table, or one has no rate, or a column that may hold a price and is not
            known.
    """
    page = read_page(document)
    tables = [*embedded_tables(document, page), *html_tables(document, page)]
    rate_tables = [table for table in tables if {"sku", "region"} <= set(_roles(table))]
    if not rate_tables:
        headers = "; ".join(", ".join(table.header) for table in tables) or "no tables"
        raise fail(document, f"looked for tables with instance types and regions, found {headers}")
    for table in rate_tables:
        _check_header(document, table)
        for number, cells in enumerate(table.rows, start=1):
            row = {role: cell for role, cell in zip(_roles(table), cells, strict=True) if role and cell}
            missing = ", ".join(role for role in _NEEDED if role not in row)
            if missing:
                raise fail(document, f"looked for {missing}, found no such cell", row=f"row {number}")
            yield row


def column_names(document: Document) -> frozenset[str]:
    """Return the columns of all tables of the page, whatever they are about.

    Raises:
        ParseError: a script with tables is not built as described.
    """
    page = read_page(document)
    tables = [*embedded_tables(document, page), *html_tables(document, page)]
    return frozenset(name for table in tables for name in table.header)


def _roles(table: Table) -> list[str | None]:
    return [_ROLE_OF.get(name.casefold()) for name in table.header]


def _check_header(document: Document, table: Table) -> None:
    named = list(zip(table.header, _roles(table), strict=True))
    place = f"table with the columns {', '.join(table.header)}"
    for needed in _NEEDED:
        one(document, [name for name, role in named if role == needed], f"{needed} column", row=place)
    unknown = [name for name, role in named if role is None and _may_hold_price(name)]
    if unknown:
        problem = f"unknown columns {', '.join(unknown)}; add them to scrapers/aws/capacity_page.py"
        raise fail(document, problem, row=place)


def _may_hold_price(name: str) -> bool:
    return any(word in name.casefold() for word in ("rate", "price", "fee", "cost", "usd"))
