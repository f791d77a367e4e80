"""What a report must keep to before anything is printed of it."""

from collections.abc import Iterator
from datetime import date
from typing import assert_never

from reports.printed import states
from reports.records import Block, Bullets, Heading, Line, Paragraph, Report, Table

OWN_ANCHORS = frozenset({"content", "contents", "receipts"})
"""What the HTML template calls its own parts."""


def check_report(report: Report) -> None:
    """Make sure that a report can be rendered without a figure losing its evidence or a cell its column.

    Raises:
        ValueError: if the date is not an ISO date, two sections have one anchor, a cited receipt is not there, a figure
            is not printed as it was computed, or a table's row has another number of cells than the table has columns;
            the message names the section.
    """
    date.fromisoformat(report.date)
    _check_anchors(report)
    known = {receipt.number for receipt in report.receipts}
    for section in report.sections:
        where = f"section {section.number} ({section.title})"
        for block in section.blocks:
            if isinstance(block, Table):
                _check_cells(block, where)
            cited = {number for line in _lines(block) for span in line for number in span.receipts}
            _check_figures(block, where)
            if missing := sorted(cited - known):
                raise ValueError(f"{where} cites receipts {missing}, which are not among the report's {len(known)}")


def _check_anchors(report: Report) -> None:
    """Make sure that a link to a section ends there."""
    taken = set(OWN_ANCHORS)
    for section in report.sections:
        if section.anchor in taken:
            raise ValueError(f"section {section.number} ({section.title}): the anchor {section.anchor!r} is taken")
        taken.add(section.anchor)


def _check_cells(table: Table, where: str) -> None:
    """Make sure that every row fills its columns."""
    for number, row in enumerate(table.rows, 1):
        if len(row) != len(table.columns):
            raise ValueError(
                f"{where}, table {table.caption!r}: row {number} has {len(row)} cells for {len(table.columns)} columns"
            )


def _check_figures(block: Block, where: str) -> None:
    """Make sure that every figure is printed as it was computed."""
    for span in (span for line in _lines(block) for span in line):
        if span.figure is not None and not states(span.text, span.figure.value):
            raise ValueError(f"{where} prints {span.text!r} for the figure {span.figure.value}")


def _lines(block: Block) -> Iterator[Line]:
    """Yield the lines of a block."""
    match block:
        case Paragraph(line=line):
            yield line
        case Bullets(items=items):
            yield from items
        case Table(rows=rows):
            for row in rows:
                yield from row
        case Heading():
            pass
        case _:
            assert_never(block)
