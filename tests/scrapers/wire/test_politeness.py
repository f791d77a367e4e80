"""Pauses, places and Retry-After, by themselves and over real sockets; how long is waited is seen, not felt."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from faults import cut_off, refuse, trickle
from local_origin import Origin

from scrapers.errors import FetchError
from scrapers.records import Lineage, Listing, Response, Source
from scrapers.wire import answers
from scrapers.wire.answers import body_seconds, seconds_until_retry
from scrapers.wire.politeness import Politeness
from scrapers.wire.robots import Rules
from scrapers.wire.web import Web

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PUBLIC = "https://www.example.org"
SOURCE = Source(
    id="test-source",
    title="Test",
    publisher="Test",
    url=f"{PUBLIC}/",
    lineage=Lineage.FIRST_PARTY,
    method="http",
    expected_listings=(1, 2),
    max_age_days=14,
    min_interval_seconds=10.0,
    allowed_hosts=("127.0.0.1", "localhost", "www.example.org"),
)


@dataclass
class Clock:
    """Time that passes only where somebody waits."""

    now: float = 100.0
    pauses: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.pauses.append(round(seconds, 6))
        self.now += seconds

    def politeness(self, *, spread: float = 0.0) -> Politeness:
        """Return a politeness that goes by this clock."""
        return Politeness(monotonic=lambda: self.now, spread=lambda: spread)

    def web(self, *, origins: dict[str, str] | None = None, politeness: Politeness | None = None) -> Web:
        """Open a way out that goes by this clock."""
        return Web(origins=origins, clock=lambda: NOON, sleep=self.sleep, politeness=politeness or self.politeness())


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands."""
    return Clock()


@pytest.fixture
def web(clock: Clock) -> Iterator[Web]:
    """Open a way out that goes by that clock."""
    with clock.web() as opened:
        yield opened


# --- pauses --------------------------------------------------------------------------------------


def test_requests_to_one_host_keep_their_distance(origin: Origin, clock: Clock, web: Web) -> None:
    """The second request waits for the rest of the source's interval, the first and a late one do not."""
    url = origin.serve("/")
    for passed in (0.0, 4.0, 0.0, 10.0, 60.0):
        clock.now += passed
        web.get(SOURCE, url, "page.html")

    assert clock.pauses == [6.0, 10.0]


@pytest.mark.parametrize(("spread", "pause"), [(0.0, 10), (0.5, 11.25), (1.0, 12.5)])
def test_pauses_are_longer_by_chance_never_shorter(clock: Clock, spread: float, pause: float) -> None:
    """A quarter at the most comes to the interval."""
    politeness = clock.politeness(spread=spread)

    assert [politeness.reserve("host", 10) for _ in range(3)] == [0, pause, 2 * pause]


def test_default_pauses_differ() -> None:
    """Chance is chance."""
    politeness = Politeness(monotonic=lambda: 0.0)
    moments = [politeness.reserve("host", 10) for _ in range(20)]
    gaps = {round(after - before, 9) for before, after in itertools.pairwise(moments)}

    assert len(gaps) > 10
    assert all(10 <= gap <= 12.5 for gap in gaps)


def test_hosts_wait_each_for_itself(origin: Origin, clock: Clock, web: Web) -> None:
    """Two hosts do not wait for each other."""
    url = origin.serve("/")
    web.get(SOURCE, url, "page.html")
    web.get(SOURCE, url.replace("127.0.0.1", "localhost"), "page.html")

    assert clock.pauses == []


def test_sources_of_one_host_share_its_pauses(origin: Origin, clock: Clock) -> None:
    """Two ways out with one politeness keep one distance, each at least its own source's."""
    url = origin.serve("/")
    politeness = clock.politeness()
    with clock.web(politeness=politeness) as one, clock.web(politeness=politeness) as other:
        one.get(SOURCE, url, "page.html")
        other.get(replace(SOURCE, id="other", min_interval_seconds=3.0), url, "page.html")
        one.get(SOURCE, url, "page.html")

    assert clock.pauses == [3.0, 10.0]


def test_crawl_delay_is_kept(origin: Origin, clock: Clock, web: Web) -> None:
    """A host that wants longer pauses than the source gets them; shorter ones change nothing."""
    url = origin.serve("/")
    origin.serve("/robots.txt", b"User-agent: *\nCrawl-delay: 30")
    for _ in range(3):
        web.get(SOURCE, url, "page.html")
    origin.serve("/robots.txt", b"User-agent: *\nCrawl-delay: 1")
    with clock.web() as again:
        for _ in range(2):
            again.get(SOURCE, url, "page.html")

    assert clock.pauses == [30, 30, 10]


