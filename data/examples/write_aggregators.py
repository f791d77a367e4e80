"""Vantage's `instances.json` and CloudPrice's JSON, which republish AWS's prices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from json_numbers import json_text, number
from tables import Body, Figure, VantageType, read_vantage_types

_REGIONS = {
    "us-east-1": "US East (N. Virginia)",
    "us-east-2": "US East (Ohio)",
    "us-west-2": "US West (Oregon)",
}
_RESERVED = "reserved."


def vantage_instances(_body: Body, figures: Sequence[Figure]) -> str:
    """Return an excerpt of `instances.json`: the types of the figures, sorted, with the keys that are carried over."""
    types = {instance.instance_type: instance for instance in read_vantage_types()}
    ordered = sorted(figures, key=lambda figure: figure.sku)
    records = [_record(types[sku], list(group)) for sku, group in groupby(ordered, key=lambda figure: figure.sku)]
    return json_text(records, indent=1)


def _record(instance: VantageType, figures: Sequence[Figure]) -> dict[str, Any]:
    pricing = _pricing(figure for figure in figures if figure.price)
    return {
        "instance_type": instance.instance_type,
        "family": instance.family,
        "vCPU": number(instance.vcpu),
        "memory": number(instance.memory_gib),
        "pretty_name": instance.pretty_name,
        "GPU": number(instance.gpu),
        "GPU_model": instance.gpu_model,
        "compute_capability": number(instance.compute_capability),
        "GPU_memory": number(instance.gpu_memory_gib),
        "availability_zones": {},
        "regions": {region: _REGIONS[region] for region in pricing},
        "pricing": pricing,
    }


def _pricing(figures: Iterable[Figure]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the prices by region and platform; reserved prices lie one level deeper."""
    pricing: dict[str, dict[str, dict[str, Any]]] = {}
    for figure in figures:
        platforms = pricing.setdefault(figure.region, {})
        prices = platforms.setdefault(figure.operating_system, {} if figure.terms == "emr" else {"reserved": {}})
        if figure.terms.startswith(_RESERVED):
            prices["reserved"][figure.terms.removeprefix(_RESERVED)] = figure.price
        else:
            prices[figure.terms] = figure.price
    return pricing


def cloudprice_rows(_body: Body, figures: Sequence[Figure]) -> str:
    """Return the rows in the envelope that public clients of the EC2 list read; prices are numbers.

    What the list prints besides, such as `UpdatedAt`, is not public for these dates and is left out.
    """
    items = [{"InstanceType": figure.sku, "HasGPU": True, "PricePerHour": number(figure.price)} for figure in figures]
    return json_text({"Status": "ok", "Data": {"Items": items}})
