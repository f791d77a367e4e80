"""Locators: where in a body a figure stands, and how to go there again.

A locator is a short text, `kind:place`. It is written by a parser and read by `read_locator`, which returns
the text that stands there, exactly as a parser must quote it.

======== ================================================= =============================================
kind     place                                             example
======== ================================================= =============================================
json     JSON Pointer (RFC 6901)                           ``json:/0/pricing/us-east-1/linux/ondemand``
script   number of the JSON script, then JSON Pointer      ``script:2/data/items/0/fields/itemTableData/5/3``
jsonld   number of the ld+json script, then JSON Pointer   ``jsonld:0/@graph/3/offers/highPrice``
csv      record (1 is the file's first), column name       ``csv:7;PricePerUnit``
row      a column and its text, column name                ``row:SKU=EXAMPLE1;PricePerUnit``
md       line (1 is the file's first), cell (1 is first)   ``md:14;3``
css      CSS path, optionally ``@attribute``               ``css:body > div:nth-of-type(2) > p@data-secure``
======== ================================================= =============================================

A ``row`` is the first record whose column has that text: a place in a file of hundreds of MB is found again without
counting its records, and reading there takes the memory of a few blocks.

A JSON number is quoted with its digits as printed, an object or array as JSON, and every text with its white
space folded. The texts in a page's JSON scripts are pieces of HTML, and quoted without their tags. A pointer
may go on into a text that is JSON itself. A JSON body may be wrapped in a callback (JSONP).
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections.abc import Callable
from functools import cached_property
from typing import Any

from bs4 import BeautifulSoup, Tag
from soupsieve import SelectorSyntaxError, escape

from scrapers.csv_search import find_record
from scrapers.errors import ParseError
from scrapers.pointers import fold, pointer
from scrapers.records import Document

__all__ = [
    "OpenBody",
    "css_path",
    "fold",
    "fragment_text",
    "markdown_cells",
    "parse_html",
    "pointer",
    "read_locator",
    "walk",
    "without_callback",
]

_WHOLE = re.compile(r"0|[1-9][0-9]*")
_JSONP = re.compile(rb"\s*[A-Za-z_$][\w.$]*\((.*)\)\s*;?\s*", re.DOTALL)


def css_path(tag: Tag) -> str:
    """Return a CSS path that selects exactly this element in its document."""
    steps = []
    for element in itertools.takewhile(lambda e: e.name != "[document]", [tag, *tag.parents]):
        siblings = element.find_previous_siblings(element.name)
        steps.append(f"{escape(element.name)}:nth-of-type({len(siblings) + 1})")
    if not steps[-1].startswith("html:"):
        # A fragment of a page: its first elements lie in no other. To soupsieve the document is an element too.
        steps[-1] += r":not(:not(\[document\]) *)"
    return " > ".join(reversed(steps))


def markdown_cells(line: str) -> list[str]:
    """Return the cells of one line of a Markdown table, folded; an escaped pipe belongs to its cell."""
    inner = line.replace("\\|", "\0").strip().removeprefix("|").removesuffix("|")
    return [fold(cell.replace("\0", "|")) for cell in inner.split("|")]


def parse_html(body: bytes) -> BeautifulSoup:
    """Return the tree of an HTML body; the one parser that writing and re-reading a CSS path must share.

    The body is taken as UTF-8, as a browser writes its DOM: left alone, Beautiful Soup would guess.
    """
    return BeautifulSoup(body.decode("utf-8-sig", errors="replace"), "html.parser")


def fragment_text(fragment: str) -> str:
    """Return the text of a piece of HTML, folded."""
    return fold(parse_html(f"<div>{fragment}</div>".encode()).get_text(" "))


def without_callback(body: bytes) -> bytes:
    """Return the JSON of a JSONP body, ``callback({...});``; any other body as it is."""
    match = _JSONP.fullmatch(body)
    return match[1] if match else body


class OpenBody:
    """A body that is read and parsed once, for many locators."""

    def __init__(self, document: Document) -> None:
        """Take the document; its body is read when it is first needed."""
        self._document = document
        self._record: tuple[str, dict[str, str]] | None = None

    def read(self, locator: str) -> str:
        """Return the text that stands at a locator, ``kind:place``.

        Raises:
            ParseError: nothing, or more than one thing, stands there.
            CorruptError: the store no longer holds the bytes that were put there.
        """
        return fold(self.follow(locator, self._find))

    def follow(self, locator: str, read: Callable[[str, str], str]) -> str:
        """Return what `read` finds at a locator's kind and place.

        Raises:
            ParseError: nothing, or more than one thing, stands there.
        """
        kind, _, place = locator.partition(":")
        try:
            return read(kind, place)
        except (LookupError, ValueError, TypeError, RecursionError, csv.Error, SelectorSyntaxError) as exc:
            problem = f"nothing to read at {locator!r}: {exc}"
            capture = self._document.capture
            raise ParseError(capture.source, problem, where=capture.body) from exc

    def _find(self, kind: str, place: str) -> str:  # noqa: PLR0911  # one line per kind
        match kind:
            case "json":
                return _walk(self.json_content, place)
            case "jsonld":
                return self._in_script("application/ld+json", place)
            case "script":
                return fragment_text(self._in_script("application/json", place))
            case "csv":
                return self.csv_record(place)[place.partition(";")[2]]
            case "row":
                return self.row(place)[place.rpartition(";")[2]]
            case "md":
                return self._in_markdown(place)
            case "css":
                return self._in_html(place)
            case _:
                raise LookupError(f"{kind!r} is no kind of locator")

    @cached_property
    def _bytes(self) -> bytes:
        return self._document.read()

    @cached_property
    def json_content(self) -> Any:  # noqa: ANN401  # JSON is anything
        """The body as JSON, numbers as printed."""
        return _json_as_printed(without_callback(self._bytes))

    @cached_property
    def html(self) -> BeautifulSoup:
        """The body as a page."""
        return parse_html(self._bytes)

    @cached_property
    def text(self) -> str:
        """The body as text."""
        return self._bytes.decode("utf-8-sig")

    def script(self, kind: str, number: str) -> Any:  # noqa: ANN401  # JSON is anything
        """Return the JSON of the page's n-th script of a type, numbers as printed."""
        return _json_as_printed(self.html.select(f'script[type="{kind}"]')[_whole(number)].get_text())

    def _in_script(self, kind: str, place: str) -> str:
        number, slash, rest = place.partition("/")
        return _walk(self.script(kind, number), slash + rest)

    def csv_record(self, place: str) -> dict[str, str]:
        """Return the record of ``record;column`` by column name; the header is the first record with that column."""
        number, _, column = place.partition(";")
        wanted = _whole(number)
        header: list[str] = []
        for index, row in enumerate(csv.reader(io.StringIO(self.text, newline="")), start=1):
            if not header and column in row:
                header = row
            if index == wanted:
                return dict(zip(header, row, strict=True))
        raise IndexError(f"the file has no record {number}")

    def row(self, place: str) -> dict[str, str]:
        """Return the record of ``key column=text;column`` by column name."""
        keyed, semicolon, column = place.rpartition(";")
        key, equals, text = keyed.partition("=")
        if not (semicolon and equals):
            raise LookupError(f"{place!r} is no column=text;column")
        if self._record is None or self._record[0] != keyed or column not in self._record[1]:
            with self._document.open() as stream:
                self._record = (keyed, find_record(stream, key, text, column))
        return self._record[1]

    def _in_markdown(self, place: str) -> str:
        line, _, cell = place.partition(";")
        # A leading None makes line and cell 1 the first, and 0 an error instead of the last.
        lines = [None, *self.text.splitlines()]
        cells = [None, *markdown_cells(_present(lines[_whole(line)]))]
        return _present(cells[_whole(cell)])

    def element(self, place: str) -> Tag:
        """Return the one element of ``path@attribute``."""
        found = self.html.select(place.partition("@")[0])
        if len(found) != 1:
            raise LookupError(f"{len(found)} elements instead of one")
        return found[0]

    def _in_html(self, place: str) -> str:
        attribute = place.partition("@")[2]
        element = self.element(place)
        if not attribute:
            return element.get_text(" ")
        value = element[attribute]
        return value if isinstance(value, str) else " ".join(value)


