"""The hand-kept facts of instance types against the hardware that a source prints: a disagreement names both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from normalize.doubles import distinct
from normalize.facts import Facts, InstanceType
from normalize.records import Finding, Severity
from normalize.units import plain
from scrapers.records import Listing

_FACTS = "data/facts/instances.toml"
_QUANTITY = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*(GB|GiB|MiB)?")
_MIB_PER_GIB = 1024
_LOWEST, _HIGHEST = Decimal("0.925"), Decimal("1.005")
"""Printed memory by ours: AWS prints the usable memory of one card and the nominal of another, 22,888 MiB for 24 GiB.
Seen over all types of DescribeInstanceTypes in moto 5.2.5 (answers of 2026-10-27)."""


def check_instances(listings: Iterable[Listing], facts: Facts) -> tuple[Finding, ...]:
    """Return where the hardware printed by listings of instance types differs from the facts, each said once.

    What a listing does not print is not compared; families that are known to be no GPUs are left out.

    Args:
        listings: of ``aws-instance-types``, ``vantage-ec2`` or any other source whose SKUs are AWS's instance types.
        facts: the hand-kept facts.
    """
    return distinct(finding for listing in listings for finding in check_instance(listing, facts))


def check_instance(listing: Listing, facts: Facts) -> Iterator[Finding]:
    """Yield where the hardware that one listing prints differs from the facts."""
    if facts.not_gpu(listing.sku) is not None:
        return
    ours = facts.instance(listing.sku)
    if ours is None:
        message = f"{listing.sku}: {listing.source} prints {_printed(listing)}, {_FACTS} does not hold it"
        yield Finding("unknown_instance", Severity.ERROR, listing.source, listing.locator, message)
        return
    for kind, printed, held in _differences(listing, ours, facts):
        message = f"{listing.sku}: {listing.source} prints {printed}, {_FACTS} holds {held}"
        yield Finding(kind, Severity.WARNING, listing.source, listing.locator, message)


def _printed(listing: Listing) -> str:
    parts = (listing.gpu_count, listing.gpu_name, listing.gpu_memory)
    return " ".join(part for part in parts if part) or "no GPU"


def _differences(listing: Listing, ours: InstanceType, facts: Facts) -> Iterator[tuple[str, str, str]]:
    """Yield the kind of a finding, what is printed, and what the facts hold."""
    gpu = facts.gpu(ours.gpu)
    names = {label.name for label in gpu.names if label.provider == listing.provider} | {gpu.model}
    name = listing.gpu_name
    if name is not None and name not in names and name.removeprefix(f"{gpu.vendor} ") not in names:
        yield "model_disagreement", name, f"{gpu.vendor} {gpu.model}"
    if listing.gpu_count is not None and _quantity(listing.gpu_count) != ours.gpu_count:
        yield "count_disagreement", f"{listing.gpu_count} GPUs", plain(ours.gpu_count)
    if listing.gpu_memory is not None and not prints_memory_of(listing.gpu_memory, ours):
        held = f"{plain(ours.gpu_memory_gib)} GiB"
        yield "memory_disagreement", f"{listing.gpu_memory} of GPU memory in the whole instance", held


def prints_memory_of(printed: str, ours: InstanceType) -> bool:
    """Return whether a printed text is the GPU memory of a whole instance, give or take what vendors call usable.

    Args:
        printed: e.g. ``320 GB HBM2``, ``22888 MiB``.
        ours: the instance.
    """
    memory = _quantity(printed.partition(" HBM")[0])
    return memory is not None and _LOWEST <= memory / ours.gpu_memory_gib <= _HIGHEST


def _quantity(text: str) -> Decimal | None:
    """Return a printed number, memory in GiB; None where it is none."""
    found = _QUANTITY.fullmatch(text.strip())
    if found is None:
        return None
    return Decimal(found[1]) / _MIB_PER_GIB if found[2] == "MiB" else Decimal(found[1])
