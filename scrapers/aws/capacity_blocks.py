"""Prices of EC2 Capacity Blocks for ML, from AWS's pricing page: GPU instances reserved for days or months.

The bulk price list has these SKUs with a price of 0, so the page is the only public source. Its figures are
known from a scrape of 2026-07-22 (github.com/koyakimu/ec2-capacity-blocks-for-ml-pricing-json @b3a54aee), its
markup is
**reconstructed and must be confirmed against the live page**, see `capacity_tables`. The rate excludes the
operating system, which costs nothing for Linux. One cell may hold both rates: ``$41.528 USD ($5.191 USD)`` is
41.528 per instance and 5.191 per accelerator.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from scrapers.aws.capacity_page import Row, column_names, read_rate_rows
from scrapers.aws.regions import code_of_name, read_region_code
from scrapers.records import Document, Lineage, Listing, Response, Source
from scrapers.strict import fail
from scrapers.wire.web import Web

_URL = "https://aws.amazon.com/ec2/capacityblocks/pricing/"

SOURCE = Source(
    id="aws-capacity-blocks",
    title="EC2 Capacity Blocks for ML (pricing page)",
    publisher="AWS",
    url=_URL,
    lineage=Lineage.FIRST_PARTY,
    method="http",
    # 59 prices of 10 GPU types on 2026-07-22, and 10 of Trainium, which are not taken.
    expected_listings=(40, 150),
    max_age_days=45,
    allowed_hosts=("aws.amazon.com",),
)

_RATE = re.compile(r"\$([0-9][0-9,]*(?:\.[0-9]+)?)(?: USD)?(?: ?\(\$[0-9][0-9,]*(?:\.[0-9]+)?(?: USD)?\))?")
_NO_RATE = frozenset({"", "-", "N/A", "NA", "Contact sales", "Contact us", "Sold out", "Coming soon"})
_COUNT = re.compile(r"([0-9]+) ?x ?(.+)")
_IGNORED = re.compile(r"(trn|inf)[0-9]")
"""Families of AWS's own accelerators: no GPUs."""


def fetch(web: Web, regions: Sequence[str]) -> Iterator[Response]:
    """Yield the pricing page, which names all regions.

    Raises:
        SourceError: it did not come.
    """
    del regions
    yield web.get(SOURCE, _URL, "pricing.html")


def shape(document: Document) -> Mapping[str, frozenset[str]]:
    """Return the columns of the page's tables: they are JSON inside of JSON, where the look at any page does not come.

    Raises:
        ParseError: a script with tables is not built as described.
    """
    return {"columns": column_names(document)}


def parse(document: Document) -> list[Listing]:
    """Return one listing per instance type (or UltraServer) and region, with the rate of the whole instance.

    Raises:
        ParseError: the page has no rate table, a cell cannot be read, or one type has two rates in a region.
    """
    found: dict[tuple[str, str], Listing] = {}
    for row in read_rate_rows(document):
        if _IGNORED.match(row["sku"].text):
            continue
        listing = _listing(document, row)
        key = (listing.sku, str(listing.region))
        other = found.setdefault(key, listing)
        if _amount(other) != _amount(listing):
            what = f"one rate of {listing.sku} in {listing.region}"
            raise fail(document, f"looked for {what}, found {other.quote} and {listing.quote}")
    return list(found.values())


def _amount(listing: Listing) -> Decimal | None:
    return None if listing.price_text is None else Decimal(listing.price_text)


def _listing(document: Document, row: Row) -> Listing:
    place = f"{row['sku'].text} in {row['region'].text}"
    price_text, absence = _read_rate(document, row["rate"].text, place)
    count, name = _read_accelerators(row)
    return Listing(
        source=SOURCE.id,
        provider="AWS",
        service="EC2 Capacity Blocks",
        sku=row["sku"].text,
        terms="CapacityBlock",
        price_text=price_text,
        absence=absence,
        currency="USD",
        unit="hourly",
        locator=row["rate"].locator,
        quote=row["rate"].text,
        region=_region(document, row, place),
        operating_system="Linux",
        gpu_name=name,
        gpu_count=count,
        gpu_memory=row["memory"].text if "memory" in row else None,
    )


def _read_rate(document: Document, text: str, place: str) -> tuple[str | None, str]:
    """Return the instance's rate without its thousands separators and "", or None and why there is none."""
    if text in _NO_RATE:
        return None, f"AWS prints {text!r} in place of a rate" if text else "AWS leaves the rate empty"
    match = _RATE.fullmatch(text)
    if match is None:
        raise fail(document, f"looked for a rate such as $41.528 USD ($5.191 USD), found {text!r}", row=place)
    digits = match[1].replace(",", "")
    return (digits, "") if Decimal(digits) else (None, f"AWS prints {text}, and a price of 0 is not an offer")


def _read_accelerators(row: Row) -> tuple[str | None, str | None]:
    """Return count and name from ``8 x H100``; a mere label, as the page calls a GB200 ``B200``."""
    text = row["accelerators"].text if "accelerators" in row else ""
    match = _COUNT.fullmatch(text)
    return (match[1], match[2]) if match else (None, text or None)


def _region(document: Document, row: Row, place: str) -> str:
    if "region_code" in row:
        return read_region_code(document, row["region_code"].text, row=place)
    return code_of_name(document, row["region"].text, row=place)
