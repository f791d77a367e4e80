"""CloudPrice's lists, whichever form they came in: rows to listings, and lists that cannot be what was asked for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from scrapers.cloudprice.instances import read_items
from scrapers.cloudprice.page import read_table
from scrapers.cloudprice.request import AwsService, Request, read_request
from scrapers.cloudprice.rows import Row, read_price
from scrapers.records import Document, Listing, Obtained
from scrapers.strict import fail

_SAME_SHARE = 0.5
"""Spot prices are below on-demand ones; a list in which half of them are equal is the on-demand list."""

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")

Prices = Mapping[str, Decimal | None]
"""Price by instance type, of all instance types: to compare lists with, whether they are pages or JSON."""


def is_page(document: Document) -> bool:
    """Tell a page from JSON by its first byte."""
    with document.open() as stream:
        return stream.read(200).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def read_rows(document: Document, service: AwsService) -> list[Row]:
    """Return all rows of a list, with GPU and without.

    Raises:
        ParseError: it is no such list, is no whole one, or the capture's URL does not say what was asked for.
    """
    request = read_request(document, service)
    rows = (read_table if is_page(document) else read_items)(document, request.currency)
    doubles = sorted(name for name, count in Counter(row.name for row in rows).items() if count > 1)
    if doubles:
        raise fail(document, f"instance types that stand in the list twice: {', '.join(doubles)}")
    foreign = [row.name for row in rows if not row.name.startswith(service.sku_prefix)]
    if foreign:
        raise fail(document, f"looked for instance types {service.sku_prefix}*, found {', '.join(foreign[:5])}")
    if document.capture.obtained is Obtained.LIVE and len(rows) < service.fewest_rows:
        problem = f"looked for at least {service.fewest_rows} instance types of a whole list, found {len(rows)}"
        raise fail(document, f"{problem}: a page draws only its first rows, and a list that shrank is no whole one")
    return rows


def read_listings(document: Document, service: AwsService) -> list[Listing]:
    """Return the prices of the GPU instances of one list; a price of 0 means that there is none.

    Raises:
        ParseError: as `read_rows`; or no GPU instance has a price.
    """
    request = read_request(document, service)
    listings = [_listing(document, service, request, row) for row in read_rows(document, service) if row.has_gpu]
    if listings and not any(listing.price_text for listing in listings):
        problem = f"looked for prices of {len(listings)} instance types with GPU, found none"
        raise fail(document, f"{problem}; the first: {listings[0].absence}")
    return listings


def repeats_on_demand(on_demand: Prices, spot: Prices) -> bool:
    """Return whether a spot list holds on-demand prices: then the request's `paymentType` was ignored."""
    both = [name for name in on_demand.keys() & spot.keys() if spot[name]]
    same = sum(on_demand[name] == spot[name] for name in both)
    return bool(both) and same >= _SAME_SHARE * len(both)


def same_lists(lists: Mapping[str, Prices]) -> list[str]:
    """Return the names of lists that equal another one, instance type by instance type.

    Many prices are the same in several regions, but no two regions have the same instance types at the same prices.
    """
    names = list(lists)
    return [name for name in names if any(lists[name] == lists[other] for other in names if other != name)]


def prices_of(rows: Sequence[Row]) -> Prices:
    """Return the prices of a list for comparing it with others."""
    found = ((row.name, _NUMBER.search(row.printed)) for row in rows)
    return {name: Decimal(number[0]) if number else None for name, number in found}


def _listing(document: Document, service: AwsService, request: Request, row: Row) -> Listing:
    price_text, absence = read_price(document, row.printed, request.currency, row=row.name)
    return Listing(
        source=document.capture.source,
        provider="AWS",
        service=service.name,
        sku=row.name,
        terms=request.payment_type,
        price_text=price_text,
        absence=absence,
        currency=request.currency,
        unit="hour",
        locator=row.locate(),
        quote=row.printed,
        region=request.region,
        operating_system=request.operating_system,
    )
