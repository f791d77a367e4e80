"""Prices as RunPod's pricing page prints them, and what it prints where there is none.

========================== ==============================================================================
text                       is
========================== ==============================================================================
``$2.99/hr``               a price; also ``$ 7.89 /hr``, as the page rendered it on 2026-10-07
``$0.00116/sec``           a price: the page has a switch between per hour and per second (seen 2026-09)
``0``, ``$0/hr``           no price: what stands there before the page's script has run, or "not offered"
``from $2.99/hr``          no price: the cheapest of several; so is what follows "Starting from"
``Contact sales``, ``—``   no price
========================== ==============================================================================

Everything else, another currency among it, is not understood and must not pass for either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from scrapers.places.locate import fold
from scrapers.records import Document
from scrapers.strict import fail

_NUMBER = r"\d+(?:\.\d+)?"
_UNIT = r"(?:/\s*(?:hr|hour|h|sec|second|s)|\bper\s+(?:hr|hour|sec|second))"
_PRICE = re.compile(rf"\$\s*(?P<digits>{_NUMBER})\s*(?P<unit>{_UNIT})?", re.IGNORECASE)
_ZERO = re.compile(rf"\$?\s*0+(?:\.0+)?\s*(?P<unit>{_UNIT})?", re.IGNORECASE)
_STARTING = re.compile(r"(?:starting\s+)?(?:from|at)\s*\$.*", re.IGNORECASE)
_PERIOD = re.compile(
    r"(?:/|\bper\b)\s*(?:hr|hour|h|sec|second|s|min|minute|day|d|week|wk|month|mo|year|yr)s?\b", re.IGNORECASE
)
HOURLY = frozenset({"/hr", "/hour", "/h", "per hr", "per hour"})
_OTHER_MONEY = re.compile(r"[€£¥₹]|\b(?:EUR|GBP|CHF|JPY|CNY|INR|CAD|AUD|SGD)\b")
_UNIT_ALONE = re.compile(rf"{_UNIT}(?!\w)", re.IGNORECASE)

_NO_PRICE = {
    "": "nothing is printed where the price stands",
    "-": "a dash is printed instead of a price",
    "–": "a dash is printed instead of a price",  # noqa: RUF001  # the dash that pages print
    "—": "a dash is printed instead of a price",
    "n/a": "N/A is printed instead of a price",
    "coming soon": "not sold yet: the page says coming soon",
    "contact sales": "no public price: the page says contact sales",
    "contact us": "no public price: the page says contact us",
    "talk to sales": "no public price: the page says talk to sales",
    "sold out": "the page says sold out and prints no price",
    "out of stock": "the page says out of stock and prints no price",
    "unavailable": "the page says unavailable and prints no price",
}


@dataclass(frozen=True, slots=True)
class Printed:
    """What a text says about a price.

    Attributes:
        digits: the amount as printed, without sign and unit; None when the text says that there is none.
        unit: ``/hr``, ``/sec``, ``per second``, ... as printed; "" when the text has none.
        absence: why there is no price, in one sentence; "" when there is one.
    """

    digits: str | None
    unit: str = ""
    absence: str = ""


def understand(text: str) -> Printed | None:
    """Return what a visible text says about a price in US dollars, or None when it is not understood."""
    folded = fold(text)
    if zero := _ZERO.fullmatch(folded):
        return Printed(None, _unit(zero["unit"]), f"{folded!r} is printed, which is not a price")
    if folded.casefold() in _NO_PRICE:
        return Printed(None, absence=_NO_PRICE[folded.casefold()])
    if _STARTING.fullmatch(folded):
        return Printed(None, absence=f"only a starting price is printed: {folded!r}")
    price = _PRICE.fullmatch(folded)
    return Printed(price["digits"], _unit(price["unit"])) if price else None


def spoken_absence(text: str) -> Printed | None:
    """Return what a text says when it says in words that there is no price; None for everything else.

    Outside a price's own element a dash or a 0 is decoration, but "Contact sales" is not.
    """
    printed = understand(text)
    says_so = printed is not None and printed.digits is None and re.search(r"[a-z]", text, re.IGNORECASE)
    return printed if says_so else None


def read_amount(document: Document, text: str, what: str, *, row: str) -> Printed:
    """Return the amount that an attribute or a machine-readable field holds: digits only, no sign, no unit.

    Args:
        document: for the error.
        text: what stands there.
        what: its name, for the error.
        row: the row it belongs to, for the error.

    Raises:
        ParseError: it is neither an amount nor a known way to say that there is none.
    """
    if re.fullmatch(_NUMBER, text.strip()) and text.strip(" 0."):
        return Printed(text.strip())
    printed = understand(text)
    if printed is None or printed.digits is not None:
        raise fail(document, f"looked for an amount like '2.99' in {what}, found {text!r}", row=row)
    return printed


def units_in(text: str) -> set[str]:
    """Return every unit of a price that a text contains, as `Printed.unit` spells it."""
    return {_unit(found) for found in _UNIT_ALONE.findall(fold(text))}


def other_periods(text: str) -> list[str]:
    """Return every period that a text puts behind a price and that is not the hour: ``/mo``, ``per second``."""
    said = {" ".join(found.split()).replace("/ ", "/").casefold() for found in _PERIOD.findall(text)}
    return sorted(said - HOURLY)


def other_currency(text: str) -> str:
    """Return the sign or code of a currency that is not the US dollar's, "" where a text has none."""
    found = _OTHER_MONEY.search(text)
    return found[0] if found else ""


def _unit(found: str | None) -> str:
    """Return a unit in one spelling: `` / hr`` is ``/hr``; the word itself stays as printed."""
    return (found or "").replace("/ ", "/").casefold()
