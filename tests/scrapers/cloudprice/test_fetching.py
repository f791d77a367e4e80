"""Asking for the lists over real sockets: JSON, the page in a real browser where that is refused, and alarms."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from scrapers import registry
from scrapers.browsing.browser import Browser
from scrapers.browsing.visits import Limits
from scrapers.cloudprice import ec2, sagemaker
from scrapers.cloudprice.request import address, page_address
from scrapers.errors import FetchError, SourceError, UsageError
from scrapers.records import Document, Listing, Response
from scrapers.wire.web import Web

SCRIPT = """<!DOCTYPE html><title>CloudPrice</title><body></body><script>
setTimeout(() => { document.body.innerHTML = %s; }, 100);
</script>"""
REGIONS = ("us-test-1", "us-test-2")
Answer = tuple[int, str]


class Site:
    """CloudPrice on this machine: what it answers to a JSON request and to a page's, by region and kind of price."""

    def __init__(self) -> None:
        self.address = ""
        self.json: Callable[[str, str], Answer] = lambda _region, _kind: (404, "")
        self.page: Callable[[str, str], Answer] = lambda _region, _kind: (404, "")
        self.asked: list[str] = []

    def answer(self, path: str) -> Answer:
        """Return status and body."""
        parts = urlsplit(path)
        self.asked.append(parts.path)
        query = parse_qs(parts.query)
        how = self.json if parts.path.startswith("/api/") else self.page
        return how(query["region"][0], query["paymentType"][0]) if query else (404, "")


@pytest.fixture
def site() -> Iterator[Site]:
    """Serve it over a real socket."""
    here = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, text = here.answer(self.path)
            body = text.encode()
            self.send_response(status)
            self.send_header("content-type", "text/html" if body.startswith(b"<") else "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        here.address = f"http://127.0.0.1:{server.server_port}"
        yield here
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Share one browser, which starts with the first page and waits two seconds for a value."""
    with Browser(Limits(value_seconds=2, quiet_seconds=0.2)) as shared:
        yield shared


@pytest.fixture
def web(site: Site, chromium: Browser) -> Iterator[Web]:
    """Ask that site in CloudPrice's place."""
    origins = {"https://cloudprice.net": site.address}
    with Web(origins=origins, sleep=lambda _seconds: None, browser=chromium) as web:
        yield web


@pytest.fixture
def lists(make_json: Any) -> Callable[[str, str], Answer]:
    """Answer with a list whose prices depend on region and kind of price."""

    def answer(region: str, kind: str) -> Answer:
        price = 11.1 if kind == "OnDemand" else 2.2
        names = ["z9test.large", f"z9test.only-{region}", *(f"y{n}test.large" for n in range(100))]
        items = [{"InstanceType": n, "HasGPU": n.startswith("z"), "PricePerHour": price} for n in names]
        return 200, make_json(*items, fill=0)

    return answer


@pytest.fixture
def pages(make_page: Any) -> Callable[[str, str], Answer]:
    """Answer with a page that a script fills with such a list."""

    def answer(region: str, kind: str) -> Answer:
        price = "$11.1" if kind == "OnDemand" else "$2.2"
        names = ("z9test.large", f"z9test.only-{region}")
        rows = [(name, "yes", price) for name in names]
        rows += [(f"y{n}test.large", "no", price) for n in range(100)]
        return 200, SCRIPT % json.dumps(make_page(*rows, fill=0))

    return answer


def found_in(module: Any, response: Response) -> list[Listing]:
    """Return the listings of a response."""
    return registry.parse(Document.of(response, source=module.SOURCE.id))


def test_ec2_is_asked_for_both_kinds_of_price(site: Site, web: Web, lists: Any) -> None:
    """Each region brings an on-demand and a spot list, whose listings carry what was asked for."""
    site.json = lists
    found = list(ec2.fetch(web, [*REGIONS, REGIONS[0]]))

    assert [(each.resource, each.url) for each in found] == [
        (f"{region}.{kind.lower()}.json", address(ec2.SERVICE, region, kind))
        for region in REGIONS
        for kind in ("OnDemand", "Spot")
    ]
    assert [
        (each.region, each.terms, each.price_text) for response in found for each in found_in(ec2, response)[:1]
    ] == [(region, kind, price) for region in REGIONS for kind, price in (("OnDemand", "11.1"), ("Spot", "2.2"))]
    assert [path for path in site.asked if path != "/robots.txt"] == ["/api/v2/aws/ec2/instances"] * 4


def test_sagemaker_is_asked_for_on_demand_prices(site: Site, web: Web, make_json: Any) -> None:
    """Each region brings one list; the service says that the component is unstated."""
    site.json = lambda region, _kind: (
        200,
        make_json({"InstanceType": f"ml.{region}.large", "HasGPU": True, "PricePerHour": 11.1}, prefix="ml."),
    )
    found = list(sagemaker.fetch(web, REGIONS))
    (listing,) = found_in(sagemaker, found[0])

    assert [each.resource for each in found] == [f"{region}.ondemand.json" for region in REGIONS]
    assert found[0].url == address(sagemaker.SERVICE, REGIONS[0], "OnDemand")
    assert (listing.service, listing.operating_system) == ("SageMaker (component unstated)", None)


@pytest.mark.browser
@pytest.mark.parametrize(
    "refusal", [(403, "forbidden"), (404, ""), (200, "<title>Just a moment...</title>")], ids=["403", "404", "HTML"]
)
def test_page_is_read_where_the_json_is_refused(site: Site, web: Web, pages: Any, refusal: Answer) -> None:
    """The JSON is asked for once, then every list comes from its page, as the script has filled it."""
    site.json, site.page = (lambda _region, _kind: refusal), pages
    found = list(ec2.fetch(web, REGIONS[:1]))
    listings = [each for response in found for each in found_in(ec2, response)]

    assert [(each.resource, each.url) for each in found] == [
        (f"us-test-1.{kind.lower()}.html", page_address(ec2.SERVICE, "us-test-1", kind))
        for kind in ("OnDemand", "Spot")
    ]
    assert [(each.terms, each.price_text, each.quote) for each in listings[::2]] == [
        ("OnDemand", "11.1", "$11.1"),
        ("Spot", "2.2", "$2.2"),
    ]
    assert [path for path in site.asked if path.startswith("/api/")] == ["/api/v2/aws/ec2/instances"]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("page", "answered"),
    [
        ((403, "<title>Just a moment...</title>"), "HTTP 403"),
        ((503, "<title>Just a moment...</title>"), "HTTP 503"),
        ((200, "<title>Just a moment...</title><script>throw 1</script>"), ".*Just a moment"),
    ],
)
def test_both_are_refused(site: Site, web: Web, page: Answer, answered: str) -> None:
    """A wall before both is said with what each answered; where waiting may help, it is worth another try."""
    site.json, site.page = (lambda _region, _kind: (403, "")), (lambda _region, _kind: page)
    problem = f"us-test-1 OnDemand: the JSON is refused .HTTP 403 Forbidden., and so is the page: {answered}"

    with pytest.raises(SourceError, match=f"1 of 1 lists failed: {problem}") as caught:
        list(sagemaker.fetch(web, REGIONS[:1]))
    assert isinstance(caught.value, FetchError) is (page[0] != 403)
    assert [each.resource for each in caught.value.evidence] == ["us-test-1.ondemand.html"]


