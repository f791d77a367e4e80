"""Scraping from a local origin over real sockets: what works is stored, what fails fails alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from scrapers.archive.store import Store
from scrapers.errors import CorruptError
from scrapers.records import Snapshot, SourceState

Ratecard = Callable[..., Any]
EXAMPLES = Path(__file__).resolve().parents[2] / "data" / "examples"


def example_body(source: str, resource: str) -> bytes:
    """Return a bundled body as its source would serve it."""
    store = Store.at(EXAMPLES)
    return next(
        store.read_body(c)
        for s in store.snapshots()
        for c in s.captures
        if (c.source, c.resource) == (source, resource)
    )


@pytest.fixture
def mirrored(origin: Any, ratecard: Ratecard, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ARG001  # it clears the settings first
    """Send RunPod's docs, its API and the spot feed to the local origin."""
    spot = ("https://website.spot.ec2.aws.a2z.com", "https://spot-bid-advisor.s3.amazonaws.com")
    hosts = ("https://docs.runpod.io", "https://api.runpod.io", *spot)
    monkeypatch.setenv("RATECARD_ORIGINS", json.dumps(dict.fromkeys(hosts, origin.url)))
    monkeypatch.setenv("RATECARD_CONTACT", "mail@example.org")
    return origin


def only(store: Path) -> Snapshot:
    """Return the store's only snapshot."""
    return next(iter(Store.at(store).snapshots()))


def test_docs_are_scraped_into_a_snapshot(mirrored: Any, ratecard: Ratecard, tmp_path: Path) -> None:
    """A whole source becomes a fresh, live snapshot that keeps public address and mirror."""
    from scrapers.runpod import docs  # noqa: PLC0415

    serverless = example_body("runpod-docs", "serverless-pricing.mdx")
    catalogue = example_body("runpod-docs", "gpu-types.mdx")
    for path in _paths(docs):
        body = catalogue if "gpu-types" in path else serverless
        mirrored.serve(path, body, headers={"content-type": "text/markdown"})
    answer = ratecard("scrape", "--source", "runpod-docs", "--store", tmp_path / "store")
    snapshot = only(tmp_path / "store")
    assert answer.code == 0, answer.out + answer.err
    assert [r.state for r in snapshot.results] == [SourceState.FRESH]
    assert all(c.obtained == "live" and c.url.startswith("https://docs.runpod.io") for c in snapshot.captures)
    assert all(c.served_from and c.served_from.startswith(mirrored.url) for c in snapshot.captures)
    again = ratecard("scrape", "--source", "runpod-docs", "--store", tmp_path / "store")
    assert again.code == 0
    assert "unchanged" in again.out


def _paths(docs: Any) -> list[str]:
    """Return the paths that the docs source asks for."""
    asked: list[str] = []

    class Recorder:
        def get(self, _source: Any, url: str, _resource: str) -> None:
            asked.append("/" + url.split("/", 3)[3])

    list(docs.fetch(Recorder(), ()))
    return asked


def test_sources_fail_alone(mirrored: Any, ratecard: Ratecard, tmp_path: Path) -> None:
    """One source that answers rubbish and one that is away do not keep the third from being stored."""
    mirrored.serve("/spot.json", example_body("aws-spot", "spot.json"), headers={"content-type": "application/json"})
    mirrored.serve("/graphql", b"<html>Please wait</html>", headers={"content-type": "text/html"})
    store = tmp_path / "store"
    answer = ratecard(
        "scrape", "--source", "aws-spot", "--source", "runpod-graphql", "--source", "runpod-docs", "--store", store
    )
    states = {r.source: (r.state, r.reason) for r in only(store).results}
    assert answer.code == 3
    assert states["runpod-graphql"][0] is SourceState.FAILED
    assert "HTML" in states["runpod-graphql"][1]
    assert states["runpod-docs"][0] is SourceState.FAILED
    assert "404" in states["runpod-docs"][1]
    assert "runpod-graphql" in answer.out
    kept = [c for c in only(store).captures if c.source == "runpod-graphql"]
    assert [Store.at(store).read_body(c) for c in kept] == [b"<html>Please wait</html>"]


def test_live_read_of_too_little_is_not_published(mirrored: Any, ratecard: Ratecard, tmp_path: Path) -> None:
    """A live answer with far fewer prices than the source publishes is kept for a look and not used."""
    mirrored.serve("/spot.json", example_body("aws-spot", "spot.json"), headers={"content-type": "application/json"})
    answer = ratecard("scrape", "--source", "aws-spot", "--store", tmp_path / "store")
    assert answer.code == 3
    assert "72 listings where" in answer.out
    prices = ratecard("prices", "--store", tmp_path / "store", "--format", "json")
    assert json.loads(prices.out) == []


def test_damaged_body_is_never_read(mirrored: Any, ratecard: Ratecard, tmp_path: Path) -> None:
    """A body cut short in the store is named, not parsed."""
    mirrored.serve("/spot.json", example_body("aws-spot", "spot.json"), headers={"content-type": "application/json"})
    ratecard("scrape", "--source", "aws-spot", "--store", tmp_path / "store")
    capture = only(tmp_path / "store").captures[0]
    path = tmp_path / "store" / capture.body
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(CorruptError, match=capture.resource):
        Store.at(tmp_path / "store").read_body(capture)


def test_offers_lie_beside_their_snapshot(mirrored: Any, ratecard: Ratecard, tmp_path: Path) -> None:
    """A scrape lays its offers beside the manifest, and the file names the program that made it."""
    for path, name in (("/spot.json", "spot.json"),):
        mirrored.serve(path, example_body("aws-spot", name), headers={"content-type": "application/json"})
    ratecard("scrape", "--source", "aws-spot", "--store", tmp_path / "store")
    derived = pq.read_table(next((tmp_path / "store").glob("*/offers.parquet")))
    assert derived.schema.metadata[b"made_with"].startswith(b"ratecard ")


def test_import_derives_the_offers_that_prices_prints(ratecard: Ratecard, tmp_path: Path) -> None:
    """The derived file holds what `ratecard prices` prints of the same snapshot."""
    file = tmp_path / "spot.json"
    file.write_bytes(example_body("aws-spot", "spot.json"))
    head = ("import", "--source", "aws-spot", "--url", "https://website.spot.ec2.aws.a2z.com/spot.json")
    ratecard(*head, "--retrieved-at", "2026-08-10T06:54:02Z", file, "--store", tmp_path / "store")
    printed = json.loads(ratecard("prices", "--store", tmp_path / "store", "--format", "json").out)
    rows = pq.read_table(tmp_path / "store" / "2026-08-10T065402Z" / "offers.parquet").to_pylist()
    assert [(r["sku"], r["usd_per_gpu_hour"].normalize()) for r in rows] == [
        (o["sku"], Decimal(o["usd_per_gpu_hour"]).normalize()) for o in printed
    ]
