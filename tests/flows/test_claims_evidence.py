"""From the pages of the statements to receipts in the report: archived, cited, for a look when their words are gone."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows.steps import MarketReader
from normalize.facts import default_facts_folder, load_facts
from reports.brief import load_brief
from reports.build import build_report
from reports.records import Bullets, Report
from scrapers.archive.store import Store
from scrapers.places.locate import read_locator

Ratecard = Callable[..., Any]
CLAIMS = """
[[claim]]
id = "minutes"
section = "scale_to_zero"
subject = "Examplecloud"
aspect = "Cold start time"
short = "several minutes"
statement = "A cold start of Examplecloud takes minutes."
evidence_url = "https://docs.example.com/zero"
evidence_quote = "it takes several minutes"
dating = "undated page"
checked_on = 2026-11-01
status = "supported"
remark = ""

[[claim]]
id = "unseen"
section = "scale_to_zero"
subject = "Examplecloud"
aspect = "Percentile"
short = "none"
statement = "Examplecloud publishes no percentile."
evidence_url = "https://away.example.com/"
evidence_quote = "no percentile"
dating = "undated page"
checked_on = 2026-11-01
status = "supported"
remark = ""

[[claim]]
id = "wordless"
section = "scale_to_zero"
subject = "Examplecloud"
aspect = "Queue"
short = "none"
statement = "Examplecloud holds no requests."
evidence_url = "https://docs.example.com/zero"
evidence_quote = ""
dating = "undated page"
checked_on = 2026-11-01
status = "unverifiable"
remark = ""

[[reference]]
group = "AWS Community"
title = "A question"
url = "https://example.com/question"
checked_on = 2026-11-01
"""
GOOD = b"<!doctype html><title>Zero</title><p>Mind that it takes <b>several</b>\nminutes to come back.</p>"
REWORDED = b"<!doctype html><title>Zero</title><p>It is quick now.</p>"
HTML = {"content-type": "text/html"}


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """Return a folder of facts with statements about Examplecloud."""
    folder = tmp_path / "facts"
    shutil.copytree(default_facts_folder(), folder)
    (folder / "claims.toml").write_text(CLAIMS, encoding="utf-8")
    return folder


@pytest.fixture
def pages(origin: Any, ratecard: Ratecard, facts: Path, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ARG001  # it clears the settings first
    """Serve the pages of Examplecloud on this machine; one of its hosts has nothing but 404."""
    hosts = ("https://docs.example.com", "https://away.example.com")
    monkeypatch.setenv("RATECARD_ORIGINS", json.dumps(dict.fromkeys(hosts, origin.url)))
    monkeypatch.setenv("RATECARD_FACTS", str(facts))
    origin.serve("/zero", GOOD, headers=HTML)
    return origin


def scrape(ratecard: Ratecard, store: Path) -> Any:
    """Archive the evidence pages."""
    return ratecard("scrape", "--source", "claims-evidence", "--store", store)


def report_of(store: Path, facts: Path) -> Report:
    """Build the client's report of now."""
    loaded = load_facts(facts)
    reader = MarketReader(Store.at(store), loaded)
    market = reader.with_evidence(reader.market())
    return build_report(load_brief("archibus", loaded), market, None, loaded, generator="ratecard test")


def text_of(report: Report, anchor: str) -> str:
    """Return the lists of a section as text, receipts as numbers in brackets."""
    section = next(s for s in report.sections if s.anchor == anchor)
    lines = [item for block in section.blocks if isinstance(block, Bullets) for item in block.items]
    return "\n".join("".join(span.text + "".join(f"[{n}]" for n in span.receipts) for span in line) for line in lines)


def test_words_on_an_archived_page_are_a_receipt(pages: Any, ratecard: Ratecard, facts: Path, tmp_path: Path) -> None:
    """The statement is cited like a figure: page, time, hash, place and the words as they stand there."""
    store = tmp_path / "store"
    answer = scrape(ratecard, store)
    report = report_of(store, facts)
    (receipt,) = report.receipts
    capture = next(c for s in Store.at(store).snapshots() for c in s.captures)

    assert answer.code == 3
    assert "1 of 2 pages did not come: https://away.example.com/: HTTP 404" in re.sub(r"\s+", " ", answer.out)
    assert pages.paths() == ["/zero", "/"]
    assert (receipt.source_id, receipt.url) == ("claims-evidence", "https://docs.example.com/zero")
    assert (receipt.sha256, receipt.obtained) == (capture.sha256, "live")
    assert receipt.quote == "it takes several minutes"
    assert receipt.subject == "A cold start of Examplecloud takes minutes."
    assert read_locator(Store.at(store).document(capture), receipt.locator) == receipt.quote
    said = text_of(report, "scale-to-zero")
    assert "takes minutes. (docs.example.com[1], undated, checked 2026-11-01)" in said
    assert "no percentile. (away.example.com, undated, checked 2026-11-01, page not archived)" in said
    assert "no requests.” (docs.example.com, undated, checked 2026-11-01, no words quoted)" in said
    shown = ratecard("show", f"{receipt.sha256}#{receipt.locator}", "--store", store)
    assert shown.code == 0
    assert "it takes several minutes" in shown.out


