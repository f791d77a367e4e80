"""Single records of a large CSV file, cut out of its bytes: nothing around them is parsed.

A place inside a record is widened to the record's line, and from there, line by line, until what is cut out is exactly
one whole record: quoted fields may hold line breaks.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator

_MOST_LINES = 40
"""More lines than any record has; a widening that goes on for longer follows an error, not a record."""


def read_record(raw: bytes, width: int) -> list[str] | None:
    """Return the fields, if these bytes are one whole record of so many fields.

    Args:
        raw: one line, or several.
        width: fields of a record.

    Raises:
        UnicodeDecodeError: they are not UTF-8.
    """
    if raw.count(b'"') % 2 or raw.endswith(b"\n"):
        return None  # a quoted field begins or ends outside, or it is more than a record
    try:
        records = list(csv.reader((raw.decode(),), strict=True))
    except csv.Error:
        return None
    return records[0] if len(records) == 1 and len(records[0]) == width else None


def whole_record(window: bytes, start: int, end: int, width: int) -> tuple[int, int, list[str]] | None:
    """Return the record that a line belongs to: its start and end in the window, and its fields; None if there is none.

    Args:
        window: bytes around the line.
        start: where the line begins.
        end: where it ends, without its line feed.
        width: fields of a record.

    Raises:
        UnicodeDecodeError: they are not UTF-8.
    """
    for first in _line_starts(window, start):
        for last in _line_ends(window, end):
            try:
                record = read_record(window[first:last], width)
            except UnicodeDecodeError:
                if last < len(window):
                    raise
                record = None  # the window ends within a character
            if record is not None:
                return first, last, record
    return None


def field_count(line: bytes) -> int:
    """Return how many fields a line has, however broken it is."""
    return len(next(csv.reader((line.decode(errors="replace"),)), []))


def _line_starts(window: bytes, start: int) -> Iterator[int]:
    for _ in range(_MOST_LINES):
        yield start
        if start == 0:
            return
        start = window.rfind(b"\n", 0, start - 1) + 1


def _line_ends(window: bytes, end: int) -> Iterator[int]:
    for _ in range(_MOST_LINES):
        yield end
        if end >= len(window):
            return
        following = window.find(b"\n", end + 1)
        end = following if following >= 0 else len(window)
