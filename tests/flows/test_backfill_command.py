"""Filling the store from AWS's own archive, over real sockets: dated by the version, fetched now, one by one."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows import backfill
from scrapers.archive.store import Store
from scrapers.records import Capture, DatePrecision, Snapshot, SourceState

Ratecard = Callable[..., Any]
INDEX = "/offers/v1.0/aws/AmazonEC2/index.json"
VERSIONS = {
    "20240310000000": ("2024-03-01", "2024-04-01"),
    "20231215000000": ("2023-12-01", "2024-01-01"),
    "20240505000000": ("2024-05-01", ""),
    "20240120000000": ("2024-01-01", "2024-02-01"),
    "20240210000000": ("2024-02-01", "2024-02-15"),
    "20240220000000": ("2024-02-15", "2024-03-01"),
    "20240402000000": ("2024-04-01", "2024-05-01"),
}
"""Name, begin and end of versions, in no order, as in the recorded index; the one in force has an empty end."""
MONTHS = ["20240120000000", "20240220000000", "20240310000000", "20240402000000", "20240505000000"]


def version_index(versions: dict[str, tuple[str, str]], folder: str = "aws") -> bytes:
    """Write a version index."""
    entries = {
        name: {
            "versionEffectiveBeginDate": f"{begin}T00:00:00Z",
            "versionEffectiveEndDate": end and f"{end}T00:00:00Z",
            "offerVersionUrl": f"/offers/v1.0/{folder}/AmazonEC2/{name}/index.json",
        }
        for name, (begin, end) in versions.items()
    }
    return json.dumps({"formatVersion": "v1.0", "offerCode": "AmazonEC2", "versions": entries}).encode()


@pytest.fixture
def archive(bulk: Any) -> Any:
    """Lay an archive of seven versions of two regions, each with prices of its own."""
    bulk.paths[INDEX] = version_index(VERSIONS)
    for number, name in enumerate(sorted(VERSIONS)):
        for region in ("us-east-1", "eu-west-1"):
            bulk.lay_region(region, version=name, price=1000 + 100 * number)
    return bulk


@pytest.fixture
def fill(ratecard: Ratecard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Return what fills the test's store with two regions from 2024 on."""
    monkeypatch.setenv("RATECARD_REGIONS", "us-east-1,eu-west-1")
    monkeypatch.setenv("RATECARD_STORE", str(tmp_path / "store"))

    def call(*arguments: str, since: str = "2024-01-01") -> Any:
        return ratecard("backfill", "--source", "aws-ec2", "--from", since, *arguments)

    return call


def snapshots(tmp_path: Path) -> list[Snapshot]:
    """Return the store's snapshots."""
    return list(Store(tmp_path / "store").snapshots())


def captures(tmp_path: Path) -> list[Capture]:
    """Return the captures of all snapshots."""
    return [capture for snapshot in snapshots(tmp_path) for capture in snapshot.captures]


def test_versions_become_dated_snapshots(archive: Any, fill: Any, tmp_path: Path) -> None:
    """One a month, oldest first, each dated from when its prices were in force, and fetched now."""
    answer = fill()
    stored = captures(tmp_path)

    assert answer.code == 0, answer.out + answer.err
    assert [s.stamp[:10] for s in snapshots(tmp_path)] == [
        "2024-01-01",
        "2024-02-15",
        "2024-03-01",
        "2024-04-01",
        "2024-05-01",
    ]
    assert archive.files() == [(f"{name}/{region}", 200) for name in MONTHS for region in ("us-east-1", "eu-west-1")]
    assert {s.results[0].state for s in snapshots(tmp_path)} == {SourceState.FRESH}
    assert all(c.fetched_at and datetime.now(UTC) - c.fetched_at < timedelta(hours=1) for c in stored)
    assert [c.retrieved_at for c in stored] == [s.taken_at for s in snapshots(tmp_path) for _ in range(2)]
    assert {c.date_precision for c in stored} == {DatePrecision.DAY}
    assert "5 of 5 versions newly stored" in answer.out