def test_statement_whose_words_are_gone_is_for_a_look(
    pages: Any, ratecard: Ratecard, facts: Path, tmp_path: Path
) -> None:
    """Verdict and date stay, with the last receipt; report and doctor name the statement and what to do."""
    store = tmp_path / "store"
    scrape(ratecard, store)
    before = ratecard("doctor", "--store", store, "--json")
    pages.serve("/zero", REWORDED, headers=HTML)
    scrape(ratecard, store)
    report = report_of(store, facts)
    old, new = Store.at(store).snapshots()

    good, detail = checks(before.out)["statements"]
    assert (good, detail) == (True, "1 of 3 stand word for word on an archived page")
    good, detail = checks(ratecard("doctor", "--store", store, "--json").out)["statements"]
    assert not good
    assert "minutes: looked for 'it takes several minutes' on the page of" in detail
    assert f"it stood there on {old.taken_at:%Y-%m-%d}. The verdict of 2026-11-01 (supported) is kept: look" in detail
    said = text_of(report, "scale-to-zero")
    day, last = f"{new.taken_at:%Y-%m-%d}", f"{old.taken_at:%Y-%m-%d}"
    assert f"checked 2026-11-01; for a look: not on the page of {day}, last on that of {last}[1])" in said
    assert "https://docs.example.com/zero: minutes: looked for" in text_of(report, "data-quality")
    assert [r.sha256 for r in report.receipts] == [c.sha256 for c in old.captures]


def test_page_that_never_had_the_words_gives_no_receipt(
    pages: Any, ratecard: Ratecard, facts: Path, tmp_path: Path
) -> None:
    """A quotation that no archived copy bears out is for a look, and is no receipt."""
    pages.serve("/zero", REWORDED, headers=HTML)
    scrape(ratecard, tmp_path / "store")
    report = report_of(tmp_path / "store", facts)
    said = text_of(report, "scale-to-zero")

    assert report.receipts == ()
    assert re.search(r"checked 2026-11-01; for a look: not on the page of \d{4}-\d\d-\d\d\)", said)
    assert "no archived copy of the page has it" in text_of(report, "data-quality")


def test_unchanged_page_is_confirmed_and_not_sent_again(pages: Any, ratecard: Ratecard, tmp_path: Path) -> None:
    """A page with an ETag is asked for if it changed, like any source's body."""
    pages.serve("/zero", GOOD, headers={**HTML, "etag": '"1"'})
    for _ in range(2):
        scrape(ratecard, tmp_path / "store")

    assert [asked.status for asked in pages.asked if asked.path == "/zero"] == [200, 304]


def test_evidence_pages_are_no_prices(pages: Any, ratecard: Ratecard, facts: Path, tmp_path: Path) -> None:  # noqa: ARG001  # served
    """They stand among the sources as pages, and no notice misses figures in them."""
    scrape(ratecard, tmp_path / "store")
    report = report_of(tmp_path / "store", facts)
    found = checks(ratecard("doctor", "--store", tmp_path / "store", "--json").out)

    assert not any("Evidence pages" in notice for notice in report.notices)
    assert "no prices" in text_of(report, "executive-summary")
    assert found["claims-evidence"][1].startswith("partial; pages, 0 days old; claims-evidence: 1 of 2 pages did not")
    assert json.loads(ratecard("prices", "--store", tmp_path / "store", "--format", "json").out) == []


def test_saved_page_can_be_imported_as_evidence(
    ratecard: Ratecard, facts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that somebody saved is evidence of its own day, and says that it was imported."""
    monkeypatch.setenv("RATECARD_FACTS", str(facts))
    (tmp_path / "zero.html").write_bytes(GOOD)
    store = tmp_path / "store"
    address = ("--source", "claims-evidence", "--url", "https://docs.example.com/zero")
    answer = ratecard(
        "import", *address, "--retrieved-at", "2026-11-05T06:00:00Z", tmp_path / "zero.html", "--store", store
    )
    (receipt,) = report_of(store, facts).receipts

    assert answer.code == 0, answer.err
    assert (receipt.obtained, receipt.retrieved) == ("imported", "2026-11-05 06:00 UTC")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "checked_on = 2026-11-01\nstatus",
            "status",
            "claims.toml: [[claim]] 'minutes': checked_on: is missing; write a date such as 2026-11-23",
        ),
        (
            'dating = "undated page"\n',
            "",
            "claims.toml: [[claim]] 'minutes': dating: must say what is known of the evidence's age",
        ),
        (
            'status = "supported"',
            'status = "true"',
            "claims.toml: [[claim]] 'minutes': status: 'true' is none of 'contradicted', 'partly', 'supported', 'unver",
        ),
        ("https://docs", "http://docs", "[[claim]] 'minutes': evidence_url: 'http://docs.example.com/zero' is not an"),
    ],
)
@pytest.mark.parametrize("command", [("report", "--out", "out"), ("scrape", "--source", "claims-evidence")])
def test_wrong_statement_is_named_before_anything_is_done(  # noqa: PLR0913, PLR0917  # fixtures and cases
    pages: Any,
    ratecard: Ratecard,
    facts: Path,
    tmp_path: Path,
    command: tuple[str, ...],
    old: str,
    new: str,
    said: str,
) -> None:
    """A claims file with a missing date or an unknown status ends with code 2, file, id and key; nothing is asked."""
    (facts / "claims.toml").write_text(CLAIMS.replace(old, new, 1), encoding="utf-8")
    answer = ratecard(*command, "--store", tmp_path / "store")

    assert answer.code == 2
    assert said in answer.err
    assert "Traceback" not in answer.err
    assert pages.asked == []


def checks(printed: str) -> dict[str, tuple[bool, str]]:
    """Return the checks of a JSON answer by name."""
    return {check["name"]: (check["good"], check["detail"]) for check in json.loads(printed)}
