"""Mirrors for what a page loads: `RATECARD_ORIGINS` holds in the browser as it does outside of it.

The page keeps its public address, so that its scripts behave as they do in the world; the answers come from the mirror.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin

import httpx
from playwright.async_api import Request

from scrapers.browsing.visits import Limits, Visit

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_MOST_REDIRECTS = 5
_OF_ONE_CONNECTION = {
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "host",
    "transfer-encoding",
}


class MirrorError(Exception):
    """A mirror did not answer, leads where the page may not ask, or (`flooded`) sends more than a page may bring."""

    def __init__(self, *, flooded: bool = False) -> None:
        """Keep why."""
        self.flooded = flooded
        super().__init__("too much" if flooded else "no answer")


@dataclass(frozen=True, slots=True)
class MirrorAnswer:
    """What a mirror answered.

    Attributes:
        status: HTTP status.
        headers: those that are not about one connection; the content encoding is undone.
        body: as served, content encoding undone.
        location: public URL of a redirect that was not followed, else None.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    location: str | None


class Mirrors:
    """Asks the mirrors on behalf of one page."""

    def __init__(self, visit: Visit, limits: Limits) -> None:
        """Take the terms of the visit; the client is made when it is first needed."""
        self._visit = visit
        self._limits = limits
        self._client: httpx.AsyncClient | None = None

    async def ask(self, request: Request, *, follow: bool) -> MirrorAnswer:
        """Return the answer to a request of the page.

        Args:
            request: for a public URL of a mirrored origin.
            follow: whether redirects are followed here, inside the hosts of the visit; else they are returned.

        Raises:
            MirrorError: there is none that the page may have.
        """
        headers = _forwarded(await request.all_headers())
        url, method, payload = request.url, request.method, request.post_data_buffer
        for _ in range(_MOST_REDIRECTS + 1):
            answer = await self._send(method, url, headers, payload)
            if answer.location is None or not follow:
                return answer
            if not self._visit.admits(answer.location):
                break
            url, method, payload = answer.location, "GET", None
        raise MirrorError

    async def close(self) -> None:
        """Close the client."""
        if self._client is not None:
            await self._client.aclose()

    async def _send(self, method: str, url: str, headers: dict[str, str], payload: bytes | None) -> MirrorAnswer:
        origins = self._visit.origins
        if self._client is None:
            self._client = _client(self._limits.page_seconds)
        try:
            async with self._client.stream(
                method, origins.mirror_of(url) or url, headers=headers, content=payload
            ) as answer:
                target = answer.headers.get("location") if answer.has_redirect_location else None
                body = b"" if target else await self._read(answer)
        except httpx.HTTPError as exc:
            raise MirrorError from exc
        location = origins.public_of(urljoin(url, target), asked=url) if target else None
        return MirrorAnswer(answer.status_code, _forwarded(dict(answer.headers)), body, location)

    async def _read(self, answer: httpx.Response) -> bytes:
        body = bytearray()
        async for piece in answer.aiter_bytes():
            body += piece
            if len(body) > self._limits.page_bytes:
                raise MirrorError(flooded=True)
        return bytes(body)


def _client(seconds: float) -> httpx.AsyncClient:
    direct = httpx.AsyncHTTPTransport()
    # A mirror on this machine is asked directly, whatever proxy the environment names for the world.
    mounts = {f"all://{host}": direct for host in _LOOPBACK}
    return httpx.AsyncClient(headers={"accept-encoding": "gzip"}, timeout=seconds, mounts=mounts)


def _forwarded(headers: dict[str, str]) -> dict[str, str]:
    """Return the headers that mean the same on another connection."""
    return {name: text for name, text in headers.items() if name not in _OF_ONE_CONNECTION and name[:1] != ":"}
