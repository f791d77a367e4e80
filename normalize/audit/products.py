"""What a document multiplied: ``1,000 requests × 30 days × $0.0007 = $21/month``, and rates by durations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

from normalize.audit.interval import Interval, exactly, printed
from normalize.audit.periods import HOURS, Period, period_of
from normalize.audit.quantities import durations_in, numbers_in
from normalize.audit.records import SumVerdict, VerdictKind
from normalize.audit.sum_words import money, span
from scrapers.documents.records import Passage, PrintedFigure

_OPERATOR = re.compile(r"\s*([×*])\s*|\s+(x|÷|/)\s+")
_BEFORE = re.compile(r"^.*(?::|\b(?:is|are|makes|pay|costs))\s")
"""The words up to an expression: ``With 2,000 requests daily it is 2,000 × ...``."""
_ASIDE = re.compile(r"\([^()]*\)")
_EQUALS = re.compile(r"\s*[=≈]\s*")
_DAILY = re.compile(r"\b(?:daily|per day|a day|each day|every day)\b|/\s?day\b", re.IGNORECASE)
_DAYS = re.compile(r"\bdays?\b", re.IGNORECASE)
_MONTH_DAYS = Interval(exactly(30).low, exactly(31).high)


@dataclass(frozen=True, slots=True)
class Computed:
    """A verdict on something computed, and the figures that are its results: they are no prices of anything."""

    verdict: SumVerdict
    results: tuple[PrintedFigure, ...]


@dataclass(frozen=True, slots=True)
class _Segment:
    """The text between two equals signs, with its figures."""

    text: str
    figures: tuple[PrintedFigure, ...]


def products_in(passage: Passage, figures: Sequence[PrintedFigure]) -> Iterator[Computed]:
    """Yield what a passage computes with an equals sign.

    Args:
        passage: a sentence, item or cell.
        figures: its figures, in their order.
    """
    segments = list(_segments(passage, figures))
    for left, right in pairwise(segments):
        if right.figures and any(c.isdigit() for c in left.text):
            found = _product(passage, left, right) or _use(passage, left, right) or _month_of_use(passage, left, right)
            if found:
                yield found
            elif _OPERATOR.search(left.text):
                yield _unread(passage, left, right)


def _segments(passage: Passage, figures: Sequence[PrintedFigure]) -> Iterator[_Segment]:
    begin = 0
    for end, after in [*(m.span() for m in _EQUALS.finditer(passage.text)), (len(passage.text),) * 2]:
        inside = tuple(f for f in figures if begin <= f.start < end)
        yield _Segment(passage.text[begin:end], inside)
        begin = after


def _product(passage: Passage, left: _Segment, right: _Segment) -> Computed | None:
    """Return the verdict on factors and quotients; None where the left side is no such expression."""
    parts = _OPERATOR.split(_BEFORE.sub("", _ASIDE.sub("", left.text)))
    operands, operators = parts[::3], [a or b for a, b in zip(parts[1::3], parts[2::3], strict=True)]
    numbers = [list(numbers_in(operand)) for operand in operands]
    if not operators or any(len(found) != 1 for found in numbers):
        return None
    values = [_factor(operand, found[0].low, found[0].high) for operand, found in zip(operands, numbers, strict=True)]
    value = values[0]
    for operator, other in zip(operators, values[1:], strict=True):
        value = value / other if operator in {"/", "÷"} else value * other
    formula = " ".join([numbers[0][0].text, *(f"{o} {n[0].text}" for o, n in zip(operators, numbers[1:], strict=True))])
    result = right.figures[0]
    days = _days_missing(passage, operands, {n[0].low for n in numbers}, result)
    if days is None:
        return _computed(passage, result, value, formula, "")
    note = "that is one day, and the document prints it for a month" if money(result).overlaps(value) else ""
    return _computed(passage, result, value * days, f"{formula} × 30 days", note)


def _factor(operand: str, low: str, high: str) -> Interval:
    """Return a factor: a count is exact, an amount of money is as exact as it is printed."""
    return printed(low, high) if re.search(r"[$€£]|~", operand) else Interval(exactly(low).low, exactly(high).high)


def _days_missing(
    passage: Passage, operands: Sequence[str], numbers: set[str], result: PrintedFigure
) -> Interval | None:
    """Return the days of a month where a daily number of requests was taken for a monthly one."""
    if period_of(result.unit) is not Period.MONTH or any(_DAYS.search(operand) for operand in operands):
        return None
    around = [passage.text, passage.lead, *passage.headings[-1:]]
    daily = {n.low for text in around if _DAILY.search(text) for n in numbers_in(text)}
    big = {number for number in numbers & daily if len(number) > 2}  # noqa: PLR2004  # 2 seconds are no requests
    return _MONTH_DAYS if big else None


def _use(passage: Passage, left: _Segment, right: _Segment) -> Computed | None:
    """Return the verdict on a rate by a duration: ``$0.30/second = 2-3 second requests average $0.60-$0.90``."""
    rate = left.figures[-1] if left.figures else None
    period = period_of(rate.unit) if rate else None
    durations = list(durations_in(right.text))
    result = right.figures[0]
    if rate is None or period is None or len(durations) != 1 or period_of(result.unit) is not None:
        return None
    low, high = durations[0].low, durations[0].high
    seconds = Interval(exactly(low).low, exactly(high).high) * exactly(durations[0].scale)
    value = money(rate) / (HOURS[period] * exactly(3600)) * seconds
    return _computed(passage, result, value, f"{rate.text} × {durations[0].text}", "")


def _month_of_use(passage: Passage, left: _Segment, right: _Segment) -> Computed | None:
    """Return the verdict on a price per request by requests a day: ``$0.60 per request, 1,000 daily = $180/month``."""
    each = left.figures[-1] if left.figures else None
    result = right.figures[0]
    if each is None or period_of(each.unit) is not None or period_of(result.unit) is not Period.MONTH:
        return None
    rest = passage.text[each.end : each.end + len(left.text)].partition("=")[0]
    counts = list(numbers_in(rest))
    if len(counts) != 1 or not _DAILY.search(rest):
        return None
    value = reduce(Interval.__mul__, (exactly(counts[0].low), _MONTH_DAYS), money(each))
    return _computed(passage, result, value, f"{each.text} × {counts[0].text} × 30 days", "")


def _computed(passage: Passage, result: PrintedFigure, value: Interval, formula: str, note: str) -> Computed:
    holds = money(result).overlaps(value)
    words = f"{formula} is {span(value)}"
    reason = (
        f"{words}, in keeping with {result.text}."
        if holds
        else f"{words}, not {result.text}{f': {note}' if note else ''}."
    )
    kind = VerdictKind.HOLDS if holds else VerdictKind.WRONG
    verdict = SumVerdict(result.place, passage.text, result.text, kind, formula, span(value), reason)
    return Computed(verdict, (result,))


def _unread(passage: Passage, left: _Segment, right: _Segment) -> Computed:
    result = right.figures[0]
    reason = f"Looked for factors with one number each left of the sign, found {left.text.strip()!r}."
    verdict = SumVerdict(result.place, passage.text, result.text, VerdictKind.NOT_VERIFIABLE, "", "", reason)
    return Computed(verdict, (result,))
