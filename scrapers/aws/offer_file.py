"""Offer files of the AWS Price List Bulk API: what the body is, not what it is called, tells CSV from JSON.

https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-the-aws-price-list-bulk-api.html
"""

from __future__ import annotations

from collections.abc import Iterator

from scrapers.aws.offer_csv import read_csv_rows
from scrapers.aws.offer_json import read_json_rows
from scrapers.aws.offer_rows import PriceRow, Wanted
from scrapers.aws.price_text import read_price
from scrapers.aws.regions import read_region_code
from scrapers.records import Document, Listing
from scrapers.strict import fail

_CSV_START = (b'"FormatVersion"', b"FormatVersion")
_NOT_PRINTED = frozenset({"", "NA", "N/A"})
"""EC2 prints ``NA``, SageMaker ``N/A``; in 2023 and 2024 also for types that do have GPUs."""


def read_rows(document: Document, wanted: Wanted) -> Iterator[PriceRow]:
    """Yield the on-demand prices of an offer file whose products are wanted.

    Raises:
        ParseError: the body is no offer file, or that of another offer, or lacks what is required.
    """
    with document.open() as stream:
        start = stream.read(80).removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{"):
        yield from read_json_rows(document, wanted)
    elif start.startswith(_CSV_START):
        yield from read_csv_rows(document, wanted)
    else:
        found = repr(start[:40].decode(errors="replace")) if start else "an empty body"
        raise fail(document, f"looked for an AWS offer file (JSON, or CSV from FormatVersion on), found {found}")


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
        terms="OnDemand",
        price_text=price_text,
        absence=absence,
        currency=row.currency,
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
