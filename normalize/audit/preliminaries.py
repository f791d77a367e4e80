"""Verdicts that need no comparison: nothing is printed, nobody here prices it, or it is not sold at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from normalize.agreement import trust
from normalize.audit.comparing import Reading, is_asked, manner_of_match
from normalize.audit.confusions import keys_of
from normalize.audit.known_offers import KnownOffers
from normalize.audit.naming import cite_all, distinct, subject_of
from normalize.audit.periods import Period, period_of
from normalize.audit.questions import Question
from normalize.audit.records import FigureVerdict, Manner, VerdictKind
from normalize.audit.words import AWS, NO_GPU_SERVICE, RUNPOD
from normalize.catalogue import whole_list
from normalize.claims import Verdict as ClaimAtDate
from normalize.facts import ClaimStatus
from normalize.records import Offer
from scrapers.documents.records import PrintedFigure


def preliminary(  # noqa: PLR0911  # one line per reason why nothing can be compared
    figure: PrintedFigure, question: Question, around: KnownOffers, claims: Sequence[ClaimAtDate]
) -> FigureVerdict | None:
    """Return the verdict on a figure that cannot be compared with any offer; None where it can.

    Args:
        figure: as printed.
        question: what it is printed as the price of.
        around: the offers around the document's date.
        claims: those that speak about that date.
    """
    if figure.absence:
        return _not_printed(figure, question, around)
    if question.provider not in {AWS, RUNPOD, ""}:
        return _unclear(figure, question, f"No source of Ratecard prices {question.provider}.")
    if question.service == NO_GPU_SERVICE and question.gpus:
        return _no_gpu_product(figure, question, claims)
    if figure.currency not in {"USD", ""}:
        words = f"It is printed in {figure.currency}; the store holds US dollars, and nothing is converted."
        return _unclear(figure, question, words)
    if figure.unit and period_of(figure.unit) is None and not question.per_gpu:
        return _unclear(figure, question, f"A price {figure.unit} is no price of time; the store has only such.")
    if not question.names_hardware:
        return _unclear(figure, question, "The document does not say of which GPU or instance it is the price.")
    if not question.provider:
        return _seller_not_said(figure, question, around)
    if question.instance_text and not question.instances:
        words = f"{question.instance_text} is no instance type with a GPU in data/facts/instances.toml."
        return _unclear(figure, question, words)
    return _not_offered(figure, question, around, claims)


def _verdict(figure: PrintedFigure, question: Question, manner: Manner, reason: str) -> FigureVerdict:
    return FigureVerdict(figure, subject_of(question), VerdictKind.NOT_VERIFIABLE, manner, reason)


def _unclear(figure: PrintedFigure, question: Question, reason: str) -> FigureVerdict:
    return _verdict(figure, question, Manner.UNCLEAR, reason)


def _not_printed(figure: PrintedFigure, question: Question, around: KnownOffers) -> FigureVerdict:
    """Return what the store has where the document prints no amount."""
    found = [o for o in around.now(question.provider, keys_of(question)) if is_asked(o, question)]
    known = distinct(sorted(found, key=trust))
    reading = Reading(question.period or Period.HOUR, question.per_gpu)
    there = f"the store has {cite_all(known, reading, around)}" if known else "the store has none either"
    verdict = _verdict(figure, question, Manner.NO_PRICE, f"The document prints no price: “{figure.absence}”; {there}.")
    return replace(verdict, nearest=known)


def _no_gpu_product(figure: PrintedFigure, question: Question, claims: Sequence[ClaimAtDate]) -> FigureVerdict:
    """Return the verdict on a GPU price of a product without GPUs."""
    said = tuple(
        v
        for v in claims
        if v.claim.subject == NO_GPU_SERVICE and "GPU" in v.claim.statement and v.status is ClaimStatus.SUPPORTED
    )
    if not said or not question.sure:
        reason = "The document does not say whose price it is." if said else f"Nothing is known of {NO_GPU_SERVICE}."
        return replace(_unclear(figure, question, reason), claims=said)
    reason = f"There is no such price: {said[0].claim.statement}"
    verdict = _verdict(figure, question, Manner.NOT_OFFERED, reason)
    return replace(verdict, kind=VerdictKind.WRONG, claims=said)


def _seller_not_said(figure: PrintedFigure, question: Question, around: KnownOffers) -> FigureVerdict:
    """Return which sellers' prices the figure would be."""
    reading = Reading(question.period or Period.HOUR, question.per_gpu)
    offers = [o for provider in (RUNPOD, AWS) for o in around.now(provider, keys_of(question))]
    found = distinct([o for o in sorted(offers, key=trust) if manner_of_match(figure, o, reading)])
    near = f" It would be {cite_all(found, reading, around)}." if found else ""
    return replace(_unclear(figure, question, f"The document does not say who sells it.{near}"), nearest=found)


def _not_offered(
    figure: PrintedFigure, question: Question, around: KnownOffers, claims: Sequence[ClaimAtDate]
) -> FigureVerdict | None:
    """Return that a seller whose list leaves nothing out does not sell these GPUs; None where that is not sure."""
    entries = whole_list(around.market, question.provider) if around.market else []
    sold = {entry.gpu for entry in entries}
    keys = keys_of(question)
    seen = [*around.now(question.provider, keys), *around.after(question.provider, keys)]
    if not entries or question.instances or seen or question.gpus & sold or not question.sure:
        return None
    newest = max(entries, key=lambda entry: entry.observed_at)
    said = tuple(v for v in claims if question.gpus & set(v.claim.gpus) and v.claim.aspect == question.provider)
    near = _like(figure, question, around)
    reason = (
        f"{question.provider} does not offer it: {question.gpu_text} is not in its list of GPU types "
        f"of {newest.observed_at:%Y-%m-%d}."
    )
    if near:
        reading = Reading(question.period or Period.HOUR, question.per_gpu)
        reason += f" The figure is near {cite_all(near, reading, around)}."
    verdict = _verdict(figure, question, Manner.NOT_OFFERED, reason)
    supported = tuple(v for v in said if v.status is ClaimStatus.SUPPORTED)
    return replace(verdict, kind=VerdictKind.WRONG, nearest=near, entries=(newest,), claims=supported)


def _like(figure: PrintedFigure, question: Question, around: KnownOffers) -> tuple[Offer, ...]:
    """Return what the same product costs with other cards of the same memory, where that is the figure."""
    if around.market is None or question.memory_gib is None:
        return ()
    reading = Reading(question.period or Period.HOUR, question.per_gpu)
    same = [
        o
        for o in around.market.priced
        if (o.provider, o.service, o.pricing_category) == (question.provider, question.service, question.category)
        and o.gpu_memory_gib == question.memory_gib
        and manner_of_match(figure, o, reading)
    ]
    return distinct(sorted(same, key=trust), 1)
