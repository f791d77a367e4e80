"""One visit to a page: open it, wait for its value, and take it; or say what stands there instead."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from playwright.async_api import Browser as Chromium
from playwright.async_api import BrowserContext, CDPSession, ConsoleMessage, Error, Page, ViewportSize
from playwright.async_api import TimeoutError as PlaywrightTimeout

from scrapers.browsing.page_gate import PageGate
from scrapers.browsing.page_shots import take_shot
from scrapers.browsing.visits import Limits, PageError, Shot, Visit

T = TypeVar("T")

_OK = 200
_VIEWPORT = ViewportSize(width=1280, height=900)
_CLOSE_SECONDS = 5.0
_MOST_CHARACTERS = 160
_MOST_ERRORS = 3
_QUIET = """
([quiet, restless]) => new Promise((done) => {
  let pause = setTimeout(done, quiet);
  setTimeout(done, restless);
  new MutationObserver(() => { clearTimeout(pause); pause = setTimeout(done, quiet); }).observe(
    document, { subtree: true, childList: true, characterData: true, attributes: true });
})
"""


async def open_page(chromium: Chromium, visit: Visit, limits: Limits) -> Shot | str:
    """Return a page once its value has arrived, or the public URL that it leads to.

    A page whose status is not 200 is taken as it is: there is no value to wait for.

    Args:
        chromium: the browser.
        visit: what to open.
        limits: how long it may take, and how much it may bring.

    Raises:
        PageError: the page did not come, or not with its value.
    """
    try:
        context = await chromium.new_context(
            user_agent=visit.user_agent,
            viewport=_VIEWPORT,
            device_scale_factor=1,
            reduced_motion="reduce",
            service_workers="block",
            accept_downloads=False,
        )
    except Error as exc:
        raise PageError(f"the browser gave up: {first_line(exc)}") from exc
    try:
        return await _PageVisit(context, visit, limits).run()
    finally:
        with suppress(Error, TimeoutError):  # a browser that is gone has closed it
            async with asyncio.timeout(_CLOSE_SECONDS):
                await context.close()


class _PageVisit:
    """A visit under way."""

    def __init__(self, context: BrowserContext, visit: Visit, limits: Limits) -> None:
        self._context = context
        self._visit = visit
        self._limits = limits
        self._status = 0
        self._retry_after = ""
        self._errors: list[str] = []
        self._over: asyncio.Future[PageError | str] = asyncio.get_running_loop().create_future()
        self._gate = PageGate(visit, limits, moved=self._end, flooded=self._flooded)

    async def run(self) -> Shot | str:
        """Return the page, or the public URL that it leads to."""
        try:
            page, protocol = await self._prepare()
        except Error as exc:
            raise PageError(f"the browser gave up: {first_line(exc)}") from exc
        try:
            return await self._within_time(page, protocol)
        finally:
            await self._gate.leave()

    async def _prepare(self) -> tuple[Page, CDPSession]:
        page = await self._context.new_page()
        protocol = await self._context.new_cdp_session(page)
        await self._gate.close_around(self._context, page, protocol)
        page.on("pageerror", lambda error: self._errors.append(error.message))
        page.on("console", self._hear)
        page.on("crash", lambda _: self._end(PageError("the page crashed", lost=True)))
        page.on("close", lambda _: self._end(PageError("the browser died, or was closed", lost=True)))
        return page, protocol

    async def _within_time(self, page: Page, protocol: CDPSession) -> Shot | str:
        try:
            async with asyncio.timeout(self._limits.page_seconds):
                await self._or_over(self._arrive(page))
                return await self._or_over(self._shot(page, protocol))
        except (Error, TimeoutError, PageError) as exc:
            # What ended the visit explains the error that followed from it.
            over = self._over.result() if self._over.done() else None
            if isinstance(over, str):
                return over
            cause = over or self._explained(exc)
            shot = None if cause.lost else await self._last_shot(page, protocol)
            raise PageError(f"{cause.problem}{self._standing(shot)}", shot, lasting=cause.lasting) from exc

    async def _arrive(self, page: Page) -> None:
        """Wait for the page, for its value, and for the rest of what its script fills in."""
        seconds = self._limits.value_seconds
        # The whole visit is timed, this part of it is not.
        answer = await page.goto(self._visit.url, timeout=0, wait_until="domcontentloaded")
        if answer is not None:
            self._status, self._retry_after = answer.status, answer.headers.get("retry-after", "")
        if self._status != _OK:
            return
        try:
            await page.locator(self._visit.wait_for).first.wait_for(state="attached", timeout=seconds * 1000)
        except PlaywrightTimeout as exc:
            problem = f"looked for {_short(self._visit.wait_for)}, which did not come within {seconds:g} s"
            raise PageError(problem) from exc
        await page.evaluate(_QUIET, [self._limits.quiet_seconds * 1000, self._limits.restless_seconds * 1000])

    async def _shot(self, page: Page, protocol: CDPSession) -> Shot:
        return await take_shot(protocol, self._limits, page.url, self._status, self._retry_after)

    async def _last_shot(self, page: Page, protocol: CDPSession) -> Shot | None:
        """Return the page of the moment for a look, None where there is none or it does not answer any more."""
        if not self._visit.admits(page.url):
            return None
        with suppress(Error, TimeoutError, PageError):
            async with asyncio.timeout(self._limits.last_shot_seconds):
                return await self._shot(page, protocol)
        return None

    def _standing(self, shot: Shot | None) -> str:
        """Return what stands there instead of what was looked for, as the rest of a sentence."""
        parts = []
        if shot is not None:
            says = f"says {_short(shot.text)!r}" if shot.text.strip() else "is blank"
            parts.append(f"found a page titled {_short(shot.title)!r} that {says}")
        if self._errors:
            parts.append("its scripts complain: " + " | ".join(map(_short, self._errors[:_MOST_ERRORS])))
        if self._gate.blocked:
            parts.append("not asked, because they are not the source's hosts: " + ", ".join(sorted(self._gate.blocked)))
        return "".join(f"; {part}" for part in parts)

    async def _or_over(self, work: Coroutine[Any, Any, T]) -> T:
        """Return the result of some work, or stop when the visit is over before it is done."""
        task = asyncio.ensure_future(work)
        try:
            both: set[asyncio.Future[Any]] = {task, self._over}
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if self._over.done():
                raise PageError("over")
            return task.result()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def _end(self, why: PageError | str) -> None:
        if not self._over.done():
            self._over.set_result(why)

    def _flooded(self) -> None:
        problem = f"the page and what it loads are larger than {self._limits.page_bytes} bytes"
        self._end(PageError(problem, lasting=True))

    def _hear(self, message: ConsoleMessage) -> None:
        """Keep what the page's scripts complain about, but not that something was blocked, which we did ourselves."""
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self._errors.append(message.text)

    def _explained(self, error: Exception) -> PageError:
        if isinstance(error, PageError):
            return error
        if isinstance(error, TimeoutError):
            return PageError(f"the page was not done within {self._limits.page_seconds:g} s")
        return PageError(f"the browser gave up: {first_line(error)}")


def _short(text: str) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= _MOST_CHARACTERS else f"{folded[:_MOST_CHARACTERS]}…"


def first_line(error: Exception) -> str:
    """Return an error of Playwright's without the log that follows it."""
    return str(error).partition("\n")[0]
