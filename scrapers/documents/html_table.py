"""Tables of an HTML page as a grid: merged cells stand in every row and column they cover."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import Tag

from scrapers.documents.html_text import own_text, place_of
from scrapers.documents.records import Passage, Place
from scrapers.documents.sentences import MOST_PASSAGES
from scrapers.documents.table_rows import row_passages

_WIDEST = 100
"""Rows or columns that one merged cell may cover; a larger number is a mistake or an attack."""
_MOST_CELLS = MOST_PASSAGES + 1_000
"""Of a larger table the beginning is read: more than is looked at, heads included, so that the cut is noticed."""


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    place: Place
    is_head: bool


def table_passages(table: Tag, *, headings: tuple[str, ...], block: int) -> Iterator[Passage]:
    """Yield the cells of a table; a row that is one cell wide is a heading of the rows below it.

    Args:
        table: a ``table`` that holds no other.
        headings: of the sections it lies in.
        block: its number in the document.
    """
    grid = _grid(table)
    if not grid:
        return
    caption = table.find("caption")
    if isinstance(caption, Tag) and own_text(caption, whole=True):
        headings = (*headings, own_text(caption, whole=True))
    heads, body = _heads(grid)
    part: list[list[_Cell]] = []
    inside = headings
    for row in body:
        if len(row) > 1 and len({id(cell) for cell in row}) == 1:
            yield from _rows(heads, part, inside, block)
            part, inside = [], (*headings, row[0].text)
        else:
            part.append(row)
    yield from _rows(heads, part, inside, block)


def _rows(heads: list[str], rows: list[list[_Cell]], headings: tuple[str, ...], block: int) -> Iterator[Passage]:
    texts = [[cell.text for cell in row] for row in rows]
    places = [[cell.place for cell in row] for row in rows]
    return row_passages(heads, texts, places, headings=headings, lead="", block=block)


def _heads(grid: list[list[_Cell]]) -> tuple[list[str], list[list[_Cell]]]:
    """Return the columns' heads, of several rows joined, and the rows below; the first row is one in any case."""
    rows = 1
    while rows < len(grid) and all(cell.is_head for cell in grid[rows]):
        rows += 1
    heads = [" ".join(dict.fromkeys(row[n].text for row in grid[:rows])).strip() for n in range(len(grid[0]))]
    return heads, grid[rows:]


def _grid(table: Tag) -> list[list[_Cell]]:
    """Return the rows, each as wide as the widest; a cell that is missing is empty."""
    covered: dict[tuple[int, int], _Cell] = {}
    rows = list(table.find_all("tr", limit=_MOST_CELLS))
    for number, row in enumerate(rows):
        if len(covered) > _MOST_CELLS:
            rows = rows[:number]
            break
        column = 0
        for tag in row.find_all(["td", "th"], recursive=False):
            while (number, column) in covered:
                column += 1
            cell = _Cell(own_text(tag, whole=True), place_of(tag), tag.name == "th")
            wide, high = _span(tag, "colspan"), _span(tag, "rowspan")
            for y in range(number, min(number + high, len(rows))):
                for x in range(column, column + wide):
                    covered.setdefault((y, x), cell)
            column += wide
    width = max((x + 1 for _, x in covered), default=0)
    nothing = _Cell("", Place(1, "", ""), is_head=False)
    grid = [[covered.get((y, x), nothing) for x in range(width)] for y in range(len(rows))]
    return [row for row in grid if any(cell.text for cell in row)]


def _span(tag: Tag, name: str) -> int:
    value = str(tag.get(name, "1"))
    return min(int(value), _WIDEST) or 1 if re.fullmatch(r"\d{1,6}", value) else 1
