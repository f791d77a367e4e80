"""How Vantage's prices are fetched: family by family, or all at once where the API is closed."""

import json
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from local_origin import Origin

from scrapers import registry
from scrapers.errors import FetchError, ParseError
from scrapers.records import Document, Response, Source
from scrapers.vantage import ec2
from scrapers.wire.web import Web

API, SITE = "https://instances-api.vantage.sh", "https://instances.vantage.sh"
INSTANCES = Path(__file__).resolve().parents[3] / "data" / "facts" / "instances.toml"


class Families:
    """Stands in for the way out: answers every family but those that fail."""

    def __init__(self, failures: dict[str, ParseError | FetchError], make: Callable[..., Response]) -> None:
        self.failures = failures
        self.make = make

    def get(self, source: Source, url: str, resource: str) -> Response:
        """Answer like `Web.get`."""
        assert source is ec2.SOURCE
        family = resource.removesuffix(".json")
        assert url == f"{API}/api/v1/instances/ec2/families/{family}/global"
        if family in self.failures:
            raise self.failures[family]
        return self.make(resource=resource, url=url)


@pytest.fixture
def web(origin: Origin) -> Iterator[Web]:
    """Open a way out whose Vantage is on this machine."""
    with Web(origins={API: origin.url, SITE: origin.url}, sleep=lambda _seconds: None) as opened:
        yield opened


def test_fetch_yields_every_family(make_response: Callable[..., Response]) -> None:
    """One response comes per GPU family, named after it."""
    names = [found.resource for found in ec2.fetch(Families({}, make_response), ())]  # type: ignore[arg-type]

    assert names == [f"{family}.json" for family in ec2.GPU_FAMILIES]
    assert {"p5.json", "p6-b200.json", "g6e.json"} <= set(names)


def test_family_that_is_gone_fails_alone(make_response: Callable[..., Response]) -> None:
    """A family that answers 404 is named at the end, after all others were yielded."""
    web = Families({"p2": ParseError("vantage-ec2", "HTTP 404 Not Found")}, make_response)
    names: list[str] = []

    with pytest.raises(ParseError, match=r"families without an answer: p2: HTTP 404 Not Found"):
        names.extend(found.resource for found in ec2.fetch(web, ()))  # type: ignore[arg-type]
    assert len(names) == len(ec2.GPU_FAMILIES) - 1


def test_api_that_cannot_now_is_not_asked_further(make_response: Callable[..., Response]) -> None:
    """An answer that promises better luck later ends the fetch at once, to be tried again as a whole."""
    first = ec2.GPU_FAMILIES[0]
    web = Families({first: FetchError("vantage-ec2", "HTTP 429 Too Many Requests")}, make_response)

    with pytest.raises(FetchError, match="HTTP 429"):
        next(ec2.fetch(web, ()))  # type: ignore[arg-type]


@pytest.mark.parametrize("compress", [False, True])
def test_feed_takes_the_place_of_a_closed_api(
    origin: Origin, web: Web, record: Callable[..., dict[str, Any]], *, compress: bool
) -> None:
    """Where the API refuses every family the whole feed comes, and is read while it arrives."""
    origin.serve("/instances.json", json.dumps([record()]).encode(), compress=compress)
    (response,) = ec2.fetch(web, ())

    assert (response.resource, response.url) == ("instances.json", f"{SITE}/instances.json")
    assert response.listings == tuple(registry.parse(Document.of(response, source="vantage-ec2")))
    assert [listing.sku for listing in response.listings] == ["z9test.large"]
    assert len(origin.asked) == len(ec2.GPU_FAMILIES) + 1


def test_feed_that_did_not_change_is_read_from_the_store(origin: Origin, record: Callable[..., dict[str, Any]]) -> None:
    """After a 304 nothing arrived that could be read, and the stored body is parsed."""
    origin.serve("/instances.json", json.dumps([record()]).encode(), headers={"etag": '"1"'})
    origins = {API: origin.url, SITE: origin.url}
    with Web(origins=origins, sleep=lambda _seconds: None) as web:
        (first,) = ec2.fetch(web, ())
        earlier = Document.of(first, source="vantage-ec2")
        with Web(origins=origins, sleep=lambda _seconds: None, earlier=lambda _source, _url: earlier) as again:
            (second,) = ec2.fetch(again, ())

        assert (second.status, second.listings, second.body.sha256) == (304, None, first.body.sha256)
        assert tuple(registry.parse(Document.of(second, source="vantage-ec2"))) == first.listings


def test_page_instead_of_the_feed_is_said_by_the_parser(origin: Origin, web: Web) -> None:
    """An HTML page with status 200 is kept, has no listings, and is refused by name."""
    origin.serve("/instances.json", b"<!DOCTYPE html><title>Sign in</title>")
    (response,) = ec2.fetch(web, ())

    assert response.listings is None
    with pytest.raises(ParseError, match="found HTML or XML: '<!DOCTYPE html><title>Sign in"):
        registry.parse(Document.of(response, source="vantage-ec2"))


def test_api_and_feed_that_are_both_gone(web: Web) -> None:
    """Where there is no feed either, the error is the feed's."""
    with pytest.raises(ParseError, match=r"instances\.json: HTTP 404"):
        list(ec2.fetch(web, ()))


def test_every_known_gpu_family_is_asked_for() -> None:
    """A GPU family that is added to the facts is asked for: nobody else names a new one to the API."""
    types = [row["type"] for row in tomllib.loads(INSTANCES.read_text(encoding="utf-8"))["instance"]]
    families = {name.partition(".")[0] for name in types if "." in name}

    assert families == set(ec2.GPU_FAMILIES)
