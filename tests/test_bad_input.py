"""What a source may answer in place of its prices: it fails alone, its bytes are kept, and no figure changes."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import faults
import pytest
from local_origin import Origin
from reconstructed import Body, reconstruct

from flows.scraping import scrape_source, store_scraped
from flows.settings import Settings
from flows.steps import MarketReader
from normalize.facts import Facts, load_facts
from normalize.records import Market
from scrapers.archive.store import Store
from scrapers.browsing.browser import Browser
from scrapers.records import Snapshot, SourceState
from scrapers.registry import default_source_ids, source_module, source_record
from scrapers.wire.web import Web

PRICED = [source for source in default_source_ids() if source_record(source).publishes_prices]
SOURCES = [source for source in PRICED if source_record(source).method == "http"]
LARGE = 200_000_000
SAME_READER = {"aws-sagemaker": "aws-ec2", "cloudprice-sagemaker": "cloudprice-ec2", "runpod-docs": "runpod-graphql"}
"""Sources that a body of this size meets as it meets another one."""
DAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
COOKIE_WALL = """<!DOCTYPE html><html lang="en"><head><title>We value your privacy</title></head><body>
<div class="cookie-banner"><p>We and our partners store cookies.</p><button>Accept</button></div></body></html>"""
CAPTCHA = """<!DOCTYPE html><html lang="en"><head><title>Just a moment...</title></head><body>
<h1>Verify you are human</h1><div id="challenge-form"></div></body></html>"""
LOGIN = """<!DOCTYPE html><html lang="en"><head><title>Sign in</title></head><body>
<form action="/login" method="post"><input name="user"><input name="password" type="password"></form></body></html>"""
Expect = Callable[[str, int, int], None]
NAMES = {b"rice": b"rixe", b"Rate": b"Raxe", b"GPU": b"XPU", b"spot_advisor": b"spot_advixor"}
"""Parts of the names that some source's reader looks for, and what they are called after a rebuild of the site."""


def with_content(make: Callable[[bytes], bytes], media_type: str | None = None) -> Callable[[Body], Body]:
    """Return a change of what a body holds, and of what it is called."""
    return lambda body: replace(body, content=make(body.content), media_type=media_type or body.media_type)


def page(html: str) -> Callable[[Body], Body]:
    """Return a change of any body into a web page that is served as if it were well."""
    return with_content(lambda _: html.encode(), "text/html; charset=utf-8")


def renamed(content: bytes) -> bytes:
    """Return a body in which what its reader looks for has other names."""
    for name, other in NAMES.items():
        content = content.replace(name, other)
    return content


