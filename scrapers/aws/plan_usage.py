"""What a savings plan's rate discounts, read from its usage type: ``USW2-BoxUsage:p5.48xlarge``.

The region's prefix is absent in us-east-1 for EC2 and present there for SageMaker (``USE1-Host:ml.g6e.2xlarge``).
Usage types of Studio name the application beside the type: ``USE1-Studio:JupyterLab-ml.r6i.4xlarge``.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from scrapers.aws.instance_types import is_gpu_type

_USAGE = re.compile(
    r"(?:[A-Z0-9]+-)*(?P<kind>[A-Za-z_-]+):(?:(?P<application>[A-Za-z]+)-)?"
    r"(?P<type>(?P<ml>ml\.)?(?P<ec2>[a-z0-9-]+\.[a-z0-9-]+))"
)
_EC2_TAKEN = {"BoxUsage": "EC2"}
_EC2_IGNORED = frozenset(
    {"DedicatedRes", "DedicatedUsage", "HostBoxUsage", "HostUsage", "Reservation", "UnusedBox", "UnusedDed"}
)
"""Capacity that is dedicated, on a dedicated host, or reserved: other prices of the same types."""
_SAGEMAKER_TAKEN = {
    "Host": "SageMaker Hosting",
    "AsyncInf": "SageMaker AsyncInf",
    "Train": "SageMaker Training",
    "Notebk": "SageMaker Notebook",
    "Studio:JupyterLab": "SageMaker Studio-JupyterLab",
}
"""Names of the products as `scrapers.aws.sagemaker` gives them."""
_SAGEMAKER_IGNORED = frozenset(
    {
        *("Cluster", "Proc", "Processing", "RStudio", "Studio", "TensorBoard", "Tsform"),
        *("RStudio:RSessionGateway", "Studio:CodeEditor", "Studio:KernelGateway"),
    }
)
"""Batch work, HyperPod and other editors, which `scrapers.aws.sagemaker` does not take either."""
_LINUX = "RunInstances"
_PRODUCTS = {
    "AmazonEC2": ("EC2", _EC2_TAKEN, _EC2_IGNORED),
    "AmazonSageMaker": ("SageMaker", _SAGEMAKER_TAKEN, _SAGEMAKER_IGNORED),
}


@dataclass(frozen=True, slots=True)
class Usage:
    """A usage type of a GPU instance type.

    Attributes:
        kind: ``BoxUsage``, ``Host``, ``Studio:JupyterLab``.
        instance_type: ``p5.48xlarge``, ``ml.p5.48xlarge``.
    """

    kind: str
    instance_type: str


@functools.cache
def read_usage(usage_type: str) -> Usage | None:
    """Return what a usage type says, or None where it is not that of a GPU instance type."""
    match = _USAGE.fullmatch(usage_type)
    if match is None or not is_gpu_type(match["ec2"]):
        return None
    kind = match["kind"] if match["application"] is None else f"{match['kind']}:{match['application']}"
    return Usage(kind, match["type"])


def service_of(service_code: str, usage: Usage, operation: str) -> str | None:
    """Return the name of the product, or None for one that is ignored by name.

    A word that is neither taken nor ignored is named in the product, so that normalisation refuses it by its name.

    Args:
        service_code: ``AmazonEC2``, ``AmazonSageMaker``.
        usage: the usage type.
        operation: ``RunInstances`` is Linux without licence or software; ``RunInstances:0010`` and others are
            another operating system's.
    """
    if service_code not in _PRODUCTS:
        return f"{service_code} {usage.kind}"
    provider_word, taken, ignored = _PRODUCTS[service_code]
    if usage.kind in ignored or (service_code == "AmazonEC2" and operation.startswith(f"{_LINUX}:")):
        return None
    name = taken.get(usage.kind, f"{provider_word} {usage.kind}")
    if service_code == "AmazonEC2" and operation != _LINUX:
        return f"{name} (operation {operation!r})"
    return name
