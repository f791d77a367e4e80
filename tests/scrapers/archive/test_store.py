"""The store: written once, read with size and hash checked, and never half."""

import errno
import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrapers.archive import bodies
from scrapers.archive.manifest import MANIFEST_NAME
from scrapers.archive.stamps import is_stamp
from scrapers.archive.store import Store, moment_of, stamp_of
from scrapers.errors import CorruptError, SnapshotMissingError, StoreError, UsageError
from scrapers.records import Capture, DatePrecision, Obtained, Response, Snapshot, SourceResult, SourceState

MakeResponse = Callable[..., Response]
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Open a store whose folder is not there yet."""
    return Store.at(tmp_path / "snapshots")


def write(store: Store, moment: datetime, *responses: Response, source: str = "test-source") -> Snapshot:
    """Write one snapshot."""
    writer = store.writer(moment, written_by="ratecard test")
    for response in responses:
        writer.add(source, response)
    return writer.commit()


def files(folder: Path) -> list[str]:
    """List every file under a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


# --- writing and reading -------------------------------------------------------------------------


def test_snapshot_read_back_is_the_one_committed(store: Store, make_response: MakeResponse) -> None:
    """Manifest and body come back as they were given, and lie where the design says."""
    committed = write(store, NOON, make_response(b"[1.90]"))

    assert store.snapshot("2026-11-22T120000Z") == committed
    assert list(store.snapshots()) == [committed]
    assert store.document(committed.captures[0]).read() == b"[1.90]"
    assert committed.results == (SourceResult("test-source", SourceState.FRESH),)
    assert files(store.root) == [
        "2026-11-22T120000Z/snapshot.json",
        "2026-11-22T120000Z/test-source/body.json.zst",
    ]


def test_capture_says_how_its_bytes_were_obtained(store: Store, make_response: MakeResponse) -> None:
    """Origin, date precision, provenance and completeness are kept; times are kept to the second."""
    response = replace(make_response(), retrieved_at=NOON + timedelta(microseconds=5))
    writer = store.writer(NOON, written_by="ratecard test")
    writer.add(
        "test-source",
        response,
        obtained=Obtained.RECONSTRUCTED,
        date_precision=DatePrecision.MONTH,
        provenance="a public page",
        excerpt=True,
    )
    (capture,) = writer.commit().captures

    assert store.snapshot(writer.stamp).captures == (capture,)
    assert (capture.obtained, capture.date_precision, capture.provenance, capture.retrieved_at) == (
        Obtained.RECONSTRUCTED,
        DatePrecision.MONTH,
        "a public page",
        NOON,
    )
    assert capture.excerpt


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contents=st.lists(st.binary(max_size=300), max_size=4))
def test_any_bodies_come_back_identical(
    tmp_path_factory: pytest.TempPathFactory, make_response: MakeResponse, contents: list[bytes]
) -> None:
    """Whatever bytes are stored, empty and equal ones too, the same bytes are read."""
    store = Store.at(tmp_path_factory.mktemp("store"))
    responses = [make_response(body, resource=f"{n}.bin") for n, body in enumerate(contents)]
    snapshot = write(store, NOON, *responses)

    assert [store.read_body(capture) for capture in snapshot.captures] == contents
    assert len(files(store.root)) == 1 + len(set(contents))


def test_equal_body_is_referenced(store: Store, make_response: MakeResponse) -> None:
    """A body that the store has already is not copied; the source counts as unchanged."""
    first = write(store, NOON, make_response(b"[1.90]"))
    second = write(store, NOON + timedelta(days=7), make_response(b"[1.90]"))

    assert second.captures[0].body == first.captures[0].body
    assert second.results == (SourceResult("test-source", SourceState.UNCHANGED),)
    assert store.read_body(second.captures[0]) == b"[1.90]"
    assert files(store.root / second.stamp) == [MANIFEST_NAME]


@pytest.mark.parametrize("fresh_first", [True, False])
def test_one_fresh_body_makes_its_source_fresh(store: Store, make_response: MakeResponse, *, fresh_first: bool) -> None:
    """A source is unchanged only if every body of it is, in whichever order they come."""
    write(store, NOON, make_response(b"old"))
    bodies_given = [make_response(b"new", resource="a"), make_response(b"old", resource="b")]
    snapshot = write(store, NOON, *(bodies_given if fresh_first else reversed(bodies_given)))

    assert snapshot.results == (SourceResult("test-source", SourceState.FRESH),)


