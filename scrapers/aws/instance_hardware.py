"""`aws-instance-types`: GPU model, count and memory of instance types, from EC2's DescribeInstanceTypes. No prices.

``{"InstanceTypes": [{"InstanceType": "g5.xlarge", "GpuInfo": {"Gpus": [{"Name": "A10G", "Manufacturer": "NVIDIA",
"Count": 1, "LogicalGpuCount": 1, "GpuPartitionSize": 1.0, "MemoryInfo": {"SizeInMiB": 22888}}],
"TotalGpuMemoryInMiB": 22888}}]}`` (moto 5.2.5, answers of 2026-10-27). A type with a part of a GPU has a ``Count`` of 0
or 1, depending on when it was asked, and a ``GpuPartitionSize`` below 1: its count is that part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from scrapers.aws.account import GPU_TYPES, Question, ask_regions
from scrapers.aws.instance_types import is_gpu_type
from scrapers.places.locate import pointer
from scrapers.records import Document, Lineage, Listing, Response, Source
from scrapers.strict import fail, one, read_json, take
from scrapers.wire.web import Web

SOURCE = Source(
    id="aws-instance-types",
    title="GPUs of EC2's instance types (DescribeInstanceTypes)",
    publisher="AWS",
    url="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypes.html",
    lineage=Lineage.FIRST_PARTY,
    method="api",
    # 65 GPU types in us-east-1 on 2026-10-27 (moto 5.2.5); some regions have a handful.
    expected_listings=(5, 4000),
    max_age_days=90,
    needs_account=True,
)
_TERMS = "instance type"


def fetch(web: Web, regions: Sequence[str]) -> Iterator[Response]:
    """Yield the instance types of every region.

    Raises:
        SourceError: no boto3, no account, or a region that did not answer; raised after those that did.
    """
    del web
    url = "https://ec2.{region}.{suffix}/?Action=DescribeInstanceTypes"
    return ask_regions(SOURCE, Question("ec2", "", url, _ask), regions)


def _ask(client: Any, _region: str) -> object:  # noqa: ANN401  # boto3 has no types
    filters = [{"Name": "instance-type", "Values": GPU_TYPES}]
    pages = client.get_paginator("describe_instance_types").paginate(Filters=filters)
    return {"InstanceTypes": [entry for page in pages for entry in page["InstanceTypes"]]}


def parse(document: Document) -> list[Listing]:
    """Return one listing per instance type of a GPU family, without a price.

    Raises:
        ParseError: the structure is not the answer's.
    """
    entries = take(document, read_json(document), "InstanceTypes")
    named = [(n, entry, take(document, entry, "InstanceType", row=f"entry {n}")) for n, entry in enumerate(entries)]
    return [_read_type(document, n, entry, sku) for n, entry, sku in named if is_gpu_type(sku)]


def _read_type(document: Document, number: int, entry: Mapping[str, Any], sku: str) -> Listing:
    name, count, memory = _read_gpus(document, entry["GpuInfo"], sku) if "GpuInfo" in entry else (None, None, None)
    return Listing(
        source=document.capture.source,
        provider="AWS",
        service="EC2",
        sku=sku,
        terms=_TERMS,
        price_text=None,
        absence="DescribeInstanceTypes prints no prices" + ("" if name else f", and no GPU of {sku}"),
        currency="USD",
        unit="",
        locator="json:" + pointer("InstanceTypes", number, "InstanceType"),
        quote=sku,
        gpu_name=name,
        gpu_count=count,
        gpu_memory=memory,
    )


def _read_gpus(document: Document, info: Mapping[str, Any], sku: str) -> tuple[str, str, str]:
    """Return maker and name, number of whole GPUs (or the part of one), and memory of the whole instance."""
    gpu = one(document, take(document, info, "Gpus", row=sku), "kind of GPU", row=sku)
    number = gpu.get("LogicalGpuCount", gpu.get("Count"))
    part = gpu.get("GpuPartitionSize", 1)
    if type(number) is not int or not isinstance(part, int | Decimal):
        raise fail(document, f"looked for a number of GPUs, found {number!r} of size {part!r}", row=sku)
    maker, name = (take(document, gpu, key, row=sku) for key in ("Manufacturer", "Name"))
    memory = take(document, info, "TotalGpuMemoryInMiB", row=sku)
    return f"{maker} {name}", f"{(number * Decimal(part)).normalize():f}", f"{memory} MiB"