def test_crawl_delay_that_nobody_waits_for(origin: Origin, clock: Clock, web: Web) -> None:
    """One page an hour is one page; the next one fails with the reason, and is not asked for."""
    url = origin.serve("/")
    origin.serve("/robots.txt", b"User-agent: *\nCrawl-delay: 3600")
    web.get(SOURCE, url, "page.html")
    clock.now += 600

    with pytest.raises(FetchError, match=r"robots.txt asks for 3600 s between two requests \(Crawl-delay\)") as caught:
        web.get(SOURCE, url, "page.html")
    assert (caught.value.retry_after, clock.pauses, len(origin.asked)) == (3000, [], 1)


@pytest.mark.parametrize(("robots", "pauses"), [(b"", []), (b"User-agent: *\nCrawl-delay: 2", [2, 2])])
def test_mirror_at_hand_needs_no_mercy(origin: Origin, clock: Clock, robots: bytes, pauses: list[float]) -> None:
    """A mirror on the reader's own machine is asked without pauses, but for those that it asks for itself."""
    origin.serve("/")
    origin.serve("/robots.txt", robots)
    with clock.web(origins={PUBLIC: origin.url}) as web:
        for _ in range(3):
            web.get(SOURCE, f"{PUBLIC}/", "page.html")

    assert clock.pauses == pauses


def test_mirror_elsewhere_is_a_host_like_others(clock: Clock) -> None:
    """Where two public origins have one mirror in the network, it is that one which needs the pauses."""
    elsewhere = "http://mirror.example"
    politeness = clock.politeness()
    politeness.rules(SOURCE.id, f"{elsewhere}/robots.txt", Rules, clock.sleep)
    with clock.web(origins={PUBLIC: elsewhere, "https://localhost": elsewhere}, politeness=politeness) as web:
        for url in (f"{PUBLIC}/", "https://localhost/"):
            web._wait(SOURCE, url)

    assert clock.pauses == [10]


# --- several at a time ---------------------------------------------------------------------------


def test_host_is_asked_by_few_at_a_time(origin: Origin) -> None:
    """However many threads there are, and ways out, no more than two requests are on their way to one host."""
    going, most, lock = 0, 0, threading.Lock()

    def body() -> Iterator[bytes]:
        nonlocal going, most
        with lock:
            going += 1
            most = max(most, going)
        yield b"pa"
        time.sleep(0.03)
        with lock:
            going -= 1
        yield b"ge"

    url = origin.serve("/", body)
    politeness = Politeness()

    def ask(_number: int) -> bytes:
        with Web(politeness=politeness) as web:
            return web.get(replace(SOURCE, min_interval_seconds=0), url, "page.html").body.read()

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(ask, range(6))) == [b"page"] * 6
    assert most == 2
    assert len(origin.asked_robots) == 1


def test_place_is_free_again_after_a_failure(origin: Origin, clock: Clock, web: Web) -> None:
    """More failures than places do not block the host."""
    url = origin.serve("/", status=404)
    for _ in range(3):
        with pytest.raises(Exception, match="HTTP 404"):
            web.get(replace(SOURCE, min_interval_seconds=0), url, "page.html")
    assert clock.pauses == []


def test_waiting_for_a_place_can_be_ended() -> None:
    """Who waits for a place, or for somebody else's robots.txt, looks now and then whether to go on."""

    class StoppedError(Exception):
        pass

    def stop(seconds: float) -> None:
        assert seconds == 0
        raise StoppedError

    politeness = Politeness(at_once=1)
    with politeness.place("host", stop), pytest.raises(StoppedError), politeness.place("host", stop):
        raise AssertionError("there is no second place")

    def read_again() -> Rules:
        return politeness.rules("other", "robots", Rules, stop)

    with pytest.raises(StoppedError), ThreadPoolExecutor(1) as pool:
        politeness.rules("one", "robots", lambda: pool.submit(read_again).result(), stop)


def test_moments_are_given_once(clock: Clock) -> None:
    """Threads that reserve at the same time get moments of their own."""
    politeness = clock.politeness()
    with ThreadPoolExecutor(8) as pool:
        moments = sorted(pool.map(lambda _: politeness.reserve("host", 2), range(40)))

    assert moments == [2 * number for number in range(40)]


# --- Retry-After ---------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("wish", ["30", "Sun, 22 Nov 2026 12:00:30 GMT"])
def test_server_that_is_busy_is_asked_again_when_it_says(
    origin: Origin, clock: Clock, web: Web, status: int, wish: str
) -> None:
    """A bearable wait, in seconds or until a date, is waited, and the answer is as good as any."""
    url = origin.serve("/", b"page")
    origin.serve("/", fault=refuse(status, retry_after=wish), times=1)

    assert web.get(SOURCE, url, "page.html").body.read() == b"page"
    assert clock.pauses == [30]


def test_busy_server_without_a_wish_gets_growing_pauses(origin: Origin, clock: Clock) -> None:
    """429 without Retry-After is waited for like any failure that may pass."""
    url = origin.serve("/", b"page")
    origin.serve("/", fault=refuse(429), times=2)
    with clock.web(politeness=clock.politeness(spread=0.5)) as web:
        web.get(replace(SOURCE, min_interval_seconds=0), url, "page.html")

    assert clock.pauses == [1, 4]


