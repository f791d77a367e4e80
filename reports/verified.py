"""A report's list of figures held against the archived bytes: which figures hold, and why the others do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from normalize.computed import Computed
from normalize.facts import Facts
from normalize.records import Citation, Offer
from normalize.verify import Fault, Problem, check_computed, check_offer, check_thing
from reports.figures_reader import FiguresFile, StatedFigure
from reports.printed import Missing, numbers, significant, states


@dataclass(frozen=True, slots=True)
class Fails:
    """What does not hold.

    Attributes:
        figure: id of the figure, e.g. ``f12``; "" for what is no figure.
        where: where it stands.
        printed: as the report prints it.
        problem: why it does not hold.
    """

    figure: str
    where: str
    printed: str
    problem: Problem


def citations(file: FiguresFile) -> list[Citation]:
    """Return everything that a report says it has read."""
    return [*(receipt.citation for receipt in file.receipts), *(c for offer in file.offers for c in offer.citations)]


OffersAt = Callable[[Citation], Sequence[Offer]]
"""Reads at a citation again what is on sale there, by the source's own parser."""


def check_figures(
    file: FiguresFile, cited: Mapping[Citation, Problem | None], offers_at: OffersAt, facts: Facts
) -> list[Fails]:
    """Return the figures of a report that do not hold.

    Args:
        file: the report's list of figures.
        cited: what became of its citations.
        offers_at: tells what the price at a citation is the price of.
        facts: the hand-kept facts of today.
    """
    offers = {offer: check_offer(offer, cited, facts) or _check_thing(offer, offers_at) for offer in file.offers}
    checks = _Checks(file, cited, offers)
    found = ((figure, checks.problem(figure)) for figure in file.figures)
    failing = [Fails(figure.id, figure.where, figure.printed, problem) for figure, problem in found if problem]
    return [*failing, *_uncited(file, cited)]


def _check_thing(offer: Offer, offers_at: OffersAt) -> Problem | None:
    return check_thing(offer, offers_at(offer.citations[0])) if offer.citations else None


class _Checks:
    """What is known of a report's offers, receipts and texts, to judge its figures by."""

    def __init__(
        self,
        file: FiguresFile,
        cited: Mapping[Citation, Problem | None],
        offers: Mapping[Offer, Problem | None],
    ) -> None:
        self._file = file
        self._offers = offers
        self._receipts = {receipt.number: receipt.citation for receipt in file.receipts}
        self._cited = cited
        self._texts: dict[str, str] = {}
        for text in file.texts:
            for name in text.figures:
                self._texts[name] = self._texts.get(name, "") + significant(text.text)

    def problem(self, figure: StatedFigure) -> Problem | None:
        """Return why a figure does not hold."""
        try:
            computed = self._file.computed(figure)
        except ValueError as exc:
            return Problem(Fault.VALUE, str(exc))
        return self._of_receipts(figure) or (self._of_value(figure, computed) if computed else self._of_quote(figure))

    def _of_receipts(self, figure: StatedFigure) -> Problem | None:
        if unknown := [number for number in figure.receipts if number not in self._receipts]:
            return Problem(Fault.FILE, f"cites receipts {unknown}, which the list of figures does not hold")
        if significant(figure.printed) not in self._texts.get(figure.id, ""):
            return Problem(Fault.FILE, "does not stand in the text that it is said to stand in")
        return next((p for p in (self._cited[self._receipts[n]] for n in figure.receipts) if p), None)

    def _of_quote(self, figure: StatedFigure) -> Problem | None:
        return None if figure.receipts else Problem(Fault.FILE, "rests on no receipt")

    def _of_value(self, figure: StatedFigure, computed: Computed) -> Problem | None:
        if problem := check_computed(computed, self._offers, self._file.as_of):
            return problem
        if not states(figure.printed, computed.value):
            return Problem(Fault.PRINT, f"prints {figure.printed}, {computed.value} was computed")
        read = {_place(citation) for offer in computed.offers for citation in offer.citations}
        if other := [number for number in figure.receipts if _place(self._receipts[number]) not in read]:
            return Problem(Fault.FILE, f"cites receipts {other}, but is computed from what was read elsewhere")
        return None


def _place(citation: Citation) -> tuple[str, str]:
    return citation.sha256, citation.locator


def _uncited(file: FiguresFile, cited: Mapping[Citation, Problem | None]) -> Iterator[Fails]:
    """Yield the receipts that do not hold and that no figure cites."""
    numbered = {number for figure in file.figures for number in figure.receipts}
    for receipt in file.receipts:
        problem = cited[receipt.citation]
        if problem and receipt.number not in numbered:
            yield Fails("", f"receipt {receipt.number}", receipt.quote, problem)


def misprints(file: FiguresFile, missing: Sequence[Missing], name: str) -> list[Fails]:
    """Return the figures that a rendering prints otherwise; for a text whose figures all stand there, the text.

    Args:
        file: the report's list of figures.
        missing: texts that do not stand in the rendering as they were to be printed.
        name: of the rendering, for people.
    """
    by_id = {figure.id: figure for figure in file.figures}
    failing: dict[str, Fails] = {}
    for gap in missing:
        text = file.texts[gap.number]
        why = f"{name} prints {gap.instead or 'something else'!r} instead of {gap.lacking or text.text[:80]!r}"
        problem = Problem(Fault.PRINT, why)
        changed = list(_changed([by_id[name] for name in text.figures if name in by_id], gap))
        for figure in changed:
            failing.setdefault(figure.id, Fails(figure.id, figure.where, figure.printed, problem))
        if not changed:
            failing[f"text {gap.number}"] = Fails("", text.where, gap.lacking, problem)
    return list(failing.values())


def _changed(figures: Sequence[StatedFigure], gap: Missing) -> Iterator[StatedFigure]:
    """Yield the figures whose number does not stand in the place of a text."""
    there = numbers(gap.found)
    for figure in figures:
        number = next(iter(numbers(figure.printed)), None)
        if number is None:
            continue
        if number in there:
            there.remove(number)
        else:
            yield figure
