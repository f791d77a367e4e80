"""A document's figures, with everything that could not be read: nothing is left out in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from scrapers.documents.figures import CURRENCIES, absent_figure, figures_in, in_words, plain_figure
from scrapers.documents.html import HtmlReading, read_html
from scrapers.documents.markdown import MarkdownReading, read_markdown
from scrapers.documents.opening import READ_BYTES, open_file
from scrapers.documents.records import Passage, PassageKind, PrintedFigure, ReadDocument, Unread
from scrapers.documents.sentences import LONGEST, MOST_PASSAGES

MOST_FIGURES = 2_000
"""More than a person reads is not judged; what is left out is said."""
_PRICE_HEAD = re.compile(
    r"[$€£¥]|\b(?:price|pricing|cost|rate|usd|eur|gbp|hourly|monthly|preis)s?\b"
    r"|/\s?(?:hr|h|hour|s|sec|mo)\b|\bper (?:hour|second|minute|month)\b",
    re.IGNORECASE,
)
_OTHER_COLUMN = re.compile(
    r"%|saving|delta|diff|change|source|note|link|reference|discount|ratio|model\b", re.IGNORECASE
)
_CODE = re.compile(r"[$€£¥]|\b(?:USD|EUR|GBP|CAD|AUD|CNY|JPY|CHF)\b")
_SHOWN = 120


def read_document(path: Path) -> ReadDocument:
    """Read somebody's document: Markdown, plain text or HTML.

    Raises:
        UsageError: it cannot be opened, or is no such document.
    """
    opened = open_file(path)
    reading: HtmlReading | MarkdownReading
    if opened.media_type == "text/html":
        reading = read_html(opened.body)
    else:
        reading = read_markdown(opened.body.decode("utf-8-sig", errors="ignore"))
    short = [p for p in reading.passages[:MOST_PASSAGES] if len(p.text) <= LONGEST]
    figures = list(_figures(short))
    unread = [
        *reading.unread,
        *_too_long(reading.passages),
        *_overlong(reading.passages),
        *_in_words(short),
        *_too_many(figures),
    ]
    if opened.cut_off:
        last = opened.body.count(b"\n") + 1
        why = f"the file has {opened.size:,} bytes; what lies after the first {READ_BYTES:,} was not read"
        unread.append(Unread(last, "", why))
    return ReadDocument(
        name=opened.name,
        sha256=opened.sha256,
        size=opened.size,
        media_type=opened.media_type,
        title=reading.title,
        declared_date=reading.declared_date,
        passages=tuple(short),
        figures=tuple(figures[:MOST_FIGURES]),
        unread=tuple(sorted(unread, key=lambda u: u.line)),
        cut_off=opened.cut_off,
    )


def _too_long(passages: Sequence[Passage]) -> Iterator[Unread]:
    if len(passages) > MOST_PASSAGES:
        first = passages[MOST_PASSAGES]
        why = f"more than {MOST_PASSAGES:,} sentences and cells: those from here on were not read"
        yield Unread(first.place.line, first.text[:_SHOWN], why)


def _overlong(passages: Sequence[Passage]) -> Iterator[Unread]:
    for passage in passages:
        if len(passage.text) > LONGEST:
            why = f"{len(passage.text)} characters without a full stop: looked for sentences"
            yield Unread(passage.place.line, passage.text[:_SHOWN], why)


def _in_words(passages: Sequence[Passage]) -> Iterator[Unread]:
    for passage in passages:
        if found := in_words(passage.text):
            yield Unread(passage.place.line, passage.text[:_SHOWN], f"a price in words is not read: {found!r}")


def _too_many(figures: Sequence[PrintedFigure]) -> Iterator[Unread]:
    if len(figures) > MOST_FIGURES:
        first = figures[MOST_FIGURES]
        why = f"more than {MOST_FIGURES:,} figures: those from here on were not judged"
        yield Unread(first.place.line, first.passage.text[:_SHOWN], why)


def _figures(passages: Sequence[Passage]) -> Iterator[PrintedFigure]:
    """Yield the figures in the order of the document; a table's columns are looked at as a whole first."""
    for _, group in groupby(passages, key=lambda p: (p.kind is PassageKind.CELL, p.block)):
        together = list(group)
        if together[0].kind is PassageKind.CELL:
            yield from _of_table(together)
        else:
            yield from (figure for passage in together for figure in figures_in(passage))


def _of_table(cells: Sequence[Passage]) -> Iterator[PrintedFigure]:
    """Yield the figures of a table, and what stands in place of one in its columns of prices."""
    priced = {cell.column for cell in cells if next(figures_in(cell), None) is not None}
    for cell in cells:
        found = list(figures_in(cell))
        if not found and not _OTHER_COLUMN.search(cell.column):
            head = _PRICE_HEAD.search(cell.column)
            number = plain_figure(cell, _currency(cell.column)) if head else None
            absent = absent_figure(cell) if head or cell.column in priced else None
            found = [figure for figure in (number or absent,) if figure is not None]
        yield from found


def _currency(head: str) -> str:
    found = _CODE.search(head)
    return CURRENCIES[found[0].lower()] if found else ""
