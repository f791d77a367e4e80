"""Screenshots and layouts on their way through a run: kept and hashed like all else, and read by nobody for prices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.scraping import Harvest, Scraped, read_responses, store_scraped
from flows.steps import MarketReader
from normalize.facts import load_facts
from scrapers import registry
from scrapers.archive.store import Store
from scrapers.browsing.visits import Shot, response_of
from scrapers.errors import FetchError, SourceError
from scrapers.records import Document, Listing, Response, SourceState

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SOURCE = "runpod-pricing"
URL = "https://www.runpod.io/pricing"
PRICES = Path(__file__).parents[1] / "scrapers/runpod/fixtures/pricing-artificial/pricing.html"
FACTS = Path(__file__).parents[2] / "data/facts"
LATER = datetime(2026, 11, 23, 12, tzinfo=UTC)


def page(dom: bytes | None = None, *, picture: bytes = b"\x89PNG artificial", at: datetime = NOON) -> Response:
    """Return a page as the browser brings it; its picture is not one, which nobody may find out by reading it."""
    shot = Shot(URL, 200, dom or PRICES.read_bytes(), picture, 1280, 900, [["html", 0, 0, 1280, 900]])
    return response_of(shot, "pricing.html", URL, at, None)


def failing(*evidence: Response) -> Iterator[Response]:
    """Yield nothing, and fail with what stood there instead."""
    error = FetchError(SOURCE, "looked for a price, found a page titled 'Just a moment'", where=URL)
    error.evidence = evidence
    raise error
    yield  # what makes it a fetch


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Return an empty store."""
    return Store(tmp_path / "store")


def test_evidence_is_stored_beside_its_page_and_not_parsed(store: Store) -> None:
    """DOM, picture and layout are three captures of one page; prices come from the first alone."""
    scraped = read_responses(SOURCE, iter([page()]))
    snapshot = store_scraped(store, [scraped], NOON)

    assert scraped.error is None
    assert [(c.resource, c.holds_prices, c.problem) for c in snapshot.captures] == [
        ("pricing.html", True, ""),
        ("pricing.layout.json", False, ""),
        ("pricing.png", False, ""),
    ]
    assert store.snapshot(snapshot.stamp) == snapshot
    assert store.read_body(snapshot.captures[2]) == b"\x89PNG artificial"
    reading = MarketReader(store, load_facts(FACTS)).read(snapshot, SOURCE)
    assert [capture.body for capture in reading.captures] == [snapshot.captures[0].body]
    assert sum(len(capture.listings) for capture in reading.captures) == scraped.listings > 0


def test_page_that_only_looks_different_is_unchanged(store: Store) -> None:
    """A new picture of the same DOM is no news; and it is the DOM that a later run is compared with."""
    store_scraped(store, [read_responses(SOURCE, iter([page()]))], NOON)
    again = store_scraped(store, [read_responses(SOURCE, iter([page(picture=b"\x89PNG other", at=LATER)]))], LATER)

    assert [result.state for result in again.results] == [SourceState.UNCHANGED]
    last = store.last_captures()(SOURCE, URL)
    assert last is not None
    assert last.capture.resource == "pricing.html"


def test_failed_page_is_kept_for_a_look_and_used_by_nobody(store: Store) -> None:
    """What stood there instead of the price lies in the snapshot with the problem, picture and all."""
    scraped = read_responses(SOURCE, failing(page(b"<title>Just a moment</title>")))
    snapshot = store_scraped(store, [scraped], NOON)

    assert (scraped.listings, scraped.partial, scraped.missing) == (0, False, 1)
    assert [result.state for result in snapshot.results] == [SourceState.FAILED]
    assert [c.resource for c in snapshot.captures] == ["pricing.html", "pricing.layout.json", "pricing.png"]
    assert all("Just a moment" in capture.problem for capture in snapshot.captures)
    assert MarketReader(store, load_facts(FACTS)).read(snapshot, SOURCE).captures == ()
    assert store.last_captures()(SOURCE, URL) is None


