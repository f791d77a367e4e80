"""The steps of every flow and command as plain functions: nothing here knows Prefect.

Each takes values and returns records; settings and the clock are read by the caller.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from importlib.metadata import version
from pathlib import Path

from normalize.export import to_parquet
from normalize.facts import Facts
from normalize.market import Reading, build_market
from normalize.records import Market, ParsedCapture
from reports.brief import Brief
from reports.build import build_report
from reports.render import write_report
from scrapers.errors import FetchError, SnapshotMissingError, SourceError, UsageError
from scrapers.records import (
    Capture,
    DatePrecision,
    Document,
    Listing,
    Response,
    Snapshot,
    Source,
    SourceState,
)
from scrapers.registry import check_count, is_excerpt, parse, source_ids, source_module, source_record
from scrapers.store import Store
from scrapers.web import Web

_REPORT_PERIOD = timedelta(days=6, hours=12)
"""A report compares with the newest snapshot that is older than this: the last weekly report's."""


def program() -> str:
    """Return name and version of this program."""
    return f"ratecard {version('ratecard')}"


def read_moment(text: str, *, option: str) -> datetime:
    """Return a date (its last second, UTC) or an ISO 8601 time as a moment.

    Raises:
        UsageError: it is neither; the message names the option.
    """
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return datetime.combine(date.fromisoformat(text), time(23, 59, 59), UTC)
        moment = datetime.fromisoformat(text)
    except ValueError as exc:
        raise UsageError(f"{option} {text}: looked for a date such as 2026-11-09 or an ISO 8601 time") from exc
    if moment.tzinfo is None:
        raise UsageError(f"{option} {text}: has no time zone; add Z for UTC")
    return moment.astimezone(UTC)


class MarketReader:
    """Reads markets out of one store; a body that several markets share is parsed once."""

    def __init__(self, store: Store, facts: Facts) -> None:
        """Take the store and the hand-kept facts."""
        self._store = store
        self._facts = facts
        self._sources = {source: source_record(source) for source in source_ids()}
        self._parsed: dict[tuple[str, str, str, datetime], ParsedCapture] = {}

    def snapshots(self) -> list[Snapshot]:
        """Return all snapshots, oldest first."""
        return list(self._store.snapshots())

    def market(self, as_of: datetime | None = None) -> Market:
        """Return the market at a date, of the newest snapshot when None.

        Raises:
            SnapshotMissingError: there is no snapshot at or before that date.
            CorruptError: a body in the store is not what was stored.
        """
        return build_market(self.snapshots(), self._sources, self.read, self._facts, as_of=as_of)

    def derive_offers(self, snapshot: Snapshot) -> None:
        """Lay the offers of one snapshot beside it as ``offers.parquet``, for whoever queries many of them.

        Raises:
            StoreError: the disk refuses.
        """
        market = build_market([snapshot], self._sources, self.read, self._facts)
        self._store.derive(snapshot.stamp, "offers.parquet", to_parquet(market.offers, made_with=program()))

    def before(self, market: Market, since: datetime | None = None) -> Market | None:
        """Return the market of the report before: at `since`, else a week earlier, else of any earlier snapshot."""
        taken = [s.taken_at for s in self._store.snapshots(market.as_of)]
        earlier = [t for t in taken if t < taken[-1]]
        weekly = [t for t in earlier if t <= taken[-1] - _REPORT_PERIOD]
        moment = since or max(weekly, default=min(earlier, default=None))
        return self.market(moment) if moment else None

    def read(self, snapshot: Snapshot, source: str) -> Reading:
        """Return one source's captures of one snapshot, parsed; those that came broken are left out.

        Raises:
            ParseError: their structure is not known.
            CorruptError: a body in the store is not what was stored.
        """
        record = self._sources[source]
        captures = tuple(self._parse(c) for c in snapshot.captures if c.source == source and not c.problem)
        reading = reading_of(captures, record)
        partial = any(r.source == source and r.state is SourceState.PARTIAL for r in snapshot.results)
        return replace(reading, excerpt=reading.excerpt or partial)

    def _parse(self, capture: Capture) -> ParsedCapture:
        key = (capture.source, capture.sha256, capture.url, capture.retrieved_at)
        if key not in self._parsed:
            self._parsed[key] = parsed(self._store.document(capture))
        return self._parsed[key]


def reading_of(captures: tuple[ParsedCapture, ...], source: Source) -> Reading:
    """Return one source's parsed captures, with whether they are only an excerpt of what it publishes."""
    listings = sum(len(c.listings) for c in captures)
    return Reading(captures, any(c.excerpt or is_excerpt(source, c.obtained, listings) for c in captures))


def parsed(document: Document) -> ParsedCapture:
    """Return a document with its listings.

    Raises:
        ParseError: its structure is not known.
    """
    capture = document.capture
    return ParsedCapture(
        sha256=capture.sha256,
        url=capture.answered_url,
        body=capture.body or capture.resource,
        retrieved_at=capture.retrieved_at,
        date_precision=capture.date_precision,
        obtained=capture.obtained,
        excerpt=capture.excerpt,
        listings=tuple(parse(document)),
    )


