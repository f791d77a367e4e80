"""A real Chromium for the pages whose prices are filled in by script."""

from __future__ import annotations

import os
import shutil
from typing import Any

from scrapers.errors import FetchError

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
TIMEOUT_SECONDS = 30.0
_OK = 200
_INSTALL = "install one with `apt-get install chromium` (Debian) or `.venv/bin/playwright install chromium`"


def find_chromium() -> str | None:
    """Return the browser's path: `RATECARD_CHROMIUM`, then one on the path, else None (Playwright's own)."""
    named = os.environ.get("RATECARD_CHROMIUM")
    if named:
        return named
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


class Browser:
    """One Chromium, started once and closed at the end."""

    def __init__(self, *, user_agent: str, source: str = "browser") -> None:
        """Start it, on behalf of a source that the error names.

        Raises:
            FetchError: there is no browser, or it does not start.
        """
        from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415  # 0.3 s most commands never need

        self._error = Error
        self._agent = user_agent
        manager = sync_playwright()
        try:
            self._playwright = manager.start()
        except Error as exc:
            raise FetchError(source, f"Playwright does not start: {_first_line(exc)}") from exc
        try:
            self._chromium: Any = self._playwright.chromium.launch(
                executable_path=find_chromium(),
                args=[*_ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])],
            )
        except Error as exc:
            self._playwright.stop()
            raise FetchError(source, f"no Chromium starts ({_first_line(exc)}); {_INSTALL}") from exc

    def render(self, source: str, url: str, *, wait_for: str) -> tuple[str, str, int]:
        """Return the rendered DOM, the final URL and the HTTP status of a page.

        A page whose status is not 200 is returned as it is: there is no value to wait for.

        Args:
            source: id of the source, for the error.
            url: the page.
            wait_for: CSS selector of the value that must have arrived.

        Raises:
            FetchError: the page did not come, or the value did not arrive in time.
        """
        try:
            context = self._chromium.new_context(
                user_agent=self._agent, service_workers="block", accept_downloads=False
            )
            try:
                return self._open(context.new_page(), url, wait_for)
            finally:
                context.close()
        except self._error as exc:
            raise FetchError(source, f"the browser gave up: {_first_line(exc)}", where=url) from exc

    @staticmethod
    def _open(page: Any, url: str, wait_for: str) -> tuple[str, str, int]:  # noqa: ANN401  # loaded late
        milliseconds = TIMEOUT_SECONDS * 1000
        answer = page.goto(url, timeout=milliseconds, wait_until="domcontentloaded")
        status = answer.status if answer else 0
        if status == _OK:
            page.locator(wait_for).first.wait_for(state="attached", timeout=milliseconds)
        return page.content(), page.url, status

    def close(self) -> None:
        """Stop the browser."""
        try:
            self._chromium.close()
        finally:
            self._playwright.stop()


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
