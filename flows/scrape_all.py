"""All sources at the same time, a thread each: the slowest bounds the whole, and one that hangs only itself.

There are as many threads as sources, a dozen: with fewer, sources that hang would keep others waiting. They are
daemons, so that the process ends while one of them still waits for an answer; `ThreadPoolExecutor` would wait for it.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence

from flows.scraping import Harvest, Scraped, judge, scrape_source
from flows.way_out import Arrived, Patience, WayOut, overtime
from scrapers.errors import SourceError, StoppedError, StoreError, UsageError

GRACE_SECONDS = 0.5
"""How long a source that is told to end may take to come back by itself."""
_LOOK_SECONDS = 0.1

_Outcome = Scraped | Exception


def scrape_all(  # what, how, how long, and who is told
    sources: Sequence[str],
    out: WayOut,
    regions: Sequence[str],
    *,
    seconds: float,
    done: Callable[[str], None] = lambda _source: None,
    arrived: Arrived | None = None,
) -> list[Scraped]:
    """Scrape sources at the same time; each fails alone.

    Args:
        sources: ids.
        out: the way out.
        regions: wanted region codes.
        seconds: longest time for one source. What it has by then is kept, the rest has failed.
        done: is told of each source that is done, in this thread.
        arrived: is told of every piece of a body, in the source's thread.

    Returns:
        What became of each source, ordered by its id.

    Raises:
        StoreError: the disk refuses.
        UsageError: no region is asked for.
        StoppedError: the way out was closed by somebody else.
    """
    errands = [_Errand(source, out, regions, seconds, arrived) for source in sorted(set(sources))]
    outcomes: queue.SimpleQueue[_Outcome] = queue.SimpleQueue()
    found: dict[str, Scraped] = {}
    try:
        for errand in errands:
            errand.start(outcomes)
        for scraped in _collect(outcomes, len(errands), time.monotonic() + seconds + GRACE_SECONDS, out.stopped):
            found[scraped.source] = scraped
            done(scraped.source)
    except BaseException:  # Ctrl-C too: nothing may be written into a folder that is being removed
        out.stopped.set()
        _wait_for(errands)
        raise
    return [found.get(errand.source) or errand.give_up() for errand in errands]


class _Errand:
    """One source, in a thread of its own."""

    def __init__(
        self, source: str, out: WayOut, regions: Sequence[str], seconds: float, arrived: Arrived | None
    ) -> None:
        self.source = source
        self._out = out
        self._regions = regions
        self._seconds = seconds
        self._arrived = arrived
        self._harvest = Harvest(source)
        self.thread: threading.Thread | None = None

    def start(self, outcomes: queue.SimpleQueue[_Outcome]) -> None:
        """Set out; what became of the source, whatever that is, is put into the queue."""
        self.thread = threading.Thread(target=lambda: outcomes.put(self._run()), name=self.source, daemon=True)
        self.thread.start()

    def _run(self) -> _Outcome:
        try:
            with self._out.open(Patience(self._seconds, self._out.stopped), self._arrived) as web:
                return scrape_source(self.source, web, self._regions, self._harvest)
        except (StoreError, UsageError, StoppedError) as exc:
            return exc
        except SourceError as exc:
            return judge(self._harvest.scraped(exc))
        except Exception as exc:  # noqa: BLE001  # a source can break in any way, and must break alone
            broken = SourceError(self.source, f"its reader broke: {exc!r}")
            broken.__cause__ = exc
            return judge(self._harvest.scraped(broken))

    def give_up(self) -> Scraped:
        """Return what has come so far of a source that does not come back."""
        return judge(self._harvest.scraped(SourceError(self.source, overtime(self._seconds))))


def _collect(
    outcomes: queue.SimpleQueue[_Outcome], number: int, until: float, stopped: threading.Event
) -> Iterator[Scraped]:
    """Yield what comes back, as it comes, until a moment of the monotonic clock."""
    while number and (left := until - time.monotonic()) > 0:
        if stopped.is_set():
            raise StoppedError("interrupted")
        try:
            outcome = outcomes.get(timeout=min(left, _LOOK_SECONDS))
        except queue.Empty:
            continue
        number -= 1
        if isinstance(outcome, Exception):
            raise outcome
        yield outcome


def _wait_for(errands: Sequence[_Errand]) -> None:
    """Wait for those that come back at once; one that waits for an answer is left to the process's end."""
    until = time.monotonic() + GRACE_SECONDS
    for errand in errands:
        if errand.thread is not None:
            errand.thread.join(max(0.0, until - time.monotonic()))
