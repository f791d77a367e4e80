"""A source of several bodies, some of which fail, over real sockets: what came whole is used, the rest comes later."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest

from scrapers.archive.store import Store
from scrapers.errors import FetchError
from scrapers.records import Snapshot, SourceState
from scrapers.wire.retries import TRIES

Ratecard = Callable[..., Any]
REGIONS = ("us-east-1", "eu-west-1", "us-west-2")


@pytest.fixture
def scrape(ratecard: Ratecard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Return what scrapes EC2's three regions, or others, into the test's store, an hour after the last time."""
    hours, hour = itertools.count(), 0

    class Hourly(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + timedelta(hours=hour)

    monkeypatch.setattr("flows.command_line.datetime", Hourly)

    def call(*regions: str) -> Any:
        nonlocal hour
        hour = next(hours)
        monkeypatch.setenv("RATECARD_REGIONS", ",".join(regions or REGIONS))
        return ratecard("scrape", "--source", "aws-ec2", "--store", tmp_path / "store")

    return call


@pytest.fixture
def prices(ratecard: Ratecard, tmp_path: Path) -> Callable[[], dict[tuple[str, str], str]]:
    """Return what gives the list price in US dollars of every instance type and region of the newest market."""

    def call() -> dict[tuple[str, str], str]:
        found = json.loads(ratecard("prices", "--store", tmp_path / "store", "--format", "json").out)
        return {
            (o["region"], o["sku"]): o["list_unit_price"].removesuffix(".0000000000")
            for o in found
            if o["usd_per_gpu_hour"]
        }

    return call


def snapshots(tmp_path: Path) -> list[Snapshot]:
    """Return the store's snapshots."""
    return list(Store(tmp_path / "store").snapshots())


def states(tmp_path: Path) -> list[SourceState]:
    """Return what became of EC2 in each snapshot."""
    return [s.results[0].state for s in snapshots(tmp_path)]


@pytest.mark.parametrize("status", [403, 404, 429, 500, 503])
def test_region_that_fails_does_not_lose_the_others(
    bulk: Any, scrape: Any, prices: Any, tmp_path: Path, status: int
) -> None:
    """Newer figures of the regions that came are used, the failed one's older figures shine through."""
    paths = {region: bulk.lay_region(region, price=1000) for region in REGIONS}
    assert scrape().code == 0
    for region in REGIONS:
        bulk.lay_region(region, price=2000)
    bulk.paths[paths["eu-west-1"]] = status
    answer = scrape()
    result = snapshots(tmp_path)[1].results[0]

    assert answer.code == 3
    assert "partial" in answer.out
    assert result.state is SourceState.PARTIAL
    assert f"1 of 3 regions failed: eu-west-1: HTTP {status}" in result.reason
    assert [c.resource for c in snapshots(tmp_path)[1].captures] == ["us-east-1.csv", "us-west-2.csv"]
    assert len(prices()) == 9
    assert {prices()[region, "g5.xlarge"] for region in ("us-east-1", "us-west-2")} == {"2001"}
    assert prices()["eu-west-1", "g5.xlarge"] == "1001"


def test_next_run_picks_up_what_was_missing(bulk: Any, scrape: Any, prices: Any, tmp_path: Path) -> None:
    """Only the region that failed is downloaded, and the source is whole again."""
    paths = {region: bulk.lay_region(region) for region in REGIONS}
    whole, bulk.paths[paths["eu-west-1"]] = bulk.paths[paths["eu-west-1"]], 503
    scrape()
    bulk.files()
    bulk.paths[paths["eu-west-1"]] = whole
    answer = scrape()

    assert answer.code == 0, answer.out
    assert [status for _, status in bulk.files()] == [304, 200, 304]
    assert states(tmp_path) == [SourceState.PARTIAL, SourceState.FRESH]
    assert len(snapshots(tmp_path)[1].captures) == 3
    assert len(prices()) == 9


def test_unchanged_regions_are_not_downloaded_again(bulk: Any, scrape: Any, prices: Any, tmp_path: Path) -> None:
    """A run on the same version stores nothing but its manifest; the figures are the same."""
    for region in REGIONS:
        bulk.lay_region(region)
    scrape()
    before = prices()
    bulk.files()
    answer = scrape()

    assert answer.code == 0
    assert "unchanged" in answer.out
    assert [status for _, status in bulk.files()] == [304, 304, 304]
    assert states(tmp_path) == [SourceState.FRESH, SourceState.UNCHANGED]
    assert prices() == before
    assert sorted(path.name for path in (tmp_path / "store" / snapshots(tmp_path)[1].stamp).iterdir()) == [
        "offers.parquet",
        "snapshot.json",
    ]


@pytest.mark.parametrize("body", [b"<html><title>Sign in</title></html>", b"", b'"FormatVersion","v1.0"\n'])
def test_region_that_answers_rubbish_is_kept_for_a_look(
    bulk: Any, scrape: Any, prices: Any, tmp_path: Path, body: bytes
) -> None:
    """HTML with status 200 and a file without rows are stored with what is wrong, and used by nobody."""
    paths = {region: bulk.lay_region(region) for region in REGIONS}
    bulk.paths[paths["eu-west-1"]] = body
    answer = scrape()
    (snapshot,) = snapshots(tmp_path)
    problems = {c.resource: c.problem for c in snapshot.captures}

    assert answer.code == 3
    assert snapshot.results[0].state is SourceState.PARTIAL
    assert "eu-west-1.csv" in snapshot.results[0].reason
    assert [name for name, problem in problems.items() if problem] == ["eu-west-1.csv"]
    assert {region for region, _ in prices()} == {"us-east-1", "us-west-2"}


def test_too_little_of_a_part_is_no_part(bulk: Any, scrape: Any, prices: Any, tmp_path: Path) -> None:
    """A part with far fewer prices than such a part has is a failure, and older figures stand."""
    path = {region: bulk.lay_region(region, types=5) for region in REGIONS[:2]}["eu-west-1"]
    scrape(*REGIONS[:2])
    bulk.paths[path] = 500
    bulk.lay_region("us-east-1", price=2000, types=1)
    answer = scrape(*REGIONS[:2])

    assert answer.code == 3
    assert states(tmp_path) == [SourceState.FRESH, SourceState.FAILED]
    assert "1 listings where" in answer.out
    assert "eu-west-1: HTTP 500" in answer.out
    assert set(prices().values()) == {str(1000 + n) for n in range(5)}


def test_source_of_which_nothing_came_has_failed(bulk: Any, scrape: Any, tmp_path: Path) -> None:
    """When every region fails, no part of it is there."""
    for region in REGIONS:
        bulk.paths[bulk.lay_region(region)] = 503

    assert scrape().code == 3
    assert states(tmp_path) == [SourceState.FAILED]
    assert snapshots(tmp_path)[0].captures == ()


def test_part_is_said_in_the_report(bulk: Any, scrape: Any, ratecard: Ratecard, tmp_path: Path) -> None:
    """The data quality section names the region that is missing; nothing of it is withdrawn."""
    for region in REGIONS:
        bulk.lay_region(region)
    scrape()
    bulk.paths[bulk.lay_region("eu-west-1")] = 404
    scrape()
    assert ratecard("report", "--store", tmp_path / "store", "--out", tmp_path / "out").code == 0
    (report,) = (tmp_path / "out").glob("*.md")

    assert "read in part: " in report.read_text()
    assert "eu-west-1: HTTP 404" in report.read_text()
    assert ratecard("diff", "--store", tmp_path / "store").out.strip().endswith("no changes")


def test_china_is_read_from_its_own_list_in_its_own_currency(
    bulk: Any, scrape: Any, ratecard: Ratecard, prices: Any, tmp_path: Path
) -> None:
    """Regions of China come from China's root, in CNY, and are no prices in US dollars."""
    for region in ("us-gov-west-1", "cn-north-1"):
        bulk.lay_region(region)
    answer = scrape("us-gov-west-1", "cn-north-1")
    urls = [c.url for s in snapshots(tmp_path) for c in s.captures]

    assert answer.code == 0, answer.out
    assert urls == [
        "https://pricing.cn-north-1.amazonaws.com.cn/offers/v1.0/cn/AmazonEC2/20261101000000/cn-north-1/index.csv",
        "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonEC2/20261101000000/us-gov-west-1/index.csv",
    ]
    assert {region for region, _ in prices()} == {"us-gov-west-1"}
    assert " CNY/" in ratecard("prices", "--store", tmp_path / "store", "--region", "cn-north-1").out
    assert "priced in CNY; not converted" in ratecard("prices", "--store", tmp_path / "store").out


def test_list_of_china_that_fails_loses_only_china(bulk: Any, scrape: Any, prices: Any, tmp_path: Path) -> None:
    """One root that does not answer is the failure of its regions."""
    bulk.lay_region("us-east-1")
    answer = scrape("us-east-1", "cn-north-1", "cn-northwest-1")

    assert answer.code == 3
    assert states(tmp_path) == [SourceState.PARTIAL]
    assert "2 of 3 regions failed: cn-north-1: HTTP 404" in snapshots(tmp_path)[0].results[0].reason
    assert {region for region, _ in prices()} == {"us-east-1"}


def test_part_is_not_fetched_again_by_prefect(bulk: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A task is done when its source was asked: the way out has tried again by then, and nobody else does."""
    from flows.scrape import fetch_source  # noqa: PLC0415  # Prefect takes seconds to import
    from flows.settings import read_settings  # noqa: PLC0415
    from flows.way_out import way_out  # noqa: PLC0415

    monkeypatch.setenv("RATECARD_REGIONS", ",".join(REGIONS))
    paths = [bulk.lay_region(region) for region in REGIONS]
    bulk.paths[paths[1]] = 503
    settings, store = read_settings(folder=tmp_path), Store(tmp_path / "store")
    with way_out(settings, store) as out:
        scraped = fetch_source.fn("aws-ec2", settings, out).data
    assert (scraped.partial, len(scraped.responses), type(scraped.error)) == (True, 2, FetchError)

    bulk.paths.update(dict.fromkeys(paths, 503))
    bulk.files()
    with way_out(settings, store) as out:
        scraped = fetch_source.fn("aws-ec2", settings, out).data
    assert (fetch_source.retries, scraped.partial, scraped.responses, type(scraped.error)) == (0, False, (), FetchError)
    assert [status for _, status in bulk.files()] == [503] * 3 * TRIES
