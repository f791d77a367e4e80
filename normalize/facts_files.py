"""`instances.toml`, `units.toml` and `claims.toml`, read into their records."""

from __future__ import annotations

from pathlib import Path

from normalize.facts_records import (
    Claim,
    ClaimStatus,
    InstanceType,
    NotGpu,
    Reference,
    Unit,
)
from normalize.facts_rows import Row, check_unique, read_rows

INSTANCES_FILE = "instances.toml"
UNITS_FILE = "units.toml"
CLAIMS_FILE = "claims.toml"

PERIODS = ("hour", "minute", "second", "month", "one_time")
SECTIONS = (
    "executive_summary",
    "product_mapping",
    "eliminated_products",
    "scale_to_zero",
    "cold_start_breakdown",
    "single_gpu",
    "cold_start_architecture",
    "generation",
)
REFERENCE_GROUPS = (
    "AWS Official Documentation",
    "AWS Community",
    "RunPod Documentation",
    "Third-Party Pricing Aggregators",
)


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


def read_claims(folder: Path) -> tuple[tuple[Claim, ...], tuple[Reference, ...]]:
    """Read `claims.toml`: statements that are not prices, and the report's list of links."""
    file = folder / CLAIMS_FILE
    rows = read_rows(file, {"claim": "id", "reference": "title"})
    claims = tuple(map(_claim, rows["claim"]))
    references = tuple(map(_reference, rows["reference"]))
    check_unique(file, "claim", (claim.id for claim in claims))
    check_unique(file, "reference", (reference.url for reference in references))
    return claims, references


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


def _claim(row: Row) -> Claim:
    claim = Claim(
        id=row.kebab("id"),
        section=row.one_of("section", SECTIONS),
        subject=row.words("subject"),
        aspect=row.words_if_any("aspect"),
        gpus=row.texts_if_any("gpus"),
        short=row.words_if_any("short"),
        statement=row.words("statement"),
        evidence_url=row.url("evidence_url"),
        evidence_quote=row.text("evidence_quote"),
        seen_on=row.day_if_any("seen_on"),
        dating=row.words_if_any("dating"),
        checked_on=row.day("checked_on"),
        holds_from=row.day_if_any("holds_from"),
        holds_until=row.day_if_any("holds_until"),
        status=ClaimStatus(row.one_of("status", tuple(ClaimStatus))),
        remark=row.text("remark"),
    )
    row.finish()
    if claim.seen_on is None and not claim.dating:
        raise row.error("dating", "must say what is known of the evidence's age where seen_on is left out")
    row.check_order("checked_on", claim.seen_on, claim.checked_on)
    row.check_order("holds_until", claim.holds_from, claim.holds_until)
    return claim


def _reference(row: Row) -> Reference:
    reference = Reference(
        group=row.one_of("group", REFERENCE_GROUPS),
        title=row.words("title"),
        url=row.url("url"),
        checked_on=row.day("checked_on"),
    )
    row.finish()
    return reference
