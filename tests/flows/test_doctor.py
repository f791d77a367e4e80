"""`ratecard doctor`: what is missing, damaged or stale is said, and nothing is asked of the world."""

from __future__ import annotations

import ctypes.util
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scrapers import registry
from scrapers.records import Document, Listing

Ratecard = Callable[..., Any]


def checks(printed: str) -> dict[str, tuple[bool, str]]:
    """Return the checks of a JSON answer by name."""
    return {check["name"]: (check["good"], check["detail"]) for check in json.loads(printed)}


@pytest.fixture
def copied(examples: str, tmp_path: Path) -> Path:
    """Return a copy of the bundled examples that a test may damage."""
    store = tmp_path / "store"
    shutil.copytree(examples, store, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return store


def test_whole_store_is_said_to_be_whole(ratecard: Ratecard, examples: str) -> None:
    """Every body is read once; a source past its limit is a finding with its age."""
    answer = ratecard("doctor", "--store", examples, "--json")
    found = checks(answer.out)
    assert answer.code == 1
    assert found["store"][0]
    assert "3 snapshots, 31 bodies, all as they were stored" in found["store"][1]
    assert not found["runpod-graphql"][0]
    assert "stale: its limit is 14 days" in found["runpod-graphql"][1]
    assert found["runpod-docs"][0]
    assert "!!  " in ratecard("doctor", "--store", examples).out


def test_damaged_body_is_named(ratecard: Ratecard, copied: Path) -> None:
    """One flipped byte anywhere in the store is found, with the file."""
    body = next(copied.glob("*/vantage-ec2/instances.json.zst"))
    content = bytearray(body.read_bytes())
    content[len(content) // 2] ^= 1
    body.write_bytes(content)
    good, detail = checks(ratecard("doctor", "--store", copied, "--json").out)["store"]
    assert not good
    assert str(body) in detail


def test_damaged_manifest_is_named(ratecard: Ratecard, copied: Path) -> None:
    """A manifest that cannot be read is a finding of the store and of the sources, never a traceback."""
    manifest = next(copied.glob("2026-11-09*/snapshot.json"))
    manifest.write_text("{", encoding="utf-8")
    answer = ratecard("doctor", "--store", copied, "--json")
    found = checks(answer.out)
    assert answer.code == 1
    assert str(manifest) in found["store"][1]
    assert str(manifest) in found["sources"][1]


def test_what_is_missing_comes_with_the_way_to_get_it(
    ratecard: Ratecard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without browser, Pango, facts and snapshots each is said with the next step."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    monkeypatch.delenv("RATECARD_CHROMIUM", raising=False)
    monkeypatch.setattr(ctypes.util, "find_library", lambda _: None)
    monkeypatch.setenv("RATECARD_FACTS", str(tmp_path / "nowhere"))
    found = checks(ratecard("doctor", "--store", tmp_path / "empty", "--json").out)
    assert {name for name, (good, _) in found.items() if not good} == {
        "Pango for the PDF",
        "Chromium for runpod-pricing",
        "hand-kept facts",
        "sources",
    }
    assert "apt-get install" in found["Pango for the PDF"][1]
    assert "playwright install chromium" in found["Chromium for runpod-pricing"][1]
    assert "ratecard scrape" in found["sources"][1]


def test_audit_finds_the_same_both_ways(ratecard: Ratecard, examples: str) -> None:
    """Every archived price list gives the same listings by the fast and by the slow reader."""
    found = checks(ratecard("doctor", "--audit", "--store", examples, "--json").out)
    audits = {name: check for name, check in found.items() if name.startswith("audit")}
    assert len(audits) >= 10
    assert all(good and "the same both ways" in detail for good, detail in audits.values())


def test_audit_tells_what_the_fast_reader_lost(
    ratecard: Ratecard, examples: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fast reader that loses one listing is found out."""

    def forgetful(document: Document) -> list[Listing]:
        return registry.parse(document)[1:]

    monkeypatch.setattr("flows.doctor.parse", forgetful)
    found = checks(ratecard("doctor", "--audit", "--store", examples, "--json").out)
    details = [detail for name, (good, detail) in found.items() if name.startswith("audit aws-ec2") and not good]
    assert details
    assert all(detail == "1 lost, 0 extra" for detail in details)


def test_guards_of_the_sources_are_asked(ratecard: Ratecard, examples: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a source's own guard finds odd in its newest bodies is a finding; a source without guard is left out."""
    found = checks(ratecard("doctor", "--store", examples, "--json").out)
    assert found["guard of aws-ec2"][0]
    assert "nothing odd in" in found["guard of aws-ec2"][1]
    assert "guard of runpod-docs" not in found

    monkeypatch.setattr("scrapers.aws.instance_types.KNOWN_FAMILIES", frozenset({"p4d", "p5"}))
    good, detail = checks(ratecard("doctor", "--store", examples, "--json").out)["guard of aws-ec2"]
    assert not good
    assert "the family g5 of GPU instance types is in no enumeration" in detail
