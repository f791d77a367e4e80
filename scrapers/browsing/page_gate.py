"""The gate around one page: what it may ask of the world, where a mirror answers, and how much may come.

Two guards stand here, one behind the other. Playwright's routes see every request of the page, its frames, workers and
popups, but not where an answer redirects to; the browser's own protocol shows those of the page too.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, CDPSession, Error, Frame, Page, Request, Route, WebSocketRoute

from scrapers.browsing.page_mirror import MirrorError, Mirrors
from scrapers.browsing.visits import Limits, Visit

_POLICY_VIOLATION = 1008


class PageGate:
    """Lets through what a page may ask for, and says when it leads elsewhere or brings too much.

    Attributes:
        blocked: number of requests that were refused, by host.
    """

    def __init__(
        self, visit: Visit, limits: Limits, *, moved: Callable[[str], None], flooded: Callable[[], None]
    ) -> None:
        """Take the terms of the visit.

        Args:
            visit: whose page it is.
            limits: how many bytes may come.
            moved: is told the public URL to which the page itself leads.
            flooded: is told when more came than may.
        """
        self.blocked: Counter[str] = Counter()
        self._visit = visit
        self._limits = limits
        self._moved = moved
        self._flooded = flooded
        self._mirrors = Mirrors(visit, limits)
        self._received = 0
        self._home = ""
        self._answers: set[asyncio.Task[None]] = set()

    async def close_around(self, context: BrowserContext, page: Page, protocol: CDPSession) -> None:
        """Stand before every request of a page that is still empty."""
        await context.route("**/*", lambda route, request: self._decide(page, route, request))
        await context.route_web_socket(re.compile(""), self._refuse_socket)
        tree = await protocol.send("Page.getFrameTree")
        main = tree["frameTree"]["frame"]["id"]
        protocol.on("Fetch.requestPaused", lambda event: self._later(self._guard(protocol, event, main)))
        protocol.on("Network.dataReceived", lambda event: self._count(event["dataLength"]))
        await protocol.send("Network.enable")
        await protocol.send("Fetch.enable", {"patterns": [{"urlPattern": "http*"}]})
        context.on("page", lambda popup: self._later(popup.close()))

    async def leave(self) -> None:
        """Let go of what is still under way."""
        for task in tuple(self._answers):
            task.cancel()
        await asyncio.gather(*self._answers, return_exceptions=True)
        await self._mirrors.close()

    async def _decide(self, page: Page, route: Route, request: Request) -> None:
        """Abort, pass on, or answer from a mirror."""
        with suppress(Error):  # a page that is gone has no requests left; its loss is told elsewhere
            frame = _frame_of(request)
            main = request.is_navigation_request() and frame == page.main_frame
            if frame is None or frame.page != page or self._leads_away(request.url, main=main):
                await route.abort("blockedbyclient")
            elif self._visit.origins.mirror_of(request.url) is None:
                await route.fallback()  # to the world, or to a recording that was laid before this gate
            else:
                await self._answer_from_mirror(route, request, main=main)

    async def _guard(self, protocol: CDPSession, event: dict[str, Any], main_frame: str) -> None:
        """Refuse what only the browser's protocol shows: where an answer redirects to."""
        main = event["resourceType"] == "Document" and event["frameId"] == main_frame
        asked = {"requestId": event["requestId"]}
        with suppress(Error):
            if self._leads_away(event["request"]["url"], main=main):
                await protocol.send("Fetch.failRequest", {**asked, "errorReason": "BlockedByClient"})
            else:
                await protocol.send("Fetch.continueRequest", asked)

    def _leads_away(self, url: str, *, main: bool) -> bool:
        """Return whether a request may not pass, and note it; whether the page may move on is for others to say."""
        if main:
            self._home = self._home or url
            if url != self._home:
                self._moved(url)
                return True
        if not self._visit.admits(url):
            self.blocked[urlsplit(url).hostname or url] += 1
            return True
        return False

    async def _refuse_socket(self, socket: WebSocketRoute) -> None:
        self.blocked[urlsplit(socket.url).hostname or socket.url] += 1
        with suppress(Error):
            await socket.close(code=_POLICY_VIOLATION, reason="blocked")

    async def _answer_from_mirror(self, route: Route, request: Request, *, main: bool) -> None:
        """Answer in the place of a public origin; Playwright itself sends no https request to an http address."""
        try:
            answer = await self._mirrors.ask(request, follow=not main)
        except MirrorError as exc:
            if exc.flooded:
                self._flooded()
            await route.abort("failed")
            return
        if answer.location is not None:
            self._moved(answer.location)
            await route.abort("blockedbyclient")
            return
        await route.fulfill(status=answer.status, headers=answer.headers, body=answer.body)

    def _count(self, size: int) -> None:
        self._received += size
        if self._received > self._limits.page_bytes:
            self._flooded()

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that the browser's event asks for; the event itself cannot wait."""
        task = asyncio.ensure_future(work)
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)


def _frame_of(request: Request) -> Frame | None:
    """Return the frame that asks; None for a popup's first request, which comes before its frame."""
    try:
        return request.frame
    except Error:
        return None
