"""The envelope of cloudprice.net's lists of AWS instances.

No answer is recorded in public: ``{"Status": "ok", "Data": {"UpdatedAt": ..., "Items": [...]}}`` is known from
clients of 2024 to 2026 (github.com/Facets-cloud/facets-modules, github.com/jwmossmoz/costctl @f22fcdf). Items say
whether they have a GPU, but neither which, nor how many, nor its memory; keys that are not used may be anything.
`UpdatedAt` has no time zone and lags about a day: it is not used, the capture has its own time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from scrapers.cloudprice.request import AwsService, Request, read_request
from scrapers.locate import pointer
from scrapers.records import Document, Listing
from scrapers.strict import at_least, fail, read_json, take

_SMALLEST_PRICE = Decimal("0.0001")
"""Below it numbers are printed with an exponent, and no machine is rented so cheaply."""


def read_listings(document: Document, service: AwsService) -> list[Listing]:
    """Return the prices of the GPU instances of one list; a price of 0 means that there is none.

    Raises:
        ParseError: it is no such list, it is empty, or the capture's URL does not say what was asked for.
    """
    request = read_request(document, service)
    items = _read_items(document)
    names = [str(take(document, item, "InstanceType", row=f"Items/{n}")) for n, item in enumerate(items)]
    doubles = sorted(name for name, count in Counter(names).items() if count > 1)
    if doubles:
        raise fail(document, f"instance types that stand in the list twice: {', '.join(doubles)}")
    foreign = [name for name in names if not name.startswith(service.sku_prefix)]
    if foreign:
        raise fail(document, f"looked for instance types {service.sku_prefix}*, found {', '.join(foreign[:5])}")
    return [
        _listing(document, service, request, index, item)
        for index, item in enumerate(items)
        if _has_gpu(document, item, names[index])
    ]


def same_prices(on_demand: Sequence[Listing], spot: Sequence[Listing]) -> bool:
    """Return whether a spot list repeats the on-demand list: then the request's `paymentType` was ignored."""
    prices, spot_prices = ({found.sku: found.price_text for found in each} for each in (on_demand, spot))
    return prices != {} and prices == spot_prices


def _read_items(document: Document) -> Sequence[dict[str, Any]]:
    answer = _object(document, read_json(document), "the answer")
    status = take(document, answer, "Status")
    if status != "ok":
        raise fail(document, f"looked for Status 'ok', found {status!r:.60}")
    items = take(document, _object(document, take(document, answer, "Data"), "Data"), "Items")
    if not isinstance(items, list):
        raise fail(document, f"looked for a list of Items, found {items!r:.60}")
    return [_object(document, item, f"Items/{n}") for n, item in enumerate(at_least(document, 1, items, "Items"))]


def _object(document: Document, value: object, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise fail(document, f"looked for an object as {what}, found {value!r:.60}")
    return value


def _has_gpu(document: Document, item: Mapping[str, Any], row: str) -> bool:
    has_gpu = take(document, item, "HasGPU", row=row)
    if not isinstance(has_gpu, bool):
        raise fail(document, f"looked for HasGPU true or false, found {has_gpu!r:.60}", row=row)
    return has_gpu


def _listing(document: Document, service: AwsService, request: Request, index: int, item: Mapping[str, Any]) -> Listing:
    sku = item["InstanceType"]
    quote, absence = _price(document, take(document, item, "PricePerHour", row=sku), sku)
    return Listing(
        source=document.capture.source,
        provider="AWS",
        service=service.name,
        sku=sku,
        terms=request.payment_type,
        price_text=None if absence else quote,
        absence=absence,
        currency=request.currency,
        unit="hour",
        locator=f"json:{pointer('Data', 'Items', index, 'PricePerHour')}",
        quote=quote,
        region=request.region,
        operating_system=request.operating_system,
    )


def _price(document: Document, value: object, row: str) -> tuple[str, str]:
    """Return the digits as printed, and why they are no price, or "" when they are one."""
    if value is None:
        return "null", "CloudPrice prints null instead of a price"
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise fail(document, f"looked for PricePerHour as a number, found {value!r:.60}", row=row)
    if value == 0:
        return str(value), f"CloudPrice prints {value} instead of a price"
    if value < _SMALLEST_PRICE:
        raise fail(document, f"looked for a price per hour, found {value}", row=row)
    return str(value), ""
