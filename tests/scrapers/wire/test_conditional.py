"""Asking for a body only if it changed, over real sockets: 304 is an answer where it was asked for, and only there."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from scrapers.archive.store import Store
from scrapers.errors import ParseError
from scrapers.records import Document, Lineage, Listing, Response, Source, SourceState
from scrapers.wire.answers import Arrival
from scrapers.wire.web import Web

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MODIFIED = "Sun, 01 Nov 2026 00:00:00 GMT"
SOURCE = Source(
    id="test-source",
    title="Test",
    publisher="Test",
    url="https://www.example.org/",
    lineage=Lineage.FIRST_PARTY,
    method="http",
    expected_listings=(1, 2),
    max_age_days=14,
    min_interval_seconds=0,
    allowed_hosts=("127.0.0.1", "www.example.org"),
)


@dataclass
class Origin:
    """A server that answers 304 to whoever names the ETag or the date that it has."""

    url: str = ""
    body: bytes = b"[1.90]"
    headers: dict[str, str] = field(default_factory=lambda: {"ETag": '"7"', "Last-Modified": MODIFIED})
    redirects: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str | None, str | None]] = field(default_factory=list)
    always: int | None = None


@pytest.fixture
def origin() -> Iterator[Origin]:
    """Serve it on a port of this machine."""
    here = Origin()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/robots.txt":
                self._answer(404, b"", {})
                return
            tag, date = self.headers["If-None-Match"], self.headers["If-Modified-Since"]
            here.asked.append((self.path, tag, date))
            if self.path in here.redirects:
                self._answer(302, b"", {"Location": here.redirects[self.path]})
            elif here.always is not None:
                self._answer(here.always, b"", {})
            elif (tag and tag == here.headers.get("ETag")) or (date and date == here.headers.get("Last-Modified")):
                self._answer(304, b"", {"ETag": here.headers["ETag"]} if "ETag" in here.headers else {})
            else:
                self._answer(200, here.body, {**here.headers, "Content-Type": "application/json"})

        def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        here.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield here
        server.shutdown()
        thread.join()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Open an empty store."""
    return Store(tmp_path / "store")


Scrape = Callable[..., Response]


@pytest.fixture
def scrape(origin: Origin, store: Store) -> Scrape:
    """Return what asks once, a day after the last time, and stores the answer; `fail` makes its source fail."""
    days = iter(range(100))

    def ask(path: str = "/prices.json", *, fail: bool = False, partial: bool = False, problem: str = "") -> Response:
        now = NOON + timedelta(days=next(days))
        with Web(clock=lambda: now, earlier=store.last_captures()) as web:
            response = web.get(SOURCE, origin.url + path, "prices.json")
        writer = store.writer(now, written_by="ratecard test")
        writer.add(SOURCE.id, response, problem=problem)
        if fail or partial:
            writer.fail(SOURCE.id, "a test", partial=partial)
        writer.commit()
        return response

    return ask


@pytest.mark.parametrize(
    "headers", [{"ETag": '"7"', "Last-Modified": MODIFIED}, {"ETag": '"7"'}, {"Last-Modified": MODIFIED}]
)
def test_unchanged_body_is_not_downloaded_again(
    origin: Origin, store: Store, scrape: Scrape, headers: dict[str, str]
) -> None:
    """The second answer is the stored body, confirmed now; the source is unchanged, and so a third time."""
    origin.headers = headers
    first = scrape()
    again, third = scrape(), scrape()
    snapshots = list(store.snapshots())

    assert (first.status, again.status, third.status) == (200, 304, 304)
    assert origin.asked[1] == ("/prices.json", headers.get("ETag"), headers.get("Last-Modified"))
    assert again.body.read() == b"[1.90]"
    assert (again.retrieved_at, again.media_type) == (NOON + timedelta(days=1), "application/json")
    assert again.headers.items() >= {name.lower(): value for name, value in headers.items()}.items()
    assert [s.results[0].state for s in snapshots] == [SourceState.FRESH, *[SourceState.UNCHANGED] * 2]
    assert len({s.captures[0].body for s in snapshots}) == 1
    assert [s.captures[0].status for s in snapshots] == [200, 304, 304]
    assert store.read_body(snapshots[2].captures[0]) == b"[1.90]"


def test_changed_body_is_downloaded(origin: Origin, scrape: Scrape) -> None:
    """A body of another ETag comes whole."""
    scrape()
    origin.body, origin.headers = b"[1.95]", {"ETag": '"8"'}
    again = scrape()

    assert (again.status, again.body.read()) == (200, b"[1.95]")


def test_server_without_etag_or_date_is_asked_in_full(origin: Origin, store: Store, scrape: Scrape) -> None:
    """Where nothing can be named the body comes again, and is found to be the stored one by its hash."""
    origin.headers = {}
    scrape()
    again = scrape()

    assert (again.status, origin.asked[1]) == (200, ("/prices.json", None, None))
    assert [s.results[0].state for s in store.snapshots()] == [SourceState.FRESH, SourceState.UNCHANGED]


