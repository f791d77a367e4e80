"""`aws-ec2-api`: EC2 on-demand prices of GPU instance types, from the Price List Query API (GetProducts).

The same prices as the bulk price list of `scrapers.aws.ec2`, without its size. An answer is a list of texts that are
JSON themselves; the stored body is these texts as they came, as one JSON array: ``[{"product": {"productFamily",
"attributes", "sku"}, "serviceCode", "terms": {"OnDemand": {...}}, "version", "publicationDate"}, ...]``. The API lives
in a few regions and answers for all of them; China has its own, which is not asked.
https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scrapers.aws.account import Question, ask_regions
from scrapers.aws.instance_types import is_gpu_type
from scrapers.aws.price_text import read_price
from scrapers.aws.regions import read_region_code
from scrapers.places.locate import pointer
from scrapers.records import Document, Lineage, Listing, Response, Source
from scrapers.strict import at_least, fail, one, read_json, take
from scrapers.wire.web import Web

SOURCE = Source(
    id="aws-ec2-api",
    title="EC2 on-demand prices (AWS Price List Query API)",
    publisher="AWS",
    url="https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html",
    lineage=Lineage.FIRST_PARTY,
    method="api",
    expected_listings=(5, 4000),  # as aws-ec2; a small region has a handful
    max_age_days=45,
    needs_account=True,
)
_HOME = "us-east-1"
_FILTERS = {
    "instanceFamily": "GPU instance",
    "tenancy": "Shared",
    "operatingSystem": "Linux",
    "licenseModel": "No License required",
    "preInstalledSw": "NA",
    "capacitystatus": "Used",
    "marketoption": "OnDemand",
}
"""What is asked for, and must hold of a product that is taken; the rules of `scrapers.aws.ec2` in the API's names."""
_NOT_PRINTED = frozenset({"", "NA", "N/A"})


def fetch(web: Web, regions: Sequence[str]) -> Iterator[Response]:
    """Yield the products of every region.

    Raises:
        SourceError: no boto3, no account, or a region that did not answer; raised after those that did.
    """
    del web
    url = f"https://api.pricing.{_HOME}.amazonaws.com/?Action=GetProducts&ServiceCode=AmazonEC2&regionCode={{region}}"
    return ask_regions(SOURCE, Question("pricing", _HOME, url, _ask), regions)


def _ask(client: Any, region: str) -> object:  # noqa: ANN401  # boto3 has no types
    wanted = {"regionCode": region, **_FILTERS}
    filters = [{"Type": "TERM_MATCH", "Field": name, "Value": value} for name, value in wanted.items()]
    pages = client.get_paginator("get_products").paginate(
        ServiceCode="AmazonEC2", FormatVersion="aws_v1", Filters=filters
    )
    texts = [text for page in pages for text in page["PriceList"]]
    return f"[{','.join(texts)}]".encode()


def parse(document: Document) -> list[Listing]:
    """Return one listing per GPU instance type and region; without a price where there is none on demand.

    Raises:
        ParseError: the structure is not the answer's, or a type has two prices in a region.
    """
    found: dict[tuple[str, str | None], Listing] = {}
    for number, entry in enumerate(at_least(document, 1, read_json(document), "product")):
        product = take(document, entry, "product", row=f"product {number}")
        attributes = take(document, product, "attributes", row=f"product {number}")
        if _is_wanted(attributes):
            listing = _read_product(document, number, entry, attributes)
            other = found.setdefault((listing.sku, listing.region), listing)
            if other is not listing:
                problem = f"looked for one on-demand price of {listing.sku} in {listing.region}"
                both = " and ".join(f"SKU {side.sku_id} at {side.quote}" for side in (other, listing))
                raise fail(document, f"{problem}, found {both}")
    return list(found.values())


def _is_wanted(attributes: Mapping[str, str]) -> bool:
    return is_gpu_type(attributes.get("instanceType", "")) and all(
        attributes.get(name, "") in {value, *(("",) if name == "marketoption" else ())}
        for name, value in _FILTERS.items()
    )


def _read_product(document: Document, number: int, entry: Mapping[str, Any], attributes: Mapping[str, str]) -> Listing:
    sku = attributes["instanceType"]
    sku_id = take(document, entry["product"], "sku", row=sku)
    steps, unit, currency, price = _read_price(document, number, entry, sku)
    price_text, absence = read_price(document, price, row=sku)
    return Listing(
        source=document.capture.source,
        provider="AWS",
        service="EC2",
        sku=sku,
        terms="OnDemand",
        price_text=price_text,
        absence=absence if steps[1] == "terms" else "GetProducts has no on-demand price of it",
        currency=currency,
        unit=unit,
        locator="json:" + pointer(*steps),
        quote=price if steps[1] == "terms" else sku,
        sku_id=sku_id,
        region=read_region_code(document, take(document, attributes, "regionCode", row=sku), row=sku),
        operating_system="Linux",
        gpu_count=_printed(attributes.get("gpu", "")),
        gpu_memory=_printed(attributes.get("gpuMemory", "")),
    )


def _read_price(
    document: Document, number: int, entry: Mapping[str, Any], sku: str
) -> tuple[tuple[str | int, ...], str, str, str]:
    """Return where the price stands, unit, currency and price; or where the type stands, when it has no price."""
    terms = take(document, entry, "terms", row=sku).get("OnDemand", {})
    if not terms:
        return (number, "product", "attributes", "instanceType"), "Hrs", "USD", ""
    code, term = one(document, list(terms.items()), "on-demand term", row=sku)
    dimensions = take(document, term, "priceDimensions", row=sku)
    rate_code, rate = one(document, list(dimensions.items()), "price of the term", row=sku)
    prices = take(document, rate, "pricePerUnit", row=sku)
    currency, price = one(document, list(prices.items()), "currency", row=sku)
    steps = (number, "terms", "OnDemand", code, "priceDimensions", rate_code, "pricePerUnit", currency)
    return steps, take(document, rate, "unit", row=sku), currency, price


def _printed(text: str) -> str | None:
    return None if text in _NOT_PRINTED else text
