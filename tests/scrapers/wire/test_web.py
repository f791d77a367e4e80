"""The way out, over real sockets: what is answered, what is refused, and what is worth another try."""

import gzip
import json
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from faults import announce
from local_origin import Origin

from scrapers.errors import FetchError, ParseError, SourceError
from scrapers.records import Lineage, Source
from scrapers.wire.web import MAX_REDIRECTS, Web, user_agent

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
    allowed_hosts=("127.0.0.1", "www.example.org"),
)


@pytest.fixture
def web() -> Iterator[Web]:
    """Open the way out with a clock that stands still, and no mercy."""
    with Web(clock=lambda: NOON, sleep=lambda _seconds: None) as opened:
        yield opened


@pytest.fixture
def free_port() -> int:
    """Find a port where nobody listens."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def mirrored(origin: Origin) -> Web:
    """Open the way out with the public origin sent to the one on this machine."""
    return Web(origins={PUBLIC: origin.url}, contact="me@example.org", clock=lambda: NOON)


def test_response_holds_what_was_answered(origin: Origin, web: Web) -> None:
    """Body, status, media type without parameters, and only the headers that are kept."""
    headers = {"content-type": "application/json; charset=utf-8", "etag": '"7"', "x-noise": "1"}
    url = origin.serve("/prices?region=a", b"[1.90]", headers=headers)
    response = web.get(SOURCE, url, "prices.json")

    assert (response.resource, response.url, response.answered_url) == ("prices.json", url, url)
    assert (response.status, response.media_type, response.body.read()) == (200, "application/json", b"[1.90]")
    assert (response.retrieved_at, response.served_from) == (NOON, None)
    assert response.headers["etag"] == '"7"'
    assert set(response.headers) == {"etag", "date"}


def test_ratecard_names_itself(origin: Origin) -> None:
    """The User-Agent is our own, with the contact; no cookie and no other encoding than gzip."""
    origin.serve("/")
    with mirrored(origin) as web:
        web.get(SOURCE, f"{PUBLIC}/", "page.html")

    (asked,) = origin.asked
    assert asked.headers["user-agent"] == user_agent("me@example.org")
    assert asked.headers["user-agent"].startswith("ratecard/")
    assert asked.headers["user-agent"].endswith(" (+me@example.org)")
    assert asked.headers["accept-encoding"] == "gzip"
    assert (asked.method, asked.body) == ("GET", b"")


def test_mirror_answers_for_a_public_origin(origin: Origin) -> None:
    """A capture keeps the public URL and the mirror that really answered."""
    origin.serve("/pricing?a=1", b"page")
    with mirrored(origin) as web:
        response = web.get(SOURCE, f"{PUBLIC}/pricing?a=1", "page.html")

    assert response.body.read() == b"page"
    assert response.url == response.answered_url == f"{PUBLIC}/pricing?a=1"
    assert response.served_from == f"{origin.url}/pricing?a=1"
    assert response.media_type == "application/octet-stream"


def test_post_sends_json(origin: Origin, web: Web) -> None:
    """A document is sent as JSON."""
    url = origin.serve("/graphql", b"{}")
    response = web.post_json(SOURCE, url, "answer.json", {"query": "{ gpuTypes }"})

    (asked,) = origin.asked
    assert (asked.method, asked.headers["content-type"]) == ("POST", "application/json")
    assert json.loads(asked.body) == {"query": "{ gpuTypes }"}
    assert response.body.read() == b"{}"


# --- what is refused, and what is worth another try ----------------------------------------------


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (202, ParseError),
        (204, ParseError),
        (400, ParseError),
        (401, ParseError),
        (403, ParseError),
        (404, ParseError),
        (410, ParseError),
        (501, ParseError),
        (408, FetchError),
        (425, FetchError),
        (429, FetchError),
        (500, FetchError),
        (502, FetchError),
        (503, FetchError),
        (521, FetchError),
    ],
)
def test_status_decides_what_can_be_done(origin: Origin, web: Web, status: int, error: type[SourceError]) -> None:
    """Only 200 is an answer; what may pass is worth another try, what stays is not."""
    url = origin.serve("/", status=status)

    with pytest.raises(SourceError, match=f"test-source: {url}: HTTP {status}") as caught:
        web.get(SOURCE, url, "page.html")
    assert type(caught.value) is error


def test_server_says_when_to_try_again(origin: Origin, web: Web) -> None:
    """A server that wants to be left alone for long is left alone, and when to come back is in the message."""
    url = origin.serve("/", status=429, headers={"retry-after": "120"})

    with pytest.raises(FetchError, match=r"HTTP 429 .* in 120 s, at 2026-11-22 12:02:00 UTC$") as caught:
        web.get(SOURCE, url, "page.html")
    assert caught.value.retry_after == 120
    assert len(origin.asked) == 1


def test_connection_refused(web: Web, free_port: int) -> None:
    """Nobody listening is worth another try."""
    with pytest.raises(FetchError, match=r"no answer: ConnectError\(.*refused"):
        web.get(SOURCE, f"http://127.0.0.1:{free_port}/", "page.html")


def test_body_that_ends_early(origin: Origin, web: Web) -> None:
    """Fewer bytes than announced are worth another try, never a body."""
    url = origin.serve("/", b"[1.90", fault=announce(100))

    with pytest.raises(FetchError, match="no answer: RemoteProtocolError"):
        web.get(SOURCE, url, "page.html")


def test_body_that_is_too_large(origin: Origin, web: Web) -> None:
    """A body beyond the source's limit is refused, one at the limit is not."""
    small = replace(SOURCE, max_body_bytes=1000)

    assert len(web.get(small, origin.serve("/1000", b"x" * 1000), "page.html").body.read()) == 1000
    with pytest.raises(ParseError, match="too large: 1,001 bytes are announced, and 1,000 is the most"):
        web.get(small, origin.serve("/1001", b"x" * 1001), "page.html")


