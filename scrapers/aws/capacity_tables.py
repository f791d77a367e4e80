"""The tables of AWS's Capacity Blocks page, in the two forms in which the page has carried them.

As served in 2026 the page has its tables as JSON in ``<script type="application/json">`` elements, cells as
pieces of HTML, and the first column as the label of a group of rows (read so by github.com/koyakimu/
ec2-capacity-blocks-for-ml-pricing-json @67bcfb02 and one more public reader). Before, it had HTML tables
(text of a mirrored page, 2024-12). No byte of the page itself has been seen: **both forms are reconstructed
and must be confirmed against the live page.**
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bs4 import Tag

from scrapers.places.locate import css_path, fold, fragment_text, pointer
from scrapers.records import Document
from scrapers.strict import fail, take

_TABLE = "itemTableData"
_GROUPS = "itemTableRowGroups"


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell: its text, white space folded, and its locator."""

    text: str
    locator: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        header: its columns, as printed.
        rows: one entry per column each, None where a row has no such cell. They are read when they are asked
            for, and only once: the page's other tables may be built as they like.
    """

    header: tuple[str, ...]
    rows: Iterator[tuple[Cell | None, ...]]


def embedded_tables(document: Document, page: Tag) -> Iterator[Table]:
    """Yield the tables that the page holds as JSON.

    Raises:
        ParseError: a script with tables is not built as described.
    """
    for number, script in enumerate(page.select('script[type="application/json"]')):
        text = script.get_text()
        if _TABLE in text:
            data = take(document, _load(document, text, f"script {number}"), "data", row=f"script {number}")
            for index, item in enumerate(take(document, data, "items", row=f"script {number}")):
                fields = item.get("fields", {})
                if _TABLE in fields:
                    place = f"script:{number}{pointer('data', 'items', index, 'fields')}"
                    yield _embedded_table(document, fields, place)


def _load(document: Document, text: str, row: str) -> Any:  # noqa: ANN401  # JSON is anything
    try:
        return json.loads(text)
    except ValueError as exc:
        raise fail(document, f"looked for JSON, found {text[:60]!r}: {exc}", row=row) from exc


def _part(document: Document, fields: Mapping[str, Any], name: str, place: str) -> list[dict[str, Any]]:
    part: list[dict[str, Any]] = _load(document, take(document, fields, name, row=place), f"{place}/{name}")
    return part


def _embedded_table(document: Document, fields: Mapping[str, Any], place: str) -> Table:
    columns = _part(document, fields, "itemTableColumns", place)
    header = tuple(fragment_text(take(document, column, "Heading", row=place)) for column in columns)
    accessors = [take(document, column, "accessor", row=place) for column in columns]
    return Table(header, _embedded_rows(document, fields, accessors, place))


def _embedded_rows(
    document: Document, fields: Mapping[str, Any], accessors: Sequence[str], place: str
) -> Iterator[tuple[Cell | None, ...]]:
    """Yield the rows; what stands in the first column may be the label of the row's group."""
    labels = {
        take(document, group, "id", row=place): _embedded_cell(group, "label", place + pointer(_GROUPS, number))
        for number, group in enumerate(_part(document, fields, _GROUPS, place))
    }
    for number, record in enumerate(_part(document, fields, _TABLE, place)):
        where = place + pointer(_TABLE, number)
        first, *others = (_embedded_cell(record, accessor, where) for accessor in accessors)
        yield first or labels.get(record.get("idProperty")), *others


def _embedded_cell(record: Mapping[str, Any], name: str, where: str) -> Cell | None:
    return Cell(fragment_text(record[name]), where + pointer(name)) if name in record else None


def html_tables(document: Document, page: Tag) -> Iterator[Table]:
    """Yield the page's HTML tables; their first row is the header, in ``thead`` or not."""
    for number, table in enumerate(page.select("table")):
        lines = [line.find_all(["th", "td"], recursive=False) for line in table.select("tr")]
        if lines:
            header = tuple(fold(cell.get_text(" ")) for cell in lines[0])
            yield Table(header, _html_rows(document, lines[1:], len(header), f"table {number}"))


def _html_rows(
    document: Document, lines: Sequence[Sequence[Tag]], width: int, place: str
) -> Iterator[tuple[Cell, ...]]:
    """Yield full rows: a cell that spans several rows stands in each of them."""
    spanning: dict[int, tuple[Cell, int]] = {}
    for number, line in enumerate(lines, start=1):
        if len(line) == 1 < width and line[0].get("colspan"):
            continue  # a note across the table
        if len(line) + len(spanning) != width:
            problem = f"looked for {width} cells, found {len(line) + len(spanning)}"
            raise fail(document, problem, row=f"{place}, row {number}")
        tags = iter(line)
        spans = [spanning.get(column) or _spanning_cell(next(tags)) for column in range(width)]
        spanning = {column: (cell, rows - 1) for column, (cell, rows) in enumerate(spans) if rows > 1}
        yield tuple(cell for cell, _ in spans)


def _spanning_cell(tag: Tag) -> tuple[Cell, int]:
    """Return a cell and the number of rows that it spans."""
    return Cell(fold(tag.get_text(" ")), f"css:{css_path(tag)}"), int(str(tag.get("rowspan", "1")))
