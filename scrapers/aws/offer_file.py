"""Offer files of the AWS Price List Bulk API: what the body is, not what it is called, tells CSV from JSON.

https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-the-aws-price-list-bulk-api.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TypeAlias

from scrapers.aws import offer_csv, offer_json
from scrapers.aws.csv_scan import CsvScan
from scrapers.aws.json_scan import JsonScan
from scrapers.aws.offer_rows import PriceRow, Wanted
from scrapers.aws.price_text import read_currency, read_price
from scrapers.aws.regions import read_region_code
from scrapers.errors import ParseError
from scrapers.records import Content, Document, Listing, Response
from scrapers.strict import fail

_CSV_START = (b'"FormatVersion"', b"FormatVersion")
_START_BYTES = 80
_WHOLLY_READ_BYTES = 1 << 25
"""A file up to this size may be read as a whole where the fast way does not know its structure."""
_NOT_PRINTED = frozenset({"", "NA", "N/A"})
"""EC2 prints ``NA``, SageMaker ``N/A``; in 2023 and 2024 also for types that do have GPUs."""

_Scan: TypeAlias = CsvScan | JsonScan


class OfferScan:
    """Reads an offer file while it arrives: `feed` it any number of times, then `finish`.

    What is wrong with the file is said by `finish` and not before: it is the download's task to bring all of it.
    """

    def __init__(self, document: Document, wanted: Wanted) -> None:
        """Take what errors name (its bytes are not read), and what is wanted."""
        self._document = document
        self._wanted = wanted
        self._start = b""
        self._scan: _Scan | None = None
        self._error: ParseError | None = None

    @property
    def block_bytes(self) -> int:
        """Size of the pieces that are read fastest."""
        return self._scan.block_bytes if self._scan else _START_BYTES

    @property
    def failed(self) -> bool:
        """Whether it is no such offer file, whatever else may come."""
        return self._error is not None

    def feed(self, piece: bytes) -> int:
        """Take the next bytes; return the number of rows kept so far."""
        if self._error is not None:
            return 0
        try:
            if self._scan is None:
                self._start += piece
                if len(self._start) < _START_BYTES:
                    return 0
                piece = self._begin()
            return self._scan.feed(piece) if self._scan else 0
        except ParseError as exc:
            self._error = exc
            return 0

    def finish(self) -> list[PriceRow] | None:
        """Return the rows, in the file's order; None where the fast way may have missed some.

        Raises:
            ParseError: it is no such offer file, or is built in a way that the fast way does not know.
        """
        if self._error is not None:
            raise self._error
        if self._scan is None:
            rest = self._begin()
            self._scan_of().feed(rest)
        scan = self._scan_of()
        rows = scan.finish()
        return rows if scan.trusted else None

    def _begin(self) -> bytes:
        """Choose the reader; return what it is to be fed with first."""
        kind = CsvScan if is_csv(self._document, self._start) else JsonScan
        self._scan = kind(self._document, self._wanted)
        start, self._start = self._start, b""
        return start

    def _scan_of(self) -> _Scan:
        if self._scan is None:
            self._begin()
        assert self._scan is not None  # noqa: S101  # chosen above
        return self._scan


class OfferReader:
    """Reads one region's file while it is downloaded, so that its bytes pass once."""

    def __init__(
        self, source: str, wanted: Wanted, read: Callable[[Document, Iterable[PriceRow]], list[Listing]], resource: str
    ) -> None:
        """Take the source's id, what it wants, how rows become listings, and the body's name."""
        nothing = Response(resource, "", "", datetime.min.replace(tzinfo=UTC), 0, "", Content.of(b""))
        self._source = source
        self._read = read
        self._scan = OfferScan(Document.of(nothing, source=source), wanted)

    def feed(self, piece: bytes) -> int:
        """Take the next bytes; return the number of rows kept so far."""
        return self._scan.feed(piece)

    def finish(self, response: Response) -> tuple[Listing, ...] | None:
        """Return the listings; None where the stored file must be parsed, which will also say what is wrong with it."""
        try:
            rows = self._scan.finish()
            return None if rows is None else tuple(self._read(Document.of(response, source=self._source), rows))
        except ParseError:
            return None


def is_csv(document: Document, start: bytes) -> bool:
    """Tell a CSV offer file from a JSON one by its first bytes.

    Raises:
        ParseError: it is neither.
    """
    text = start[:_START_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith((b"{", *_CSV_START)):
        return not text.startswith(b"{")
    found = repr(text[:40].decode(errors="replace")) if text else "an empty body"
    raise fail(document, f"looked for an AWS offer file (JSON, or CSV from FormatVersion on), found {found}")


def read_rows(document: Document, wanted: Wanted) -> list[PriceRow]:
    """Return the prices of an offer file whose products are wanted.

    Raises:
        ParseError: the body is no offer file, or that of another offer, or lacks what is required.
    """
    scan = OfferScan(document, wanted)
    with document.open() as stream:
        while not scan.failed and (piece := stream.read(scan.block_bytes)):
            scan.feed(piece)
    try:
        rows = scan.finish()
    except ParseError:
        if document.capture.size > _WHOLLY_READ_BYTES:
            raise
        rows = None
    return read_all_rows(document, wanted) if rows is None else rows


def read_all_rows(document: Document, wanted: Wanted) -> list[PriceRow]:
    """Return the same, slowly: every record is read as CSV, a JSON file as a whole.

    Raises:
        ParseError: as `read_rows`.
    """
    with document.open() as stream:
        start = stream.read(_START_BYTES)
    read = offer_csv.read_all_rows if is_csv(document, start) else offer_json.read_all_rows
    return read(document, wanted)


def listing_of(document: Document, row: PriceRow, service: str, sku: str, operating_system: str | None) -> Listing:
    """Return the listing of one price.

    Args:
        document: the offer file.
        row: the price; its fields must hold ``regioncode``, ``gpu`` and ``gpumemory``.
        service: the product.
        sku: the instance type.
        operating_system: None where it has no meaning.

    Raises:
        ParseError: the price or the region cannot be read; the message names the row.
    """
    where = f"{row.place}, {sku}"
    price_text, absence = read_price(document, row.price, row=where)
    return Listing(
        source=document.capture.source,
        provider="AWS",
        service=service,
        sku=sku,
        terms=row.contract.words if row.contract else "OnDemand",
        price_text=price_text,
        absence=absence,
        currency=read_currency(document, row.currency, row=where),
        unit=row.unit,
        locator=row.locator,
        quote=row.price,
        sku_id=row.sku_id,
        region=region_of(document, row),
        operating_system=operating_system,
        gpu_count=_printed(row.fields["gpu"]),
        gpu_memory=_printed(row.fields["gpumemory"]),
    )


def region_of(document: Document, row: PriceRow) -> str:
    """Return the region code of a price.

    Raises:
        ParseError: there is none. Lists of before 2021 have only a location, whose names AWS changed over
            time.
    """
    if not row.fields["regioncode"]:
        location = row.fields["location"]
        problem = f"looked for a region code, found only the location {location!r}; lists this old are not read"
        raise fail(document, problem, row=row.place)
    return read_region_code(document, row.fields["regioncode"], row=row.place)


def _printed(text: str) -> str | None:
    return None if text in _NOT_PRINTED else text