def test_equal_body_that_was_damaged_is_written_again(store: Store, make_response: MakeResponse) -> None:
    """A good body at hand is stored rather than a reference to a damaged one, and serves from then on."""
    first = write(store, NOON, make_response(b"[1.90]"))
    (store.root / first.captures[0].body).write_bytes(b"damaged")
    second = write(store, NOON + timedelta(days=1), make_response(b"[1.90]"))
    third = write(store, NOON + timedelta(days=2), make_response(b"[1.90]"))

    assert store.read_body(second.captures[0]) == b"[1.90]"
    assert third.captures[0].body == second.captures[0].body != first.captures[0].body
    assert second.results[0].state is SourceState.UNCHANGED


def test_failed_source_is_noted_beside_the_others(store: Store, make_response: MakeResponse) -> None:
    """A source that failed says why, also when some of its bodies came; the others are as they are."""
    writer = store.writer(NOON, written_by="ratecard test")
    writer.add("half-source", make_response())
    writer.add("good-source", make_response(b"{}"))
    writer.fail("half-source", "HTTP 503")
    writer.fail("lost-source", "")
    snapshot = writer.commit()

    assert snapshot.results == (
        SourceResult("good-source", SourceState.FRESH),
        SourceResult("half-source", SourceState.FAILED, "HTTP 503"),
        SourceResult("lost-source", SourceState.FAILED, ""),
    )
    assert [capture.source for capture in snapshot.captures] == ["good-source", "half-source"]


def test_source_that_failed_in_part_says_so(store: Store, make_response: MakeResponse) -> None:
    """Its good bodies stand beside one that says what was wrong with it."""
    writer = store.writer(NOON, written_by="ratecard test")
    writer.add("test-source", make_response(b"good", resource="a"))
    writer.add("test-source", make_response(b"bad", resource="b"), problem="is HTML")
    writer.fail("test-source", "b: is HTML", partial=True)
    snapshot = store.snapshot(writer.commit().stamp)

    assert snapshot.results == (SourceResult("test-source", SourceState.PARTIAL, "b: is HTML"),)
    assert [(capture.resource, capture.problem) for capture in snapshot.captures] == [("a", ""), ("b", "is HTML")]


def test_last_capture_is_the_newest_good_one(store: Store, make_response: MakeResponse) -> None:
    """By source and URL; what failed, what could not be read and what is not there are not it."""
    at = "https://example.org/a"
    write(store, NOON, make_response(b"old", url=at))
    write(store, NOON + timedelta(days=1), make_response(b"new", url=at))
    writer = store.writer(NOON + timedelta(days=2), written_by="ratecard test")
    writer.add("test-source", make_response(b"bad", url=at), problem="is HTML")
    writer.fail("test-source", "is HTML", partial=True)
    writer.commit()
    writer = store.writer(NOON + timedelta(days=3), written_by="ratecard test")
    writer.add("test-source", make_response(b"failed", url=at))
    writer.fail("test-source", "too few")
    writer.commit()
    look_up = store.last_captures()
    found = look_up("test-source", at)

    assert found is not None
    assert found.read() == b"new"
    assert look_up("other-source", at) is None
    assert look_up("test-source", "https://example.org/b") is None
    (store.root / found.capture.body).write_bytes(b"damaged")
    assert look_up("test-source", at) is None


# --- written once --------------------------------------------------------------------------------


def test_two_snapshots_of_one_second(store: Store, make_response: MakeResponse) -> None:
    """The second gets a stamp of its own, after the first; the twelfth comes after the second."""
    stamps = [write(store, NOON, make_response(b"%d" % n)).stamp for n in range(12)]

    assert stamps[:2] == ["2026-11-22T120000Z", "2026-11-22T120000Z-2"]
    assert store.stamps() == stamps
    assert {moment_of(stamp) for stamp in stamps} == {NOON}


def test_writer_that_never_commits_is_invisible(store: Store, make_response: MakeResponse) -> None:
    """A crash before the manifest leaves no snapshot, and blocks no later one."""
    before = write(store, NOON, make_response())
    writer = store.writer(NOON + timedelta(days=1), written_by="ratecard test")
    writer.add("test-source", make_response(b"{}"))

    assert list(store.snapshots()) == [before]
    with pytest.raises(SnapshotMissingError):
        store.snapshot(writer.stamp)
    assert write(store, NOON + timedelta(days=1), make_response(b"{}")).stamp == f"{writer.stamp}-2"


def test_commit_twice(store: Store) -> None:
    """A manifest that is there is not overwritten."""
    writer = store.writer(NOON, written_by="ratecard test")
    writer.commit()

    with pytest.raises(StoreError, match=r"snapshot\.json: is there already; nothing in the store is overwritten"):
        writer.commit()


