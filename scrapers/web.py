"""The way out into the world: one polite HTTP client and, for the pages that need it, one browser.

Every request goes to a public URL whose host the source names. `RATECARD_ORIGINS` may send an origin to a
mirror; the response keeps both.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import httpx

from scrapers.answers import NOT_MODIFIED, Arrival, Watch, check_status, media_type, receive
from scrapers.browser import Browser
from scrapers.conditional import conditions, confirmed, is_of, kept_headers
from scrapers.errors import FetchError, ParseError
from scrapers.origins import Origins, origin_of
from scrapers.records import Content, Document, Response, Source
from scrapers.spool import Spool

MAX_REDIRECTS = 5
TIMEOUT_SECONDS = 60.0
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def user_agent(contact: str) -> str:
    """Return how Ratecard names itself to a server; `contact` is an address or URL, "" for none."""
    agent = f"ratecard/{version('ratecard')}"
    return f"{agent} (+{contact})" if contact else agent


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    url: str
    resource: str
    payload: object = None
    watch: Watch | None = None
    earlier: Document | None = None


class Web:
    """An HTTP client, and a browser that starts when it is first needed."""

    def __init__(  # noqa: PLR0913  # clocks and places are given, never fetched
        self,
        *,
        origins: Mapping[str, str] | None = None,
        contact: str = "",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        spool: Path | None = None,
        earlier: Callable[[str, str], Document | None] = lambda _source, _url: None,
        progress: Callable[[Arrival], None] | None = None,
    ) -> None:
        """Take the mirrors (public origin to mirror address), the User-Agent's contact, and the clocks.

        Args:
            origins: public origin to the address that answers in its place.
            contact: address or URL for the User-Agent, "" for none.
            clock: tells the time of a response.
            monotonic: measures the time between requests.
            sleep: waits between requests.
            spool: folder in which large bodies are received, which the caller removes when they are stored; without
                it they live in the system's temporary folder as long as this does.
            earlier: returns the last good capture of a source's URL; what it still is, is not downloaded again.
            progress: is told of every piece of a body, and of its end.
        """
        self._temporary = TemporaryDirectory(prefix="ratecard-") if spool is None else nullcontext(str(spool))
        self._spool = Path(self._temporary.__enter__())
        self._origins = Origins(origins or {})
        self._clock = clock
        self._monotonic = monotonic
        self._sleep = sleep
        self._earlier = earlier
        self._progress = progress
        self._agent = user_agent(contact)
        direct = httpx.HTTPTransport()
        self._client = httpx.Client(
            headers={"user-agent": self._agent, "accept-encoding": "gzip"},
            timeout=TIMEOUT_SECONDS,
            # A mirror on this machine is asked directly, whatever proxy the environment names for the world.
            mounts={f"all://{host}": direct for host in _LOOPBACK},
        )
        self._browser: Browser | None = None
        self._last_request: dict[str, float] = {}

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the client and the browser."""
        try:
            self._client.close()
        finally:
            if self._browser is not None:
                self._browser.close()
            self._temporary.__exit__(None, None, None)

    def get(self, source: Source, url: str, resource: str, *, watch: Watch | None = None) -> Response:
        """GET a public URL, following redirects inside the source's hosts.

        Args:
            source: on whose behalf; its hosts and politeness bound the request.
            url: the public URL.
            resource: name of the body, with extension.
            watch: sees every piece of the body as it arrives, content encoding undone; nothing of a body that did not
                change since its last capture (status 304), which is read from the store instead.

        Raises:
            FetchError: no answer, or one that promises better luck later.
            ParseError: an answer that another try will not change (404, a redirect to a foreign host).
        """
        request = _Request("GET", url, resource, watch=watch, earlier=self._earlier(source.id, url))
        at = url
        for _ in range(MAX_REDIRECTS + 1):
            found = self._send(source, request, at)
            if isinstance(found, Response):
                return found
            at = found
        raise ParseError(source.id, f"more than {MAX_REDIRECTS} redirects, the last to {at}", where=url)

    def post_json(self, source: Source, url: str, resource: str, payload: object) -> Response:
        """POST a JSON document to a public URL; as `get`, but no redirect is followed."""
        found = self._send(source, _Request("POST", url, resource, payload), url)
        if isinstance(found, Response):
            return found
        raise ParseError(source.id, f"a redirect of a POST request to {found} is not followed", where=url)

    def render(self, source: Source, url: str, resource: str, *, wait_for: str) -> Response:
        """Open a public URL in the browser and return its DOM once the script has filled it.

        Args:
            source: on whose behalf.
            url: the public URL.
            resource: name of the body, with extension.
            wait_for: CSS selector of the value that must have arrived.

        Raises:
            FetchError: there is no browser, the page did not come, or the value did not arrive in time.
            ParseError: the page is not there, or lies on a foreign host.
        """
        self._admit(source, url, asked=url)
        self._wait(source, url)
        if self._browser is None:
            self._browser = Browser(user_agent=self._agent, source=source.id)
        mirror = self._origins.mirror_of(url)
        html, final, status = self._browser.render(source.id, mirror or url, wait_for=wait_for)
        answered = self._origins.public_of(final, asked=url)
        self._admit(source, answered, asked=url)
        check_status(source, status, url)
        return Response(
            resource=resource,
            url=url,
            answered_url=answered,
            retrieved_at=self._clock(),
            status=status,
            media_type="text/html;rendered",
            body=Content.of(html.encode("utf-8", errors="replace")),
            served_from=mirror,
        )

    def _send(self, source: Source, request: _Request, at: str) -> Response | str:
        """Send a request to where its redirects have led; return the response, or the next public URL."""
        self._admit(source, at, asked=request.url)
        self._wait(source, at)
        mirror = self._origins.mirror_of(at)
        earlier = request.earlier if request.earlier and is_of(request.earlier, at, mirror) else None
        asked_if = conditions(earlier) if earlier else {}
        try:
            with self._client.stream(request.method, mirror or at, json=request.payload, headers=asked_if) as answer:
                if answer.has_redirect_location:
                    return self._target(answer, at)
                self._check(source, answer, at, conditional=bool(asked_if))
                if earlier is not None and answer.status_code == NOT_MODIFIED:
                    return confirmed(earlier, request.resource, answer.headers, self._clock())
                body = receive(source, answer, at, Spool(self._spool), self._watched(source, request, answer))
        except httpx.HTTPError as exc:
            raise FetchError(source.id, f"no answer: {exc!r}", where=at) from exc
        except httpx.InvalidURL as exc:
            raise ParseError(source.id, f"not a URL: {exc}", where=at) from exc
        return Response(
            resource=request.resource,
            url=request.url,
            answered_url=at,
            retrieved_at=self._clock(),
            status=answer.status_code,
            media_type=media_type(answer.headers),
            body=body,
            headers=kept_headers(answer.headers),
            served_from=mirror,
        )

    def _check(self, source: Source, answer: httpx.Response, at: str, *, conditional: bool) -> None:
        check_status(
            source,
            answer.status_code,
            at,
            reason=answer.reason_phrase,
            retry_after=answer.headers.get("retry-after", ""),
            conditional=conditional,
        )

    def _watched(self, source: Source, request: _Request, answer: httpx.Response) -> Watch | None:
        """Return the request's watch, with somebody told of what arrives where somebody asked to be."""
        progress, watch = self._progress, request.watch
        if progress is None:
            return watch
        size = answer.headers.get("content-length", "")
        announced = int(size) if size.isdecimal() else None

        def tell(piece: bytes) -> object:
            kept = watch(piece) if watch else None
            rows = kept if isinstance(kept, int) else None
            progress(Arrival(source.id, request.resource, answer.num_bytes_downloaded, announced, rows))
            return kept

        return tell

    def _target(self, answer: httpx.Response, url: str) -> str:
        """Return the public URL of a redirect; a relative one starts at the public URL, not at its mirror."""
        return self._origins.public_of(urljoin(url, answer.headers["location"]), asked=url)

    def _admit(self, source: Source, url: str, *, asked: str) -> None:
        """Refuse a host that the source does not name, and a way from https back to http."""
        parts = urlsplit(url)
        safe = parts.scheme == "https" or (parts.scheme == "http" == urlsplit(asked).scheme)
        if safe and parts.hostname in source.allowed_hosts:
            return
        hosts = ", ".join(source.allowed_hosts) or "none"
        what = "may not be asked" if url == asked else f"leads to {url}, which may not be asked"
        raise ParseError(source.id, f"{what}; the source's hosts are: {hosts}", where=asked)

    def _wait(self, source: Source, url: str) -> None:
        """Keep the source's shortest time between two requests to one host; a mirror needs no mercy."""
        if self._origins.mirror_of(url) is not None:
            return
        host = origin_of(url)
        pause = self._last_request.get(host, float("-inf")) + source.min_interval_seconds - self._monotonic()
        if pause > 0:
            self._sleep(pause)
        self._last_request[host] = self._monotonic()
