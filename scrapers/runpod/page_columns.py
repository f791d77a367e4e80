"""Columns of a table on the pricing page."""

from __future__ import annotations

from collections.abc import Iterable

from bs4 import Tag

from scrapers.places.locate import css_path
from scrapers.records import Document
from scrapers.runpod.page_text import text_of
from scrapers.strict import fail


def column_header(place: Tag) -> str:
    """Return the header of the table column that an element stands in, "" where there is none."""
    cell = place if place.name == "td" else place.find_parent("td")
    table = place.find_parent("table")
    header = table.find("tr") if table is not None else None
    if cell is None or header is None:
        return ""
    titles = header.find_all("th", recursive=False)
    column = len(cell.find_previous_siblings(["td", "th"]))
    return text_of(titles[column]) if column < len(titles) else ""


def check_columns(document: Document, row: Tag) -> None:
    """Refuse a table row with other cells than its header has: its prices would be read under their neighbours' names.

    Raises:
        ParseError: the row has more or fewer cells.
    """
    table = row.find_parent("table")
    header = table.find("tr") if table is not None else None
    if header is None:
        return
    titles = header.find_all("th", recursive=False)
    cells = row.find_all(["td", "th"], recursive=False)
    if titles and _width(cells) != _width(titles):
        problem = (
            f"looked for {_width(titles)} cells as in {text_of(header)!r}, found {_width(cells)}: {text_of(row)!r}"
        )
        raise fail(document, problem, row=css_path(row))


def _width(cells: Iterable[Tag]) -> int:
    spans = (str(cell.get("colspan", "1")) for cell in cells)
    return sum(int(span) if span.isdecimal() else 1 for span in spans)
