"""What a report prints, as plain text in the order of reading: the same whatever the rendering.

A run is text that nothing interrupts in any rendering. After a link a run ends, since on paper the address follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from reports.records import Block, Bullets, Heading, Line, Paragraph, Receipt, Report, Section, Span, Table
from reports.templating import SHORT_HASH


@dataclass(frozen=True, slots=True)
class Cell:
    """A line of a report and where it stands.

    Attributes:
        line: its spans.
        row: text of the first cell of its row, or the number of its list item; "" outside tables and lists.
        column: head of its column; "" outside tables.
    """

    line: Line
    row: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines that follow each other without a break: a paragraph, a list item, a table's row, a line of the cover.

    Attributes:
        section: number of its section; 0 for the cover, None for the receipts.
        where: for people, e.g. ``section 7, row L40S``.
        cells: one, or as many as the table has columns.
    """

    section: int | None
    where: str
    cells: tuple[Cell, ...]

    @property
    def runs(self) -> list[str]:
        """The passage's text, cut after every link."""
        pieces = [""]
        for cell in self.cells:
            for span in cell.line:
                pieces[-1] += span.text + "".join(f"[{number}]" for number in span.receipts)
                pieces += [""] * bool(span.url)
            pieces[-1] += " "
        return [piece.strip() for piece in pieces if piece.strip()]


def passages(report: Report) -> Iterator[Passage]:
    """Yield all that a report prints, in the order of reading."""
    yield from _cover(report)
    for section in report.sections:
        yield _plain(section.number, f"section {section.number}, title", f"{section.number}. {section.title}")
        for block in section.blocks:
            yield from _block(section, block)
    for receipt in report.receipts:
        yield from _receipt(receipt)
    yield _plain(None, "last page", f"Report generated: {report.date}")


def _plain(section: int | None, where: str, text: str) -> Passage:
    return Passage(section, where, (Cell((Span(text),)),))


def _cover(report: Report) -> Iterator[Passage]:
    yield _plain(0, "title", report.title)
    yield Passage(0, "answer", (Cell(report.answer_line or (Span(report.answer),)),))
    yield _plain(0, "date of the data", report.data_as_of)
    for notice in report.notices:
        yield _plain(0, "notice", notice)


def _block(section: Section, block: Block) -> Iterator[Passage]:
    where = f"section {section.number}"
    match block:
        case Paragraph(line=line):
            yield Passage(section.number, where, (Cell(line),))
        case Heading(text=text):
            yield _plain(section.number, f"{where}, heading", text)
        case Bullets(items=items):
            for number, item in enumerate(items, 1):
                yield Passage(section.number, f"{where}, item {number}", (Cell(item, str(number)),))
        case Table():
            yield from _table(section.number, where, block)
        case _:
            assert_never(block)


def _table(section: int, where: str, table: Table) -> Iterator[Passage]:
    yield _plain(section, f"{where}, caption", table.caption)
    yield _plain(section, f"{where}, heads", " ".join(column.head for column in table.columns))
    for row in table.rows:
        name = plain_text(row[0])
        cells = (Cell(line, name, column.head) for line, column in zip(row, table.columns, strict=True))
        yield Passage(section, f"{where}, row {name}", tuple(cells))


def _receipt(receipt: Receipt) -> Iterator[Passage]:
    """Yield a receipt in the pieces that stand in one order in every rendering."""
    others = f"; {receipt.corroboration}" if receipt.corroboration else ""
    pieces: Sequence[str] = (
        receipt.subject,
        f"{receipt.quote} {receipt.derivation}",
        receipt.source,
        f"retrieved {receipt.retrieved} ({receipt.age}), {receipt.obtained}{others}",
        f"{receipt.source_id}, sha256 {receipt.sha256[:SHORT_HASH]} at {receipt.locator}",
    )
    for piece in pieces:
        yield _plain(None, f"receipt {receipt.number}", piece)


def plain_text(line: Line) -> str:
    """Return a line's text without marks and receipts."""
    return "".join(span.text for span in line).strip()
