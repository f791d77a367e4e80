"""Prices that a document prints for two periods: per second and per hour, per hour and per month."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, pairwise

from normalize.audit.periods import HOURS, period_of
from normalize.audit.products import Computed
from normalize.audit.questions import Question
from normalize.audit.records import SumVerdict, VerdictKind
from normalize.audit.sum_words import money, span
from scrapers.documents.records import PrintedFigure

_SAME = re.compile(
    r"\s*(?:\([^()]*\))?\s*(?:=|≈|→|\(|i\.e\.|that is|which is|equals?|equivalent to)\s*[(\s]*", re.IGNORECASE
)
_OR_ABOUT = re.compile(r",?\s*or\s*", re.IGNORECASE)


def conversions_in(figures: Sequence[PrintedFigure]) -> Iterator[Computed]:
    """Yield the conversions of a passage: two amounts for different periods with a sign or word of equality between.

    ``or`` alone is none: a price per hour or another per month may be a choice.

    Args:
        figures: of one passage, in their order.
    """
    for one, other in pairwise(figures):
        between = one.passage.text[one.end : other.start]
        same = _SAME.fullmatch(between) or (other.approximate and _OR_ABOUT.fullmatch(between))
        if same and (found := _converted(one, other)):
            yield found


def conversions_beside(row: Sequence[tuple[PrintedFigure, Question]]) -> Iterator[Computed]:
    """Yield the conversions of a table's row: cells that are the price of the same thing for different periods.

    Args:
        row: the figures of one row, each with what it is the price of.
    """
    for (one, asked), (other, also) in combinations(row, 2):
        if replace(asked, period=also.period) == also and one.passage is not other.passage:
            heads = [replace(f, unit=f.unit or str(q.period or "")) for f, q in ((one, asked), (other, also))]
            if found := _converted(*heads):
                yield Computed(found.verdict, ())


def _converted(one: PrintedFigure, other: PrintedFigure) -> Computed | None:
    """Return the verdict on two amounts; None where they are not for two known periods."""
    first, second = period_of(one.unit), period_of(other.unit)
    if first is None or second is None or first is second or one.absence or other.absence:
        return None
    value = money(one) / HOURS[first] * HOURS[second]
    holds = value.overlaps(money(other))
    formula = f"{one.text} as a price per {second}"
    words = f"{formula} is {span(value)}"
    reason = f"{words}, in keeping with {other.text}." if holds else f"{words}, not {other.text}."
    kind = VerdictKind.HOLDS if holds else VerdictKind.WRONG
    verdict = SumVerdict(other.place, other.passage.text, other.text, kind, formula, span(value), reason)
    return Computed(verdict, (other,))
