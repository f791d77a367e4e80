"""Keeping one's distance: how often and how many at a time a host is asked, whoever asks it.

One `Politeness` is shared by all that are on their way at the same time, in whatever thread. It waits for nobody: the
pauses are slept by who asks, in whose place they can be ended.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from scrapers.errors import FetchError
from scrapers.wire.robots import Rules

AT_ONCE = 2
"""Requests to one host at the same time: a large file does not keep an index waiting."""
SPREAD = 0.25
"""A pause is longer than it must be by up to this share, so that nobody knocks in time."""
_LOOK_SECONDS = 0.1
Sleep = Callable[[float], None]
"""Waits so many seconds, or raises when nobody waits any longer."""


@dataclass(slots=True)
class _Host:
    """What is known of one host: its places, and when it was or will be asked last."""

    places: threading.BoundedSemaphore
    asked_at: float = float("-inf")
    closed_until: float = float("-inf")


@dataclass(slots=True)
class _Robots:
    """What is known of one robots.txt: its rules, or why they did not come."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    found: Rules | FetchError | None = None


class Politeness:
    """The pauses, places and rules of every host.

    Attributes:
        monotonic: measures time, in seconds.
        spread: returns a number from 0 to 1 for every pause.
    """

    def __init__(
        self,
        *,
        at_once: int = AT_ONCE,
        monotonic: Callable[[], float] = time.monotonic,
        spread: Callable[[], float] = random.random,
    ) -> None:
        """Take the limit and the clock.

        Args:
            at_once: requests to one host at the same time.
            monotonic: measures time, in seconds.
            spread: returns a number from 0 to 1 for every pause; chance, so that pauses differ.
        """
        self.monotonic = monotonic
        self.spread = spread
        self._at_once = at_once
        self._lock = threading.Lock()
        self._hosts: dict[str, _Host] = {}
        self._robots: dict[str, _Robots] = {}

    @contextmanager
    def place(self, host: str, sleep: Sleep) -> Iterator[None]:
        """Hold one of a host's places as long as the context lasts; wait until one is free.

        Args:
            host: origin that is really asked.
            sleep: is called between two looks, with 0; what it raises ends the waiting.
        """
        places = self._host(host).places
        _acquire(places, sleep)
        try:
            yield
        finally:
            places.release()

    def reserve(self, host: str, interval_seconds: float) -> float:
        """Take the host's next moment, and return the seconds until then: 0 when it is now.

        Args:
            host: origin that is really asked.
            interval_seconds: shortest time since the request before.
        """
        interval = interval_seconds * (1 + SPREAD * self.spread())
        known = self._host(host)
        with self._lock:
            now = self.monotonic()
            known.asked_at = max(now, known.closed_until, known.asked_at + interval)
            return known.asked_at - now

    def hold(self, host: str, seconds: float) -> None:
        """Note that a host does not want to be asked by anybody for so many seconds."""
        known = self._host(host)
        with self._lock:
            known.closed_until = max(known.closed_until, self.monotonic() + seconds)

    def held(self, host: str) -> float:
        """Return the seconds for which a host does not want to be asked; 0 when it may be."""
        return max(0.0, self._host(host).closed_until - self.monotonic())

    def rules(self, source: str, url: str, read: Callable[[], Rules], sleep: Sleep) -> Rules:
        """Return the rules of a robots.txt, which is read once, by whoever needs it first.

        Args:
            source: id of the source that needs it.
            url: of the robots.txt that is really asked for.
            read: reads it.
            sleep: is called between two looks while another thread reads it, see `place`.

        Raises:
            FetchError: it did not come, now or when somebody else asked; then all who need it fail alike.
            ParseError: it is not where this source may ask.
        """
        with self._lock:
            known = self._robots.setdefault(url, _Robots())
        _acquire(known.lock, sleep)
        try:
            if known.found is None:
                known.found = _outcome(read)
        finally:
            known.lock.release()
        if isinstance(known.found, FetchError):
            raise FetchError(source, known.found.problem, where=known.found.where, again=False) from known.found
        return known.found

    def _host(self, host: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(host, _Host(threading.BoundedSemaphore(self._at_once)))


def _outcome(read: Callable[[], Rules]) -> Rules | FetchError:
    try:
        return read()
    except FetchError as exc:
        return exc


def _acquire(lock: threading.Lock | threading.BoundedSemaphore, sleep: Sleep) -> None:
    while not lock.acquire(timeout=_LOOK_SECONDS):
        sleep(0)
