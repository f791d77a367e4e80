"""The Prefect flows against a temporary server: few, since each costs seconds; the steps are tested without Prefect."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from prefect.client.orchestration import get_client
from prefect.testing.utilities import prefect_test_harness

from flows.report import report
from flows.scrape import scrape
from scrapers.errors import RatecardError, SourceError, UsageError
from scrapers.store import Store

EXAMPLES = Path(__file__).resolve().parents[2] / "data" / "examples"


@pytest.fixture(scope="module", autouse=True)
def server() -> Iterator[None]:
    """Run one temporary Prefect server for this module."""
    with prefect_test_harness(server_startup_timeout=120):
        yield


def artifacts() -> dict[str, Any]:
    """Return the latest artifacts by key."""
    with get_client(sync_client=True) as client:
        found = client.read_latest_artifacts()
    return {artifact.key: artifact.data for artifact in found}


def test_report_flow_writes_three_files_and_artifacts(tmp_path: Path) -> None:
    """The flow makes the report, and shows report, changes and the way to the PDF on the run's page."""
    paths = [Path(p) for p in report(brief="archibus", as_of=date(2026, 11, 9), store=str(EXAMPLES), out=str(tmp_path))]
    assert [p.suffix for p in paths] == [".md", ".html", ".pdf"]
    shown = artifacts()
    assert shown["report-archibus"] == paths[0].read_text(encoding="utf-8")
    changes = json.loads(shown["changes-archibus"])
    assert any("H100 SXM" in row["what"] and row["percent"] == "+21.3" for row in changes)
    assert paths[2].as_uri() in shown["pdf-archibus"]


def test_first_report_has_nothing_to_compare_with(tmp_path: Path) -> None:
    """A report on the oldest snapshot has an empty table of changes."""
    report(brief="archibus", as_of=date(2025, 12, 1), store=str(EXAMPLES), out=str(tmp_path))
    assert json.loads(artifacts()["changes-archibus"]) == []


def test_unknown_brief_fails_the_run(tmp_path: Path) -> None:
    """A misspelt brief ends the run with the sentence that names the briefs."""
    with pytest.raises(UsageError, match="unknown brief 'archibsu'"):
        report(brief="archibsu", store=str(EXAMPLES), out=str(tmp_path))


def test_scrape_flow_stores_what_failed_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A source that answers 404 is not tried again; its failure is in the snapshot, and the run fails."""
    closed = {"https://website.spot.ec2.aws.a2z.com": "http://127.0.0.1:9"}
    monkeypatch.setenv("RATECARD_ORIGINS", json.dumps(closed))
    monkeypatch.setattr("flows.scrape.fetch_source", _impatient())
    with pytest.raises(SourceError, match="none of 1 gave anything"):
        scrape(sources=["aws-spot"], store=str(tmp_path))
    snapshot = next(iter(Store.at(tmp_path).snapshots()))
    assert snapshot.results[0].state == "failed"
    assert json.loads(artifacts()["scrape"])[0]["source"] == "aws-spot"


def _impatient() -> Any:  # a Prefect task
    """Return the task with one quick retry instead of three slow ones."""
    from flows import scrape as module  # noqa: PLC0415

    return module.fetch_source.with_options(retries=1, retry_delay_seconds=0)


def test_scrape_flow_refuses_an_unknown_source(tmp_path: Path) -> None:
    """A misspelt source stops the run before anything is fetched."""
    with pytest.raises(RatecardError, match="unknown source"):
        scrape(sources=["aws-sopt"], store=str(tmp_path))
    assert not list(tmp_path.iterdir())
