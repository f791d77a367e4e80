"""A Markdown document's headings, sentences, list items and table cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from scrapers.documents.markdown_blocks import CONTENTS, Block, BlockKind, blocks, items
from scrapers.documents.markdown_text import visible
from scrapers.documents.records import Passage, PassageKind, Place, Unread
from scrapers.documents.sentences import LONGEST_LINE, remembered, sentences
from scrapers.documents.table_rows import row_passages
from scrapers.places.locate import markdown_cells
from scrapers.places.pointers import fold

_BULLET = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?|^\s*(?:>\s*)+|^\s*#{1,6}\s+|\s+#+\s*$")
_DATE = re.compile(r"(?:^|\b)(?:date|published|updated|last_modified_at)\s*:\s*[\"']?(.+?)[\"']?\s*$", re.IGNORECASE)
_SIGN = re.compile(r"[$€£¥]\s?\d|\d\s?(?:USD|EUR|GBP)\b")
_SHOWN = 120


@dataclass
class MarkdownReading:
    """What was read so far.

    Attributes:
        title: the first heading of the highest level met first.
        declared_date: of the front matter, as printed.
        passages: in their order.
        unread: what could not be read.
    """

    title: str = ""
    declared_date: str = ""
    passages: list[Passage] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    _headings: list[tuple[int, str]] = field(default_factory=list)
    _lead: str = ""

    @property
    def headings(self) -> tuple[str, ...]:
        """Return the headings of the section that is being read."""
        return tuple(text for _, text in self._headings)

    def read(self, number: int, block: Block) -> None:
        """Read one block, the document's n-th."""
        lead, self._lead = self._lead, ""
        match block.kind:
            case BlockKind.FRONT_MATTER:
                self._read_front_matter(block)
            case BlockKind.HEADING:
                self._read_heading(number, block)
            case BlockKind.TABLE:
                self._read_table(number, block, lead)
            case BlockKind.LIST:
                for row, item in enumerate(items(block)):
                    self._read_text(number, item, PassageKind.ITEM, lead, row)
            case BlockKind.PARAGRAPH:
                self._read_text(number, block.lines, PassageKind.SENTENCE, lead, 0)
                last = visible(block.lines[-1][1])
                self._lead = self.passages[-1].text if last.endswith(":") and self.passages else ""
            case BlockKind.CODE | BlockKind.COMMENT | BlockKind.LOOSE_ROWS:
                self._note_unread(block)

    def _read_front_matter(self, block: Block) -> None:
        found = next((m for _, line in block.lines if (m := _DATE.match(line))), None)
        self.declared_date = found[1] if found else ""

    def _read_heading(self, number: int, block: Block) -> None:
        line_number, line = block.lines[0]
        text = visible(_BULLET.sub("", line))
        self._headings = [(level, head) for level, head in self._headings if level < block.level]
        self._read_text(number, ((line_number, line),), PassageKind.HEADING, "", 0)
        self._headings.append((block.level, text.removesuffix(":")))
        if not self.title and text.lower() not in CONTENTS:
            self.title = text

    def _read_table(self, number: int, block: Block, lead: str) -> None:
        head, _, *rows = [(line, text.strip()) for line, text in block.lines if text.strip()]
        heads = [visible(cell) for cell in markdown_cells(head[1])]
        for cell, (text, quote) in enumerate(zip(heads, markdown_cells(head[1]), strict=True), 1):
            if _SIGN.search(text):
                place = Place(head[0], f"md:{head[0]};{cell}", quote)
                self.passages.append(Passage(PassageKind.HEADING, text, ((0, place),), self.headings, block=number))
        whole: list[tuple[int, list[str]]] = []
        for line, text in rows:
            cells = markdown_cells(text)
            if why := _misfit(cells, text, len(heads), closed=head[1].endswith("|")):
                self.unread.append(Unread(line, _begin(" | ".join(cells)), why))
            else:
                whole.append((line, cells))
        places = [[Place(line, f"md:{line};{n}", cell) for n, cell in enumerate(cells, 1)] for line, cells in whole]
        texts = [[visible(cell) for cell in cells] for _, cells in whole]
        self.passages += row_passages(heads, texts, places, headings=self.headings, lead=lead, block=number)

    def _read_text(self, number: int, lines: Sequence[tuple[int, str]], kind: PassageKind, lead: str, row: int) -> None:
        """Read the sentences of some lines; a heading is one however many full stops it has."""
        for line_number, line in lines:
            if len(line) > LONGEST_LINE:
                why = f"a line of {len(line):,} characters: looked for at most {LONGEST_LINE:,}"
                self.unread.append(Unread(line_number, _begin(line), why))
        lines = [(line_number, line) for line_number, line in lines if len(line) <= LONGEST_LINE]
        before = ""
        for text, places in sentences(list(_pieces(lines))):
            self.passages.append(Passage(kind, text, places, self.headings, before, lead, number, row))
            before = remembered(before, text)

    def _note_unread(self, block: Block) -> None:
        """Note what is left out on purpose, where a price may stand in it."""
        reasons = {
            BlockKind.CODE: "a code block is not read",
            BlockKind.COMMENT: "a comment is not read: no reader sees it",
            BlockKind.LOOSE_ROWS: "looked for a table's head and its line of dashes above these cells",
        }
        for line, text in block.lines:
            if block.kind is BlockKind.LOOSE_ROWS or _SIGN.search(text):
                self.unread.append(Unread(line, _begin(text), reasons[block.kind]))


def _misfit(cells: Sequence[str], text: str, width: int, *, closed: bool) -> str:
    """Return why a row does not fit its table's head; "" when it does. The column of a cell is never guessed."""
    if len(cells) != width:
        return f"looked for {width} cells as in the table's head, found {len(cells)}"
    return "the row is not closed: it may be cut off" if closed and not text.endswith("|") else ""


def _pieces(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[str, Place]]:
    """Yield what a reader sees of each line, and its place; a line's bare pipes part it into cells for a locator."""
    for number, line in lines:
        for cell, quote in enumerate(markdown_cells(line), 1):
            text = visible(_BULLET.sub("", line if cell == 1 and "|" not in line else quote))
            if text:
                yield text, Place(number, f"md:{number};{cell}", quote)


def _begin(text: str) -> str:
    folded = fold(text)
    return folded if len(folded) <= _SHOWN else f"{folded[:_SHOWN]}…"


def read_markdown(text: str) -> MarkdownReading:
    """Read a Markdown document, or plain text with or without pipe tables.

    Args:
        text: the file's text, line ends as they are.
    """
    reading = MarkdownReading()
    for number, block in enumerate(blocks(text.splitlines())):
        reading.read(number, block)
    return reading
