"""Strict reading: take exactly what must be there, or say what was looked for and what was found."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from scrapers.errors import ParseError
from scrapers.records import Document

T = TypeVar("T")


def fail(document: Document, problem: str, *, row: str = "") -> ParseError:
    """Return (to be raised) the error of a structure that is not there, naming the body and the row."""
    where = document.capture.body or document.capture.resource
    return ParseError(document.capture.source, problem, where=f"{where}, {row}" if row else where)


def one(document: Document, found: Sequence[T], what: str, *, row: str = "") -> T:
    """Return the only element.

    Raises:
        ParseError: there is none, or more than one.
    """
    if len(found) != 1:
        raise fail(document, f"looked for one {what}, found {len(found)}", row=row)
    return found[0]


def at_least(document: Document, number: int, found: Sequence[T], what: str) -> Sequence[T]:
    """Return the elements when there are at least `number`.

    Raises:
        ParseError: there are fewer.
    """
    if len(found) < number:
        raise fail(document, f"looked for at least {number} {what}, found {len(found)}")
    return found


def take(document: Document, mapping: Mapping[str, T], key: str, *, row: str = "") -> T:
    """Return the value of a required key.

    Raises:
        ParseError: the key is not there; the message lists the keys that are.
    """
    if key not in mapping:
        found = ", ".join(map(str, mapping)) or "nothing"
        raise fail(document, f"looked for {key!r}, found {found}", row=row)
    return mapping[key]


def columns(document: Document, header: Iterable[str], required: Iterable[str]) -> dict[str, int]:
    """Return the position of every column by name.

    Raises:
        ParseError: a required column is not there.
    """
    positions = {name: index for index, name in enumerate(header)}
    missing = [name for name in required if name not in positions]
    if missing:
        raise fail(document, f"looked for the columns {missing}, found {list(positions)}")
    return positions


def read_json(document: Document) -> Any:  # noqa: ANN401  # JSON is anything
    """Return the body as JSON, decimal numbers as `Decimal` with their digits as printed.

    Raises:
        ParseError: the body is empty, is HTML, or is not JSON.
    """
    body = document.read()
    if not body.strip():
        raise fail(document, "looked for JSON, found an empty body")
    if body.lstrip()[:1] == b"<":
        start = body.lstrip()[:60].decode(errors="replace")
        raise fail(document, f"looked for JSON, found HTML or XML: {start!r}")
    try:
        # As text: given bytes, Python's reader would also take UTF-16, which no source sends by intention.
        return json.loads(body.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as exc:
        start = body[:60].decode(errors="replace")
        raise fail(document, f"looked for JSON: {exc}; it begins {start!r}") from exc


def read_text(document: Document) -> str:
    """Return the body as text in UTF-8, without a byte order mark.

    Raises:
        ParseError: it is in another encoding.
    """
    body = document.read()
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise fail(document, f"looked for text in UTF-8, found byte {body[exc.start]:#04x} at {exc.start}") from exc


def _refuse_constant(name: str) -> None:
    """Refuse NaN and Infinity: Python's reader takes them, JSON has no such numbers."""
    raise ValueError(f"{name} is not a JSON number")
