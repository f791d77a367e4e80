"""`Web.render` without a browser: what it makes of what the browser brings."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from local_origin import Origin

from scrapers.browsing.visits import PageError, Shot, Visit
from scrapers.errors import FetchError, ParseError, SourceError
from scrapers.records import Lineage, Response, Source
from scrapers.wire.web import MAX_REDIRECTS, Web

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PUBLIC = "https://www.example.org"
SOURCE = Source(
    id="test-source",
    title="Test",
    publisher="Nobody",
    url=f"{PUBLIC}/pricing",
    lineage=Lineage.FIRST_PARTY,
    method="browser",
    expected_listings=(1, 2),
    max_age_days=1,
    allowed_hosts=("www.example.org",),
)

Ask = Callable[[], Response]
Render = Callable[..., tuple["Pages", Ask]]


@dataclass
class Pages:
    """Stands in for the browser: what it brings of each visit, in this order."""

    brings: list[Shot | str | PageError]
    opened: list[Visit] = field(default_factory=list)
    closed: bool = False

    def open(self, visit: Visit) -> Shot | str:
        """Open the page."""
        self.opened.append(visit)
        found = self.brings.pop(0)
        if isinstance(found, PageError):
            raise found
        return found

    def close(self) -> None:
        """Note that it was closed."""
        self.closed = True


def shot(url: str = f"{PUBLIC}/pricing", *, status: int = 200, retry_after: str = "") -> Shot:
    """Return a page that the browser took."""
    return Shot(url, status, b"<p>1.90</p>", b"a picture", 1280, 900, [["p", 8, 8, 90, 20]], retry_after)


@pytest.fixture
def render(monkeypatch: pytest.MonkeyPatch, origin: Origin) -> Render:
    """Put pages in the browser's place; return them, and what renders a page of them."""

    def put(*brings: Shot | str | PageError) -> tuple[Pages, Ask]:
        pages = Pages(list(brings))
        monkeypatch.setattr("scrapers.wire.web.Browser", lambda: pages)

        def ask() -> Response:
            with Web(origins={PUBLIC: origin.url}, clock=lambda: NOON, sleep=lambda _: None) as web:
                return web.render(SOURCE, f"{PUBLIC}/pricing", "page.html", wait_for="p")

        return pages, ask

    return put


def test_rendered_page_is_a_response_with_evidence(render: Render) -> None:
    """The DOM has the public address of its page, picture and layout beside it; the browser is closed at the end."""
    pages, ask = render(shot(f"{PUBLIC}/pricing?seen"))
    response = ask()

    assert [(v.url, v.wait_for, v.hosts) for v in pages.opened] == [(f"{PUBLIC}/pricing", "p", SOURCE.allowed_hosts)]
    assert pages.closed
    assert (response.url, response.answered_url) == (f"{PUBLIC}/pricing", f"{PUBLIC}/pricing?seen")
    assert (response.media_type, response.retrieved_at) == ("text/html;rendered", NOON)
    assert response.served_from.startswith("http://127.0.0.1")
    assert response.body.read() == b"<p>1.90</p>"
    assert [(r.resource, r.media_type, r.holds_prices) for r in response.with_evidence()] == [
        ("page.html", "text/html;rendered", True),
        ("page.png", "image/png", False),
        ("page.layout.json", "application/json;layout", False),
    ]


@pytest.mark.parametrize(
    ("status", "error", "problem"), [(404, ParseError, "HTTP 404"), (503, FetchError, "HTTP 503, asked 2 times")]
)
def test_page_of_another_status_is_refused_and_kept(
    render: Render, status: int, error: type[SourceError], problem: str
) -> None:
    """A page of another status is refused like any answer; what it looked like is the error's evidence."""
    _, ask = render(shot(status=status), shot(status=status))
    with pytest.raises(error, match=problem) as raised:
        ask()
    assert [r.status for r in raised.value.evidence] == [status]
    assert len(raised.value.evidence[0].with_evidence()) == 3


def test_page_that_comes_at_the_second_try(render: Render) -> None:
    """A page whose value did not come is asked for once more."""
    pages, ask = render(PageError("looked for p, which did not come within 30 s", shot()), shot())
    assert ask().status == 200
    assert len(pages.opened) == 2


def test_missing_browser_is_not_tried_again(render: Render) -> None:
    """What another try cannot change is no fetch error, and has no evidence where no page was seen."""
    pages, ask = render(PageError("no Chromium was found", lasting=True))
    with pytest.raises(SourceError, match="no Chromium was found") as raised:
        ask()
    assert not isinstance(raised.value, FetchError)
    assert raised.value.evidence == ()
    assert len(pages.opened) == 1


def test_redirect_is_judged_before_it_is_followed(render: Render) -> None:
    """A page that leads on is opened there if its source may ask there, and not at a foreign host."""
    pages, ask = render(f"{PUBLIC}/new", shot(f"{PUBLIC}/new"))
    assert ask().answered_url == f"{PUBLIC}/new"
    assert [v.url for v in pages.opened] == [f"{PUBLIC}/pricing", f"{PUBLIC}/new"]

    pages, ask = render("https://evil.example/login")
    with pytest.raises(ParseError, match=r"leads to https://evil\.example/login, which may not be asked"):
        ask()
    assert len(pages.opened) == 1


def test_redirects_in_a_circle_end(render: Render) -> None:
    """A page that leads to itself is given up."""
    _, ask = render(*[f"{PUBLIC}/pricing"] * (MAX_REDIRECTS + 1))
    with pytest.raises(ParseError, match=f"more than {MAX_REDIRECTS} redirects"):
        ask()


def test_host_that_wants_to_be_left_alone(render: Render, origin: Origin) -> None:
    """Retry-After counts for pages too, and robots.txt closes them like anything else."""
    pages, ask = render(shot(status=429, retry_after="3600"))
    with pytest.raises(FetchError, match=r"HTTP 429, to be tried again in 3600 s") as raised:
        ask()
    assert raised.value.retry_after == 3600
    assert len(pages.opened) == 1

    origin.serve("/robots.txt", b"User-agent: *\nDisallow: /pricing")
    pages, ask = render(shot())
    with pytest.raises(ParseError, match=r"robots.txt closes"):
        ask()
    assert pages.opened == []
