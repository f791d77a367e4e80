"""The sources as they are today: only these tests confirm what no recording shows. `./run test -m live` runs them."""

from __future__ import annotations

import pytest
from network import answering

from flows.scraping import scrape_source
from flows.settings import read_settings
from flows.way_out import evidence_addresses
from scrapers.records import Document
from scrapers.registry import default_source_ids, parse, source_module, source_record
from scrapers.wire.web import Web

pytestmark = pytest.mark.live
SOURCES = default_source_ids()


@pytest.fixture(scope="module")
def network() -> None:
    """Skip where no site of any source answers; that one of them does not is a failure."""
    if not answering(SOURCES, {}):
        pytest.skip(f"no network: none of the sites of {len(SOURCES)} sources answered")


@pytest.mark.usefixtures("network")
@pytest.mark.parametrize(
    "source",
    [
        pytest.param(source, marks=[pytest.mark.browser] if source_record(source).method == "browser" else [])
        for source in SOURCES
    ],
)
def test_source_of_today_is_read(source: str) -> None:
    """A live read comes whole, parses, and gives about as many listings as the source declares."""
    settings = read_settings()
    with Web(contact=settings.contact, addresses=lambda _source: evidence_addresses(settings.facts)) as web:
        scraped = scrape_source(source, web, settings.regions)

    assert scraped.error is None
    assert all(response.served_from is None for response in scraped.responses)


@pytest.mark.browser
@pytest.mark.usefixtures("network")
def test_serverless_section_of_today_is_found() -> None:
    """RunPod's pricing page has a Serverless section that the parser recognises: its markup is public nowhere."""
    with Web(contact=read_settings().contact) as web:
        pages = [r for r in source_module("runpod-pricing").fetch(web, ()) if r.holds_prices]

    listings = [found for page in pages for found in parse(Document.of(page, source="runpod-pricing"))]
    assert [listing for listing in listings if listing.service == "Serverless"]
