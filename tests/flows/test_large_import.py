"""A large file is imported, and read again, without ever being in memory as a whole."""

import json
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.importing import Imported, import_files
from normalize.facts import load_facts
from scrapers.archive.store import Store

PROJECT = Path(__file__).resolve().parents[2]
COPIES = 300
Ratecard = Callable[..., Any]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Write an artificial feed of 30 MB with one GPU, its last instance."""
    path = tmp_path / "instances.json"
    path.write_bytes(b"".join(_pieces()))
    return path


def _pieces() -> Iterator[bytes]:
    platform = {"linux": {"ondemand": "11.1", "reserved": {}}, "newOS": {"ondemand": "22.2"}}
    pricing = {f"us-east-{number}": platform for number in range(1000)}
    plain = {"instance_type": "x0test.large", "family": "General purpose", "GPU": 0, "GPU_model": None}
    padding = json.dumps({**plain, "pricing": pricing}).encode()
    gpu = {**plain, "instance_type": "g5.xlarge", "GPU": 1, "GPU_model": "NVIDIA A10G", "GPU_memory": 24}
    yield b"["
    for number in range(COPIES):
        yield padding.replace(b"x0test", b"x%dtest" % number) + b","
    yield json.dumps({**gpu, "pricing": {"us-east-1": {"linux": {"ondemand": "1.11"}}}}).encode() + b"]"


def test_large_feed_is_imported_with_little_memory(file: Path, tmp_path: Path) -> None:
    """A feed of 30 MB becomes a snapshot and a market with a fraction of that memory, and is stored as it was."""
    store, facts = Store(tmp_path / "store"), load_facts(PROJECT / "data" / "facts")
    tracemalloc.start()
    try:
        imported = _imported(store, file, facts)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert file.stat().st_size > 20_000_000
    assert peak < 16_000_000  # four blocks of 2 MiB on their way into the store among it
    assert [str(offer.usd_per_gpu_hour) for offer in imported.market.offers] == ["1.11"]
    assert store.read_body(imported.snapshot.captures[0]) == file.read_bytes()


def _imported(store: Store, file: Path, facts: Any) -> Imported:
    url, moment = "https://instances.vantage.sh/instances.json", datetime(2026, 11, 1, tzinfo=UTC)
    return import_files(store, source="vantage-ec2", url=url, retrieved_at=moment, files=[file], facts=facts)


def test_receipt_in_a_large_feed_is_shown(ratecard: Ratecard, file: Path, tmp_path: Path) -> None:
    """The receipt of a price leads to its place in the feed, found again in the stored body."""
    store = Store(tmp_path / "store")
    imported = _imported(store, file, load_facts(PROJECT / "data" / "facts"))
    sha256, place = imported.snapshot.captures[0].sha256, f"json:/{COPIES}/pricing/us-east-1/linux/ondemand"
    shown = ratecard("show", f"{sha256[:12]}#{place}", "--store", store.root)

    assert [citation.locator for citation in imported.market.offers[0].citations] == [place]
    assert shown.code == 0
    assert "1.11" in shown.out
