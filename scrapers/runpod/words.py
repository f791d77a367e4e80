"""RunPod's own words, spelled one way in all its sources, and the rule for an offer that is there twice."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

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
SPOT = "Spot"
RESTATED = "On-Demand, restated"
"""A Pods price that another part of the same page prints otherwise."""
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


def check_active(document: Document, listings: Iterable[Listing]) -> None:
    """Refuse prices of Active workers above those of Flex workers: then two columns were read for each other.

    An Active worker always costs less, since it runs always (0.00011 against 0.00016 a second, and so on in every
    table from 2025-05-13 to 2026-05-13).

    Raises:
        ParseError: an Active worker of one tier and unit is dearer.
    """
    flex = {(x.sku, x.gpu_memory, x.unit): x for x in listings if x.terms == FLEX and x.price_text}
    for active in (x for x in listings if x.terms == ACTIVE and x.price_text):
        other = flex.get((active.sku, active.gpu_memory, active.unit))
        if other is not None and Decimal(active.price_text or 0) > Decimal(other.price_text or 0):
            problem = (
                f"looked for an Active price of at most Flex's, found Active {active.price_text} above Flex "
                f"{other.price_text}: are the columns shifted?"
            )
            raise fail(document, problem, row=active.sku)
