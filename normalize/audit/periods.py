"""The unit words of documents: which period a price is for, and how many hours that may be.

The sources' own unit words are in `data/facts/units.toml`; a person's document has more spellings, and months, which
have no exact number of hours: 30 days make 720, a twelfth of a year 730, 31 days 744.
"""

from __future__ import annotations

import enum
import re

from normalize.audit.interval import Interval, exactly


class Period(enum.StrEnum):
    """What a price is for."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


HOURS = {
    Period.SECOND: exactly(1) / exactly(3600),
    Period.MINUTE: exactly(1) / exactly(60),
    Period.HOUR: exactly(1),
    Period.DAY: exactly(24),
    Period.WEEK: exactly(168),
    Period.MONTH: exactly(24) * Interval(exactly(30).low, exactly(31).high),
    Period.YEAR: exactly(24) * Interval(exactly(360).low, exactly(366).high),
}
"""Hours of a period; of a month those of 30 to 31 days, of a year those of twelve times 30 to 366 days."""

_WORDS = {
    Period.SECOND: "seconds? secs? s",
    Period.MINUTE: "minutes? mins?",
    Period.HOUR: "hours? hrs? h hourly stunde std",
    Period.DAY: "days? daily",
    Period.WEEK: "weeks? weekly",
    Period.MONTH: "months? mos? monthly monat",
    Period.YEAR: "years? yrs? annum yearly annually",
}
_PATTERNS = {
    p: re.compile(rf"(?<![a-z])(?:{'|'.join(words.split())})(?![a-z])", re.IGNORECASE) for p, words in _WORDS.items()
}
_PER_GPU = re.compile(r"(?:/|per|each)\s?(?:GPU|card|accelerator)|GPU[- ](?:hour|hr|second|month)", re.IGNORECASE)
_HEAD = re.compile(
    r"(?:/|\bper\b|\bpro\b|\ban?\b)\s?(?:GPU|instance|card)?\s?[-/]?\s?(?:hours?|hrs?|h|seconds?|secs?|s|minutes?|mins?|days?|months?|mos?|years?|yrs?|stunde|monat)\b"
    r"|\b(?:hourly|monthly|daily|yearly|annually)\b",
    re.IGNORECASE,
)


def period_of(unit: str) -> Period | None:
    """Return the period that a printed unit names: ``/hr``, ``per GPU per second``, ``monthly``; None for none."""
    return next((period for period, pattern in _PATTERNS.items() if pattern.search(unit)), None)


def unit_in(text: str) -> str:
    """Return the unit that a column's head or a sentence names, ``Price (USD/hr)`` gives ``/hr``; "" for none."""
    found = _HEAD.search(text)
    return found[0] if found else ""


def is_per_gpu(unit: str) -> bool:
    """Tell whether a unit is that of one GPU, whatever the size of the instance."""
    return _PER_GPU.search(unit) is not None
