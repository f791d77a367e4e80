"""The way out of one scrape: a `Web` for every source, what they share, and how they are told to come back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.settings import Settings
from normalize.claims import EVIDENCE_SOURCE, passages
from normalize.facts_claims import read_claims
from scrapers.archive.store import Store
from scrapers.browsing.browser import Browser
from scrapers.errors import StoppedError
from scrapers.records import Document
from scrapers.wire.answers import Arrival
from scrapers.wire.politeness import Politeness
from scrapers.wire.web import Web

Arrived = Callable[[Arrival], None]


class Patience:
    """How long a source may take. A thread cannot be ended from outside; it asks here wherever it comes by."""

    def __init__(self, seconds: float, stopped: threading.Event) -> None:
        """Begin to count.

        Args:
            seconds: longest time for the source; infinite where somebody else watches over it.
            stopped: is set when the whole scrape is to end.
        """
        self._seconds = seconds
        self._until = time.monotonic() + seconds
        self._stopped = stopped

    def left(self) -> float:
        """Return the seconds that are left, below 0 when the time is over."""
        return self._until - time.monotonic()

    def check(self) -> None:
        """Raise a `StoppedError` when the time is over or the scrape is to end."""
        if self._stopped.is_set():
            raise StoppedError("interrupted")
        if self.left() <= 0:
            raise StoppedError(overtime(self._seconds))

    def sleep(self, seconds: float) -> None:
        """Wait, but no longer than `check` allows."""
        self._stopped.wait(max(0.0, min(seconds, self.left())))
        self.check()


def overtime(seconds: float) -> str:
    """Return what to say of a source that took longer than it may."""
    return f"not done within {seconds:g} s; RATECARD_SOURCE_SECONDS allows more"


def evidence_addresses(facts: Path) -> tuple[str, ...]:
    """Return the pages on which the statements among the facts rest, each once, in the order of their file.

    Raises:
        FactsError: `claims.toml` cannot be read, or is wrong; names row and key.
    """
    claims, _ = read_claims(facts)
    return tuple(dict.fromkeys(url for url, _ in passages(claims)))


class WayOut:
    """Opens the `Web` of every source of one scrape."""

    def __init__(self, settings: Settings, spool: Path, earlier: Callable[[str, str], Document | None]) -> None:
        """Take what the sources share, beside one politeness towards every host, and one browser.

        Args:
            settings: origins and contact.
            spool: folder in which large bodies are received.
            earlier: returns the last good capture of a source's URL.
        """
        self._settings = settings
        self._spool = spool
        self._earlier = earlier
        self._politeness = Politeness()
        self.browser = Browser()
        self.stopped = threading.Event()

    def open(self, patience: Patience | None = None, arrived: Arrived | None = None) -> Web:
        """Open the way out for one source; whoever opens it closes it.

        Args:
            patience: asked in every pause, and at every piece of a body; without one the source may take any time.
            arrived: is told of every piece of a body.
        """
        until = patience or Patience(float("inf"), self.stopped)

        def hear(arrival: Arrival) -> None:
            until.check()
            if arrived is not None:
                arrived(arrival)

        return Web(
            origins=self._settings.origins,
            contact=self._settings.contact,
            sleep=until.sleep,
            politeness=self._politeness,
            spool=self._spool,
            earlier=self._earlier,
            progress=hear,
            browser=self.browser,
            addresses=self._addresses,
        )

    def _addresses(self, source: str) -> tuple[str, ...]:
        """Return the pages that a source is to read: those that the facts name as evidence, of their source alone.

        Raises:
            FactsError: the facts cannot be read.
        """
        return evidence_addresses(self._settings.facts) if source == EVIDENCE_SOURCE else ()


@contextmanager
def way_out(settings: Settings, store: Store) -> Iterator[WayOut]:
    """Open the way out: what arrives lies on the store's disk, and what is there already is not asked for again.

    Leaving the context tells every source that is still on its way to come back, closes the browser, and removes what
    was not stored.

    Args:
        settings: of this installation.
        store: where the bodies are to go.

    Raises:
        StoreError: the store's folder cannot be written.
    """
    with store.incoming() as spool:
        out = WayOut(settings, Path(spool), store.last_captures())
        try:
            yield out
        finally:
            out.stopped.set()
            out.browser.close()
