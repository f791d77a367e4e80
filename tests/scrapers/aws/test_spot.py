"""The spot feed."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from scrapers.aws import spot
from scrapers.aws.spot import SOURCE
from scrapers.errors import ParseError
from scrapers.records import Document
from scrapers.wire.web import Web

DocumentOf = Callable[[str, str], Document]


def size(name: str, *prices: str, columns: tuple[str, ...] = ("linux", "mswin")) -> dict[str, Any]:
    """Write the entry of an instance type."""
    values = [{"name": c, "prices": {"USD": p}} for c, p in zip(columns, prices, strict=True)]
    return {"size": name, "valueColumns": values}


def feed(*sizes: dict[str, Any], region: str = "us-east-1", **config: Any) -> str:
    """Write a feed of one region."""
    groups = [{"type": "gpuCurrentGen", "sizes": list(sizes)}]
    regions = [{"region": region, "instanceTypes": groups}]
    return json.dumps({"vers": 0.01, "config": {"rate": "perhr", "regions": regions} | config})


def test_linux_is_read_even_where_windows_is_cheaper(document_of: DocumentOf) -> None:
    """Only the linux column counts; no minimum over columns is taken."""
    listings = spot.parse(document_of("aws-spot", feed(size("g99.xlarge", "1001.5", "1.5"))))

    assert [listing.price_text for listing in listings] == ["1001.5"]


def test_equal_duplicates_are_one(document_of: DocumentOf) -> None:
    """An entry that stands twice with one value is one listing; no price twice is one absence."""
    body = feed(
        *[size("g99.xlarge", "1001.5", "N/A*"), size("g99.xlarge", "1001.50", "N/A*")],
        *[size("p99.xlarge", "N/A*", "N/A*"), size("p99.xlarge", "N/A*", "N/A*")],
    )
    listings = spot.parse(document_of("aws-spot", body))

    assert [(listing.sku, listing.price_text) for listing in listings] == [
        ("g99.xlarge", "1001.5"),
        ("p99.xlarge", None),
    ]


@pytest.mark.parametrize("other", ["1002.5", "N/A*"])
def test_different_duplicates_are_refused(other: str, document_of: DocumentOf) -> None:
    """An entry that stands twice with two values names both places."""
    body = feed(size("g99.xlarge", "1001.5", "1"), size("g99.xlarge", other, "1"))

    with pytest.raises(ParseError, match=r"one price of g99.xlarge in us-east-1, found 1001.5 .*sizes/1/"):
        spot.parse(document_of("aws-spot", body))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "found an empty body"),
        ("<html>", "looked for JSON, found HTML"),
        ("callback(", "looked for JSON"),
        ("{}", "looked for 'config'"),
        ('{"config": {"rate": "perhr"}}', "looked for 'regions'"),
        (feed(regions=[]), "looked for at least 1 region, found 0"),
        (feed(region="Example"), "region 0: looked for a region code"),
        (feed(size("g99.xlarge", "1", columns=("mswin",))), "looked for one column 'linux', found 0"),
        (feed(size("g99.xlarge", "1", "2", columns=("linux", "rhel"))), r"unknown columns \['rhel'\]"),
        (feed(size("g99.xlarge", "1", "2", columns=("linux", "linux"))), "looked for one column 'linux'"),
        (feed(size("g99.xlarge", "NaN", "1")), "g99.xlarge in us-east-1: looked for a price, found 'NaN'"),
        (feed(size("g99.xlarge", "-1", "1")), "looked for a price, found '-1'"),
    ],
)
def test_body_of_another_structure_is_refused(body: str, message: str, document_of: DocumentOf) -> None:
    """What is not the feed is refused with what was looked for."""
    with pytest.raises(ParseError, match=message):
        spot.parse(document_of("aws-spot", body))


def test_fetch_asks_for_both_feeds(origin: Any) -> None:
    """Each feed is one body for all regions, under its public URL."""
    hosts = [f"https://{host}" for host in SOURCE.allowed_hosts]
    origin.bodies |= {"/spot.json": b"{}", "/spot-advisor-data.json": b"[]"}

    with Web(origins=dict.fromkeys(hosts, origin.address)) as web:
        responses = list(spot.fetch(web, ["eu-west-1"]))

    assert [(r.resource, r.url, r.body.read()) for r in responses] == [
        ("spot.json", "https://website.spot.ec2.aws.a2z.com/spot.json", b"{}"),
        ("spot-advisor-data.json", "https://spot-bid-advisor.s3.amazonaws.com/spot-advisor-data.json", b"[]"),
    ]
