"""Fetching offer files region by region, over real sockets."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from scrapers.aws import ec2, sagemaker
from scrapers.aws.offer_index import CHINA, COMMERCIAL, HOSTS, fetch_offer, root_of
from scrapers.errors import FetchError, ParseError, SourceError, UsageError
from scrapers.records import Document, Response
from scrapers.wire.web import Web

HOST = "https://pricing.us-east-1.amazonaws.com"
INDEX = "/offers/v1.0/aws/AmazonEC2/current/region_index.json"


def path_of(region: str) -> str:
    """Return the path under which the index names a region's file."""
    return f"/offers/v1.0/aws/AmazonEC2/20261101000000/{region}/index.json"


@pytest.fixture
def bulk(origin: Any) -> Any:
    """Serve the index of three regions and their files."""
    regions = ("us-east-1", "eu-west-1", "us-east-1-atl-1")
    entries = {region: {"regionCode": region, "currentVersionUrl": path_of(region)} for region in regions}
    origin.bodies[INDEX] = json.dumps({"regions": entries}).encode()
    for region in regions:
        origin.bodies[path_of(region).replace(".json", ".csv")] = f"file of {region}".encode()
    return origin


@pytest.fixture
def web(bulk: Any) -> Iterator[Web]:
    """Ask that server in AWS's place."""
    with Web(origins={HOST: bulk.address}) as web:
        yield web


def test_every_region_gives_its_csv(web: Web) -> None:
    """The newest version's CSV of each region is fetched under its public URL, once."""
    responses = list(ec2.fetch(web, ["us-east-1", "eu-west-1", "us-east-1"]))

    assert [(r.resource, r.body.read(), r.url) for r in responses] == [
        (f"{region}.csv", f"file of {region}".encode(), HOST + path_of(region).replace(".json", ".csv"))
        for region in ("us-east-1", "eu-west-1")
    ]


def test_failing_region_does_not_lose_the_others(bulk: Any, web: Web) -> None:
    """A region that fails is named at the end, after the bodies of the others."""
    del bulk.bodies[path_of("us-east-1").replace(".json", ".csv")]
    got: list[Response] = []

    with pytest.raises(SourceError, match=r"2 of 3 regions failed: us-east-1: HTTP 404.*; xx-none-1: ") as info:
        got.extend(ec2.fetch(web, ["us-east-1", "xx-none-1", "eu-west-1"]))

    assert "the region index has no 'xx-none-1', but eu-west-1, us-east-1, us-east-1-atl-1" in str(info.value)
    assert not isinstance(info.value, FetchError)


def test_bodies_come_before_the_failure(bulk: Any, web: Web) -> None:
    """What was fetched is there when the failure is raised."""
    del bulk.bodies[path_of("us-east-1").replace(".json", ".csv")]
    responses = ec2.fetch(web, ["us-east-1", "eu-west-1"])

    assert next(responses).resource == "eu-west-1.csv"
    with pytest.raises(SourceError, match="1 of 2 regions failed"):
        next(responses)


def test_failure_that_may_pass_is_worth_another_try(bulk: Any, web: Web) -> None:
    """When every failure was one of the moment, so is the whole."""
    bulk.status[path_of("us-east-1").replace(".json", ".csv")] = 503

    with pytest.raises(FetchError, match="us-east-1: HTTP 503"):
        list(ec2.fetch(web, ["us-east-1"]))


def test_failure_that_lasts_is_not_tried_again(bulk: Any, web: Web) -> None:
    """One region that will not come at another try either makes the whole not worth it."""
    bulk.status[path_of("us-east-1").replace(".json", ".csv")] = 503

    with pytest.raises(SourceError, match="2 of 2 regions failed") as info:
        list(ec2.fetch(web, ["us-east-1", "xx-none-1"]))
    assert not isinstance(info.value, FetchError)


@pytest.mark.parametrize(
    "path",
    [
        "https://example.org/offers/v1.0/aws/AmazonEC2/1/us-east-1/index.json",
        "//example.org/index.json",
        "/offers/v1.0/aws/AmazonEC2/1/../../index.json",
        "",
    ],
)
def test_path_that_leads_elsewhere_is_not_followed(path: str, bulk: Any, web: Web) -> None:
    """Only a path of the bulk price list is asked for."""
    bulk.bodies[INDEX] = json.dumps({"regions": {"us-east-1": {"currentVersionUrl": path}}}).encode()

    with pytest.raises(SourceError, match="looked for the path of the offer file of us-east-1"):
        list(ec2.fetch(web, ["us-east-1"]))
    assert bulk.asked == [INDEX]


@pytest.mark.parametrize("body", [b"<html>", b"{}"])
def test_index_of_another_structure_is_refused(body: bytes, bulk: Any, web: Web) -> None:
    """An index without regions stops the source."""
    bulk.bodies[INDEX] = body

    with pytest.raises(ParseError, match=r"region_index.json: looked for"):
        list(ec2.fetch(web, ["us-east-1"]))


