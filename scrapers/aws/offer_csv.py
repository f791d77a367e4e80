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
import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence

from scrapers.aws.offer_rows import Contract, Fields, Harvest, PriceRow, Wanted, check_offer, contract_of, plain
from scrapers.records import Document
from scrapers.strict import fail

_METADATA_LINES = 20
"""Five so far; a file whose header comes later than this has none."""
_PRICE_COLUMNS = ("sku", "offertermcode", "ratecode", "termtype", "unit", "priceperunit", "currency")
_CONTRACT_COLUMNS = ("leasecontractlength", "offeringclass", "purchaseoption")


class Table:
    """The columns of one file, and how a record of it becomes a row."""

    def __init__(self, document: Document, wanted: Wanted, header: Sequence[str]) -> None:
        """Take a file's header.

        Raises:
            ParseError: a column that is needed is missing, or there twice.
        """
        self.header = header
        self._document = document
        self._wanted = wanted
        self._at = _find_columns(document, wanted, header)
        self._present = [name for name in wanted.names if name in self._at]
        self._absent = dict.fromkeys([name for name in wanted.names if name not in self._at], "")
        self._attributes = operator.itemgetter(*(self._at[name] for name in self._present))
        self._prices = operator.itemgetter(*(self._at[name] for name in _PRICE_COLUMNS))
        self._last: tuple[str, ...] = ()
        self._last_fields: Fields | None = None

    def has(self, name: str) -> bool:
        """Tell whether there is a column of this plain name."""
        return name in self._at

    def fields(self, record: Sequence[str]) -> Fields | None:
        """Return the attributes of a record's product, or None if it is not wanted."""
        found = self._attributes(record)
        if found != self._last:  # the records of a product share its attributes
            fields = dict(zip(self._present, found, strict=True), **self._absent)
            self._last, self._last_fields = found, fields if self._wanted.chosen(fields) else None
        return self._last_fields

    def row(self, record: Sequence[str], fields: Fields, refusal: str) -> PriceRow:
        """Return the price of a record of a product, which may be refused.

        Raises:
            ParseError: its term is of no known kind.
        """
        sku_id, code, rate, term, unit, price, currency = self._prices(record)
        length, offering, option = (self._text(record, name) for name in _CONTRACT_COLUMNS)
        locate = functools.partial(_locate_field, self.header[self._at["ratecode"]], rate, self.header, self._at)
        return PriceRow(
            place=rate,
            sku_id=sku_id,
            fields=fields,
            contract=contract_of(self._document, term, Contract(code, length, offering, option), row=rate),
            unit=unit,
            currency=currency,
            price=price,
            locator=locate("priceperunit"),
            locate=locate,
            refusal=refusal,
        )

    def _text(self, record: Sequence[str], name: str) -> str:
        return record[self._at[name]] if name in self._at else ""


def find_header(document: Document, wanted: Wanted, records: Iterable[list[str]]) -> list[str]:
    """Return the header, which the records of a file begin with, after the metadata.

    Raises:
        ParseError: there is none, or the file is of another offer.
    """
    metadata: dict[str, str] = {}
    for record in itertools.islice(records, _METADATA_LINES):
        if "SKU" in record:
            check_offer(document, wanted, metadata)
            return record
        metadata |= dict(itertools.pairwise(record))
    raise fail(document, f"looked for the header line with a column SKU, found {', '.join(metadata)[:200]}")


def read_all_rows(document: Document, wanted: Wanted) -> list[PriceRow]:
    """Return the prices by reading every record: slow, and what the fast way is compared with.

    Raises:
        ParseError: the file is not such a CSV, or breaks off.
    """
    harvest = Harvest(wanted)
    with document.open() as stream, io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
        try:
            records = csv.reader(text, strict=True)
            table = Table(document, wanted, find_header(document, wanted, records))
            for number, row in _read_records(document, wanted, table, records):
                harvest.add(number, row)
        except (csv.Error, UnicodeDecodeError) as exc:
            raise fail(document, f"the CSV cannot be read: {exc}") from exc
    return harvest.rows()


def _read_records(
    document: Document, wanted: Wanted, table: Table, records: Iterable[list[str]]
) -> Iterator[tuple[int, PriceRow]]:
    for number, record in enumerate(records):
        if len(record) != len(table.header):
            problem = f"looked for {len(table.header)} fields, found {len(record)}"
            raise fail(document, problem, row=f"record {number} after the header")
        fields = table.fields(record)
        if fields is not None:
            yield number, table.row(record, fields, wanted.refusal(fields))


def _find_columns(document: Document, wanted: Wanted, header: Sequence[str]) -> dict[str, int]:
    at: dict[str, int] = {}
    for index, column in enumerate(header):
        if plain(column) in at and plain(column) in {*_PRICE_COLUMNS, *_CONTRACT_COLUMNS, *wanted.names}:
            raise fail(document, f"looked for one column {column!r}, found two")
        at.setdefault(plain(column), index)
    needed = [*((name,) for name in _PRICE_COLUMNS), *wanted.required]
    missing = [" or ".join(names) for names in needed if not any(name in at for name in names)]
    if missing:
        raise fail(document, f"looked for the columns {', '.join(missing)}, found {', '.join(header)}")
    return at


def _locate_field(key: str, rate: str, header: Sequence[str], at: Mapping[str, int], name: str) -> str:
    return f"row:{key}={rate};{header[at[name]]}"
