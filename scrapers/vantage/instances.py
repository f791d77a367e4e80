"""One instance of Vantage's feed: what kind of machine it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any

from scrapers.places.json_brackets import is_balanced
from scrapers.records import Document
from scrapers.strict import fail, take

_COUNT = re.compile(r"[0-9]+(\.[0-9]+)?")
_NEURON_AND_QUALCOMM = {"dl2q", "inf1", "inf2", "trn1", "trn1n", "trn2"}
"""Counted as GPUs until the middle of 2026, since then with GPU 0: they must not seem to be withdrawn."""
_ACCELERATED = ("GPU instance", "Machine Learning ASIC Instances")
"""Words of `family` on 2025-11-30, for all types with GPU above 0: they tell a new one whose GPUs nobody counted."""
_MODEL = b'"GPU_model"'
_PLAIN = {
    b'"instance_type"': re.compile(rb'\s*:\s*"([^"\\]+)"\s*[,}]'),
    b'"family"': re.compile(rb'\s*:\s*"([^"\\]+)"\s*[,}]'),
    b'"GPU"': re.compile(rb"\s*:\s*(0)\s*[,}]"),
    _MODEL: re.compile(rb"\s*:\s*(null)\s*[,}]"),
}
"""What an instance without accelerators prints."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One element of the feed's array.

    Attributes:
        document: the body it stands in.
        index: its place in the array, from 0.
        sku: instance type.
        is_accelerated: whether it has accelerators; more than a thousand types have none, and no more is read of them.
        gpu_name: model as printed, None where the feed prints null.
        gpu_count: number of accelerators as printed, possibly ``0.125``; ``0`` for a machine without, None for null.
        gpu_memory: GiB of the whole instance as printed, None where the feed prints null.
        pricing: region to platform to terms.
    """

    document: Document
    index: int
    sku: str
    is_accelerated: bool
    gpu_name: str | None = None
    gpu_count: str | None = None
    gpu_memory: str | None = None
    pricing: Mapping[str, Any] = field(default_factory=dict)

    @property
    def row(self) -> str:
        """Its place in words, for errors."""
        return f"instance {self.index} ({self.sku})"


def plain_type(element: bytes) -> str | None:
    """Return the type of an instance that prints that it has no accelerator; None for every other, and any doubt.

    Args:
        element: one whole element of the feed's array, as it is printed.
    """
    places, values = [], []
    for key, value in _PLAIN.items():
        # The model's name comes after the prices, which are nearly all of the text.
        place = element.rfind(key) if key == _MODEL else element.find(key)
        found = value.match(element, place + len(key)) if place > 0 else None
        if found is None:
            return None
        places.append(place)
        values.append(found[1].decode())
    name, family, _, _ = values
    if not _are_own(element, places) or _is_accelerated(name, family, None, None):
        return None
    return name


def _are_own(element: bytes, places: Iterable[int]) -> bool:
    """Return whether places in an object lie in none of the objects in it: what lies between them is then balanced.

    The longest piece, which mostly is the prices, need not be looked at: the whole object is balanced, so that it is
    when all others are.
    """
    pieces = sorted(pairwise((1, *sorted(places), len(element) - 1)), key=lambda piece: piece[1] - piece[0])
    return all(is_balanced(element[start:end]) for start, end in pieces[:-1])


def read_instance(document: Document, index: int, record: object) -> Instance:
    """Return one element of the array as an instance; keys of it that are not used may be anything.

    Raises:
        ParseError: it is no object, or a key that is used is missing or of another kind.
    """
    row = f"instance {index}"
    if not isinstance(record, dict):
        raise fail(document, f"looked for an object, found {record!r:.60}", row=row)
    sku = take(document, record, "instance_type", row=row)
    if not isinstance(sku, str) or not sku:
        raise fail(document, f"looked for the name of an instance type, found {sku!r:.60}", row=row)
    row = f"{row} ({sku})"
    count, name = take(document, record, "GPU", row=row), take(document, record, "GPU_model", row=row)
    gpu_count = None if count is None else str(count)
    if gpu_count is not None and not _COUNT.fullmatch(gpu_count):
        raise fail(document, f"looked for a number of GPUs, found {gpu_count!r:.60}", row=row)
    if name is not None and not isinstance(name, str):
        raise fail(document, f"looked for the name of a GPU or null, found {name!r:.60}", row=row)
    # An instance without the word for its family is told by the rest.
    if not _is_accelerated(sku, record.get("family"), gpu_count, name):
        return Instance(document, index, sku, is_accelerated=False)
    memory = take(document, record, "GPU_memory", row=row)
    pricing = take(document, record, "pricing", row=row)
    if not isinstance(pricing, dict) or not all(isinstance(found, dict) for found in pricing.values()):
        raise fail(document, f"looked for platforms by region, found {pricing!r:.60}", row=row)
    return Instance(
        document=document,
        index=index,
        sku=sku,
        is_accelerated=True,
        gpu_name=name,
        gpu_count=gpu_count,
        gpu_memory=None if memory is None else str(memory),
        pricing=pricing,
    )


def _is_accelerated(sku: str, family: object, gpu_count: str | None, gpu_name: object) -> bool:
    counted = gpu_count is not None and Decimal(gpu_count) > 0
    known = sku.partition(".")[0] in _NEURON_AND_QUALCOMM
    return counted or gpu_name is not None or family in _ACCELERATED or known
