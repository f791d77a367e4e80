"""`instances.toml` and `units.toml`, read into their records."""

from __future__ import annotations

from pathlib import Path

from normalize.facts_records import InstanceType, NotGpu, Unit
from normalize.facts_rows import Row, check_unique, read_rows

INSTANCES_FILE = "instances.toml"
UNITS_FILE = "units.toml"

PERIODS = ("hour", "minute", "second", "month", "one_time")


def read_instances(folder: Path) -> tuple[tuple[InstanceType, ...], tuple[NotGpu, ...]]:
    """Read `instances.toml`: instance types with GPUs, and families with other accelerators."""
    file = folder / INSTANCES_FILE
    rows = read_rows(file, {"instance": "type", "not_gpu": "family"})
    instances = tuple(map(_instance, rows["instance"]))
    others = tuple(map(_not_gpu, rows["not_gpu"]))
    check_unique(file, "instance", (instance.type for instance in instances))
    check_unique(file, "not_gpu", (other.family for other in others))
    return instances, others


def read_units(folder: Path) -> tuple[Unit, ...]:
    """Read `units.toml`."""
    file = folder / UNITS_FILE
    units = tuple(map(_unit, read_rows(file, {"unit": "text"})["unit"]))
    check_unique(file, "unit", (unit.text for unit in units))
    return units


def _instance(row: Row) -> InstanceType:
    instance = InstanceType(
        type=row.words("type"),
        gpu=row.words("gpu"),
        gpu_count=row.decimal("gpu_count"),
        gpu_memory_gib=row.decimal("gpu_memory_gib"),
        source_url=row.url("source_url"),
        checked_on=row.day("checked_on"),
    )
    row.finish()
    return instance


def _not_gpu(row: Row) -> NotGpu:
    other = NotGpu(
        family=row.words("family"),
        is_=row.words("is"),
        vendor=row.words("vendor"),
        source_url=row.url("source_url"),
        checked_on=row.day("checked_on"),
    )
    row.finish()
    return other


def _unit(row: Row) -> Unit:
    hourly = not row.has("hourly")
    if not hourly and row.take("hourly") is not False:
        raise row.error("hourly", "is written only as: hourly = false")
    unit = Unit(
        text=row.words("text"),
        period=row.one_of("period", PERIODS),
        periods_per_hour=row.decimal("periods_per_hour") if hourly else None,
        sources=row.texts("sources"),
        source_url=row.url("source_url"),
        checked_on=row.day("checked_on"),
    )
    row.finish()
    return unit
