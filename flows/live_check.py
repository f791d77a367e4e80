"""Whether each source can be read now: once against the live site, and nothing of it is stored.

It goes the way of `ratecard scrape`, with its origins, politeness and time limits. The bytes of what failed are kept
in a folder for whoever mends the parser.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.drift_report import drift_of_responses
from flows.scrape_all import scrape_all
from flows.scraping import Scraped
from flows.settings import Settings
from flows.way_out import Arrived, way_out
from scrapers.archive.store import Store
from scrapers.errors import StoreError
from scrapers.records import Content, Response
from scrapers.registry import source_record
from scrapers.shapes.drift import Drift


@dataclass(frozen=True, slots=True)
class LiveCheck:
    """What became of one source.

    Attributes:
        source: its id.
        works: whether all of it came and could be read.
        why: why not, "" where it works.
        listings: how many prices came.
        expected_listings: fewest and most of one whole read.
        drift: what changed since its last good capture; None where nothing came.
        seconds: from the start of the run until the source was done.
        size: bytes that came, unpacked.
        kept: where the bytes lie that could not be used.
    """

    source: str
    works: bool
    why: str
    listings: int
    expected_listings: tuple[int, int]
    drift: Drift | None
    seconds: float
    size: int
    kept: tuple[str, ...]


def check_live(
    settings: Settings,
    sources: Sequence[str],
    *,
    good: Store,
    own: Store,
    keep: Path,
    done: Callable[[str], None] = lambda _source: None,
    arrived: Arrived | None = None,
) -> list[LiveCheck]:
    """Read sources once, all at the same time; return what became of each, ordered by its id.

    Args:
        settings: of this installation.
        sources: ids.
        good: where the last good captures are, to compare with.
        own: on whose disk bodies are received; what it holds unchanged is asked for by its tag.
        keep: folder for the bytes of what failed; made when there are any.
        done: is told of each source that is done.
        arrived: is told of every piece of a body.

    Raises:
        StoreError: the disk refuses, or a manifest of the store cannot be read.
        UsageError: a source is unknown, or no region is asked for.
    """
    for source in sources:
        source_record(source)
    began, took = time.monotonic(), dict[str, float]()

    def note(source: str) -> None:
        took[source] = time.monotonic() - began
        done(source)

    with way_out(settings, own) as out:
        scraped = scrape_all(
            sources, out, settings.regions, seconds=settings.source_seconds, done=note, arrived=arrived
        )
        gone = time.monotonic() - began
        return [_check(s, good, keep, took.get(s.source, gone)) for s in scraped]


def _check(scraped: Scraped, good: Store, keep: Path, seconds: float) -> LiveCheck:
    return LiveCheck(
        source=scraped.source,
        works=scraped.error is None,
        why=str(scraped.error or ""),
        listings=scraped.listings,
        expected_listings=source_record(scraped.source).expected_listings,
        drift=drift_of_responses(good, scraped) if any(r.holds_prices for r in scraped.responses) else None,
        seconds=round(seconds, 2),
        size=sum(response.body.size for response in scraped.responses),
        kept=tuple(str(_keep(response, keep / scraped.source)) for response in _unusable(scraped)),
    )


def _unusable(scraped: Scraped) -> list[Response]:
    """Return the bodies that nobody can use, with their pictures: all of a source that failed as a whole."""
    failed = scraped.error is not None and not scraped.partial
    unusable = (response for response in scraped.responses if failed or response.resource in scraped.problems)
    return [part for response in unusable for part in response.with_evidence()]


def _keep(response: Response, folder: Path) -> Path:
    path = folder / response.resource
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(response.body, path)
    except OSError as exc:
        raise StoreError(f"{path}: cannot be written ({exc.strerror})") from exc
    return path


def _write(body: Content, path: Path) -> None:
    with body.open() as stream, path.open("wb") as file:
        shutil.copyfileobj(stream, file)
