"""Offer files as CSV: five lines of metadata, the header, one record per price (recorded 2025-09, 2026-01).

Columns come and go: a file lacks those that none of its products needs. In 2020 there was no
``MarketOption``; a local zone's file may lack ``PurchaseOption``. So columns are found by name, and only what
is needed must be there.
"""

from __future__ import annotations

import csv
import functools
import io
import itertools
from collections.abc import Iterator, Mapping, Sequence

from scrapers.aws.offer_rows import PriceRow, Wanted, check_offer, is_on_demand, plain
from scrapers.records import Document
from scrapers.strict import fail

_METADATA_LINES = 20
"""Five so far; a file whose header comes later than this has none."""
_PRICE_COLUMNS = ("sku", "termtype", "unit", "priceperunit", "currency")

_Records = Iterator[tuple[int, list[str]]]


def read_csv_rows(document: Document, wanted: Wanted) -> Iterator[PriceRow]:
    """Yield the on-demand prices; the file is read as a stream, one record at a time.

    Raises:
        ParseError: the file is not such a CSV, or breaks off.
    """
    with document.open() as stream, io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
        try:
            records = enumerate(csv.reader(text, strict=True), start=1)
            header = _find_header(document, wanted, records)
            yield from _read_records(document, wanted, header, records)
        except (csv.Error, UnicodeDecodeError) as exc:
            raise fail(document, f"the CSV cannot be read: {exc}") from exc


def _find_header(document: Document, wanted: Wanted, records: _Records) -> list[str]:
    metadata: dict[str, str] = {}
    for _, record in itertools.islice(records, _METADATA_LINES):
        if record and record[0] == "SKU":
            check_offer(document, wanted, metadata)
            return record
        metadata |= dict(itertools.pairwise(record))
    raise fail(document, f"looked for the header line that begins with SKU, found {', '.join(metadata)[:200]}")


def _find_columns(document: Document, wanted: Wanted, header: Sequence[str]) -> dict[str, int]:
    at: dict[str, int] = {}
    for index, column in enumerate(header):
        if plain(column) in at and plain(column) in {*_PRICE_COLUMNS, *wanted.names}:
            raise fail(document, f"looked for one column {column!r}, found two")
        at.setdefault(plain(column), index)
    needed = [*((name,) for name in _PRICE_COLUMNS), *wanted.required]
    missing = [" or ".join(names) for names in needed if not any(name in at for name in names)]
    if missing:
        raise fail(document, f"looked for the columns {', '.join(missing)}, found {', '.join(header)}")
    return at


def _read_records(document: Document, wanted: Wanted, header: Sequence[str], records: _Records) -> Iterator[PriceRow]:
    at = _find_columns(document, wanted, header)
    present = [(name, at[name]) for name in wanted.names if name in at]
    nothing = dict.fromkeys(wanted.names, "")
    for number, record in records:
        place = f"record {number}"
        if len(record) != len(header):
            raise fail(document, f"looked for {len(header)} fields, found {len(record)}", row=place)
        if not is_on_demand(document, record[at["termtype"]], row=place):
            continue
        fields = nothing | {name: record[index] for name, index in present}
        if wanted.chosen(fields):
            locate = functools.partial(_locate_field, number, header, at)
            yield _price_row(place, record, at, fields, locate)


def _price_row(
    place: str,
    record: Sequence[str],
    at: Mapping[str, int],
    fields: Mapping[str, str],
    locate: functools.partial[str],
) -> PriceRow:
    return PriceRow(
        place=place,
        sku_id=record[at["sku"]],
        fields=fields,
        unit=record[at["unit"]],
        currency=record[at["currency"]],
        price=record[at["priceperunit"]],
        locator=locate("priceperunit"),
        locate=locate,
    )


def _locate_field(number: int, header: Sequence[str], at: Mapping[str, int], name: str) -> str:
    return f"csv:{number};{header[at[name]]}"
