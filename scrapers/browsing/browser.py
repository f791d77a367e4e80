"""A real Chromium for the pages whose prices are filled in by script: one for all threads of a scrape."""

from __future__ import annotations

import asyncio
import os
import threading
from concurrent.futures import CancelledError
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Self

from scrapers.browsing.chromium import HOW_TO_INSTALL, find_chromium, what_is_missing
from scrapers.browsing.visits import Limits, PageError, Shot, Visit

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import Playwright

_ARGUMENTS = (
    "--deny-permission-prompts",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
_MOST_STARTS = 2
"""A browser that died is started once more; one that dies again would only take the next pages along."""


class Browser:
    """One Chromium, which starts with the first page and is shared by any number of threads.

    Playwright belongs to one event loop. It runs in a thread of its own, where the pages of several callers load at
    the same time, each in a context (cookies, cache) of its own.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        """Take the limits of a page; nothing starts, nor is Playwright imported, before the first page."""
        self._limits = limits or Limits()
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._closed = False
        # What follows is touched in the loop's thread only.
        self._starting = asyncio.Lock()
        self._starts = 0
        self._playwright: Playwright | None = None
        self._chromium: Chromium | None = None
        self._visits: set[asyncio.Task[object] | None] = set()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def open(self, visit: Visit) -> Shot | str:
        """Return a page once its value has arrived, or the public URL that it leads to; any thread may ask.

        Args:
            visit: what to open, and on which terms.

        Raises:
            PageError: there is no browser, or the page did not come as it must.
        """
        loop = self._running_loop()
        under_way = asyncio.run_coroutine_threadsafe(self._open(visit), loop)
        try:
            return under_way.result()
        except CancelledError as exc:
            raise PageError("the browser was closed before the page had come") from exc

    def close(self) -> None:
        """Stop the browser and its thread; pages that are still on their way do not come. It never opens again."""
        with self._lock:
            self._closed = True
            loop, thread, self._loop, self._thread = self._loop, self._thread, None, None
        if loop is None or thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._give_up(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._closed:
                raise PageError("the browser is closed")
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                # Ctrl-C reaches Playwright's driver too: what it then leaves unanswered is nobody's business.
                self._loop.set_exception_handler(lambda _loop, _context: None)
                # A daemon, so that a page that nobody waits for any more does not keep the process.
                self._thread = threading.Thread(target=self._loop.run_forever, name="browser", daemon=True)
                self._thread.start()
            return self._loop

    async def _open(self, visit: Visit) -> Shot | str:
        from scrapers.browsing.page_visit import open_page  # noqa: PLC0415  # 0.3 s that most commands never need

        visiting = asyncio.current_task()
        self._visits.add(visiting)
        try:
            return await open_page(await self._ready(), visit, self._limits)
        finally:
            self._visits.discard(visiting)

    async def _ready(self) -> Chromium:
        """Return the browser, started when it does not run."""
        async with self._starting:
            if self._chromium is not None and await _is_alive(self._chromium):
                return self._chromium
            if self._starts >= _MOST_STARTS:
                raise PageError(f"the browser has died {_MOST_STARTS} times and is not started again", lasting=True)
            await self._stop()
            self._chromium = await self._start()
            self._starts += 1
            return self._chromium

    async def _start(self) -> Chromium:
        from playwright.async_api import Error, async_playwright  # noqa: PLC0415

        found = find_chromium()
        if found is None:
            raise PageError(what_is_missing(), lasting=True)
        self._playwright = await async_playwright().start()
        try:
            return await self._playwright.chromium.launch(
                executable_path=found.executable,
                args=[*_ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])],
            )
        except Error as exc:
            await self._stop()
            problem = f"{found.place} does not start ({str(exc).partition(chr(10))[0]}); {HOW_TO_INSTALL}"
            raise PageError(problem, lasting=True) from exc

    async def _stop(self) -> None:
        """Stop what still runs; what has died by itself cannot be asked to."""
        playwright, chromium, self._playwright, self._chromium = self._playwright, self._chromium, None, None
        with suppress(Exception):
            if chromium is not None:
                await chromium.close()
        with suppress(Exception):
            if playwright is not None:
                await playwright.stop()

    async def _give_up(self) -> None:
        """Cancel the pages that are on their way, and stop."""
        visits = [visit for visit in self._visits if visit is not None]
        for visit in visits:
            visit.cancel()
        await asyncio.gather(*visits, return_exceptions=True)
        await self._stop()


async def _is_alive(chromium: Chromium) -> bool:
    """Return whether the browser answers: for a moment after its death Playwright still takes it for connected."""
    from playwright.async_api import Error  # noqa: PLC0415

    try:
        await (await chromium.new_browser_cdp_session()).detach()
    except Error:
        return False
    return True
