"""The real browser: it waits for what a script fills in, keeps to its hosts, and gives up in our own words."""

import asyncio
import io
import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from faults import endless, redirect
from local_origin import Origin, open_origin
from PIL import Image

from scrapers.browsing.browser import Browser
from scrapers.browsing.visits import Limits, PageError, Shot, Visit
from scrapers.wire.origins import Origins

HTML = {"content-type": "text/html; charset=utf-8"}
FILLED = b"""<!DOCTYPE html><title>Prices</title><p class="price"></p><script>
setTimeout(() => { document.querySelector('p').setAttribute('data-price', '1001.01'); }, 200);
</script>"""
VALUE = 'p[data-price]:not([data-price=""])'
LIMITS = Limits(
    page_seconds=20,
    value_seconds=10,
    quiet_seconds=0.1,
    restless_seconds=0.4,
    last_shot_seconds=5,
    page_bytes=5_000_000,
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start the browser once."""
    with Browser(LIMITS) as browser:
        yield browser


@pytest.fixture
def limit(chromium: Browser, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Set other limits for the length of a test."""
    return lambda **limits: monkeypatch.setattr(chromium, "_limits", replace(LIMITS, **limits))


@pytest.fixture
def foreign() -> Iterator[Origin]:
    """Run an origin that no page may ask, at a host of its own."""
    with open_origin() as served:
        served.url = served.url.replace("127.0.0.1", "localhost")
        yield served


def visit(url: str, wait_for: str = VALUE, *, mirrors: dict[str, str] | None = None, hosts: str = "127.0.0.1") -> Visit:
    """Return a visit on behalf of a source that has these hosts."""
    return Visit(url, wait_for, tuple(hosts.split()), "ratecard/test (+me@example.org)", Origins(mirrors or {}))


def page(chromium: Browser, asked: Visit) -> Shot:
    """Return the page of a visit that leads nowhere else."""
    shot = chromium.open(asked)
    assert isinstance(shot, Shot)
    return shot


def failure(chromium: Browser, asked: Visit) -> PageError:
    """Return the error of a visit that fails."""
    with pytest.raises(PageError) as raised:
        chromium.open(asked)
    return raised.value


def test_value_that_a_script_fills_in(chromium: Browser, origin: Origin) -> None:
    """The page is taken when the value has arrived, not when the page has; Ratecard says who it is."""
    shot = page(chromium, visit(origin.serve("/pricing", FILLED, headers=HTML)))

    assert b'data-price="1001.01"' in shot.dom
    assert shot.dom.startswith(b"<!DOCTYPE html><html>")
    assert (shot.url, shot.status, shot.title) == (f"{origin.url}/pricing", 200, "Prices")
    assert origin.asked[0].headers["user-agent"] == "ratecard/test (+me@example.org)"
    assert origin.paths() == ["/pricing"]


def test_rest_of_the_values_is_waited_for(chromium: Browser, origin: Origin) -> None:
    """A script that fills one price after the other is let finish; one that never ends is not waited for."""
    slowly = b"""<p class="price"></p><p class="price"></p><script>
        const [first, second] = document.querySelectorAll('p');
        first.dataset.price = '1001.01';
        setTimeout(() => { second.dataset.price = '1002.02'; }, 60);
        setInterval(() => { document.title = Math.random(); }, 20);</script>"""
    shot = page(chromium, visit(origin.serve("/pricing", slowly, headers=HTML)))
    assert b"1002.02" in shot.dom


def test_picture_layout_and_dom_are_of_one_moment(chromium: Browser, origin: Origin) -> None:
    """Of a page that changes all the time, the picture shows at the place in the layout what the DOM says."""
    restless = b"""<!DOCTYPE html><style>body{margin:0} p{position:absolute;width:40px;height:40px;margin:0}
        i{animation:turn 1s infinite} @keyframes turn {to {margin-left:500px}}</style>
        <p data-price="1"></p><i>moving</i><script>setInterval(() => {
        const p = document.querySelector('p'), color = [1, 2, 3].map(() => Math.floor(Math.random() * 256));
        p.style.left = Math.floor(Math.random() * 800) + 'px'; p.style.top = Math.floor(Math.random() * 1500) + 'px';
        p.style.background = `rgb(${color})`; p.dataset.color = color; }, 1)</script>"""
    shot = page(chromium, visit(origin.serve("/pricing", restless, headers=HTML)))

    assert shot.elements is not None
    _, x, y, width, height = next(place for place in shot.elements if place[0] == "p")
    picture = Image.open(io.BytesIO(shot.picture)).convert("RGB")
    found = re.search(rb'data-color="(\d+),(\d+),(\d+)"', shot.dom)
    assert found is not None
    assert picture.getpixel((int(x) + 20, int(y) + 20)) == tuple(map(int, found.groups()))
    assert (picture.width, picture.height, width, height) == (shot.width, shot.height, 40, 40)


def test_picture_is_bounded(chromium: Browser, origin: Origin, limit: Callable[..., None]) -> None:
    """A very high page is shown from its top, and a picture that would be too large is cut in half."""
    high = b'<p data-price="1" style="height:9000px;background:linear-gradient(red,blue)">high</p>'
    asked = visit(origin.serve("/pricing", high, headers=HTML))
    limit(picture_height=2000)
    assert page(chromium, asked).height == 2000

    limit(picture_height=2000, picture_bytes=len(page(chromium, asked).picture) - 1)
    shot = page(chromium, asked)
    assert shot.height == 1000
    assert Image.open(io.BytesIO(shot.picture)).height == 1000


WALLS = {
    "cookie wall": (
        b"<title>Before you go on</title><body>Accept  all cookies",
        "'Before you go on' that says 'Accept ",
    ),
    "captcha": (b"<title>Just a moment</title><p>Are you a robot?", "'Just a moment' that says 'Are you a robot?'"),
    "login": (b"<title>Sign in</title><form><label>Password<input></form>", "titled 'Sign in' that says 'Password'"),
    "blank": (b"", "found a page titled '' that is blank"),
    "script error": (b"<p>Prices</p><script>undefined.price</script>", "complain: Cannot read properties of undefined"),
    "logged error": (b"<script>console.error('no  prices', 7)</script>", "its scripts complain: no prices 7"),
    "half-rendered": (b'<p data-price="">Prices load...</p>', "that says 'Prices load...'"),
}


@pytest.mark.parametrize("wall", WALLS)
def test_value_that_never_arrives(chromium: Browser, origin: Origin, limit: Callable[..., None], wall: str) -> None:
    """The error says what was looked for and what stands there instead, and brings it along."""
    body, said = WALLS[wall]
    limit(value_seconds=0.4)
    error = failure(chromium, visit(origin.serve("/pricing", body, headers=HTML)))

    assert error.problem.startswith(f"looked for {VALUE}, which did not come within 0.4 s")
    assert said in error.problem
    assert error.shot is not None
    assert error.shot.picture.startswith(b"\x89PNG")
    assert not error.lasting


def test_long_text_of_a_wall_is_cut(chromium: Browser, origin: Origin, limit: Callable[..., None]) -> None:
    """An error stays one line, however much stands on the page."""
    limit(value_seconds=0.2)
    error = failure(chromium, visit(origin.serve("/pricing", b"<p>wait " * 900, headers=HTML)))
    assert "wait wait" in error.problem
    assert len(error.problem) < 500


def test_page_of_another_status_is_not_waited_for(chromium: Browser, origin: Origin) -> None:
    """A status other than 200 comes back at once, for the caller to judge."""
    shot = page(
        chromium, visit(origin.serve("/pricing", b"later", status=503, headers={"retry-after": "60"}), "#never")
    )
    assert (shot.status, shot.retry_after) == (503, "60")
    assert b"later" in shot.dom


def test_page_that_does_not_answer(chromium: Browser) -> None:
    """Nobody listening is worth another try; the browser's own error page is no evidence."""
    error = failure(chromium, visit("http://127.0.0.1:9/", "p"))
    assert re.match(r"the browser gave up: .*ERR_", error.problem)
    assert error.shot is None
    assert not error.lasting


def test_page_that_never_comes_to_rest(chromium: Browser, origin: Origin, limit: Callable[..., None]) -> None:
    """A script that runs for ever ends with the page's time, and no shot can be had of it."""
    limit(page_seconds=1, last_shot_seconds=0.3)
    endless_script = b"<p data-price=''></p><script>setTimeout(() => { while (true) {} }, 50)</script>"
    error = failure(chromium, visit(origin.serve("/pricing", endless_script, headers=HTML)))
    assert "the page was not done within 1 s" in error.problem
    assert error.shot is None


def test_selector_that_is_none(chromium: Browser, origin: Origin) -> None:
    """A wrong selector is told as such, not as a value that did not come."""
    error = failure(chromium, visit(origin.serve("/pricing", FILLED, headers=HTML), "p[["))
    assert "the browser gave up" in error.problem


def test_foreign_hosts_are_not_asked(chromium: Browser, origin: Origin, foreign: Origin) -> None:
    """Nothing of a page reaches another host: not its parts, frames, workers, sockets, popups, nor by a redirect."""
    origin.serve("/leads-away", fault=redirect(f"{foreign.url}/redirected"))
    origin.serve("/popup", b"popup", headers=HTML)
    body = f"""<p></p><img src="{foreign.url}/image"><iframe src="{foreign.url}/frame"></iframe>
        <img src="/leads-away"><link rel="stylesheet" href="{foreign.url}/style"><a href="{foreign.url}/link"></a>
        <script src="{foreign.url}/script"></script><script>
        const away = '{foreign.url}', home = location.origin;
        fetch(away + '/fetch').catch(() => 0); fetch('/leads-away').catch(() => 0);
        new WebSocket(away.replace('http', 'ws') + '/socket');
        navigator.sendBeacon(away + '/beacon', '1');
        window.open(away + '/popup'); window.open('/popup');
        new Worker(URL.createObjectURL(new Blob([
            `fetch('${{away}}/worker').catch(() => 0); fetch('${{home}}/leads-away').catch(() => 0)`])));
        setTimeout(() => {{ document.querySelector('p').dataset.price = '1'; }}, 500)</script>"""
    shot = page(chromium, visit(origin.serve("/pricing", body.encode(), headers=HTML)))

    assert foreign.asked == []
    assert set(origin.paths()) == {"/pricing", "/leads-away"}
    assert b'data-price="1"' in shot.dom


def test_blocked_hosts_are_named_when_the_value_is_missing(
    chromium: Browser, origin: Origin, limit: Callable[..., None]
) -> None:
    """Perhaps the value hangs on a script of a host that the source does not name: the error says which."""
    limit(value_seconds=0.4)
    body = b'<script src="https://cdn.example/prices.js"></script>'
    error = failure(chromium, visit(origin.serve("/pricing", body, headers=HTML)))
    assert "not asked, because they are not the source's hosts: cdn.example" in error.problem


@pytest.mark.parametrize("how", ["redirect", "script", "meta"])
def test_page_that_leads_elsewhere_is_not_followed(
    chromium: Browser, origin: Origin, foreign: Origin, how: str
) -> None:
    """Where a page leads is for the caller to judge; the browser does not go there by itself."""
    target = f"{foreign.url}/login"
    if how == "redirect":
        origin.serve("/pricing", fault=redirect(target))
    elif how == "script":
        origin.serve("/pricing", f"<script>location.href = '{target}'</script>".encode(), headers=HTML)
    else:
        origin.serve("/pricing", f'<meta http-equiv="refresh" content="0;url={target}">'.encode(), headers=HTML)
    assert chromium.open(visit(f"{origin.url}/pricing")) == target
    assert foreign.asked == []


def test_page_that_loads_itself_again_is_let(chromium: Browser, origin: Origin) -> None:
    """A wall that lets through at the second look is no redirect."""
    origin.serve("/pricing", FILLED, headers=HTML)
    origin.serve("/pricing", b"<script>location.reload()</script>", headers=HTML, times=1)
    assert page(chromium, visit(f"{origin.url}/pricing")).status == 200
    assert origin.paths() == ["/pricing", "/pricing"]


MIRRORED = "https://www.example.org"
SCRIPTS = "https://cdn.example.net"


def mirrored(origin: Origin) -> Visit:
    """Return a visit of a page and its scripts, for both of which the origin answers."""
    mirrors = {MIRRORED: origin.url, SCRIPTS: f"{origin.url}/cdn"}
    return visit(f"{MIRRORED}/pricing", mirrors=mirrors, hosts="www.example.org cdn.example.net")


def test_mirrors_answer_for_what_a_page_loads(chromium: Browser, origin: Origin) -> None:
    """The page keeps its public address; its scripts come from the mirror of their origin, redirects and all."""
    body = f"<p></p><script src='{SCRIPTS}/prices.js'></script>".encode()
    origin.serve("/pricing", body, headers=HTML, compress=True)
    origin.serve("/cdn/prices.js", fault=redirect("/v2/prices.js"))
    script = b"document.querySelector('p').dataset.price = location.href; fetch('/api', {method: 'POST', body: 'x'})"
    origin.serve("/v2/prices.js", b"not this one")
    origin.serve("/cdn/v2/prices.js", script, headers={"content-type": "text/javascript"})
    shot = page(chromium, mirrored(origin))

    assert f'data-price="{MIRRORED}/pricing"'.encode() in shot.dom
    assert shot.url == f"{MIRRORED}/pricing"
    assert [(a.method, a.path, a.body) for a in origin.asked] == [
        ("GET", "/pricing", b""),
        ("GET", "/cdn/prices.js", b""),
        ("GET", "/cdn/v2/prices.js", b""),
        ("POST", "/api", b"x"),
    ]
    assert origin.asked[0].headers["user-agent"] == "ratecard/test (+me@example.org)"


def test_mirror_that_redirects_the_page(chromium: Browser, origin: Origin) -> None:
    """A mirror's redirect is told with the public address that it stands for."""
    origin.serve("/pricing", fault=redirect(f"{origin.url}/gpu-pricing"))
    assert chromium.open(mirrored(origin)) == f"{MIRRORED}/gpu-pricing"


@pytest.mark.parametrize("target", ["https://evil.example/prices.js", "/prices.js"])
def test_mirror_that_leads_a_script_away(
    chromium: Browser, origin: Origin, limit: Callable[..., None], target: str
) -> None:
    """A script that a mirror sends to a foreign host, or round in a circle, does not come."""
    limit(value_seconds=0.5)
    origin.serve("/pricing", f"<p></p><script src='{SCRIPTS}/prices.js'></script>".encode(), headers=HTML)
    origin.serve("/cdn/prices.js", fault=redirect(target))
    assert "which did not come" in failure(chromium, mirrored(origin)).problem


def test_mirror_that_is_down(chromium: Browser) -> None:
    """A mirror that does not answer is a browser's failure like any other."""
    asked = visit(f"{MIRRORED}/pricing", mirrors={MIRRORED: "http://127.0.0.1:9"}, hosts="www.example.org")
    assert "the browser gave up" in failure(chromium, asked).problem


@pytest.mark.parametrize("mirror", [True, False])
def test_page_that_brings_too_much(
    chromium: Browser, origin: Origin, limit: Callable[..., None], *, mirror: bool
) -> None:
    """A page of 200 MB is given up soon after it has become too large, and no other try is made."""
    limit(page_bytes=300_000, last_shot_seconds=0.2)
    origin.serve("/pricing", headers=HTML, fault=endless(b"<p>start</p>", b"<i>x</i>" * 4000, 200_000_000))
    error = failure(chromium, mirrored(origin) if mirror else visit(f"{origin.url}/pricing"))
    assert "larger than 300000 bytes" in error.problem
    assert error.lasting


def test_dom_that_is_too_long(chromium: Browser, origin: Origin, limit: Callable[..., None]) -> None:
    """A script that makes a DOM beyond all measure is an error, and its page not kept."""
    limit(dom_characters=10_000)
    body = b"<p data-price='1'></p><script>document.querySelector('p').append('x'.repeat(20000))</script>"
    error = failure(chromium, visit(origin.serve("/pricing", body, headers=HTML)))
    assert "the DOM is longer than 10000 characters" in error.problem
    assert error.shot is None


def send(browser: Browser, method: str) -> None:
    """Send a command of the browser's protocol to the browser, or to the only page that is open."""

    async def sent() -> None:
        chromium: Any = browser._chromium
        if method.startswith("Browser."):
            protocol = await chromium.new_browser_cdp_session()
        else:
            (opened,) = [page for context in chromium.contexts for page in context.pages]
            protocol = await opened.context.new_cdp_session(opened)
        await protocol.send(method)

    assert browser._loop is not None
    asyncio.run_coroutine_threadsafe(sent(), browser._loop).exception()  # what dies need not answer


def test_page_that_crashes(chromium: Browser, origin: Origin) -> None:
    """A crash of the page is worth another try, and takes no other page along."""
    origin.serve("/pricing", b"<p></p><script src='/reached'></script>", headers=HTML)
    with ThreadPoolExecutor(1) as thread:
        failing = thread.submit(failure, chromium, visit(f"{origin.url}/pricing"))
        wait_until(lambda: "/reached" in origin.paths())
        send(chromium, "Page.crash")
        error = failing.result()
    assert error.problem.startswith("the page crashed")
    assert error.shot is None
    assert page(chromium, visit(origin.serve("/pricing", FILLED, headers=HTML))).status == 200


def test_browser_that_dies_is_started_once_more(origin: Origin) -> None:
    """The page that it took along failed, the next has a new browser; a browser that dies again stays dead."""
    origin.serve("/never", b"<script src='/reached'></script>", headers=HTML)
    filled = visit(origin.serve("/pricing", FILLED, headers=HTML))
    with Browser(LIMITS) as browser:
        for _ in range(2):
            origin.asked.clear()
            with ThreadPoolExecutor(1) as thread:
                failing = thread.submit(failure, browser, visit(f"{origin.url}/never"))
                wait_until(lambda: "/reached" in origin.paths())
                send(browser, "Browser.close")
                assert failing.result().problem.startswith("the browser died, or was closed")
        assert "has died 2 times and is not started again" in failure(browser, filled).problem


def wait_until(happened: Callable[[], bool]) -> None:
    """Wait for something that another thread does."""
    pause = threading.Event()
    for _ in range(1000):
        if happened():
            return
        pause.wait(0.02)
    pytest.fail("it did not happen")


def test_threads_share_one_browser(chromium: Browser, origin: Origin) -> None:
    """Several threads have their pages at the same time, each with cookies of its own."""
    both = threading.Barrier(2)
    bodies = {
        name: f"<p></p><script>document.cookie = 'n={name}'; setTimeout(() => {{"
        "document.querySelector('p').dataset.price = document.cookie }, 300)</script>"
        for name in ("one", "two")
    }
    for name, body in bodies.items():
        origin.serve(f"/{name}", body.encode(), headers=HTML)

    def ask(name: str) -> bytes:
        both.wait(5)
        return page(chromium, visit(f"{origin.url}/{name}")).dom

    with ThreadPoolExecutor(2) as threads:
        doms = dict(zip(bodies, threads.map(ask, bodies), strict=True))
    assert all(f'data-price="n={name}"'.encode() in dom for name, dom in doms.items())
    assert chromium._starts == 1


def test_closing_ends_the_pages_on_their_way(origin: Origin) -> None:
    """Whoever waits for a page when the browser is closed hears of it; afterwards it opens nothing."""
    origin.serve("/never", b"<script src='/reached'></script>", headers=HTML)
    browser = Browser(LIMITS)
    with ThreadPoolExecutor(1) as thread:
        failing = thread.submit(failure, browser, visit(f"{origin.url}/never"))
        wait_until(lambda: "/reached" in origin.paths())
        browser.close()
        assert failing.result().problem == "the browser was closed before the page had come"
    browser.close()
    assert failure(browser, visit(f"{origin.url}/never")).problem == "the browser is closed"


def test_browser_that_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that is no browser is named, with the command that installs one, in one line."""
    monkeypatch.setenv("RATECARD_CHROMIUM", "/bin/false")
    with Browser() as browser:
        error = failure(browser, visit("http://127.0.0.1:9/"))
    assert re.fullmatch(
        r"/bin/false does not start \(.+\); install one with `apt-get install chromium`.*", error.problem
    )
    assert error.lasting


def test_missing_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a browser nothing is tried again, and the error says how to get one."""
    monkeypatch.setenv("RATECARD_CHROMIUM", "/nowhere/chromium")
    with Browser() as browser:
        error = failure(browser, visit("http://127.0.0.1:9/"))
    assert error.problem.startswith("RATECARD_CHROMIUM=/nowhere/chromium is no program")
    assert error.lasting


def test_nothing_is_loaded_before_the_first_page() -> None:
    """Commands that need no browser do not wait for Playwright."""
    program = """
import json, sys
from scrapers.wire.web import Web
with Web():
    print(json.dumps("playwright" in sys.modules))
"""
    printed = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    assert json.loads(printed) is False