def test_no_region_is_a_mistake_of_the_caller(web: Web) -> None:
    """Without a region there is nothing to fetch, and that is said."""
    with pytest.raises(UsageError, match="aws-ec2: no region is asked for"):
        list(ec2.fetch(web, []))


class Reader:
    """Reads a file while it arrives: the letters of it, as listings."""

    def __init__(self, resource: str, url: str) -> None:
        self.asked = (resource, url)
        self.seen = b""

    def feed(self, piece: bytes) -> int:
        """Take a piece."""
        self.seen += piece
        return len(self.seen)

    def finish(self, response: Response) -> Any:
        """Return the letters, or refuse a zone, or leave it to the parser."""
        assert self.asked == (response.resource, response.url)
        if b"us-east-1-atl-1" in self.seen:
            raise ParseError("aws-ec2", "a zone")
        return tuple(self.seen.decode()) if self.seen != b"file of eu-west-1" else None


def test_files_are_read_while_they_arrive(web: Web) -> None:
    """A reader sees each file once; what it cannot read, or not for certain, is still to be parsed."""
    regions = ["us-east-1", "eu-west-1", "us-east-1-atl-1"]
    found: list[Any] = list(fetch_offer(web, ec2.SOURCE, "AmazonEC2", regions, Reader))

    assert [r.listings for r in found] == [tuple("file of us-east-1"), None, None]
    assert found[2].body.read() == b"file of us-east-1-atl-1"


@pytest.mark.parametrize("broken", ["feed", "finish"])
def test_file_that_breaks_its_reader_is_left_to_the_parser(
    web: Web, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong in a reader, the file arrives whole, and its parser says what is wrong."""

    def fail(*_arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Reader, broken, fail)
    (response,) = fetch_offer(web, ec2.SOURCE, "AmazonEC2", ["us-east-1"], Reader)

    assert (response.listings, response.body.read()) == (None, b"file of us-east-1")


def test_unchanged_file_is_not_read(bulk: Any, web: Web) -> None:
    """Nothing of a file that did not change goes through a reader, which is not asked for listings."""
    first = next(iter(ec2.fetch(web, ["us-east-1"])))
    known = Document.of(replace(first, headers={"etag": '"1"'}), source="aws-ec2")
    bulk.status[path_of("us-east-1").replace(".json", ".csv")] = 304
    with Web(origins={HOST: bulk.address}, earlier=lambda _, url: known if url == first.url else None) as again:
        (response,) = fetch_offer(again, ec2.SOURCE, "AmazonEC2", ["us-east-1"], Reader)

    assert (response.status, response.listings, response.body.read()) == (304, None, b"file of us-east-1")


def test_china_is_asked_at_its_own_root(bulk: Any) -> None:
    """The regions of China come from China's index; GovCloud's from the commercial one."""
    folder = "/offers/v1.0/cn/AmazonEC2"
    path = f"{folder}/20261101000000/cn-north-1/index.csv"
    entry = {"currentVersionUrl": path.replace(".csv", ".json")}
    bulk.bodies[f"{folder}/current/region_index.json"] = json.dumps({"regions": {"cn-north-1": entry}}).encode()
    bulk.bodies[path] = b"file of cn-north-1"
    source = replace(ec2.SOURCE, allowed_hosts=HOSTS)
    with Web(origins={HOST: bulk.address, CHINA.host: bulk.address}) as web:
        found = list(fetch_offer(web, source, "AmazonEC2", ["cn-north-1", "us-east-1"]))

    assert [r.url for r in found] == [CHINA.host + path, HOST + path_of("us-east-1").replace(".json", ".csv")]
    assert [root_of(code) for code in ("cn-northwest-1", "us-gov-west-1", "ca-central-1")] == [
        CHINA,
        COMMERCIAL,
        COMMERCIAL,
    ]


def test_path_of_another_root_is_not_followed(bulk: Any, web: Web) -> None:
    """An index names files of its own price list."""
    path = path_of("us-east-1").replace("/aws/", "/cn/")
    bulk.bodies[INDEX] = json.dumps({"regions": {"us-east-1": {"currentVersionUrl": path}}}).encode()

    with pytest.raises(SourceError, match="looked for the path of the offer file of us-east-1"):
        list(ec2.fetch(web, ["us-east-1"]))


def test_sagemaker_asks_for_its_own_offer(bulk: Any, web: Web) -> None:
    """SageMaker's files are those of the offer AmazonSageMaker."""
    with pytest.raises(ParseError, match="HTTP 404"):
        list(sagemaker.fetch(web, ["us-east-1"]))

    assert bulk.asked == ["/offers/v1.0/aws/AmazonSageMaker/current/region_index.json"]
