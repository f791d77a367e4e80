"""`vantage-ec2`: EC2 prices as instances.vantage.sh republishes them.

A body is a JSON array of instances, read by `feed`: an answer of the families API, which needs no key, or the whole
feed, `instances.json`, of 300 MB. Or it is the Markdown page of one instance type in one region, read by `page`. What
the body is, not what it is called, tells them apart.

The feed prints neither unit nor currency. Its prices are per hour, in CNY in China and in USD elsewhere; reserved
prices are effective hourly ones, upfront payments spread over the term (github.com/vantage-sh/ec2instances.info
@4ef36cd2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from scrapers.errors import ParseError
from scrapers.places.json_array import BLOCK_BYTES
from scrapers.records import Document, Lineage, Listing, Response, Source
from scrapers.vantage.feed import FeedReader, read_feed, read_feed_slowly
from scrapers.vantage.page import is_page, parse_page
from scrapers.wire.web import Web

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
    # The feed had about 300 MB in August 2026.
    max_body_bytes=600_000_000,
)
FAMILY_URL = "https://instances-api.vantage.sh/api/v1/instances/ec2/families/{family}/global"
FEED_URL = "https://instances.vantage.sh/instances.json"
GPU_FAMILIES = (
    # In the feed on 2025-11-30.
    *("g2", "g3", "g3s", "g4ad", "g4dn", "g5", "g5g", "g6", "g6e", "g6f", "gr6", "gr6f"),
    *("p2", "p3", "p3dn", "p4d", "p4de", "p5", "p5e", "p5en", "p6-b200", "p6-b300", "p6e-gb200"),
    # In AWS's own price list by 2026-07-20.
    *("g7", "g7e"),
)
"""The API names no families, so a new one is not asked for before it stands here. Every GPU family in
data/facts/instances.toml must: a test holds that, and AWS's list or an imported `instances.json` names the unknown."""

_START_BYTES = 4096


def fetch(web: Web, regions: Sequence[str]) -> Iterator[Response]:  # noqa: ARG001  # an answer has all regions
    """Yield one response per GPU family; where the API refuses all of them, the whole feed instead.

    The families are some tens of MB with nothing in them but GPUs, the feed is 300 MB. Both have the same records, so
    that the feed is no source of its own: its prices would confirm themselves.

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
    if len(lost) == len(GPU_FAMILIES):
        yield _fetch_feed(web)
    elif lost:
        raise ParseError(SOURCE.id, f"families without an answer: {'; '.join(lost)}", where=FAMILY_URL)


def _fetch_feed(web: Web) -> Response:
    """Return the whole feed, read while it arrives."""
    resource = FEED_URL.rpartition("/")[2]
    return web.get(SOURCE, FEED_URL, resource, open_reader=lambda: FeedReader(SOURCE.id, resource))


def parse(document: Document) -> list[Listing]:
    """Return the Linux prices of every accelerated instance in every region, and why others have none.

    Raises:
        ParseError: it is neither an array of instances nor the page of one, or an instance is not as instances are
            known to be.
    """
    with document.open() as stream:
        start = stream.read(_START_BYTES)
        if not is_page(start):
            return read_feed(document, chain((start,), iter(lambda: stream.read(BLOCK_BYTES), b"")))
    return parse_page(document)


def parse_slowly(document: Document) -> list[Listing]:
    """Return what `parse` must return, with every instance of the feed read as JSON.

    Raises:
        ParseError: as `parse`.
    """
    body = document.read()
    return parse_page(document) if is_page(body[:_START_BYTES]) else read_feed_slowly(document, body)
