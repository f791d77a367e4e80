"""Who confirms a figure, who contradicts it and by how much, and how many sources stand behind it."""

from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

from normalize.agreement import Agreement, compare_figures
from normalize.corroborate import Corroboration, corroborate, difference, difference_percent, find_conflicts
from normalize.records import Offer, PriceBasis, identity_of

AWS = {"provider": "AWS", "service": "EC2", "region": "north"}


def of(offer: Offer, *others: Offer) -> Corroboration:
    """Return what these others say of an offer."""
    return corroborate([offer, *others])[identity_of(offer)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("1.90", "1.9000", Agreement.AGREE),
        ("21.957642", "21.95764", Agreement.ROUNDING),
        ("1.90", "1.91", Agreement.CONFLICT),
    ],
)
def test_figures_are_the_same_rounded_or_two(build: ModuleType, one: str, other: str, expected: Agreement) -> None:
    """The same number is more than one that rounding explains."""
    assert compare_figures(build.offer(one), build.offer(other)) is expected


def test_a_lonely_figure_has_one_source(build: ModuleType) -> None:
    """Nobody else prints it: that is said, not passed over."""
    found = of(build.offer("1.11", source="aws-ec2", **AWS))
    assert (found.standing, found.sources, found.statement) == (Agreement.ALONE, ("aws-ec2",), "1 source: aws-ec2")


def test_who_prints_the_same_stands_behind_it(build: ModuleType) -> None:
    """The others are named with their dates, its own source first."""
    seller = build.offer("1.11", source="aws-ec2", **AWS)
    same = build.offer("1.1100", source="vantage-ec2", observed_at=build.day(1), **AWS)
    found = of(seller, same)
    assert found.standing is Agreement.AGREE
    assert found.statement == "2 sources: aws-ec2, vantage-ec2 (2031-02-01)"
    assert of(same, seller).statement == "2 sources: vantage-ec2, aws-ec2 (2031-02-03)"


def test_rounding_counts_but_is_told_apart(build: ModuleType) -> None:
    """1.908 and 1.90 are one price; the weaker word is the standing."""
    docs = build.per_second("0.00053", source="runpod-docs")
    page = build.offer("1.90", source="runpod-pricing")
    assert of(docs, page).standing is Agreement.ROUNDING
    assert of(docs, page).sources == ("runpod-docs", "runpod-pricing")


def test_a_contradiction_outweighs_every_confirmation(build: ModuleType) -> None:
    """Both are told: how many print it, and who prints what else."""
    seller, same = (build.offer("2.22", source=s, **AWS) for s in ("aws-ec2", "vantage-ec2"))
    other = build.offer("1.11", source="cloudprice-ec2", **AWS)
    found = of(seller, same, other)
    assert found.standing is Agreement.CONFLICT
    assert found.statement == (
        "2 sources: aws-ec2, vantage-ec2 (2031-02-03); cloudprice-ec2 (2031-02-03) prints 1.11 (-50.0%)"
    )


def test_another_place_of_the_page_confirms_nothing(build: ModuleType) -> None:
    """What a page prints twice is one source; where its second place differs, it is against itself."""
    row = build.offer("1.11", source="runpod-pricing")
    again = build.offer("2.22", source="runpod-pricing", price_basis=PriceBasis.RESTATED)
    assert of(row, again).statement == (
        "1 source: runpod-pricing; runpod-pricing, restated (2031-02-03) prints 2.22 (+100.0%)"
    )


def test_an_older_label_is_not_asked(build: ModuleType) -> None:
    """Each source speaks with its newest figure of a card; its older name of it says nothing more."""
    docs = build.offer("2.22", source="runpod-docs")
    old = build.offer("2.22", source="runpod-pricing", sku="old", observed_at=build.day(1))
    new = build.offer("3.33", source="runpod-pricing", sku="new", observed_at=build.day(20))
    assert of(docs, old, new).statement.startswith("1 source: runpod-docs; runpod-pricing (2031-02-20) prints 3.33")


def test_quotes_are_not_held_against_each_other(build: ModuleType) -> None:
    """Two spot prices are of two moments: they are neither confirmed nor contradicted."""
    assert corroborate([build.offer(price_basis=PriceBasis.REGION_QUOTE)]) == {}


def test_sizes_are_exact_and_never_nothing(build: ModuleType) -> None:
    """A large difference has one decimal, a small one two digits."""
    seller = build.offer("2.22")
    assert (difference(seller, build.offer("1.11")), difference_percent(seller, build.offer("1.11"))) == (
        "-1.11",
        "-50.0%",
    )
    near = build.offer("2.2202")
    assert (difference(seller, near), difference_percent(seller, near)) == ("+0.0002", "+0.0090%")


SAGEMAKER: dict[str, Any] = {"provider": "AWS", "sku": "ml.x1.8xlarge", "region": "north"}


def component(build: ModuleType, price: str, name: str) -> Offer:
    """Make a price of a component of SageMaker."""
    made: Offer = build.offer(price, source="aws-sagemaker", service=f"SageMaker {name}", **SAGEMAKER)
    return made


def unstated(build: ModuleType, price: str, **changes: Any) -> Offer:
    """Make a price of SageMaker without a component."""
    words = {"source": "cloudprice-sagemaker", "service": "SageMaker (component unstated)", **SAGEMAKER}
    made: Offer = build.offer(price, **{**words, **changes})
    return made


def test_an_unstated_component_confirms_those_it_agrees_with(build: ModuleType) -> None:
    """It may be any of them; with which it differs, it is simply not that one."""
    hosting, training = component(build, "2.22", "Hosting"), component(build, "1.11", "Training")
    found = corroborate([hosting, training, unstated(build, "1.11")])
    assert found[identity_of(training)].standing is Agreement.AGREE
    assert found[identity_of(hosting)].standing is Agreement.ALONE
    assert find_conflicts(build.market(hosting, training, unstated(build, "1.11"))) == ()


def test_an_unstated_component_that_is_none_of_them_contradicts_hosting(build: ModuleType) -> None:
    """One conflict, not one with every component."""
    offers = [component(build, "1.11", "AsyncInf"), component(build, "2.22", "Hosting"), unstated(build, "5.55")]
    (conflict,) = find_conflicts(build.market(*offers))
    assert (conflict.one.service, conflict.others[0].list_unit_price) == ("SageMaker Hosting", Decimal("5.55"))


def test_an_unstated_component_of_another_region_stands_alone(build: ModuleType) -> None:
    """Without a region it is not known to be the same price."""
    lonely = unstated(build, "5.55", region=None)
    assert of(lonely, component(build, "2.22", "Hosting")).standing is Agreement.ALONE