@pytest.mark.parametrize("compress", [True, False])
def test_limit_holds_for_the_body_as_it_is_meant(origin: Origin, web: Web, *, compress: bool) -> None:
    """A small compressed body that becomes a large one, and one whose size nobody announced, are refused too."""
    body = gzip.compress(b"x" * 1001) if compress else lambda: [b"x" * 1001]
    url = origin.serve("/", body, headers={"content-encoding": "gzip"} if compress else {})

    with pytest.raises(ParseError, match=r"too large: more than 1,000 bytes came.*raise its max_body_bytes"):
        web.get(replace(SOURCE, max_body_bytes=1000), url, "page.html")


def test_large_body_is_not_read_where_a_small_one_is_expected(origin: Origin, web: Web) -> None:
    """A pricing page of 200 MB is refused at its head."""
    url = origin.serve("/", b"<html>", fault=announce(200_000_000))

    with pytest.raises(ParseError, match="200,000,000 bytes are announced, and 50,000,000 is the most"):
        web.get(SOURCE, url, "page.html")


@pytest.mark.parametrize("encoding", ["gzip", "GZIP"])
def test_compressed_body_is_unpacked(origin: Origin, web: Web, encoding: str) -> None:
    """The body is the one that was meant, without its content encoding."""
    url = origin.serve("/", gzip.compress(b"[1.90]"), headers={"content-encoding": encoding})

    assert web.get(SOURCE, url, "prices.json").body.read() == b"[1.90]"


PACKED = gzip.compress(b"[1.90, 2.61, 55.04]" * 50)


@pytest.mark.parametrize(
    "body", [b"", PACKED[:-1], PACKED[:-8], PACKED[:20], PACKED + b"more", PACKED[:30] + b"\0" * 9 + PACKED[39:]]
)
def test_compressed_body_that_is_cut_off_or_broken(origin: Origin, web: Web, body: bytes) -> None:
    """A gzip stream without its end, or with anything after it, is worth another try, never a body."""
    url = origin.serve("/", body, headers={"content-encoding": "gzip"})

    with pytest.raises(FetchError, match=r"the compressed body (does not end where it should|is broken)"):
        web.get(SOURCE, url, "prices.json")


def test_encoding_nobody_asked_for(origin: Origin, web: Web) -> None:
    """Bytes that cannot be read are not stored as if they could."""
    url = origin.serve("/", b"x", headers={"content-encoding": "br"})

    with pytest.raises(ParseError, match="the body comes as 'br', which was not asked for"):
        web.get(SOURCE, url, "prices.json")


# --- hosts and redirects -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "https://www.example.org.evil.example/",
        "https://www.example.org@evil.example/",
        "http://evil.example/",
        "ftp://www.example.org/",
        "file:///etc/passwd",
        "/pricing",
        "",
    ],
)
def test_foreign_host_is_not_asked(web: Web, url: str) -> None:
    """Only hosts that the source names are asked, and only by HTTP."""
    with pytest.raises(ParseError, match=r"may not be asked; the source's hosts are: 127\.0\.0\.1, www\.example"):
        web.get(SOURCE, url, "page.html")


def test_source_without_hosts_asks_nobody(web: Web) -> None:
    """A source that names no host is told so."""
    with pytest.raises(ParseError, match="the source's hosts are: none"):
        web.get(replace(SOURCE, allowed_hosts=()), "https://www.example.org/", "page.html")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_inside_the_hosts_is_followed(origin: Origin, web: Web, status: int) -> None:
    """The answer tells both what was asked and what answered."""
    origin.serve("/new/prices", b"[1.90]")
    url = origin.serve("/old", status=status, headers={"location": "/new/prices"})
    response = web.get(SOURCE, url, "prices.json")

    assert response.body.read() == b"[1.90]"
    assert (response.url, response.answered_url) == (url, f"{origin.url}/new/prices")


