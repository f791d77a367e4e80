"""GPUs named in running text: ``A100 (80GB)``, ``8x H100 SXM``, ``RTX 4090``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from normalize.facts import Facts, Gpu

_MEMORY = re.compile(r"(?<![\d.])(\d{1,3})\s?Gi?B\b", re.IGNORECASE)
_FORM = re.compile(r"\b(SXM|PCI-?e|NVL)(?:\d|\b)", re.IGNORECASE)
_FORMS = {"sxm": "SXM", "pcie": "PCIe", "nvl": "NVL"}
_AROUND = 18
"""Characters after a name in which its form factor and memory stand: ``H100 (SXM5, 80 GB)``."""
_SHORTENED = ("NVIDIA ", "AMD ", "RTX ", "Tesla ", "GeForce ")


@dataclass(frozen=True, slots=True)
class GpuMention:
    """A GPU that a text names.

    Attributes:
        start: offset of the name.
        text: the name as printed.
        gpus: canonical ids of all cards that it may be.
    """

    start: int
    text: str
    gpus: frozenset[str]


class GpuWords:
    """Finds the names of the GPUs that the facts hold, and of sellers' groups of them."""

    def __init__(self, facts: Facts) -> None:
        """Take every seller's names and the makers' models; without the maker's name too where that is still one."""
        known: dict[str, set[str]] = {}
        for gpu in facts.gpus:
            for name in _names(gpu):
                known.setdefault(name.lower(), set()).add(gpu.id)
        self._gpus = {gpu.id: gpu for gpu in facts.gpus}
        self._known = {name: frozenset(_same_model(name, ids, self._gpus)) for name, ids in known.items()}
        names = sorted(map(re.escape, self._known), key=len, reverse=True)
        self._pattern = re.compile(rf"(?<![A-Za-z0-9.,$€£-])(?:{'|'.join(names)})(?![A-Za-z0-9]|\.\d)", re.IGNORECASE)
        self.find = lru_cache(maxsize=4096)(self._find)

    def _find(self, text: str, memory: Decimal | None = None) -> tuple[GpuMention, ...]:
        """Return the GPUs that a text names, in their order.

        Args:
            text: any.
            memory: of one GPU in GB, from beside the text; None to look in the text alone.
        """
        found = list(self._pattern.finditer(text))
        return tuple(self._mention(text, match, memory, alone=len(found) == 1) for match in found)

    def _mention(self, text: str, match: re.Match[str], memory: Decimal | None, *, alone: bool) -> GpuMention:
        gpus = self._known[match[0].lower()]
        around = text if alone else text[match.start() : match.end() + _AROUND]
        if form := _FORM.search(around):
            wanted = _FORMS[form[1].lower().replace("-", "")]
            gpus = _narrow(gpus, [g for g in gpus if self._gpus[g].form_factor == wanted])
        size = memory if memory is not None else memory_in(around)
        if size is not None:
            gpus = _narrow(gpus, [g for g in gpus if size in self._gpus[g].memories])
        return GpuMention(match.start(), match[0], gpus)


def _narrow(gpus: frozenset[str], fitting: Iterable[str]) -> frozenset[str]:
    """Return the cards that fit; all of them where none does: the text is wrong then, and its name stands."""
    return frozenset(fitting) or gpus


def memory_in(text: str) -> Decimal | None:
    """Return the one memory size in GB that a text names; None where it names none or several."""
    sizes = {match[1] for match in _MEMORY.finditer(text)}
    return Decimal(sizes.pop()) if len(sizes) == 1 else None


def _names(gpu: Gpu) -> set[str]:
    names = {gpu.model, *(name.name for name in gpu.names)}
    for prefix in _SHORTENED:
        names |= {name.removeprefix(prefix) for name in names}
    return {name for name in names if any(c.isdigit() for c in name) and len(name) > 1}


def _same_model(name: str, ids: set[str], gpus: dict[str, Gpu]) -> set[str]:
    """Return the cards of a name: one seller's word for one of several cards of a model is anybody's for all of them.

    Only what the name says beside model and memory narrows it: ``A100 80GB`` is every A100 with 80 GB, whatever form
    its seller has; ``H100 80GB HBM3`` is one card.
    """
    models = {gpus[i].model for i in ids}
    memory = memory_in(name)
    rest = _MEMORY.sub("", name.lower())
    for word in (*models, *_SHORTENED):
        rest = rest.replace(word.lower().strip(), "")
    if rest.strip():
        return ids
    return ids | {g.id for g in gpus.values() if g.model in models and (memory is None or memory in g.memories)}
