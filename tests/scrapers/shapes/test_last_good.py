"""The last good captures of a source: the newest whole or partial ones, older ones by name where they are asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scrapers.records import PICTURE_TYPE, Capture, Document, Snapshot, SourceResult, SourceState
from scrapers.shapes.last_good import bodies_of, last_good

DAY = datetime(2026, 11, 1, 6, tzinfo=UTC)


@pytest.fixture
def capture(make_response: Any) -> Any:
    """Make a capture of RunPod's API."""

    def make(resource: str, problem: str = "", **changed: Any) -> Capture:
        return replace(
            Document.of(make_response(resource=resource), source="runpod-graphql").capture, problem=problem, **changed
        )

    return make


def snapshot(day: int, state: SourceState, *captures: Capture) -> Snapshot:
    """Make a snapshot of one source."""
    taken = DAY + timedelta(days=day)
    return Snapshot(f"{taken:%Y-%m-%dT%H%M%SZ}", taken, (SourceResult("runpod-graphql", state),), captures, "test")


def test_failed_snapshots_and_bodies_with_a_problem_are_not_good(capture: Any) -> None:
    """Neither is another source's body; older bodies fill up by name."""
    oldest, old, new, lost = capture("b.json"), capture("c.json"), capture("a.json", sha256="1"), capture("a.json")
    bad, other = capture("b.json", "cannot be read"), replace(new, source="runpod-docs")
    snapshots = [
        snapshot(0, SourceState.FRESH, oldest, old),
        snapshot(1, SourceState.PARTIAL, new, bad, other),
        snapshot(2, SourceState.FAILED, lost),
    ]

    assert last_good(snapshots, "runpod-graphql") == [new]
    assert last_good(snapshots, "runpod-graphql", ["a.json", "b.json", "d.json"]) == [new, oldest]
    assert last_good(snapshots[:1], "runpod-graphql") == [oldest, old]
    assert last_good(snapshots, "vantage-ec2", ["a.json"]) == []


def test_pictures_are_no_bodies(capture: Any) -> None:
    """A page's screenshot is kept beside it and holds no prices; a snapshot of pictures alone is not good."""
    page, picture = capture("page.html"), capture("page.png", media_type=PICTURE_TYPE)

    assert bodies_of(snapshot(0, SourceState.FRESH, page, picture), "runpod-graphql") == [page]
    assert last_good([snapshot(0, SourceState.FRESH, picture)], "runpod-graphql") == []
