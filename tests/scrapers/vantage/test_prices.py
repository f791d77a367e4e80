"""The prices of an instance: Linux alone, each with its currency, and no surcharge or estimate taken for a price."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from scrapers import registry
from scrapers.errors import ParseError
from scrapers.places.locate import OpenBody
from scrapers.records import Document, Listing

Record = Callable[..., dict[str, Any]]
ReadInstance = Callable[[dict[str, Any]], list[Listing]]


@pytest.fixture
def read(make_document: Callable[..., Document]) -> ReadInstance:
    """Read the listings of one instance, and each of them again at its locator."""

    def read_again(instance: dict[str, Any]) -> list[Listing]:
        document = make_document("vantage-ec2", json.dumps([instance]))
        listings, body = registry.parse(document), OpenBody(document)
        assert [body.read(listing.locator) for listing in listings] == [listing.quote for listing in listings]
        return listings

    return read_again


@pytest.mark.parametrize(
    ("linux", "problem"),
    [
        ("11.1", r"instance 0 \(z9test.large\), us-east-1: looked for the terms of linux, found '11.1'"),
        ({"ondemand": 11.1}, "looked for a price in ondemand, found Decimal"),
        ({"ondemand": None}, "looked for a price in ondemand, found None"),
        ({"ondemand": "$11.1"}, "looked for a price in ondemand, found '\\$11.1'"),
        ({"ondemand": "-1"}, "looked for a price in ondemand, found '-1'"),
        ({"ondemand": "4.4e-05"}, "looked for a price in ondemand, found '4.4e-05'"),
        ({"ondemand": "1,111.1"}, "looked for a price in ondemand, found '1,111.1'"),
        ({"ondemand": "11.1", "flex": "1.1"}, "unknown terms of linux: flex"),
        ({"ondemand": "11.1", "reserved": {"yrTerm1Standard.noUpfront": 1}}, "found 1"),
        ({"ondemand": "11.1", "reserved": "1"}, "looked for the reserved prices of linux, found '1'"),
    ],
)
def test_price_in_an_unknown_form(read: ReadInstance, record: Record, linux: object, problem: str) -> None:
    """What is not known of a platform's terms is an error that names the instance and the region."""
    with pytest.raises(ParseError, match=problem):
        read(record(linux))


@pytest.mark.parametrize("text", ["0", "0.000000", "N/A", ""])
def test_no_price_is_none(read: ReadInstance, record: Record, text: str) -> None:
    """Zero, N/A and an empty text are no price, and the listing says what is printed."""
    (listing,) = read(record({"ondemand": text}))

    assert listing.price_text is None
    assert listing.absence == f"Vantage prints {text!r} instead of a price"


@pytest.mark.parametrize(
    ("platforms", "reason"),
    [
        ({"sles": {"ondemand": "0.1"}, "rhel": {"ondemand": "3.3"}}, "the feed lists only rhel, sles"),
        ({"dedicated": {"ondemand": "11.1"}, "ebs": "0.05", "emr": {"emr": "0.2200000000"}}, "dedicated, ebs, emr"),
        ({"linuxSQL": {"ondemand": "11.1"}}, "the feed lists only linuxSQL"),
        ({}, "the feed lists nothing"),
        ({"linux": {}}, "no on-demand price in us-east-1: linux has nothing"),
        ({"linux": {"reserved": {}}}, "no on-demand price in us-east-1: linux has reserved"),
    ],
)
def test_missing_linux_price_is_never_replaced(
    read: ReadInstance, record: Record, platforms: dict[str, object], reason: str
) -> None:
    """Where Linux has no price there is none, whatever other platforms cost."""
    (listing,) = read(record(pricing={"us-east-1": platforms}))

    assert (listing.price_text, listing.operating_system, listing.region) == (None, "Linux", "us-east-1")
    assert reason in listing.absence


@pytest.mark.parametrize(
    ("region", "currency"),
    [
        ("us-east-1", "USD"),
        ("us-gov-west-1", "USD"),
        ("us-east-1-atl-1", "USD"),
        ("us-east-1-wl1-bos-wlz-1", "USD"),
        ("cn-north-1", "CNY"),
        ("cn-north-1-pkx-1", "CNY"),
    ],
)
def test_region_and_its_currency(read: ReadInstance, record: Record, region: str, currency: str) -> None:
    """A zone is a region of its own, never that of its name's beginning; China's prices are CNY."""
    (listing,) = read(record(pricing={region: {"linux": {"ondemand": "11.1"}}}))

    assert (listing.region, listing.currency, listing.price_text) == (region, currency, "11.1")


def test_region_of_an_unknown_currency_has_no_price(read: ReadInstance, record: Record) -> None:
    """Where nobody knows the currency the figure is no price: the feed prints none."""
    (listing,) = read(record(pricing={"eusc-de-east-1": {"linux": {"ondemand": "11.1"}}}))

    assert (listing.price_text, listing.currency) == (None, "XXX")
    assert "the currency of eusc-de-east-1 is not known" in listing.absence


@pytest.mark.parametrize(
    ("spot", "terms"),
    [
        ({"spot_avg": "5.5", "pct_savings_od": 50}, ["ondemand", "spot_avg_estimate"]),
        ({"spot_min": "N/A", "spot_avg": "5.5"}, ["ondemand", "spot_min", "spot_avg_estimate"]),
        ({"spot_min": "5.5", "spot_avg": "5.6"}, ["ondemand", "spot_min", "spot_avg"]),
        ({"spot_avg": "N/A"}, ["ondemand", "spot_avg"]),
    ],
)
def test_estimate_is_told_from_a_quote(
    read: ReadInstance, record: Record, spot: dict[str, object], terms: list[str]
) -> None:
    """A spot average beside no minimum is Vantage's own estimate, and called so."""
    assert [listing.terms for listing in read(record({"ondemand": "11.1", **spot}))] == terms


@pytest.mark.parametrize(
    ("on_demand", "spot_min", "price"),
    [
        ("0.1", "11.1", None),
        ("11.1111", "11.1112", None),
        ("11.11115", "11.1112", "11.11115"),
        ("11.1", "11.1", "11.1"),
    ],
)
def test_surcharge_is_no_price(
    read: ReadInstance, record: Record, on_demand: str, spot_min: str, price: str | None
) -> None:
    """An on-demand price below the lowest spot price is none, beyond the rounding of spot prices."""
    found = read(record({"ondemand": on_demand, "spot_min": spot_min}))

    assert (found[0].price_text, bool(found[0].absence)) == (price, price is None)


def test_wrong_count_is_kept_as_printed(read: ReadInstance, record: Record) -> None:
    """A count that the feed has wrong is listed as it is printed: the facts correct it, and say so."""
    (listing,) = read(record(instance_type="p2.8xlarge", GPU=4, GPU_memory=96))

    assert (listing.gpu_count, listing.gpu_memory) == ("4", "96")


def test_instance_without_any_region(read: ReadInstance, record: Record) -> None:
    """An instance that is sold nowhere is listed, without a region and a price."""
    (listing,) = read(record(pricing={}))

    assert (listing.price_text, listing.region, listing.absence) == (None, None, "Vantage lists no price in any region")
