"""What one read says twice: an unknown word is told once, and two prices of one offer are not published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from normalize.records import Finding, Identity, Offer, Severity, identity_of
from normalize.units import plain

_PLACE_NEEDED = frozenset({"bad_price", "no_reason", "two_prices", "unknown_count", "unreadable_number"})
"""Findings about one place; all others are said once, however many listings share the unknown word."""


def distinct(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings without repetitions; an unknown word is told once, with the first place of it."""
    first: dict[tuple[str, ...], Finding] = {}
    for finding in findings:
        place = finding.where if finding.kind in _PLACE_NEEDED else ""
        first.setdefault((finding.kind, finding.source, finding.message, place), finding)
    return tuple(first.values())


def quarantine_doubles(offers: Sequence[Offer]) -> tuple[tuple[Offer, ...], tuple[Finding, ...]]:
    """Quarantine the offers that one read prices twice at one time: which figure holds is not known.

    Published elsewhere as the price of the last of several SKUs: vantage-sh/ec2instances.info issue 959.
    """
    priced: dict[tuple[Identity, datetime], Offer] = {}
    doubles: dict[tuple[Identity, datetime], Finding] = {}
    keys = [(identity_of(offer), offer.observed_at) for offer in offers]
    for key, offer in zip(keys, offers, strict=True):
        if offer.list_unit_price is None:
            continue
        known = priced.setdefault(key, offer)
        if _price(known) != _price(offer):
            doubles.setdefault(key, _double(known, offer))
    marked = (
        replace(offer, quarantined=doubles[key].message) if key in doubles else offer
        for key, offer in zip(keys, offers, strict=True)
    )
    return tuple(marked), tuple(doubles.values())


def _price(offer: Offer) -> tuple[Decimal | None, str, str]:
    return offer.list_unit_price, offer.pricing_unit, offer.billing_currency


def _double(one: Offer, other: Offer) -> Finding:
    region = f" in {one.region}" if one.region else ""
    both = " and ".join(_told(offer) for offer in (one, other))
    message = f"{one.service} {one.sku}{region}: two prices of {one.observed_at:%Y-%m-%d}, {both}; not published"
    cited = other.citations[0]
    return Finding("two_prices", Severity.ERROR, one.source, f"{cited.sha256[:12]}#{cited.locator}", message)


def _told(offer: Offer) -> str:
    price = plain(offer.list_unit_price or Decimal(0))
    return f"{price} {offer.billing_currency} per {offer.pricing_unit} at {offer.citations[0].locator}"
