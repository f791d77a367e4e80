"""Connections that break, over real sockets: never half a body, always an error that says what happened."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from faults import in_place_of_http
from local_origin import Answer, Origin

from scrapers.errors import FetchError, ParseError, SourceError
from scrapers.records import Lineage, Response, Source
from scrapers.wire import answers
from scrapers.wire.web import Web

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
    allowed_hosts=("127.0.0.1",),
)
LARGE = b"0123456789abcdef" * 200_000
Serve = Callable[..., str]


@pytest.fixture
def serve(origin: Origin) -> Serve:
    """Return what has every request answered with these bytes, then closed, or reset; it returns the URL."""

    def lay(reply: bytes, *, reset: bool = False) -> str:
        def as_it_is(answer: Answer) -> Answer:
            return replace(in_place_of_http(reply)(answer), reset=reset)

        return origin.serve("/us-east-1/index.csv", fault=as_it_is)

    return lay


def head(*lines: str, status: str = "200 OK") -> bytes:
    """Return the head of an answer."""
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "Connection: close", "", ""]).encode()


def get(url: str, spool: Path) -> bytes:
    """Ask without pauses and return the body."""
    with Web(spool=spool, sleep=lambda _seconds: None) as web:
        return web.get(SOURCE, url, "us-east-1.csv").body.read()


@pytest.mark.parametrize(
    "reply",
    [
        head(f"Content-Length: {len(LARGE)}") + LARGE,
        head() + LARGE,
        head("Content-Encoding: identity") + LARGE,
        head("Content-Encoding: gzip") + gzip.compress(LARGE),
        head("Transfer-Encoding: chunked") + b"%x\r\n%s\r\n0\r\n\r\n" % (len(LARGE), LARGE),
    ],
    ids=["length", "no-length", "identity", "gzip", "chunked"],
)
def test_large_body_comes_whole(serve: Serve, tmp_path: Path, reply: bytes) -> None:
    """Compressed or not, with its length or without, a body is what was served."""
    assert get(serve(reply), tmp_path) == LARGE


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        (head(f"Content-Length: {len(LARGE)}") + LARGE[:-1], "no answer: RemoteProtocolError"),
        (head("Transfer-Encoding: chunked") + b"%x\r\n%s\r\n" % (len(LARGE), LARGE), "no answer: RemoteProtocolError"),
        (head("Content-Encoding: gzip") + gzip.compress(LARGE)[:-5], "does not end where it should"),
        (head("Content-Encoding: gzip") + gzip.compress(LARGE)[:5000], "does not end where it should"),
    ],
    ids=["length", "chunked", "gzip-end", "gzip-middle"],
)
def test_body_that_is_cut_off(serve: Serve, tmp_path: Path, reply: bytes, problem: str) -> None:
    """A body that ends early is worth another try, and nothing of it stays on the disk."""
    with pytest.raises(FetchError, match=problem):
        get(serve(reply), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("sent", [0, 10, len(LARGE) // 2])
def test_connection_that_is_reset_in_the_middle(serve: Serve, tmp_path: Path, sent: int) -> None:
    """A reset is worth another try, whether nothing or half of the body had come."""
    with pytest.raises(FetchError, match=r"index.csv: no answer: (ReadError|RemoteProtocolError)"):
        get(serve(head(f"Content-Length: {len(LARGE)}") + LARGE[:sent], reset=True), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_answer_that_is_no_http(serve: Serve, tmp_path: Path) -> None:
    """Bytes of another protocol are no answer."""
    with pytest.raises(FetchError, match="no answer: RemoteProtocolError"):
        get(serve(b"220 mail.example.org ESMTP\r\n"), tmp_path)


def test_gzip_bomb_is_refused_before_it_is_unpacked(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A body that becomes far more than price lists do is refused early, in pieces that fit into memory."""
    monkeypatch.setattr(answers, "_ANY_INFLATION", 2_000_000)
    longest: list[int] = []

    class Seen:
        def feed(self, piece: bytes) -> int:
            longest.append(len(piece))
            return 0

        def finish(self, _response: Response) -> None:
            raise AssertionError("it never comes whole")

    with Web(spool=tmp_path) as web, pytest.raises(ParseError, match="compressed bytes become more than"):
        web.get(
            SOURCE,
            serve(head("Content-Encoding: gzip") + gzip.compress(bytes(60_000_000))),
            "us-east-1.csv",
            open_reader=Seen,
        )
    assert max(longest) <= 1 << 20
    assert sum(longest) < 60_000_000
    assert list(tmp_path.iterdir()) == []


def test_body_that_packs_well_is_no_bomb(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that repeat are normal."""
    monkeypatch.setattr(answers, "_ANY_INFLATION", 0)
    body = b"".join(b'"SKU%07d","OnDemand","1.0000000000"\n' % n for n in range(20_000))
    assert get(serve(head("Content-Encoding: gzip") + gzip.compress(body)), tmp_path) == body


@pytest.mark.parametrize(
    ("status", "error", "problem"),
    [
        ("403 Forbidden", ParseError, "HTTP 403 Forbidden$"),
        ("404 Not Found", ParseError, "HTTP 404 Not Found$"),
        ("429 Too Many Requests", FetchError, "HTTP 429 Too Many Requests, asked 4 times$"),
        ("429 Too Many Requests\r\nRetry-After: 30", FetchError, "HTTP 429 .*, to be tried again in 30 s, at .* UTC"),
        ("500 Internal Server Error", FetchError, "HTTP 500 Internal Server Error, asked 4 times$"),
        ("503 Slow Down", FetchError, "HTTP 503 Slow Down, asked 4 times$"),
    ],
)
def test_status_is_an_error_whatever_its_body(
    serve: Serve, tmp_path: Path, status: str, error: type[SourceError], problem: str
) -> None:
    """The body of an error page is not a body, and the message says what was asked and answered."""
    with pytest.raises(error, match=problem) as caught:
        get(serve(head("Content-Length: 5", status=status) + b"<xml>"), tmp_path)
    assert "us-east-1/index.csv" in str(caught.value)
