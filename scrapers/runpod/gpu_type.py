"""RunPod's GraphQL record of a GPU type, as its API answers it and as its page carried it in 2023 and 2024.

``{"__typename": "GpuType", "id": "NVIDIA H100 80GB HBM3", "displayName": "H100 SXM", "memoryInGb": 80,
"secureCloud": true, "communityCloud": true, "securePrice": 3.29, "communityPrice": 2.69, ...}``

Prices are US dollars per GPU-hour; null and 0 are no prices. A record holds the fields that its query asked for.
(github.com/runpod/docs, sdks/graphql, 2026-08-20.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from scrapers.records import Document, Listing
from scrapers.runpod import words
from scrapers.runpod.fields import Record, flag_in, memory_in, text_in, with_price
from scrapers.strict import fail

UNIT = "per GPU-hour"


@dataclass(frozen=True, slots=True)
class PriceField:
    """A field of the record that holds a price.

    Attributes:
        name: the field.
        flag: the field that says whether the GPU is offered so; None where there is none.
        service: product, in RunPod's word.
        terms: kind of price.
        cloud: whose cloud; None where the price is of neither.
    """

    name: str
    flag: str | None
    service: str
    terms: str
    cloud: str | None


SECURE = PriceField("securePrice", "secureCloud", words.PODS, words.ON_DEMAND, words.SECURE_CLOUD)
COMMUNITY = PriceField("communityPrice", "communityCloud", words.PODS, words.ON_DEMAND, words.COMMUNITY_CLOUD)
CLUSTER = PriceField("clusterPrice", None, words.CLUSTERS, words.CLUSTER, None)
SECURE_SPOT = PriceField("secureSpotPrice", None, words.PODS, words.SPOT, words.SECURE_CLOUD)
COMMUNITY_SPOT = PriceField("communitySpotPrice", None, words.PODS, words.SPOT, words.COMMUNITY_CLOUD)

_NAMES = {"id", "displayName", "memoryInGb"}
_SAVINGS = "whether savings plans are still sold is unsettled; not read yet"
_STOCK = "stock and the cheapest of several offers; availability is not mixed with the list price"
_SIZE = "how many GPUs a pod may or must have, not a price"
IGNORED = {
    "__typename": "the GraphQL type's name",
    "manufacturer": "is in the id",
    "cudaCores": "the card's, not a price",
    "maxGpuCount": _SIZE,
    "maxGpuCountCommunityCloud": _SIZE,
    "maxGpuCountSecureCloud": _SIZE,
    "minPodGpuCount": _SIZE,
    "nodeGroupDatacenters": "where, not a price",
    "lowestPrice": _STOCK,
    "oneWeekPrice": _SAVINGS,
    "oneMonthPrice": _SAVINGS,
    "threeMonthPrice": _SAVINGS,
    "sixMonthPrice": _SAVINGS,
}
"""Fields that are not read, and why."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What is read of a record.

    Attributes:
        prices: fields that hold prices.
        required: fields among them, and their flags, without which a record is refused.
        ignored: fields that are not read, and why.
    """

    prices: tuple[PriceField, ...]
    required: frozenset[str]
    ignored: Mapping[str, str]


def read_record(
    document: Document, record: Record, selection: Selection, *, place: Callable[[str], str]
) -> Iterator[Listing]:
    """Yield a listing per price field that is there, those without a price among them.

    Args:
        document: for the source and for errors.
        record: the record, its numbers as `int` or `Decimal`.
        selection: which fields are read.
        place: returns the locator of a field.

    Raises:
        ParseError: the record has an unknown field, lacks a required one, or a field holds what it must not.
    """
    row = text_in(document, record, "id", row=place("id"))
    _check_fields(document, record, selection, row)
    listing = Listing(
        source=document.capture.source,
        provider=words.PROVIDER,
        service="",
        sku=text_in(document, record, "displayName", row=row),
        terms="",
        price_text=None,
        absence="",
        currency=words.CURRENCY,
        unit=UNIT,
        locator="",
        quote="",
        sku_id=row,
        gpu_name=text_in(document, record, "displayName", row=row),
        gpu_count="1",
        gpu_memory=memory_in(document, record, "memoryInGb", row=row),
    )
    for field in selection.prices:
        if field.name in record or field.name in selection.required:
            mine = replace(listing, service=field.service, terms=field.terms, cloud=field.cloud)
            withheld = _withheld(document, record, field, required=field.flag in selection.required)
            yield with_price(document, replace(mine, locator=place(field.name)), record, field.name, withheld=withheld)


def _check_fields(document: Document, record: Record, selection: Selection, row: str) -> None:
    """Refuse a record with a field that is neither read nor ignored; arguments in a field's name are no part of it."""
    read = _NAMES | {name for field in selection.prices for name in (field.name, field.flag) if name}
    unknown = sorted(name for name in record if name.partition("(")[0] not in read | selection.ignored.keys())
    if unknown:
        raise fail(document, f"looked for known fields, found {', '.join(unknown)} besides", row=row)


def _withheld(document: Document, record: Record, field: PriceField, *, required: bool) -> str:
    """Return what says that the GPU is not offered, "" where it is or where the record does not say."""
    if field.flag is None or (field.flag not in record and not required):
        return ""
    return "" if flag_in(document, record, field.flag, row=str(record["id"])) else f"{field.flag} is false"
