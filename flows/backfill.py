"""Years of history from AWS's own archive, as dated snapshots: dated by the version, fetched now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from flows.scraping import Scraped, read_responses, store_scraped
from scrapers.archive.store import Store
from scrapers.aws import ec2, sagemaker
from scrapers.aws.offer_index import Readers, root_of
from scrapers.aws.versions import OFFERS, Version, fetch_regions_in, fetch_version, fetch_versions
from scrapers.errors import UsageError
from scrapers.records import Snapshot, SourceState
from scrapers.registry import source_record
from scrapers.wire.web import Web

READERS: Mapping[str, Readers] = {"aws-ec2": ec2.open_reader, "aws-sagemaker": sagemaker.open_reader}
"""What reads a source's files while they arrive."""
_NOTE = "not-there.json"
"""Lies beside a snapshot: URLs of regions that its version does not have. Whoever loses it asks the archive again."""


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
        absent: region codes that were wanted and of which this version has no prices: they came later, or are gone.
    """

    version: Version
    scraped: Scraped | None
    snapshot: Snapshot | None
    absent: tuple[str, ...] = ()


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
    soon as a region came that was missing. A region that a version does not list is noted beside the version's snapshot
    and not asked for again.

    Args:
        store: where to.
        web: the way out; large bodies are received on the store's disk.
        source: id of the source.
        versions: oldest first.
        regions: region codes.
    """
    archive = _Archive(store, web, source)
    # Two price lists change at different times: a version of one says nothing about the other.
    excerpt = len({root_of(region) for region in regions}) > 1
    for version in versions:
        wanted = [region for region in dict.fromkeys(regions) if root_of(region) == version.root]
        yield archive.fill(version, wanted, excerpt=excerpt)


class _Archive:
    """What a store holds of a source's archive, and what is known not to be in the archive."""

    def __init__(self, store: Store, web: Web, source: str) -> None:
        self._store = store
        self._web = web
        self._source = source
        self._stored = _stored(store, source)
        self._absent = {url for stamp in store.stamps() for url in _read_note(store, stamp)}

    def fill(self, version: Version, wanted: Sequence[str], *, excerpt: bool) -> Backfilled:
        """Store the wanted regions of a version as a snapshot, unless it is there with all that exist."""
        there = self._existing(version, wanted)
        absent = tuple(region for region in wanted if region not in there)
        urls = {version.url_of(region) for region in there}
        scraped: Scraped | None = None
        snapshot = None
        if not urls <= self._stored.keys():
            record, readers = source_record(self._source), READERS[self._source]
            scraped = read_responses(self._source, fetch_version(self._web, record, version, there, readers))
            good = {response.url for response in scraped.responses if response.resource not in scraped.problems}
            if good - self._stored.keys():
                snapshot = store_scraped(self._store, [scraped], version.began_at, excerpt=excerpt)
                self._stored |= dict.fromkeys(good, snapshot.stamp)
            else:
                scraped = replace(scraped, responses=())
        elif not there:
            scraped = Scraped(self._source, (), 0, None)
        stamp = next((self._stored[url] for url in urls if url in self._stored), None)
        if stamp is not None:  # a version of which nothing is stored has no place for a note, and is looked up again
            _note(self._store, stamp, {version.url_of(region) for region in absent})
        return Backfilled(version, scraped, snapshot, absent)

    def _existing(self, version: Version, wanted: Sequence[str]) -> list[str]:
        """Return those of the wanted regions that the version has, or of which it does not say."""
        known = [region for region in wanted if version.url_of(region) not in self._absent]
        if all(version.url_of(region) in self._stored for region in known):
            return known
        listed = fetch_regions_in(self._web, source_record(self._source), version)
        return [r for r in known if listed is None or r in listed or version.url_of(r) in self._stored]


def _stored(store: Store, source: str) -> dict[str, str]:
    """Return the URLs that are stored as part of the archive, and good, with the stamp of their snapshot."""
    urls: dict[str, str] = {}
    for snapshot in store.snapshots():
        good = any(r.source == source and r.state is not SourceState.FAILED for r in snapshot.results)
        found = (c.url for c in snapshot.captures if good and c.source == source and c.fetched_at and not c.problem)
        urls |= dict.fromkeys(found, snapshot.stamp)
    return urls


def _read_note(store: Store, stamp: str) -> set[str]:
    """Return the URLs that are noted as not in the archive; a note that cannot be read is made again."""
    try:
        return set(json.loads((store.root / stamp / _NOTE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return set()


def _note(store: Store, stamp: str, urls: set[str]) -> None:
    noted = _read_note(store, stamp)
    if not urls <= noted:
        store.derive(stamp, _NOTE, json.dumps(sorted(noted | urls), indent=1).encode())
