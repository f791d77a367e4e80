"""Fetching RunPod's sources over real sockets from an origin on this machine."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from scrapers.browsing.browser import Browser
from scrapers.browsing.layout import PageLayout
from scrapers.browsing.visits import Limits
from scrapers.errors import FetchError, ParseError
from scrapers.records import Document
from scrapers.runpod import docs, graphql, pricing
from scrapers.wire.web import Web

FIXTURES = Path(__file__).parent / "fixtures"
LATE_ATTRIBUTES = """
    const price = document.querySelector(".gpu_table-price");
    price.dataset.secure = "1001.01";
    price.dataset.community = "1002.02";
"""
LATE_TEXT = """
    const price = document.querySelector(".gpu_table-price");
    price.removeAttribute("data-secure");
    price.removeAttribute("data-community");
    document.querySelector(".active-price").textContent = "1001.01";
"""


class Origin(ThreadingHTTPServer):
    """Answers every path with the body it was given, and keeps what was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.bodies: dict[str, bytes] = {}
        self.asked: list[tuple[str, str, bytes]] = []
        self.url = f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """One request to the origin."""

    server: Origin

    def do_GET(self) -> None:
        """Answer from the bodies."""
        length = int(self.headers.get("content-length", 0))
        if self.path != "/robots.txt":
            self.server.asked.append((self.command, self.path, self.rfile.read(length)))
        body = self.server.bodies.get(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("content-length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    do_POST = do_GET  # noqa: N815  # the name that http.server looks for

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def origin() -> Iterator[Origin]:
    """Run an origin for the length of a test."""
    with Origin() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start the browser once."""
    with Browser(Limits(quiet_seconds=0.1)) as browser:
        yield browser


def test_docs_are_two_markdown_pages(origin: Origin) -> None:
    """Both pages are asked for as Markdown, and each parses by itself."""
    origin.bodies = {
        "/serverless/endpoints/endpoint-configurations.md": (
            FIXTURES / "docs-serverless-2026-06-08" / "serverless-pricing.md"
        ).read_bytes(),
        "/references/gpu-types.md": (FIXTURES / "docs-gpu-types-2026-08-14" / "gpu-types.md").read_bytes(),
    }
    with Web(origins={"https://docs.runpod.io": origin.url}) as web:
        responses = list(docs.fetch(web, []))

    assert [response.resource for response in responses] == ["serverless-pricing.md", "gpu-types.md"]
    assert [response.url for response in responses] == list(docs.PAGES.values())
    assert [len(docs.parse(Document.of(response, source="runpod-docs"))) for response in responses] == [20, 10]


def test_missing_docs_page_is_an_error(origin: Origin) -> None:
    """A page that was moved is an error that names its address."""
    with (
        Web(origins={"https://docs.runpod.io": origin.url}) as web,
        pytest.raises(ParseError, match=r"endpoint-configurations.md: HTTP 404"),
    ):
        list(docs.fetch(web, []))


def test_graphql_posts_one_query_without_a_key(origin: Origin) -> None:
    """The query is posted as JSON to the public address, and nothing else is asked."""
    origin.bodies = {"/graphql": (FIXTURES / "graphql-2026-08-19" / "gpu-types.json").read_bytes()}
    with Web(origins={"https://api.runpod.io": origin.url}) as web:
        (response,) = graphql.fetch(web, [])

    assert [(method, path) for method, path, _ in origin.asked] == [("POST", "/graphql")]
    assert json.loads(origin.asked[0][2]) == {"query": graphql.QUERY}
    assert (response.resource, response.url) == ("gpu-types.json", "https://api.runpod.io/graphql")
    assert len(graphql.parse(Document.of(response, source="runpod-graphql"))) == 16


@pytest.mark.browser
@pytest.mark.parametrize(("script", "prices"), [(LATE_ATTRIBUTES, ["1001.01", "1002.02"]), (LATE_TEXT, ["1001.01"])])
def test_pricing_page_is_taken_when_its_script_has_filled_it(
    script: str, prices: list[str], origin: Origin, chromium: Browser
) -> None:
    """The page is read once a price has arrived, from a script of the page's other host, and shown as it was read."""
    origin.bodies["/pricing"] = b"""<!DOCTYPE html><title>artificial</title>
        <div class="gpu_collection-item w-dyn-item"><div class="gpu_table-row">
        <p class="gpu_name is-pricing-page">Example</p><p class="gpu_table-tags">11 GB VRAM</p>
        <div class="gpu_table-pricing"><p class="gpu_table-price" data-secure="0" data-community="">
        $<b class="active-price">0</b>/hr</p></div></div></div>
        <script src="https://cdn.prod.website-files.com/prices.js"></script>"""
    origin.bodies["/cdn/prices.js"] = f"setTimeout(() => {{ {script} }}, 400)".encode()
    mirrors = {"https://www.runpod.io": origin.url, "https://cdn.prod.website-files.com": f"{origin.url}/cdn"}
    with Web(origins=mirrors, browser=chromium) as web:
        (response,) = pricing.fetch(web, [])

    assert (response.url, response.media_type) == ("https://www.runpod.io/pricing", "text/html;rendered")
    listings = pricing.parse(Document.of(response, source="runpod-pricing"))
    assert [listing.price_text for listing in listings] == prices
    picture, layout = response.evidence
    assert (picture.resource, picture.media_type) == ("pricing.png", "image/png")
    page = PageLayout(*(Document.of(r, source="runpod-pricing") for r in (layout, response)))
    assert all(page.box(listing.locator) for listing in listings)


@pytest.mark.browser
def test_wall_in_place_of_the_pricing_page(origin: Origin, chromium: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page without prices fails with its title and words, and is kept as it looked."""
    monkeypatch.setattr(chromium, "_limits", replace(chromium._limits, value_seconds=0.3))
    origin.bodies["/pricing"] = b"<!DOCTYPE html><title>Just a moment</title><p>Are you a robot?</p>"
    with (
        Web(origins={"https://www.runpod.io": origin.url}, browser=chromium) as web,
        pytest.raises(FetchError, match=r"'Just a moment' that says 'Are you a robot\?', asked 2 times") as raised,
    ):
        list(pricing.fetch(web, []))
    (wall,) = raised.value.evidence
    assert b"Are you a robot?" in wall.body.read()
    assert [part.resource for part in wall.with_evidence()] == ["pricing.html", "pricing.png", "pricing.layout.json"]
