"""How a GPU can be had of a seller: from prices and lists, and only as far as they go."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

from normalize.availability import Availability, Supply, find_availability
from normalize.facts import Facts
from normalize.records import Market, PricingCategory

H100, A100, A10G = "h100-sxm-80gb", "a100-sxm-80gb", "a10g-24gb"


@pytest.fixture
def find(kept_facts: Facts) -> Any:
    """A function that asks how a GPU can be had of AWS's EC2 on demand, or of another seller."""

    def found(market: Market, gpu: str, provider: str = "AWS", service: str = "EC2") -> Availability:
        return find_availability(
            market, kept_facts, provider, [service], category=PricingCategory.ON_DEMAND, gpus=[gpu]
        )

    return found


@pytest.fixture
def ec2(build: ModuleType) -> Any:
    """A function that makes an offer of EC2."""

    def made(sku: str, gpu: str, count: str, price: str = "8.88", **changes: Any) -> Any:
        values = {"source": "aws-ec2", "provider": "AWS", "service": "EC2", "sku": sku, "gpu": gpu}
        return build.offer(price, gpu_count=Decimal(count), **(values | changes))

    return made


def test_size_nearest_to_one_gpu_counts(find: Any, ec2: Any, build: ModuleType) -> None:
    """One GPU before several, several before a part, and of equal sizes the cheapest."""
    part, several = ec2("x.small", H100, "0.5"), ec2("x.large", H100, "2")
    one, dear = ec2("x.medium", H100, "1", "2.22"), ec2("x.other", H100, "1", "3.33")

    for offers, best, supply in (
        ((part, several, dear, one), one, Supply.SINGLE),
        ((part, several), several, Supply.SEVERAL),
        ((part,), part, Supply.PART),
    ):
        found = find(build.market(*offers), H100)
        assert (found.supply, found.offer, found.certain) == (supply, best, True)


@pytest.mark.parametrize(
    "changes",
    [
        {"provider": "RunPod"},
        {"service": "SageMaker Hosting"},
        {"pricing_category": PricingCategory.SPOT},
        {"gpu": A100},
        {"usd_per_gpu_hour": None},
        {"quarantined": "it is a price of 0"},
    ],
)
def test_other_offers_say_nothing(find: Any, ec2: Any, build: ModuleType, changes: dict[str, Any]) -> None:
    """Another seller's, product's, kind's or card's price is none of this one; nor is one that may not be used."""
    offer = replace(ec2("p5.4xlarge", H100, "1"), **changes)
    found = find(build.market(offer), H100)
    assert found == Availability(Supply.UNKNOWN)


@pytest.mark.parametrize(
    ("sku", "gpu", "count", "certain"),
    [
        ("p4de.24xlarge", A100, "8", True),  # no smaller type with that card is known
        ("p5.48xlarge", H100, "8", False),  # p5.4xlarge is, and an excerpt may lack it
        ("p5.4xlarge", H100, "1", True),
    ],
)
def test_only_is_said_where_nothing_smaller_can_be_missing(  # noqa: PLR0913, PLR0917  # fixtures and cases
    find: Any, ec2: Any, build: ModuleType, sku: str, gpu: str, count: str, *, certain: bool
) -> None:
    """Of an excerpt the hand-kept instance types tell whether a smaller size exists; a whole read needs none."""
    offer = ec2(sku, gpu, count)
    excerpt = build.market(offer, sources=(build.status("aws-ec2", excerpt=True),))

    assert find(excerpt, gpu).certain is certain
    assert find(build.market(offer), gpu).certain


def test_excerpt_of_a_seller_without_instance_types_leaves_it_open(find: Any, ec2: Any, build: ModuleType) -> None:
    """Two at a time, in an excerpt of a seller whose machines nobody lists, may be one at a time elsewhere in it."""
    offer = ec2("H100", H100, "2", source="runpod-pricing", provider="RunPod", service="Pods")
    market = build.market(offer, sources=(build.status("runpod-pricing", excerpt=True),))

    assert not find(market, H100, "RunPod", "Pods").certain


def test_sellers_list_speaks_where_no_price_does(find: Any, build: ModuleType) -> None:
    """A card on the list is listed; one that a whole list leaves out is not, by the list's newest entry."""
    entries = (
        build.entry(H100, provider="RunPod", service="Pods"),
        build.entry(A100, provider="RunPod", service="Pods", observed_at=build.day(9)),
    )
    market = build.market(catalogue=entries)

    assert find(market, H100, "RunPod", "Pods") == Availability(Supply.LISTED, entry=entries[0])
    assert find(market, A10G, "RunPod", "Pods") == Availability(Supply.NOT_LISTED, entry=entries[1])
    assert find(market, A10G).supply is Supply.UNKNOWN


def test_list_of_instance_types_leaves_others_open(find: Any, build: ModuleType) -> None:
    """That one region's list of types lacks a card says nothing of the seller."""
    market = build.market(catalogue=(build.entry(H100, provider="AWS", service="EC2"),))

    assert find(market, H100).supply is Supply.LISTED
    assert find(market, A10G).supply is Supply.UNKNOWN
