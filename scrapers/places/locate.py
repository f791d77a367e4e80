"""Locators: where in a body a figure stands, and how to go there again.

A locator is a short text, `kind:place`. It is written by a parser and read by `read_locator`, which returns
the text that stands there, exactly as a parser must quote it.

======== ================================================= =============================================
kind     place                                             example
======== ================================================= =============================================
json     JSON Pointer (RFC 6901)                           ``json:/0/pricing/us-east-1/linux/ondemand``
script   number of the JSON script, then JSON Pointer      ``script:2/data/items/0/fields/itemTableData/5/3``
jsonld   number of the ld+json script, then JSON Pointer   ``jsonld:0/@graph/3/offers/highPrice``
object   number of the script, levels of backslashes to    ``object:3;1;5120/securePrice``
         undo, first character of an object, JSON Pointer
csv      record (1 is the file's first), column name       ``csv:7;PricePerUnit``
row      a column and its text, column name                ``row:SKU=EXAMPLE1;PricePerUnit``
md       line (1 is the file's first), cell (1 is first)   ``md:14;3``
css      CSS path, optionally ``@attribute``               ``css:body > div:nth-of-type(2) > p@data-secure``
text     first character and number of characters in the   ``text:3501;58``
         text of the body, see `OpenBody.plain_text`
======== ================================================= =============================================

A ``row`` is the first record whose column has that text: a place in a file of hundreds of MB is found again without
counting its records, and reading there takes the memory of a few blocks.

A ``text`` is a passage of a page's prose, which may run over several elements; characters are counted from 0.

An ``object`` is JSON that a script of any type holds, its quotes escaped or not, see `scrapers.places.script_objects`;
scripts and characters are counted from 0.

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
from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from functools import cached_property
from typing import Any, TypeVar

from bs4 import BeautifulSoup, Tag
from soupsieve import SelectorSyntaxError, escape

from scrapers.errors import ParseError
from scrapers.places.csv_search import find_record, find_records
from scrapers.places.json_array import NoArrayError
from scrapers.places.json_record import PrintedNumber, as_printed
from scrapers.places.packed_array import PackedArray
from scrapers.places.page_tree import PageTree
from scrapers.places.pointers import fold, pointer
from scrapers.places.script_objects import object_at, unescape
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

_Found = TypeVar("_Found")
WHOLE_JSON_BYTES = 1 << 24
"""A larger array is not read as a whole: as JSON it would take some six times its size."""
_MANY_ROWS = 4
"""So many searches for single records take as long as reading all of them."""
_WHOLE = re.compile(r"0|[1-9][0-9]*")
_PAGE_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
_JSONP = re.compile(rb"\s*[A-Za-z_$][\w.$]*\((.*)\)\s*;?\s*", re.DOTALL)


def css_path(tag: Tag) -> str:
    """Return a CSS path that selects exactly this element in its document."""
    steps = []
    for element in itertools.takewhile(lambda e: e.name != "[document]", [tag, *tag.parents]):
        # Beautiful Soup's own search among siblings takes ten times as long, and a page has a path per price.
        before = sum(getattr(sibling, "name", None) == element.name for sibling in element.previous_siblings)
        steps.append(f"{escape(element.name)}:nth-of-type({before + 1})")
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
        self._records: dict[str, dict[str, str]] = {}
        self._element: tuple[str, Any] | None = None
        self._made: dict[Hashable, Any] = {}

    def read(self, locator: str) -> str:
        """Return the text that stands at a locator, ``kind:place``.

        Raises:
            ParseError: nothing, or more than one thing, stands there.
            CorruptError: the store no longer holds the bytes that were put there.
        """
        return fold(self.follow(locator, self._find))

    def read_all(self, locators: Iterable[str]) -> dict[str, str | ParseError]:
        """Return what stands at each of many locators, or the error of those at which nothing does.

        The body is read once, whatever their number.

        Raises:
            CorruptError: the store no longer holds the bytes that were put there.
        """
        found: dict[str, str | ParseError] = {}
        wanted = sorted(set(locators))  # the places in one element of a large array follow each other
        self._find_rows(place for kind, _, place in (locator.partition(":") for locator in wanted) if kind == "row")
        for locator in wanted:
            try:
                found[locator] = self.read(locator)
            except ParseError as exc:
                found[locator] = exc
        return found

    def _find_rows(self, places: Iterable[str]) -> None:
        """Find the records of many ``row`` locators in one pass; those that are not found are left to `row` to miss."""
        wanted: dict[tuple[str, str], set[str]] = {}
        for keyed, _, column in (place.rpartition(";") for place in places):
            key, _, text = keyed.partition("=")
            wanted.setdefault((key, column), set()).add(text)
        for (key, column), texts in wanted.items():
            if len(texts) >= _MANY_ROWS:
                with self._document.open() as stream, suppress(LookupError, ValueError, csv.Error):
                    for text, record in find_records(stream, key, texts, column).items():
                        self._records[f"{key}={text}"] = record

    def _once(self, key: Hashable, make: Callable[[], _Found]) -> _Found:
        """Return what was made of the body before under this key, else make it."""
        if key not in self._made:
            self._made[key] = make()
        made: _Found = self._made[key]
        return made

    def follow(self, locator: str, read: Callable[[str, str], _Found]) -> _Found:
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

    def _find(self, kind: str, place: str) -> str:  # noqa: PLR0911  # a line or two per kind
        match kind:
            case "json":
                return _printed(self.json_value(place))
            case "jsonld":
                return self._in_script("application/ld+json", place)
            case "object":
                found, pointed = self.script_object(place)
                return _walk(found, pointed)
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
            case "text":
                return self.passage(place)
            case _:
                raise LookupError(f"{kind!r} is no kind of locator")

    @cached_property
    def _bytes(self) -> bytes:
        return self._document.read()

    @cached_property
    def json_content(self) -> Any:  # noqa: ANN401  # JSON is anything
        """The body as JSON, numbers as printed."""
        return as_printed(without_callback(self._bytes))

    def json_value(self, place: str) -> Any:  # noqa: ANN401  # JSON is anything
        """Return the value at a JSON Pointer; of a large array only the element that it leads into is read as JSON.

        Raises:
            LookupError: nothing stands there.
            ValueError: it is no JSON Pointer, or the body is no JSON.
        """
        return walk(*self.json_towards(place))

    def json_towards(self, place: str) -> tuple[Any, str]:
        """Return the JSON in which a JSON Pointer is followed, and the pointer there.

        Raises:
            LookupError: a large array has no such element.
            ValueError: the body is no JSON.
        """
        if not place.startswith("/") or self._large_array is None:
            return self.json_content, place
        number, slash, rest = place[1:].partition("/")
        if self._element is None or self._element[0] != number:
            self._element = (number, as_printed(self._large_array[_whole(number)]))
        return self._element[1], slash + rest

    @cached_property
    def _large_array(self) -> PackedArray | None:
        """The elements of a body that would take a multiple of its size when it is read as a whole; else None."""
        if self._document.capture.size <= WHOLE_JSON_BYTES:
            return None
        with self._document.open() as stream, suppress(NoArrayError):
            return PackedArray(stream)
        return None

    @cached_property
    def html(self) -> BeautifulSoup:
        """The body as a page."""
        return parse_html(self._bytes)

    @cached_property
    def text(self) -> str:
        """The body as text."""
        return self._bytes.decode("utf-8-sig")

    @cached_property
    def is_page(self) -> bool:
        """Whether the body is HTML, by what its server said or by how it begins."""
        return "html" in self._document.capture.media_type or bool(_PAGE_START.match(self._bytes))

    @cached_property
    def plain_text(self) -> str:
        """The text of the body, folded; of a page what a reader may see of it, without tags, scripts and styles."""
        return fold(self.html.get_text(" ") if self.is_page else self.text)

    def passage(self, place: str) -> str:
        """Return the passage of ``first character;number of characters`` in the body's text."""
        start, _, length = place.partition(";")
        begin, end = _whole(start), _whole(start) + _whole(length)
        if not begin < end <= len(self.plain_text):
            raise LookupError(f"the text has {len(self.plain_text)} characters")
        return self.plain_text[begin:end]

    def script(self, kind: str, number: str) -> Any:  # noqa: ANN401  # JSON is anything
        """Return the JSON of the page's n-th script of a type, numbers as printed."""
        scripts = self._once(kind, lambda: self.html.select(f'script[type="{kind}"]'))
        tag = scripts[_whole(number)]
        return self._once((kind, number), lambda: as_printed(tag.get_text()))

    def script_object(self, place: str) -> tuple[Any, str]:
        """Return the object of ``script;levels;character`` and the JSON Pointer that follows."""
        head, slash, rest = place.partition("/")
        number, levels, start = map(_whole, head.split(";"))
        tag = self._once("script", lambda: self.html.find_all("script"))[number]
        script = self._once(("script", number, levels), lambda: unescape(tag.get_text(), levels))
        return object_at(script, start, number=PrintedNumber), slash + rest

    def _in_script(self, kind: str, place: str) -> str:
        number, slash, rest = place.partition("/")
        return _walk(self.script(kind, number), slash + rest)

    def csv_record(self, place: str) -> dict[str, str]:
        """Return the record of ``record;column`` by column name; the header is the first record with that column."""
        number, _, column = place.partition(";")
        wanted, rows = _whole(number), self._csv_rows
        if not 1 <= wanted <= len(rows):
            raise IndexError(f"the file has no record {number}")
        none = len(rows)
        header = self._once(("header", column), lambda: next((n for n, row in enumerate(rows) if column in row), none))
        return dict(zip(rows[header] if header < wanted else (), rows[wanted - 1], strict=True))

    @cached_property
    def _csv_rows(self) -> list[list[str]]:
        return list(csv.reader(io.StringIO(self.text, newline="")))

    def row(self, place: str) -> dict[str, str]:
        """Return the record of ``key column=text;column`` by column name."""
        keyed, semicolon, column = place.rpartition(";")
        key, equals, text = keyed.partition("=")
        if not (semicolon and equals):
            raise LookupError(f"{place!r} is no column=text;column")
        if keyed not in self._records or column not in self._records[keyed]:
            with self._document.open() as stream:
                self._records[keyed] = find_record(stream, key, text, column)
        return self._records[keyed]

    def _in_markdown(self, place: str) -> str:
        line, _, cell = place.partition(";")
        # A leading None makes line and cell 1 the first, and 0 an error instead of the last.
        lines = self._once("lines", lambda: [None, *self.text.splitlines()])
        cells = [None, *markdown_cells(_present(lines[_whole(line)]))]
        return _present(cells[_whole(cell)])

    def element(self, place: str) -> Tag:
        """Return the one element of ``path@attribute``."""
        return self._tree.at(place.partition("@")[0])

    @cached_property
    def _tree(self) -> PageTree:
        return PageTree(self.html)

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


def _walk(value: Any, place: str) -> str:  # noqa: ANN401  # JSON is anything
    return _printed(walk(value, place))


def _printed(found: Any) -> str:  # noqa: ANN401  # JSON is anything
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
            value = as_printed(value)
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
