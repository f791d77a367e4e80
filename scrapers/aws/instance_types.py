"""Names of EC2 instance types: which of them may hold GPUs."""

from __future__ import annotations

import re
from collections.abc import Iterable

from scrapers.records import Listing

_GPU_FAMILY = re.compile(r"(g|gr|p)[0-9][a-z0-9-]*")
"""Families seen by 2026-11: g2 to g7e, gr6, gr6f, p2 to p6-b300, p6e-gb200. Neuron, FPGA and media families
(inf, trn, f, vt) have other names. Which GPU a family holds is for the facts to say, not for its name."""


def is_gpu_type(name: str) -> bool:
    """Tell whether a name is that of an instance type, with a size, of a GPU family.

    ``p3`` alone (a dedicated host) is not: it has no size. ``pricing.large`` is not: no digit follows the
    ``p``.
    """
    family, dot, size = name.partition(".")
    return bool(dot and size and _GPU_FAMILY.fullmatch(family))


KNOWN_FAMILIES = frozenset(
    {
        *("g2", "g3", "g3s", "g4ad", "g4dn", "g5", "g5g", "g6", "g6e", "g6f", "g7", "g7e", "gr6", "gr6f"),
        *("p2", "p3", "p3dn", "p4d", "p4de", "p5", "p5e", "p5en", "p6-b200", "p6-b300", "p6e-gb200"),
    }
)
"""Families of GPU types in botocore 1.44.5 (2026-11-17): what is not among them is new, or no GPU family."""


def unknown_families(listings: Iterable[Listing]) -> set[str]:
    """Return the GPU families in listings of EC2 or SageMaker that nobody knew when this was written."""
    return {listing.sku.removeprefix("ml.").partition(".")[0] for listing in listings} - KNOWN_FAMILIES


def family_findings(listings: Iterable[Listing]) -> list[str]:
    """Return a sentence for every family that is new, with what to do; it is the `findings` of AWS's price lists."""
    add = "add it to scrapers/aws/instance_types.py, and its types to data/facts/instances.toml"
    return [
        f"the family {family} of GPU instance types is in no enumeration of AWS's known here; {add}"
        for family in sorted(unknown_families(listings))
    ]
