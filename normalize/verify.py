"""Whether a figure still follows from the archived bytes: from the text at its locator, by way of the facts, anew.

Nothing that normalisation made is taken over: the price is looked for in the text that was read again, the unit and
the GPUs of an instance type come from the hand-kept facts.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from normalize.computed import Computed, compute
from normalize.facts import Facts
from normalize.meaning import INSTANCE_PROVIDERS
from normalize.records import Citation, Offer, identity_of
from normalize.units import effective_hourly, per_gpu_hour, plain

_NUMBER = re.compile(r"(?<![\w.,])[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?")
_USD = "USD"


class Fault(enum.StrEnum):
    """Why a figure does not hold, from what is no longer there to what was never right."""

    GONE = "gone"
    """Its bytes are not in the store any more, or never were in this one."""
    DAMAGED = "damaged"
    """The bytes are not those that were stored."""
    UNREADABLE = "unreadable"
    """Nothing stands at the locator."""
    QUOTE = "quote"
    """Another text stands there than the one that is quoted."""
    ORIGIN = "origin"
    """The store has these bytes from another source, address or time."""
    THING = "thing"
    """What stands there is the price of something else, such as another instance size."""
    PRICE = "price"
    """The price does not stand in the quoted text."""
    VALUE = "value"
    """The figure does not follow from the price."""
    PRINT = "print"
    """The document prints another number, or other words."""
    FILE = "file"
    """A file is not as it was written."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something does not hold.

    Attributes:
        fault: which kind.
        why: what was looked for and what was found, in one sentence.
    """

    fault: Fault
    why: str


Reread = Callable[[Sequence[Citation]], Mapping[Citation, str | Problem]]
"""Goes to each citation's archived bytes: the text that stands there now, or why there is none."""


def check_citations(citations: Iterable[Citation], reread: Reread) -> dict[Citation, Problem | None]:
    """Return for every citation whether its quote stands at its locator.

    Args:
        citations: in any order; repetitions are read once.
        reread: reads them.
    """
    wanted = list(dict.fromkeys(citations))
    found = reread(wanted)
    return {citation: _check_quote(citation, found[citation]) for citation in wanted}


def _check_quote(citation: Citation, found: str | Problem) -> Problem | None:
    if isinstance(found, Problem):
        return found
    if found != citation.quote:
        return Problem(Fault.QUOTE, f"{citation.locator} reads {_short(found)}, quoted is {_short(citation.quote)}")
    return None


def _short(text: str) -> str:
    return repr(text if len(text) <= 80 else f"{text[:80]}…")  # noqa: PLR2004  # a line of a terminal


def check_offer(offer: Offer, cited: Mapping[Citation, Problem | None], facts: Facts) -> Problem | None:
    """Return why an offer's price does not follow from its quotes; None when it does, or when it has no price.

    Args:
        offer: as it is stated.
        cited: what became of its citations.
        facts: the hand-kept facts of today.
    """
    if problem := next((p for p in (cited[citation] for citation in offer.citations) if p), None):
        return problem
    if offer.list_unit_price is None:
        return _without_price(offer)
    if not offer.citations:
        return Problem(Fault.PRICE, f"{offer.sku}: no receipt is cited for the price")
    try:
        return _recompute(offer, offer.list_unit_price, facts)
    except (ArithmeticError, ValueError) as exc:
        return Problem(Fault.VALUE, f"{offer.sku}: cannot be computed again: {exc}")


def _without_price(offer: Offer) -> Problem | None:
    if offer.usd_per_gpu_hour is not None:
        stated = f"{plain(offer.usd_per_gpu_hour)} USD per GPU-hour"
        return Problem(Fault.VALUE, f"{offer.sku}: {stated} is stated without a price in USD that it could follow from")
    return None


def _recompute(offer: Offer, stated: Decimal, facts: Facts) -> Problem | None:
    prices, problem = _quoted_prices(offer, stated)
    if problem:
        return problem
    count, periods = _gpu_count(offer, facts), _periods_per_hour(offer, facts)
    if count is None or periods is None:
        what = f"instance type {offer.sku}" if count is None else f"unit {offer.pricing_unit}"
        return Problem(Fault.VALUE, f"data/facts knows no {what}")
    if count != offer.gpu_count:
        stated_count = plain(offer.gpu_count)
        return Problem(Fault.VALUE, f"{offer.sku} has {plain(count)} GPUs in data/facts, {stated_count} are stated")
    if offer.billing_currency != _USD:
        return _without_price(offer)
    value = _mean([per_gpu_hour(price, periods, count) for price in prices])
    if value != offer.usd_per_gpu_hour:
        found = "none" if offer.usd_per_gpu_hour is None else plain(offer.usd_per_gpu_hour)
        return Problem(Fault.VALUE, f"{offer.sku}: {plain(value)} USD per GPU-hour follows, {found} is stated")
    return None


