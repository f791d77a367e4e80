"""The steps of every flow and command as plain functions: nothing here knows Prefect.

Each takes values and returns records; settings and the clock are read by the caller.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from flows.exhibits import with_exhibits
from flows.program import program
from normalize.claims import EVIDENCE_SOURCE, passages
from normalize.evidence import look_for
from normalize.export import to_parquet
from normalize.facts import Facts
from normalize.market import Reading, build_market
from normalize.quarantine import settle
from normalize.records import Market, ParsedCapture
from reports.brief import Brief
from reports.build import build_report
from reports.render import write_report
from scrapers.archive.store import Store
from scrapers.errors import CorruptError, UsageError
from scrapers.places.locate import OpenBody
from scrapers.records import Capture, Document, Snapshot, Source, SourceState
from scrapers.registry import is_excerpt, parse, source_ids, source_record

_REPORT_PERIOD = timedelta(days=6, hours=12)
"""A report compares with the newest snapshot that is older than this: the last weekly report's."""
_SEASON = timedelta(days=90)
"""How long a price that jumped waits for a second source or a decision."""
_RECENT_SNAPSHOTS = 7
"""How many snapshots back the last good price of an offer in quarantine is looked for, before that of a season ago."""


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
        self._earlier: dict[datetime, Market | None] = {}
        self._texts: dict[str, str] = {}

    @property
    def facts(self) -> Facts:
        """The hand-kept facts."""
        return self._facts

    def snapshots(self) -> list[Snapshot]:
        """Return all snapshots, oldest first."""
        return list(self._store.snapshots())

    def market(self, as_of: datetime | None = None) -> Market:
        """Return the market at a date, of the newest snapshot when None, its jumps held against earlier markets.

        Raises:
            SnapshotMissingError: there is no snapshot at or before that date.
            CorruptError: a body in the store is not what was stored.
        """
        snapshots = self.snapshots()
        market = build_market(snapshots, self._sources, self.read, self._facts, as_of=as_of)
        known = [s.taken_at for s in snapshots if s.taken_at <= market.as_of]
        return settle(market, _look_back(known), self._market_before, self._facts)

    def _market_before(self, moment: datetime) -> Market | None:
        """Return an earlier market; None where a body of it is damaged, which `ratecard doctor` tells."""
        if moment not in self._earlier:
            try:
                found = build_market(self.snapshots(), self._sources, self.read, self._facts, as_of=moment)
            except CorruptError:
                found = None
            self._earlier[moment] = found
        return self._earlier[moment]

    def with_evidence(self, market: Market) -> Market:
        """Return a market with what the archived pages say at its date of the words that the statements rest on.

        Apart from `market`, which needs no page: only who prints statements waits for them.

        Raises:
            CorruptError: a body in the store is not what was stored.
        """
        taken = (capture for snapshot in self._store.snapshots(market.as_of) for capture in snapshot.captures)
        pages = [c for c in taken if c.source == EVIDENCE_SOURCE and c.holds_prices and not c.problem]
        return replace(market, evidence=look_for(passages(self._facts.claims), pages, self._text_of))

    def _text_of(self, capture: Capture) -> str:
        if capture.sha256 not in self._texts:
            self._texts[capture.sha256] = OpenBody(self._store.document(capture)).plain_text
        return self._texts[capture.sha256]

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
        """Return one source's captures of one snapshot, parsed; those that came broken or hold no prices are left out.

        Raises:
            ParseError: their structure is not known.
            CorruptError: a body in the store is not what was stored.
        """
        record = self._sources[source]
        good = (c for c in snapshot.captures if c.source == source and c.holds_prices and not c.problem)
        captures = tuple(self._parse(c) for c in good)
        reading = reading_of(captures, record)
        partial = any(r.source == source and r.state is SourceState.PARTIAL for r in snapshot.results)
        return replace(reading, excerpt=reading.excerpt or partial)

    def _parse(self, capture: Capture) -> ParsedCapture:
        key = (capture.source, capture.sha256, capture.url, capture.retrieved_at)
        if key not in self._parsed:
            self._parsed[key] = parsed(self._store.document(capture))
        return self._parsed[key]


def _look_back(known: list[datetime]) -> list[datetime]:
    """Return the moments of earlier snapshots to hold prices against, newest first: a few, then one of a season ago."""
    *earlier, newest = known
    seasons = [t for t in earlier if t <= newest - _SEASON] or earlier[:1]
    recent = earlier[-_RECENT_SNAPSHOTS:][::-1]
    return list(dict.fromkeys((*(t for t in recent if t > seasons[-1]), seasons[-1]))) if earlier else []


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


def write_client_report(
    brief: Brief, market: Market, previous: Market | None, facts: Facts, out: Path, *, store: Store
) -> tuple[Path, Path, Path]:
    """Build a report and write it as Markdown, HTML and PDF, named ``<brief>-<date>``.

    Args:
        brief: what is asked.
        market: what is known at the report's date.
        previous: the market of the report before; None for a first report.
        facts: the hand-kept facts.
        out: folder to write to.
        store: where the figures were read: it shows what stands around them.

    Returns:
        The three paths, in that order.
    """
    report = with_exhibits(build_report(brief, market, previous, facts, generator=program()), store)
    paths = write_report(report, out, f"{brief.name}-{report.date}")
    return paths.markdown, paths.html, paths.pdf
