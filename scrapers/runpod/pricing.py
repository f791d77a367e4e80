"""`runpod-pricing`: RunPod's pricing page, which a browser must render.

Pods are read by several readers, in their order of trust: each adds the GPUs and clouds that those
before it did not give. The page has had five shapes since 2023; a reader for another shape is one module
and one line in `POD_READERS`. When none of them finds what it looks for, the page is not understood:
that is an error, never "no prices".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from bs4 import BeautifulSoup

from scrapers.locate import fold, parse_html
from scrapers.records import Document, Lineage, Listing, Response, Source
from scrapers.runpod import page_clusters, page_jsonld, page_rows, page_serverless
from scrapers.strict import fail
from scrapers.web import Web

SOURCE = Source(
    id="runpod-pricing",
    title="RunPod pricing page",
    publisher="RunPod",
    url="https://www.runpod.io/pricing",
    lineage=Lineage.FIRST_PARTY,
    method="browser",
    # 21 GPUs in 2 clouds, 5 clusters and 13 serverless tiers on 2026-09-28; the catalogue has 45 GPUs.
    expected_listings=(40, 150),
    max_age_days=14,
    # www redirects to no other host of RunPod's; the others are Webflow's, for the scripts that fill the
    # prices in.
    allowed_hosts=(
        "www.runpod.io",
        "runpod.io",
        "cdn.prod.website-files.com",
        "d3e54v103j8qbb.cloudfront.net",
    ),
)

FILLED_PRICE = (
    '.gpu_table-row [data-secure]:not([data-secure=""]):not([data-secure="0"]), '
    ".gpu_table-row :text-matches('\\\\$\\\\s*[0-9.]*[1-9]')"
)
"""A price that has arrived: an attribute that is neither empty nor 0, or a visible price that is not 0."""

Reader = Callable[[Document, BeautifulSoup], list[Listing]]

POD_READERS: tuple[tuple[str, Reader], ...] = (
    (page_rows.LOOKED_FOR, page_rows.read),
    (page_jsonld.LOOKED_FOR, page_jsonld.read),
)
"""What each reader of Pods looks for, and the reader; the first has the last word."""
OTHER_READERS: tuple[Reader, ...] = (page_clusters.read, page_serverless.read)


def fetch(web: Web, regions: Sequence[str]) -> Iterator[Response]:  # noqa: ARG001  # one price for all regions
    """Yield the rendered page.

    Raises:
        FetchError: the page did not come, or no price arrived in time.
    """
    yield web.render(SOURCE, SOURCE.url, "pricing.html", wait_for=FILLED_PRICE)


def parse(document: Document) -> list[Listing]:
    """Return the Pods, Clusters and Serverless prices of the page.

    Raises:
        ParseError: the page has no Pods in any known shape, or a known shape with something unknown in it.
    """
    page = parse_html(document.read())
    listings = _pods(document, page)
    for read in OTHER_READERS:
        listings += read(document, page)
    return listings


def _pods(document: Document, page: BeautifulSoup) -> list[Listing]:
    listings: list[Listing] = []
    for _, read in POD_READERS:
        given = {_offer(listing) for listing in listings}
        listings += [listing for listing in read(document, page) if _offer(listing) not in given]
    if not listings:
        looked_for = " and ".join(selector for selector, _ in POD_READERS)
        raise fail(document, f"looked for {looked_for}, found neither among {len(page.find_all())} elements")
    if not any(listing.price_text for listing in listings):
        raise fail(document, f"looked for prices of {len(listings)} Pods, found none: was the page's script run?")
    return listings


def _offer(listing: Listing) -> tuple[str, str | None]:
    """Return what two readers must agree on to speak of one offer: the GPU's name and the cloud."""
    return fold(listing.sku).casefold(), listing.cloud
