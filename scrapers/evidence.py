"""The surroundings of a quoted text: the record, row or element that it stands in."""

from __future__ import annotations

import json

from scrapers.locate import OpenBody, fold, markdown_cells, walk
from scrapers.records import Document

_MOST_CHARACTERS = 2000


def read_context(document: Document, locator: str) -> str:
    """Return what stands around a locator, as text for a person, at most 2,000 characters.

    For JSON the object that holds the value, for CSV the row with its column names, for Markdown the table's head and
    row, for a page the element around it.

    Args:
        document: the capture and its bytes.
        locator: ``kind:place``, see `scrapers.locate`.

    Raises:
        ParseError: nothing stands there.
    """
    body = OpenBody(document)
    text = body.follow(locator, lambda kind, place: _around(body, kind, place))
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]} ..."


def _around(body: OpenBody, kind: str, place: str) -> str:
    match kind:
        case "json":
            return _holder(body.json_content, place)
        case "jsonld" | "script":
            number, slash, rest = place.partition("/")
            media_type = "application/ld+json" if kind == "jsonld" else "application/json"
            return _holder(body.script(media_type, number), slash + rest)
        case "csv":
            return _named(body.csv_record(place))
        case "row":
            return _named(body.row(place))
        case "md":
            return _named(_markdown_row(body.text.splitlines(), int(place.partition(";")[0])))
        case "css":
            element = body.element(place)
            around = element.parent or element
            return f"{fold(around.get_text(' '))}\n\n{around}"
        case _:
            raise LookupError(f"{kind!r} is no kind of locator")


def _holder(content: object, place: str) -> str:
    """Return the object or array that holds the value at a JSON Pointer, indented."""
    return json.dumps(walk(content, place.rpartition("/")[0]), indent=1, ensure_ascii=False)


def _named(record: dict[str, str]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in record.items() if value)


def _markdown_row(lines: list[str], number: int) -> dict[str, str]:
    """Return a table's row by the words of its head, the first of the lines with pipes above it."""
    head = number
    while head > 1 and lines[head - 2].lstrip().startswith("|"):
        head -= 1
    return dict(zip(markdown_cells(lines[head - 1]), markdown_cells(lines[number - 1]), strict=False))
