"""What else a printed figure may be the price of: the mistakes that people make, the nearest first.

Each of them changes one thing of what was asked, never two: with enough changes every number is the price of something.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from normalize.audit.comparing import Reading, is_asked, is_service, manner_of_match
from normalize.audit.interval import printed
from normalize.audit.periods import Period
from normalize.audit.questions import Question
from normalize.audit.records import Manner
from normalize.audit.words import AWS, SAGEMAKER
from normalize.facts import Facts
from normalize.records import Offer
from scrapers.documents.records import PrintedFigure

_PERIODS = (Period.SECOND, Period.MINUTE, Period.HOUR, Period.DAY, Period.MONTH)
_CLOSE = {Manner.EXACT, Manner.ROUNDING}
"""An approximation or a range is the price of too many things."""
_COARSE = Decimal("0.04")
_PREFIX = "ml."

Find = Callable[[str, Iterable[str]], list[Offer]]
"""Finds the offers of a seller's instance types or GPUs."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """Something that the printed figure is the price of.

    Attributes:
        manner: what was confused.
        offers: whose price it is.
        reading: how the figure must be read to be that price.
    """

    manner: Manner
    offers: tuple[Offer, ...]
    reading: Reading


@dataclass(frozen=True, slots=True)
class _Change:
    manner: Manner
    question: Question
    readings: tuple[Reading, ...]
    fits: Callable[[Offer], bool]


def keys_of(question: Question) -> frozenset[str]:
    """Return the instance types as either product prints them, else the GPUs that are asked for."""
    types = question.instances
    return frozenset({*types, *(_PREFIX + name for name in types)}) if types else question.gpus


def find_confusion(
    figure: PrintedFigure, question: Question, reading: Reading, find: Find, facts: Facts
) -> Confusion | None:
    """Return the nearest thing that a figure is the price of, other than what it is printed as; None for nothing.

    Args:
        figure: as printed.
        question: what it is printed as the price of.
        reading: how it is printed.
        find: finds offers.
        facts: the hand-kept facts.
    """
    if _is_coarse(figure):
        return None
    for change in _changes(question, reading, facts):
        offers = [o for o in find(question.provider, keys_of(change.question)) if change.fits(o)]
        for other in change.readings:
            same = other == reading
            unasked = (o for o in offers if not (same and is_asked(o, question)))
            found = [o for o in unasked if manner_of_match(figure, o, other) in _CLOSE]
            if found:
                return Confusion(change.manner, tuple(found), other)
    return None


def _is_coarse(figure: PrintedFigure) -> bool:
    """Tell whether a figure is printed so coarsely that it may be the price of anything."""
    stands_for = printed(figure.low, figure.high, approximate=figure.approximate)
    return stands_for.high - stands_for.low > Decimal(figure.high) * _COARSE


def _changes(question: Question, reading: Reading, facts: Facts) -> Iterator[_Change]:
    """Yield what may have been confused, one thing at a time."""
    q, same = question, (reading,)
    periods = tuple(Reading(p, reading.per_gpu) for p in _PERIODS if p is not reading.period)
    flipped = (Reading(reading.period, not reading.per_gpu),)
    yield _Change(Manner.UNIT, q, periods, lambda o: is_asked(o, q))
    yield _Change(Manner.WHOLE_NODE, q, flipped, lambda o: is_asked(o, q) and o.gpu_count != 1)
    if q.cloud:
        yield _relaxed(Manner.CLOUD, replace(q, cloud=None), same)
    yield _tier(q, same)
    if q.provider == AWS and (q.instances or q.count):
        yield _relaxed(Manner.SIZE, replace(q, instances=_family(q, facts), count=None), same)
    if not q.instances:
        yield _relaxed(Manner.GPU_VARIANT, replace(q, gpus=_variants(q, facts)), same)
    if q.region:
        yield _relaxed(Manner.REGION, replace(q, region=""), same)
    if q.provider == AWS and q.service:
        yield _relaxed(Manner.SERVICE, replace(q, service="EC2" if q.service == SAGEMAKER else SAGEMAKER), same)


def _relaxed(manner: Manner, question: Question, readings: tuple[Reading, ...]) -> _Change:
    return _Change(manner, question, readings, lambda o: is_asked(o, question))


def _tier(question: Question, readings: tuple[Reading, ...]) -> _Change:
    """Return the other kinds of price; of RunPod those of its other products too, which hold the same GPUs."""
    service = question.service if question.provider == AWS else ""

    def fits(offer: Offer) -> bool:
        asked = replace(question, service=service, category=offer.pricing_category, cloud=None, months=None)
        return is_service(offer, service) and is_asked(offer, asked)

    return _Change(Manner.TIER, question, readings, fits)


def _family(question: Question, facts: Facts) -> tuple[str, ...]:
    families = {name.partition(".")[0] for name in question.instances}
    return tuple(i.type for i in facts.instances if i.type.partition(".")[0] in families)


def _variants(question: Question, facts: Facts) -> frozenset[str]:
    models = {facts.gpu(gpu).model for gpu in question.gpus}
    return frozenset(gpu.id for gpu in facts.gpus if gpu.model in models)
