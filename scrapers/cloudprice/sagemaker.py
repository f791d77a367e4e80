"""`cloudprice-sagemaker`: SageMaker prices as cloudprice.net republishes them.

The page https://cloudprice.net/aws/sagemaker is known, its JSON is not: no public client uses it. The address
here is that of the EC2 list with the service's name exchanged, and the envelope is taken to be the same; only a
live run can confirm either. Where that address is refused the page is read, whose columns are unknown too: they are
taken to be named as in the EC2 list, and if they are not, the error lists their names. The page does not say which
component of SageMaker (hosting, notebook, training) its prices are for: the service's name says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scrapers.cloudprice.fetching import fetch_lists
from scrapers.cloudprice.lists import read_listings
from scrapers.cloudprice.request import AwsService
from scrapers.records import Document, Lineage, Listing, Response, Source
from scrapers.wire.web import Web

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
    json_path="/api/v2/aws/sagemaker/instances",
    page_path="/aws/sagemaker",
    name="SageMaker (component unstated)",
    sku_prefix="ml.",
    has_operating_system=False,
    payment_types=("OnDemand",),
    fewest_rows=40,  # never counted; a page draws its first 30
)


def fetch(web: Web, regions: Sequence[str]) -> Iterator[Response]:
    """Yield the on-demand list of every region: JSON, or the page where that is refused.

    Args:
        web: the way out.
        regions: region codes, e.g. ``us-east-1``.

    Raises:
        SourceError: lists that did not come, or cannot be what was asked for; raised after those that did.
    """
    return fetch_lists(web, SOURCE, SERVICE, regions)


def parse(document: Document) -> list[Listing]:
    """Return the prices of the GPU instances in one list.

    Raises:
        ParseError: it is no whole list of SageMaker instances, or the capture's URL does not say what was asked
            for.
    """
    return read_listings(document, SERVICE)