@pytest.mark.parametrize("location", ["{public}/new", "/new", "new", "{mirror}/new"])
def test_redirect_of_a_mirror_stays_public(origin: Origin, location: str) -> None:
    """Whether a mirror names itself, the public origin or only a path: the public URL is what is recorded."""
    origin.serve("/new", b"page")
    origin.serve("/old", status=302, headers={"location": location.format(public=PUBLIC, mirror=origin.url)})
    with mirrored(origin) as web:
        response = web.get(replace(SOURCE, allowed_hosts=("www.example.org",)), f"{PUBLIC}/old", "page.html")

    assert response.answered_url == f"{PUBLIC}/new"
    assert response.served_from == f"{origin.url}/new"


@pytest.mark.parametrize("location", ["https://evil.example/login", "//evil.example/", "ftp://127.0.0.1/"])
def test_redirect_to_a_foreign_host_is_refused(origin: Origin, web: Web, location: str) -> None:
    """A redirect out of the source's hosts is an error with its target, and the target is not asked."""
    url = origin.serve("/", status=302, headers={"location": location})

    with pytest.raises(ParseError) as caught:
        web.get(SOURCE, url, "page.html")
    assert "leads to " in str(caught.value)
    assert "evil.example" in str(caught.value) or location in str(caught.value)
    assert len(origin.asked) == 1


def test_redirect_from_https_to_http_is_refused(origin: Origin) -> None:
    """What was asked for safely is not read unsafely."""
    origin.serve("/", status=302, headers={"location": "http://www.example.org/"})

    with mirrored(origin) as web, pytest.raises(ParseError, match=r"leads to http://www.example.org/"):
        web.get(SOURCE, f"{PUBLIC}/", "page.html")


@pytest.mark.parametrize(
    "location", ["http://[::1", "http://127.0.0.1:port/", "javascript:alert(1)", "http://127.0.0.1\\@evil.example/"]
)
def test_redirect_that_is_no_url(origin: Origin, web: Web, location: str) -> None:
    """A target that cannot be read is an error of the source, and nothing else is asked."""
    url = origin.serve("/", status=302, headers={"location": location})

    with pytest.raises(SourceError):
        web.get(SOURCE, url, "page.html")
    assert set(origin.paths()) == {"/"}


def test_redirects_have_an_end(origin: Origin, web: Web) -> None:
    """A circle is left after five redirects."""
    url = origin.serve("/", status=302, headers={"location": "/"})

    with pytest.raises(ParseError, match="more than 5 redirects, the last to http"):
        web.get(SOURCE, url, "page.html")
    assert len(origin.asked) == MAX_REDIRECTS + 1


def test_redirect_of_a_post_is_not_followed(origin: Origin, web: Web) -> None:
    """A question is not sent a second time, to somewhere else."""
    origin.serve("/new", b"{}")
    url = origin.serve("/old", status=307, headers={"location": "/new"})

    with pytest.raises(ParseError, match=r"a redirect of a POST request to .*/new is not followed"):
        web.post_json(SOURCE, url, "answer.json", {})
    assert len(origin.asked) == 1


def test_redirect_without_a_target(origin: Origin, web: Web) -> None:
    """A redirect that names no target is an answer without a page."""
    with pytest.raises(ParseError, match="HTTP 302 Found"):
        web.get(SOURCE, origin.serve("/", status=302), "page.html")


# --- proxies ----------- ----------------------------------------------------------------------


@pytest.fixture
def proxied(monkeypatch: pytest.MonkeyPatch, origin: Origin) -> Origin:
    """Let the environment name the origin as the proxy for the world."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("HTTP_PROXY", origin.url)
    return origin


def test_proxy_of_the_environment_is_used(proxied: Origin) -> None:
    """The world is asked through the proxy that the standard variables name."""
    proxied.serve("http://www.example.org/prices", b"by proxy")
    with Web() as web:
        response = web.get(SOURCE, "http://www.example.org/prices", "prices.json")

    assert response.body.read() == b"by proxy"


def test_mirror_on_this_machine_is_asked_directly(proxied: Origin) -> None:
    """A proxy for the world does not stand between a mirror on this machine and its reader."""
    proxied.serve("/prices", b"directly")
    with Web(origins={PUBLIC: proxied.url}) as web:
        response = web.get(SOURCE, f"{PUBLIC}/prices", "prices.json")

    assert response.body.read() == b"directly"
    assert [asked.path for asked in proxied.asked] == ["/prices"]


def test_name_without_a_contact() -> None:
    """Without a contact the name stands alone."""
    assert user_agent("").startswith("ratecard/")
    assert "+" not in user_agent("")
