"""`runpod-graphql`: the public `gpuTypes` query of RunPod's GraphQL API, no key needed.

``{"data": {"gpuTypes": [{"id": "NVIDIA H100 80GB HBM3", "displayName": "H100 SXM", "memoryInGb": 80,
"secureCloud": true, "communityCloud": true, "securePrice": 3.29, "communityPrice": 2.69, ...}]}}``

Field names and meanings are first-party (github.com/runpod/docs, sdks/graphql, 2026-08-20); no complete
recorded answer with prices is public. Prices are US dollars per GPU-hour. A failed query answers HTTP
200 with `errors`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from scrapers.places.locate import pointer
from scrapers.records import Document, Lineage, Listing, Response, Source
from scrapers.runpod import gpu_type, words
from scrapers.strict import fail, read_json, take
from scrapers.wire.web import Web

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

_SPOT = "spot pods ended on 2026-09-11 (dstackai/gpuhunt 310de51)"
IGNORED = {**gpu_type.IGNORED, "secureSpotPrice": _SPOT, "communitySpotPrice": _SPOT}
"""Fields of a `gpuTypes` record that are not read, and why."""
_SELECTION = gpu_type.Selection(
    prices=(gpu_type.SECURE, gpu_type.COMMUNITY, gpu_type.CLUSTER),
    required=frozenset({"securePrice", "secureCloud", "communityPrice", "communityCloud"}),  # not every query: clusters
    ignored=IGNORED,
)

PLACEHOLDER = "unknown"
"""Id of a record that is no GPU: the script that writes RunPod's own GPU list leaves it out (runpod/docs)."""


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
    listings: list[Listing] = []
    for index, record in enumerate(_records(document)):
        place = partial(_place, index)
        if not isinstance(record, dict):
            raise fail(document, f"looked for a GPU type, found {str(record)[:60]!r}", row=f"gpuTypes {index}")
        if str(take(document, record, "id", row=f"gpuTypes {index}")).casefold() != PLACEHOLDER:
            listings += gpu_type.read_record(document, record, _SELECTION, place=place)
    return words.unique(document, listings)


def _place(index: int, field: str) -> str:
    return f"json:{pointer('data', 'gpuTypes', index, field)}"


def _records(document: Document) -> list[object]:
    """Return the records of an answer; one with errors is refused whole, although it may hold a part beside them."""
    answer = read_json(document)
    if not isinstance(answer, dict):
        raise fail(document, f"looked for an object with 'data', found {str(answer)[:60]!r}")
    if answer.get("errors"):
        errors = answer["errors"] if isinstance(answer["errors"], list) else [answer["errors"]]
        said = [error.get("message", error) if isinstance(error, dict) else error for error in errors]
        raise fail(document, f"the API answered with an error: {'; '.join(map(str, said))}")
    data = take(document, answer, "data")
    if not isinstance(data, dict):
        raise fail(document, f"looked for an object in 'data', found {data!r}")
    records = take(document, data, "gpuTypes")
    if not isinstance(records, list) or not records:
        raise fail(document, f"looked for a list of GPU types, found {str(records)[:60]!r}")
    return records