@dataclass(frozen=True, slots=True)
class Scraped:
    """What became of one source in a scrape.

    Attributes:
        source: its id.
        responses: what arrived.
        listings: how many prices they hold.
        error: why the source failed, as a whole or in part; None when it did not.
        problems: by resource, why a body that arrived could not be read.
        partial: whether what arrived and could be read is good although something else failed.
        missing: how many bodies, at the least, did not come or could not be read.
    """

    source: str
    responses: tuple[Response, ...]
    listings: int
    error: SourceError | None
    problems: Mapping[str, str] = field(default_factory=dict)
    partial: bool = False
    missing: int = 0


def scrape_source(source: str, web: Web, regions: Sequence[str]) -> Scraped:
    """Fetch one source and read what arrived, so that a broken page is known before it is stored as good.

    A body that does not come, or cannot be read, does not lose the others: the source is partial. It failed when none
    is good, or when they hold far fewer prices than as many bodies of the source should.

    Args:
        source: id of the source.
        web: the way out.
        regions: wanted region codes.
    """
    read = read_responses(source, source_module(source).fetch(web, regions))
    if read.error is not None and not read.partial:
        return read
    good = len(read.responses) - len(read.problems)
    share = good / (good + read.missing) if read.partial else 1
    try:
        check_count(source_record(source), read.listings, share=share)
    except SourceError as exc:
        return replace(read, error=_joined(source, [*([read.error] if read.error else []), exc]), partial=False)
    return read


def read_responses(source: str, fetched: Iterator[Response]) -> Scraped:
    """Return what a fetch brings and how much of it can be read; whatever fails, what came before it is kept.

    Args:
        source: id of the source.
        fetched: its responses; may end in a `SourceError`.
    """
    responses: list[Response] = []
    problems: dict[str, SourceError] = {}
    listings, failure = 0, None
    try:
        for response in fetched:
            responses.append(replace(response, listings=None))
            try:
                listings += len(listings_of(source, response))
            except SourceError as exc:
                problems[response.resource] = exc
    except SourceError as exc:
        failure = exc
    return Scraped(
        source,
        tuple(responses),
        listings,
        _joined(source, [*problems.values(), *([failure] if failure else [])]),
        {resource: str(exc) for resource, exc in problems.items()},
        partial=len(problems) < len(responses) and (failure is not None or bool(problems)),
        missing=len(problems) + (failure is not None),
    )


def listings_of(source: str, response: Response) -> Sequence[Listing]:
    """Return the listings of a response: those read while it arrived, else parsed from its bytes.

    Raises:
        ParseError: its structure is not known.
    """
    return response.listings or parse(Document.of(response, source=source))


def _joined(source: str, errors: Sequence[SourceError]) -> SourceError | None:
    """Return several errors as one, worth another try where each of them is."""
    if len(errors) < 2:  # noqa: PLR2004  # one is as it is
        return errors[0] if errors else None
    kind = FetchError if all(isinstance(exc, FetchError) for exc in errors) else SourceError
    return kind(source, "; ".join(f"{exc.where}: {exc.problem}" if exc.where else exc.problem for exc in errors))


def store_scraped(store: Store, scraped: Sequence[Scraped], taken_at: datetime, *, excerpt: bool = False) -> Snapshot:
    """Write one snapshot of several sources; each of them fails alone, and its bytes are kept for a look.

    Args:
        store: where to.
        scraped: the sources' results.
        taken_at: the snapshot's time.
        excerpt: whether what arrived is known to be only a part of what was published.
    """
    writer = store.writer(taken_at, written_by=program())
    for result in scraped:
        for response in result.responses:
            problem = result.problems.get(response.resource, "")
            precision = DatePrecision.DAY if response.fetched_at else DatePrecision.SECOND
            writer.add(result.source, response, date_precision=precision, excerpt=excerpt, problem=problem)
        if result.error is not None:
            writer.fail(result.source, str(result.error), partial=result.partial)
    return writer.commit()


def write_client_report(
    brief: Brief, market: Market, previous: Market | None, facts: Facts, out: Path
) -> tuple[Path, Path, Path]:
    """Build a report and write it as Markdown, HTML and PDF, named ``<brief>-<date>``.

    Args:
        brief: what is asked.
        market: what is known at the report's date.
        previous: the market of the report before; None for a first report.
        facts: the hand-kept facts.
        out: folder to write to.

    Returns:
        The three paths, in that order.
    """
    report = build_report(brief, market, previous, facts, generator=program())
    paths = write_report(report, out, f"{brief.name}-{report.date}")
    return paths.markdown, paths.html, paths.pdf


def find_capture(store: Store, sha256: str) -> Capture:
    """Return the capture whose body's hash begins so.

    Raises:
        SnapshotMissingError: no body does, or bodies of several sources do.
    """
    found = {c.sha256: c for s in store.snapshots() for c in s.captures if c.sha256.startswith(sha256)}
    if len(found) != 1 or not sha256:
        raise SnapshotMissingError(f"{len(found)} bodies in {store.root} have a sha256 that begins with {sha256!r}")
    return next(iter(found.values()))
