"""Figures as products of AWS's price list: the attributes by which a reader tells a price from its twins.

Seen in list version 20260910195514 (github.com/scttfrdmn/substrate @158e698a) and in the CSV of 2025-09-12
(github.com/jtdelia/ec2-priceit @ae128cc0); SageMaker's in prices quoted from its list in 2026.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tables import Figure

_LOCATIONS = {
    "ap-northeast-1": ("Asia Pacific (Tokyo)", "APN1"),
    "eu-west-3": ("EU (Paris)", "EUW3"),
    "us-east-1": ("US East (N. Virginia)", "USE1"),
    "us-east-2": ("US East (Ohio)", "USE2"),
    "us-west-2": ("US West (Oregon)", "USW2"),
}
"""Long name and usage prefix of the regions in the examples."""


@dataclass(frozen=True, slots=True)
class Product:
    """One product of the list with its one on-demand price.

    Attributes:
        sku: AWS's id, or a made-up one that says so.
        family: the product family.
        attributes: by the names of the JSON.
        term: code of the on-demand term.
        end_range: up to how many units the price holds.
        unit: `Hrs`.
        price: USD, digits as printed.
        description: what stands after "per" in the price's description.
    """

    sku: str
    family: str
    attributes: Mapping[str, str]
    term: str
    end_range: str
    unit: str
    price: str
    description: str


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of EC2 row: the beginning of its usage type, what it is called, and how its attributes differ."""

    usage: str
    words: str
    attributes: Mapping[str, str]


_KINDS = {
    "OnDemand": _Kind("BoxUsage", "On Demand Linux {} Instance Hour", {}),
    "CapacityBlock": _Kind(
        "BoxUsage",
        "Capacity Block Linux {} Instance Hour",
        {"marketoption": "CapacityBlock", "operation": "RunInstances:CB"},
    ),
    "HostBoxUsage": _Kind("HostBoxUsage", "Linux {} Dedicated Host Instance hour", {"tenancy": "Host"}),
    "Dedicated": _Kind("DedicatedUsage", "Dedicated Linux {} Instance Hour", {"tenancy": "Dedicated"}),
    "UnusedBox": _Kind(
        "UnusedBox", "Unused Reservation Linux {} Instance Hour", {"capacitystatus": "UnusedCapacityReservation"}
    ),
    "Windows": _Kind("BoxUsage", "On Demand Windows {} Instance Hour", {"operation": "RunInstances:0002"}),
    "Windows without licenses": _Kind(
        "BoxUsage",
        "On Demand Windows without licenses {} Instance Hour",
        {"licenseModel": "License Included - Infrastructure", "operation": "RunInstances:0002:box"},
    ),
    "Windows BYOL": _Kind(
        "BoxUsage",
        "On Demand Windows BYOL {} Instance Hour",
        {"licenseModel": "Bring your own license", "operation": "RunInstances:0800"},
    ),
    "SQL Std": _Kind(
        "BoxUsage",
        "On Demand Linux with SQL Std {} Instance Hour",
        {"preInstalledSw": "SQL Std", "operation": "RunInstances:0004"},
    ),
}
_FREE_TIER = "free tier"


def ec2_product(figure: Figure, figures: Sequence[Figure]) -> Product:
    """Return an EC2 figure as a product.

    Args:
        figure: the figure; its terms name the kind of row.
        figures: all figures of the list, among which an unused reservation has its instance.
    """
    if figure.terms == _FREE_TIER:
        return _free_tier(figure)
    kind = _KINDS[figure.terms]
    attributes = {
        "servicecode": "AmazonEC2",
        "location": _LOCATIONS[figure.region][0],
        "locationType": "AWS Region",
        "instanceType": figure.sku,
        "instanceFamily": _instance_family(figure.sku),
        "gpu": figure.gpu_count,
        "gpuMemory": figure.gpu_memory,
        "tenancy": "Shared",
        "operatingSystem": figure.operating_system,
        "licenseModel": "No License required",
        "usagetype": f"{kind.usage}:{figure.sku}",  # no region prefix in us-east-1
        "operation": "RunInstances",
        "availabilityzone": "NA",
        "capacitystatus": "Used",
        "instancesku": _instance_sku(figure, figures),
        "marketoption": "OnDemand",
        "preInstalledSw": "NA",
        "regionCode": figure.region,
        "servicename": "Amazon Elastic Compute Cloud",
        **kind.attributes,
    }
    metal = figure.sku.endswith(".metal")
    return Product(
        sku=figure.sku_id,
        family="Compute Instance (bare metal)" if metal else "Compute Instance",
        attributes={name: value for name, value in attributes.items() if value},
        term="JRTCKXETXF",
        end_range="Inf",
        unit=figure.unit,
        price=figure.price,
        description=kind.words.format(figure.sku),
    )


def _instance_family(sku: str) -> str:
    if sku.startswith(("inf", "trn")):
        return "Machine Learning ASIC Instances"
    return "General purpose" if sku.startswith(("m", "t")) else "GPU instance"


def _instance_sku(figure: Figure, figures: Sequence[Figure]) -> str:
    """Return the SKU of the instance that a reservation keeps free, "" for all other rows."""
    if figure.terms != "UnusedBox":
        return ""
    return next(f.sku_id for f in figures if f.sku == figure.sku and f.terms == "OnDemand")


def _free_tier(figure: Figure) -> Product:
    return Product(
        sku=figure.sku_id,
        family="Compute Instance",
        attributes={
            "servicecode": "AmazonEC2",
            "location": "Any",
            "locationType": "AWS Region",
            "group": "EC2 Free Tier",
            "groupDescription": "EC2 Free Tier",
            "usagetype": "Global-BoxUsage:freetrial",
            "operation": "RunInstances",
            "servicename": "Amazon Elastic Compute Cloud",
        },
        term="A429C66SYZ",
        end_range="750",
        unit=figure.unit,
        price=figure.price,
        description="hour of the free tier",
    )


_USAGE = {"Hosting": "Host", "Training": "Train", "AsyncInf": "AsyncInf"}
"""Beginning of the usage type, by component; that of Studio-JupyterLab is not public."""


def sagemaker_product(figure: Figure, _figures: Sequence[Figure]) -> Product:
    """Return a SageMaker figure as a product; its service is "SageMaker" and the component."""
    location, prefix = _LOCATIONS[figure.region]
    component = figure.service.removeprefix("SageMaker ")
    usage = f"{prefix}-{_USAGE[component]}:{figure.sku}" if component in _USAGE else ""
    attributes = {
        "servicecode": "AmazonSageMaker",
        "location": location,
        "locationType": "AWS Region",
        "instanceType": _spell_instance_type(figure.sku, component),
        "usagetype": usage,
        "operation": "RunInstance",
        "component": component,
        "instanceName": figure.sku,
        "regionCode": figure.region,
        "servicename": "Amazon SageMaker",
    }
    return Product(
        sku=figure.sku_id,
        family="ML Instance",
        attributes={name: value for name, value in attributes.items() if value},
        term="JRTCKXETXF",
        end_range="Inf",
        unit=figure.unit,
        price=figure.price,
        description=f"{component} {figure.sku} hour in {location}",
    )


def _spell_instance_type(sku: str, component: str) -> str:
    """Return type and component in one, as the list has it: `ml.g5.xlarge-Hosting`, but `ml.g7e.2xlarge-hosting`."""
    return f"{sku}-{component.lower() if sku.startswith('ml.g7e.') else component}"
