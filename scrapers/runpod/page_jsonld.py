"""Pods in the pricing page's JSON-LD: one schema.org `Product` per GPU, on the page since mid-2026.

::

    {"@type": "Product", "name": "H100 SXM GPU on Runpod", "offers": {
        "@type": "AggregateOffer", "lowPrice": "2.69", "highPrice": "3.29",
        "offers": [{"name": "Secure Cloud", "price": "3.29", "priceCurrency": "USD"}, ...]}}

`lowPrice` is the Community Cloud's and `highPrice` the Secure Cloud's: two offers, not a range. The
named offers are preferred. Known from public parsers and from an abbreviated snapshot of August 2026
whose records have neither named offers nor a currency. No known record has a unit; the page says per GPU
and hour.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal

from bs4 import BeautifulSoup

from scrapers.places.locate import fold, pointer
from scrapers.records import Document, Listing
from scrapers.runpod import words
from scrapers.runpod.price_text import Printed, read_amount
from scrapers.strict import fail, take

LOOKED_FOR = 'script[type="application/ld+json"] with a "Product"'
_TYPE = "application/ld+json"
_SUFFIX = " GPU on Runpod"
_CLOUDS = (words.SECURE_CLOUD, words.COMMUNITY_CLOUD)
_KNOWN = {
    "priceCurrency": {words.CURRENCY},
    "unitCode": {"HUR"},  # UN/CEFACT's code of the hour, which schema.org's unitCode takes
    "unitText": {"hour", "hr", "/hr", "per hour"},
}
"""What an offer may say of its currency and unit, if it says anything."""

Steps = tuple[str | int, ...]
"""The way from the page's scripts to a value: number of the script, then JSON Pointer steps."""
Priced = tuple[str | None, Steps, Mapping[str, object]]
"""Cloud, way below the product to a price, and the record that the price stands in."""


def read(document: Document, page: BeautifulSoup) -> list[Listing]:
    """Return the Pods listings of the page's `Product` records, none when it has no such records.

    Raises:
        ParseError: a script is not JSON, or a record is not built as known.
    """
    listings: list[Listing] = []
    scripts = [script for script in page.find_all("script") if script.get("type") == _TYPE]
    for number, script in enumerate(scripts):
        text = script.get_text()
        if '"Product"' not in text:
            continue
        try:
            products = list(_products(json.loads(text, parse_float=str, parse_int=str), (number,)))
        except (ValueError, RecursionError) as exc:
            raise fail(document, f"looked for JSON: {exc}", row=f"ld+json script {number}") from exc
        for steps, product in products:
            listings += _read_product(document, steps, product)
    return words.unique(document, listings)


def _products(value: object, steps: Steps) -> Iterator[tuple[Steps, Mapping[str, object]]]:
    """Yield every `Product` at or below a value, with the way to it."""
    if isinstance(value, dict) and value.get("@type") in ("Product", ["Product"]):
        yield steps, value
    elif isinstance(value, dict | list):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _products(child, (*steps, key))


def _read_product(document: Document, steps: Steps, product: Mapping[str, object]) -> Iterator[Listing]:
    name = fold(str(take(document, product, "name", row=_place(steps))))
    offers = take(document, product, "offers", row=name)
    for cloud, way, holder in _prices(document, name, offers, ("offers",)):
        key = str(way[-1])
        printed = _amount(document, name, holder, key)
        yield Listing(
            source=document.capture.source,
            provider=words.PROVIDER,
            service=words.PODS,
            sku=name.removesuffix(_SUFFIX),
            terms=words.ON_DEMAND,
            price_text=printed.digits,
            absence=printed.absence,
            currency=words.CURRENCY,
            unit=words.PAGE_UNIT,
            locator=_place((*steps, *way)),
            quote=str(holder[key]),
            cloud=cloud,
            gpu_name=name.removesuffix(_SUFFIX),
            gpu_count="1",
        )


def _prices(document: Document, name: str, offers: object, way: Steps) -> Iterator[Priced]:
    """Yield each price of a product's `offers`, which stand at `way`."""
    if isinstance(offers, list):
        for index, offer in enumerate(offers):
            yield from _prices(document, name, offer, (*way, index))
    elif not isinstance(offers, dict):
        raise fail(document, f"looked for offers, found {offers!r}", row=name)
    elif "offers" in offers:
        yield from _prices(document, name, offers["offers"], (*way, "offers"))
    elif "price" in offers:
        yield _cloud(document, name, offers), (*way, "price"), offers
    else:
        yield from _low_and_high(document, name, offers, way)


def _low_and_high(document: Document, name: str, offers: Mapping[str, object], way: Steps) -> Iterator[Priced]:
    amounts = [_amount(document, name, offers, key).digits for key in ("lowPrice", "highPrice")]
    low, high = (Decimal(amount or 0) for amount in amounts)
    if low > high:
        raise fail(document, f"lowPrice {low} is above highPrice {high}", row=name)
    if low == high:  # one cloud, or both at one price: the record does not say
        yield None, (*way, "highPrice"), offers
    else:
        yield words.SECURE_CLOUD, (*way, "highPrice"), offers
        yield words.COMMUNITY_CLOUD, (*way, "lowPrice"), offers


def _amount(document: Document, name: str, holder: Mapping[str, object], key: str) -> Printed:
    """Return the amount at a key, after a look at the currency and unit that may stand beside it."""
    for record in (holder, holder.get("priceSpecification")):
        for term, known in _KNOWN.items():
            if isinstance(record, dict) and term in record and record[term] not in known:
                raise fail(document, f"looked for {term} {sorted(known)}, found {record[term]!r}", row=name)
    text = take(document, holder, key, row=name)
    if not isinstance(text, str):
        raise fail(document, f"looked for an amount in {key}, found {text!r}", row=name)
    return read_amount(document, text, key, row=name)


def _cloud(document: Document, name: str, offer: Mapping[str, object]) -> str | None:
    cloud = offer.get("name")
    if cloud is None:
        return None
    if cloud not in _CLOUDS:
        raise fail(document, f"looked for an offer named {' or '.join(_CLOUDS)}, found {cloud!r}", row=name)
    return str(cloud)


def _place(steps: Steps) -> str:
    return f"jsonld:{pointer(*steps).removeprefix('/')}"
