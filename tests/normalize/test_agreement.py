"""Whether two figures differ by more than their printed digits hide, and which sources disagree."""

from collections.abc import Sequence
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.compare import agree, find_conflicts, rounding
from normalize.records import Finding, Offer, PriceBasis, PricingCategory, Severity
from scrapers.records import DatePrecision

AWS = {"provider": "AWS", "service": "EC2", "source": "aws-ec2", "region": "north"}


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        ("1.90", "0.005"),
        ("1.9", "0.005"),
        ("2", "0.005"),
        ("1.908", "0.0005"),
        ("55.0400000000", "0.00000000005"),
        ("9.0E-4", "0.000005"),
    ],
)
def test_rounding_is_half_a_unit_of_the_last_digit(build: ModuleType, price: str, expected: str) -> None:
    """Of a price as printed; fewer than two decimals are a number's lost zeros, not a coarser price."""
    assert rounding(build.offer(price)) == Decimal(expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("aws-ec2", "0.00000000005"),
        ("vantage-ec2", "0.0000005"),
        ("cloudprice-ec2", "0.000005"),
        ("runpod-docs", "0.005"),
    ],
)
def test_zeros_that_a_source_drops_count(build: ModuleType, source: str, expected: str) -> None:
    """0.42 of a price list with ten decimals is exact, and contradicts 0.4242."""
    assert rounding(build.offer("0.42", source=source)) == Decimal(expected)
    assert not agree(build.offer("0.42", source="aws-ec2"), build.offer("0.4242", source="vantage-ec2"))


def test_spot_prices_are_rounded_as_printed(build: ModuleType) -> None:
    """AWS quotes g5.24xlarge in eu-west-2 at 10.3379, its on-demand price of 10.33786 (Vantage, 2025-11-30)."""
    spot = build.offer("10.3379", source="vantage-ec2", price_basis=PriceBasis.ZONE_MINIMUM)
    assert agree(spot, build.offer("10.33786", source="vantage-ec2"))


def test_rounding_is_scaled_like_the_price(build: ModuleType) -> None:
    """A digit of a price per second weighs 3600 times as much, one of a node an eighth."""
    assert rounding(build.per_second("0.00053")) == Decimal("0.018")
    assert rounding(build.offer("8.88", gpu_count=Decimal(8))) == Decimal("0.000625")
    assert rounding(build.offer("0.202", gpu_count=Decimal("0.125"))) == Decimal("0.004")


@pytest.mark.parametrize(
    ("per_second", "per_hour", "expected"),
    [("0.00053", "1.90", True), ("0.00053", "1.91", True), ("0.00053", "1.89", True), ("0.00053", "1.88", False)],
)
def test_a_price_per_second_agrees_with_its_rounded_price_per_hour(
    build: ModuleType, per_second: str, per_hour: str, *, expected: bool
) -> None:
    """0.00053 a second is 1.908 an hour, give or take 0.018."""
    assert agree(build.per_second(per_second), build.offer(per_hour)) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("1.90", "1.90", True),
        ("1.90", "1.9000000000", True),
        ("1.89", "1.90", False),
        ("3.3", "3.29", False),
        ("2", "2.39", False),
        ("1.2346", "1.23456", True),
        ("1.2346", "1.2345600000", True),
        ("1.2346", "1.2347", False),
    ],
)
def test_two_prices_agree_within_their_printed_digits(
    build: ModuleType, one: str, other: str, *, expected: bool
) -> None:
    """A rounded price agrees with its exact one; a whole last digit apart, two prices are two."""
    assert agree(build.offer(one), build.offer(other)) is expected
    assert agree(build.offer(other), build.offer(one)) is expected


@given(st.decimals(min_value="0.01", max_value="999", places=6), st.integers(min_value=2, max_value=6))
def test_a_price_agrees_with_itself_rounded(build: ModuleType, price: Decimal, places: int) -> None:
    """However many digits a source rounds to, it does not contradict the exact price."""
    rounded = price.quantize(Decimal(1).scaleb(-places))
    if rounded > 0:
        assert agree(build.offer(str(price)), build.offer(str(rounded)))


def conflicts(build: ModuleType, *offers: Offer) -> Sequence[Finding]:
    """Return the conflicts of a market of these offers."""
    return tuple(conflict.finding for conflict in find_conflicts(build.market(*offers)))


def test_two_sources_that_disagree_are_a_conflict(build: ModuleType) -> None:
    """The finding names product, card, both figures, both sources, both dates and both labels, the believed first."""
    seller = build.offer("2.22", **AWS)
    aggregator = build.offer(
        "1.11", **{**AWS, "source": "vantage-ec2"}, observed_at=build.day(1), date_precision=DatePrecision.MONTH
    )
    (finding,) = conflicts(build, aggregator, seller)
    assert (finding.kind, finding.severity, finding.source) == ("conflict", Severity.WARNING, "aws-ec2")
    assert finding.where == "AWS EC2 on_demand example-gpu-11gb in north"
    assert finding.message == (
        "AWS EC2 on_demand example-gpu-11gb in north: 2.22 (aws-ec2, 2031-02-03, x1.8xlarge) against "
        "1.11 (vantage-ec2, 2031-02, x1.8xlarge) USD per GPU-hour; -1.11 (-50.0%)"
    )