def read_locator(document: Document, locator: str) -> str:
    """Return the text that stands at a locator; for many locators of one body see `OpenBody`.

    Args:
        document: the capture and its bytes.
        locator: ``kind:place``.

    Raises:
        ParseError: nothing, or more than one thing, stands there.
    """
    return OpenBody(document).read(locator)


def _json_as_printed(text: str | bytes) -> Any:  # noqa: ANN401  # JSON is anything
    return json.loads(text, parse_float=str, parse_int=str)


def _walk(value: Any, place: str) -> str:  # noqa: ANN401  # JSON is anything
    found = walk(value, place)
    return found if isinstance(found, str) else json.dumps(found)


def walk(value: Any, place: str) -> Any:  # noqa: ANN401  # JSON is anything
    """Return the value at a JSON Pointer; a pointer may go on into a text that is JSON itself.

    Raises:
        LookupError: nothing stands there.
        ValueError: it is no JSON Pointer.
    """
    if place and not place.startswith("/"):
        raise ValueError(f"{place!r} is no JSON Pointer")
    for step in place.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, str):
            value = _json_as_printed(value)
        value = value[_whole(key)] if isinstance(value, list) else value[key]
    return value


def _whole(text: str) -> int:
    """Return an index or number as RFC 6901 writes it: no sign, no leading zero."""
    if not _WHOLE.fullmatch(text):
        raise LookupError(f"{text!r} is no index")
    return int(text)


def _present(text: str | None) -> str:
    if text is None:
        raise LookupError("lines and cells are counted from 1")
    return text
