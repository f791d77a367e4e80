"""`runpod-graphql`: the public `gpuTypes` query of RunPod's GraphQL API, no key needed.

``{"data": {"gpuTypes": [{"id": "NVIDIA H100 80GB HBM3", "displayName": "H100 SXM", "memoryInGb": 80,
"secureCloud": true, "communityCloud": true, "securePrice": 3.29, "communityPrice": 2.69, ...}]}}``

Field names and meanings are first-party (github.com/runpod/docs, sdks/graphql, 2026-08-20); no complete
recorded answer with prices is public. Prices are US dollars per GPU-hour. A failed query answers HTTP
200 with `errors`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from scrapers.locate import pointer
from scrapers.records import Document, Lineage, Listing, Response, Source
from scrapers.runpod import words
from scrapers.strict import fail, read_json, take
from scrapers.web import Web

SOURCE = Source(
    id="runpod-graphql",
    title="RunPod GraphQL API, gpuTypes",
    publisher="RunPod",
    url="https://api.runpod.io/graphql",
    lineage=Lineage.FIRST_PARTY,
    method="http",
    expected_listings=(90, 200),  # three prices each, or their absence, of 45 GPUs on 2026-08-18
    max_age_days=14,
    allowed_hosts=("api.runpod.io",),
)

QUERY = (
    "query GpuTypes { gpuTypes { id displayName memoryInGb secureCloud communityCloud "
    "securePrice communityPrice clusterPrice } }"
)

_OFFERS = (
    ("securePrice", "secureCloud", words.PODS, words.ON_DEMAND, words.SECURE_CLOUD),
    ("communityPrice", "communityCloud", words.PODS, words.ON_DEMAND, words.COMMUNITY_CLOUD),
    ("clusterPrice", None, words.CLUSTERS, words.CLUSTER, None),
)
"""Price field, the flag that says whether it is offered, service, terms and cloud."""
_NOT_ALWAYS_ASKED = {"clusterPrice"}
"""Fields that public queries leave out; a GraphQL answer holds what its query asked for, and nothing else."""

_READ = {"id", "displayName", "memoryInGb", *(name for offer in _OFFERS for name in offer[:2] if name)}
_SPOT = "spot pods ended on 2026-09-11 (dstackai/gpuhunt 310de51)"
_SAVINGS = "whether savings plans are still sold is unsettled; not read yet"
IGNORED = {
    "__typename": "the GraphQL type's name",
    "manufacturer": "is in the id",
    "maxGpuCount": "how many GPUs a pod may have, not a price",
    "maxGpuCountCommunityCloud": "how many GPUs a pod may have, not a price",
    "maxGpuCountSecureCloud": "how many GPUs a pod may have, not a price",
    "minPodGpuCount": "how many GPUs a pod must have, not a price",
    "nodeGroupDatacenters": "where, not a price",
    "lowestPrice": "stock and the cheapest of several offers; availability is not mixed with the list price",
    "secureSpotPrice": _SPOT,
    "communitySpotPrice": _SPOT,
    "oneWeekPrice": _SAVINGS,
    "oneMonthPrice": _SAVINGS,
    "threeMonthPrice": _SAVINGS,
    "sixMonthPrice": _SAVINGS,
}
"""Fields of a `gpuTypes` record that are not read, and why."""

PLACEHOLDER = "unknown"
"""Id of a record that is no GPU: the script that writes RunPod's own GPU list leaves it out (runpod/docs)."""

_PLAIN_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def fetch(web: Web, regions: Sequence[str]) -> Iterator[Response]:  # noqa: ARG001  # one price for all regions
    """Yield the answer to one query.

    Raises:
        FetchError: no answer.
    """
    yield web.post_json(SOURCE, SOURCE.url, "gpu-types.json", {"query": QUERY})


def parse(document: Document) -> list[Listing]:
    """Return a listing per GPU type and price field, those without a price among them.

    Raises:
        ParseError: the answer is an error, or a record has an unknown field or lacks a known one.
    """
    answer = read_json(document)
    if not isinstance(answer, dict):
        raise fail(document, f"looked for an object with 'data', found {str(answer)[:60]!r}")
    if answer.get("errors"):
        said = [error.get("message", error) if isinstance(error, dict) else error for error in answer["errors"]]
        raise fail(document, f"the API answered with an error: {'; '.join(map(str, said))}")
    records = take(document, take(document, answer, "data"), "gpuTypes")
    listings: list[Listing] = []
    for index, record in enumerate(records):
        if take(document, record, "id", row=f"gpuTypes {index}").casefold() != PLACEHOLDER:
            listings += _read_record(document, index, record)
    return words.unique(document, listings)


def _read_record(document: Document, index: int, record: Mapping[str, object]) -> Iterator[Listing]:
    row = str(record["id"])
    unknown = sorted(record.keys() - _READ - IGNORED.keys())
    if unknown:
        raise fail(document, f"looked for known fields, found {', '.join(unknown)} besides", row=row)
    name = str(take(document, record, "displayName", row=row))
    for field, flag, service, terms, cloud in _OFFERS:
        if field in _NOT_ALWAYS_ASKED and field not in record:
            continue
        value = take(document, record, field, row=row)
        offered = True if flag is None else take(document, record, flag, row=row)
        if not isinstance(offered, bool):
            raise fail(document, f"looked for true or false in {flag}, found {offered!r}", row=row)
        listing = Listing(
            source=document.capture.source,
            provider=words.PROVIDER,
            service=service,
            sku=name,
            terms=terms,
            price_text=None,
            absence="",
            currency=words.CURRENCY,
            unit="per GPU-hour",
            locator=f"json:{pointer('data', 'gpuTypes', index, field)}",
            quote="null" if value is None else str(value),
            sku_id=row,
            cloud=cloud,
            gpu_name=name,
            gpu_count="1",
            gpu_memory=f"{take(document, record, 'memoryInGb', row=row)} GB",
        )
        yield _priced(document, listing, field, value, f"{flag} is false" if not offered else "")


def _priced(document: Document, listing: Listing, field: str, value: object, withheld: str) -> Listing:
    """Return a listing with its price, or with the reason why it has none."""
    number = isinstance(value, Decimal | int) and not isinstance(value, bool)
    if value is not None and not (number and _PLAIN_NUMBER.fullmatch(str(value))):
        raise fail(document, f"looked for a number or null in {field}, found {value!r}", row=listing.sku)
    if withheld:
        return replace(listing, absence=f"not offered: {withheld}, {field} is {listing.quote}")
    if not value:
        return replace(listing, absence=f"no price: {field} is {listing.quote}")
    return replace(listing, price_text=listing.quote)
