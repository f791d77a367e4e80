"""`cloudprice-ec2`: EC2 prices as cloudprice.net republishes them, on-demand and spot.

Its spot figures look like means of several quotes (0.10089428571428571 is 3.5313 / 35; us-west-2, 2024-07-22):
they are no zone's price, and never one series with another source's spot prices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scrapers.cloudprice.instances import read_listings, same_prices
from scrapers.cloudprice.request import AwsService, address
from scrapers.errors import ParseError
from scrapers.records import Document, Lineage, Listing, Response, Source
from scrapers.web import Web

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
SERVICE = AwsService(path="/api/v2/aws/ec2/instances", name="EC2", sku_prefix="", has_operating_system=True)


def fetch(web: Web, regions: Sequence[str]) -> Iterator[Response]:
    """Yield the on-demand and the spot list of every region.

    Args:
        web: the way out.
        regions: region codes, e.g. ``us-east-1``.

    Raises:
        FetchError: the site does not answer now; it also answers 500 for a region that it does not know.
        ParseError: an answer is no list, or a spot list repeats the on-demand prices.
    """
    for region in regions:
        on_demand = web.get(SOURCE, address(SERVICE, region, "OnDemand"), f"{region}.ondemand.json")
        yield on_demand
        spot = web.get(SOURCE, address(SERVICE, region, "Spot"), f"{region}.spot.json")
        if same_prices(*(parse(Document.of(answer, source=SOURCE.id)) for answer in (on_demand, spot))):
            raise ParseError(SOURCE.id, "the spot list repeats the on-demand prices", where=spot.url)
        yield spot


def parse(document: Document) -> list[Listing]:
    """Return the prices of the GPU instances in one list.

    Raises:
        ParseError: it is no list of EC2 instances, or the capture's URL does not say what was asked for.
    """
    return read_listings(document, SERVICE)
