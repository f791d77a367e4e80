"""`cloudprice-sagemaker`: SageMaker prices as cloudprice.net republishes them.

The page https://cloudprice.net/aws/sagemaker is known, its JSON is not: no public client uses it. The address
here is that of the EC2 list with the service's name exchanged, and the envelope is taken to be the same; only a
live run can confirm either. The page does not say which component of SageMaker (hosting, notebook, training) its
prices are for: the service's name says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scrapers.cloudprice.instances import read_listings
from scrapers.cloudprice.request import AwsService, address
from scrapers.records import Document, Lineage, Listing, Response, Source
from scrapers.web import Web

SOURCE = Source(
    id="cloudprice-sagemaker",
    title="SageMaker prices at cloudprice.net",
    publisher="CloudPrice",
    url="https://cloudprice.net/aws/sagemaker",
    lineage=Lineage.AGGREGATOR,
    method="http",
    # Never counted: some 50 ml.* types with a GPU in the largest region, few in a small one.
    expected_listings=(20, 1_500),
    max_age_days=14,
    min_interval_seconds=2.0,
    allowed_hosts=("cloudprice.net",),
)
SERVICE = AwsService(
    path="/api/v2/aws/sagemaker/instances",
    name="SageMaker (component unstated)",
    sku_prefix="ml.",
    has_operating_system=False,
)


def fetch(web: Web, regions: Sequence[str]) -> Iterator[Response]:
    """Yield the on-demand list of every region.

    Args:
        web: the way out.
        regions: region codes, e.g. ``us-east-1``.

    Raises:
        FetchError: the site does not answer now.
        ParseError: there is no such list.
    """
    for region in regions:
        yield web.get(SOURCE, address(SERVICE, region, "OnDemand"), f"{region}.ondemand.json")


def parse(document: Document) -> list[Listing]:
    """Return the prices of the GPU instances in one list.

    Raises:
        ParseError: it is no list of SageMaker instances, or the capture's URL does not say what was asked
            for.
    """
    return read_listings(document, SERVICE)
