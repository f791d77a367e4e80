"""What prices must keep to, alone and among each other; and what is no breach though it looks like one."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

from normalize.facts import Facts
from normalize.facts_releases import INVARIANTS
from normalize.invariants import check_alone, check_together
from normalize.records import Offer, PriceBasis, PricingCategory

SPOT: dict[str, Any] = {"pricing_category": PricingCategory.SPOT, "price_basis": PriceBasis.ZONE_MINIMUM}


def alone(offer: Offer, facts: Facts) -> list[str]:
    """Return the names of what an offer breaks by itself, which are all known."""
    names = [v.invariant for v in check_alone(offer, facts)]
    assert set(names) <= set(INVARIANTS)
    return names


def together(*offers: Offer) -> list[tuple[str, str]]:
    """Return price and name of what each offer breaks, which does not depend on their order."""
    found = sorted((str(v.offer.list_unit_price), v.invariant) for v in check_together(offers))
    assert found == sorted((str(v.offer.list_unit_price), v.invariant) for v in check_together(reversed(offers)))
    assert {name for _, name in found} <= set(INVARIANTS)
    return found


@pytest.mark.parametrize("count", ["1", "8", "72", "0.5", "0.25", "0.125"])
def test_counts_that_are_sold(build: ModuleType, kept_facts: Facts, count: str) -> None:
    """Whole GPUs up to an UltraServer, and even parts of one."""
    assert alone(build.offer(gpu_count=Decimal(count)), kept_facts) == []


@pytest.mark.parametrize("count", ["0.1", "73", "8000", "1.5", "0.3333"])
def test_counts_that_nobody_sells(build: ModuleType, kept_facts: Facts, count: str) -> None:
    """More than the largest machine, or an odd part, is a misreading."""
    assert alone(build.offer(gpu_count=Decimal(count)), kept_facts) == ["count_out_of_bounds"]


@pytest.mark.parametrize(
    ("price", "broken"),
    [("0.4578", True), ("0.4579", False), ("6.88", False), ("28.267", False), ("28.2671", True), ("55.04", True)],
)
def test_band_of_a_card(build: ModuleType, kept_facts: Facts, price: str, *, broken: bool) -> None:
    """From half the lowest to twice the highest public figure; the price of a node of eight is none of one H100."""
    offer = build.offer(price, gpu="h100-sxm-80gb")
    assert alone(offer, kept_facts) == (["outside_band"] if broken else [])


def test_band_is_told_with_its_bounds(build: ModuleType, kept_facts: Facts) -> None:
    """A reader sees the figure and what it was held against."""
    (violation,) = check_alone(build.offer("55.04", gpu="h100-sxm-80gb"), kept_facts)
    assert violation.reason == "55.04 is not between 0.4579 and 28.2670 USD per GPU-hour"


def test_a_card_without_public_figures_is_not_judged(build: ModuleType, kept_facts: Facts) -> None:
    """There is no band for it, so any price may be right."""
    assert alone(build.offer("9999.99"), kept_facts) == []


@pytest.mark.parametrize("printed", ["640", "640 GB HBM3", "640 GiB", "596 GiB", None])
def test_memory_of_the_whole_instance(build: ModuleType, kept_facts: Facts, printed: str | None) -> None:
    """What is printed is count x card, or the usable part of it, or nothing."""
    offer = build.offer("55.04", provider="AWS", sku="p5.48xlarge", gpu_as_printed=(None, "8", printed))
    assert alone(offer, kept_facts) == []


@pytest.mark.parametrize("printed", ["320 GB HBM2", "80", "NA", "1128"])
def test_memory_of_another_instance(build: ModuleType, kept_facts: Facts, printed: str) -> None:
    """The memory of one card, of another card, or none at all: it is not known what the price is of."""
    offer = build.offer("55.04", provider="AWS", sku="p5.48xlarge", gpu_as_printed=(None, "8", printed))
    (violation,) = check_alone(offer, kept_facts)
    assert violation.invariant == "memory_mismatch"
    assert violation.reason == f"{printed} of GPU memory are printed, 8 x Example GPU have 640 GiB"


@pytest.mark.parametrize("price", ["1.11", "2.22", "2.224"])
def test_spot_up_to_the_on_demand_price(build: ModuleType, price: str) -> None:
    """Equal is allowed, and what rounding explains."""
    assert together(build.offer("2.22"), build.offer(price, **SPOT)) == []


def test_one_zone_above_on_demand(build: ModuleType) -> None:
    """The highest zone is dearer than on demand, the lowest is not: the quote is in doubt, the list price is not."""
    high = build.offer("3.33", **{**SPOT, "price_basis": PriceBasis.ZONE_MAXIMUM})
    assert together(build.offer("2.22"), build.offer("1.11", **SPOT), high) == [("3.33", "spot_above_on_demand")]


def test_every_spot_price_above_on_demand(build: ModuleType) -> None:
    """Nobody can tell which is wrong, so none is used: Vantage prints a surcharge in place of p5e's price."""
    assert together(build.offer("1.11"), build.offer("2.22", **SPOT)) == [
        ("1.11", "on_demand_below_spot"),
        ("2.22", "spot_above_on_demand"),
    ]


