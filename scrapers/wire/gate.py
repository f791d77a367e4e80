"""Whether an address may be asked on a source's behalf, and when: its hosts, its robots.txt, pauses and retries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import TypeVar
from urllib.parse import urlsplit

from scrapers.errors import FetchError, ParseError
from scrapers.records import Source
from scrapers.wire.answers import body_seconds
from scrapers.wire.origins import Origins, origin_of
from scrapers.wire.politeness import Politeness, Sleep
from scrapers.wire.retries import LONGEST_PAUSE_SECONDS, TRIES, keep_trying
from scrapers.wire.robots import AGENT, Rules

_AT_HAND = ("127.0.0.1", "localhost", "::1")
T = TypeVar("T")


class Gate:
    """What every request of one `Web` passes, the browser's too."""

    def __init__(
        self,
        origins: Origins,
        politeness: Politeness,
        sleep: Sleep,
        read_robots: Callable[[Source, str], Rules],
    ) -> None:
        """Take what is known of hosts, and what reads the rules of the robots.txt at a public URL."""
        self._origins = origins
        self._politeness = politeness
        self._sleep = sleep
        self._read_robots = read_robots

    def admit(self, source: Source, url: str, *, asked: str) -> None:
        """Refuse what the source does not name as its host, and what that host closes to Ratecard.

        Args:
            source: on whose behalf.
            url: the public URL that is to be asked.
            asked: the one whose redirects have led there.

        Raises:
            FetchError: whether it is closed cannot be known now.
            ParseError: it may not be asked.
        """
        self.admit_host(source, url, asked=asked)
        line = self._rules(source, url).closing_line(url)
        if line is not None:
            what = "this address" if url == asked else f"{url}, to which it leads,"
            problem = f"{origin_of(url)}/robots.txt closes {what} to {AGENT} ({line!r}); it is not asked"
            raise ParseError(source.id, problem, where=asked)

    def admit_host(self, source: Source, url: str, *, asked: str) -> None:
        """Refuse a host that the source does not name, and a way from https back to http.

        Raises:
            ParseError: it may not be asked.
        """
        parts = urlsplit(url)
        safe = parts.scheme == "https" or (parts.scheme == "http" == urlsplit(asked).scheme)
        if safe and parts.hostname in source.allowed_hosts:
            return
        hosts = ", ".join(source.allowed_hosts) or "none"
        what = "may not be asked" if url == asked else f"leads to {url}, which may not be asked"
        raise ParseError(source.id, f"{what}; the source's hosts are: {hosts}", where=asked)

    def wait(self, source: Source, url: str) -> None:
        """Wait for the host's next moment: by the source's interval, the host's Crawl-delay and its Retry-After.

        A mirror on this machine needs no mercy, unless it asks for it itself.

        Raises:
            FetchError: that is longer than anybody waits.
        """
        asked_for = self._rules(source, url).delay_seconds
        interval = asked_for if self._is_at_hand(url) else max(source.min_interval_seconds, asked_for)
        self._refuse_if_held(source, url)
        pause = self._politeness.reserve(self._host(url), interval)
        if pause > LONGEST_PAUSE_SECONDS < interval:
            problem = f"{origin_of(url)}/robots.txt asks for {interval:.0f} s between two requests (Crawl-delay)"
            raise FetchError(source.id, problem, where=url, retry_after=pause)
        if pause > 0:
            self._sleep(pause)

    @contextmanager
    def turn(self, source: Source, url: str, *, robots: bool = False) -> Iterator[None]:
        """Hold one of the host's places, and wait for its next moment; with the question for its robots.txt only that.

        Raises:
            FetchError: as `wait`.
        """
        with nullcontext() if self._is_at_hand(url) else self._politeness.place(self._host(url), self._sleep):
            if robots:
                self._refuse_if_held(source, url)
            else:
                self.wait(source, url)
            yield

    def hold(self, url: str, seconds: float) -> None:
        """Note that the host of a public URL does not want to be asked by anybody for so many seconds."""
        self._politeness.hold(self._host(url), seconds)

    def keep_trying(self, source: Source, url: str, once: Callable[[], T], tries: int = TRIES) -> T:
        """Return what a request brings, repeated while that is worth it, see `retries`."""
        return keep_trying(
            once,
            seconds=body_seconds(source),
            sleep=self._sleep,
            monotonic=self._politeness.monotonic,
            spread=self._politeness.spread,
            tries=tries,
            in_a_hurry=self._is_at_hand(url),
        )

    def _refuse_if_held(self, source: Source, url: str) -> None:
        held = self._politeness.held(self._host(url))
        if held > LONGEST_PAUSE_SECONDS:
            problem = f"not asked: the host does not want to be asked by anybody for {held:.0f} s more"
            raise FetchError(source.id, problem, where=url, retry_after=held)

    def _rules(self, source: Source, url: str) -> Rules:
        robots = f"{origin_of(url)}/robots.txt"
        really = self._origins.mirror_of(robots) or robots
        return self._politeness.rules(source.id, really, lambda: self._read_robots(source, robots), self._sleep)

    def _host(self, url: str) -> str:
        """Return the origin that is really asked; mirrors on this machine are told apart by what they stand for."""
        return origin_of(url if self._is_at_hand(url) else self._origins.mirror_of(url) or url)

    def _is_at_hand(self, url: str) -> bool:
        """Return whether a mirror on this machine answers for a public URL."""
        mirror = self._origins.mirror_of(url)
        return mirror is not None and urlsplit(mirror).hostname in _AT_HAND
