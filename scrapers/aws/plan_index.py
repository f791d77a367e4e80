"""The way to a region's savings plan file: the plan's region index names the newest version of each.

Region indexes of savings plans are lists, ``[{"regionCode", "versionUrl"}]``, where those of services are maps
(recorded 2025-09-11, github.com/jtdelia/ec2-priceit; 2026-04-22, github.com/timfanda35/aws-pricing-list-loader).
Every address of the bulk API exists with ``.csv`` for ``.json``.

China has a price list of its own, in CNY, with EC2's plans and none of SageMaker's
(https://www.amazonaws.cn/en/savingsplans/faq/). Nobody recorded the address of their region index; its offer index
names it, where github.com/vantage-sh/ec2instances.info reads it too (scraper/aws/bootstrapper.go @1108ab22).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scrapers.aws.offer_index import CHINA, COMMERCIAL, Root, root_of
from scrapers.errors import FetchError, ParseError, SourceError, UsageError
from scrapers.records import Document, Response, Source
from scrapers.strict import at_least, fail, read_json, take
from scrapers.wire.web import Web

_INDEX = re.compile(r"/savingsPlan/v1\.0/[a-z]+/[A-Za-z0-9]+/current/region_index\.json")
_PATH = re.compile(r"/savingsPlan/v1\.0/[a-z]+/[A-Za-z0-9]+/[0-9]+/[a-z0-9-]+/index\.json")


@dataclass(frozen=True, slots=True)
class Plan:
    """Savings plans that stand in one file per region.

    Attributes:
        code: of the plan in the addresses of the commercial price list.
        offer: offer code of the service whose rates it discounts.
        name: in a resource's name.
        roots: the price lists that have it.
    """

    code: str
    offer: str
    name: str
    roots: tuple[Root, ...]


PLANS = (
    Plan("AWSComputeSavingsPlan", "AmazonEC2", "compute", (COMMERCIAL, CHINA)),
    Plan("AWSMachineLearningSavingsPlans", "AmazonSageMaker", "machine-learning", (COMMERCIAL,)),
)


def fetch_plans(web: Web, source: Source, regions: Sequence[str]) -> Iterator[Response]:
    """Yield the CSV of every plan and region, ``<name>-<region>.csv``; one that fails does not stop the others.

    A plan that a region's price list does not have is not asked for there.

    Args:
        web: the way out.
        source: on whose behalf.
        regions: region codes.

    Raises:
        UsageError: no region is wanted.
        SourceError: indexes or regions that failed, after all others have been yielded. It is a `FetchError` when
            every failure was one.
    """
    if not regions:
        raise UsageError(f"{source.id}: no region is asked for; name at least one, such as us-east-1")
    failures: dict[str, SourceError] = {}
    for plan, root in ((each, root) for each in PLANS for root in each.roots):
        wanted = [region for region in dict.fromkeys(regions) if root_of(region) == root]
        try:
            paths = _read_index(web, source, plan, root) if wanted else {}
        except SourceError as exc:
            failures[f"{plan.code} {', '.join(wanted)}"] = exc
            continue
        for region in wanted:
            try:
                url = root.host + _path_of(source, plan, paths, region)
                yield web.get(source, url, f"{plan.name}-{region}.csv")
            except SourceError as exc:
                failures[f"{plan.code} {region}"] = exc
    if failures:
        kind = FetchError if all(isinstance(exc, FetchError) for exc in failures.values()) else SourceError
        details = "; ".join(f"{what}: {exc.problem}" for what, exc in failures.items())
        raise kind(source.id, f"{len(failures)} requests failed: {details}")


def _read_index(web: Web, source: Source, plan: Plan, root: Root) -> dict[str, object]:
    """Return the path of every region's file by region code."""
    url = root.host + _index_path(web, source, plan, root)
    document = Document.of(web.get(source, url, f"{plan.code}.json"), source=source.id)
    regions = take(document, read_json(document), "regions")
    if not isinstance(regions, list):
        raise fail(document, f"looked for a list of regions, found {type(regions).__name__}")
    paths: dict[str, object] = {}
    for number, entry in enumerate(at_least(document, 1, regions, "region")):
        code = take(document, entry, "regionCode", row=f"region {number}")
        paths[code] = take(document, entry, "versionUrl", row=code)
    return paths


def _index_path(web: Web, source: Source, plan: Plan, root: Root) -> str:
    """Return the path of a plan's region index: known of the commercial price list, asked of China's."""
    if root is COMMERCIAL:
        return f"/savingsPlan/v1.0/aws/{plan.code}/current/region_index.json"
    document = Document.of(web.get(source, root.url("index.json"), "offer_index.json"), source=source.id)
    offer = take(document, take(document, read_json(document), "offers"), plan.offer)
    path = take(document, offer, "currentSavingsPlanIndexUrl", row=plan.offer)
    if not isinstance(path, str) or not _INDEX.fullmatch(path):
        raise fail(document, f"looked for the path of the region index of {plan.offer}'s savings plans, found {path!r}")
    return path


def _path_of(source: Source, plan: Plan, paths: Mapping[str, object], region: str) -> str:
    """Return the path of a region's newest file as CSV."""
    if region not in paths:
        raise ParseError(
            source.id, f"the region index of {plan.code} has no {region!r}, but {', '.join(sorted(paths))}"
        )
    path = paths[region]
    if not isinstance(path, str) or not _PATH.fullmatch(path):
        raise ParseError(source.id, f"looked for the path of the file of {plan.code} in {region}, found {path!r}")
    return path.removesuffix(".json") + ".csv"
