"""The parsers on the reference data beside the checkout: real records of AWS's lists."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from scrapers import registry
from scrapers.aws.ec2_prices import WANTED, select
from scrapers.aws.offer_file import read_rows
from scrapers.places.locate import OpenBody
from scrapers.records import Document, Listing

DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "aws"
pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not DATA.is_dir(), reason="no reference data beside the checkout"),
]
DocumentOf = Callable[[str, str], Document]


def parse(document: Document) -> list[Listing]:
    """Parse a document and check that every locator leads to its quote."""
    listings = registry.parse(document)
    body = OpenBody(document)
    assert all(body.read(listing.locator) == listing.quote for listing in listings)
    return listings


def test_excerpt_has_one_price_per_gpu_instance(document_of: DocumentOf) -> None:
    """Of 17 real SKUs the five on-demand prices of GPU types remain, none of them 0."""
    body = next((DATA / "ec2-bulk-json").glob("*us-east-1*.json")).read_text()
    listings = parse(document_of("aws-ec2", body))
    products = json.loads(body)["products"]

    assert {listing.sku: listing.price_text for listing in listings} == {
        "g4dn.xlarge": "0.5260000000",
        "g5.2xlarge": "1.2120000000",
        "g6.xlarge": "0.8048000000",
        "p4d.24xlarge": "21.9576420000",
        "p5.48xlarge": "55.0400000000",
    }
    for listing in listings:
        attributes = products[listing.sku_id]["attributes"]
        assert attributes["usagetype"] == f"BoxUsage:{listing.sku}"
        assert attributes["marketoption"] == "OnDemand"


def test_sample_of_the_global_csv_has_no_on_demand_gpu_price(document_of: DocumentOf) -> None:
    """The first 44 rows of the global list hold one GPU row, dedicated SUSE: it is refused by its rules."""
    body = (DATA / "jtdelia-ec2-priceit" / "3-global-pricing-file-sample.csv").read_text()
    document = document_of("aws-ec2", body)
    selection = select(document, read_rows(document, WANTED))

    assert not selection.kept
    assert list(selection.first) == [("g5.48xlarge", "ap-southeast-2")]


def test_spot_excerpt_has_72_gpu_types_of_us_east_1(document_of: DocumentOf) -> None:
    """The excerpt's 94 entries are 72 GPU types, doubled entries and AWS's own accelerators taken out."""
    body = next((DATA / "spot-price-feed").glob("*.json")).read_text()
    listings = parse(document_of("aws-spot", body))

    assert len(listings) == 72
    assert {listing.region for listing in listings} == {"us-east-1"}


def test_fixture_carries_every_rate_of_the_scrape(document_of: DocumentOf) -> None:
    """The capacity block fixture says what the scrape of 2026-07-22 says, for every GPU type and region."""
    fixture = Path(__file__).parent / "fixtures" / "capacity-blocks-scripts-2026-07-22" / "pricing.html"
    scrape = json.loads((DATA / "capacity-blocks" / "pricing_2026-07-22.json").read_text(), parse_float=str)
    expected = {
        (sku, rate["region_code"]): rate["hourly_rate_usd"]
        for sku, entry in scrape["instance_types"].items()
        for rate in entry["pricing"]
        if not sku.startswith("trn")
    }

    listings = parse(document_of("aws-capacity-blocks", fixture.read_text()))
    assert {(listing.sku, listing.region): listing.price_text for listing in listings} == expected
