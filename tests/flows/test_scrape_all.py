"""All sources at the same time, against a local origin over real sockets: the slowest bounds the whole."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from flows import scrape_all as module
from flows.scrape_all import scrape_all
from flows.scraping import Scraped, store_scraped
from flows.settings import Settings
from flows.way_out import Patience, WayOut, way_out
from scrapers import registry
from scrapers.archive.store import SnapshotWriter, Store
from scrapers.errors import FetchError, SourceError, StoppedError, StoreError, UsageError
from scrapers.records import Document, Lineage, Listing, Response, Source, SourceState
from scrapers.wire.politeness import AT_ONCE
from scrapers.wire.web import Web

MAIN = "from flows.command_line import main; main()"
Answer = Callable[[BaseHTTPRequestHandler], None]


class SlowOrigin:
    """A local origin: at ``/<source>/<number>.txt`` stands what answers, however slowly it does."""

    def __init__(self) -> None:
        self.address = ""
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[float, str]] = []
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()
        self.over = threading.Event()

    def lay(self, path: str, body: bytes, *, seconds: float = 0.0, after: Callable[[], object] | None = None) -> None:
        """Lay a body at a path, which is sent after so many seconds, or when something has happened."""

        def answer(request: BaseHTTPRequestHandler) -> None:
            self.over.wait(seconds)
            if after is not None:
                after()
            self.head(request, len(body))
            request.wfile.write(body)

        self.answers[path] = answer

    def lay_silence(self, path: str, asked: threading.Event | None = None) -> None:
        """Take requests at a path and answer nothing before the test is over; say when one has come."""

        def answer(_request: BaseHTTPRequestHandler) -> None:
            if asked is not None:
                asked.set()
            self.over.wait(30)

        self.answers[path] = answer

    def lay_trickle(self, path: str) -> None:
        """Send a body at a path that never comes to its end, a byte at a time."""

        def answer(request: BaseHTTPRequestHandler) -> None:
            self.head(request, 1_000_000)
            while not self.over.wait(0.02):
                request.wfile.write(b"x")

        self.answers[path] = answer

    def lay_flood(self, path: str) -> None:
        """Send a body at a path that comes in large pieces, for some ten seconds."""

        def answer(request: BaseHTTPRequestHandler) -> None:
            self.head(request, 49_000_000)
            while not self.over.wait(0.01):
                request.wfile.write(b"x" * 50_000)

        self.answers[path] = answer

    @contextmanager
    def counted(self, path: str) -> Iterator[None]:
        """Note when a path was asked for, and how many were at the same time."""
        with self._lock:
            self.asked.append((time.monotonic(), path))
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        yield
        with self._lock:
            self._at_once -= 1

    @staticmethod
    def head(request: BaseHTTPRequestHandler, size: int) -> None:
        """Send the head of an answer."""
        request.send_response(200)
        request.send_header("Content-Type", "text/plain")
        request.send_header("Content-Length", str(size))
        request.end_headers()


@pytest.fixture
def slow() -> Iterator[SlowOrigin]:
    """Run the origin; what it does not know is a 404."""
    here = SlowOrigin()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with here.counted(self.path), suppress(OSError):  # who asked may be gone
                here.answers.get(self.path, lambda request: request.send_error(404))(self)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        here.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield here
        here.over.set()
        _wait_for_threads()
        server.shutdown()
        thread.join()


def _wait_for_threads() -> None:
    """Wait for the sources that were given up: the end of the origin ends them too."""
    for thread in threading.enumerate():
        if thread.name.startswith("example-"):
            thread.join(10)
            assert not thread.is_alive()


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Return what adds a source of this name to the registry; it has a price per line of its bodies."""

    def call(
        name: str,
        bodies: int = 1,
        fetch: Callable[..., Iterator[Response]] | None = None,
        *,
        url: str = "",
        pause: float = 0.0,
    ) -> str:
        source = Source(
            id=name,
            title=name,
            publisher="Example",
            url=url or f"https://{name}.example.org/",
            lineage=Lineage.FIRST_PARTY,
            method="http",
            expected_listings=(1, 10),
            max_age_days=1,
            min_interval_seconds=pause,
            allowed_hosts=(f"{name}.example.org", "127.0.0.1"),
        )

        def fetch_all(web: Web, _regions: Sequence[str]) -> Iterator[Response]:
            for number in range(bodies):
                yield web.get(source, f"{source.url}{number}.txt", f"{number}.txt")

        made: Any = ModuleType(f"ratecard_{name}")
        made.SOURCE, made.fetch, made.parse = source, fetch or fetch_all, _parse
        monkeypatch.setitem(sys.modules, made.__name__, made)
        monkeypatch.setitem(registry._MODULES, name, made.__name__)
        return name

    return call