def test_every_version_can_be_taken(archive: Any, fill: Any, tmp_path: Path) -> None:
    """With --every version the first of two in one month is there too; --to ends before the newest."""
    assert fill("--every", "version", "--to", "2024-04-30").code == 0
    assert [c.url.split("/")[-3] for c in captures(tmp_path)[::2]] == [
        "20240120000000",
        "20240210000000",
        *MONTHS[1:4],
    ]
    assert INDEX in [path for path, _ in archive.asked]


@pytest.mark.usefixtures("archive")
def test_version_in_force_on_the_first_day_is_taken(fill: Any, tmp_path: Path) -> None:
    """A day in the middle of a month is priced by what came into force before it."""
    fill("--to", "2023-12-31", since="2023-12-20")

    assert [s.stamp[:10] for s in snapshots(tmp_path)] == ["2023-12-01"]


@pytest.mark.usefixtures("archive")
def test_market_of_the_past_is_read_from_it(fill: Any, ratecard: Ratecard, own_facts: Path) -> None:
    """Prices and changes of past dates come from the versions of their time, with both times in the evidence."""
    (own_facts / "bands.toml").write_text("band = []\npremium = []\n")  # artificial prices are never plausible
    fill()
    found = json.loads(ratecard("prices", "--as-of", "2024-02-20", "--format", "json").out)
    changes = json.loads(ratecard("diff", "--from", "2024-03-05", "--to", "2024-04-05", "--json").out)
    citation = found[0]["citations"][0]
    shown = ratecard("show", f"{citation['sha256'][:12]}#{citation['locator']}").out

    assert {o["list_unit_price"][:2] for o in found} == {"13"}
    assert {o["observed_at"][:10] for o in found} == {"2024-02-15"}
    assert {change["kind"] for change in changes} == {"repriced"}
    assert "retrieved   2024-02-15\n" in shown
    assert f"fetched     {datetime.now(UTC):%Y-%m}" in shown


def test_what_is_stored_is_skipped(archive: Any, fill: Any, tmp_path: Path) -> None:
    """A second run fetches nothing; one that goes further back fetches only what is new."""
    fill()
    archive.files()
    again = fill()
    assert again.code == 0
    assert again.out.count("stored before") == 5
    assert archive.files() == []

    assert fill(since="2023-12-01").code == 0
    assert {name.split("/")[0] for name, _ in archive.files()} == {"20231215000000"}
    assert len(snapshots(tmp_path)) == 6


