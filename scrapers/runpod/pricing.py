"""`runpod-pricing`: RunPod's pricing page, which a browser must render.

The page has had five shapes since 2023, and which one it has is seen from itself, never from its date. Pods are read
by several readers, in their order of trust: each adds the GPUs and clouds that those before it did not give, and where
it prints another price of what they gave, that is kept beside as a contradiction. A reader for another shape is one
module and one line in `POD_READERS`. When none of them finds what it looks for, the page is not understood: that is an
error, never "no prices".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from bs4 import BeautifulSoup

from scrapers.places.locate import fold
from scrapers.places.pages import read_page, unknown_page
from scrapers.records import Document, Lineage, Listing, Response, Source
from scrapers.runpod import (
    page_cards,
    page_clusters,
    page_jsonld,
    page_records,
    page_rows_2025,
    page_rows_2026,
    page_serverless,
    words,
)
from scrapers.strict import fail
from scrapers.wire.web import Web

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
    ".gpu_table-row :text-matches('\\\\$\\\\s*[0-9.]*[1-9]'), "
    '.gpu-pricing-row [data-secure-cloud-price]:not([data-secure-cloud-price=""]):not([data-secure-cloud-price="0"]), '
    "#__NEXT_DATA__"
)
"""A price that has arrived: an attribute that is neither empty nor 0, a visible price that is not 0, or the records of
the page's first years. Prices that stand there before the script has run (JSON-LD, "Starting from") do not count."""

Reader = Callable[[Document, BeautifulSoup], list[Listing]]
Offer = tuple[str, str, str, str | None]

POD_READERS: tuple[tuple[str, Reader], ...] = (
    (page_records.LOOKED_FOR, page_records.read),
    (page_rows_2026.LOOKED_FOR, page_rows_2026.read),
    (page_rows_2025.LOOKED_FOR, page_rows_2025.read),
    (page_jsonld.LOOKED_FOR, page_jsonld.read),
)
"""What each reader of Pods looks for, and the reader; the first has the last word."""
TEXT_READER: tuple[str, Reader] = (page_cards.LOOKED_FOR, page_cards.read)
"""Plain text is read only on a page that has none of the others."""
OTHER_READERS: tuple[Reader, ...] = (page_clusters.read, page_serverless.read)


def fetch(web: Web, regions: Sequence[str]) -> Iterator[Response]:  # noqa: ARG001  # one price for all regions
    """Yield the rendered page, with a picture of it as its evidence.

    Raises:
        FetchError: the page did not come, or no price arrived in time; its evidence is what stood there instead.
    """
    yield web.render(SOURCE, SOURCE.url, "pricing.html", wait_for=FILLED_PRICE)


def parse(document: Document) -> list[Listing]:
    """Return the Pods, Clusters and Serverless prices of the page.

    Raises:
        ParseError: the page has no Pods in any known shape, or a known shape with something unknown in it.
    """
    page = read_page(document)
    listings = _pods(document, page)
    for read in OTHER_READERS:
        listings += read(document, page)
    return listings


def _pods(document: Document, page: BeautifulSoup) -> list[Listing]:
    given: dict[Offer, list[Listing]] = defaultdict(list)
    listings: list[Listing] = []
    contradictions: list[Listing] = []
    for _, read in POD_READERS:
        found = read(document, page)
        contradictions += [replace(x, terms=words.RESTATED) for x in found if _contradicts(x, given.get(_offer(x), []))]
        added = [x for x in found if _offer(x) not in given]
        listings += added
        for listing in added:
            given[_offer(listing)].append(listing)
    listings = listings or TEXT_READER[1](document, page)
    if not listings:
        looked_for = " and ".join(looked_for for looked_for, _ in (*POD_READERS, TEXT_READER))
        raise unknown_page(document, page, looked_for)
    if not any(listing.price_text for listing in listings):
        raise fail(document, f"looked for prices of {len(listings)} Pods, found none: was the page's script run?")
    return [*listings, *contradictions]


def _offer(listing: Listing) -> Offer:
    """Return what two readers must agree on to speak of one offer: product, GPU's name, kind of price, cloud."""
    return listing.service, fold(listing.sku).casefold(), listing.terms, listing.cloud


def _contradicts(listing: Listing, given: Sequence[Listing]) -> bool:
    """Return whether a page prints another price in another place; the same price in other digits is the same.

    Args:
        listing: what the second place prints.
        given: what the first prints of that offer; several where cards of one name differ in their memory.
    """
    prices = {Decimal(known.price_text) for known in given if known.price_text}
    on_demand = listing.terms == words.ON_DEMAND and listing.price_text is not None
    return on_demand and bool(prices) and Decimal(listing.price_text or 0) not in prices
