"""`aws-spot-history`: spot prices by zone, from EC2's DescribeSpotPriceHistory.

``{"SpotPriceHistory": [{"AvailabilityZone": "us-east-1a", "InstanceType": "g5.xlarge", "ProductDescription":
"Linux/UNIX", "SpotPrice": "0.001000", "Timestamp": "2026-11-01T00:00:00+00:00"}]}``. A price is a text with six
decimals, in US dollars (yuan in China) per instance-hour; the answer prints neither. Asked from now on, it holds the
price in force of every type and zone. One listing per type and zone, the zone as its machine id: what the zones of a
region come to is for normalisation to say.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSpotPriceHistory.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from scrapers.aws.account import GPU_TYPES, Question, ask_regions
from scrapers.aws.instance_types import is_gpu_type
from scrapers.aws.price_text import read_price
from scrapers.aws.regions import read_region_code
from scrapers.places.locate import pointer
from scrapers.records import Document, Lineage, Listing, Response, Source
from scrapers.strict import fail, read_json, take
from scrapers.wire.web import Web

SOURCE = Source(
    id="aws-spot-history",
    title="EC2 spot prices by zone (DescribeSpotPriceHistory)",
    publisher="AWS",
    url="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSpotPriceHistory.html",
    lineage=Lineage.FIRST_PARTY,
    method="api",
    # About six zones for each of 65 GPU types in us-east-1; some regions have a handful of types in three zones.
    expected_listings=(5, 10_000),
    max_age_days=2,
    needs_account=True,
)
_TERMS = "spot history"
_LINUX = frozenset({"Linux/UNIX", "Linux/UNIX (Amazon VPC)"})
"""The second is an older word for the first."""


@dataclass(frozen=True, slots=True)
class _Quote:
    """One entry of the answer."""

    number: int
    sku: str
    zone: str
    price: str
    at: datetime


def fetch(web: Web, regions: Sequence[str]) -> Iterator[Response]:
    """Yield the spot prices in force of every region.

    Raises:
        SourceError: no boto3, no account, or a region that did not answer; raised after those that did.
    """
    del web
    url = "https://ec2.{region}.{suffix}/?Action=DescribeSpotPriceHistory"
    return ask_regions(SOURCE, Question("ec2", "", url, _ask), regions)


def _ask(client: Any, _region: str) -> object:  # noqa: ANN401  # boto3 has no types
    """Ask for the GPU types that the region has, by name: the history would answer for all others too."""
    filters = [{"Name": "instance-type", "Values": GPU_TYPES}]
    offered = client.get_paginator("describe_instance_types").paginate(Filters=filters)
    names = [entry["InstanceType"] for page in offered for entry in page["InstanceTypes"]]
    pages = client.get_paginator("describe_spot_price_history").paginate(
        InstanceTypes=sorted(filter(is_gpu_type, names)),
        ProductDescriptions=["Linux/UNIX"],
        StartTime=datetime.now(UTC),
    )
    return {"SpotPriceHistory": [entry for page in pages for entry in page["SpotPriceHistory"]]}


def parse(document: Document) -> list[Listing]:
    """Return one listing per GPU instance type and zone: the price set last.

    Raises:
        ParseError: the structure is not the answer's, or a type has two prices of one time in a zone.
    """
    latest: dict[tuple[str, str], _Quote] = {}
    for number, entry in enumerate(take(document, read_json(document), "SpotPriceHistory")):
        quote = _read_entry(document, number, entry)
        if quote is not None:
            key = (quote.sku, quote.zone)
            latest[key] = _later(document, latest.setdefault(key, quote), quote)
    return [_listing(document, quote) for quote in latest.values()]


def _read_entry(document: Document, number: int, entry: Mapping[str, Any]) -> _Quote | None:
    """Return an entry, or None where it is not of Linux on a GPU type."""
    row = f"entry {number}"
    sku = take(document, entry, "InstanceType", row=row)
    if take(document, entry, "ProductDescription", row=row) not in _LINUX or not is_gpu_type(sku):
        return None
    try:
        at = datetime.fromisoformat(take(document, entry, "Timestamp", row=row))
    except (TypeError, ValueError) as exc:
        raise fail(document, f"looked for a time, found {entry['Timestamp']!r}", row=row) from exc
    price, zone = (take(document, entry, key, row=row) for key in ("SpotPrice", "AvailabilityZone"))
    return _Quote(number, sku, zone, price, at)


def _later(document: Document, one: _Quote, other: _Quote) -> _Quote:
    """Return the quote that was set last."""
    if one.at == other.at and Decimal(one.price) != Decimal(other.price):
        problem = f"looked for one price of {one.sku} in {one.zone} of {one.at:%Y-%m-%d %H:%M:%S}"
        raise fail(document, f"{problem}, found {one.price} (entry {one.number}) and {other.price} ({other.number})")
    return max(one, other, key=lambda quote: quote.at)


def _listing(document: Document, quote: _Quote) -> Listing:
    row = f"entry {quote.number}, {quote.sku}"
    price_text, absence = read_price(document, quote.price, row=row)
    region = read_region_code(document, _region_of(quote.zone), row=row)
    return Listing(
        source=document.capture.source,
        provider="AWS",
        service="EC2",
        sku=quote.sku,
        terms=_TERMS,
        price_text=price_text,
        absence=absence,
        currency="CNY" if region.startswith("cn-") else "USD",
        unit="Hrs",
        locator="json:" + pointer("SpotPriceHistory", quote.number, "SpotPrice"),
        quote=quote.price,
        sku_id=quote.zone,
        region=region,
        operating_system="Linux",
    )


def _region_of(zone: str) -> str:
    """Return ``us-east-1`` of the zone ``us-east-1a``; local zones are in regions of their own, ``us-west-2-lax-1``."""
    return zone[:-1] if zone[-1:].isalpha() and zone[-2:-1].isdigit() else zone