def test_interrupted_run_goes_on(archive: Any, fill: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was stored before an interruption is whole, and not fetched again."""
    real, calls = backfill.fetch_version, []

    def interrupted(*arguments: Any) -> Any:
        calls.append(arguments)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(backfill, "fetch_version", interrupted)
    assert fill().code == 130
    assert len(snapshots(tmp_path)) == 2
    archive.files()
    assert fill().code == 0
    assert sorted({name.split("/")[0] for name, _ in archive.files()}) == MONTHS[2:]
    assert len(snapshots(tmp_path)) == 5
    assert not list((tmp_path / "store").glob(".incoming-*"))


@pytest.mark.parametrize("failure", [403, 404, 429, 500, b"<html>Sign in</html>"])
def test_version_that_fails_does_not_stop_the_others(archive: Any, fill: Any, tmp_path: Path, failure: Any) -> None:
    """It is told of, nothing is stored of it, and another run brings it."""
    paths = [f"/offers/v1.0/aws/AmazonEC2/{MONTHS[2]}/{region}/index.csv" for region in ("us-east-1", "eu-west-1")]
    whole = {path: archive.paths[path] for path in paths}
    archive.paths.update(dict.fromkeys(paths, failure))
    answer = fill()

    assert answer.code == 3
    assert len(snapshots(tmp_path)) == 4
    assert "4 of 5 versions newly stored" in answer.out
    assert MONTHS[2] in answer.out
    assert "nothing new" in answer.out
    archive.paths.update(whole)
    archive.files()
    assert fill().code == 0
    assert archive.files() == [(f"{MONTHS[2]}/{region}", 200) for region in ("us-east-1", "eu-west-1")]
    assert len(snapshots(tmp_path)) == 5


def test_region_that_fails_is_picked_up_later(archive: Any, fill: Any, ratecard: Ratecard, tmp_path: Path) -> None:
    """A version of which a region failed is partial; as soon as the region comes, a whole snapshot follows."""
    path = f"/offers/v1.0/aws/AmazonEC2/{MONTHS[4]}/eu-west-1/index.csv"
    whole, archive.paths[path] = archive.paths[path], 404
    assert fill().code == 3
    assert snapshots(tmp_path)[-1].results[0].state is SourceState.PARTIAL
    found = json.loads(ratecard("prices", "--format", "json").out)
    assert {(o["region"], o["list_unit_price"][:2]) for o in found} == {("us-east-1", "16"), ("eu-west-1", "15")}
    archive.files()
    assert fill().code == 3
    assert archive.files() == [(f"{MONTHS[4]}/us-east-1", 304), (f"{MONTHS[4]}/eu-west-1", 404)]
    assert len(snapshots(tmp_path)) == 5

    archive.paths[path] = whole
    assert fill().code == 0
    assert [s.results[0].state for s in snapshots(tmp_path)[-2:]] == [SourceState.PARTIAL, SourceState.FRESH]
    assert snapshots(tmp_path)[-1].stamp == "2024-05-01T000000Z-2"
    found = json.loads(ratecard("prices", "--format", "json").out)
    assert {o["list_unit_price"][:2] for o in found} == {"16"}


def region_index(*regions: str) -> bytes:
    """Write the region index of a version."""
    return json.dumps({"regions": {region: {"regionCode": region} for region in regions}}).encode()


@pytest.fixture
def older(archive: Any) -> Any:
    """Lay an archive in which eu-west-1 came with the third of five versions, as the versions' region indexes say."""
    for number, name in enumerate(MONTHS):
        there = ("us-east-1",) if number < 2 else ("us-east-1", "eu-west-1")
        archive.paths[f"/offers/v1.0/aws/AmazonEC2/{name}/region_index.json"] = region_index(*there)
    for name in MONTHS[:2]:
        del archive.paths[f"/offers/v1.0/aws/AmazonEC2/{name}/eu-west-1/index.csv"]
    return archive


def test_region_that_was_not_there_yet_is_no_failure(older: Any, fill: Any, tmp_path: Path) -> None:
    """A region that a version does not list is said, noted, and never asked for; the versions' snapshots are whole."""
    answer = fill()

    assert answer.code == 0, answer.out + answer.err
    assert answer.out.count("not there then: eu-west-1") == 2
    assert {s.results[0].state for s in snapshots(tmp_path)} == {SourceState.FRESH}
    assert [len(s.captures) for s in snapshots(tmp_path)] == [1, 1, 2, 2, 2]
    assert (f"{MONTHS[0]}/eu-west-1", 404) not in older.files()
    notes = {path.parent.name[:10]: json.loads(path.read_text()) for path in tmp_path.glob("store/*/not-there.json")}
    assert {stamp: [url.split("/")[-2] for url in urls] for stamp, urls in notes.items()} == {
        "2024-01-01": ["eu-west-1"],
        "2024-02-15": ["eu-west-1"],
    }
    again = fill()
    assert again.code == 0
    assert again.out.count("stored before") == 5
    assert [path for path, _ in older.asked if path != "/robots.txt"] == [INDEX]


def test_region_that_is_wanted_later_is_looked_up_once(
    older: Any, fill: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what is stored nothing comes again; a region that was not there then is noted beside what is stored."""
    monkeypatch.setenv("RATECARD_REGIONS", "us-east-1")
    assert fill().code == 0
    monkeypatch.setenv("RATECARD_REGIONS", "us-east-1,eu-west-1")
    older.files()
    answer = fill()

    assert answer.code == 0
    assert sorted(older.files()) == sorted(
        (f"{name}/{region}", status)
        for name in MONTHS[2:]
        for region, status in (("us-east-1", 304), ("eu-west-1", 200))
    )
    assert answer.out.count("not there then: eu-west-1") == 2
    older.asked.clear()
    fill()
    assert [path for path, _ in older.asked if path.endswith("index.json")] == [INDEX]
    assert len(list(tmp_path.glob("store/*/not-there.json"))) == 2


def test_version_without_any_wanted_region_is_no_failure(
    older: Any, fill: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no wanted region was there nothing is stored, and that is said."""
    monkeypatch.setenv("RATECARD_REGIONS", "eu-west-1")
    answer = fill()

    assert answer.code == 0
    assert len(snapshots(tmp_path)) == 3
    assert answer.out.count("nothing new") == 2
    assert answer.out.count("not there then: eu-west-1") == 2
    assert not [name for name, status in older.files() if status == 404]


@pytest.mark.parametrize("index", [403, 500, b"<html>", b'{"regions": {}}', b'{"regions": 5}'])
def test_version_whose_region_index_says_nothing(older: Any, fill: Any, index: Any) -> None:
    """Without a region index every region's file is asked for, and one that is not there is a failure."""
    older.paths[f"/offers/v1.0/aws/AmazonEC2/{MONTHS[0]}/region_index.json"] = index
    answer = fill("--to", "2024-01-15")

    assert answer.code == 3
    assert "1 of 2 regions failed: eu-west-1: HTTP 404" in answer.out


def test_note_that_cannot_be_read_is_made_again(older: Any, fill: Any, tmp_path: Path) -> None:
    """Whoever loses the note, or finds rubbish in it, asks the version's region index again."""
    fill("--to", "2024-01-15")
    (note,) = tmp_path.glob("store/*/not-there.json")
    whole = note.read_text()
    note.write_text("{")
    older.files()

    assert fill("--to", "2024-01-15").code == 0
    assert older.files() == []
    assert note.read_text() == whole


def test_china_has_an_archive_of_its_own(archive: Any, fill: Any, tmp_path: Path, monkeypatch: Any) -> None:
    """Versions of China come from China's index, and say nothing about other regions."""
    archive.paths[INDEX.replace("/aws/", "/cn/")] = version_index({"20240215000000": ("2024-02-01", "")}, "cn")
    archive.lay_region("cn-north-1", version="20240215000000")
    monkeypatch.setenv("RATECARD_REGIONS", "us-east-1,cn-north-1")

    assert fill().code == 0
    assert [(c.taken_at.month, [x.resource for x in c.captures]) for c in snapshots(tmp_path)][:3] == [
        (1, ["us-east-1.csv"]),
        (2, ["cn-north-1.csv"]),
        (2, ["us-east-1.csv"]),
    ]
    assert all(c.excerpt for c in captures(tmp_path))


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--source", "aws-spot", "--from", "2024-01-01"), "keeps no archive that is known; sources that do: aws-ec2"),
        (("--source", "aws-ec2", "--from", "2031-01-01"), "--from 2031-01-01: lies after"),
        (("--source", "aws-ec2", "--from", "2010-01-01", "--to", "2011-01-01"), "no version was in force between"),
        (("--source", "aws-ec2", "--from", "January"), "--from January: looked for a date"),
    ],
)
@pytest.mark.usefixtures("archive", "fill")
def test_what_cannot_be_filled_is_said(ratecard: Ratecard, arguments: tuple[str, ...], problem: str) -> None:
    """A source without archive, and a time without versions, are mistakes of the caller."""
    answer = ratecard("backfill", *arguments)

    assert answer.code == 2
    assert problem in answer.err


def test_archive_that_is_away_fails(archive: Any, fill: Any, tmp_path: Path) -> None:
    """Without the version index nothing is stored."""
    archive.paths[INDEX] = 500

    assert fill().code == 3
    assert snapshots(tmp_path) == []
