"""The way out into the world: one polite HTTP client and, for the pages that need it, one browser.

Every request goes to a public URL whose host the source names. `RATECARD_ORIGINS` may send an origin to a
mirror; the response keeps both.
"""

from __future__ import annotations

import functools
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Concatenate, ParamSpec, Self, TypeAlias
from urllib.parse import urljoin, urlsplit

import httpx

from scrapers.archive.spool import Spool
from scrapers.browsing.browser import Browser
from scrapers.browsing.visits import PageError, Visit, response_of
from scrapers.errors import FetchError, ParseError, SourceError
from scrapers.records import Document, Response, Source
from scrapers.wire.answers import (
    NOT_MODIFIED,
    Arrival,
    Reader,
    Watch,
    check_status,
    media_type,
    pieces_of,
    receive,
)
from scrapers.wire.conditional import conditions, confirmed, is_of, kept_headers
from scrapers.wire.gate import Gate
from scrapers.wire.origins import Origins, origin_of
from scrapers.wire.politeness import Politeness
from scrapers.wire.retries import TRIES
from scrapers.wire.robots import Rules, read_rules
from scrapers.wire.transfer import Transfer

MAX_REDIRECTS = 5
TIMEOUT_SECONDS = 60.0
_PAGE_TRIES = 2
"""A page that does not get ready costs half a minute each time."""
_ROBOTS_SECONDS = 60.0
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
P = ParamSpec("P")


def user_agent(contact: str) -> str:
    """Return how Ratecard names itself to a server; `contact` is an address or URL, "" for none."""
    agent = f"ratecard/{version('ratecard')}"
    return f"{agent} (+{contact})" if contact else agent


@functools.cache
def _tls() -> ssl.SSLContext:
    """Return what servers are verified with; reading the certificates of all authorities takes 25 ms each time."""
    return httpx.create_ssl_context()


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    url: str
    resource: str
    payload: object = None
    open_reader: Callable[[], Reader] | None = None
    earlier: Document | None = None
    secret_headers: Mapping[str, str] = field(default_factory=dict, repr=False)


_Ask: TypeAlias = Callable[Concatenate["Web", Source, str, P], Response]


def _again(tries: int) -> Callable[[_Ask[P]], _Ask[P]]:
    """Repeat a request, from its start and with a reader of its own, while it fails in a way that may pass."""

    def persistent(ask: _Ask[P]) -> _Ask[P]:
        @functools.wraps(ask)
        def asked(self: Web, source: Source, url: str, /, *args: P.args, **kwargs: P.kwargs) -> Response:
            return self._gate.keep_trying(source, url, lambda: ask(self, source, url, *args, **kwargs), tries)

        return asked

    return persistent


