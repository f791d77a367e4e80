"""RunPod's own words, spelled one way in all its sources, and the rule for an offer that is there twice."""

from __future__ import annotations

from collections.abc import Iterable

from scrapers.records import Document, Listing
from scrapers.strict import fail

PROVIDER = "RunPod"
CURRENCY = "USD"
PAGE_UNIT = "/hr"
"""The pricing page's unit; for listings whose place prints none: attributes, JSON-LD, and absent prices."""

PODS = "Pods"
SERVERLESS = "Serverless"
CLUSTERS = "Clusters"

ON_DEMAND = "On-Demand"
CLUSTER = "Cluster"
FLEX = "Flex"
ACTIVE = "Active"
CATALOGUE = "catalogue"

SECURE_CLOUD = "Secure Cloud"
COMMUNITY_CLOUD = "Community Cloud"


def unique(document: Document, listings: Iterable[Listing]) -> list[Listing]:
    """Return the listings without exact repetitions, in their order.

    One offer is a service, name, id, memory, terms and cloud: two MIG slices of one card had the same id
    and name on 2026-08-14 and differed in their memory only (github.com/runpod/docs,
    references/gpu-types).

    Raises:
        ParseError: one offer stands there with two prices; the message names both.
    """
    first: dict[tuple[str | None, ...], Listing] = {}
    for listing in listings:
        offer = (
            listing.service,
            listing.sku,
            listing.sku_id,
            listing.gpu_memory,
            listing.terms,
            listing.cloud,
        )
        known = first.setdefault(offer, listing)
        if known.price_text != listing.price_text:
            problem = (
                f"one price is expected, two are there: {known.quote!r} at {known.locator} "
                f"and {listing.quote!r} at {listing.locator}"
            )
            raise fail(document, problem, row=", ".join(part for part in offer if part))
    return list(first.values())
