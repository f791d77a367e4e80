"""The surroundings of a quoted text: the record, row or element that it stands in."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

from scrapers.errors import ParseError
from scrapers.locate import fold, markdown_cells, parse_html
from scrapers.records import Document

_MOST_CHARACTERS = 2000


def read_context(document: Document, locator: str) -> str:
    """Return what stands around a locator, as text for a person, at most 2,000 characters.

    For JSON the object that holds the value, for CSV the row with its column names, for Markdown the table's head and
    row, for a page the text of the element around it.

    Raises:
        ParseError: nothing stands there.
    """
    kind, _, place = locator.partition(":")
    try:
        text = _READERS[kind](document.read(), place)
    except (LookupError, ValueError, TypeError) as exc:
        problem = f"nothing to read at {locator!r}: {exc}"
        raise ParseError(document.capture.source, problem, where=document.capture.body) from exc
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]} ..."


def _around_json(body: bytes, place: str) -> str:
    start = min((i for i in (body.find(b"{"), body.find(b"[")) if i >= 0), default=0)
    content, _ = json.JSONDecoder(parse_float=str, parse_int=str).raw_decode(body[start:].decode("utf-8"))
    return _parent(content, place.split("/")[1:])


def _around_jsonld(body: bytes, place: str) -> str:
    number, _, rest = place.partition("/")
    script = parse_html(body).select('script[type="application/ld+json"]')[int(number)]
    return _parent(json.loads(script.get_text(), parse_float=str, parse_int=str), rest.split("/"))


def _parent(value: Any, steps: list[str]) -> str:  # noqa: ANN401  # JSON is anything
    for step in steps[:-1]:
        key = step.replace("~1", "/").replace("~0", "~")
        value = value[int(key)] if isinstance(value, list) else value[key]
    return json.dumps(value, indent=1, ensure_ascii=False)


def _around_csv(body: bytes, place: str) -> str:
    number, _, column = place.partition(";")
    header: list[str] = []
    for index, row in enumerate(csv.reader(io.StringIO(body.decode("utf-8"), newline="")), start=1):
        if not header and column in row:
            header = row
        if index == int(number):
            cells = zip(header, row, strict=False)
            return "\n".join(f"{name}: {value}" for name, value in cells if value)
    raise IndexError(f"the file ends before record {number}")


def _around_markdown(body: bytes, place: str) -> str:
    lines = body.decode("utf-8").splitlines()
    row = int(place.partition(";")[0]) - 1
    head = row
    while head > 0 and lines[head - 1].lstrip().startswith("|"):
        head -= 1
    cells = zip(markdown_cells(lines[head]), markdown_cells(lines[row]), strict=False)
    return "\n".join(f"{name}: {value}" for name, value in cells)


def _around_css(body: bytes, place: str) -> str:
    path, _, _ = place.partition("@")
    found = parse_html(body).select(path)
    if len(found) != 1:
        raise LookupError(f"{len(found)} elements instead of one")
    element = found[0].parent or found[0]
    return fold(element.get_text(" ")) + "\n\n" + str(element)


_READERS: dict[str, Callable[[bytes, str], str]] = {
    "json": _around_json,
    "jsonld": _around_jsonld,
    "csv": _around_csv,
    "md": _around_markdown,
    "css": _around_css,
}
