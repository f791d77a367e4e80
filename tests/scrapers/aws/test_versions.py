"""The archive's version index: unsorted, with an empty end for the version in force, and refused where it is not so."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from scrapers.aws import ec2
from scrapers.aws.offer_index import CHINA, COMMERCIAL, HOST
from scrapers.aws.versions import Version, fetch_version, fetch_versions
from scrapers.errors import ParseError, SourceError
from scrapers.records import Response
from scrapers.wire.web import Web

INDEX = "/offers/v1.0/aws/AmazonEC2/index.json"
MAY, JUNE = datetime(2025, 5, 1, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC)
ENTRY = {"versionEffectiveBeginDate": "2025-06-01T00:00:00Z", "versionEffectiveEndDate": ""}


@pytest.fixture
def web(origin: Any) -> Iterator[Web]:
    """Ask the local server in AWS's place."""
    with Web(origins={HOST: origin.address}) as web:
        yield web


def lay(origin: Any, versions: Any) -> None:
    """Lay a version index."""
    origin.bodies[INDEX] = json.dumps({"formatVersion": "v1.0", "versions": versions}).encode()


def test_versions_come_in_the_order_of_their_dates(origin: Any, web: Web) -> None:
    """The map is not sorted; an empty end is none."""
    earlier = {
        "versionEffectiveBeginDate": "2025-05-01T00:00:00Z",
        "versionEffectiveEndDate": "2025-06-01T00:00:00Z",
        "offerVersionUrl": "/offers/v1.0/aws/AmazonEC2/20250529210942/index.json",
    }
    lay(origin, {"20250703204906": ENTRY, "20250529210942": earlier})

    assert fetch_versions(web, ec2.SOURCE, "AmazonEC2") == [
        Version("20250529210942", "AmazonEC2", COMMERCIAL, MAY, JUNE),
        Version("20250703204906", "AmazonEC2", COMMERCIAL, JUNE, None),
    ]


@pytest.mark.parametrize(
    ("versions", "problem"),
    [
        ({}, "at least 1 version, found 0"),
        ([ENTRY], "a map of versions, found list"),
        ({"../20250703204906": ENTRY}, "a version such as 20250912225308, found '../20250703204906'"),
        ({"20250703204906": {**ENTRY, "versionEffectiveBeginDate": ""}}, "a time such as 2025-09-01T00:00:00Z"),
        ({"20250703204906": {**ENTRY, "versionEffectiveBeginDate": "2025-06-01"}}, "a time with its zone"),
        ({"20250703204906": {"versionEffectiveBeginDate": "2025-06-01T00:00:00Z"}}, "'versionEffectiveEndDate'"),
    ],
)
def test_index_of_another_structure_is_refused(origin: Any, web: Web, versions: Any, problem: str) -> None:
    """What is not known is not guessed at."""
    lay(origin, versions)

    with pytest.raises(ParseError, match=f"version_index.json.*: looked for {problem}"):
        fetch_versions(web, ec2.SOURCE, "AmazonEC2")


def test_files_are_dated_by_their_version(origin: Any, web: Web) -> None:
    """A region's file has the version's date and the time when it came; one that fails is named at the end."""
    version = Version("20250703204906", "AmazonEC2", COMMERCIAL, JUNE, None)
    origin.bodies["/offers/v1.0/aws/AmazonEC2/20250703204906/us-east-1/index.csv"] = b"file"
    got: list[Response] = []

    with pytest.raises(SourceError, match="1 of 2 regions failed: eu-west-1: HTTP 404"):
        got.extend(fetch_version(web, ec2.SOURCE, version, ["eu-west-1", "us-east-1"]))
    (response,) = got
    assert (response.resource, response.retrieved_at, response.body.read()) == ("us-east-1.csv", JUNE, b"file")
    assert response.fetched_at is not None
    assert response.fetched_at > JUNE


def test_china_has_its_own_addresses() -> None:
    """A version of China lies at China's root."""
    version = Version("20250703204906", "AmazonEC2", CHINA, JUNE, None)
    expected = (
        "https://pricing.cn-north-1.amazonaws.com.cn/offers/v1.0/cn/AmazonEC2/20250703204906/cn-north-1/index.csv"
    )

    assert version.url_of("cn-north-1") == expected