@pytest.mark.parametrize("bad", [{"fail": True}, {"partial": True, "problem": "unreadable"}])
def test_body_that_was_not_good_is_asked_for_in_full(origin: Origin, scrape: Scrape, bad: dict[str, object]) -> None:
    """Rubbish that a server still has is not confirmed as good."""
    scrape(**bad)
    scrape()

    assert origin.asked[1] == ("/prices.json", None, None)


def test_good_body_of_a_partial_source_is_confirmed(origin: Origin, scrape: Scrape) -> None:
    """What came whole of a source that failed in part need not come again."""
    scrape(partial=True)

    assert scrape().status == 304
    assert origin.asked[1][1] == '"7"'


def test_damaged_body_is_downloaded_again(store: Store, origin: Origin, scrape: Scrape) -> None:
    """A stored body that is no longer what was stored is not asked to be confirmed."""
    scrape()
    (capture,) = next(iter(store.snapshots())).captures
    (store.root / capture.body).write_bytes(b"damaged")

    assert scrape().status == 200
    assert origin.asked[1] == ("/prices.json", None, None)


def test_other_address_is_asked_in_full(origin: Origin, scrape: Scrape) -> None:
    """An ETag says nothing at another URL, nor where a redirect leads elsewhere than before."""
    origin.redirects["/prices.json"] = "/a.json"
    scrape()
    scrape("/other.json")
    origin.redirects["/prices.json"] = "/b.json"
    scrape()

    assert [asked for asked in origin.asked if asked[1] or asked[2]] == []


def test_redirect_as_before_is_asked_at_its_end(origin: Origin, scrape: Scrape) -> None:
    """The condition goes to the address that gave the body, not to the one that leads there."""
    origin.redirects["/prices.json"] = "/a.json"
    scrape()

    assert scrape().status == 304
    assert origin.asked[2:] == [("/prices.json", None, None), ("/a.json", '"7"', MODIFIED)]


@pytest.mark.parametrize("path", ["/prices.json", "/other.json"])
def test_304_that_was_not_asked_for_is_an_error(origin: Origin, scrape: Scrape, path: str) -> None:
    """A server that says "unchanged" to whoever asks for the first time has sent nothing."""
    if path == "/other.json":
        scrape()
    origin.always = 304

    with pytest.raises(ParseError, match="HTTP 304 Not Modified"):
        scrape(path)


@pytest.mark.parametrize("status", [403, 404])
def test_error_at_a_conditional_request_is_an_error(origin: Origin, store: Store, scrape: Scrape, status: int) -> None:
    """What the store holds does not stand in for an answer that did not come; it stays as it was."""
    scrape()
    origin.always = status

    with pytest.raises(ParseError, match=f"HTTP {status}"):
        scrape()
    (snapshot,) = store.snapshots()
    assert store.read_body(snapshot.captures[0]) == b"[1.90]"


def test_mirror_does_not_confirm_what_another_gave(origin: Origin) -> None:
    """An ETag belongs to the server that gave it, whatever public address it stands for."""
    public = "https://www.example.org"
    with Web(origins={public: origin.url}) as web:
        response = web.get(SOURCE, f"{public}/prices.json", "prices.json")
    elsewhere = Document.of(replace(response, served_from="http://127.0.0.1:1/prices.json"), source=SOURCE.id)
    with Web(origins={public: origin.url}, earlier=lambda _source, _url: elsewhere) as web:
        again = web.get(SOURCE, f"{public}/prices.json", "prices.json")

    assert (again.status, origin.asked[1]) == (200, ("/prices.json", None, None))


class Counter:
    """Counts the bytes of a body."""

    def __init__(self) -> None:
        self.seen = b""

    def feed(self, piece: bytes) -> int:
        """Take a piece."""
        self.seen += piece
        return len(self.seen)

    def finish(self, _response: Response) -> tuple[Listing, ...] | None:
        """Leave the listings to the parser."""
        assert self.seen
        return None


def test_reader_and_progress_see_nothing_of_an_unchanged_body(origin: Origin, store: Store, scrape: Scrape) -> None:
    """What did not travel is not shown to travel; its listings are still to be parsed."""
    scrape()
    told: list[Arrival] = []
    with Web(earlier=store.last_captures(), progress=told.append) as web:
        response = web.get(SOURCE, f"{origin.url}/prices.json", "prices.json", open_reader=Counter)

    assert (response.status, response.listings, told) == (304, None, [])


def test_progress_is_told_bytes_and_rows(origin: Origin) -> None:
    """Every piece is told of, with the bytes in all and the rows that the reader has kept."""
    told: list[Arrival] = []
    with Web(progress=told.append) as web:
        web.get(SOURCE, f"{origin.url}/prices.json", "prices.json", open_reader=Counter)
        web.get(SOURCE, f"{origin.url}/prices.json", "again.json")

    assert told == [
        Arrival("test-source", "prices.json", 6, 6, 6),
        Arrival("test-source", "again.json", 6, 6, None),
    ]