def test_region_that_fails_does_not_lose_the_others(site: Site, web: Web, lists: Any) -> None:
    """The site answers 500 for a region that it does not know: that is said after the lists of the others."""
    site.json = lambda region, kind: (500, "{}") if region == REGIONS[0] else lists(region, kind)
    found: list[Response] = []

    with pytest.raises(
        FetchError, match=r"2 of 4 lists failed: us-test-1 OnDemand: HTTP 500.*; us-test-1 Spot: HTTP 500"
    ):
        found.extend(ec2.fetch(web, REGIONS))
    assert [each.resource for each in found] == ["us-test-2.ondemand.json", "us-test-2.spot.json"]


def test_list_that_cannot_be_read_is_left_to_its_parser(site: Site, web: Web, lists: Any) -> None:
    """Its bytes are kept for a look; the other lists are compared without it."""
    site.json = lambda region, kind: (200, "{}") if kind == "Spot" else lists(region, kind)
    found = list(ec2.fetch(web, REGIONS))

    assert [each.body.read() == b"{}" for each in found] == [False, True, False, True]


def test_spot_list_that_repeats_the_on_demand_prices(site: Site, web: Web, lists: Any) -> None:
    """A site that ignores paymentType must not fill the spot prices with on-demand ones."""
    site.json = lambda region, _kind: lists(region, "OnDemand")
    found: list[Response] = []

    with pytest.raises(SourceError, match="us-test-1 Spot: the spot list repeats the on-demand prices") as caught:
        found.extend(ec2.fetch(web, REGIONS))
    assert [each.resource for each in caught.value.evidence] == ["us-test-1.spot.json", "us-test-2.spot.json"]
    assert [each.resource for each in found] == ["us-test-1.ondemand.json", "us-test-2.ondemand.json"]


def test_lists_of_two_regions_that_are_the_same(site: Site, web: Web, lists: Any) -> None:
    """A site that ignores the region gives one list under several names: nobody knows whose it is, and none is used."""
    site.json = lambda region, kind: lists(region if region == "us-test-3" else "us-test-1", kind)
    found: list[Response] = []

    with pytest.raises(SourceError, match="us-test-2 OnDemand: the lists of us-test-1, us-test-2 are the same"):
        found.extend(ec2.fetch(web, [*REGIONS, "us-test-3"]))
    assert [each.resource for each in found] == ["us-test-3.ondemand.json", "us-test-3.spot.json"]


def test_no_region_is_a_mistake_of_the_caller(web: Web) -> None:
    """Without a region there is nothing to fetch, and that is said."""
    with pytest.raises(UsageError, match="cloudprice-ec2: no region is asked for"):
        list(ec2.fetch(web, []))
