"""Whether there is a network: asked before anything is tried that would wait for it, again and again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

import httpx

from scrapers.registry import source_record
from scrapers.wire.origins import Origins, origin_of

PATIENCE_SECONDS = 10.0
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def answering(sources: Iterable[str], origins: Mapping[str, str]) -> set[str]:
    """Return those of the sources whose site, or the mirror in its place, answers anything at all.

    Every site is asked for its robots.txt, which it expects of whoever comes first.
    """
    wanted = list(sources)
    addresses = {source: _robots_of(source, Origins(origins)) for source in wanted}
    with (
        httpx.Client(
            timeout=PATIENCE_SECONDS, mounts={f"all://{host}": httpx.HTTPTransport() for host in _LOOPBACK}
        ) as client,
        ThreadPoolExecutor(8) as pool,
    ):
        urls = sorted(set(addresses.values()))
        heard = dict(zip(urls, pool.map(lambda url: _answers(client, url), urls), strict=True))
    return {source for source in wanted if heard[addresses[source]]}


def _robots_of(source: str, origins: Origins) -> str:
    url = f"{_first_origin(source)}/robots.txt"
    return origins.mirror_of(url) or url


def _first_origin(source: str) -> str:
    """Return the origin that is asked for prices: of an API's own host, not of the page that tells people of it."""
    record = source_record(source)
    known = record.method == "http" and record.allowed_hosts
    return f"https://{record.allowed_hosts[0]}" if known else origin_of(record.url)


def _answers(client: httpx.Client, url: str) -> bool:
    try:
        with client.stream("GET", url):
            return True
    except httpx.TransportError:
        return False
