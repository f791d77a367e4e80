"""AWS's own archive: an offer's version index lists about one version a month since 2015.

Recorded 2025-09-12 (110 versions of AmazonEC2, github.com/jtdelia/ec2-priceit): the map of versions is not sorted, and
the one in force has an empty end. A version's name is the time of its making, and its prices are in force from the
first of a month, which may lie before: 20250703204906 is in force from 2025-06-01.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from scrapers.aws.offer_index import COMMERCIAL, Readers, Root, fetch_regions
from scrapers.errors import SourceError
from scrapers.records import Document, Response, Source
from scrapers.strict import at_least, fail, read_json, take
from scrapers.wire.web import Web

OFFERS: Mapping[str, str] = {"aws-ec2": "AmazonEC2", "aws-sagemaker": "AmazonSageMaker"}
"""Offer code by id of the source that reads its files."""
_ID = re.compile(r"[0-9]{14}")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an offer in the archive.

    Attributes:
        id: its name, e.g. ``20250703204906``.
        offer: offer code.
        root: the price list it belongs to.
        began_at: from when its prices are in force, UTC.
        ended_at: until when; None for the one in force.
    """

    id: str
    offer: str
    root: Root
    began_at: datetime
    ended_at: datetime | None

    def url_of(self, region: str) -> str:
        """Return the URL of a region's file as CSV."""
        return self.root.url(f"{self.offer}/{self.id}/{region}/index.csv")


def fetch_versions(web: Web, source: Source, offer: str, root: Root = COMMERCIAL) -> list[Version]:
    """Return every version of an offer, by the date from which it is in force.

    Raises:
        SourceError: the version index did not come, or is not what it was.
    """
    response = web.get(source, root.url(f"{offer}/index.json"), "version_index.json")
    document = Document.of(response, source=source.id)
    found = take(document, read_json(document), "versions")
    if not isinstance(found, dict):
        raise fail(document, f"looked for a map of versions, found {type(found).__name__}")
    at_least(document, 1, list(found), "version")
    versions = [_version(document, name, entry, offer, root) for name, entry in found.items()]
    return sorted(versions, key=lambda version: (version.began_at, version.id))


def fetch_version(
    web: Web, source: Source, version: Version, regions: Sequence[str], readers: Readers | None = None
) -> Iterator[Response]:
    """Yield the file of every region, ``<region>.csv``, dated from when its prices are in force.

    Args:
        web: the way out.
        source: on whose behalf.
        version: the version.
        regions: region codes of its price list.
        readers: opens what reads a file while it arrives; without it, its listings are still to be parsed.

    Raises:
        SourceError: after all others have been yielded, regions that failed.
    """
    for response in fetch_regions(web, source, regions, version.url_of, readers):
        yield replace(response, retrieved_at=version.began_at, fetched_at=response.retrieved_at)


def fetch_regions_in(web: Web, source: Source, version: Version) -> frozenset[str] | None:
    """Return the regions that a version has prices of; None where the archive does not say.

    A version is taken to have a region index, as the current one has; nobody recorded one. Where there is none, each
    region's file has to be asked for, and a 404 may mean that the region did not exist or that something is wrong.
    """
    url = version.root.url(f"{version.offer}/{version.id}/region_index.json")
    try:
        document = Document.of(web.get(source, url, "region_index.json"), source=source.id)
        regions = take(document, read_json(document), "regions")
    except SourceError:
        return None
    return frozenset(regions) if regions and isinstance(regions, dict) else None


def _version(document: Document, name: str, entry: Mapping[str, str], offer: str, root: Root) -> Version:
    row = f"version {name}"
    if not _ID.fullmatch(name):
        raise fail(document, f"looked for a version such as 20250912225308, found {name!r}")
    began_at = _moment(document, take(document, entry, "versionEffectiveBeginDate", row=row), row)
    end = take(document, entry, "versionEffectiveEndDate", row=row)
    return Version(name, offer, root, began_at, _moment(document, end, row) if end else None)


def _moment(document: Document, text: str, row: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as exc:
        raise fail(document, f"looked for a time such as 2025-09-01T00:00:00Z, found {text!r}", row=row) from exc
    if moment.tzinfo is None:
        raise fail(document, f"looked for a time with its zone, found {text!r}", row=row)
    return moment.astimezone(UTC)
