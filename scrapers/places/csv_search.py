"""The record of a CSV body in which a column has a value: found in one pass, with the memory of a few blocks."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from typing import BinaryIO

from scrapers.places.csv_records import read_record, whole_record

_BLOCK_BYTES = 1 << 20


def find_record(stream: BinaryIO, column: str, value: str, wanted: str) -> dict[str, str]:
    """Return the first record whose column has that value, by column name.

    Args:
        stream: the body, at its start.
        column: a column, as printed in the header: the first record with both columns.
        value: what it must hold.
        wanted: another column that the header must have.

    Raises:
        LookupError: there is no such header or record.
        ValueError: the body is no such CSV.
    """
    previous, block = b"", stream.read(_BLOCK_BYTES)
    header, begin = _read_header(block, {column, wanted})
    needle = value.replace('"', '""').encode()
    while block:
        following = stream.read(_BLOCK_BYTES)
        window = previous + block + following
        first = len(previous) + begin
        end = len(previous) + len(block)
        at = window.find(needle, first, end + len(needle))
        while 0 <= at < end:
            record = _record_around(window, at, len(header), begin)
            if record is not None and record[header.index(column)] == value:
                return dict(zip(header, record, strict=True))
            at = window.find(needle, at + 1, end + len(needle))
        previous, block, begin = block, following, 0
    raise LookupError(f"no record has {column} {value!r}")


def find_records(stream: BinaryIO, column: str, values: Collection[str], wanted: str) -> dict[str, dict[str, str]]:
    """Return the first record of each of many values of a column, by value; a value that no record has is left out.

    Args:
        stream: the body, at its start; it is read once, and to its end.
        column: a column, as printed in the header: the first record with both columns.
        values: what it may hold.
        wanted: another column that the header must have.

    Raises:
        LookupError: there is no such header.
        ValueError: the body is no such CSV.
    """
    found: dict[str, dict[str, str]] = {}
    with io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
        records = csv.reader(text, strict=True)
        header = next((record for record in records if {column, wanted} <= set(record)), None)
        if header is None:
            raise LookupError(f"no header has the columns {column}, {wanted}")
        place = header.index(column)
        for record in records:
            if place < len(record) and record[place] in values and record[place] not in found:
                found[record[place]] = dict(zip(header, record, strict=True))
    return found


def _read_header(head: bytes, columns: set[str]) -> tuple[list[str], int]:
    """Return the first record with these columns, and where it ends."""
    stream = io.BytesIO(head.removeprefix(b"\xef\xbb\xbf"))
    skipped = len(head) - len(stream.getvalue())
    for record in csv.reader((line.decode() for line in iter(stream.readline, b"")), strict=True):
        if columns <= set(record):
            return record, stream.tell() + skipped
    raise LookupError(f"no header has the columns {', '.join(sorted(columns))}")


def _record_around(window: bytes, at: int, width: int, start: int) -> list[str] | None:
    first = max(window.rfind(b"\n", start, at) + 1, start)
    last = window.find(b"\n", at)
    last = len(window) if last < 0 else last
    record = read_record(window[first:last], width)
    if record is not None:
        return record
    found = whole_record(window, first, last, width)
    return None if found is None else found[2]
