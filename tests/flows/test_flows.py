"""The Prefect flows against a temporary server: few, since each costs seconds; the steps are tested without Prefect."""

from __future__ import annotations

import json
import signal
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from local_origin import open_origin
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import TaskRunFilter, TaskRunFilterName
from prefect.testing.utilities import prefect_test_harness

from flows.report import report
from flows.scrape import scrape
from flows.scraping import Scraped
from flows.way_out import WayOut
from scrapers.archive.store import Store
from scrapers.errors import RatecardError, SourceError, StoreError, UsageError
from scrapers.runpod.docs import PAGES

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
    """A source that does not answer has failed; its failure is in the snapshot, and the run fails."""
    hosts = ("https://website.spot.ec2.aws.a2z.com", "https://spot-bid-advisor.s3.amazonaws.com")
    monkeypatch.setenv("RATECARD_ORIGINS", json.dumps(dict.fromkeys(hosts, "http://127.0.0.1:9")))
    with pytest.raises(SourceError, match="none of 1 gave anything"):
        scrape(sources=["aws-spot"], store=str(tmp_path))
    snapshot = next(iter(Store.at(tmp_path).snapshots()))
    assert snapshot.results[0].state == "failed"
    assert json.loads(artifacts()["scrape"])[0]["source"] == "aws-spot"
    assert "## What failed" in artifacts()["drift"]


def test_scrape_flow_refuses_an_unknown_source(tmp_path: Path) -> None:
    """A misspelt source stops the run before anything is fetched."""
    with pytest.raises(RatecardError, match="unknown source"):
        scrape(sources=["aws-sopt"], store=str(tmp_path))
    assert not list(tmp_path.iterdir())


def test_tasks_run_at_the_same_time_and_share_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A task per source on one way out, with its own name and end: what failed is stored, and does not stop others."""
    together = threading.Barrier(3, timeout=60)
    ways: dict[str, WayOut] = {}
    good = Scraped("runpod-docs", (), 50, None)
    partial = Scraped("runpod-graphql", (), 50, SourceError("runpod-graphql", "an example"), partial=True)
    failed = Scraped("aws-spot", (), 0, SourceError("aws-spot", "another example"))
    results = {scraped.source: scraped for scraped in (good, partial, failed)}

    def note(sources: Sequence[str], out: WayOut, _regions: object, *, seconds: float) -> list[Scraped]:
        together.wait()
        assert seconds == 3600
        ways[sources[0]] = out
        return [results[sources[0]]]

    monkeypatch.setattr("flows.scrape.scrape_all", note)
    stamp = scrape(sources=list(results), store=str(tmp_path))
    with get_client(sync_client=True) as client:
        names = TaskRunFilterName(any_=[f"fetch {name}" for name in results])
        runs = client.read_task_runs(task_run_filter=TaskRunFilter(name=names))
    ends = {run.name: run.state.name for run in sorted(runs, key=lambda run: run.start_time) if run.state}

    assert set(ways) == set(results)
    assert len({id(way) for way in ways.values()}) == 1
    assert ends == {"fetch runpod-docs": "Completed", "fetch runpod-graphql": "Partial", "fetch aws-spot": "Failed"}
    assert {r.source: r.reason for r in Store.at(tmp_path).snapshot(stamp).results} == {
        "aws-spot": "aws-spot: another example",
        "runpod-graphql": "runpod-graphql: an example",
    }
    assert [row["source"] for row in json.loads(artifacts()["scrape"])] == sorted(results)


def test_disk_that_refuses_fails_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What concerns all sources is the run's failure, not a failed source in a snapshot."""

    def refuse(*_: object, **__: object) -> list[Scraped]:
        raise StoreError("the disk is full")

    monkeypatch.setattr("flows.scrape.scrape_all", refuse)
    with pytest.raises(StoreError, match="the disk is full"):
        scrape(sources=["aws-spot"], store=str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_interrupted_run_ends_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that is ended while a source is silent does not wait for it, and leaves no trace in the store."""
    asked, over = threading.Event(), threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            connection, _ = server.accept()
            asked.set()
            over.wait(60)
            connection.close()

        listening = threading.Thread(target=listen)
        listening.start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        monkeypatch.setenv("RATECARD_ORIGINS", json.dumps({"https://website.spot.ec2.aws.a2z.com": address}))
        here = threading.get_ident()
        interrupting = threading.Thread(target=lambda: asked.wait(60) and signal.pthread_kill(here, signal.SIGINT))
        interrupting.start()
        start = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            scrape(sources=["aws-spot"], store=str(tmp_path))
        took = time.monotonic() - start
        over.set()
        for thread in (listening, interrupting):
            thread.join()

    assert took < 20
    assert list(tmp_path.iterdir()) == []


def test_scrape_flow_tells_drift_or_that_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The artifact says that nothing drifted; after a column was renamed it says which is new and which is gone."""
    with open_origin() as site:
        monkeypatch.setenv("RATECARD_ORIGINS", json.dumps({"https://docs.runpod.io": site.url}))
        paths = {resource: "/" + url.split("/", 3)[3] for resource, url in PAGES.items()}
        examples = Store.at(EXAMPLES)
        for capture in (c for s in examples.snapshots() for c in s.captures if c.source == "runpod-docs"):
            site.serve(paths[capture.resource.replace(".mdx", ".md")], examples.read_body(capture))
        stamp = scrape(sources=["runpod-docs"], store=str(tmp_path))
        page = artifacts()["drift"]
        assert page.startswith(f"# Drift: snapshot {stamp}\n\nThere is none")

        body = examples.read_body(
            next(c for c in list(examples.snapshots())[-1].captures if "serverless" in c.resource)
        )
        site.serve(paths["serverless-pricing.md"], body.replace(b"Cost per second", b"Price for a second"))
        scrape(sources=["runpod-docs"], store=str(tmp_path))
    page = artifacts()["drift"]

    assert "## What failed" in page
    assert "- new columns: `Price for a second (in serverless-pricing.md)`" in page
    assert "Cost per second (in serverless-pricing.md)`" in page
