"""`vantage-ec2`: EC2 prices as instances.vantage.sh republishes them.

A body is a JSON array of instances: `instances.json`, or an answer of the families API, which needs no key.
The feed prints neither unit nor currency. Its prices are per hour, in CNY in China and in USD elsewhere;
reserved prices are effective hourly ones, upfront payments spread over the term
(github.com/vantage-sh/ec2instances.info @4ef36cd2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scrapers.errors import ParseError
from scrapers.records import Document, Lineage, Listing, Response, Source
from scrapers.strict import at_least, fail, read_json
from scrapers.vantage.instances import is_accelerated, read_instance
from scrapers.vantage.prices import listings_of
from scrapers.web import Web

SOURCE = Source(
    id="vantage-ec2",
    title="EC2 prices at instances.vantage.sh",
    publisher="Vantage",
    url="https://instances.vantage.sh/",
    lineage=Lineage.AGGREGATOR,
    method="http",
    # 10,997 in the GPU families on 2025-11-30; in December 2025 up to twelve Savings Plan terms came to each
    # of about 1,000 instances in a region.
    expected_listings=(8_000, 40_000),
    max_age_days=14,
    allowed_hosts=("instances-api.vantage.sh", "instances.vantage.sh"),
)
FAMILY_URL = "https://instances-api.vantage.sh/api/v1/instances/ec2/families/{family}/global"
GPU_FAMILIES = (
    # In the feed on 2025-11-30.
    *("g2", "g3", "g3s", "g4ad", "g4dn", "g5", "g5g", "g6", "g6e", "g6f", "gr6", "gr6f"),
    *("p2", "p3", "p3dn", "p4d", "p4de", "p5", "p5e", "p5en", "p6-b200", "p6-b300", "p6e-gb200"),
    # In AWS's own price list by 2026-07-20.
    *("g7", "g7e"),
)


def fetch(web: Web, regions: Sequence[str]) -> Iterator[Response]:  # noqa: ARG001  # an answer has all regions
    """Yield one response per GPU family.

    Args:
        web: the way out.
        regions: not used: every answer holds all regions.

    Raises:
        FetchError: the API does not answer now.
        ParseError: some families are not there; the responses of all others were yielded before.
    """
    lost = []
    for family in GPU_FAMILIES:
        try:
            response = web.get(SOURCE, FAMILY_URL.format(family=family), f"{family}.json")
        except ParseError as exc:
            lost.append(f"{family}: {exc.problem}")
        else:
            yield response
    if lost:
        raise ParseError(SOURCE.id, f"families without an answer: {'; '.join(lost)}", where=FAMILY_URL)


def parse(document: Document) -> list[Listing]:
    """Return the Linux prices of every accelerated instance in every region, and why others have none.

    Raises:
        ParseError: it is no array of instances, or an instance is not as instances are known to be.
    """
    records = read_json(document)
    if not isinstance(records, list):
        raise fail(document, f"looked for an array of instances, found {type(records).__name__}")
    listings: list[Listing] = []
    seen: set[str] = set()
    for index, record in enumerate(at_least(document, 1, records, "instances")):
        instance = read_instance(document, index, record)
        if instance.sku in seen:
            raise fail(document, "the instance type is printed twice", row=instance.row)
        seen.add(instance.sku)
        if is_accelerated(instance):
            listings.extend(listings_of(instance))
    return listings