def _parse(document: Document) -> list[Listing]:
    lines = document.read().decode().splitlines()
    return [
        Listing(
            source=document.capture.source,
            provider="Example",
            service="Example",
            sku=line,
            terms="OnDemand",
            price_text="1000",
            absence="",
            currency="USD",
            unit="Hrs",
            locator="",
            quote="",
        )
        for line in lines
    ]


@pytest.fixture
def out(slow: SlowOrigin, tmp_path: Path) -> Iterator[WayOut]:
    """Open the way out to the origin, whatever sources the test will name."""
    names = [f"example-{letter}" for letter in "abcdef"]
    origins = {f"https://{name}.example.org": f"{slow.address}/{name}" for name in names}
    with way_out(Settings(origins=origins), Store(tmp_path / "store")) as opened:
        yield opened


@pytest.fixture
def one_of_two(slow: SlowOrigin, register: Any, out: WayOut) -> list[Scraped]:
    """Return a scrape of two sources of which one failed."""
    slow.lay("/example-a/0.txt", b"gpu\n")
    return scrape_all([register("example-a"), register("example-b")], out, (), seconds=30)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up a source soon after its time is over."""
    monkeypatch.setattr(module, "GRACE_SECONDS", 0.2)


def test_all_sources_are_under_way_at_the_same_time(slow: SlowOrigin, register: Any, out: WayOut) -> None:
    """Four sources come home although none is answered before all four have asked."""
    together = threading.Barrier(4, timeout=20)
    names = [register(f"example-{letter}") for letter in "abcd"]
    for name in names:
        slow.lay(f"/{name}/0.txt", b"gpu\n", after=together.wait)
    scraped = scrape_all(names, out, (), seconds=30)

    assert [(s.source, s.listings, s.error) for s in scraped] == [(name, 1, None) for name in names]


def test_whole_is_bounded_by_the_slowest(slow: SlowOrigin, register: Any, out: WayOut) -> None:
    """Six sources of 0.5 s to 1 s take far less than the 3.5 s that they take one after the other."""
    names = [register(f"example-{letter}", bodies=2 if letter == "f" else 1) for letter in "abcdef"]
    for name in names:
        slow.lay(f"/{name}/0.txt", b"gpu\n", seconds=0.5)
    slow.lay("/example-f/1.txt", b"gpu\n", seconds=0.5)
    start = time.monotonic()
    scraped = scrape_all(names, out, (), seconds=30)
    took = time.monotonic() - start

    assert [s.error for s in scraped] == [None] * 6
    assert 1.0 <= took < 3.0


def test_sources_of_one_host_keep_its_pause_together(slow: SlowOrigin, register: Any, out: WayOut) -> None:
    """Two sources of one host at the same time ask it no oftener than one would, and once for its robots.txt."""
    names = [register(f"example-{letter}", 2, url=f"{slow.address}/{letter}/", pause=0.4) for letter in "ab"]
    for letter in "ab":
        for number in range(2):
            slow.lay(f"/{letter}/{number}.txt", b"gpu\n")
    scraped = scrape_all(names, out, (), seconds=30)
    times = [at for at, path in slow.asked if path != "/robots.txt"]

    assert [s.error for s in scraped] == [None, None]
    assert len(times) == 4
    assert times[-1] - times[0] > 0.9  # each by itself would be there again after 0.4 to 0.5
    assert [path for _, path in slow.asked].count("/robots.txt") == 1


def test_host_is_not_asked_by_many_at_once(slow: SlowOrigin, register: Any, out: WayOut) -> None:
    """Six sources of one host have no more than the host's places between them; those of six hosts have six."""
    names = [register(f"example-{letter}", url=f"{slow.address}/{letter}/") for letter in "abcdef"]
    for letter in "abcdef":
        slow.lay(f"/{letter}/0.txt", b"gpu\n", seconds=0.1)
    scraped = scrape_all(names, out, (), seconds=30)

    assert [s.error for s in scraped] == [None] * 6
    assert slow.most_at_once == AT_ONCE


def test_order_is_that_of_the_ids(slow: SlowOrigin, register: Any, out: WayOut, tmp_path: Path) -> None:
    """Whoever comes first: results, captures, and whose file two equal bodies share are always the same."""
    names = [register(f"example-{letter}") for letter in "cab"]
    for name, seconds in zip(sorted(names), (0.3, 0.15, 0.0), strict=True):
        slow.lay(f"/{name}/0.txt", b"the same\n", seconds=seconds)
    came: list[str] = []
    scraped = scrape_all(names, out, (), seconds=30, done=came.append)
    snapshot = store_scraped(Store(tmp_path / "store"), scraped, datetime(2026, 11, 1, tzinfo=UTC))

    assert came == ["example-c", "example-b", "example-a"]
    assert [s.source for s in scraped] == sorted(names)
    assert [r.source for r in snapshot.results] == sorted(names)
    assert {c.body for c in snapshot.captures} == {f"{snapshot.stamp}/example-a/0.txt.zst"}


