"""The Spot Advisor's feed: how much spot saved against on-demand, and how often it was interrupted. No prices.

``{"ranges": [{"index": 0, "label": "<5%", ...}], "spot_advisor": {"us-east-1": {"Linux": {"g5.xlarge": {"s": 47,
"r": 1}}}}}``, recorded 2024-02-28 (github.com/ETOgaosion/bamboo @0faa479f). ``s`` is the percentage saved against
the on-demand price of its own time, a mean over 30 days, and can be 0 or negative; ``r`` is the index of a range. A
price must not be computed from it. New families appear late: that a type is absent says nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from scrapers.aws.instance_types import is_gpu_type
from scrapers.aws.regions import read_region_code
from scrapers.places.locate import pointer
from scrapers.records import Document, Listing
from scrapers.strict import at_least, fail, one, take

URL = "https://spot-bid-advisor.s3.amazonaws.com/spot-advisor-data.json"
TERMS = "spot interruption"
_SYSTEM = "Linux"
_KEYS = {"s", "r"}


def read_advisor(document: Document, feed: Mapping[str, Any], unit: str) -> list[Listing]:
    """Return one listing per GPU instance type and region: no price, and in its absence what the feed says.

    Args:
        document: the feed.
        feed: its content.
        unit: the unit of the source's prices.

    Raises:
        ParseError: the structure is not the feed's.
    """
    ranges = take(document, feed, "ranges")
    regions = take(document, feed, "spot_advisor")
    return [
        listing
        for name, systems in regions.items()
        for listing in _read_region(document, read_region_code(document, name, row=name), systems, ranges, unit)
    ]


def _read_region(
    document: Document, region: str, systems: Mapping[str, Any], ranges: list[Mapping[str, Any]], unit: str
) -> Iterator[Listing]:
    types = take(document, systems, _SYSTEM, row=region)
    for sku in at_least(document, 1, [*types], f"instance type in {region}"):
        if is_gpu_type(sku):
            yield Listing(
                source=document.capture.source,
                provider="AWS",
                service="EC2",
                sku=sku,
                terms=TERMS,
                price_text=None,
                absence=_statement(document, types[sku], ranges, f"{sku} in {region}"),
                currency="USD",
                unit=unit,
                locator="json:" + pointer("spot_advisor", region, _SYSTEM, sku),
                quote=json.dumps({key: str(number) for key, number in types[sku].items()}),
                region=region,
                operating_system=_SYSTEM,
            )


def _statement(document: Document, entry: Mapping[str, object], ranges: list[Mapping[str, Any]], row: str) -> str:
    """Return in one sentence what an entry says; its numbers must be those that are known."""
    if set(entry) != _KEYS or not all(type(number) is int for number in entry.values()):
        raise fail(document, f"looked for the whole numbers s and r, found {entry}", row=row)
    band = one(document, [r for r in ranges if r.get("index") == entry["r"]], f"range of index {entry['r']}", row=row)
    label = take(document, band, "label", row=row)
    return (
        f"the Spot Advisor prints no prices: {entry['s']} % saved against on-demand over 30 days, "
        f"frequency of interruption {label}"
    )
