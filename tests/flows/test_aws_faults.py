"""What can go wrong with AWS's price lists, over real sockets: one region fails alone, and comes with the next run."""

from __future__ import annotations

import gzip
import hashlib
import itertools
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest
from faults import cut_off, gzip_bomb, page, refuse, reset
from local_origin import Fault, Origin, open_origin

from scrapers.archive.store import Store
from scrapers.aws.offer_index import COMMERCIAL
from scrapers.records import Snapshot, SourceState
from scrapers.wire import answers

Ratecard = Callable[..., Any]
Change = Callable[[bytes], bytes]
GOOD = ("us-east-1", "us-west-2")
BAD = "eu-west-1"
INDEX = f"{COMMERCIAL.folder}/AmazonEC2/current/region_index.json"


class World:
    """AWS's price lists as a server has them, and what scrapes them an hour after the last time."""

    def __init__(self, origin: Origin, bulk: Any, scrape: Callable[[], Any], root: Path) -> None:
        self.origin = origin
        self.scrape = scrape
        self.root = root
        self._bulk = bulk
        self._path = ""

    def lay(self, price: int) -> None:
        """Lay whole files of three regions, with prices from `price` up."""
        for region in (*GOOD, BAD):
            self._path = self._bulk.lay_region(region, price=price)
            self._serve(self._path, self._bulk.paths[self._path])
        self._serve(INDEX, self._bulk.paths[INDEX])

    def spoil(self, fault: Fault | None = None, change: Change = bytes, **how: Any) -> None:
        """Let one region's file go wrong on its way, or change its bytes."""
        self._serve(self._path, change(self._bulk.paths[self._path]), fault=fault, **how)

    def _serve(self, path: str, body: bytes, *, headers: dict[str, str] | None = None, **how: Any) -> None:
        tag = {"etag": f'"{hashlib.sha256(body).hexdigest()[:12]}"'}
        self.origin.serve(path, body, headers={**tag, **(headers or {})}, **how)

    def files(self) -> dict[str, list[int]]:
        """Return the status of every answer for a region's file since the last call, by region."""
        asked: dict[str, list[int]] = {}
        for request in self.origin.asked:
            if request.path.endswith("index.csv"):
                asked.setdefault(request.path.split("/")[-2], []).append(request.status)
        self.origin.asked.clear()
        return asked

    def snapshots(self) -> list[Snapshot]:
        """Return the store's snapshots."""
        return list(Store(self.root).snapshots())

    def digest(self, snapshot: Snapshot) -> str:
        """Return a hash of all files of a snapshot."""
        files = sorted(path for path in (self.root / snapshot.stamp).rglob("*") if path.is_file())
        return hashlib.sha256(b"".join(str(path).encode() + path.read_bytes() for path in files)).hexdigest()


