"""The real browser: it waits for the value that a script fills in, and gives up in our own words."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from scrapers import browser
from scrapers.browser import Browser, find_chromium
from scrapers.errors import FetchError

FILLED = b"""<!DOCTYPE html><title>Prices</title><p class="price"></p><script>
setTimeout(() => { document.querySelector('p').setAttribute('data-price', '1.90'); }, 200);
</script>"""
NEVER_FILLED = b'<!DOCTYPE html><title>Prices</title><p class="price" data-price=""></p>'
PAGES = {"/filled": (200, FILLED), "/never": (200, NEVER_FILLED), "/gone": (404, b"<p data-price='0'>gone</p>")}
VALUE = 'p[data-price]:not([data-price=""])'

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """Serve the pages on a port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = PAGES.get(self.path, (404, b""))
            self.send_response(status)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start the browser once."""
    started = Browser(user_agent="ratecard/test")
    yield started
    started.close()


def test_value_that_a_script_fills_in(chromium: Browser, site: str) -> None:
    """The DOM is taken when the value has arrived, not when the page has."""
    html, url, status = chromium.render("test-source", f"{site}/filled", wait_for=VALUE)

    assert 'data-price="1.90"' in html
    assert (url, status) == (f"{site}/filled", 200)


def test_value_that_never_arrives(chromium: Browser, site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A value that does not come in time is worth another try; the error names the page."""
    monkeypatch.setattr(browser, "TIMEOUT_SECONDS", 0.3)

    with pytest.raises(FetchError, match=r"test-source: .*/never: the browser gave up: .*Timeout 300ms"):
        chromium.render("test-source", f"{site}/never", wait_for=VALUE)


def test_page_that_is_gone_is_not_waited_for(chromium: Browser, site: str) -> None:
    """A status other than 200 comes back at once, for the caller to judge."""
    html, _, status = chromium.render("test-source", f"{site}/gone", wait_for="#never")

    assert status == 404
    assert "gone" in html


def test_page_that_does_not_answer(chromium: Browser) -> None:
    """Nobody listening is worth another try."""
    with pytest.raises(FetchError, match=r"the browser gave up: .*ERR_"):
        chromium.render("test-source", "http://127.0.0.1:1/", wait_for="p")


def test_missing_browser_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where no browser starts, the error names the source and the command that installs one."""
    monkeypatch.setenv("RATECARD_CHROMIUM", str(tmp_path / "no-chromium"))

    # A thread of its own: Playwright drives one browser per thread.
    with (
        ThreadPoolExecutor(1) as thread,
        pytest.raises(FetchError, match=r"test-source: no Chromium starts \(.*apt-get install chromium"),
    ):
        thread.submit(Browser, user_agent="ratecard/test", source="test-source").result()


@pytest.mark.usefixtures("chromium")
def test_second_browser_in_one_thread_is_refused() -> None:
    """Playwright's own refusal comes as our error."""
    with pytest.raises(FetchError, match=r"test-source: Playwright does not start: .*Sync API"):
        Browser(user_agent="ratecard/test", source="test-source")


def test_browser_that_is_named_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The setting wins over the path; without either it is Playwright's own."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("RATECARD_CHROMIUM", raising=False)
    assert find_chromium() is None

    found = tmp_path / "google-chrome"
    found.touch(mode=0o755)
    assert find_chromium() == str(found)

    monkeypatch.setenv("RATECARD_CHROMIUM", "/opt/chromium")
    assert find_chromium() == "/opt/chromium"
