"""Quarantine: a price that breaks an invariant stays visible with the reason, and nothing is computed with it.

Only a recorded decision lets it out (`data/facts/releases.toml`), and only at the price that was decided on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from normalize.agreement import place_of, printed_day
from normalize.corroborate import Corroboration, corroborate
from normalize.doubles import distinct
from normalize.facts import Facts
from normalize.invariants import Violation, check_alone, check_together
from normalize.records import (
    Finding,
    Identity,
    Market,
    Offer,
    PriceBasis,
    PricingCategory,
    Severity,
    identity_of,
    may_be_used,
)
from normalize.units import plain

Look = Callable[[datetime], Market | None]
"""Returns the market of an earlier moment, without what `settle` adds; asked twice for one moment, it remembers."""
_LARGEST_STEP = Decimal(2)
"""A list price that more than doubles or halves needs a second source. The largest step among the public figures of
2024 to 2026 is AWS's cut of p5.48xlarge from 98.32 (list of 2025-05-29) to 55.04 (2025-07-03), a factor of 1.79."""


def quarantine(offers: Sequence[Offer], facts: Facts) -> tuple[tuple[Offer, ...], tuple[Finding, ...]]:
    """Return the offers with those marked that break an invariant of one market, and a finding for each.

    Args:
        offers: of one market, one per identity.
        facts: the hand-kept facts.
    """
    decided = _decisions(facts)
    alone = [v for o in offers if may_be_used(o) for v in check_alone(o, facts) if not _is_released(v, decided)]
    first = _mark(offers, alone)
    among = [v for v in check_together(filter(may_be_used, first)) if not _is_released(v, decided)]
    return _mark(first, among), distinct(map(_finding, (*alone, *among)))


def settle(market: Market, moments: Sequence[datetime], look: Look, facts: Facts) -> Market:
    """Return a market with unconfirmed jumps in quarantine, and with what is in quarantine as it was before.

    Args:
        market: as `normalize.market.build_market` returns it.
        moments: of earlier markets, the newest first. Prices are held against the newest and the oldest: a jump stays
            in quarantine until the oldest knows the new price too. Those between are looked at only when something
            is in quarantine.
        look: returns the market of such a moment, as `build_market` does; None where it cannot be read any more.
        facts: the hand-kept facts.
    """
    ends = _usable(dict.fromkeys((*moments[:1], *moments[-1:])), look)
    decided = _decisions(facts)
    jumps = [v for v in _jumps(market, ends) if not _is_released(v, decided)]
    offers = _mark(market.offers, jumps)
    held = [identity_of(o) for o in offers if o.quarantined is not None]
    known = _usable(moments, look) if held else []
    findings = distinct((*market.findings, *map(_finding, jumps)))
    return replace(market, offers=offers, findings=findings, last_good=tuple(_last_good(held, known)))


def _usable(moments: Iterable[datetime], look: Look) -> list[Mapping[Identity, Offer]]:
    markets = (look(moment) for moment in moments)
    return [{identity_of(o): o for o in m.offers if o.quarantined is None} for m in markets if m is not None]


def _jumps(market: Market, known: Sequence[Mapping[Identity, Offer]]) -> Iterator[Violation]:
    """Yield the list prices that moved too far from an earlier one while no other source says the same."""
    others = corroborate(market.legible)
    for offer in market.priced:
        if not _is_list_price(offer):
            continue
        before = [by[identity_of(offer)] for by in known if identity_of(offer) in by]
        was = next((was for was in before if _is_step(was, offer)), None)
        if was is not None and not _is_confirmed(others[identity_of(offer)], was):
            reason = f"{_told(offer)} after {_told(was)}, and no other source says so"
            yield Violation(offer, "unconfirmed_jump", reason)


def _is_confirmed(now: Corroboration, was: Offer) -> bool:
    """Return whether another source prints the new price too, and not from a time before the old one."""
    return any(o.source != was.source and o.observed_at > was.observed_at for o in (*now.same, *now.rounded))


def _is_list_price(offer: Offer) -> bool:
    return offer.price_basis is PriceBasis.LIST and offer.pricing_category is not PricingCategory.SPOT


def _is_step(was: Offer, now: Offer) -> bool:
    """Return whether a price moved too far; another count is another measure, not another price."""
    if was.usd_per_gpu_hour is None or now.usd_per_gpu_hour is None or was.gpu_count != now.gpu_count:
        return False
    low, high = sorted((was.usd_per_gpu_hour, now.usd_per_gpu_hour))
    return high > low * _LARGEST_STEP


def _last_good(held: Iterable[Identity], known: Sequence[Mapping[Identity, Offer]]) -> Iterator[Offer]:
    """Yield, for each identity in quarantine, the newest earlier offer that may be used.

    One that had jumped itself, from the oldest known price, is passed over: it was in quarantine in its own time.
    """
    for identity in held:
        before = [by[identity] for by in known if identity in by]
        good = (o for o in before if not (_is_list_price(o) and _is_step(before[-1], o)))
        if (last := next(good, None)) is not None:
            yield last


def _decisions(facts: Facts) -> frozenset[tuple[Identity, Decimal, str, str]]:
    return frozenset((r.identity, r.price, r.pricing_unit, r.invariant) for r in facts.releases)


def _is_released(violation: Violation, decided: frozenset[tuple[Identity, Decimal, str, str]]) -> bool:
    offer = violation.offer
    return (identity_of(offer), offer.list_unit_price, offer.pricing_unit, violation.invariant) in decided


def _mark(offers: Sequence[Offer], violations: Iterable[Violation]) -> tuple[Offer, ...]:
    reasons: dict[Identity, list[str]] = defaultdict(list)
    for violation in violations:
        reasons[identity_of(violation.offer)].append(f"{violation.invariant}: {violation.reason}")
    return tuple(
        replace(o, quarantined="; ".join(reasons[i])) if (i := identity_of(o)) in reasons else o for o in offers
    )


def _finding(violation: Violation) -> Finding:
    offer, cited = violation.offer, violation.offer.citations[0]
    where = f"{cited.sha256[:12]}#{cited.locator}"
    message = f"{_named(offer)}: {violation.reason}; in quarantine, see data/facts/releases.toml"
    return Finding(violation.invariant, Severity.ERROR, offer.source, where, message)


def _named(offer: Offer) -> str:
    """Return which price of which thing is meant."""
    months = f"{offer.commitment_months} months" if offer.commitment_months else None
    terms = (offer.pricing_category, months, offer.offering_class, offer.payment_option)
    basis = None if offer.price_basis is PriceBasis.LIST else offer.price_basis
    parts = (offer.service, offer.sku, offer.cloud_type, offer.region, *terms, basis)
    return " ".join(part for part in parts if part)


def _told(offer: Offer) -> str:
    return f"{plain(offer.usd_per_gpu_hour or Decimal(0))} ({place_of(offer)}, {printed_day(offer)})"
