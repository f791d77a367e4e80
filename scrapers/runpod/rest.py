"""`runpod-rest`: the GPU catalogue of RunPod's REST API, version 2, which answers to a key alone.

``{"gpus": [{"id": "NVIDIA GeForce RTX 4090", "name": "RTX 4090", "pool": "ADA_24", "manufacturer": "NVIDIA",
"memory": 24, "secure": true, "community": true, "price": {"secure": 0.44, "community": 0.31, "serverless": 1.1},
"maxCount": {"secure": 8, "community": 4}}]}`` (the description's example; its figures are no prices)

Prices are "USD per hour for a single GPU"; `serverless` is the rate of the GPU's pool, the same for all its cards, and
is absent where the GPU is in no pool that the caller may use. (RunPod's OpenAPI description of 2026-08-18,
github.com/runpod/docs, api-reference-v2. No answer with prices is public: only a live run can confirm what is read.)

The key is read from ``RUNPOD_API_KEY`` when it is needed and travels in a header: no URL, error or capture has it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from scrapers.errors import SourceError
from scrapers.places.locate import pointer
from scrapers.records import Document, Lineage, Listing, Response, Source
from scrapers.runpod import words
from scrapers.runpod.fields import Record, flag_in, memory_in, text_in, with_price
from scrapers.runpod.gpu_type import UNIT
from scrapers.strict import at_least, fail, read_json, take
from scrapers.wire.web import Web

SOURCE = Source(
    id="runpod-rest",
    title="RunPod REST API v2, GPU catalogue",
    publisher="RunPod",
    url="https://api.runpod.io/v2/catalog/gpus",
    lineage=Lineage.FIRST_PARTY,
    method="http",
    expected_listings=(90, 200),  # three prices each, or their absence, of 45 GPUs on 2026-08-18
    max_age_days=14,
    allowed_hosts=("api.runpod.io",),
    needs_account=True,
)

KEY = "RUNPOD_API_KEY"
_SENDABLE = re.compile(r"[!-~]+")
"""What a header can carry: printable ASCII without a space."""
_CLOUDS = (("secure", words.SECURE_CLOUD), ("community", words.COMMUNITY_CLOUD))
_READ = {"id", "name", "pool", "memory", "secure", "community", "price"}
IGNORED = {
    "manufacturer": "is in the id",
    "maxCount": "how many GPUs a pod may have, not a price",
    "availability": "availability is not mixed with the list price",
    "dataCenters": "availability is not mixed with the list price",
    "cudaVersions": "not a price",
}
"""Fields of a GPU that are not read, and why."""


def fetch(web: Web, regions: Sequence[str]) -> Iterator[Response]:  # noqa: ARG001  # one price for all regions
    """Yield the catalogue.

    Raises:
        SourceError: there is no key, or none that can be sent.
        FetchError: no answer.
        ParseError: the key is refused (401, 403).
    """
    key = os.environ.get(KEY, "")
    if not key:
        raise SourceError(
            SOURCE.id, f"needs a RunPod account, and {KEY} is not set; a key that may only read is enough"
        )
    if not _SENDABLE.fullmatch(key):
        raise SourceError(SOURCE.id, f"{KEY} holds white space or other characters that no key has; set it again")
    yield web.get(SOURCE, SOURCE.url, "gpus.json", secret_headers={"authorization": f"Bearer {key}"})


def parse(document: Document) -> list[Listing]:
    """Return the Pods price of both clouds and the Serverless price of every GPU, or their absence.

    Raises:
        ParseError: the answer is an error, a GPU has an unknown field or lacks a known one, or the cards of one pool
            have two prices.
    """
    answer = read_json(document)
    if not isinstance(answer, dict):
        raise fail(document, f"looked for an object with 'gpus', found {str(answer)[:60]!r}")
    gpus = take(document, answer, "gpus")
    if not isinstance(gpus, list):
        raise fail(document, f"looked for a list of GPUs, found {str(gpus)[:60]!r}")
    listings: list[Listing] = []
    for index, gpu in enumerate(at_least(document, 1, gpus, "GPUs")):
        listings += _read_gpu(document, gpu, index)
    _check_pools(document, listings)
    return words.unique(document, listings)


def _read_gpu(document: Document, gpu: object, index: int) -> Iterator[Listing]:
    if not isinstance(gpu, dict):
        raise fail(document, f"looked for a GPU, found {str(gpu)[:60]!r}", row=f"gpus {index}")
    row = text_in(document, gpu, "id", row=f"gpus {index}")
    if unknown := sorted(gpu.keys() - _READ - IGNORED.keys()):
        raise fail(document, f"looked for known fields, found {', '.join(unknown)} besides", row=row)
    prices = take(document, gpu, "price", row=row)
    if not isinstance(prices, dict) or prices.keys() - {"secure", "community", "serverless"}:
        raise fail(document, f"looked for secure, community and serverless in price, found {prices!r}", row=row)
    listing = Listing(
        source=document.capture.source,
        provider=words.PROVIDER,
        service=words.PODS,
        sku=text_in(document, gpu, "name", row=row),
        terms=words.ON_DEMAND,
        price_text=None,
        absence="",
        currency=words.CURRENCY,
        unit=UNIT,
        locator="",
        quote="",
        sku_id=row,
        gpu_name=text_in(document, gpu, "name", row=row),
        gpu_count="1",
        gpu_memory=memory_in(document, gpu, "memory", row=row),
    )
    named = {f"price.{field}": value for field, value in prices.items()}  # as an error must call them
    for field, cloud in _CLOUDS:
        of_cloud = replace(listing, cloud=cloud, locator=f"json:{pointer('gpus', index, 'price', field)}")
        withheld = "" if flag_in(document, gpu, field, row=row) else f"{field} is false"
        yield with_price(document, of_cloud, named, f"price.{field}", withheld=withheld)
    yield _serverless(document, listing, {**gpu, **named}, index)


def _serverless(document: Document, listing: Listing, gpu: Record, index: int) -> Listing:
    """Return the price of the GPU's pool, named after the pool, or that there is none."""
    row = listing.sku_id or ""
    pool = None if take(document, gpu, "pool", row=row) is None else text_in(document, gpu, "pool", row=row)
    of_pool = replace(listing, service=words.SERVERLESS, terms=words.SERVERLESS, sku=pool or listing.sku)
    if "price.serverless" in gpu:
        if pool is None:
            raise fail(document, "looked for the pool of a serverless price, found null", row=row)
        place = f"json:{pointer('gpus', index, 'price', 'serverless')}"
        return with_price(document, replace(of_pool, locator=place), gpu, "price.serverless")
    why = "not offered: in no serverless pool" if pool is None else f"no price: pool {pool} is not open to the caller"
    return replace(of_pool, absence=why, locator=f"json:{pointer('gpus', index, 'pool')}", quote=pool or "null")


def _check_pools(document: Document, listings: Sequence[Listing]) -> None:
    """Refuse a pool with two prices: by the description the rate is the pool's."""
    first: dict[str, Listing] = {}
    for listing in listings:
        if listing.service == words.SERVERLESS and listing.price_text:
            known = first.setdefault(listing.sku, listing)
            if Decimal(known.price_text or 0) != Decimal(listing.price_text):
                both = f"{known.price_text} of {known.sku_id} and {listing.price_text} of {listing.sku_id}"
                raise fail(document, f"looked for one price of the pool, found {both}", row=listing.sku)