def test_source_that_is_named_twice_is_read_once(slow: SlowOrigin, register: Any, out: WayOut) -> None:
    """Naming a source again changes nothing."""
    name = register("example-a")
    slow.lay("/example-a/0.txt", b"gpu\n")

    assert len(scrape_all([name, name], out, (), seconds=30)) == 1


@pytest.mark.usefixtures("impatient")
def test_silent_source_fails_alone_when_its_time_is_over(slow: SlowOrigin, register: Any, out: WayOut) -> None:
    """A server that never answers holds nobody up for longer than the limit, and its source says why it failed."""
    names = [register("example-a"), register("example-b")]
    slow.lay_silence("/example-a/0.txt")
    slow.lay("/example-b/0.txt", b"gpu\n")
    came: list[str] = []
    start = time.monotonic()
    silent, good = scrape_all(names, out, (), seconds=2.0, done=came.append)

    assert time.monotonic() - start < 20
    assert "example-a: not done within 2 s; RATECARD_SOURCE_SECONDS allows more" in str(silent.error)
    assert not isinstance(silent.error, FetchError)
    assert (good.error, good.listings, came) == (None, 1, ["example-b"])


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("lay", [SlowOrigin.lay_trickle, SlowOrigin.lay_silence, SlowOrigin.lay_flood])
def test_what_came_in_time_is_kept(slow: SlowOrigin, register: Any, out: WayOut, tmp_path: Path, lay: Any) -> None:
    """A source of which one body came, and another does not end or begin in its time, is there in part."""
    name = register("example-a", bodies=3)
    slow.lay("/example-a/0.txt", b"gpu\n")
    lay(slow, "/example-a/1.txt")
    (scraped,) = scrape_all([name], out, (), seconds=2.0)
    snapshot = store_scraped(Store(tmp_path / "store"), [scraped], datetime(2026, 11, 1, tzinfo=UTC))

    assert (scraped.partial, scraped.listings) == (True, 1)
    assert "not done within 2 s" in str(scraped.error)
    assert [(r.state, r.source) for r in snapshot.results] == [(SourceState.PARTIAL, name)]
    assert [c.resource for c in snapshot.captures] == ["0.txt"]


def test_source_that_breaks_breaks_alone(slow: SlowOrigin, register: Any, out: WayOut) -> None:
    """A mistake in one source's code, or an error past all its own handling, is that source's failure."""

    def broken(_web: Web, _regions: Sequence[str]) -> Iterator[Response]:
        raise ZeroDivisionError("a mistake")

    def refused(_web: Web, _regions: Sequence[str]) -> Any:
        raise SourceError("example-b", "refused")

    names = [register("example-a", fetch=broken), register("example-b", fetch=refused), register("example-c")]
    slow.lay("/example-c/0.txt", b"gpu\n")
    mistake, refusal, good = scrape_all(names, out, (), seconds=30)

    assert "its reader broke: ZeroDivisionError('a mistake')" in str(mistake.error)
    assert mistake.error is not None
    assert isinstance(mistake.error.__cause__, ZeroDivisionError)
    assert str(refusal.error) == "example-b: refused"
    assert good.error is None


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("error", [StoreError("the disk is full"), UsageError("no region is asked for")])
def test_what_concerns_all_ends_all(slow: SlowOrigin, register: Any, out: WayOut, error: Exception) -> None:
    """A disk that refuses ends the scrape at once, whatever another source is still waiting for."""

    def refuse(_web: Web, _regions: Sequence[str]) -> Iterator[Response]:
        raise error

    names = [register("example-a", fetch=refuse), register("example-b")]
    slow.lay_silence("/example-b/0.txt")
    start = time.monotonic()
    with pytest.raises(type(error), match=str(error)):
        scrape_all(names, out, (), seconds=30)

    assert time.monotonic() - start < 20
    assert out.stopped.is_set()


@pytest.mark.usefixtures("impatient")
def test_way_out_that_is_closed_ends_the_scrape(slow: SlowOrigin, register: Any, out: WayOut) -> None:
    """Who scrapes in another thread, as Prefect's tasks do, comes back as soon as the way out is closed."""
    name = register("example-a")
    slow.lay_silence("/example-a/0.txt")
    closing = threading.Timer(0.2, out.stopped.set)
    closing.start()
    start = time.monotonic()
    with pytest.raises(StoppedError, match="interrupted"):
        scrape_all([name], out, (), seconds=30)

    assert time.monotonic() - start < 20
    closing.join()


