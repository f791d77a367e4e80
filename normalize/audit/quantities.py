"""Numbers in running text that are no prices: counts, durations, percentages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from normalize.audit.interval import Interval, exactly, printed

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_TO = r"\s?(?:-|–|—|to)\s?"  # noqa: RUF001  # the dashes that ranges have
NUMBER = re.compile(
    rf"(?<![\w.,])(?P<about>[~≈]\s?)?[$€£]?(?P<low>{_NUMBER})(?:{_TO}[$€£]?(?P<high>{_NUMBER}))?(?![\d,]*\d)"
)
_DURATION = re.compile(
    rf"(?<![\w.,])(?P<about>[~≈]\s?)?(?P<low>{_NUMBER})(?:{_TO}(?P<high>{_NUMBER}))?[\s-]?"
    r"(?P<unit>milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|hours?|hrs?|h)\b",
    re.IGNORECASE,
)
_SECONDS = {"m": Decimal(60), "s": Decimal(1), "h": Decimal(3600)}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A printed number, and what it may stand for.

    Attributes:
        start: offset of its first character.
        text: as printed.
        low: plain digits.
        high: plain digits; the same as `low` unless it is a range.
        approximate: whether it is printed with ``~``.
        scale: what one of it is worth in the unit that is reckoned in, e.g. 60 seconds for a minute.
    """

    start: int
    text: str
    low: str
    high: str
    approximate: bool = False
    scale: Decimal = Decimal(1)

    @property
    def ends(self) -> tuple[Interval, Interval]:
        """What the lower and what the upper end may stand for."""
        low = printed(self.low, self.low, approximate=self.approximate)
        high = printed(self.high, self.high, approximate=self.approximate)
        return low * exactly(self.scale), high * exactly(self.scale)


def numbers_in(text: str) -> Iterator[Quantity]:
    """Yield the numbers of a text, in their order."""
    for found in NUMBER.finditer(text):
        yield _quantity(found, Decimal(1))


def durations_in(text: str) -> Iterator[Quantity]:
    """Yield the durations of a text, in seconds."""
    for found in _DURATION.finditer(text):
        unit = found["unit"].lower()
        scale = Decimal("0.001") if unit.startswith(("ms", "mil")) else _SECONDS[unit[0]]
        yield _quantity(found, scale)


def _quantity(found: re.Match[str], scale: Decimal) -> Quantity:
    low = found["low"].replace(",", "")
    high = (found["high"] or low).replace(",", "")
    return Quantity(found.start(), found[0].strip(), low, high, bool(found["about"]), scale)
