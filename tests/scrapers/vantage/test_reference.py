"""The 84 recorded instances of 2025-11-30, read whole."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from scrapers import registry
from scrapers.places.locate import OpenBody
from scrapers.records import Document, Listing, Obtained

RECORDED = (
    Path(__file__).resolve().parents[3].parent
    / "shared"
    / "data"
    / "vantage"
    / "tsaol_gpu_instances_raw_2025-11-30.json"
)
pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not RECORDED.is_file(), reason="no reference data beside the checkout"),
]


@pytest.fixture(scope="module")
def recorded() -> bytes:
    """Read the file once."""
    return RECORDED.read_bytes()


@pytest.fixture
def document(recorded: bytes, make_document: Callable[..., Document]) -> Document:
    """Take the file as imported."""
    url = "https://instances.vantage.sh/instances.json"
    return make_document("vantage-ec2", recorded, url=url, obtained=Obtained.IMPORTED)


@pytest.fixture
def listings(document: Document) -> list[Listing]:
    """Parse it."""
    return registry.parse(document)


def only(listings: list[Listing], sku: str, region: str | None) -> Listing:
    """Return the on-demand listing of an instance type in a region."""
    (found,) = [each for each in listings if (each.sku, each.region, each.terms) == (sku, region, "ondemand")]
    return found


def test_all_84_instances_are_read(listings: list[Listing]) -> None:
    """Every instance has listings; every region of it has one on-demand listing, with a price or a reason."""
    assert len({listing.sku for listing in listings}) == 84
    places = Counter((each.sku, each.region) for each in listings if each.terms == "ondemand")
    assert len(places) == 1352  # 1,351 regions, and one instance without any
    assert set(places.values()) == {1}
    assert len({listing.region for listing in listings if listing.region}) == 95


@pytest.mark.parametrize(
    ("sku", "price", "gpus"),
    [
        ("p5.48xlarge", "55.04", "8"),
        ("g5.12xlarge", "5.672", "4"),
        ("p4d.24xlarge", "21.957642", "8"),
        ("g6f.large", "0.202", "0.125"),
    ],
)
def test_on_demand_price(listings: list[Listing], sku: str, price: str, gpus: str) -> None:
    """The Linux on-demand price of an instance in us-east-1, for its GPUs as printed."""
    found = only(listings, sku, "us-east-1")

    assert (found.price_text, found.gpu_count, found.currency) == (price, gpus, "USD")


@pytest.mark.parametrize(
    ("sku", "region", "reason"),
    [
        ("p5e.48xlarge", "us-east-2", "the feed lists only rhel, sles, ubuntu"),
        ("p6e-gb200.36xlarge", None, "no price in any region"),
    ],
)
def test_instance_without_a_price(listings: list[Listing], sku: str, region: str | None, reason: str) -> None:
    """An instance without a Linux price has none, and says why."""
    found = only(listings, sku, region)

    assert found.price_text is None
    assert reason in found.absence
    assert {each.price_text for each in listings if each.sku == sku} == {None}


def test_only_missing_linux_is_without_a_price(listings: list[Listing]) -> None:
    """No price is lost to the guard against surcharges: spot prices may equal on-demand ones, rounded up."""
    reasons = Counter(each.absence.partition(" in ")[0] for each in listings if each.absence)

    assert reasons == {"no Linux price": 224, "Vantage lists no price": 1}


def test_estimates_are_told_from_quotes(listings: list[Listing]) -> None:
    """An average without a minimum is Vantage's estimate: 122 of 872."""
    terms = Counter(listing.terms for listing in listings)

    assert (terms["spot_min"], terms["spot_avg"], terms["spot_avg_estimate"]) == (750, 750, 122)


def test_every_locator_leads_to_its_quote(document: Document, listings: list[Listing]) -> None:
    """All 13,336 receipts can be read again."""
    body = OpenBody(document)

    assert len(listings) == 13336
    assert [each for each in listings if body.read(each.locator) != each.quote] == []


def test_slow_reader_finds_the_same(document: Document, listings: list[Listing]) -> None:
    """Reading every instance as JSON at once gives the same listings in the same order."""
    assert registry.parse_slowly(document) == listings


@pytest.mark.parametrize("page", sorted((RECORDED.parent / "reconstructed").glob("*.md")), ids=lambda page: page.name)
def test_page_says_what_the_feed_says(
    listings: list[Listing], make_document: Callable[..., Document], page: Path
) -> None:
    """A page's prices are those of the feed for its type and region, under the same names."""
    url = f"https://instances.vantage.sh/aws/ec2/{page.name}"
    found = registry.parse(make_document("vantage-ec2", page.read_bytes(), url=url))
    sku, region = found[0].sku, found[0].region
    of_feed = {each.terms: each.price_text for each in listings if (each.sku, each.region) == (sku, region)}

    assert {each.terms: each.price_text for each in found if each.price_text} == {k: v for k, v in of_feed.items() if v}
    assert "ondemand" in {each.terms for each in found}
