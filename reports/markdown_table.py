"""Tables as Markdown whose pipes stand below each other when read raw."""

import unicodedata
from itertools import zip_longest

from reports.markdown_text import inline, text
from reports.records import Table

# A cell wider than this (a link with a long address) runs over instead of pushing every other row apart.
WIDEST_PADDED_CELL = 60
_NARROWEST_COLUMN = 3  # a delimiter row needs three dashes in some dialects
_EMOJI_SELECTOR = "\ufe0f"


def table_lines(table: Table) -> list[str]:
    """Render a table as its Markdown lines: heads, delimiters, rows.

    Args:
        table: with as many cells in each row as there are columns.

    Returns:
        Lines without line ends. Columns of figures are flush right.
    """
    rows = [[text(column.head) for column in table.columns]]
    rows += [[inline(cell, cell=True) for cell in row] for row in table.rows]
    widths = [_column_width(cells) for cells in zip(*rows, strict=True)]
    right = [column.figures for column in table.columns]
    lines = [_row_line(row, widths, right) for row in rows]
    rule = ["-" * (width + 1) + (":" if flush else "-") for width, flush in zip(widths, right, strict=True)]
    lines.insert(1, f"|{'|'.join(rule)}|")
    return lines


def display_width(markdown: str) -> int:
    """Count the columns that a text takes in a fixed-width font: two for wide characters and emoji, none for marks."""
    width = 0
    for character, following in zip_longest(markdown, markdown[1:], fillvalue=""):
        if unicodedata.combining(character) or character == _EMOJI_SELECTOR:
            continue
        wide = unicodedata.east_asian_width(character) in "WF" or following == _EMOJI_SELECTOR
        width += 2 if wide else 1
    return width


def _column_width(cells: tuple[str, ...]) -> int:
    """Find the width to pad a column to."""
    fitting = (width for width in map(display_width, cells) if width <= WIDEST_PADDED_CELL)
    return max([_NARROWEST_COLUMN, *fitting])


def _row_line(cells: list[str], widths: list[int], right: list[bool]) -> str:
    """Join the cells of a row, padded."""
    padded = []
    for cell, width, flush in zip(cells, widths, right, strict=True):
        space = " " * max(0, width - display_width(cell))
        padded.append(f"{space}{cell}" if flush else f"{cell}{space}")
    return f"| {' | '.join(padded)} |"
