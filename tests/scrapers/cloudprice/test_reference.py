"""The lists that were put together around all recorded rows of 2024."""

from collections.abc import Callable
from pathlib import Path

import pytest

from scrapers import registry
from scrapers.cloudprice import ec2
from scrapers.cloudprice.request import address
from scrapers.places.locate import OpenBody
from scrapers.records import Document, Obtained

LISTS = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "cloudprice" / "reconstructed"
pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not LISTS.is_dir(), reason="no reference data beside the checkout"),
]


@pytest.mark.parametrize(
    ("name", "region", "payment_type", "prices"),
    [
        (
            "v2_aws_ec2_instances_us-east-1_OnDemand_2024-07-17.json",
            "us-east-1",
            "OnDemand",
            {"g5.xlarge": "1.006", "g6.4xlarge": "1.3232", "g4ad.xlarge": "0.37853", "p3.2xlarge": "3.06"},
        ),
        (
            "v2_aws_ec2_instances_us-west-2_Spot_2024-07-22.json",
            "us-west-2",
            "Spot",
            {"g6.2xlarge": "0.10089428571428571", "g4dn.4xlarge": "0.16978333333333331"},
        ),
    ],
)
def test_list(
    make_document: Callable[..., Document],
    name: str,
    region: str,
    payment_type: str,
    prices: dict[str, str],
) -> None:
    """The GPU rows of a list have their recorded prices, and every receipt can be read again."""
    url = address(ec2.SERVICE, region, payment_type)
    body = (LISTS / name).read_bytes()
    document = make_document("cloudprice-ec2", body, url=url, obtained=Obtained.IMPORTED)
    listings = registry.parse(document)
    found = {listing.sku: listing.price_text for listing in listings}

    assert prices.items() <= found.items()
    assert {(listing.region, listing.terms) for listing in listings} == {(region, payment_type)}
    assert not [sku for sku in found if sku.startswith(("c", "m", "r", "t3"))]
    opened = OpenBody(document)
    assert [each for each in listings if opened.read(each.locator) != each.quote] == []