def test_failure_beside_a_good_page_leaves_the_source_partial(store: Store) -> None:
    """The evidence of one failed page does not count as a page that came."""
    wall = replace(page(b"<title>Just a moment</title>"), resource="other.html", evidence=())

    def fetched() -> Iterator[Response]:
        yield page()
        yield from failing(wall, page(b"the name is taken"))

    scraped = read_responses(SOURCE, fetched())
    snapshot = store_scraped(store, [scraped], NOON)
    assert (scraped.partial, scraped.missing, set(scraped.problems)) == (True, 1, {"other.html"})
    assert [result.state for result in snapshot.results] == [SourceState.PARTIAL]
    assert [c.resource for c in snapshot.captures if not c.problem] == [
        "pricing.html",
        "pricing.layout.json",
        "pricing.png",
    ]


def test_several_failures_keep_the_evidence_of_each() -> None:
    """Errors that are told as one bring along what each of them had."""
    harvest = Harvest(SOURCE)
    harvest.add(replace(page(b"<p>no prices"), resource="broken.html"))
    error = SourceError(SOURCE, "another failure")
    error.evidence = (page(b"<p>a wall"),)
    scraped = harvest.scraped(error)
    assert scraped.error is not None
    assert [response.resource for response in scraped.responses] == ["broken.html", "pricing.html"]
    assert [response.resource for response in scraped.error.evidence] == ["pricing.html"]


def test_evidence_alone_makes_no_source_good(store: Store) -> None:
    """A picture without its page says nothing about prices: the source failed."""
    picture = page().evidence[0]
    writer = store.writer(NOON, written_by="test")
    writer.add(SOURCE, picture)
    (result,) = writer.commit().results
    assert (result.state, result.reason) == (SourceState.FAILED, "nothing came that holds prices")


def test_doctor_reads_no_picture(store: Store, monkeypatch: pytest.MonkeyPatch, ratecard: Callable[..., Any]) -> None:
    """The audit of archived bodies passes pictures and layouts by; that they are whole is checked."""
    store_scraped(store, [read_responses(SOURCE, iter([page()]))], NOON)
    read: list[str] = []

    def parse_slowly(document: Document) -> list[Listing] | None:
        read.append(document.capture.resource)
        return None

    monkeypatch.setattr(registry.source_module(SOURCE), "parse_slowly", parse_slowly, raising=False)
    answer = ratecard("doctor", "--audit", "--json", "--store", store.root)
    assert "3 bodies, all as they were stored" in answer.out
    assert read == ["pricing.html"]


def test_screenshot_is_imported_with_its_page(store: Store, tmp_path: Path, ratecard: Callable[..., Any]) -> None:
    """Somebody who saved a page and a screenshot of it adds both; the screenshot alone is refused."""
    picture = tmp_path / "pricing.png"
    picture.write_bytes(b"\x89PNG artificial")
    asked = (
        "import",
        "--source",
        SOURCE,
        "--url",
        URL,
        "--retrieved-at",
        "2026-11-20T12:00:00Z",
        "--store",
        store.root,
    )
    alone = ratecard(*asked, picture)
    assert (alone.code, store.stamps()) == (2, [])
    assert "a screenshot holds no prices; name the page that it shows as well" in alone.err

    ratecard(*asked, PRICES, picture)
    (snapshot,) = store.snapshots()
    assert [(c.resource, c.holds_prices) for c in snapshot.captures] == [("pricing.html", True), ("pricing.png", False)]


def test_failed_task_keeps_what_stood_there() -> None:
    """A task that ends as failed loses nothing of what it saw."""
    from flows.scrape import _state_of  # noqa: PLC0415  # Prefect takes a second

    error = FetchError(SOURCE, "no price")
    error.evidence = (page(b"<p>a wall"),)
    state = _state_of(Harvest(SOURCE).scraped(error))
    outcome: Scraped = state.data
    assert state.is_failed()
    assert [response.resource for response in outcome.responses] == ["pricing.html"]
    assert outcome.problems == {"pricing.html": f"{SOURCE}: no price"}