def test_a_confirmed_on_demand_price_stands(build: ModuleType) -> None:
    """A second source prints it too, so that the spot price must be wrong."""
    second = build.offer("1.11", source="vantage-ec2")
    assert together(build.offer("1.11"), second, build.offer("2.22", **SPOT)) == [("2.22", "spot_above_on_demand")]


def test_mean_alone_does_not_accuse_on_demand(build: ModuleType) -> None:
    """A mean above on demand says that some quote is; only a lowest quote says that all are."""
    mean = build.offer("2.22", **{**SPOT, "price_basis": PriceBasis.ZONE_MEAN})
    assert together(build.offer("1.11"), mean) == [("2.22", "spot_above_on_demand")]


@pytest.mark.parametrize(
    "changes",
    [{"region": "south"}, {"operating_system": "Windows"}, {"sku": "x2.8xlarge"}, {"price_basis": PriceBasis.ESTIMATE}],
)
def test_only_the_same_machine_is_compared(build: ModuleType, changes: dict[str, Any]) -> None:
    """Another place, system or size is another price; an estimate is no price."""
    assert together(build.offer("1.11"), build.offer("2.22", **{**SPOT, **changes})) == []


def test_old_spot_prices_are_not_held_against_new_list_prices(build: ModuleType) -> None:
    """On-demand prices were cut by half in a year; a spot price of before says nothing of them."""
    old = build.offer("2.22", observed_at=build.DAY.replace(year=2030), **SPOT)
    assert together(build.offer("1.11"), old) == []


def test_the_list_of_the_same_read_comes_first(build: ModuleType) -> None:
    """A source's quote is held against its own on-demand price, though the seller's is more trusted."""
    own = build.offer("3.33", source="vantage-ec2")
    spot = build.offer("2.22", source="vantage-ec2", **SPOT)
    assert together(build.offer("1.11"), own, spot) == []


def committed(build: ModuleType, price: str, months: int, **changes: Any) -> Offer:
    """Make a committed price."""
    words = {
        "pricing_category": PricingCategory.COMMITTED,
        "commitment_months": months,
        "payment_option": "no_upfront",
        "offering_class": "standard",
    }
    made: Offer = build.offer(price, **{**words, **changes})
    return made


def test_three_years_below_one_below_on_demand(build: ModuleType) -> None:
    """The usual order, and all of one price, break nothing."""
    assert together(build.offer("3.33"), committed(build, "2.22", 12), committed(build, "1.11", 36)) == []
    assert together(build.offer("1.11"), committed(build, "1.11", 12), committed(build, "1.11", 36)) == []


def test_a_term_above_on_demand(build: ModuleType) -> None:
    """Who commits does not pay more: the committed price is in doubt."""
    assert together(build.offer("2.22"), committed(build, "3.33", 12), committed(build, "1.11", 36)) == [
        ("3.33", "term_above_on_demand")
    ]


