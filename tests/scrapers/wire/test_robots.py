"""What a robots.txt closes and how slowly it wants to be asked: the rules, and answers over real sockets."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from faults import cut_off, endless, redirect, refuse, trickle
from local_origin import Origin

from scrapers.errors import FetchError, ParseError, SourceError
from scrapers.records import Lineage, Source
from scrapers.wire import web as web_module
from scrapers.wire.politeness import Politeness
from scrapers.wire.robots import MAX_BYTES, Rules
from scrapers.wire.web import Web

PUBLIC = "https://www.example.org"
PAGE = f"{PUBLIC}/pricing?region=a"
SOURCE = Source(
    id="test-source",
    title="Test",
    publisher="Test",
    url=PAGE,
    lineage=Lineage.FIRST_PARTY,
    method="http",
    expected_listings=(1, 2),
    max_age_days=14,
    allowed_hosts=("www.example.org", "example.org"),
)
CLOSED = b"User-agent: *\nDisallow: /pricing\n"


@pytest.fixture
def get(origin: Origin) -> Callable[..., bytes]:
    """Return what asks for the page, at a mirror on this machine, and returns it."""
    origin.serve("/pricing?region=a", b"page")

    def ask(source: Source = SOURCE, url: str = PAGE) -> bytes:
        with Web(origins={PUBLIC: origin.url}, sleep=lambda _seconds: None) as web:
            return web.get(source, url, "page.html").body.read()

    return ask


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", None),
        ("User-agent: *\nDisallow:\n", None),
        ("User-agent: *\nDisallow: /pricing\n", "Disallow: /pricing"),
        ("user-agent:*\r\ndisallow:/\r\n", "disallow:/"),
        ("User-agent: *\nDisallow: /\nAllow: /pricing$\n", "Disallow: /"),
        ("User-agent: *\nDisallow: /\nAllow: /pricing\n", None),
        ("User-agent: *\nAllow: /\nDisallow: /*?region=\n", "Disallow: /*?region="),
        ("User-agent: *\nDisallow: /\n\nUser-agent: ratecard\nDisallow: /login\n", None),
        ("User-agent: *\nDisallow: /x\n\nUser-agent: RateCard\nDisallow: /pr # ours\n", "Disallow: /pr # ours"),
        ("User-agent: *\nDisallow: /pricing\n\nUser-agent: ratecard\nDisallow: /pri\n", "Disallow: /pri"),
        ("User-agent: otherbot\nDisallow: /\n", None),
        ("Disallow: /\n", None),
        ("<html><body>Disallow: /</body></html>", None),
    ],
)
def test_rule_that_closes_a_page(text: str, line: str | None) -> None:
    """The longest rule of the group that names Ratecard, or else of everybody's, decides, and it is named."""
    assert Rules(text).closing_line(PAGE) == line


def test_very_long_text_is_not_searched_for_long() -> None:
    """Of thousands of rules that close a page one is named, without reading them all again and again."""
    text = "User-agent: *\n" + "Disallow: /\n" * 1000 + "Disallow: /pric\n" + "Disallow: /p\n" * 60

    assert Rules(text).closing_line(PAGE) == "Disallow: /pric"


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        ("User-agent: *\nCrawl-delay: 2.5", 2.5),
        ("User-agent: *\nCrawl-delay: 9\nUser-agent: ratecard\nCrawl-delay: 3", 3),
        ("User-agent: otherbot\nCrawl-delay: 9", 0),
        ("User-agent: *\nCrawl-delay: soon", 0),
        ("User-agent: *\nCrawl-delay: -1", 0),
        ("User-agent: *\nCrawl-delay: inf", 0),
        ("", 0),
    ],
)
def test_delay_that_is_asked_for(lines: str, seconds: float) -> None:
    """What is no number of seconds is no delay."""
    assert Rules(lines).delay_seconds == seconds


# --- asking for it -------------------------------------------------------------------------------


def test_closed_page_is_not_asked_for(origin: Origin, get: Callable[..., bytes]) -> None:
    """The error names the page and the rule, and the page was never asked for."""
    origin.serve("/robots.txt", CLOSED)

    with pytest.raises(ParseError) as caught:
        get()
    assert str(caught.value) == (
        f"test-source: {PAGE}: {PUBLIC}/robots.txt closes this address to ratecard ('Disallow: /pricing'); "
        "it is not asked"
    )
    assert (origin.paths(), len(origin.asked_robots)) == ([], 1)


def test_robots_are_asked_for_once_and_as_ourselves(origin: Origin) -> None:
    """All pages of a host, and all who share their politeness, need one robots.txt."""
    origin.serve("/robots.txt", b"User-agent: *\nDisallow: /login\n")
    for path in ("/a", "/b"):
        origin.serve(path, b"page")
    politeness = Politeness()
    for _ in range(2):
        with Web(origins={PUBLIC: origin.url}, contact="me@example.org", politeness=politeness) as web:
            for path in ("/a", "/b"):
                web.get(SOURCE, PUBLIC + path, "page.html")

    (asked,) = origin.asked_robots
    assert asked.headers["user-agent"].startswith("ratecard/")
    assert asked.headers["user-agent"].endswith(" (+me@example.org)")
    assert origin.paths() == ["/a", "/b"] * 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_robots_that_are_not_there_close_nothing(origin: Origin, get: Callable[..., bytes], status: int) -> None:
    """An API answers 403 or 404, which means that there are no rules; the body of that answer is none either."""
    origin.serve("/robots.txt", CLOSED, status=status)

    assert get() == b"page"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_robots_that_do_not_come_close_everything(origin: Origin, get: Callable[..., bytes], status: int) -> None:
    """What a broken server closes cannot be known: worth another run, and no page is asked for."""
    origin.serve("/robots.txt", b"", status=status)

    with pytest.raises(FetchError, match=f"/robots.txt: HTTP {status} .*, asked 4 times$") as caught:
        get()
    assert not caught.value.again
    assert (origin.paths(), len(origin.asked_robots)) == ([], 4)


