"""Statements of tables on what can be had: ``✅ Single``, ``❌ 8x only (ml.p5)``, ``Not available``."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from normalize.audit.known_offers import KnownOffers
from normalize.audit.records import Manner, VerdictKind
from normalize.audit.words import AWS, RUNPOD, SAGEMAKER, providers, services
from normalize.availability import Availability as SupplyFound
from normalize.availability import Supply, find_availability
from normalize.claims import Verdict as ClaimAtDate
from normalize.facts import ClaimStatus, Facts
from normalize.records import CatalogueEntry, Offer, PricingCategory
from normalize.units import plain
from normalize.vocabulary import SERVICES

_ONLY = re.compile(r"\b(\d+)\s?(?:[x×]|GPUs?)?\s?only\b|\bonly (?:as )?(\d+)\s?[x×]", re.IGNORECASE)
_NONE = re.compile(
    r"^(?:[❌✗✘]\s*)?(?:no|none|not (?:available|offered|in .+)|unavailable)\b|^[❌✗✘]\s*$", re.IGNORECASE
)
_SINGLE = re.compile(r"\bsingle\b|\b1\s?[x×]\b", re.IGNORECASE)
_YES = re.compile(r"^(?:[✅✓✔]|yes\b|available\b)", re.IGNORECASE)
_CLAIMED_AS = {SAGEMAKER: "SageMaker Inference", "EC2": "EC2"}
_SOLD_AS = {
    "Pods": (PricingCategory.ON_DEMAND,),
    "Serverless": (PricingCategory.FLEX,),
    "": (PricingCategory.ON_DEMAND, PricingCategory.FLEX),
}


class Offered(enum.Enum):
    """What can be had."""

    NONE = "not offered"
    SINGLE = "offered by the single GPU"
    NODE = "offered several at a time only"
    SOME = "offered"


@dataclass(frozen=True, slots=True)
class AvailabilityFound:
    """What became of a statement on availability.

    Attributes:
        kind: the verdict.
        manner: from a claim, or from offers and lists.
        reason: one or two sentences.
        claims: that it rests on.
        offers: that it rests on.
        entries: of a seller's list that it rests on.
    """

    kind: VerdictKind
    manner: Manner
    reason: str
    claims: tuple[ClaimAtDate, ...] = ()
    offers: tuple[Offer, ...] = ()
    entries: tuple[CatalogueEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class _Product:
    """The product that a column of a table is about."""

    provider: str
    services: tuple[str, ...]
    aspect: str
    categories: tuple[PricingCategory, ...]


def offered_in(text: str) -> Offered | None:
    """Return what a cell, or a claim's short form, says can be had; None when it says something else."""
    if _ONLY.search(text):
        return Offered.NODE
    if _NONE.search(text):
        return Offered.NONE
    if _SINGLE.search(text):
        return Offered.SINGLE
    return Offered.SOME if _YES.search(text) else None


def check_availability(  # noqa: PLR0913  # a statement, and all that may know better
    said: Offered,
    column: str,
    gpus: frozenset[str],
    claims: Sequence[ClaimAtDate],
    *,
    around: KnownOffers,
    facts: Facts,
) -> AvailabilityFound | None:
    """Return what offers and lists, else the claims, say to a statement on availability; None where none does.

    Args:
        said: the statement.
        column: head of its column, which names the product.
        gpus: canonical ids of the cards of its row.
        claims: those that speak about the document's date.
        around: the offers around it.
        facts: the hand-kept facts.
    """
    product = _product(column)
    if product is None:
        return None
    about = [v for v in claims if v.claim.aspect == product.aspect and gpus & set(v.claim.gpus)]
    found = _derived(said, product, gpus, around, facts) or _claimed(said, about)
    if found is None or found.kind is not VerdictKind.WRONG:
        return found
    errors = tuple(v for v in about if v.status is ClaimStatus.CONTRADICTED)
    remarks = " ".join(v.claim.remark for v in errors[:1])
    return AvailabilityFound(
        found.kind,
        found.manner,
        f"{found.reason} {remarks}".strip(),
        (*found.claims, *errors[:1]),
        found.offers,
        found.entries,
    )


