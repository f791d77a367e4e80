"""One source from its first request to what could be read of it, and several of them into one snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from flows.program import program
from scrapers.archive.store import SnapshotWriter, Store
from scrapers.errors import FetchError, SourceError, StoppedError
from scrapers.records import DatePrecision, Document, Listing, Response, Snapshot
from scrapers.registry import check_count, findings, parse, source_module, source_record
from scrapers.wire.web import Web


@dataclass(frozen=True, slots=True)
class Scraped:
    """What became of one source in a scrape.

    Attributes:
        source: its id.
        responses: what arrived, each with its evidence; after a failure also what stood there instead.
        listings: how many prices they hold.
        error: why the source failed, as a whole or in part; None when it did not.
        problems: by resource, why a body that arrived could not be read.
        partial: whether what arrived and could be read is good although something else failed.
        missing: how many bodies, at the least, did not come or could not be read.
        findings: what the source's own guard finds odd in what could be read, a sentence each.
    """

    source: str
    responses: tuple[Response, ...]
    listings: int
    error: SourceError | None
    problems: Mapping[str, str] = field(default_factory=dict)
    partial: bool = False
    missing: int = 0
    findings: tuple[str, ...] = ()


class Harvest:
    """What has come of one source so far; another thread may look at any time."""

    def __init__(self, source: str) -> None:
        """Begin with nothing."""
        self._source = source
        self._read: list[tuple[Response, int, SourceError | None]] = []
        self._findings: tuple[str, ...] = ()

    def add(self, response: Response) -> None:
        """Keep a response, and how many prices it holds or why it cannot be read."""
        listings: Sequence[Listing] = ()
        problem = None
        try:
            listings = listings_of(self._source, response)
        except SourceError as exc:
            problem = exc
        odd = findings(self._source, listings) or ()
        self._findings = tuple(dict.fromkeys((*self._findings, *odd)))
        self._read.append((replace(response, listings=None), len(listings), problem))

    def scraped(self, failure: SourceError | None = None) -> Scraped:
        """Return what became of the source when no more comes.

        Args:
            failure: why not; None when all has come.
        """
        read = list(self._read)
        problems = {response.resource: problem for response, _, problem in read if problem}
        arrived = [response for response, _, _ in read]
        names = {response.resource for response in arrived}
        instead = {r.resource: r for r in (failure.evidence if failure else ()) if r.resource not in names}
        return Scraped(
            self._source,
            (*arrived, *instead.values()),
            sum(listings for _, listings, _ in read),
            _joined(self._source, [*problems.values(), *([failure] if failure else [])]),
            {resource: str(problem) for resource, problem in (problems | dict.fromkeys(instead, failure)).items()},
            partial=len(problems) < len(read) and (failure is not None or bool(problems)),
            missing=len(problems) + (failure is not None),
            findings=self._findings,
        )


def scrape_source(source: str, web: Web, regions: Sequence[str], harvest: Harvest | None = None) -> Scraped:
    """Fetch one source and read what arrived, so that a broken page is known before it is stored as good.

    A body that does not come, or cannot be read, does not lose the others: the source is partial. It failed when none
    is good, or when they hold far fewer prices than as many bodies of the source should.

    Args:
        source: id of the source.
        web: the way out.
        regions: wanted region codes.
        harvest: takes in what comes, for who may not wait for the end.
    """
    return judge(read_responses(source, source_module(source).fetch(web, regions), harvest))


def judge(read: Scraped) -> Scraped:
    """Return what was read of a source, as a failure where it is too little to be used."""
    if read.error is not None and not read.partial:
        return read
    good = len(read.responses) - len(read.problems)
    share = good / (good + read.missing) if read.partial else 1
    try:
        check_count(source_record(read.source), read.listings, share=share)
    except SourceError as exc:
        errors = [*([read.error] if read.error else []), exc]
        return replace(read, error=_joined(read.source, errors), partial=False)
    return read


def read_responses(source: str, fetched: Iterator[Response], harvest: Harvest | None = None) -> Scraped:
    """Return what a fetch brings and how much of it can be read; whatever fails, what came before it is kept.

    Args:
        source: id of the source.
        fetched: its responses; may end in a `SourceError`, or in a `StoppedError` when its time is over.
        harvest: takes them in.
    """
    harvest = harvest or Harvest(source)
    try:
        for response in fetched:
            harvest.add(response)
    except SourceError as exc:
        return harvest.scraped(exc)
    except StoppedError as exc:
        return harvest.scraped(SourceError(source, str(exc)))  # it had all its time: no case for another try
    return harvest.scraped()


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
    problem = "; ".join(f"{exc.where}: {exc.problem}" if exc.where else exc.problem for exc in errors)
    joined = kind(source, problem)
    joined.evidence = tuple(response for exc in errors for response in exc.evidence)
    return joined


def store_scraped(store: Store, scraped: Sequence[Scraped], taken_at: datetime, *, excerpt: bool = False) -> Snapshot:
    """Write one snapshot of several sources; each of them fails alone, and its bytes are kept for a look.

    Args:
        store: where to.
        scraped: the sources' results.
        taken_at: the snapshot's time.
        excerpt: whether what arrived is known to be only a part of what was published.
    """
    writer = store.writer(taken_at, written_by=program())
    try:
        for result in scraped:
            _write(writer, result, excerpt=excerpt)
        return writer.commit()
    except BaseException:  # Ctrl-C too: half a snapshot is of no use to anybody
        writer.abandon()
        raise


def _write(writer: SnapshotWriter, result: Scraped, *, excerpt: bool) -> None:
    for response in result.responses:
        problem = result.problems.get(response.resource, "")
        precision = DatePrecision.DAY if response.fetched_at else DatePrecision.SECOND
        for part in response.with_evidence():
            writer.add(result.source, part, date_precision=precision, excerpt=excerpt, problem=problem)
    if result.error is not None:
        writer.fail(result.source, str(result.error), partial=result.partial)
