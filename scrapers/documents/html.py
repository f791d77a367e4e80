"""An HTML document's headings, sentences, list items and table cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag

from scrapers.documents.html_table import table_passages
from scrapers.documents.html_text import BLOCKS, HIDDEN, own_text, place_of
from scrapers.documents.records import Passage, PassageKind, Unread
from scrapers.documents.sentences import LONGEST_LINE, MOST_PASSAGES, remembered, sentences
from scrapers.places.locate import parse_html

_DATES = (
    ('meta[property="article:modified_time"]', "content"),
    ('meta[property="article:published_time"]', "content"),
    ('meta[name="date"]', "content"),
    ('meta[name="dcterms.modified"]', "content"),
    ('meta[name="dcterms.created"]', "content"),
    ("time[datetime]", "datetime"),
)
"""Where pages say of when they are, the newest statement first (https://ogp.me/, https://schema.org)."""
_SIGN = re.compile(r"[$€£¥]\s?\d")


@dataclass
class HtmlReading:
    """What was read so far; attributes as in `scrapers.documents.markdown.MarkdownReading`."""

    title: str = ""
    declared_date: str = ""
    passages: list[Passage] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    _headings: list[tuple[int, str]] = field(default_factory=list)
    _lead: str = ""
    _lists: dict[int, tuple[int, int]] = field(default_factory=dict)

    def read(self, number: int, tag: Tag) -> None:
        """Read one block of the page, the n-th; what lies in blocks inside it is read with those."""
        headings = tuple(text for _, text in self._headings)
        if tag.name == "table":
            self.passages += table_passages(tag, headings=headings, block=number)
            return
        text = own_text(tag)
        if not text:
            return
        if tag.name == "pre":
            if _SIGN.search(text):
                self.unread.append(Unread(tag.sourceline or 1, text[:120], "a code block is not read"))
        elif re.fullmatch("h[1-6]", tag.name):
            self._read_heading(number, tag, text)
        else:
            self._read_text(number, tag, text, headings)

    def _read_heading(self, number: int, tag: Tag, text: str) -> None:
        level = int(tag.name[1])
        self._headings = [(depth, head) for depth, head in self._headings if depth < level]
        above = tuple(head for _, head in self._headings)
        self.passages.append(Passage(PassageKind.HEADING, text, ((0, place_of(tag)),), above, block=number))
        self._headings.append((level, text))
        self.title = self.title or text

    def _read_text(self, number: int, tag: Tag, text: str, headings: tuple[str, ...]) -> None:
        place = place_of(tag)
        if len(text) > LONGEST_LINE:
            why = f"{len(text)} characters in one {tag.name}: looked for sentences"
            self.unread.append(Unread(place.line, text[:120], why))
            return
        parent = tag.parent if tag.name in {"li", "dt", "dd"} else None
        kind = PassageKind.SENTENCE if parent is None else PassageKind.ITEM
        block, row = self._lists.get(id(parent), (number, 0)) if parent else (number, 0)
        self._lists[id(parent)] = (block, row + 1)
        lead, before = self._lead if parent else "", ""
        for sentence, places in sentences([(text, place)]):
            self.passages.append(Passage(kind, sentence, places, headings, before, lead, block, row))
            before = remembered(before, sentence)
        if parent is None:
            self._lead = text if text.endswith(":") else ""


def read_html(body: bytes) -> HtmlReading:
    """Read an HTML document.

    Args:
        body: the file's bytes, UTF-8.
    """
    soup = parse_html(body)
    reading = HtmlReading(declared_date=_declared_date(soup))
    tables = [table for table in soup.find_all("table") if table.find("table") is None]
    inside = {id(tag) for table in tables for tag in table.find_all([*BLOCKS])}
    inside |= {id(tag) for hidden in soup.find_all([*HIDDEN]) for tag in hidden.find_all([*BLOCKS])}
    for number, tag in enumerate(soup.find_all([*BLOCKS])):
        data_table = tag.name == "table" and tag.find("table") is None
        if len(reading.passages) > MOST_PASSAGES:
            break
        if id(tag) not in inside and (tag.name != "table" or data_table):
            reading.read(number, tag)
    if not reading.title and soup.title is not None:
        reading.title = own_text(soup.title)
    return reading


def _declared_date(soup: BeautifulSoup) -> str:
    for selector, attribute in _DATES:
        found = soup.select_one(selector)
        if found is not None and found.get(attribute):
            return str(found[attribute])
    return ""