def _product(column: str) -> _Product | None:
    """Return what a column is about; None where it names no product, or several."""
    sellers = {name for _, name in providers(column)}
    if sellers == {RUNPOD}:
        names = [str(name) for _, name in services(column, RUNPOD)] or [""]
        sold = tuple(name for name in ("Pods", "Serverless") if names[0] in {"", name})
        return _Product(RUNPOD, sold, RUNPOD, _SOLD_AS[names[0]]) if names[0] in _SOLD_AS else None
    names = [str(name) for _, name in services(column, AWS)]
    if sellers != {AWS} or len(names) != 1 or names[0] not in _CLAIMED_AS:
        return None
    sold = tuple(sorted(s for s in SERVICES if s == names[0] or (names[0] == SAGEMAKER and s.startswith(SAGEMAKER))))
    return _Product(AWS, sold, _CLAIMED_AS[names[0]], (PricingCategory.ON_DEMAND,))


def _derived(
    said: Offered, product: _Product, gpus: frozenset[str], around: KnownOffers, facts: Facts
) -> AvailabilityFound | None:
    """Return what prices and lists of the document's date prove."""
    if around.market is None:
        return None
    for category in product.categories:
        supply = find_availability(
            around.market, facts, product.provider, product.services, category=category, gpus=gpus
        )
        fits = _fits(said, _truth(supply))
        if supply.supply is not Supply.NOT_LISTED and fits is not None:
            return _proven(supply, fits=fits)
    supply = find_availability(
        around.market, facts, product.provider, product.services, category=product.categories[0], gpus=gpus
    )
    fits = _fits(said, _truth(supply))
    return None if fits is None else _proven(supply, fits=fits)


def _truth(found: SupplyFound) -> Offered | None:
    match found.supply:
        case Supply.SINGLE:
            return Offered.SINGLE
        case Supply.SEVERAL:
            return Offered.NODE if found.certain else Offered.SOME
        case Supply.PART | Supply.LISTED:
            return Offered.SOME
        case Supply.NOT_LISTED:
            return Offered.NONE
        case Supply.UNKNOWN:
            return None


def _fits(said: Offered, truth: Offered | None) -> bool | None:
    """Return whether a statement agrees with what is known; None where that does not decide it."""
    if truth is None:
        return None
    if truth is Offered.SOME:
        return None if said in {Offered.SINGLE, Offered.NODE} else said is Offered.SOME
    if said is Offered.SOME:
        return truth is not Offered.NONE
    return said is truth


def _proven(found: SupplyFound, *, fits: bool) -> AvailabilityFound:
    kind = VerdictKind.HOLDS if fits else VerdictKind.WRONG
    if found.offer is not None:
        offer = found.offer
        sold = f"{offer.provider} {offer.service} {offer.sku} has {plain(offer.gpu_count)}"
        reason = f"{sold} and is sold, {offer.pricing_category.replace('_', '-')}, on {offer.observed_at:%Y-%m-%d}."
        return AvailabilityFound(kind, Manner.AVAILABILITY, reason, offers=(offer,))
    assert found.entry is not None  # noqa: S101  # without a price it is a list that says so
    there = "is" if found.supply is Supply.LISTED else "is not"
    reason = f"It {there} in {found.entry.provider}'s list of GPU types of {found.entry.observed_at:%Y-%m-%d}."
    return AvailabilityFound(kind, Manner.AVAILABILITY, reason, entries=(found.entry,))


def _claimed(said: Offered, about: Iterable[ClaimAtDate]) -> AvailabilityFound | None:
    """Return what the claims say; of several cards under one name the best supplied one counts."""
    truths = [
        (truth, v)
        for v in about
        if v.status is ClaimStatus.SUPPORTED and (truth := offered_in(v.claim.short)) is not None
    ]
    if not truths:
        return None
    truth, verdict = min(truths, key=lambda pair: (pair[0] is not Offered.SINGLE, pair[0] is Offered.NONE))
    fits = _fits(said, truth)
    if fits is None:
        return None
    kind = VerdictKind.HOLDS if fits else VerdictKind.WRONG
    return AvailabilityFound(kind, Manner.CLAIM, f"{verdict.claim.statement} ({verdict.dated}.)", (verdict,))
