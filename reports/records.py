"""What a report is made of: everything a template may see. Templates compute nothing.

A report is a list of sections, a section a list of blocks, a block made of spans of text. Spans know what they are
(bold, a link, a figure with receipts), never how they look: Markdown, HTML and PDF are three renderings of the same
records.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from normalize.computed import Computed


class Mark(enum.StrEnum):
    """A sign before a span; each rendering has its own glyph and its own words for a screen reader."""

    NONE = ""
    YES = "yes"
    NO = "no"
    LIMITED = "limited"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text.

    Attributes:
        text: plain text; a rendering escapes it.
        bold: whether it stands out.
        code: whether it is a literal name (an instance type, an error code).
        url: where it links to; "" for nowhere. Only http and https.
        wiki: whether it is an Obsidian wiki link (``[[client-archibus]]``); plain text elsewhere.
        mark: a sign before it.
        receipts: numbers of the receipts that the figure in it rests on, in order.
        figure: what the first number in it is computed from; None where it is no figure.
    """

    text: str
    bold: bool = False
    code: bool = False
    url: str = ""
    wiki: bool = False
    mark: Mark = Mark.NONE
    receipts: tuple[int, ...] = ()
    figure: Computed | None = None


Line = tuple[Span, ...]
"""Spans that follow each other without a break; white space between them is in their texts."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph."""

    line: Line


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the section's own."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; numbered when `ordered`."""

    items: tuple[Line, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column: its head (with unit) and whether it holds figures (set flush right)."""

    head: str
    figures: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; every row has as many cells as there are columns. The first cell of a row is its head.

    Attributes:
        caption: what the table shows, with currency and date.
        columns: heads.
        rows: cells.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Line, ...], ...]


Block = Paragraph | Heading | Bullets | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section.

    Attributes:
        number: as printed, 1 is the first.
        anchor: id for links, lower-case words joined by hyphens.
        title: without its number.
        blocks: content; never empty.
    """

    number: int
    anchor: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where a figure was read.

    Attributes:
        number: as cited, 1 is the first.
        source: title of the source.
        source_id: its id, for ``ratecard show``.
        url: public address; http or https.
        retrieved: when it was read there, as printed, e.g. ``2025-08-25`` or ``2026-08`` or with a time and UTC.
        age: e.g. ``98 days before this report``.
        obtained: ``live``, ``imported`` or ``reconstructed``.
        sha256: of the archived body.
        locator: where in the body.
        quote: the text that stands there.
        subject: what the figure is the price of, e.g. ``RunPod Serverless flex, L40, L40S, 6000 Ada PRO``.
        derivation: how the printed figure follows from the quote, e.g. ``0.00053 USD per second x 3600 / 1 GPU``.
        corroboration: how many sources stand behind the figure, and who contradicts it, e.g. ``2 sources: aws-ec2,
            vantage-ec2``; "" for what is no price.
        retrieved_at: when it was read there, ISO 8601, UTC.
        body: path of the archived body in the store.
    """

    number: int
    source: str
    source_id: str
    url: str
    retrieved: str
    age: str
    obtained: str
    sha256: str
    locator: str
    quote: str
    subject: str
    derivation: str
    corroboration: str = ""
    retrieved_at: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A piece of a page's screenshot with the figure outlined.

    Attributes:
        png: the file.
        width: in pixels.
        height: in pixels.
    """

    png: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Exhibit:
    """What stands around a receipt's quote, for whoever opens the receipt; paper and Markdown do without.

    Attributes:
        before: lines before the quoted text, and what stands before it in its own line.
        value: the quoted text as it stands there.
        after: what follows.
        picture: how it looked; None where there is no screenshot of it.
    """

    before: str
    value: str
    after: str
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A client report.

    Attributes:
        title: document title.
        client: for people, e.g. ``Archibus``.
        client_link: name of the client's page for an Obsidian wiki link, e.g. ``client-archibus``.
        publish: front matter.
        language: BCP 47.
        author: document author.
        date: the report's date, ISO, e.g. ``2025-12-01``.
        data_as_of: the market's date and time, as printed.
        answer: the one-line answer, as text.
        notices: sentences that must stand on the first page (reconstructed data, stale sources).
        sections: numbered from 1.
        receipts: numbered from 1, each cited at least once.
        related_issue: e.g. ``DaveX2001/deliverable-tracking#9``; "" for none.
        generator: name and version of the program.
        exhibits: what there is to show of a receipt, by its number; a receipt may have none.
        brief: name of the brief.
        as_of: the market's date and time, ISO 8601, UTC.
        answer_line: the one-line answer with its figures.
    """

    title: str
    client: str
    client_link: str
    publish: bool
    language: str
    author: str
    date: str
    data_as_of: str
    answer: str
    notices: tuple[str, ...]
    sections: tuple[Section, ...]
    receipts: tuple[Receipt, ...]
    related_issue: str
    generator: str
    exhibits: Mapping[int, Exhibit] = field(default_factory=dict)
    brief: str = ""
    as_of: str = ""
    answer_line: Line = ()
