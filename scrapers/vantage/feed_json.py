"""The JSON of Vantage's feed, taken strictly, and what is said of a body that is something else."""

from __future__ import annotations

import codecs
import json
from decimal import Decimal
from typing import Any

from scrapers.errors import ParseError
from scrapers.records import Document
from scrapers.strict import fail

_OTHER_UNICODE = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def load_json(document: Document, text: bytes, *, row: str = "") -> Any:  # noqa: ANN401  # JSON is anything
    """Return some JSON, decimal numbers with their digits as printed.

    Raises:
        ParseError: it is no JSON in UTF-8, or an object has two values for one key.
    """
    try:
        return json.loads(
            text.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_unique
        )
    except (ValueError, RecursionError) as exc:
        raise fail(document, f"looked for JSON in UTF-8: {exc}", row=row) from exc


def _no_number(name: str) -> None:
    """Refuse NaN and Infinity: Python's reader takes them, JSON has no such numbers."""
    raise ValueError(f"{name} is not a JSON number")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object with two values for one key: the last one must not win."""
    content = dict(pairs)
    if len(content) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"the key {next(key for key in keys if keys.count(key) > 1)!r} is printed twice in one object")
    return content


def not_a_feed(document: Document, start: bytes, found: object) -> ParseError:
    """Return (to be raised) the error of a body that is no array, by what it begins with.

    Args:
        document: the body.
        start: its first bytes.
        found: what else is known of it.
    """
    text = start.lstrip()
    if not text:
        return fail(document, "looked for a JSON array of instances, found an empty body")
    if start.startswith(_OTHER_UNICODE):
        return fail(document, "looked for a JSON array of instances in UTF-8, found UTF-16 or UTF-32")
    shown = repr(text[:60].decode(errors="replace"))
    if text.startswith(b"<"):
        return fail(document, f"looked for a JSON array of instances, found HTML or XML: {shown}")
    if text.startswith(b"{"):
        return fail(document, f"looked for a JSON array of instances, found an object: {shown}")
    return fail(document, f"looked for a JSON array of instances, found {shown} ({found})")
