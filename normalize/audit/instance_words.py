"""Instance types and families of AWS named in running text: ``ml.g5.xlarge``, ``8x p4d``, ``P5 instances``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from normalize.facts import Facts

_TYPE = re.compile(
    r"(?<![\w.-])(?:ml\.)?[a-z]{1,3}\d[a-z0-9-]*\.(?:\d{0,3}xlarge|metal(?:-\d+xl)?|(?:2x)?large|medium|small)\b",
    re.IGNORECASE,
)
_FAMILY = re.compile(r"(?<![\w./-])(?:ml\.)?[a-z]{1,3}\d[a-z]{0,3}(?:-[a-z]+\d+)?(?![\w-]|\.\w)", re.IGNORECASE)
_SAGEMAKER = "ml."


@dataclass(frozen=True, slots=True)
class InstanceMention:
    """An instance type or a family that a text names.

    Attributes:
        start: offset of the name.
        text: as printed, in lower case.
        types: of EC2, without ``ml.``; those of a family all; empty where the facts do not know the name.
        sagemaker: whether it is printed as a type of SageMaker.
    """

    start: int
    text: str
    types: tuple[str, ...]
    sagemaker: bool


class InstanceWords:
    """Finds the names of instance types; those without GPUs are found too, and have no types here."""

    def __init__(self, facts: Facts) -> None:
        self._types = {i.type for i in facts.instances}
        self._families: dict[str, list[str]] = {}
        for instance in facts.instances:
            self._families.setdefault(instance.type.partition(".")[0], []).append(instance.type)

    def find(self, text: str) -> tuple[InstanceMention, ...]:
        """Return the instance types and families that a text names, in their order."""
        found = [self._mention(match) for match in _TYPE.finditer(text)]
        families = (m for m in _FAMILY.finditer(text) if m[0].lower().removeprefix(_SAGEMAKER) in self._families)
        found += map(self._mention, families)
        return tuple(sorted(found, key=lambda mention: mention.start))

    def _mention(self, match: re.Match[str]) -> InstanceMention:
        name = match[0].lower()
        plain = name.removeprefix(_SAGEMAKER)
        types = (plain,) if plain in self._types else tuple(self._families.get(plain, ()))
        return InstanceMention(match.start(), name, types, name != plain)
