"""`gpus.toml`: cards and groups of cards; a seller's name and memory mean one card on one day."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from pathlib import Path

from normalize.facts_records import Gpu, GpuName, GpuPool
from normalize.facts_rows import Row, check_unique, read_rows
from scrapers.errors import FactsError

GPUS_FILE = "gpus.toml"
FORM_FACTORS = ("", "SXM", "PCIe", "NVL")


def read_gpus(folder: Path) -> tuple[tuple[Gpu, ...], tuple[GpuPool, ...]]:
    """Read `gpus.toml`: cards, and groups of cards."""
    file = folder / GPUS_FILE
    rows = read_rows(file, {"gpu": "id", "pool": "name"})
    gpus = tuple(map(_gpu, rows["gpu"]))
    pools = tuple(map(_pool, rows["pool"]))
    check_unique(file, "gpu", (gpu.id for gpu in gpus))
    check_unique(file, "pool", ((pool.provider, pool.service, pool.name) for pool in pools))
    _check_names(file, gpus)
    return gpus, pools


def _gpu(row: Row) -> Gpu:
    gpu = Gpu(
        id=row.kebab("id"),
        vendor=row.words("vendor"),
        model=row.words("model"),
        form_factor=row.one_of("form_factor", FORM_FACTORS),
        memory_gib=row.decimal("memory_gib"),
        printed_memory_gib=row.decimals_if_any("printed_memory_gib"),
        architecture=row.words("architecture"),
        names=_names(row),
        source_url=row.url("source_url"),
        checked_on=row.day("checked_on"),
    )
    row.finish()
    return gpu


def _names(row: Row) -> tuple[GpuName, ...]:
    names = []
    for provider, labels in row.table("names").items():
        if not isinstance(labels, list) or not labels:
            raise row.error(f"names.{provider}", f"must be a list of names, not {labels!r}")
        names += [_name(row, provider, label) for label in labels]
    return tuple(names)


def _name(row: Row, provider: str, label: object) -> GpuName:
    key = f"names.{provider}"
    values = label if isinstance(label, dict) else {"name": label}
    part = row.part(key, values)
    name = GpuName(provider, part.words("name"), part.day_if_any("from"), part.day_if_any("until"))
    part.finish()
    part.check_order("until", name.valid_from, name.valid_until)
    return name


def _check_names(file: Path, gpus: tuple[Gpu, ...]) -> None:
    """Raise when a seller's name and memory would mean two cards on one day."""
    pairs = combinations([(name, gpu) for gpu in gpus for name in gpu.names], 2)
    for (name, gpu), (other, other_gpu) in pairs:
        same = (name.provider, name.name) == (other.provider, other.name)
        if same and _overlap(name, other) and set(gpu.memories) & set(other_gpu.memories):
            raise FactsError(
                f"{file}: [[gpu]] {other_gpu.id!r}: names.{other.provider}: "
                f"{other.name!r} with the same memory is {gpu.id!r} too"
            )


def _overlap(name: GpuName, other: GpuName) -> bool:
    return (name.valid_from or date.min) <= (other.valid_until or date.max) and (other.valid_from or date.min) <= (
        name.valid_until or date.max
    )


def _pool(row: Row) -> GpuPool:
    pool = GpuPool(
        provider=row.words("provider"),
        service=row.words("service"),
        name=row.words("name"),
        memory_gib=row.decimal("memory_gib"),
        gpus=row.texts("gpus"),
        note=row.words_if_any("note"),
        source_url=row.url("source_url"),
        checked_on=row.day("checked_on"),
    )
    row.finish()
    return pool
