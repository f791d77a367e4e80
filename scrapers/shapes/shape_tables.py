"""The structure of tables that are text: columns and enumerations of a CSV, headings and columns of Markdown."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Sequence

from scrapers.places.locate import markdown_cells

_BEFORE_HEADER = 20
"""Lines of metadata that may precede the header; AWS's files have five."""
_MOST_VALUES = 12
_ROWS_PER_VALUE = 5
"""A column is an enumeration when few values fill it, many times each."""
_DIGIT = re.compile(r"\d")
_HEADING = re.compile(r"#{1,6}\s+(.*)")
_DELIMITER = re.compile(r"\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?")
_EMPHASIS = re.compile(r"\*\*|\\(?=\W)")


def structure_of_csv(body: bytes, *, whole: bool) -> dict[str, frozenset[str]]:
    """Return the columns of a CSV and, where all of it is at hand, the values of its enumerations.

    The header is the first of the widest records near the beginning: what precedes it is metadata.

    Args:
        body: the file as UTF-8, or its beginning.
        whole: whether it is all of the file; rare values come and go with a sample's size.
    """
    text = io.StringIO(body.decode("utf-8-sig", errors="replace"), newline="")
    records = csv.reader(text)
    try:
        head = list(itertools.islice(records, _BEFORE_HEADER))
        width = max(map(len, head), default=0)
        start = next((number for number, record in enumerate(head) if len(record) == width), 0)
        header = head[start] if head else []
        found = {"columns": frozenset(header)}
        if whole:
            found["values"] = _enumerations(header, [*head[start + 1 :], *records])
    except csv.Error:  # no CSV from some record on
        return {"columns": frozenset()}
    return found


def _enumerations(header: Sequence[str], rows: Sequence[Sequence[str]]) -> frozenset[str]:
    """Return ``column = value`` of every column that holds few values, none of them with a digit: words, not data."""
    found: set[str] = set()
    for index, column in enumerate(header):
        values = {row[index] for row in rows if index < len(row)} - {""}
        few = 0 < len(values) <= min(_MOST_VALUES, len(rows) // _ROWS_PER_VALUE)
        if few and not any(map(_DIGIT.search, values)):
            found |= {f"{column} = {value}" for value in values}
    return frozenset(found)


def structure_of_markdown(body: bytes) -> dict[str, frozenset[str]]:
    """Return the headings of a Markdown body, and the columns of its tables."""
    lines = body.decode("utf-8-sig", errors="replace").splitlines()
    headings = {found[1] for line in lines if (found := _HEADING.fullmatch(line.strip()))}
    columns = {
        cell
        for line, below in itertools.pairwise(lines)
        if "|" in line and _DELIMITER.fullmatch(below)
        for cell in markdown_cells(line)
    }
    return {"headings": frozenset(map(_plain, headings)), "columns": frozenset(map(_plain, columns)) - {""}}


def _plain(text: str) -> str:
    return _EMPHASIS.sub("", text).strip()