class Web:
    """An HTTP client, and a browser that starts when it is first needed."""

    def __init__(  # noqa: PLR0913  # clocks and places are given, never fetched
        self,
        *,
        origins: Mapping[str, str] | None = None,
        contact: str = "",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
        politeness: Politeness | None = None,
        spool: Path | None = None,
        earlier: Callable[[str, str], Document | None] = lambda _source, _url: None,
        progress: Callable[[Arrival], None] | None = None,
        browser: Browser | None = None,
        addresses: Callable[[str], Sequence[str]] = lambda _source: (),
    ) -> None:
        """Take the mirrors (public origin to mirror address), the User-Agent's contact, and the clocks.

        Args:
            origins: public origin to the address that answers in its place.
            contact: address or URL for the User-Agent, "" for none.
            clock: tells the time of a response.
            sleep: waits between requests; what it raises ends the request. Called with 0 it only looks.
            politeness: pauses and rules of every host, shared with all that are on their way at the same time; without
                it nobody else is.
            spool: folder in which large bodies are received, which the caller removes when they are stored; without
                it they live in the system's temporary folder as long as this does.
            earlier: returns the last good capture of a source's URL; what it still is, is not downloaded again.
            progress: is told of every piece of a body, and of its end.
            browser: renders pages, and is shared with others and closed by the caller; one of its own without it.
            addresses: returns the public URLs that a source is to read, where they are kept by hand and not in it.
        """
        self._temporary = TemporaryDirectory(prefix="ratecard-") if spool is None else nullcontext(str(spool))
        self._spool = Path(self._temporary.__enter__())
        self._origins = Origins(origins or {})
        self._clock = clock
        self._politeness = politeness or Politeness()
        self._gate = Gate(self._origins, self._politeness, sleep, self._read_robots)
        self._earlier = earlier
        self._progress = progress
        self.addresses = addresses
        self._agent = user_agent(contact)
        direct = httpx.HTTPTransport(verify=_tls())
        self._client = httpx.Client(
            verify=_tls(),
            headers={"user-agent": self._agent, "accept-encoding": "gzip"},
            timeout=TIMEOUT_SECONDS,
            # A mirror on this machine is asked directly, whatever proxy the environment names for the world.
            mounts={f"all://{host}": direct for host in _LOOPBACK},
        )
        self._browser = browser or Browser()
        self._shares_browser = browser is not None

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
            if not self._shares_browser:
                self._browser.close()
            self._temporary.__exit__(None, None, None)

    @_again(TRIES)
    def get(
        self,
        source: Source,
        url: str,
        resource: str,
        *,
        open_reader: Callable[[], Reader] | None = None,
        secret_headers: Mapping[str, str] | None = None,
    ) -> Response:
        """GET a public URL, following redirects inside the source's hosts.

        Args:
            source: on whose behalf; its hosts, limits and politeness bound the request.
            url: the public URL.
            resource: name of the body, with extension.
            open_reader: opens what reads the body while it arrives, content encoding undone, and gives the response's
                listings. A body that broke off is asked for again with a new one. Nothing is read of a body that did
                not change since its last capture (status 304).
            secret_headers: what proves an account; sent to the URL's own origin or its mirror alone, and kept nowhere.

        Raises:
            FetchError: no answer, or one that promises better luck later; it was asked for several times.
            ParseError: an answer that another try will not change (404, a redirect to a foreign host).
        """
        request = _Request(
            "GET",
            url,
            resource,
            open_reader=open_reader,
            earlier=self._earlier(source.id, url),
            secret_headers=secret_headers or {},
        )
        at = url
        for _ in range(MAX_REDIRECTS + 1):
            found = self._send(source, request, at)
            if isinstance(found, Response):
                return found
            at = found
        raise ParseError(source.id, f"more than {MAX_REDIRECTS} redirects, the last to {at}", where=url)

    @_again(TRIES)
    def post_json(self, source: Source, url: str, resource: str, payload: object) -> Response:
        """POST a JSON document to a public URL; as `get`, but no redirect is followed."""
        found = self._send(source, _Request("POST", url, resource, payload), url)
        if isinstance(found, Response):
            return found
        raise ParseError(source.id, f"a redirect of a POST request to {found} is not followed", where=url)

    @_again(_PAGE_TRIES)
    def render(self, source: Source, url: str, resource: str, *, wait_for: str) -> Response:
        """Open a public URL in the browser and return its DOM once the script has filled it.

        Beside the DOM, as the response's `evidence`, come a screenshot of the very same moment and the layout: where
        in the screenshot each element of the DOM stands, see `scrapers.browsing.layout`.

        Args:
            source: on whose behalf.
            url: the public URL.
            resource: name of the body, with extension.
            wait_for: CSS selector of the value that must have arrived.

        Raises:
            FetchError: the page did not come, or the value did not arrive in time; what stood there instead is the
                error's evidence.
            ParseError: the page is not there, is larger than any page should be, or lies on a foreign host.
            SourceError: there is no browser.
        """
        at = url
        for _ in range(MAX_REDIRECTS + 1):
            self._admit(source, at, asked=url)
            with self._gate.turn(source, at):
                found = self._open(source, url, at, resource, wait_for)
            if isinstance(found, Response):
                return found
            at = found
        raise ParseError(source.id, f"more than {MAX_REDIRECTS} redirects, the last to {at}", where=url)

    def _open(self, source: Source, url: str, at: str, resource: str, wait_for: str) -> Response | str:
        """Open where a page's redirects have led; return the response, or the next public URL."""
        mirror = self._origins.mirror_of(at)
        try:
            shot = self._browser.open(Visit(at, wait_for, source.allowed_hosts, self._agent, self._origins))
        except PageError as exc:
            error = exc.kind(source.id, exc.problem, where=url)
            if exc.shot is not None:
                error.evidence = (response_of(exc.shot, resource, url, self._clock(), mirror),)
            raise error from exc
        if isinstance(shot, str):
            return shot
        response = response_of(shot, resource, url, self._clock(), mirror)
        try:
            self._check(source, shot.status, at, retry_after=shot.retry_after)
        except SourceError as exc:
            exc.evidence = (response,)
            raise
        return response

    def _send(self, source: Source, request: _Request, at: str) -> Response | str:
        """Send a request to where its redirects have led; return the response, or the next public URL."""
        self._admit(source, at, asked=request.url)
        mirror = self._origins.mirror_of(at)
        earlier = request.earlier if request.earlier and is_of(request.earlier, at, mirror) else None
        asked_if = conditions(earlier) if earlier else {}
        headers = {**asked_if, **self._secrets(source, request, at)}
        reader = request.open_reader() if request.open_reader else None
        with (
            self._gate.turn(source, at),
            self._exchange(source, request.method, at, payload=request.payload, headers=headers) as answer,
        ):
            if answer.has_redirect_location:
                return self._target(answer, at)
            self._check(
                source,
                answer.status_code,
                at,
                reason=answer.reason_phrase,
                retry_after=answer.headers.get("retry-after", ""),
                conditional=bool(asked_if),
            )
            if earlier is not None and answer.status_code == NOT_MODIFIED:
                return confirmed(earlier, request.resource, answer.headers, self._clock())
            transfer = Transfer(answer, seconds=TIMEOUT_SECONDS)
            watch = self._watched(source, request, transfer, reader.feed if reader else None)
            body = receive(source, transfer, at, Spool(self._spool), watch, monotonic=self._politeness.monotonic)
        response = Response(
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
        return replace(response, listings=reader.finish(response)) if reader else response

    def _secrets(self, source: Source, request: _Request, at: str) -> Mapping[str, str]:
        """Return what proves an account: for the origin that was asked alone, and never in the clear over a network.

        Raises:
            ParseError: the mirror that was set for the origin is asked without TLS, and is not this machine.
        """
        if not request.secret_headers or origin_of(at) != origin_of(request.url):
            return {}
        address = urlsplit(self._origins.mirror_of(at) or at)
        if address.scheme != "https" and address.netloc.rpartition(":")[0] not in _LOOPBACK:
            raise ParseError(source.id, "its key is not sent to a mirror that is asked without https", where=at)
        return request.secret_headers

    @contextmanager
    def _exchange(
        self,
        source: Source,
        method: str,
        at: str,
        *,
        payload: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Iterator[httpx.Response]:
        """Send one request and yield its answer, whose body is still to come; httpx's errors become ours."""
        address = self._origins.mirror_of(at) or at
        try:
            with self._client.stream(method, address, json=payload, headers=headers) as answer:
                yield answer
        except httpx.HTTPError as exc:
            raise FetchError(source.id, f"no answer: {exc!r}", where=at) from exc
        except httpx.InvalidURL as exc:
            raise ParseError(source.id, f"not a URL: {exc}", where=at) from exc

    def _read_robots(self, source: Source, url: str) -> Rules:
        """Return the rules of the robots.txt at a public URL, asked for as anything else."""
        return self._gate.keep_trying(source, url, lambda: self._ask_robots(source, url))

    def _ask_robots(self, source: Source, url: str) -> Rules:
        at = url
        for _ in range(MAX_REDIRECTS + 1):
            self._gate.admit_host(source, at, asked=url)
            with self._gate.turn(source, at, robots=True), self._exchange(source, "GET", at) as answer:
                if not answer.has_redirect_location:
                    transfer = Transfer(answer, seconds=TIMEOUT_SECONDS)
                    pieces = pieces_of(source, transfer, at, _ROBOTS_SECONDS, self._politeness.monotonic)
                    return read_rules(source, answer, at, pieces)
                at = self._target(answer, at)
        return Rules()  # RFC 9309, 2.3.1.2: it may be taken for missing

    def _check(  # noqa: PLR0913  # what was asked and what was answered
        self,
        source: Source,
        status: int,
        at: str,
        *,
        reason: str = "",
        retry_after: str = "",
        conditional: bool = False,
    ) -> None:
        try:
            check_status(
                source,
                status,
                at,
                reason=reason,
                retry_after=retry_after,
                conditional=conditional,
                now=self._clock(),
            )
        except FetchError as exc:
            if exc.retry_after is not None:
                self._gate.hold(at, exc.retry_after)
            raise

    def _watched(self, source: Source, request: _Request, transfer: Transfer, watch: Watch | None) -> Watch | None:
        """Return what sees the pieces, with somebody told of what arrives where somebody asked to be."""
        progress = self._progress
        if progress is None:
            return watch

        def tell(piece: bytes) -> object:
            kept = watch(piece) if watch else None
            rows = kept if isinstance(kept, int) else None
            progress(Arrival(source.id, request.resource, transfer.received, transfer.announced, rows))
            return kept

        return tell

    def _target(self, answer: httpx.Response, url: str) -> str:
        """Return the public URL of a redirect; a relative one starts at the public URL, not at its mirror."""
        return self._origins.public_of(urljoin(url, answer.headers["location"]), asked=url)

    def _admit(self, source: Source, url: str, *, asked: str) -> None:
        """Refuse what may not be asked, see `Gate.admit`; `asked` is the URL whose redirects have led there."""
        self._gate.admit(source, url, asked=asked)

    def _wait(self, source: Source, url: str) -> None:
        """Wait until the host may be asked again, see `Gate.wait`."""
        self._gate.wait(source, url)