def test_wish_of_a_host_holds_for_everybody(origin: Origin, clock: Clock) -> None:
    """What one source is told, another one of the same host need not be told again."""
    url = origin.serve("/", b"page")
    origin.serve("/", fault=refuse(429, retry_after="3600"), times=1)
    politeness = clock.politeness()
    with clock.web(politeness=politeness) as one, clock.web(politeness=politeness) as other:
        with pytest.raises(FetchError, match=r"HTTP 429 .* in 3600 s, at 2026-11-22 13:00:00 UTC$"):
            one.get(SOURCE, url, "page.html")
        with pytest.raises(FetchError, match=r"does not want to be asked by anybody for 3600 s more$"):
            other.get(replace(SOURCE, id="other"), url, "page.html")
        clock.now += 3600
        assert other.get(SOURCE, url, "page.html").body.read() == b"page"

    assert (len(origin.asked), clock.pauses) == (2, [])


def test_robots_of_a_host_that_is_held_are_not_asked_for(origin: Origin, clock: Clock) -> None:
    """The wish counts for its robots.txt too."""
    politeness = clock.politeness()
    politeness.hold(origin.url, 90)
    with clock.web(politeness=politeness) as web, pytest.raises(FetchError, match=r"for 90 s more$"):
        web.get(SOURCE, f"{origin.url}/", "page.html")
    assert origin.asked_robots == []


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", None),
        ("0", 0),
        ("120", 120),
        ("9" * 400, 1e9),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("Sun, 22 Nov 2026 12:02:00 GMT", 120),
        ("Sunday, 22-Nov-26 12:02:00 GMT", 120),
        ("Sun, 22 Nov 2026 12:02:00 -0000", 120),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0),
        ("Sun, 22 Nov 2026 25:00:00 GMT", None),
    ],
)
def test_wish_as_it_is_written(text: str, seconds: float | None) -> None:
    """A number of seconds or a date; a date that has passed is now, and anything else says nothing."""
    assert seconds_until_retry(text, NOON) == seconds


def test_wish_that_nobody_understands_is_shown(origin: Origin, web: Web) -> None:
    """It is in the message as it came."""
    url = origin.serve("/", fault=refuse(503, retry_after="soon"))

    with pytest.raises(FetchError, match=r"HTTP 503 .*, to be tried again after 'soon', asked 4 times"):
        web.get(SOURCE, url, "page.html")


# --- bodies --------------------------------------------------------------------------------------


class Half:
    """Reads a body, and remembers every reader that there was."""

    opened: list["Half"]

    def __init__(self) -> None:
        self.seen = b""
        self.opened.append(self)

    def feed(self, piece: bytes) -> int:
        """Take a piece."""
        self.seen += piece
        return len(self.seen)

    def finish(self, response: Response) -> tuple[Listing, ...] | None:
        """Check that nothing is missing, and nothing there twice."""
        assert response.body.read() == self.seen
        return ()


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Half]:
    """Return what opens readers, all of which stand in `Half.opened`."""
    monkeypatch.setattr(Half, "opened", [], raising=False)
    return Half


def test_body_that_breaks_off_is_read_from_its_start(
    origin: Origin, web: Web, reader: Callable[[], Half], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each try has a reader of its own: what the first one saw of a broken body never comes together with the rest."""
    monkeypatch.setattr(answers, "_PIECE", 1000)
    body = bytes(range(250)) * 100
    url = origin.serve("/", body)
    origin.serve("/", body, headers={"content-length": str(len(body))}, fault=cut_off(10_000), times=2)
    response = web.get(replace(SOURCE, min_interval_seconds=0), url, "page.html", open_reader=reader)

    assert (response.body.read(), response.listings) == (body, ())
    assert [len(half.seen) for half in Half.opened] == [10_000, 10_000, 25_000]


def test_body_that_trickles(origin: Origin, clock: Clock, web: Web) -> None:
    """A body has as long as the largest one needs; then it is given up, and not begun again."""
    url = origin.serve("/", b"x" * 30, fault=trickle(0.001))

    class Slow:
        def feed(self, _piece: bytes) -> int:
            return 0

        def finish(self, _response: Response) -> None:
            raise AssertionError("it never comes whole")

    ticks = iter(range(100, 100_000, 30))
    web._politeness.monotonic = lambda: float(next(ticks))
    with pytest.raises(FetchError, match=r"the body trickles: \d+ bytes came in 160 s$"):
        web.get(SOURCE, url, "page.html", open_reader=Slow)
    assert clock.now == 100


def test_time_of_a_body_follows_its_size() -> None:
    """A minute, and 500 kB a second for what the source may send at the most."""
    assert body_seconds(SOURCE) == 160
    assert body_seconds(replace(SOURCE, max_body_bytes=1_500_000_000)) == 3060
