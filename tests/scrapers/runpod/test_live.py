"""RunPod's sources as they are today; only these tests can confirm what no recording shows."""

import pytest

from scrapers.records import Document
from scrapers.registry import check_count, parse, source_module
from scrapers.web import Web

pytestmark = pytest.mark.live


@pytest.mark.parametrize(
    "source", [pytest.param("runpod-pricing", marks=pytest.mark.browser), "runpod-graphql", "runpod-docs"]
)
def test_source_of_today_is_read(source: str) -> None:
    """A live read parses and gives about as many listings as the source declares."""
    module = source_module(source)
    with Web() as web:
        documents = [Document.of(response, source=source) for response in module.fetch(web, [])]

    check_count(module.SOURCE, sum(len(parse(document)) for document in documents))


def test_serverless_section_of_today_is_found() -> None:
    """The pricing page has a Serverless section that the parser recognises."""
    module = source_module("runpod-pricing")
    with Web() as web:
        (response,) = module.fetch(web, [])
    listings = module.parse(Document.of(response, source="runpod-pricing"))

    assert [listing for listing in listings if listing.service == "Serverless"]
