"""EC2 spot prices of GPU instance types, from the feed behind AWS's spot pricing page.

One price per region, no zone, and no date inside: the only date is that of the capture. Seen on an excerpt of
2026-08-10 (github.com/alexei-led/spotinfo @69bcec67). Traps there: ``N/A*`` for a price, ``9.0E-4``, types
that stand twice in one group (g6.8xlarge, gr6.4xlarge, p4de.24xlarge), local zones as regions of their own,
and Windows prices (``mswin``) below those of Linux.

A second body, the Spot Advisor's feed, states how often spot capacity is interrupted, see `spot_advisor`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from scrapers.aws.instance_types import is_gpu_type
from scrapers.aws.price_text import read_price
from scrapers.aws.regions import read_region_code
from scrapers.aws.spot_advisor import URL as ADVISOR_URL
from scrapers.aws.spot_advisor import read_advisor
from scrapers.errors import SourceError
from scrapers.places.locate import pointer, without_callback
from scrapers.records import Document, Lineage, Listing, Response, Source
from scrapers.strict import at_least, fail, one, read_json, take
from scrapers.wire.web import Web

SOURCE = Source(
    id="aws-spot",
    title="EC2 spot prices and interruptions (public feeds)",
    publisher="AWS",
    url="https://aws.amazon.com/ec2/spot/pricing/",
    lineage=Lineage.FIRST_PARTY,
    method="http",
    # us-east-1 had 72 GPU types on 2026-08-10. The Spot Advisor of 2024-02-28 had 475 in 29 regions,
    # us-east-1 39. Both bodies hold about the same types.
    expected_listings=(300, 3200),
    max_age_days=2,
    allowed_hosts=("website.spot.ec2.aws.a2z.com", "spot-bid-advisor.s3.amazonaws.com"),
)
_URL = "https://website.spot.ec2.aws.a2z.com/spot.json"
_BODIES = {"spot.json": _URL, "spot-advisor-data.json": ADVISOR_URL}
_UNIT = "perhr"
"""The feed's word for its unit; the Spot Advisor has none."""
_COLUMN = "linux"
_IGNORED_COLUMNS = frozenset({"mswin"})
_LEGACY_REGIONS = {
    "us-east": "us-east-1",
    "us-west": "us-west-1",
    "eu-ireland": "eu-west-1",
    "apac-sin": "ap-southeast-1",
    "apac-syd": "ap-southeast-2",
    "apac-tokyo": "ap-northeast-1",
}
"""Names of regions in AWS's old JSONP files (https://github.com/iconara/ec2pricing and others)."""


def fetch(web: Web, regions: Sequence[str]) -> Iterator[Response]:
    """Yield both feeds, which hold all regions.

    Raises:
        SourceError: one did not come; raised after the other.
    """
    del regions
    failure: SourceError | None = None
    for resource, url in _BODIES.items():
        try:
            yield web.get(SOURCE, url, resource)
        except SourceError as exc:
            failure = failure or exc
    if failure is not None:
        raise failure


def parse(document: Document) -> list[Listing]:
    """Return one listing per GPU instance type and region, from the JSON feed or its older JSONP form.

    The Spot Advisor's listings have no price, but say in their absence how often the type is interrupted.

    Raises:
        ParseError: the structure is not the feed's, or one type has two prices in a region.
    """
    feed = _read_feed(document)
    if "spot_advisor" in feed:
        return read_advisor(document, feed, _UNIT)
    config = take(document, feed, "config")
    unit = take(document, config, "rate")
    found: dict[tuple[str, str], Listing] = {}
    for number, region in enumerate(at_least(document, 1, take(document, config, "regions"), "region")):
        for listing in _read_region(document, number, region, unit):
            key = (str(listing.region), listing.sku)
            if not _is_same(found.setdefault(key, listing), listing):
                problem = (
                    f"looked for one price of {listing.sku} in {listing.region}, found {found[key].quote} "
                    f"({found[key].locator}) and {listing.quote} ({listing.locator})"
                )
                raise fail(document, problem)
    return list(found.values())


def _read_feed(document: Document) -> Mapping[str, Any]:
    plain = Document(document.capture, lambda: io.BytesIO(without_callback(document.read())))
    feed: Mapping[str, Any] = read_json(plain)
    return feed


def _is_same(one_: Listing, other: Listing) -> bool:
    if one_.price_text is None or other.price_text is None:
        return one_.price_text is other.price_text
    return Decimal(one_.price_text) == Decimal(other.price_text)


def _read_region(document: Document, number: int, region: Mapping[str, Any], unit: str) -> Iterator[Listing]:
    name = take(document, region, "region", row=f"region {number}")
    code = read_region_code(document, _LEGACY_REGIONS.get(name, name), row=f"region {number}")
    for group_number, group in enumerate(take(document, region, "instanceTypes", row=code)):
        for size_number, size in enumerate(take(document, group, "sizes", row=code)):
            sku = take(document, size, "size", row=f"{code}, group {group_number}")
            if is_gpu_type(sku):
                steps = ("config", "regions", number, "instanceTypes", group_number, "sizes", size_number)
                yield _read_size(document, size, steps, code, unit)


def _read_size(
    document: Document, size: Mapping[str, Any], steps: tuple[str | int, ...], region: str, unit: str
) -> Listing:
    row = f"{size['size']} in {region}"
    columns = list(enumerate(take(document, size, "valueColumns", row=row)))
    names = [take(document, column, "name", row=row) for _, column in columns]
    unknown = [name for name in names if name != _COLUMN and name not in _IGNORED_COLUMNS]
    if unknown:
        known = ", ".join((_COLUMN, *sorted(_IGNORED_COLUMNS)))
        problem = f"unknown columns {unknown} beside {known}; take or ignore them in scrapers/aws/spot.py"
        raise fail(document, problem, row=row)
    linux = [(n, column) for (n, column), name in zip(columns, names, strict=True) if name == _COLUMN]
    number, column = one(document, linux, f"column {_COLUMN!r}", row=row)
    prices = take(document, column, "prices", row=row)
    currency, price = one(document, list(prices.items()), "currency", row=row)
    price_text, absence = read_price(document, price, row=row)
    return Listing(
        source=SOURCE.id,
        provider="AWS",
        service="EC2",
        sku=size["size"],
        terms="spot",
        price_text=price_text,
        absence=absence,
        currency=currency,
        unit=unit,
        locator="json:" + pointer(*steps, "valueColumns", number, "prices", currency),
        quote=price,
        region=region,
        operating_system="Linux",
    )