BAD = {
    "nothing": with_content(lambda _: b""),
    "blank-page": page("<!DOCTYPE html><html><head><title></title></head><body></body></html>"),
    "cookie-wall": page(COOKIE_WALL),
    "captcha": page(CAPTCHA),
    "login": page(LOGIN),
    "renamed": with_content(renamed),
    "deeply-nested": with_content(lambda _: b"[" * 200_000 + b"]" * 200_000),
    "deeply-nested-page": with_content(lambda _: b"<div>" * 200_000),
    "invalid-utf-8": with_content(lambda content: content.replace(b"e", b"\xe9")),
    "utf-16": with_content(lambda content: content.decode().encode("utf-16")),
    "cut-off": with_content(lambda content: content[: len(content) // 3]),
}


@pytest.fixture(scope="module")
def facts() -> Facts:
    """Read the hand-kept facts once."""
    return load_facts(Settings().facts)


@pytest.fixture
def expect(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, int, int], None]:
    """Return what sets how many prices a source is known to publish: the reconstructed bodies hold few."""

    def set_(source: str, fewest: int, most: int) -> None:
        module = source_module(source)
        monkeypatch.setattr(module, "SOURCE", replace(module.SOURCE, expected_listings=(fewest, most)))

    return set_


class World:
    """A store, and the sites that are read into it, day by day."""

    def __init__(self, store: Store, facts: Facts) -> None:
        self.store = store
        self.days = 0
        self._facts = facts
        self._browser = Browser()
        self._browser.close()  # a source that would look at the page where JSON is refused does without

    def scrape(self, *sources: str, origins: dict[str, str], regions: Sequence[str]) -> Snapshot:
        """Read the sources into a snapshot, a day after the last."""
        self.days += 1
        now = DAY + timedelta(days=self.days)
        with self.store.incoming() as spool, self._web(origins, now, Path(spool)) as web:
            return store_scraped(self.store, [scrape_source(source, web, regions) for source in sources], now)

    def market(self) -> Market:
        """Return what is known now."""
        return MarketReader(self.store, self._facts).market()

    def _web(self, origins: dict[str, str], now: datetime, spool: Path) -> Web:
        return Web(
            origins=origins,
            clock=lambda: now,
            sleep=lambda _seconds: None,
            spool=spool,
            earlier=self.store.last_captures(),
            browser=self._browser,
        )


@pytest.fixture
def world(tmp_path: Path, facts: Facts) -> World:
    """Open an empty store."""
    return World(Store(tmp_path / "store"), facts)


def figures(market: Market) -> list[tuple[object, ...]]:
    """Return every figure of a market with its receipt."""
    return sorted(
        (o.source, o.sku, str(o.region), str(o.usd_per_gpu_hour), o.citations[0].sha256) for o in market.offers
    )


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("source", SOURCES)
def test_bad_answer_fails_alone(source: str, bad: str, world: World, origin: Origin, expect: Expect) -> None:
    """The source fails with a clear error, its bytes are kept for a look, and every figure is as it was."""
    other = "runpod-docs" if source != "runpod-docs" else "runpod-graphql"
    good = reconstruct(source)
    origins = {**good.lay(origin), **reconstruct(other).lay(origin)}
    for each in (source, other):
        expect(each, 1, 100_000)
    world.scrape(source, other, origins=origins, regions=good.regions)
    before = figures(world.market())
    broken = good.changed(BAD[bad])
    broken.lay(origin)
    # Half of a list that can be read is told by its length.
    expect(source, len([figure for figure in before if figure[0] == source]), 100_000)
    snapshot = world.scrape(source, other, origins=origins, regions=good.regions)
    results = {result.source: result for result in snapshot.results}
    kept = {world.store.read_body(c): c.problem for c in snapshot.captures if c.source == source}

    assert before
    assert results[source].state is SourceState.FAILED
    assert results[source].reason.startswith(f"{source}: ")
    assert re.search(r"looked for|listings where|cannot be read|JSON is refused", results[source].reason)
    assert len(results[source].reason) < 5000
    assert kept.keys() >= {body.content for body in broken.bodies if not body.leads}
    assert all(kept.values()) or "listings where" in results[source].reason
    assert results[other].state is SourceState.UNCHANGED
    assert figures(world.market()) == before
    status = next(s for s in world.market().sources if s.source == source)
    assert (status.state, status.reason) == (SourceState.FAILED, results[source].reason)


@pytest.mark.parametrize("source", [source for source in SOURCES if source not in SAME_READER])
def test_endless_page_is_refused_with_flat_memory(source: str, world: World, origin: Origin, expect: Expect) -> None:
    """A page of 200 MB in place of prices is never held in memory, and costs its own source alone."""
    good = reconstruct(source)
    origins = good.lay(origin)
    expect(source, 1, 100_000)
    world.scrape(source, origins=origins, regions=good.regions)
    before = figures(world.market())
    first = next(body for body in good.bodies if not body.leads)
    endless = faults.endless(b"<!DOCTYPE html><html><body>", b"<p>Please wait</p>\n" * 55_000, LARGE)
    other = replace(first, content=b"another ETag than that of the prices", compressed=False)
    replace(good, bodies=(other,)).lay(origin, fault=endless)
    tracemalloc.start()
    snapshot = world.scrape(source, origins=origins, regions=good.regions)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert snapshot.results[0].state in {SourceState.FAILED, SourceState.PARTIAL}
    assert re.search(r"the body is too large|looked for|cannot be read", snapshot.results[0].reason)
    assert peak < 64_000_000
    assert figures(world.market()) == before
