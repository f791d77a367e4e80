"""The way to a region's offer file: the offer's region index names the newest version of each.

Region indexes of services are maps (recorded 2026-01-16 for one offer,
github.com/timfanda35/aws-pricing-list-loader; the address in it is relative to the host). Every address of
the bulk API exists with ``.csv`` for ``.json``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from scrapers.errors import FetchError, ParseError, SourceError, UsageError
from scrapers.records import Document, Response, Source
from scrapers.strict import read_json, take
from scrapers.web import Web

HOST = "https://pricing.us-east-1.amazonaws.com"
_PATH = re.compile(r"/offers/v1\.0/aws/[A-Za-z0-9]+/[0-9]+/[a-z0-9-]+/index\.json")


def fetch_offer(web: Web, source: Source, offer: str, regions: Sequence[str]) -> Iterator[Response]:
    """Yield the CSV offer file of every region, ``<region>.csv``; one that fails does not stop the others.

    Args:
        web: the way out.
        source: on whose behalf.
        offer: offer code, e.g. ``AmazonEC2``.
        regions: region codes.

    Raises:
        UsageError: no region is wanted.
        SourceError: the index did not come; or, after all others have been yielded, regions that failed. It
            is a `FetchError` when every failure was one.
    """
    if not regions:
        message = f"{source.id}: no region is asked for; name at least one, such as us-east-1"
        raise UsageError(message)
    paths = _read_index(web, source, offer)
    failures: dict[str, SourceError] = {}
    for region in dict.fromkeys(regions):
        try:
            yield web.get(source, HOST + _path_of(source, paths, region), f"{region}.csv")
        except SourceError as exc:
            failures[region] = exc
    if failures:
        raise _summary(source, failures, len(dict.fromkeys(regions)))


def _read_index(web: Web, source: Source, offer: str) -> Mapping[str, Mapping[str, str]]:
    url = f"{HOST}/offers/v1.0/aws/{offer}/current/region_index.json"
    document = Document.of(web.get(source, url, "region_index.json"), source=source.id)
    regions: Mapping[str, Mapping[str, str]] = take(document, read_json(document), "regions")
    return regions


def _path_of(source: Source, paths: Mapping[str, Mapping[str, str]], region: str) -> str:
    """Return the path of a region's newest offer file as CSV."""
    if region not in paths:
        raise ParseError(source.id, f"the region index has no {region!r}, but {', '.join(sorted(paths))}")
    path = paths[region].get("currentVersionUrl", "")
    if not _PATH.fullmatch(path):
        raise ParseError(source.id, f"looked for the path of the offer file of {region}, found {path!r}")
    return path.removesuffix(".json") + ".csv"


def _summary(source: Source, failures: Mapping[str, SourceError], wanted: int) -> SourceError:
    kind = FetchError if all(isinstance(exc, FetchError) for exc in failures.values()) else SourceError
    details = "; ".join(f"{region}: {exc.problem}" for region, exc in failures.items())
    return kind(source.id, f"{len(failures)} of {wanted} regions failed: {details}")
