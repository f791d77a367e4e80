"""The way to a region's savings plan file: the plan's region index names the newest version of each.

Region indexes of savings plans are lists, ``[{"regionCode", "versionUrl"}]``, where those of services are maps
(recorded 2025-09-11, github.com/jtdelia/ec2-priceit; 2026-04-22, github.com/timfanda35/aws-pricing-list-loader).
Every address of the bulk API exists with ``.csv`` for ``.json``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from scrapers.errors import FetchError, ParseError, SourceError, UsageError
from scrapers.records import Document, Response, Source
from scrapers.strict import at_least, fail, read_json, take
from scrapers.web import Web

HOST = "https://pricing.us-east-1.amazonaws.com"
_PATH = re.compile(r"/savingsPlan/v1\.0/aws/[A-Za-z0-9]+/[0-9]+/[a-z0-9-]+/index\.json")


def fetch_plans(web: Web, source: Source, plans: Mapping[str, str], regions: Sequence[str]) -> Iterator[Response]:
    """Yield the CSV of every plan and region, ``<name>-<region>.csv``; one that fails does not stop the others.

    Args:
        web: the way out.
        source: on whose behalf.
        plans: name in the resource by plan code, e.g. ``{"AWSComputeSavingsPlan": "compute"}``.
        regions: region codes.

    Raises:
        UsageError: no region is wanted.
        SourceError: indexes or regions that failed, after all others have been yielded. It is a `FetchError` when
            every failure was one.
    """
    if not regions:
        raise UsageError(f"{source.id}: no region is asked for; name at least one, such as us-east-1")
    failures: dict[str, SourceError] = {}
    for plan, name in plans.items():
        try:
            paths = _read_index(web, source, plan)
        except SourceError as exc:
            failures[plan] = exc
            continue
        for region in dict.fromkeys(regions):
            try:
                yield web.get(source, HOST + _path_of(source, plan, paths, region), f"{name}-{region}.csv")
            except SourceError as exc:
                failures[f"{plan} {region}"] = exc
    if failures:
        kind = FetchError if all(isinstance(exc, FetchError) for exc in failures.values()) else SourceError
        details = "; ".join(f"{what}: {exc.problem}" for what, exc in failures.items())
        raise kind(source.id, f"{len(failures)} requests failed: {details}")


def _read_index(web: Web, source: Source, plan: str) -> dict[str, object]:
    """Return the path of every region's file by region code."""
    url = f"{HOST}/savingsPlan/v1.0/aws/{plan}/current/region_index.json"
    document = Document.of(web.get(source, url, f"{plan}.json"), source=source.id)
    regions = take(document, read_json(document), "regions")
    if not isinstance(regions, list):
        raise fail(document, f"looked for a list of regions, found {type(regions).__name__}")
    paths: dict[str, object] = {}
    for number, entry in enumerate(at_least(document, 1, regions, "region")):
        code = take(document, entry, "regionCode", row=f"region {number}")
        paths[code] = take(document, entry, "versionUrl", row=code)
    return paths


def _path_of(source: Source, plan: str, paths: Mapping[str, object], region: str) -> str:
    """Return the path of a region's newest file as CSV."""
    if region not in paths:
        raise ParseError(source.id, f"the region index of {plan} has no {region!r}, but {', '.join(sorted(paths))}")
    path = paths[region]
    if not isinstance(path, str) or not _PATH.fullmatch(path):
        raise ParseError(source.id, f"looked for the path of the file of {plan} in {region}, found {path!r}")
    return path.removesuffix(".json") + ".csv"
