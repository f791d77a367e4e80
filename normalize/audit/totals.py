"""Totals: of the items of a list, and of a table's columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from normalize.audit.interval import Interval
from normalize.audit.periods import period_of
from normalize.audit.products import Computed
from normalize.audit.quantities import Quantity, durations_in
from normalize.audit.records import SumVerdict, VerdictKind
from normalize.audit.sum_words import span
from scrapers.documents.records import Passage, PassageKind, PrintedFigure

_TOTAL = re.compile(r"(?:grand |monthly )?totals?\b", re.IGNORECASE)
_FEWEST = 2

Amount = Callable[[Sequence[Passage]], Quantity | None]
Figures = Callable[[Passage], Sequence[PrintedFigure]]


def totals_in(passages: Sequence[Passage], figures: Figures) -> Iterator[Computed]:
    """Yield the totals of lists and tables.

    A list is only added up where every item before the total has an amount of the total's own unit.

    Args:
        passages: of the whole document, in their order.
        figures: gives the figures of a passage.
    """
    blocks = [list(group) for _, group in groupby(passages, key=lambda p: p.block)]
    for block, following in zip(blocks, [*blocks, []][1:], strict=False):
        if block[0].kind is PassageKind.ITEM:
            yield from _of_list(block, following, figures)
        elif block[0].kind is PassageKind.CELL:
            yield from _of_table(block, figures)


def _of_list(block: Sequence[Passage], following: Sequence[Passage], figures: Figures) -> Iterator[Computed]:
    items = [list(group) for _, group in groupby(block, key=lambda p: p.row)]
    last = next((n for n, item in enumerate(items) if _TOTAL.match(item[0].text)), len(items))
    outside = following and following[0].kind is PassageKind.SENTENCE and _TOTAL.match(following[0].text)
    total = items[last][0] if last < len(items) else following[0] if outside else None
    if total is None or last < _FEWEST:
        return
    for amount in (lambda ps: _money(ps, figures), _duration):
        printed = amount([total])
        addends = [amount(item) for item in items[:last]]
        known = [a for a in addends if a is not None]
        if printed is not None and len(known) == len(addends):
            results = tuple(f for f in figures(total) if f.start >= printed.start)[:1]
            yield Computed(_added(total, printed, known), results if amount is not _duration else ())
            return


def _of_table(block: Sequence[Passage], figures: Figures) -> Iterator[Computed]:
    """Yield the totals of columns whose row begins with "Total"."""
    totals = [p for p in block if p.beside and _TOTAL.match(p.beside[0][1])]
    for cell in totals:
        above = [p for p in block if p.column == cell.column and p.row < cell.row]
        printed = _money([cell], figures)
        addends = [a for p in above if (a := _money([p], figures))]
        if printed is not None and len(addends) == cell.row >= _FEWEST:
            yield Computed(_added(cell, printed, addends), tuple(figures(cell)))


def _money(passages: Sequence[Passage], figures: Figures) -> Quantity | None:
    """Return the last amount of money of an item: of a computation that is its result."""
    found = [f for p in passages for f in figures(p) if f.low]
    if not found:
        return None
    last = found[-1] if not _TOTAL.match(passages[0].text) else found[0]
    return Quantity(last.start, f"{last.text} per {period_of(last.unit)}", last.low, last.high, last.approximate)


def _duration(passages: Sequence[Passage]) -> Quantity | None:
    found = [d for p in passages for d in durations_in(p.text)]
    return found[-1] if found and not _TOTAL.match(passages[0].text) else found[0] if found else None


def _added(total: Passage, printed: Quantity, addends: Sequence[Quantity]) -> SumVerdict:
    """Return the verdict on a total; of ranges both ends are added up."""
    low, high = (_sum([a.ends[end] for a in addends]) for end in (0, 1))
    holds = low.overlaps(printed.ends[0]) and high.overlaps(printed.ends[1])
    scale = printed.scale
    middle = Interval(
        sum((Decimal(a.low) * a.scale for a in addends), start=Decimal(0)) / scale,
        sum((Decimal(a.high) * a.scale for a in addends), start=Decimal(0)) / scale,
    )
    formula = " + ".join(a.text.partition(" per ")[0] for a in addends)
    shown = printed.text.partition(" per ")[0]
    reason = f"The items add up to {span(middle)}, {'in keeping with' if holds else 'not'} {shown}."
    kind = VerdictKind.HOLDS if holds else VerdictKind.WRONG
    return SumVerdict(total.place_at(printed.start), total.text, shown, kind, formula, span(middle), reason)


def _sum(parts: Sequence[Interval]) -> Interval:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total