def test_robots_that_do_not_come_are_not_asked_for_by_everybody(origin: Origin) -> None:
    """The second source of a host that is away fails at once, with an error of its own."""
    origin.serve("/robots.txt", status=500)
    politeness = Politeness()
    for name in ("one", "other"):
        with (
            Web(origins={PUBLIC: origin.url}, politeness=politeness) as web,
            pytest.raises(FetchError, match=f"{name}: .*/robots.txt: HTTP 500"),
        ):
            web.get(replace(SOURCE, id=name), PAGE, "page.html")

    assert len(origin.asked_robots) == 4


def test_robots_that_come_at_the_second_try(origin: Origin, get: Callable[..., bytes]) -> None:
    """A server that was busy for a moment loses nothing."""
    origin.serve("/robots.txt", b"User-agent: *\nDisallow: /login\n")
    origin.serve("/robots.txt", fault=refuse(503), times=1)
    origin.serve("/robots.txt", b"x" * 100, fault=cut_off(50), times=1)

    assert get() == b"page"
    assert len(origin.asked_robots) == 3


@pytest.mark.parametrize("status", [204, 206])
def test_robots_that_are_empty(origin: Origin, get: Callable[..., bytes], status: int) -> None:
    """Any success is an answer."""
    origin.serve("/robots.txt", status=status)

    assert get() == b"page"


def test_robots_elsewhere_are_followed(origin: Origin, get: Callable[..., bytes]) -> None:
    """The rules behind a redirect are those of the host that was asked."""
    origin.serve("/robots.txt", fault=redirect("/elsewhere/robots.txt", 301))
    origin.serve("/elsewhere/robots.txt", CLOSED)

    with pytest.raises(ParseError, match=r"example.org/robots.txt closes .* \('Disallow: /pricing'\)"):
        get()


def test_robots_on_a_foreign_host_are_not_followed(origin: Origin, get: Callable[..., bytes]) -> None:
    """Whether that host belongs to the source is for people to say, who are told what to say it with."""
    origin.serve("/robots.txt", fault=redirect("https://foreign.example/robots.txt"))

    with pytest.raises(ParseError, match=r"leads to https://foreign.example/robots.txt.*the source's hosts are: www"):
        get()


def test_robots_that_run_in_circles_close_nothing(origin: Origin, get: Callable[..., bytes]) -> None:
    """After five redirects they may be taken for missing."""
    origin.serve("/robots.txt", fault=redirect("/robots.txt"))

    assert get() == b"page"
    assert len(origin.asked_robots) == 6


def test_redirect_without_a_target_is_no_answer(origin: Origin, get: Callable[..., bytes]) -> None:
    """What is neither rules nor their absence fails the source, by name."""
    origin.serve("/robots.txt", status=302)

    with pytest.raises(ParseError, match=r"/robots.txt: HTTP 302"):
        get()


def test_redirect_to_a_closed_page_is_refused(origin: Origin, get: Callable[..., bytes]) -> None:
    """A page is no more open because another one leads there."""
    origin.serve("/robots.txt", b"User-agent: *\nDisallow: /closed\n")
    origin.serve("/pricing?region=a", fault=redirect("/closed/page"))

    with pytest.raises(ParseError, match=r"region=a: .*robots.txt closes https://www.example.org/closed/page, to"):
        get()
    assert origin.paths() == ["/pricing?region=a"]


@pytest.mark.parametrize("filler", [b"# no rule\n", b"#"])
def test_endless_robots_are_read_to_a_limit(origin: Origin, get: Callable[..., bytes], filler: bytes) -> None:
    """Rules in the first 500 KiB count, a rule that is cut in two does not, and the rest is not waited for."""
    start = b"User-agent: *\nDisallow: /login\nDisallow: /"
    rest = start[:-1] + filler * ((MAX_BYTES - len(start)) // len(filler))
    origin.serve("/robots.txt", fault=endless(rest, b"Disallow: /pricing\n" * 1000, 10**12))

    assert get() == b"page"


def test_robots_may_be_packed_and_marked(origin: Origin, get: Callable[..., bytes]) -> None:
    """Gzip, a byte order mark and bytes that are no UTF-8 change nothing about the rules."""
    origin.serve("/robots.txt", b"\xef\xbb\xbfUser-agent: *\n# \xff\xfe\nDisallow: /pricing\n", compress=True)

    with pytest.raises(ParseError, match="closes"):
        get()


def test_robots_that_trickle(origin: Origin, get: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """A robots.txt that never ends is a server that does not answer."""
    monkeypatch.setattr(web_module, "_ROBOTS_SECONDS", 0.05)
    origin.serve("/robots.txt", CLOSED, fault=trickle(0.02))

    with pytest.raises(FetchError, match="the body trickles"):
        get()


def test_browser_is_bound_too(origin: Origin) -> None:
    """A page that is closed is not opened in the browser either."""

    class Shut:
        def open(self, *_arguments: Any) -> None:
            raise AssertionError("the page was opened")

    origin.serve("/robots.txt", CLOSED)
    browser: Any = Shut()
    with Web(origins={PUBLIC: origin.url}, browser=browser) as web, pytest.raises(SourceError, match="closes"):
        web.render(SOURCE, PAGE, "page.html", wait_for="b")
