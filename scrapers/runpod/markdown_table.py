"""Tables of a Markdown or MDX file, with the line and cell numbers that a locator needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scrapers.places.locate import markdown_cells

_DELIMITER = re.compile(r":?-+:?")
_EMPHASIS = re.compile(r"\*\*|\\(?=\W)")
"""Bold, and the backslash before a character that Markdown would read otherwise (``\\$`` in MDX)."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Attributes:
        line: number of the header's line; 1 is the file's first.
        titles: the header's cells, as `markdown_cells` gives them.
        header: their plain text.
        heading: the nearest heading above the table, without its #; "" where there is none.
        rows: line number and cells of every row, the cells as `markdown_cells` gives them.
    """

    line: int
    titles: tuple[str, ...]
    header: tuple[str, ...]
    heading: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def plain(cell: str) -> str:
    """Return a cell's text without bold and without backslashes."""
    return _EMPHASIS.sub("", cell).strip()


def tables(text: str) -> Iterator[Table]:
    """Yield the tables of a file in their order; a table is a line of cells, a line of dashes, and rows."""
    lines = text.splitlines()
    heading = ""
    for number, line in enumerate(lines):
        if line.startswith("#"):
            heading = plain(line.lstrip("# "))
        if _is_row(line) and number + 1 < len(lines) and _is_delimiter(lines[number + 1]):
            yield Table(
                line=number + 1,
                titles=tuple(markdown_cells(line)),
                header=tuple(plain(cell) for cell in markdown_cells(line)),
                heading=heading,
                rows=tuple(_rows(lines, number + 2)),
            )


def _rows(lines: list[str], start: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    for number, line in enumerate(lines[start:], start=start):
        if not _is_row(line):
            return
        yield number + 1, tuple(markdown_cells(line))


def _is_row(line: str) -> bool:
    return line.strip().startswith("|")


def _is_delimiter(line: str) -> bool:
    return _is_row(line) and all(_DELIMITER.fullmatch(cell) for cell in markdown_cells(line))
