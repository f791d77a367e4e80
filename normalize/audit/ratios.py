"""Percentages and multiples that a document prints beside two prices: ``+37%``, ``45% cheaper``, ``2.3x``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from normalize.audit.interval import Interval, exactly, printed
from normalize.audit.periods import period_of
from normalize.audit.records import SumVerdict, VerdictKind
from normalize.audit.sum_words import money, span
from scrapers.documents.records import Passage, PassageKind, PrintedFigure

_PERCENT = re.compile(
    r"(?P<about>[~≈]\s?|\b(?:about|around|roughly|nearly)\s)?(?P<sign>[+\-−–]\s?)?(?<![\w.])(?P<digits>\d{1,4}(?:\.\d+)?)\s?%"  # noqa: RUF001
    r"(?:\s(?P<word>cheaper|less|lower|off|savings?|discount|saved|more|higher|premium|dearer|markup))?",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r"(?P<about>[~≈]\s?)?(?<![\w.])(?P<digits>\d{1,4}(?:\.\d+)?)\s?(?:x|×|times)\s(?:as\s)?"
    r"(?P<word>cheaper|less|lower|more|higher|dearer|the price|expensive|much)",
    re.IGNORECASE,
)
_COLUMN = re.compile(r"%|delta|diff|saving|change|premium|discount|\bvs\b|Δ", re.IGNORECASE)
_CHEAPER = {"cheaper", "less", "lower", "off", "saving", "savings", "discount", "saved"}
_PAIR = 2


def ratios_in(passage: Passage, figures: Sequence[PrintedFigure]) -> Iterator[SumVerdict]:
    """Yield the verdicts on the percentages and multiples of a passage that stands beside two prices.

    Args:
        passage: a sentence, or a cell of a column of differences.
        figures: the prices of the sentence, or of the cell's row, in their order.
    """
    amounts = [f for f in figures if f.low]
    if len(amounts) != _PAIR or len({period_of(f.unit) for f in amounts}) != 1:
        return
    if passage.kind is PassageKind.CELL and not _COLUMN.search(passage.column):
        return
    one, other = sorted(amounts, key=lambda f: Decimal(f.low))
    ratio = money(other) / money(one) if Decimal(one.low) > 0 and money(one).low > 0 else None
    if ratio is None:
        return
    for found in _PERCENT.finditer(passage.text):
        yield _verdict(passage, found, _percentages(ratio, found), f"{other.text} against {one.text}", "%")
    for found in _TIMES.finditer(passage.text):
        yield _verdict(passage, found, [ratio], f"{other.text} ÷ {one.text}", "×")


def _percentages(ratio: Interval, found: re.Match[str]) -> list[Interval]:
    """Return the differences in percent that are meant: of the dearer price, of the cheaper one, or either."""
    hundred = exactly(100)
    above = Interval((ratio.low - 1) * 100, (ratio.high - 1) * 100)
    share = hundred / ratio
    below = Interval(100 - share.high, 100 - share.low)
    word = (found["word"] or "").lower()
    if word in _CHEAPER:
        return [below]
    return [above] if word else [above, below]


def _verdict(passage: Passage, found: re.Match[str], values: Sequence[Interval], formula: str, sign: str) -> SumVerdict:
    result = printed(found["digits"], found["digits"], approximate=bool(found["about"]))
    holds = any(value.overlaps(result) for value in values)
    spans = " or ".join(f"{span(value)}{sign}" for value in values)
    reason = f"{formula} is {spans}, {'in keeping with' if holds else 'not'} {found[0].strip()}."
    kind = VerdictKind.HOLDS if holds else VerdictKind.WRONG
    return SumVerdict(passage.place_at(found.start()), passage.text, found[0].strip(), kind, formula, spans, reason)