def test_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    """Writing a file anew is an error, leaves the old content, and no other file beside it."""
    path = tmp_path / "body.zst"
    bodies.write_new(path, b"first")

    with pytest.raises(StoreError, match="is there already"):
        bodies.write_new(path, b"second")
    assert path.read_bytes() == b"first"
    assert files(tmp_path) == ["body.zst"]


def test_disk_that_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that fails half way leaves nothing behind."""

    def refuse(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StoreError, match=r"body\.zst: cannot be written \(No space left on device\)"):
        bodies.write_new(tmp_path / "new" / "body.zst", b"content")
    assert files(tmp_path) == []


def test_two_bodies_of_one_name(store: Store, make_response: MakeResponse) -> None:
    """A source cannot store two bodies under one name, equal or not."""
    writer = store.writer(NOON, written_by="ratecard test")
    writer.add("test-source", make_response())
    writer.add("other-source", make_response())

    with pytest.raises(StoreError, match=r"test-source: two bodies are called 'body\.json'"):
        writer.add("test-source", make_response())


@pytest.mark.parametrize(
    ("source", "resource"),
    [
        ("test-source", "../body.json"),
        ("test-source", "a/b.json"),
        ("test-source", ".hidden"),
        ("test-source", ""),
        ("test-source", "A.json"),
        ("test-source", "a" * 200),
        ("../test-source", "body.json"),
    ],
)
def test_name_that_cannot_be_a_file(store: Store, make_response: MakeResponse, source: str, resource: str) -> None:
    """A name that would leave its folder, or hide, is refused before anything is written."""
    writer = store.writer(NOON, written_by="ratecard test")

    with pytest.raises(StoreError, match="cannot be the name of a body"):
        writer.add(source, make_response(resource=resource))
    assert files(store.root) == []


def test_thousand_snapshots_of_one_second(store: Store) -> None:
    """There is an end to counting up."""
    for name in ("", *(f"-{n}" for n in range(2, 1000))):
        (store.root / f"2026-11-22T120000Z{name}").mkdir(parents=True)

    with pytest.raises(StoreError, match="a thousand snapshots claim 2026-11-22T120000Z"):
        store.writer(NOON, written_by="ratecard test")


# --- damage --------------------------------------------------------------------------------------


@pytest.fixture
def capture(store: Store, make_response: MakeResponse) -> Capture:
    """Store a body to be damaged."""
    return write(store, NOON, make_response(b"[1.90, 2.61, 55.04] " * 20)).captures[0]


def test_every_flipped_byte_is_found(store: Store, capture: Capture) -> None:
    """Whichever byte of a stored body is damaged, other bytes than those stored are never returned."""
    path = store.root / capture.body
    whole = path.read_bytes()
    for position in range(len(whole)):
        spoilt = bytearray(whole)
        spoilt[position] ^= 0xFF
        path.write_bytes(spoilt)
        with pytest.raises(CorruptError, match=re.escape(str(path))):
            store.read_body(capture)


def test_truncated_body(store: Store, capture: Capture) -> None:
    """A body that lost its end, however much of it, is not returned."""
    path = store.root / capture.body
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(CorruptError):
            store.read_body(capture)


def test_missing_body_says_where_it_was(store: Store, capture: Capture) -> None:
    """A body that is gone is named, and what to do."""
    (store.root / capture.body).unlink()

    with pytest.raises(CorruptError, match=r"body\.json\.zst: cannot be read .* restore it from a backup"):
        store.read_body(capture)


def test_body_of_other_bytes(store: Store, capture: Capture, make_response: MakeResponse) -> None:
    """A whole and readable body that is not the one stored is told by its size and hash."""
    other = write(store, NOON, make_response(b"another body")).captures[0]
    (store.root / other.body).replace(store.root / capture.body)

    with pytest.raises(CorruptError, match=r"holds 12 bytes with sha256 .* but test-source was stored with 400 bytes"):
        store.document(capture).read()


def test_corrupt_manifest_is_found_by_readers(store: Store, make_response: MakeResponse) -> None:
    """A damaged manifest is an error for whoever reads the snapshots, not a snapshot less."""
    snapshot = write(store, NOON, make_response())
    (store.root / snapshot.stamp / MANIFEST_NAME).write_bytes(b"{")

    assert store.stamps() == [snapshot.stamp]
    with pytest.raises(CorruptError, match="is not a snapshot's manifest"):
        list(store.snapshots())


def test_corrupt_manifest_does_not_stop_the_writer(store: Store, make_response: MakeResponse) -> None:
    """Today's prices are stored although an old manifest is damaged, and equal bodies still found elsewhere."""
    first = write(store, NOON, make_response(b"one"))
    second = write(store, NOON + timedelta(days=1), make_response(b"two"))
    (store.root / first.stamp / MANIFEST_NAME).write_bytes(b"{")
    third = write(store, NOON + timedelta(days=2), make_response(b"two"))

    assert third.captures[0].body == second.captures[0].body


