"""Columns of a table on the pricing page."""

from __future__ import annotations

from bs4 import Tag

from scrapers.runpod.page_text import text_of


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
