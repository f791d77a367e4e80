"""The sources' own words for kinds of price, and what they mean; a word that is not here is a finding.

Formats and where the words were seen: each parser's docstring.
"""

from __future__ import annotations

from dataclasses import dataclass

from normalize.records import CloudType, PriceBasis, PricingCategory


@dataclass(frozen=True, slots=True)
class Terms:
    """What a source's word for a kind of price means.

    Attributes:
        pricing_category: how it is sold; None for a catalogue entry, which has no price.
        price_basis: what the figure stands for.
        commitment_months: None without commitment.
        payment_option: None without commitment.
        offering_class: None without commitment.
    """

    pricing_category: PricingCategory | None
    price_basis: PriceBasis = PriceBasis.LIST
    commitment_months: int | None = None
    payment_option: str | None = None
    offering_class: str | None = None


_ON_DEMAND = Terms(PricingCategory.ON_DEMAND)
_FLEX = Terms(PricingCategory.FLEX)
_ACTIVE = Terms(PricingCategory.ACTIVE)

_PAYMENT = {
    "noUpfront": "no_upfront",
    "partialUpfront": "partial_upfront",
    "allUpfront": "all_upfront",
}
_OFFERING = {
    "Standard": "standard",
    "Convertible": "convertible",
    # Compute Savings Plans; builds from before `InstanceSavings` wrote either kind of plan under this key.
    "Savings": "savings_plan",
    "InstanceSavings": "ec2_instance_savings_plan",
}


def _vantage_reserved() -> dict[tuple[str, str], Terms]:
    """Return Vantage's keys, such as ``yrTerm1Standard.noUpfront``: effective hourly prices."""
    return {
        ("vantage-ec2", f"reserved.yrTerm{years}{word}.{payment}"): Terms(
            PricingCategory.COMMITTED, PriceBasis.LIST, 12 * years, option, offering
        )
        for years in (1, 3)
        for word, offering in _OFFERING.items()
        for payment, option in _PAYMENT.items()
    }


_PLAN = {
    "ComputeSavingsPlans": "compute_savings_plan",
    "EC2InstanceSavingsPlans": "ec2_instance_savings_plan",
    # AWS's two words for the plans of SageMaker; which of them its file prints was not seen.
    "MachineLearningSavingsPlans": "machine_learning_savings_plan",
    "SageMakerSavingsPlans": "machine_learning_savings_plan",
}
_PRINTED_PAYMENT = {
    "No Upfront": "no_upfront",
    "Partial Upfront": "partial_upfront",
    "All Upfront": "all_upfront",
}


def _savings_plans() -> dict[tuple[str, str], Terms]:
    """Return the words of AWS's savings plan files: plan, length, unit and payment option, joined."""
    return {
        ("aws-savings-plans", f"{plan} {years} year {payment}"): Terms(
            PricingCategory.COMMITTED, PriceBasis.LIST, 12 * years, option, offering
        )
        for plan, offering in _PLAN.items()
        for years in (1, 3)
        for payment, option in _PRINTED_PAYMENT.items()
    }


def _aws_reserved() -> dict[tuple[str, str], Terms]:
    """Return AWS's words ``Reserved 1yr standard No Upfront``; before there were convertible ones, without a class."""
    classes = {"standard ": "standard", "convertible ": "convertible", "": "standard"}
    return {
        ("aws-ec2", f"Reserved {years}yr {word}{payment}"): Terms(
            PricingCategory.COMMITTED, PriceBasis.LIST, 12 * years, option, offering
        )
        for years in (1, 3)
        for word, offering in classes.items()
        for payment, option in _PRINTED_PAYMENT.items()
    }


TERMS: dict[tuple[str, str], Terms] = {
    ("aws-ec2", "OnDemand"): _ON_DEMAND,
    **_aws_reserved(),
    ("aws-sagemaker", "OnDemand"): _ON_DEMAND,
    **_savings_plans(),
    ("aws-spot", "spot"): Terms(PricingCategory.SPOT, PriceBasis.REGION_QUOTE),
    ("aws-spot", "spot interruption"): Terms(PricingCategory.SPOT, PriceBasis.STATEMENT),
    ("aws-ec2-api", "OnDemand"): _ON_DEMAND,
    ("aws-spot-history", "spot history"): Terms(PricingCategory.SPOT, PriceBasis.ZONE_QUOTE),
    ("aws-instance-types", "instance type"): Terms(None),
    ("aws-capacity-blocks", "CapacityBlock"): Terms(PricingCategory.CAPACITY_BLOCK),
    ("vantage-ec2", "ondemand"): _ON_DEMAND,
    ("vantage-ec2", "spot_min"): Terms(PricingCategory.SPOT, PriceBasis.ZONE_MINIMUM),
    ("vantage-ec2", "spot_avg"): Terms(PricingCategory.SPOT, PriceBasis.ZONE_MEAN),
    ("vantage-ec2", "spot_max"): Terms(PricingCategory.SPOT, PriceBasis.ZONE_MAXIMUM),
    ("vantage-ec2", "spot_avg_estimate"): Terms(PricingCategory.SPOT, PriceBasis.ESTIMATE),
    **_vantage_reserved(),
    ("cloudprice-ec2", "OnDemand"): _ON_DEMAND,
    ("cloudprice-ec2", "Spot"): Terms(PricingCategory.SPOT, PriceBasis.MEAN_OF_QUOTES),
    ("cloudprice-sagemaker", "OnDemand"): _ON_DEMAND,
    ("runpod-pricing", "On-Demand"): _ON_DEMAND,
    ("runpod-pricing", "On-Demand, restated"): Terms(PricingCategory.ON_DEMAND, PriceBasis.RESTATED),
    ("runpod-pricing", "Spot"): Terms(PricingCategory.SPOT),
    ("runpod-pricing", "Cluster"): Terms(PricingCategory.CLUSTER),
    ("runpod-pricing", "Flex"): _FLEX,
    ("runpod-pricing", "Active"): _ACTIVE,
    ("runpod-pricing", "Serverless"): _FLEX,
    ("runpod-graphql", "On-Demand"): _ON_DEMAND,
    ("runpod-graphql", "Cluster"): Terms(PricingCategory.CLUSTER),
    ("runpod-rest", "On-Demand"): _ON_DEMAND,
    ("runpod-rest", "Serverless"): _FLEX,
    ("runpod-docs", "Flex"): _FLEX,
    ("runpod-docs", "Active"): _ACTIVE,
    ("runpod-docs", "Flex cost per second"): _FLEX,
    ("runpod-docs", "Active cost per second"): _ACTIVE,
    ("runpod-docs", "Cost per second"): _FLEX,
    ("runpod-docs", "catalogue"): Terms(None),
}

CLOUDS = {"Secure Cloud": CloudType.SECURE, "Community Cloud": CloudType.COMMUNITY}

SERVICES = frozenset(
    {
        "EC2",
        "EC2 Capacity Blocks",
        "SageMaker Hosting",
        "SageMaker AsyncInf",
        "SageMaker Training",
        "SageMaker Notebook",
        "SageMaker Studio-JupyterLab",
        "SageMaker (component unstated)",
        "Pods",
        "Serverless",
        "Clusters",
    }
)
"""Products whose prices are taken; a component or section that is not here is a finding."""
