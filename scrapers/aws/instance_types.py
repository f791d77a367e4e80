"""Names of EC2 instance types: which of them may hold GPUs."""

from __future__ import annotations

import re

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
