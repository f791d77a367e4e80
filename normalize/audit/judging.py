"""The verdict on a printed figure.

A figure is called wrong only where three things are sure: what it is printed as the price of, what that cost at the
document's date, and that the printed figure is not it. Anything less is not verifiable, with what came nearest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from normalize.agreement import trust
from normalize.audit.comparing import Reading, is_asked, is_volatile, manner_of_match, price_in
from normalize.audit.confusions import Confusion, Find, find_confusion, keys_of
from normalize.audit.known_offers import KnownOffers
from normalize.audit.naming import cite_all, dated, distinct, name_of, price_of, subject_of
from normalize.audit.periods import Period
from normalize.audit.preliminaries import preliminary
from normalize.audit.questions import Question
from normalize.audit.records import FigureVerdict, Manner, VerdictKind
from normalize.claims import Verdict as ClaimAtDate
from normalize.facts import Facts
from normalize.records import Offer
from normalize.units import plain
from scrapers.documents.records import Bound, PassageKind, PrintedFigure

_FAR = 20
"""A price this many times another one is no other price of the same thing but of another unit."""
_TOGETHER_DAYS = 45
"""Two sources that are further apart in time are no conflict: the price may have changed between them."""
_WHAT = {
    Manner.UNIT: "in another unit",
    Manner.WHOLE_NODE: "of another number of GPUs",
    Manner.CLOUD: "on the other kind of host",
    Manner.TIER: "of another product or kind of price",
    Manner.SIZE: "of another size of the same family",
    Manner.GPU_VARIANT: "of another variant of the GPU",
    Manner.REGION: "in another region",
    Manner.SERVICE: "of the other product of AWS",
}


@dataclass(frozen=True, slots=True)
class _Case:
    """A figure that can be compared, and what is known of it."""

    figure: PrintedFigure
    question: Question
    reading: Reading
    now: tuple[Offer, ...]
    after: tuple[Offer, ...]
    remarks: tuple[str, ...]

    def verdict(self, kind: VerdictKind, manner: Manner, reason: str) -> FigureVerdict:
        return FigureVerdict(self.figure, subject_of(self.question), kind, manner, reason, remarks=self.remarks)

    def matching(self, offers: Sequence[Offer]) -> tuple[Offer, ...]:
        return tuple(o for o in offers if manner_of_match(self.figure, o, self.reading))

    @property
    def doubtful(self) -> bool:
        """Whether a difference may lie in how the document was read."""
        cost_of_use = self.reading.period not in {Period.SECOND, Period.MINUTE, Period.HOUR}
        vague = cost_of_use and self.figure.passage.kind is not PassageKind.CELL and not self.question.instances
        bounded = self.figure.bound is not Bound.NONE
        return vague or bounded or not self.question.sure or not self.figure.currency or not self.question.period


class Judge:
    """Judges the figures of one document."""

    def __init__(self, facts: Facts, around: KnownOffers, claims: Sequence[ClaimAtDate]) -> None:
        """Take the facts, the offers around the document's date, and the claims that speak about it."""
        self._facts = facts
        self._around = around
        self._claims = claims

    def judge(self, figure: PrintedFigure, question: Question) -> FigureVerdict:
        """Return the verdict on a figure that is printed as the answer to a question."""
        decided = preliminary(figure, question, self._around, self._claims)
        return decided or self._compare(self._case(figure, question))

    def _case(self, figure: PrintedFigure, question: Question) -> _Case:
        remarks = []
        if question.period is None:
            remarks.append("no unit is printed: read as per hour")
        if not figure.currency:
            remarks.append("no currency is printed: read as US dollars")
        if question.service == "Serverless" and not question.category_said:
            remarks.append("the kind of worker is not said: read as flex")
        remarks += self._other_hardware(question)
        reading = Reading(question.period or Period.HOUR, question.per_gpu)
        now = self._asked(question, self._around.now)
        after = self._asked(question, self._around.after)
        return _Case(figure, question, reading, now, after, tuple(remarks))

    def _other_hardware(self, question: Question) -> list[str]:
        """Return what must be said where the instance type has other GPUs than the document prints beside it."""
        held = {i.gpu for i in map(self._facts.instance, question.instances) if i}
        if not held or held & question.gpus:
            return []
        cards = [self._facts.gpu(gpu) for gpu in sorted(held)]
        has = " or ".join(f"{card.model} with {plain(card.memory_gib)} GB" for card in cards)
        memory = f" with {plain(question.memory_gib)} GB" if question.memory_gib else ""
        return [f"{question.instance_text} has {has}; the document prints {question.gpu_text}{memory} beside it"]

    def _asked(self, question: Question, find: Find) -> tuple[Offer, ...]:
        """Return the offers that are asked for: of those seen later the soonest first, else the most trusted."""
        found = [o for o in find(question.provider, keys_of(question)) if is_asked(o, question)]
        return tuple(sorted(found, key=lambda o: (max(self._around.days_off(o), 0), trust(o))))

    def _compare(self, case: _Case) -> FigureVerdict:
        if found := case.matching(case.now):
            return self._holds(case, found)
        if not (case.question.instances or case.question.count or case.question.per_gpu):
            each = replace(case, reading=Reading(case.reading.period, per_gpu=True))
            if found := each.matching(case.now):
                return self._holds(replace(each, remarks=(*case.remarks, "read as the price of one GPU")), found)
        fresh = [o for o in case.now if self._around.is_fresh(o)]
        if not fresh and (found := case.matching(case.after)):
            return self._holds(case, found)
        if found := case.matching(self._asked(case.question, self._around.before)):
            return self._out_of_date(case, found)
        return self._differs(case, fresh)

    def _holds(self, case: _Case, found: tuple[Offer, ...]) -> FigureVerdict:
        best = found[0]
        manners = [manner_of_match(case.figure, o, case.reading) for o in found]
        manner = Manner.EXACT if Manner.EXACT in manners else manners[0] or Manner.ROUNDING
        best = found[manners.index(manner)]
        if against := self._contradicting(case, best):
            reason = (
                f"{cite_all([best], case.reading, self._around)} agrees, "
                f"but {cite_all(distinct(against), case.reading, self._around)} ({against[0].source}) does not."
            )
            verdict = case.verdict(VerdictKind.CONFLICTING, manner, reason)
            return replace(verdict, right=(best, *distinct(against)))
        remarks = case.remarks
        if best.gpu_pool:
            remarks += (f"the price of the group “{best.sku}”: which of its cards one gets is not promised",)
        if not case.question.region and best.region not in {None, "us-east-1"}:
            remarks += (f"seen in {best.region} only; the document names no region",)
        reason = f"{name_of(best)} is {price_of(best, case.reading)}, {dated(best, self._around)}."
        return replace(case.verdict(VerdictKind.HOLDS, manner, reason), right=(best,), remarks=remarks)

    def _contradicting(self, case: _Case, best: Offer) -> list[Offer]:
        """Return what other sources of the same time say of the very same thing, where it is not what is printed."""
        if is_volatile(case.question):
            return []
        return [
            o
            for o in case.now
            if o.source != best.source
            and (o.service, o.region, o.cloud_type, o.gpu) == (best.service, best.region, best.cloud_type, best.gpu)
            and (o.sku == best.sku or o.provider != "AWS")
            and o.price_basis is best.price_basis
            and abs((o.observed_at - best.observed_at).days) <= _TOGETHER_DAYS
            and not manner_of_match(case.figure, o, case.reading)
        ]

    def _out_of_date(self, case: _Case, found: tuple[Offer, ...]) -> FigureVerdict:
        right = distinct(case.now)
        reason = (
            f"It was right {dated(found[0], self._around)}; since then {cite_all(right, case.reading, self._around)}."
        )
        return replace(
            case.verdict(VerdictKind.OUT_OF_DATE, Manner.OTHER_FIGURE, reason), right=right, instead=found[:1]
        )

    def _differs(self, case: _Case, fresh: list[Offer]) -> FigureVerdict:
        """Return the verdict on a figure that nothing confirms."""
        right = distinct(fresh or case.now or case.after)
        confusion = self._confusion(case)
        doubtful = case.doubtful or not self._around.dated
        if confusion and not doubtful and (fresh or not is_volatile(case.question)):
            return self._is_something_else(case, confusion, right)
        if not doubtful and not is_volatile(case.question) and self._is_known(case, fresh):
            return self._is_another(case, right)
        return self._undecided(case, right, confusion)

    def _confusion(self, case: _Case) -> Confusion | None:
        for find in (self._around.now, self._around.after):
            found = find_confusion(case.figure, case.question, case.reading, find, self._facts)
            if found:
                return found
        return None

    def _is_known(self, case: _Case, fresh: list[Offer]) -> bool:
        """Tell whether the price at the document's date is sure: seen then, or the same before and after."""
        prices = {o.usd_per_gpu_hour for o in case.after}
        return bool(fresh) or any(o.usd_per_gpu_hour in prices for o in case.now)

    def _is_something_else(self, case: _Case, confusion: Confusion, right: tuple[Offer, ...]) -> FigureVerdict:
        instead = distinct(sorted(confusion.offers, key=trust), 2)
        reason = (
            f"It is a price {_WHAT[confusion.manner]}: {cite_all(instead, confusion.reading, self._around)}. "
            + self._right_words(case, right)
        )
        return replace(case.verdict(VerdictKind.WRONG, confusion.manner, reason), right=right, instead=instead)

    def _right_words(self, case: _Case, right: tuple[Offer, ...]) -> str:
        if not right:
            return f"Of {subject_of(case.question)} itself the store has no price near that date."
        near = any(self._around.is_fresh(offer) for offer in right)
        words = "Right is" if near else "Seen at another time:"
        return f"{words} {cite_all(right, case.reading, self._around)}."

    def _is_another(self, case: _Case, right: tuple[Offer, ...]) -> FigureVerdict:
        best = price_in(right[0], case.reading.period, per_gpu=case.reading.per_gpu)
        low = Decimal(case.figure.low)
        times = max(low / best.high, best.low / low if low else low)
        manner = Manner.UNIT if times >= _FAR else Manner.OTHER_FIGURE
        reason = self._right_words(case, right)
        if manner is Manner.UNIT:
            reason = f"The unit cannot be meant: it is {times:,.0f} times off. {reason}"
        return replace(case.verdict(VerdictKind.WRONG, manner, reason), right=right)

    def _undecided(self, case: _Case, nearest: tuple[Offer, ...], confusion: Confusion | None) -> FigureVerdict:
        reasons = []
        if is_volatile(case.question) and nearest:
            reasons.append(self._spot_words(case, nearest))
        elif nearest:
            why = "The document does not say enough" if case.doubtful else "Nothing was seen at that date"
            why = why if self._around.dated else "The document names no date"
            reasons.append(f"{why}; nearest: {cite_all(nearest, case.reading, self._around)}.")
        else:
            reasons.append(f"The store has no price of {subject_of(case.question)} near that date.")
        if confusion:
            instead = distinct(sorted(confusion.offers, key=trust), 1)
            reasons.append(f"The figure is also {cite_all(instead, confusion.reading, self._around)}.")
            nearest = (*nearest, *instead)
        manner = Manner.UNCLEAR if case.doubtful and not is_volatile(case.question) else Manner.UNKNOWN
        return replace(case.verdict(VerdictKind.NOT_VERIFIABLE, manner, " ".join(reasons)), nearest=nearest)

    def _spot_words(self, case: _Case, nearest: tuple[Offer, ...]) -> str:
        """Say how a spot price lies to those that were seen: it moves, so a difference is no error."""
        prices = [price_in(o, case.reading.period, per_gpu=case.reading.per_gpu) for o in nearest]
        low, high = min(p.low for p in prices), max(p.high for p in prices)
        inside = low <= Decimal(case.figure.low) and Decimal(case.figure.high) <= high
        words = "It lies between the prices that were seen" if inside else "It was not seen"
        return f"A spot price moves. {words}: {cite_all(nearest, case.reading, self._around)}."
