"""`cloudprice-ec2`: EC2 prices as cloudprice.net republishes them, on-demand and spot.

Its spot figures look like means of several quotes (0.10089428571428571 is 3.5313 / 35; us-west-2, 2024-07-22):
they are no zone's price, and never one series with another source's spot prices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scrapers.cloudprice.fetching import fetch_lists
from scrapers.cloudprice.lists import read_listings
from scrapers.cloudprice.request import AwsService
from scrapers.records import Document, Lineage, Listing, Response, Source
from scrapers.wire.web import Web

SOURCE = Source(
    id="cloudprice-ec2",
    title="EC2 prices at cloudprice.net",
    publisher="CloudPrice",
    url="https://cloudprice.net/aws/ec2",
    lineage=Lineage.AGGREGATOR,
    method="http",
    # A list has about 1,100 rows in all (2026-02). How many have a GPU was never counted; AWS has some 80 such
    # types. Each region is asked for twice.
    expected_listings=(60, 3_000),
    max_age_days=14,
    min_interval_seconds=2.0,
    allowed_hosts=("cloudprice.net",),
)
SERVICE = AwsService(
    json_path="/api/v2/aws/ec2/instances",
    page_path="/aws/ec2",
    name="EC2",
    sku_prefix="",
    has_operating_system=True,
    payment_types=("OnDemand", "Spot"),
    # AWS's spot advisor of 2024-02-28 has 138 types for Linux in the smallest region, 748 in the largest; a page draws
    # its first 30.
    fewest_rows=100,
)


def fetch(web: Web, regions: Sequence[str]) -> Iterator[Response]:
    """Yield the on-demand and the spot list of every region: JSON, or the page where that is refused.

    Args:
        web: the way out.
        regions: region codes, e.g. ``us-east-1``.

    Raises:
        SourceError: lists that did not come, or cannot be what was asked for; raised after those that did. The site
            answers 500 for a region that it does not know.
    """
    return fetch_lists(web, SOURCE, SERVICE, regions)


def parse(document: Document) -> list[Listing]:
    """Return the prices of the GPU instances in one list.

    Raises:
        ParseError: it is no whole list of EC2 instances, or the capture's URL does not say what was asked for.
    """
    return read_listings(document, SERVICE)
