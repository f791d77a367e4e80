"""A source that can no longer be read: its last good figures stand, dated and said to be so; no other is touched."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest
from local_origin import Origin, open_origin

from scrapers.archive.store import Store
from scrapers.records import SourceState
from scrapers.runpod import graphql
from scrapers.runpod.docs import PAGES

Ratecard = Callable[..., Any]
EXAMPLES = Path(__file__).resolve().parents[2] / "data" / "examples"
PATHS = {resource: "/" + url.split("/", 3)[3] for resource, url in PAGES.items()}
SOURCES = ("--source", "runpod-docs", "--source", "runpod-graphql")


def page(resource: str) -> bytes:
    """Return the newest bundled page of RunPod's documentation."""
    store = Store.at(EXAMPLES)
    name = resource.replace(".md", ".mdx")
    return [store.read_body(c) for s in store.snapshots() for c in s.captures if c.resource == name][-1]


def gpu_types(price: int) -> bytes:
    """Write an answer of RunPod's API: GPUs that are known, at prices that nobody takes for real ones."""
    names = [("NVIDIA H100 80GB HBM3", "H100 SXM", 80), ("NVIDIA L4", "L4", 24), ("NVIDIA L40S", "L40S", 48)]
    records = [
        {
            "id": id_,
            "displayName": name,
            "memoryInGb": memory,
            "secureCloud": True,
            "communityCloud": True,
            "securePrice": price + number,
            "communityPrice": price + number,
            "clusterPrice": None,
        }
        for number, (id_, name, memory) in enumerate(names)
    ]
    return json.dumps({"data": {"gpuTypes": records}}).encode()


@pytest.fixture
def weekly(ratecard: Ratecard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Origin, Any]]:
    """Return a site with RunPod's documentation and API, and what scrapes it a week after the last time."""
    monkeypatch.setattr(graphql, "SOURCE", replace(graphql.SOURCE, expected_listings=(3, 90)))
    weeks = itertools.count()
    now = datetime.now

    def scrape() -> Any:
        week = next(weeks)

        class Weekly(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:
                return now(tz) + timedelta(weeks=week)

        monkeypatch.setattr("flows.command_line.datetime", Weekly)
        return ratecard("scrape", *SOURCES, "--store", tmp_path / "store")

    with open_origin() as site:
        hosts = ("https://docs.runpod.io", "https://api.runpod.io")
        monkeypatch.setenv("RATECARD_ORIGINS", json.dumps(dict.fromkeys(hosts, site.url)))
        for resource, path in PATHS.items():
            site.serve(path, page(resource))
        yield site, scrape


@pytest.fixture
def prices(ratecard: Ratecard, tmp_path: Path) -> Callable[[], dict[tuple[str, str], str]]:
    """Return what reads all list prices of the newest market by source and SKU."""

    def read() -> dict[tuple[str, str], str]:
        offers = json.loads(ratecard("prices", "--store", tmp_path / "store", "--format", "json").out)
        return {(o["source"], o["sku"]): o["list_unit_price"] for o in offers if o["list_unit_price"]}

    return read


def test_only_the_source_that_cannot_be_read_is_quarantined(
    weekly: tuple[Origin, Any], prices: Any, ratecard: Ratecard, tmp_path: Path
) -> None:
    """After a renamed field nothing new of its source is in the market; the other source's new figures are."""
    site, scrape = weekly
    site.serve("/graphql", gpu_types(1000))
    assert scrape().code == 0
    before = prices()
    site.serve("/graphql", gpu_types(2000).replace(b"securePrice", b"secureCost"))
    changed = page("serverless-pricing.md").replace(b"0.00116", b"7.00116")
    site.serve(PATHS["serverless-pricing.md"], changed)
    answer = scrape()
    after = prices()
    snapshot = list(Store.at(tmp_path / "store").snapshots())[-1]

    assert answer.code == 3
    assert {r.source: r.state for r in snapshot.results} == {
        "runpod-docs": SourceState.FRESH,
        "runpod-graphql": SourceState.FAILED,
    }
    assert {key: price for key, price in after.items() if key[0] == "runpod-graphql"} == {
        key: price for key, price in before.items() if key[0] == "runpod-graphql"
    }
    assert before["runpod-graphql", "H100 SXM"] == "1000"
    assert before["runpod-docs", "H100 PRO"] == "0.00116"
    assert after["runpod-docs", "H100 PRO"] == "7.00116"
    kept = [c for c in snapshot.captures if c.source == "runpod-graphql"]
    assert [b"secureCost" in Store.at(tmp_path / "store").read_body(c) for c in kept] == [True]
    assert all("secureCost" in c.problem for c in kept)

    found = {c["name"]: c for c in json.loads(ratecard("doctor", "--json", "--store", tmp_path / "store").out)}
    assert "failed" in found["runpod-graphql"]["detail"]
    assert "9 prices, 7 days old" in found["runpod-graphql"]["detail"]
    differences = {(d["direction"], d["name"]) for d in found["drift of runpod-graphql"]["drift"]["differences"]}
    assert differences == {
        ("new", "data.gpuTypes[].secureCost: number"),
        ("vanished", "data.gpuTypes[].securePrice: number"),
    }


def test_report_says_how_old_the_last_good_figures_are(
    weekly: tuple[Origin, Any], ratecard: Ratecard, tmp_path: Path
) -> None:
    """The report names the source, why it failed, and the date of the figures that stand for it."""
    site, scrape = weekly
    site.serve("/graphql", gpu_types(1000))
    scrape()
    site.serve("/graphql", b"<!doctype html><title>Sign in</title>")
    scrape()
    assert ratecard("report", "--store", tmp_path / "store", "--out", tmp_path / "out").code == 0
    (report,) = (tmp_path / "out").glob("*.md")
    text = report.read_text(encoding="utf-8")

    (row,) = [line for line in text.splitlines() if line.startswith("|") and "found HTML" in line]
    assert "| 7 days |" in row.replace("  ", "")
    (other,) = [line for line in text.splitlines() if line.startswith("| [RunPod documentation")]
    assert other.endswith("complete |")
