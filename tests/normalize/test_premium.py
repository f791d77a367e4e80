"""A managed product whose price lies unusually far from that of its machine is told, and called wrong nowhere."""

from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

from normalize.facts import Facts
from normalize.premium import find_odd_premiums
from normalize.records import Finding, Offer, PricingCategory, Severity


def machine(build: ModuleType, price: str, **changes: Any) -> Offer:
    """Make the price of an instance type."""
    words = {"source": "aws-ec2", "provider": "AWS", "service": "EC2", "sku": "x1.8xlarge", "region": "north"}
    made: Offer = build.offer(price, **{**words, **changes})
    return made


def managed(build: ModuleType, price: str, **changes: Any) -> Offer:
    """Make the price of the same under SageMaker."""
    words = {"source": "aws-sagemaker", "service": "SageMaker Hosting", "sku": "ml.x1.8xlarge"}
    return machine(build, price, **{**words, **changes})


def found(facts: Facts, *offers: Offer) -> list[Finding]:
    """Return what is odd about these prices."""
    return list(find_odd_premiums(offers, facts))


@pytest.mark.parametrize("price", ["1.10", "1.25", "1.40", "1.45"])
def test_a_usual_premium_is_nothing_to_tell(build: ModuleType, kept_facts: Facts, price: str) -> None:
    """From 1.10 to 1.45 times the machine's price."""
    assert found(kept_facts, machine(build, "1.00"), managed(build, price)) == []


@pytest.mark.parametrize(("price", "ratio"), [("1.09", "1.09"), ("1.46", "1.46"), ("1.00", "1.00"), ("8.88", "8.88")])
def test_an_unusual_premium_is_a_finding(build: ModuleType, kept_facts: Facts, price: str, ratio: str) -> None:
    """It names both prices with source and date, the ratio, and what is usual."""
    (finding,) = found(kept_facts, machine(build, "1.00"), managed(build, price))
    assert (finding.kind, finding.severity, finding.source) == ("odd_premium", Severity.WARNING, "aws-sagemaker")
    assert finding.message == (
        f"SageMaker Hosting ml.x1.8xlarge in north: {price} (aws-sagemaker, 2031-02-03) is {ratio} times "
        "1.00 (aws-ec2, 2031-02-03) of EC2; usual is 1.10 to 1.45, see data/facts/bands.toml"
    )
    assert finding.where == "0123456789ab#json:/price"


@pytest.mark.parametrize(
    "changes",
    [
        {"region": "south"},
        {"sku": "x1.16xlarge"},
        {"pricing_category": PricingCategory.SPOT},
        {"service": "EC2 Capacity Blocks"},
    ],
)
def test_only_the_same_machine_is_compared(build: ModuleType, kept_facts: Facts, changes: dict[str, Any]) -> None:
    """Another size, place or kind of price is no measure."""
    assert found(kept_facts, machine(build, "1.00", **changes), managed(build, "8.88")) == []


def test_prices_of_different_seasons_are_not_compared(build: ModuleType, kept_facts: Facts) -> None:
    """Between them either may have been cut."""
    old = machine(build, "1.00", observed_at=build.DAY.replace(year=2030))
    assert found(kept_facts, old, managed(build, "8.88")) == []


def test_the_sellers_own_price_of_the_machine_is_the_measure(build: ModuleType, kept_facts: Facts) -> None:
    """An aggregator that prints another one does not make a premium odd."""
    other = machine(build, "8.88", source="vantage-ec2")
    assert found(kept_facts, other, machine(build, "1.00"), managed(build, "1.25")) == []


def test_the_band_is_dated_and_wide(kept_facts: Facts) -> None:
    """It holds all ratios that were seen."""
    (premium,) = kept_facts.premiums
    assert premium.lowest < Decimal("1.1499") < Decimal("1.40") < premium.highest
