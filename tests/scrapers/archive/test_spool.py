"""Receiving a body: hashed and packed while it arrives, whatever its size, and nothing left behind."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrapers.archive.spool import IN_MEMORY, Spool
from scrapers.archive.store import Store
from scrapers.errors import StoreError
from scrapers.records import Content, Response

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(st.binary(max_size=IN_MEMORY // 2), max_size=6))
def test_pieces_come_back_as_one_body(tmp_path: Path, pieces: list[bytes]) -> None:
    """Whatever the pieces, the content has their bytes, size and hash, twice in a row."""
    spool = Spool(tmp_path)
    for piece in pieces:
        spool.write(piece)
    content = spool.close()
    whole = b"".join(pieces)

    assert (content.size, content.sha256) == (len(whole), hashlib.sha256(whole).hexdigest())
    assert content.read() == content.read() == whole


def test_small_body_never_touches_the_disk(tmp_path: Path) -> None:
    """A body up to the limit stays in memory; one byte more is packed in the folder."""
    for size, files in ((IN_MEMORY, 0), (IN_MEMORY + 1, 1)):
        spool = Spool(tmp_path)
        spool.write(bytes(size))
        content = spool.close()

        assert len(list(tmp_path.iterdir())) == files
        assert (content.packed is None) == (files == 0)


def test_abandoned_body_leaves_nothing(tmp_path: Path) -> None:
    """A body that broke off on its way is removed."""
    for size in (10, IN_MEMORY * 2):
        spool = Spool(tmp_path)
        spool.write(bytes(size))
        spool.abandon()

    assert not list(tmp_path.iterdir())


def receive(spool: Spool, size: int) -> Content:
    """Receive a body of zeros."""
    for _ in range(size // IN_MEMORY):
        spool.write(bytes(IN_MEMORY))
    return spool.close()


def test_disk_that_refuses_is_said(tmp_path: Path) -> None:
    """A folder that is not there, as on a full or read-only disk, ends in an error of the store, early or late."""
    for size in (2 * IN_MEMORY, 50 * IN_MEMORY):
        spool = Spool(tmp_path / "gone")
        with pytest.raises(StoreError, match="cannot be written"):
            receive(spool, size)
        spool.abandon()


def test_packed_body_is_taken_over_by_the_store(tmp_path: Path) -> None:
    """A large body is stored as it was packed, and the folder of what is on its way is gone afterwards."""
    store = Store.at(tmp_path / "store")
    with store.incoming() as folder:
        spool = Spool(Path(folder))
        spool.write(b"price,1.11\n" * 200_000)
        content = spool.close()
        assert content.packed is not None
        response = Response("body.csv", "https://example.org/", "https://example.org/", NOON, 200, "text/csv", content)
        writer = store.writer(NOON, written_by="ratecard test")
        capture = writer.add("test-source", response)
        writer.commit()

    assert [path.name for path in store.root.iterdir()] == ["2026-11-22T120000Z"]
    assert store.read_body(capture) == b"price,1.11\n" * 200_000


def test_content_in_memory_has_its_hash() -> None:
    """Bytes as a content know their size and hash, and are read as often as one likes."""
    content = Content.of(b"[1.11]")

    assert (content.size, content.sha256) == (6, hashlib.sha256(b"[1.11]").hexdigest())
    assert content.read() == content.read() == b"[1.11]"
