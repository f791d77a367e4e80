"""The records of a document that somebody else wrote, in its own words.

Nothing here knows what a GPU-hour is, and nothing here has a third-party import: `normalize` builds on these records.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class PassageKind(enum.StrEnum):
    """What a passage is in its document."""

    HEADING = "heading"
    SENTENCE = "sentence"
    ITEM = "item"
    CELL = "cell"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the document a text stands.

    Attributes:
        line: number of the line, 1 is the first.
        locator: see `scrapers.places.locate`.
        quote: what `read_locator` reads there.
    """

    line: int
    locator: str
    quote: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A heading, sentence, list item or table cell, with what a reader sees around it.

    Attributes:
        kind: which of them.
        text: without markup.
        places: offsets in `text`, ascending, each with the place from which the text runs on; the first is 0.
        headings: of the document and the sections it lies in, the outermost first.
        before: the sentences before it in its paragraph; "" for none.
        lead: the sentence that introduces its list, such as ``Total cost example:``; "" for none.
        block: number of its paragraph, list or table, 0 is the document's first.
        row: number of its row in the table, 0 is the first; of its item in the list; 0 otherwise.
        column: head of its column; "" outside tables.
        beside: head and text of the other cells of its row; empty outside tables.
        is_first: whether it is the first cell of its row, which says what the row is about.
    """

    kind: PassageKind
    text: str
    places: tuple[tuple[int, Place], ...]
    headings: tuple[str, ...] = ()
    before: str = ""
    lead: str = ""
    block: int = 0
    row: int = 0
    column: str = ""
    beside: tuple[tuple[str, str], ...] = ()
    is_first: bool = False

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self.places[0][1]

    def place_at(self, offset: int) -> Place:
        """Return the place of a character of its text."""
        return next(place for start, place in reversed(self.places) if start <= offset)


class Bound(enum.StrEnum):
    """Whether a figure is a limit."""

    NONE = ""
    AT_LEAST = "at_least"
    """``from $1.89``, ``> $2``, ``$1.89+``."""
    AT_MOST = "at_most"
    """``up to $3``, ``under $2``."""


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """An amount of money as a document prints it, or what stands where one is expected.

    Attributes:
        passage: where it stands.
        start: offset of its first character in the passage's text.
        end: offset after its last character.
        text: as printed, with currency and unit: ``~$0.30-0.50/hr``.
        low: plain digits, no thousands separators, a decimal point; "" where no amount is printed.
        high: the same as `low` unless it is a range.
        currency: ISO 4217 code; "" where none is printed.
        unit: as printed after it: ``/hr``, ``per second``; "" where none is.
        approximate: whether it is printed as an approximation: ``~``, ``about``.
        bound: whether it is printed as a limit.
        absence: what stands in place of an amount: ``TBD``, ``N/A``; "" where there is one.
    """

    passage: Passage
    start: int
    end: int
    text: str
    low: str
    high: str
    currency: str = ""
    unit: str = ""
    approximate: bool = False
    bound: Bound = Bound.NONE
    absence: str = ""

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.passage.place_at(self.start)


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of the document that could not be read.

    Attributes:
        line: number of its line, 1 is the first.
        text: its beginning.
        why: what was looked for and what was found.
    """

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document as it was read.

    Attributes:
        name: of its file.
        sha256: of the whole file, hexadecimal.
        size: of the whole file, in bytes.
        media_type: ``text/markdown`` or ``text/html``.
        title: its first heading; "" without one.
        declared_date: what it says of its own date in its front matter or head, as printed; "" for nothing.
        passages: in their order.
        figures: in their order.
        unread: what could not be read.
        cut_off: whether only its beginning was read.
    """

    name: str
    sha256: str
    size: int
    media_type: str
    title: str
    declared_date: str
    passages: tuple[Passage, ...]
    figures: tuple[PrintedFigure, ...]
    unread: tuple[Unread, ...]
    cut_off: bool