def test_two_first_party_sources_may_disagree(build: ModuleType) -> None:
    """RunPod's documents and its page are compared by card, whatever they call it; the page's figure stands first."""
    docs = build.per_second("0.00053", source="runpod-docs", sku="A, B, C PRO")
    page = build.offer("1.75", source="runpod-pricing", sku="48 GB", observed_at=build.day(20))
    (finding,) = conflicts(build, docs, page)
    assert finding.source == "runpod-pricing"
    assert "1.75 (runpod-pricing, 2031-02-20, 48 GB) against 1.90800 (runpod-docs, 2031-02-03, A, B, C PRO)" in (
        finding.message
    )


def test_a_pool_is_one_conflict(build: ModuleType) -> None:
    """Two prices of one group of cards are one disagreement, which names every card."""
    cards = ("a-11gb", "b-11gb", "c-11gb")
    docs = [build.offer("1.11", source="runpod-docs", sku="A, B, C", gpu=gpu, gpu_pool=cards) for gpu in cards]
    page = [build.offer("2.22", source="runpod-pricing", sku="11 GB", gpu=g, gpu_pool=cards[:2]) for g in cards[:2]]
    (finding,) = conflicts(build, *docs, *page)
    assert finding.where == "Examplecloud Machines on_demand a-11gb b-11gb"


def test_rounding_is_no_conflict(build: ModuleType) -> None:
    """What the printed digits explain is no disagreement."""
    assert conflicts(build, build.per_second("0.00053", source="runpod-docs"), build.offer("1.91")) == ()


def test_one_source_does_not_contradict_itself(build: ModuleType) -> None:
    """Two names of one card in one source are two offers."""
    assert conflicts(build, build.offer("1.11"), build.offer("2.22", sku="x2.8xlarge")) == ()


def test_an_older_label_of_a_source_contradicts_nobody(build: ModuleType) -> None:
    """Where a page renamed a card, only its newest figure is held against the others."""
    renamed = (
        build.offer("1.11", source="runpod-pricing", sku="old"),
        build.offer("2.22", source="runpod-pricing", sku="new", observed_at=build.day(20)),
    )
    assert conflicts(build, *renamed, build.offer("2.22", source="runpod-docs")) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"service": "Clusters"},
        {"region": "south"},
        {"operating_system": "Windows"},
        {"pricing_category": PricingCategory.ACTIVE},
        {"commitment_months": 12},
        {"payment_option": "no_upfront"},
        {"offering_class": "standard"},
        {"gpu": "example-gpu-22gb"},
        {"price_basis": PriceBasis.REGION_QUOTE},
        {"quarantined": "two prices"},
        {"usd_per_gpu_hour": None},
    ],
)
def test_different_things_are_no_conflict(build: ModuleType, changes: dict[str, Any]) -> None:
    """Another product, place, system, kind of price, term or card may cost something else."""
    assert conflicts(build, build.offer("1.11"), build.offer("2.22", source="vantage-ec2", **changes)) == ()
    assert len(conflicts(build, build.offer("1.11"), build.offer("2.22", source="vantage-ec2"))) == 1


def test_kinds_of_host_are_no_conflict(build: ModuleType) -> None:
    """The secure and the community cloud have two prices; the same cloud in two sources has one."""
    page = build.offer("2.22", source="runpod-pricing", cloud_type=build.SECURE)
    other = build.offer("1.11", source="runpod-graphql", cloud_type=build.COMMUNITY)
    same = build.offer("1.11", source="runpod-graphql", cloud_type=build.SECURE)
    assert conflicts(build, page, other) == ()
    (finding,) = conflicts(build, page, same)
    assert finding.where == "Examplecloud Machines secure on_demand example-gpu-11gb"


def test_two_instance_types_with_one_gpu_are_no_conflict(build: ModuleType) -> None:
    """An instance type has its own price, though another one has the same GPU."""
    other = {**AWS, "source": "vantage-ec2"}
    assert conflicts(build, build.offer("1.11", **AWS), build.offer("2.22", sku="x1.16xlarge", **other)) == ()


def test_three_sources_are_one_conflict(build: ModuleType) -> None:
    """Everybody who contradicts the believed figure stands in one conflict, in whatever order they came."""
    names = ("aws-ec2", "cloudprice-ec2", "vantage-ec2")
    offers = [build.offer(p, **{**AWS, "source": n}) for n, p in zip(names, ("1.11", "2.22", "3.33"), strict=True)]
    (finding,) = conflicts(build, *offers)
    assert finding.source == "aws-ec2"
    assert finding.message.endswith("; +1.11 (+100.0%) and +2.22 (+200.0%)")
    assert conflicts(build, *offers) == conflicts(build, *reversed(offers))


@pytest.mark.parametrize("changed", [0, 1, 2])
def test_one_changed_figure_is_one_conflict(build: ModuleType, changed: int) -> None:
    """Whichever of three sources moves by a hundredth, the seller or an aggregator, one offer is disputed."""
    names = ("aws-ec2", "cloudprice-ec2", "vantage-ec2")
    offers = [build.offer("5.555500", **{**AWS, "source": name}) for name in names]
    assert conflicts(build, *offers) == ()
    offers[changed] = build.offer("5.611055", **{**AWS, "source": names[changed]})
    (finding,) = conflicts(build, *offers)
    assert finding.message.count("5.611055") == 1


def test_a_dispute_that_the_believed_figure_does_not_share_is_told(build: ModuleType) -> None:
    """1.908 may be both 1.90 and 1.92, as far as it is rounded; those two are not the same."""
    docs = build.per_second("0.00053", source="runpod-pricing")
    api = build.offer("1.90", source="runpod-graphql")
    rest = build.offer("1.92", source="runpod-rest")
    (finding,) = conflicts(build, docs, api, rest)
    assert finding.source == "runpod-graphql"
    assert "runpod-pricing" not in finding.message
