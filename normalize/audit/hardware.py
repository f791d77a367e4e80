"""Statements on hardware: which GPU an instance type has, how much memory a GPU has, of which generation it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from normalize.audit.gpu_words import GpuMention, memory_in
from normalize.audit.instance_words import InstanceMention
from normalize.audit.records import VerdictKind
from normalize.facts import Facts, Gpu
from normalize.units import plain

_GENERATIONS = re.compile(r"\b(Blackwell|Hopper|Ampere|Ada(?: Lovelace)?|Turing|Volta|Pascal|Maxwell|Kepler)\b")


@dataclass(frozen=True, slots=True)
class HardwareFound:
    """What became of a statement on hardware."""

    kind: VerdictKind
    reason: str


def check_instance_gpu(
    instances: Sequence[InstanceMention], gpus: frozenset[str], facts: Facts
) -> HardwareFound | None:
    """Return whether instance types have the GPUs that stand beside them; None where either is not known.

    Args:
        instances: the types that a cell or sentence names.
        gpus: canonical ids of the cards that it, or its row, names.
        facts: the hand-kept facts.
    """
    known = [(m, {i.gpu for i in map(facts.instance, m.types) if i}) for m in instances if m.types]
    if not known or not gpus:
        return None
    words = "; ".join(f"{m.text} has {_cards(held, facts)}" for m, held in known)
    wrong = [(m, held) for m, held in known if not held & gpus]
    if not wrong:
        return HardwareFound(VerdictKind.HOLDS, f"{words}.")
    right = _types_with(gpus, wrong[0][0], facts)
    advice = f" With {_cards(set(gpus), facts)} it is {right}." if right else ""
    return HardwareFound(VerdictKind.WRONG, f"{words}, not {_cards(set(gpus), facts)}.{advice}")


def _cards(ids: set[str], facts: Facts) -> str:
    cards = dict.fromkeys(f"{g.model} with {plain(g.memory_gib)} GB" for g in map(facts.gpu, sorted(ids)))
    return " or ".join(cards)


def _types_with(gpus: frozenset[str], mention: InstanceMention, facts: Facts) -> str:
    prefix = "ml." if mention.sagemaker else ""
    generation = mention.types[0][:2]
    return ", ".join(prefix + i.type for i in facts.instances if i.gpu in gpus and i.type.startswith(generation))


def check_card(text: str, mentions: Sequence[GpuMention], facts: Facts) -> HardwareFound | None:
    """Return whether the one GPU that a text names has the memory and the generation that stand beside its name.

    Args:
        text: of a cell or sentence.
        mentions: the GPUs that it names.
        facts: the hand-kept facts.
    """
    memory, generations = memory_in(text), set(_GENERATIONS.findall(text))
    if len(mentions) != 1 or (memory is None and len(generations) != 1):
        return None
    cards = [facts.gpu(gpu) for gpu in sorted(mentions[0].gpus)]
    models = [gpu for gpu in facts.gpus if gpu.model in {card.model for card in cards}]
    problems = [*_memory_problem(memory, models), *_generation_problem(generations, models)]
    if problems:
        return HardwareFound(VerdictKind.WRONG, " ".join(problems))
    has = dict.fromkeys(f"{c.model}: {plain(c.memory_gib)} GB, {c.architecture}" for c in cards)
    return HardwareFound(VerdictKind.HOLDS, f"{'; '.join(has)}.")


def _memory_problem(memory: Decimal | None, models: Sequence[Gpu]) -> list[str]:
    sizes = {size for gpu in models for size in gpu.memories}
    if memory is None or memory in sizes:
        return []
    return [f"{models[0].model} has {' or '.join(plain(s) for s in sorted(sizes))} GB, not {plain(memory)}."]


def _generation_problem(generations: set[str], models: Sequence[Gpu]) -> list[str]:
    known = {gpu.architecture for gpu in models}
    if len(generations) != 1 or any(a.startswith(g) for a in known for g in generations):
        return []
    return [f"{models[0].model} is of the generation {' or '.join(sorted(known))}, not {generations.pop()}."]