def test_every_term_above_on_demand(build: ModuleType) -> None:
    """Then the on-demand price is in doubt as well."""
    assert together(build.offer("1.11"), committed(build, "3.33", 12), committed(build, "2.22", 36)) == [
        ("1.11", "on_demand_below_terms"),
        ("2.22", "term_above_on_demand"),
        ("3.33", "term_above_on_demand"),
    ]


def test_three_years_above_one(build: ModuleType) -> None:
    """The two may have been exchanged: neither is used, unless on demand tells which of them is wrong."""
    pair = (committed(build, "1.11", 12), committed(build, "2.22", 36))
    both = [("1.11", "longer_term_dearer"), ("2.22", "longer_term_dearer")]
    assert together(*pair) == both
    assert together(build.offer("3.33"), *pair) == both
    assert together(build.offer("1.99"), *pair) == [("2.22", "longer_term_dearer"), ("2.22", "term_above_on_demand")]


@pytest.mark.parametrize(
    "changes", [{"payment_option": "all_upfront"}, {"offering_class": "convertible"}, {"source": "vantage-ec2"}]
)
def test_only_one_plan_in_one_list_has_an_order(build: ModuleType, changes: dict[str, Any]) -> None:
    """Plans differ in price for their own reasons."""
    assert together(committed(build, "1.11", 12), committed(build, "2.22", 36, **changes)) == []


@pytest.mark.parametrize(("long", "broken"), [("3.18799025", 0), ("3.2535", 0), ("3.26", 2)])
def test_convertible_terms_may_lag_behind_a_cut(build: ModuleType, long: str, broken: int) -> None:
    """AWS's three convertible years of p4d in ap-northeast-2 cost 10.2 % more than one (feed of 2025-11-30)."""
    pair = (
        committed(build, "2.892007", 12, offering_class="convertible"),
        committed(build, long, 36, offering_class="convertible"),
    )
    assert len(together(*pair)) == broken


def lists(build: ModuleType, *prices: tuple[str, str]) -> Sequence[Offer]:
    """Make on-demand and spot prices of several machines."""
    quote = {**SPOT, "price_basis": PriceBasis.REGION_QUOTE}
    pairs = [
        (build.offer(on_demand, sku=f"x{n}.8xlarge"), build.offer(spot, sku=f"x{n}.8xlarge", **quote))
        for n, (on_demand, spot) in enumerate(prices)
    ]
    return [offer for pair in pairs for offer in pair]


def test_a_spot_list_that_is_the_on_demand_list(build: ModuleType) -> None:
    """A request whose parameter was ignored: all three spot prices are in doubt, the list prices are not."""
    copied = lists(build, ("1.11", "1.11"), ("2.22", "2.22"), ("3.33", "3.33"))
    found = list(check_together(copied))
    assert {v.offer.pricing_category for v in found} == {PricingCategory.SPOT}
    assert [v.invariant for v in found] == ["spot_list_is_on_demand_list"] * 3
    assert found[0].reason == "all 3 spot prices of 3 machines equal their on-demand prices"


def test_some_spot_prices_may_be_the_on_demand_price(build: ModuleType) -> None:
    """One that differs shows that the list is another; two machines alone show nothing."""
    assert together(*lists(build, ("1.11", "1.11"), ("2.22", "2.22"), ("3.33", "1.11"))) == []
    assert together(*lists(build, ("1.11", "1.11"), ("2.22", "2.22"))) == []


def test_equal_lists_of_two_sources_are_no_copy(build: ModuleType) -> None:
    """Only a source's own two lists can be one and the same request."""
    offers = lists(build, ("1.11", "1.11"), ("2.22", "2.22"), ("3.33", "3.33"))
    mixed = [replace(o, source="aws-spot") if o.pricing_category is PricingCategory.SPOT else o for o in offers]
    assert together(*mixed) == []


def test_what_a_page_prints_otherwise_elsewhere_accuses_nobody(build: ModuleType) -> None:
    """A restated price is a conflict already."""
    restated = build.offer("1.11", price_basis=PriceBasis.RESTATED)
    assert together(restated, build.offer("2.22", **SPOT)) == []
