"""Everything that a document computed itself, recomputed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from normalize.audit.conversions import conversions_beside, conversions_in
from normalize.audit.products import Computed, products_in
from normalize.audit.questions import Question
from normalize.audit.ratios import ratios_in
from normalize.audit.records import SumVerdict
from normalize.audit.totals import totals_in
from scrapers.documents.records import Passage, PassageKind, PrintedFigure


def recompute(
    passages: Sequence[Passage], figures: Mapping[int, Sequence[PrintedFigure]], questions: Mapping[int, Question]
) -> tuple[tuple[SumVerdict, ...], frozenset[int]]:
    """Return the verdicts on what a document computed, and which of its figures are results of that.

    Args:
        passages: of the whole document, in their order.
        figures: of each passage, by the passage's `id`, in their order.
        questions: what each figure is the price of, by the figure's `id`.
    """
    computed = list(_computed(passages, figures, questions))
    verdicts = dict.fromkeys([*(c.verdict for c in computed), *_ratios(passages, figures)])
    ordered = sorted(verdicts, key=lambda v: v.place.line)
    return tuple(ordered), frozenset(id(result) for c in computed for result in c.results)


def _computed(
    passages: Sequence[Passage], figures: Mapping[int, Sequence[PrintedFigure]], questions: Mapping[int, Question]
) -> Iterator[Computed]:
    for passage in passages:
        own = figures.get(id(passage), ())
        found = list(products_in(passage, own))
        results = {id(r) for c in found for r in c.results}
        yield from found
        yield from (c for c in conversions_in(own) if not results & {id(r) for r in c.results})
    for row in _rows(passages):
        together = [(f, questions[id(f)]) for cell in row for f in figures.get(id(cell), ()) if f.low]
        yield from conversions_beside(together)
    yield from totals_in(passages, lambda p: figures.get(id(p), ()))


def _ratios(passages: Sequence[Passage], figures: Mapping[int, Sequence[PrintedFigure]]) -> Iterator[SumVerdict]:
    for passage in passages:
        if passage.kind is not PassageKind.CELL:
            yield from ratios_in(passage, figures.get(id(passage), ()))
    for row in _rows(passages):
        prices = [f for cell in row for f in figures.get(id(cell), ())]
        for cell in row:
            yield from ratios_in(cell, prices)


def _rows(passages: Sequence[Passage]) -> Iterator[list[Passage]]:
    """Yield the cells of each row of each table."""
    cells = [p for p in passages if p.kind is PassageKind.CELL]
    for _, row in groupby(cells, key=lambda p: (p.block, p.row)):
        yield list(row)
