"""One instance of Vantage's feed: what kind of machine it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from scrapers.records import Document
from scrapers.strict import fail, take

_COUNT = re.compile(r"[0-9]+(\.[0-9]+)?")
_NEURON_AND_QUALCOMM = {"dl2q", "inf1", "inf2", "trn1", "trn1n", "trn2"}
"""Counted as GPUs until the middle of 2026, since then with GPU 0: they must not seem to be withdrawn."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One element of the feed's array.

    Attributes:
        document: the body it stands in.
        index: its place in the array, from 0.
        sku: instance type.
        gpu_name: model as printed, None where the feed prints null.
        gpu_count: number of accelerators as printed, possibly ``0.125``; ``0`` for a machine without.
        gpu_memory: GiB of the whole instance as printed, None where the feed prints null.
        pricing: region to platform to terms.
    """

    document: Document
    index: int
    sku: str
    gpu_name: str | None
    gpu_count: str
    gpu_memory: str | None
    pricing: Mapping[str, Any]

    @property
    def row(self) -> str:
        """Its place in words, for errors."""
        return f"instance {self.index} ({self.sku})"


def read_instance(document: Document, index: int, record: object) -> Instance:
    """Return one element of the array as an instance; keys of it that are not used may be anything.

    Raises:
        ParseError: it is no object, or a key that is used is missing or of another kind.
    """
    row = f"instance {index}"
    if not isinstance(record, dict):
        raise fail(document, f"looked for an object, found {record!r:.60}", row=row)
    sku = take(document, record, "instance_type", row=row)
    row = f"{row} ({sku})"
    gpu_count = str(take(document, record, "GPU", row=row))
    if not _COUNT.fullmatch(gpu_count):
        raise fail(document, f"looked for a number of GPUs, found {gpu_count!r}", row=row)
    memory = take(document, record, "GPU_memory", row=row)
    pricing = take(document, record, "pricing", row=row)
    if not isinstance(pricing, dict) or not all(isinstance(found, dict) for found in pricing.values()):
        raise fail(document, f"looked for platforms by region, found {pricing!r:.60}", row=row)
    return Instance(
        document=document,
        index=index,
        sku=sku,
        gpu_name=take(document, record, "GPU_model", row=row),
        gpu_count=gpu_count,
        gpu_memory=None if memory is None else str(memory),
        pricing=pricing,
    )


def is_accelerated(instance: Instance) -> bool:
    """Return whether it has accelerators; `instances.json` also holds more than a thousand types without."""
    family = instance.sku.partition(".")[0]
    return Decimal(instance.gpu_count) > 0 or instance.gpu_name is not None or family in _NEURON_AND_QUALCOMM
