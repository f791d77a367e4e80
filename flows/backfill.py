"""Years of history from AWS's own archive, as dated snapshots: dated by the version, fetched now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from flows.steps import Scraped, read_responses, store_scraped
from scrapers.aws import ec2, sagemaker
from scrapers.aws.offer_index import Readers, root_of
from scrapers.aws.versions import OFFERS, Version, fetch_version, fetch_versions
from scrapers.errors import UsageError
from scrapers.records import Snapshot, SourceState
from scrapers.registry import source_record
from scrapers.store import Store
from scrapers.web import Web

READERS: Mapping[str, Readers] = {"aws-ec2": ec2.open_reader, "aws-sagemaker": sagemaker.open_reader}
"""What reads a source's files while they arrive."""


class Every(StrEnum):
    """Which of the versions in a time are taken."""

    MONTH = "month"
    """Of those that came into force in one month, the last."""
    VERSION = "version"
    """All."""


@dataclass(frozen=True, slots=True)
class Backfilled:
    """What became of one version.

    Attributes:
        version: the version.
        scraped: what was fetched and read; None when it was stored before.
        snapshot: what was written; None when nothing new came.
    """

    version: Version
    scraped: Scraped | None
    snapshot: Snapshot | None


def choose_versions(
    web: Web, source: str, regions: Sequence[str], *, since: datetime, until: datetime, every: Every
) -> list[Version]:
    """Return the versions that were in force at some time between two, oldest first.

    Args:
        web: the way out.
        source: id of the source.
        regions: region codes; China's are in an archive of their own.
        since: UTC; the version in force at that time is the first.
        until: UTC.
        every: which of them.

    Raises:
        UsageError: the source keeps no archive, or no version of that time.
        SourceError: the version index did not come, or is not what it was.
    """
    if source not in OFFERS:
        raise UsageError(f"{source}: keeps no archive that is known; sources that do: {', '.join(sorted(OFFERS))}")
    record, offer = source_record(source), OFFERS[source]
    chosen: dict[tuple[object, ...], Version] = {}
    known: list[Version] = []
    for root in dict.fromkeys(root_of(region) for region in regions):
        for version in fetch_versions(web, record, offer, root):
            known.append(version)
            if version.began_at <= until and (version.ended_at is None or version.ended_at > since):
                month = (root, version.began_at.year, version.began_at.month)
                chosen[(root, version.id) if every is Every.VERSION else month] = version
    if not chosen:
        there = f"from {known[0].began_at:%Y-%m-%d}" if known else "none, for no region is asked for"
        raise UsageError(
            f"{source}: no version was in force between {since:%Y-%m-%d} and {until:%Y-%m-%d}; versions: {there}"
        )
    return sorted(chosen.values(), key=lambda version: (version.began_at, version.id))


def backfill(
    store: Store, web: Web, source: str, versions: Sequence[Version], regions: Sequence[str]
) -> Iterator[Backfilled]:
    """Store versions as dated snapshots, one by one; what is there already is not fetched again.

    A version that fails is told of and the rest goes on; another run tries it again, and writes a snapshot of it as
    soon as a region came that was missing.

    Args:
        store: where to.
        web: the way out; large bodies are received on the store's disk.
        source: id of the source.
        versions: oldest first.
        regions: region codes.
    """
    record = source_record(source)
    stored = _stored(store, source)
    # Two price lists change at different times: a version of one says nothing about the other.
    excerpt = len({root_of(region) for region in regions}) > 1
    for version in versions:
        wanted = [region for region in dict.fromkeys(regions) if root_of(region) == version.root]
        if all(version.url_of(region) in stored for region in wanted):
            yield Backfilled(version, None, None)
            continue
        scraped = read_responses(source, fetch_version(web, record, version, wanted, READERS[source]))
        good = {response.url for response in scraped.responses if response.resource not in scraped.problems}
        snapshot = store_scraped(store, [scraped], version.began_at, excerpt=excerpt) if good - stored else None
        yield Backfilled(version, replace(scraped, responses=()) if snapshot is None else scraped, snapshot)


def _stored(store: Store, source: str) -> set[str]:
    """Return the URLs that are stored as part of the archive, and good."""
    urls: set[str] = set()
    for snapshot in store.snapshots():
        good = any(r.source == source and r.state is not SourceState.FAILED for r in snapshot.results)
        urls |= {c.url for c in snapshot.captures if good and c.source == source and c.fetched_at and not c.problem}
    return urls
