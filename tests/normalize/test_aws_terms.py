"""AWS's words for plans and statements, all the way to an offer."""

from decimal import Decimal
from types import ModuleType

from normalize.compare import Want, find_figure
from normalize.facts import Facts
from normalize.offers import normalize
from normalize.records import PriceBasis, PricingCategory

INTERRUPTED = (
    "the Spot Advisor prints no prices: 47 % saved against on-demand over 30 days, frequency of interruption <5%"
)


def test_plans_of_one_type_are_offers_of_their_own(build: ModuleType, kept_facts: Facts) -> None:
    """Two plans, two lengths and two products of one type keep their prices apart, per GPU-hour."""
    rates = [
        ("EC2", "g4dn.12xlarge", "ComputeSavingsPlans 1 year No Upfront", "4.44"),
        ("EC2", "g4dn.12xlarge", "ComputeSavingsPlans 3 year All Upfront", "2.22"),
        ("EC2", "g4dn.12xlarge", "EC2InstanceSavingsPlans 1 year No Upfront", "3.33"),
        ("SageMaker Hosting", "ml.g4dn.12xlarge", "MachineLearningSavingsPlans 1 year Partial Upfront", "5.55"),
    ]
    name = "aws-savings-plans"
    listings = [
        build.instance(price, source=name, service=service, sku=sku, terms=terms)
        for service, sku, terms, price in rates
    ]
    result = normalize([build.capture(*listings)], build.source(name), kept_facts)

    assert result.findings == ()
    assert {o.pricing_category for o in result.offers} == {PricingCategory.COMMITTED}
    assert [(o.offering_class, o.commitment_months, o.payment_option, o.usd_per_gpu_hour) for o in result.offers] == [
        ("compute_savings_plan", 12, "no_upfront", Decimal("1.11")),
        ("compute_savings_plan", 36, "all_upfront", Decimal("0.555")),
        ("ec2_instance_savings_plan", 12, "no_upfront", Decimal("0.8325")),
        ("machine_learning_savings_plan", 12, "partial_upfront", Decimal("1.3875")),
    ]


def test_plan_that_is_not_known_is_a_finding(build: ModuleType, kept_facts: Facts) -> None:
    """A new plan is told by the words that AWS prints."""
    listing = build.instance("1.11", source="aws-savings-plans", terms="ExampleSavingsPlans 2 year No Upfront")
    result = normalize([build.capture(listing)], build.source("aws-savings-plans"), kept_facts)

    assert [f.kind for f in result.findings] == ["unknown_terms"]
    assert "ExampleSavingsPlans 2 year No Upfront" in result.findings[0].message


def test_interruption_is_kept_and_never_a_price(build: ModuleType, kept_facts: Facts) -> None:
    """What the Spot Advisor says can be cited, stands beside the quote, and answers no question for a price."""
    statement = build.instance(None, source="aws-spot", terms="spot interruption", unit="perhr", absence=INTERRUPTED)
    quote = build.instance("1.11", source="aws-spot", terms="spot", unit="perhr")
    offers = normalize([build.capture(quote, statement)], build.source("aws-spot"), kept_facts).offers
    want = Want(
        "AWS", ("EC2",), PricingCategory.SPOT, "a10g-24gb", bases=(PriceBasis.REGION_QUOTE, PriceBasis.ZONE_MEAN)
    )

    assert [(o.price_basis, o.absence, len(o.citations)) for o in offers] == [
        (PriceBasis.REGION_QUOTE, "", 1),
        (PriceBasis.STATEMENT, INTERRUPTED, 1),
    ]
    assert find_figure(build.market(*offers), want).offer == offers[0]
    assert find_figure(build.market(offers[1]), want).offer is None
    assert "Spot Advisor" not in find_figure(build.market(offers[1]), want).reason