def test_renamed_folder_is_not_believed(store: Store, make_response: MakeResponse) -> None:
    """A snapshot does not change its date with the name of its folder."""
    snapshot = write(store, NOON, make_response())
    (store.root / snapshot.stamp).rename(store.root / "2025-11-22T120000Z")

    with pytest.raises(CorruptError, match="its folder has another name"):
        store.snapshot("2025-11-22T120000Z")


# --- finding -------------------------------------------------------------------------------------


def test_snapshots_until_a_moment(store: Store, make_response: MakeResponse) -> None:
    """Only what was taken by then is yielded, oldest first."""
    for days in (2, 0, 1):
        write(store, NOON + timedelta(days=days), make_response(b"%d" % days))

    taken = [snapshot.taken_at for snapshot in store.snapshots(until=NOON + timedelta(days=1))]
    assert taken == [NOON, NOON + timedelta(days=1)]


def test_missing_snapshot_names_those_that_are_there(store: Store, make_response: MakeResponse) -> None:
    """A stamp that is not there is answered with those that are."""
    with pytest.raises(SnapshotMissingError, match=r"no snapshot 2026-11-22T120000Z in .*; there are: none"):
        store.snapshot("2026-11-22T120000Z")
    write(store, NOON, make_response())
    with pytest.raises(SnapshotMissingError, match=r"no snapshot \.\. in .*; there are: 2026-11-22T120000Z"):
        store.snapshot("..")


def test_other_folders_are_no_snapshots(store: Store) -> None:
    """What is not named by a moment is left alone, whatever it holds."""
    for name in ("notes", "2026-13-40T000000Z", "2026-11-22T120000Z-", ".2026-11-22T120000Z", "latest"):
        (store.root / name).mkdir(parents=True)
        (store.root / name / MANIFEST_NAME).write_text("{}")
    (store.root / "2026-11-22T120000Z").write_text("a file")

    assert store.stamps() == []


def test_store_that_is_not_there_is_empty(tmp_path: Path) -> None:
    """A folder that does not exist yet holds no snapshots, and is not made by looking."""
    store = Store.at(tmp_path / "new")

    assert list(store.snapshots()) == []
    assert not store.root.exists()


def test_store_that_is_a_file(tmp_path: Path) -> None:
    """A file cannot be a store, neither to read nor to write."""
    path = tmp_path / "file"
    path.touch()

    with pytest.raises(StoreError, match="file: cannot be read"):
        Store.at(path).stamps()
    with pytest.raises(StoreError):
        Store.at(path).writer(NOON, written_by="ratecard test")


def test_unwritable_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that may not be written is one error that names it; also for root, who may write anywhere."""

    def refuse(_path: Path, **_options: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(StoreError, match=r"snapshots: cannot write here \(Permission denied\)"):
        Store.at(tmp_path / "snapshots").writer(NOON, written_by="ratecard test")


@pytest.mark.parametrize(
    ("location", "root"),
    [
        ("/tmp/a b", "/tmp/a b"),  # noqa: S108  # never written
        ("file:///tmp/a%20b", "/tmp/a b"),  # noqa: S108
        ("file://localhost/tmp/a", "/tmp/a"),  # noqa: S108
    ],
)
def test_location_of_a_store(location: str, root: str) -> None:
    """A store is a folder or a file URL."""
    assert Store.at(location).root == Path(root)


def test_relative_location_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative folder stays the same one when the working folder changes later."""
    monkeypatch.chdir(tmp_path)

    assert Store.at("data").root == tmp_path / "data"


@pytest.mark.parametrize("location", ["", "s3://bucket/ratecard", "https://example.org/", "file://host/data"])
def test_location_that_is_no_store(location: str) -> None:
    """Object stores are not there yet, other hosts never; an empty setting does not mean this folder."""
    with pytest.raises(UsageError, match="only a folder or a file:// URL can be a store"):
        Store.at(location)


def test_stamp_is_utc_to_the_second() -> None:
    """A moment and its stamp lead to each other."""
    assert stamp_of(NOON) == "2026-11-22T120000Z"
    assert moment_of("2026-11-22T120000Z-3") == NOON


@pytest.mark.parametrize("name", ["", "2026-11-22", "2026-11-22T120000", "2026-02-30T120000Z", "٢٠٢٦-11-22T120000Z"])
def test_name_that_is_no_stamp(name: str) -> None:
    """Only a moment written in full is a stamp."""
    assert not is_stamp(name)
    with pytest.raises(ValueError, match=r"."):
        moment_of(name)