@pytest.fixture
def world(ratecard: Ratecard, bulk: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Serve whole files with prices from 1000 up, which have been scraped once."""
    hour = itertools.count()
    now = 0

    class Hourly(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + timedelta(hours=now)

    def scrape() -> Any:
        nonlocal now
        now = next(hour)
        return ratecard("scrape", "--source", "aws-ec2", "--store", tmp_path / "store")

    monkeypatch.setattr("flows.command_line.datetime", Hourly)
    monkeypatch.setenv("RATECARD_REGIONS", ",".join((*GOOD, BAD)))
    with open_origin() as origin:
        monkeypatch.setenv("RATECARD_ORIGINS", json.dumps({COMMERCIAL.host: origin.url}))
        here = World(origin, bulk, scrape, tmp_path / "store")
        here.lay(1000)
        assert here.scrape().code == 0
        here.files()
        yield here


@pytest.fixture
def prices(ratecard: Ratecard, world: World) -> Callable[[], dict[str, set[str]]]:
    """Return what gives the thousands of all list prices in US dollars, by region."""

    def call() -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for offer in json.loads(ratecard("prices", "--store", world.root, "--format", "json").out):
            if offer["usd_per_gpu_hour"]:
                found.setdefault(offer["region"], set()).add(offer["list_unit_price"][:1])
        return found

    return call


def wrong_checksum(body: bytes) -> bytes:
    """Pack a body, with another checksum than its own."""
    packed = bytearray(gzip.compress(body, mtime=0))
    packed[-8] ^= 1
    return bytes(packed)


def changed(old: bytes, new: bytes) -> Change:
    """Return what changes the first such bytes of a file."""

    def change(body: bytes) -> bytes:
        assert old in body
        return body.replace(old, new, 1)

    return change


def all_at(thousands: str) -> dict[str, set[str]]:
    """Return the prices of a market in which all regions are of one scrape."""
    return {region: {thousands} for region in (*GOOD, BAD)}


ON_THE_WAY: dict[str, tuple[dict[str, Any], str]] = {
    "truncated": ({"fault": cut_off(700)}, "no answer: RemoteProtocolError"),
    "reset": ({"fault": reset(700)}, "no answer: "),
    "checksum": ({"change": wrong_checksum, "headers": {"content-encoding": "gzip"}}, "compressed body is broken"),
    "bomb": ({"fault": gzip_bomb(4 << 20)}, "compressed bytes become more than"),
    "403": ({"fault": refuse(403)}, "HTTP 403 Forbidden"),
    "404": ({"fault": refuse(404)}, "HTTP 404 Not Found"),
    "429": ({"fault": refuse(429)}, "HTTP 429 Too Many Requests"),
    "429-later": ({"fault": refuse(429, retry_after="3600")}, "HTTP 429 Too Many Requests, to be tried again"),
    "500": ({"fault": refuse(500)}, "HTTP 500 Internal Server Error"),
}
IN_THE_FILE: dict[str, tuple[dict[str, Any], str]] = {
    "html": ({"fault": page("<title>Sign in</title>")}, "looked for an AWS offer file .*, found '<title>Sign in"),
    "empty": ({"change": lambda _body: b""}, "found an empty body"),
    "fields": ({"change": changed(b'"EXAMPLE1","EXAMPLETERM",', b'"EXAMPLE1",')}, "looked for 31 fields, found 30"),
    "nan": ({"change": changed(b'"2001.0000000000"', b'"NaN"')}, "g5.xlarge: looked for a price, found 'NaN'"),
    "negative": ({"change": changed(b'"2001.', b'"-2001.')}, "g5.xlarge: looked for a price, found '-2001"),
    "currency": ({"change": changed(b'"USD"', b'"ZZZ"')}, "unknown currency 'ZZZ'; known are CNY and USD"),
    "term": ({"change": changed(b'"OnDemand"', b'"OnMoon"')}, "unknown kind of term 'OnMoon'"),
    "twice": ({"change": changed(b'"g5.xlarge"', b'"g4dn.xlarge"')}, "looked for one on-demand price of g4dn.xlarge"),
}


@pytest.mark.parametrize("fault", [*ON_THE_WAY, *IN_THE_FILE])
def test_region_that_goes_wrong_fails_alone(
    world: World, prices: Any, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others' newer figures are used, its own older ones stand; the next run brings it, and nothing else again."""
    monkeypatch.setattr(answers, "_ANY_INFLATION", 1_000_000)
    how, problem = {**ON_THE_WAY, **IN_THE_FILE}[fault]
    (first,) = world.snapshots()
    before = world.digest(first)
    world.lay(2000)
    world.spoil(**how)
    answer = world.scrape()
    result = world.snapshots()[1].results[0]

    assert answer.code == 3
    assert result.state is SourceState.PARTIAL
    assert re.search(problem, result.reason), result.reason
    assert prices() == {GOOD[0]: {"2"}, GOOD[1]: {"2"}, BAD: {"1"}}
    assert world.digest(first) == before
    kept = [c for c in world.snapshots()[1].captures if c.problem]
    assert [c.resource for c in kept] == ([f"{BAD}.csv"] if fault in IN_THE_FILE else [])

    world.files()
    world.spoil()
    assert world.scrape().code == 0
    assert world.files() == {GOOD[0]: [304], GOOD[1]: [304], BAD: [200]}
    assert world.snapshots()[2].results[0].state is SourceState.FRESH
    assert prices() == all_at("2")


@pytest.mark.parametrize("fault", [cut_off(700), reset(700), refuse(503), refuse(429, retry_after="0")])
def test_failure_of_a_moment_is_mended_in_the_same_run(world: World, prices: Any, fault: Fault) -> None:
    """A file that breaks off, or is refused for now, is asked for again at once, and read once from its start."""
    world.lay(2000)
    world.spoil(fault, times=1)

    assert world.scrape().code == 0
    assert len(world.files()[BAD]) == 2
    assert prices() == all_at("2")


@pytest.mark.parametrize("fault", [refuse(500), refuse(404), page("<title>Sign in</title>"), cut_off(10)])
def test_index_that_goes_wrong_fails_the_source(world: World, prices: Any, fault: Fault) -> None:
    """Without the region index nothing new is known, and all that was known stands."""
    (first,) = world.snapshots()
    before = world.digest(first)
    world.lay(2000)
    world.origin.serve(INDEX, b'{"regions": {}}', fault=fault)

    assert world.scrape().code == 3
    assert world.snapshots()[1].results[0].state is SourceState.FAILED
    assert world.files() == {}
    assert prices() == all_at("1")
    assert world.digest(first) == before


def test_term_code_never_seen_is_no_failure(world: World, prices: Any) -> None:
    """The kind of term says what a price is; codes differ between price lists, and a new one loses nothing."""
    world.lay(2000)
    world.spoil(change=lambda body: body.replace(b"EXAMPLETERM", b"NEVERSEEN1"))

    assert world.scrape().code == 0
    assert prices() == all_at("2")


def test_family_never_seen_is_told_of(world: World, prices: Any) -> None:
    """A GPU family that no enumeration knew is a warning of the scrape; it loses no other price."""
    world.lay(2000)
    world.spoil(change=changed(b'"g5.xlarge"', b'"g99.xlarge"'))
    answer = world.scrape()

    assert answer.code == 0
    assert "warning: aws-ec2: the family g99 of GPU instance types is in no enumeration" in answer.err
    assert prices() == all_at("2")
