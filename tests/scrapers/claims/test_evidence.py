"""The pages of the statements' evidence: each asked for once, on its own hosts, and failing alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from scrapers import registry
from scrapers.claims.evidence import SOURCE, fetch, hosts_of, parse, resource_of, shape
from scrapers.errors import FetchError, ParseError, SourceError
from scrapers.records import Document, Response
from scrapers.shapes.drift import compare
from scrapers.wire.web import Web

MakeDocument = Callable[..., Document]
ONE, TWO = "https://one.example/docs/page.html", "https://two.example/notes.md"
PAGE = b"<!doctype html><title>Notes</title><p>It takes several minutes.</p>"
HTML = {"content-type": "text/html; charset=utf-8"}


@pytest.fixture
def reads(origin: Any) -> Callable[..., Any]:
    """Return what opens a way out on which these pages are asked for, each host at a folder of the local origin."""

    @contextmanager
    def opened(*urls: str) -> Iterator[Web]:
        mirrors = {f"https://{host}": f"{origin.url}/{host}" for host in hosts_of(urls)}
        with Web(
            origins=mirrors, sleep=lambda _: None, addresses=lambda source: urls if source == SOURCE.id else ()
        ) as web:
            yield web

    return opened


def collect(web: Web) -> tuple[list[Response], SourceError | None]:
    """Return what a fetch yields, and how it ends."""
    came = []
    try:
        for response in fetch(web, ()):
            came.append(response)  # noqa: PERF402  # what came before a failure counts
    except SourceError as exc:
        return came, exc
    return came, None


def test_every_page_is_asked_for_once(origin: Any, reads: Callable[..., Any]) -> None:
    """A page on which several statements rest is one request, and keeps its public address and the mirror's."""
    origin.serve("/one.example/docs/page.html", PAGE, headers=HTML)
    origin.serve("/two.example/notes.md", b"# Notes", headers={"content-type": "text/markdown"})
    with reads(ONE, TWO, ONE) as web:
        came, failure = collect(web)
        bodies = [response.body.read() for response in came]

    assert failure is None
    assert origin.paths() == ["/one.example/docs/page.html", "/two.example/notes.md"]
    assert [(r.url, r.resource) for r in came] == [(ONE, resource_of(ONE)), (TWO, resource_of(TWO))]
    assert bodies == [PAGE, b"# Notes"]
    assert [r.served_from for r in came] == [origin.url + path for path in origin.paths()]


def test_page_that_does_not_come_stops_no_other(origin: Any, reads: Callable[..., Any]) -> None:
    """A page that is gone and one that its host's robots.txt closes are named after all others have come."""
    closed = "https://closed.example/a"
    origin.serve("/closed.example/robots.txt", b"User-agent: *\nDisallow: /")
    origin.serve("/two.example/notes.md", b"# Notes", headers={"content-type": "text/markdown"})
    with reads(closed, ONE, TWO) as web:
        came, failure = collect(web)

    assert [r.url for r in came] == [TWO]
    assert isinstance(failure, SourceError)
    assert not isinstance(failure, FetchError)
    assert failure.problem.startswith("2 of 3 pages did not come: ")
    assert f"{ONE}: HTTP 404" in failure.problem
    assert f"{closed}: https://closed.example/robots.txt closes this address" in failure.problem


def test_server_that_is_busy_is_worth_another_try(origin: Any, reads: Callable[..., Any]) -> None:
    """Where every failure may pass, so may the whole."""
    origin.serve("/one.example/docs/page.html", b"busy", status=503)
    with reads(ONE) as web:
        came, failure = collect(web)

    assert (came, type(failure)) == ([], FetchError)


def test_no_page_leads_to_a_host_that_the_facts_do_not_name(origin: Any, reads: Callable[..., Any]) -> None:
    """A redirect among the named hosts is followed; to any other it is a failure that says where it leads."""
    moved = {"location": "https://two.example/notes.md"}
    away = {"location": "https://elsewhere.example/page"}
    origin.serve("/one.example/docs/page.html", status=301, headers=moved)
    origin.serve("/two.example/notes.md", status=301, headers=away, times=1)
    origin.serve("/two.example/notes.md", b"# Notes", headers={"content-type": "text/markdown"})
    with reads(TWO, ONE) as web:
        came, failure = collect(web)

    assert [(r.url, r.answered_url) for r in came] == [(ONE, TWO)]
    assert failure is not None
    assert "leads to https://elsewhere.example/page" in failure.problem
    assert "the source's hosts are: one.example, two.example" in failure.problem


def test_facts_without_a_page_are_said(reads: Callable[..., Any]) -> None:
    """Nothing to ask for is no success."""
    with reads() as web:
        came, failure = collect(web)

    assert came == []
    assert str(failure) == "claims-evidence: no page is asked for: claims.toml among the facts names no evidence_url"


@pytest.mark.parametrize(
    ("url", "start", "suffix"),
    [
        ("https://docs.example.com/a/Some_Page.html", "docs.example.com-a-some-page-", ".html"),
        ("https://example.com/v1/openapi.json", "example.com-v1-openapi-", ".json"),
        ("https://example.com/v1/x.json.gz", "example.com-v1-x.json.gz-", ".html"),
        ("https://example.com/", "example.com-", ".html"),
        (f"https://example.com/{'very-long/' * 40}page.md", "example.com-long-very-long-", ".md"),
    ],
)
def test_name_of_a_body_tells_its_page(url: str, start: str, suffix: str) -> None:
    """Host and path are legible, a hash keeps pages apart that look alike, and a store takes the name."""
    name = resource_of(url)

    assert name.startswith(start)
    assert name.endswith(suffix)
    assert len(name) < 120
    assert name == resource_of(url) != resource_of(f"{url}?v=2")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "looked for a page with text, found none"),
        (b"<html><body><script>render()</script></body></html>", "looked for a page with text, found none"),
        (b"\x1f\x8b\x08\x00", "looked for text in UTF-8"),
        (b"<html>\xff</html>", "looked for UTF-8"),
        (b"<html>" + b"<div>" * 2000, "elements at most"),
    ],
)
def test_body_without_words_is_no_evidence(make_document: MakeDocument, body: bytes, problem: str) -> None:
    """An empty page, one that a script fills, and what is no text at all can support nothing."""
    with pytest.raises(ParseError, match=problem):
        registry.parse(make_document(SOURCE.id, body))


@pytest.mark.parametrize("body", [PAGE, b"# Notes\n", b'{"a": "b"}'])
def test_page_has_no_prices_and_that_is_no_failure(make_document: MakeDocument, body: bytes) -> None:
    """A page with words is read whole, and gives no listing."""
    document = make_document(SOURCE.id, body)

    assert parse(document) == registry.parse(document) == []
    registry.check_count(SOURCE, 0)


def test_new_dress_of_a_page_is_no_drift(make_document: MakeDocument) -> None:
    """Classes and headings of a page are its publisher's business; its words are looked at claim by claim."""
    before = make_document(SOURCE.id, b'<html><h1 class="a">Old</h1><p data-x="1">words</p></html>')
    after = make_document(SOURCE.id, b'<html><h2 class="b">New</h2><p data-y="1">words</p></html>')
    drift = compare(SOURCE, [before], [after])

    assert shape(after)
    assert (drift.differences, drift.problems) == ((), ())