def test_nothing_is_begun_on_a_way_that_is_closed(slow: SlowOrigin, register: Any, out: WayOut) -> None:
    """What comes late finds no one who waits for it."""
    slow.lay("/example-a/0.txt", b"gpu\n")
    out.stopped.set()
    with pytest.raises(StoppedError):
        scrape_all([register("example-a")], out, (), seconds=30)


def test_pause_ends_with_the_patience() -> None:
    """A pause is as long as it is asked to be, and ends early when time is over or the scrape is to end."""
    stopped = threading.Event()
    start = time.monotonic()
    Patience(30, stopped).sleep(0.05)
    assert time.monotonic() - start >= 0.05
    with pytest.raises(StoppedError, match=r"not done within 0\.05 s"):
        Patience(0.05, stopped).sleep(30)
    stopped.set()
    with pytest.raises(StoppedError, match="interrupted"):
        Patience(float("inf"), stopped).sleep(30)
    assert time.monotonic() - start < 20


def test_pieces_are_told_of(slow: SlowOrigin, register: Any, out: WayOut) -> None:
    """Whoever shows progress hears of every source's pieces."""
    names = [register("example-a"), register("example-b")]
    for name in names:
        slow.lay(f"/{name}/0.txt", b"gpu\n")
    heard: list[Any] = []
    scrape_all(names, out, (), seconds=30, arrived=heard.append)

    assert {(a.source, a.resource, a.received) for a in heard} == {(name, "0.txt", 4) for name in names}


@pytest.mark.parametrize(("method", "snapshots"), [("add", 0), ("fail", 0), ("commit", 1)])
def test_interrupt_while_storing_leaves_no_half_snapshot(
    one_of_two: list[Scraped], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str, snapshots: int
) -> None:
    """Ctrl-C after a body, or before the last, removes what was written; a snapshot that is committed stays."""
    store, whole = Store(tmp_path / "elsewhere"), getattr(SnapshotWriter, method)

    def interrupted(*args: Any, **kwargs: Any) -> None:
        whole(*args, **kwargs)
        raise KeyboardInterrupt

    monkeypatch.setattr(SnapshotWriter, method, interrupted)
    with pytest.raises(KeyboardInterrupt):
        store_scraped(store, one_of_two, datetime(2026, 11, 1, tzinfo=UTC))

    assert len(list(store.root.iterdir())) == snapshots == len(store.stamps())


def test_nothing_of_a_scrape_stays_beside_the_store(slow: SlowOrigin, register: Any, tmp_path: Path) -> None:
    """The folder of what is on its way goes with the way out."""
    name = register("example-a")
    slow.lay("/example-a/0.txt", b"x" * 3_000_000)
    origins = {"https://example-a.example.org": f"{slow.address}/example-a"}
    with way_out(Settings(origins=origins), Store(tmp_path / "store")) as opened:
        scrape_all([name], opened, (), seconds=30)
        assert [path.name[:10] for path in (tmp_path / "store").iterdir()] == [".incoming-"]

    assert list((tmp_path / "store").iterdir()) == []


def interrupted(store: Path, sources: Sequence[str], origins: dict[str, str], asked: threading.Event) -> float:
    """Scrape in a process of its own, press Ctrl-C as soon as something is asked for, return how long it went on."""
    process = subprocess.Popen(
        [sys.executable, "-c", MAIN, "scrape", "--store", store, *(f"--source={name}" for name in sources)],
        env={**os.environ, "RATECARD_ORIGINS": json.dumps(origins)},
        cwd=store.parent,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert asked.wait(60)
        start = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to all that run in it, the browser's driver too
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()

    assert process.returncode == 130
    assert said == f"ratecard: interrupted: nothing of this scrape is stored in {store}\n"
    return time.monotonic() - start


def test_interrupt_ends_the_process_and_leaves_no_trace(slow: SlowOrigin, tmp_path: Path) -> None:
    """Ctrl-C while a source is silent and another is done: the process ends soon, says so, and nothing is stored."""
    asked, store = threading.Event(), tmp_path / "store"
    slow.lay_silence("/silent/spot.json", asked)
    slow.lay("/done/references/gpu-types.md", b"no table")
    origins = {
        "https://website.spot.ec2.aws.a2z.com": f"{slow.address}/silent",
        "https://docs.runpod.io": f"{slow.address}/done",
    }

    assert interrupted(store, ["aws-spot", "runpod-docs"], origins, asked) < 15
    assert list(store.iterdir()) == []


@pytest.mark.browser
def test_interrupt_closes_the_browser(slow: SlowOrigin, tmp_path: Path) -> None:
    """Ctrl-C while a page loads: nobody waits for its prices."""
    asked, store = threading.Event(), tmp_path / "store"
    slow.lay_silence("/pricing", asked)

    assert interrupted(store, ["runpod-pricing"], {"https://www.runpod.io": slow.address}, asked) < 20
    assert list(store.iterdir()) == []