def _quoted_prices(offer: Offer, stated: Decimal) -> tuple[list[Decimal], Problem | None]:
    """Return the list prices that the quotes come to, several for a mean, and why they are not as stated."""
    quotes = [quoted_numbers(citation.quote) for citation in offer.citations]
    if offer.upfront_fee is not None:
        return _with_fee(offer, stated, quotes)
    if len(quotes) == 1:
        return [stated], None if stated in quotes[0] else _not_quoted(offer, stated)
    if any(len(numbers) != 1 for numbers in quotes):
        return [], Problem(Fault.PRICE, f"{offer.sku}: a mean of {len(quotes)} quotes that are not one number each")
    prices = [numbers[0] for numbers in quotes]
    return prices, None if _mean(prices) == stated else _not_quoted(offer, stated)


def _with_fee(
    offer: Offer, stated: Decimal, quotes: Sequence[Sequence[Decimal]]
) -> tuple[list[Decimal], Problem | None]:
    """Return the effective price of an hour from the quoted one and the quoted fee."""
    if len(quotes) != 2 or not quotes[0] or offer.upfront_fee not in quotes[1]:  # noqa: PLR2004  # price and fee
        return [], Problem(Fault.PRICE, f"{offer.sku}: the upfront fee {offer.upfront_fee} does not stand in its quote")
    fee, months = offer.upfront_fee or Decimal(0), offer.commitment_months or 0
    effective = [effective_hourly(hourly, fee, months) for hourly in quotes[0]]
    return [stated], None if stated in effective else _not_quoted(offer, stated)


def _not_quoted(offer: Offer, stated: Decimal) -> Problem:
    quotes = ", ".join(_short(citation.quote) for citation in offer.citations)
    return Problem(Fault.PRICE, f"{offer.sku}: {plain(stated)} does not follow from what is quoted: {quotes}")


def quoted_numbers(text: str) -> list[Decimal]:
    """Return the numbers in a quote, commas between thousands left out."""
    return [Decimal(number.replace(",", "")) for number in _NUMBER.findall(text)]


def _gpu_count(offer: Offer, facts: Facts) -> Decimal | None:
    """Return the GPUs of an instance type as our facts know it; of any other SKU the count that its page prints."""
    if offer.provider not in INSTANCE_PROVIDERS:
        return offer.gpu_count
    instance = facts.instance(offer.sku)
    return None if instance is None else instance.gpu_count


def _periods_per_hour(offer: Offer, facts: Facts) -> Decimal | None:
    return next((u.periods_per_hour for u in facts.units if u.period == offer.pricing_unit), None)


def _mean(figures: Sequence[Decimal]) -> Decimal:
    return per_gpu_hour(sum(figures, Decimal(0)), Decimal(1), Decimal(len(figures)))


def check_thing(offer: Offer, there: Sequence[Offer]) -> Problem | None:
    """Return a problem where the price at an offer's locator is that of something else.

    Args:
        offer: as it is stated.
        there: what is read at its locator today; nothing where the parser no longer looks there, which says nothing.
    """
    if not there or any(_thing(offer) == _thing(other) for other in there):
        return None
    names = " or ".join(dict.fromkeys(_name(other) for other in there))
    return Problem(Fault.THING, f"at {offer.citations[0].locator} stands the price of {names}, not of {_name(offer)}")


def _thing(offer: Offer) -> tuple[object, ...]:
    """Return what an offer is the price of; several prices of zones may have become one since they were read."""
    kind, card = identity_of(offer)[1:7], identity_of(offer)[8:]
    return (*kind, *card, offer.gpu_count)


def _name(offer: Offer) -> str:
    parts = (offer.provider, offer.service, offer.sku, offer.region, offer.cloud_type, offer.pricing_category)
    return " ".join(part for part in (*parts, offer.operating_system, f"{plain(offer.gpu_count)} {offer.gpu}") if part)


def check_computed(figure: Computed, checked: Mapping[Offer, Problem | None], on: date) -> Problem | None:
    """Return why a figure does not follow from its offers; None when it does.

    Args:
        figure: as it is stated.
        checked: what became of its offers.
        on: the report's date, for ages.
    """
    if problem := next((p for p in (checked[offer] for offer in figure.offers) if p), None):
        return problem
    try:
        value = compute(figure.quantity, figure.offers, on)
    except ValueError as exc:
        return Problem(Fault.VALUE, f"cannot be computed again: {exc}")
    if value != figure.value:
        return Problem(Fault.VALUE, f"{plain(value)} follows, {plain(figure.value)} is stated")
    return None
