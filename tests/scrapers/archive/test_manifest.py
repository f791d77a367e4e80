"""The manifest: the same record back, and one clear error for everything else."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from scrapers.archive.manifest import MANIFEST_NAME, iso, manifest_bytes, read_manifest
from scrapers.errors import CorruptError
from scrapers.records import (
    Capture,
    DatePrecision,
    Obtained,
    Response,
    Snapshot,
    SourceResult,
    SourceState,
    capture_of,
)

STAMP = "2026-11-22T060000Z"


@pytest.fixture
def snapshot(make_response: Callable[..., Response]) -> Snapshot:
    """Make a snapshot of one capture and one failure."""
    capture = capture_of(
        make_response(),
        source="test-source",
        obtained=Obtained.IMPORTED,
        body=f"{STAMP}/test-source/body.json.zst",
        date_precision=DatePrecision.DAY,
        provenance="a page “somebody” saved",
    )
    return Snapshot(
        stamp=STAMP,
        taken_at=datetime(2026, 11, 22, 6, tzinfo=UTC),
        results=(
            SourceResult("other-source", SourceState.FAILED, "HTTP 503"),
            SourceResult("test-source", SourceState.FRESH),
        ),
        captures=(capture,),
        written_by="ratecard test",
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name the manifest's file."""
    (tmp_path / STAMP).mkdir()
    return tmp_path / STAMP / MANIFEST_NAME


@pytest.fixture
def content(snapshot: Snapshot) -> dict[str, Any]:
    """Take the manifest's JSON, to be spoilt."""
    found: dict[str, Any] = json.loads(manifest_bytes(snapshot))
    return found


def test_time_is_utc_to_the_second() -> None:
    """A moment of another zone and with microseconds is written as UTC, to the second."""
    moment = datetime(2026, 11, 22, 7, 30, 5, 999999, tzinfo=timezone(timedelta(hours=1, minutes=30)))

    assert iso(moment) == "2026-11-22T06:00:05Z"


def test_manifest_read_back_is_the_same(snapshot: Snapshot, path: Path) -> None:
    """What is written is what is read, every field of it."""
    path.write_bytes(manifest_bytes(snapshot))

    assert read_manifest(path) == snapshot


def test_time_of_fetching_and_problem_are_kept(snapshot: Snapshot, path: Path) -> None:
    """What came from an archive has two times, and what could not be read says why."""
    capture = replace(snapshot.captures[0], fetched_at=datetime(2026, 11, 23, tzinfo=UTC), problem="is HTML")
    state = SourceResult("test-source", SourceState.PARTIAL, "a region failed")
    other = replace(snapshot, captures=(capture,), results=(state,))
    path.write_bytes(manifest_bytes(other))

    assert read_manifest(path) == other


def test_manifest_from_before_the_archive_was_read(snapshot: Snapshot, content: dict[str, Any], path: Path) -> None:
    """Older manifests lack the time of fetching and the problem; they have neither."""
    del content["captures"][0]["fetched_at"], content["captures"][0]["problem"]
    path.write_text(json.dumps(content))

    assert read_manifest(path) == snapshot


def test_equal_snapshots_have_equal_bytes(snapshot: Snapshot) -> None:
    """Keys are sorted: the order in which headers came does not show."""
    one = replace(snapshot.captures[0], headers={"etag": '"1"', "date": "today"})
    two = replace(snapshot.captures[0], headers={"date": "today", "etag": '"1"'})

    assert manifest_bytes(replace(snapshot, captures=(one,))) == manifest_bytes(replace(snapshot, captures=(two,)))


def test_newer_format_asks_for_an_upgrade(content: dict[str, Any], path: Path) -> None:
    """A manifest of a later program is not guessed at."""
    path.write_text(json.dumps({**content, "format": 2}))

    with pytest.raises(CorruptError, match="manifest format 2, this program reads 1; upgrade Ratecard"):
        read_manifest(path)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '"text"', "{}", '{"format": 1}', "[" * 100_000, "\udcff"], ids=range(9)
)
def test_file_that_is_no_manifest(path: Path, text: str) -> None:
    """Anything else than a manifest is one error that names the file and what to do."""
    path.write_bytes(text.encode(errors="surrogateescape"))

    with pytest.raises(CorruptError) as caught:
        read_manifest(path)
    assert str(caught.value).startswith(f"{path}: is not a snapshot's manifest (")
    assert str(caught.value).endswith("restore it from a backup")


def test_missing_file(path: Path) -> None:
    """A manifest that cannot be read is the same error."""
    with pytest.raises(CorruptError, match="is not a snapshot's manifest"):
        read_manifest(path)


def _spoil(content: dict[str, Any], change: Callable[[dict[str, Any]], object]) -> str:
    change(content)
    return json.dumps(content)


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c.pop("captures"),
        lambda c: c.pop("written_by"),
        lambda c: c.update(taken_at="2026-11-22T06:00:00"),
        lambda c: c.update(taken_at="yesterday"),
        lambda c: c.update(results=[{"source": "a", "state": "lost", "reason": ""}]),
        lambda c: c.update(results=["text"]),
        lambda c: c.update(captures=["text"]),
        lambda c: c["captures"][0].pop("sha256"),
        lambda c: c["captures"][0].update(colour="red"),
        lambda c: c["captures"][0].update(sha256="F" * 64),
        lambda c: c["captures"][0].update(sha256=None),
        lambda c: c["captures"][0].update(size="12"),
        lambda c: c["captures"][0].update(size=-1),
        lambda c: c["captures"][0].update(size=True),
        lambda c: c["captures"][0].update(status=200.5),
        lambda c: c["captures"][0].update(excerpt="no"),
        lambda c: c["captures"][0].update(problem=None),
        lambda c: c["captures"][0].update(fetched_at=""),
        lambda c: c["captures"][0].update(fetched_at="2026-11-22T06:00:00"),
        lambda c: c["captures"][0].update(obtained="stolen"),
        lambda c: c["captures"][0].update(date_precision="hour"),
        lambda c: c["captures"][0].update(retrieved_at="2026-11-22"),
    ],
    ids=range(22),
)
def test_manifest_with_one_wrong_part(
    content: dict[str, Any], path: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    """A part that is missing, unknown or of another kind spoils the manifest; nothing is filled in."""
    path.write_text(_spoil(content, change))

    with pytest.raises(CorruptError, match="is not a snapshot's manifest"):
        read_manifest(path)


@pytest.mark.parametrize(
    "body",
    [
        "/etc/passwd",
        "../secret.zst",
        f"{STAMP}/../../secret.zst",
        f"{STAMP}/./body.zst",
        "body.zst",
        "",
        ".",
        f"{STAMP}/test-source/body\0.zst",
        f"{STAMP}/test-source/body.zst\n",
        "C:\\secret",
    ],
)
def test_body_outside_the_store(content: dict[str, Any], path: Path, body: str) -> None:
    """A manifest cannot make the program read a file that is no body of the store."""
    path.write_text(_spoil(content, lambda c: c["captures"][0].update(body=body)))

    with pytest.raises(CorruptError, match="lies outside the store"):
        read_manifest(path)


def test_every_field_of_a_capture_is_in_the_manifest(snapshot: Snapshot, content: dict[str, Any]) -> None:
    """A field that the record has and the manifest lacks would be lost at the first reading."""
    assert content["captures"][0].keys() == set(Capture.__slots__)
    assert content["format"] == 1
    assert content["captures"][0]["provenance"] == snapshot.captures[0].provenance
