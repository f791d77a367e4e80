"""Amounts of money in a text, as they are printed: digits, currency, unit, and whether they are approximate.

~$0.30-0.50/hr     1,90 € pro Stunde     US$ 1,387 per month     61 cents an hour     from $1.89     $1.2k
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrapers.documents.records import Bound, Passage, PrintedFigure

CURRENCIES = {
    "$": "USD", "us$": "USD", "usd": "USD", "usd$": "USD", "dollar": "USD", "dollars": "USD",
    "cent": "", "cents": "", "¢": "USD",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR",
    "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP",
    "¥": "JPY", "jpy": "JPY", "cny": "CNY", "rmb": "CNY", "₹": "INR", "inr": "INR",
    "c$": "CAD", "ca$": "CAD", "cad": "CAD", "a$": "AUD", "au$": "AUD", "aud": "AUD", "chf": "CHF",
}  # fmt: skip
"""What documents print, in lower case, and the ISO 4217 code; a bare dollar sign is taken for US dollars."""
_HUNDREDTHS = {"cent", "cents", "¢"}
_THOUSANDS = {"k": 3, "thousand": 3, "m": 6, "million": 6}

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+,\d{1,2}|\d+,\d{1,2}(?![\d,])|\d+(?:\.\d+)?|\.\d+)"
_TIMES = r"(?:\s?(?:k|K|M|million|thousand)(?![A-Za-z0-9]))"
_BEFORE = r"(?:US\s?\$|USD\s?\$?|CAD\s?\$?|AUD\s?\$?|C\$|CA\$|A\$|AU\$|EUR|GBP|CNY|CHF|INR|JPY|[$€£¥₹])"
_AFTER = r"(?:USD|EUR|GBP|CAD|AUD|CNY|CHF|INR|JPY|US\sdollars?|dollars?|euros?|pounds?|cents?|[$€£¥₹¢])"
_TO = r"\s?(?:-|–|—|to|bis)\s?"  # noqa: RUF001  # the dashes that ranges have
_MONEY = re.compile(
    rf"(?<![\w$€£.,])(?P<before>{_BEFORE})\s?(?P<low>{_NUMBER})(?P<times>{_TIMES})?"
    rf"(?:{_TO}(?:{_BEFORE}\s?)?(?P<high>{_NUMBER})(?P<htimes>{_TIMES})?(?![\w×%.,]*[A-Za-z×%]))?"
    rf"|(?<![\w$€£.,-])(?P<low2>{_NUMBER})(?:{_TO}(?P<high2>{_NUMBER}))?\s?(?P<after>{_AFTER})(?![A-Za-z0-9])"
)
_PERIOD = (
    r"(?:hours?|hrs?|h|seconds?|secs?|s|minutes?|mins?|days?|weeks?|months?|mos?|years?|yrs?|annum|stunde|std|monat)\b"
)
_THING = r"(?:GPU|instance|card|node|worker|accelerator|vCPU)s?"
_PER = r"(?:/|per|pro|an?|each|every)"
_UNIT = re.compile(
    rf"\s?\+?\s?(?P<unit>(?:/|per)\s?{_THING}\s?(?:[-/·]|per|an)?\s?{_PERIOD}"
    rf"|{_PER}\s?{_PERIOD}(?:\s?(?:/|per)\s?{_THING}\b)?"
    rf"|(?:/|per)\s?{_THING}\b|(?:hourly|monthly|daily|weekly|yearly|annually)\b"
    r"|(?:/|per)\s?(?:\d[\d.,]*\s?)?[A-Za-z]+(?:[ -](?:tokens?|requests?|images?|characters?|invocations?))?)",
    re.IGNORECASE,
)
_APPROXIMATE = re.compile(
    r"(?:[~≈]|\b(?:about|around|approximately|approx\.?|roughly|circa|ca\.|nearly|almost))\s*$", re.IGNORECASE
)
_AT_LEAST = re.compile(
    r"(?:[>≥]|\b(?:from|starting at|starts at|as low as|at least|more than|over|above|ab))\s*$", re.IGNORECASE
)
_AT_MOST = re.compile(r"(?:[<≤]|\b(?:up to|at most|less than|under|below|max\.?))\s*$", re.IGNORECASE)
_LOOK_BACK = 24
_PLAIN = re.compile(rf"[~≈]?\s?(?P<low>{_NUMBER})(?:{_TO}(?P<high>{_NUMBER}))?\s?\+?(?P<rest>[^\d]*)")
_ABSENT = re.compile(
    r"(?:tbd|tba|tbc|n/?a|none|unknown|\?+|[-–—]+|not (?:yet )?(?:available|offered|listed|published|priced)"  # noqa: RUF001
    r"|unavailable|contact (?:us|sales)|on request|call|sold out|pending|to be (?:determined|announced))"
    r"(?:$|[\s(*:,-].*)",
    re.IGNORECASE,
)
_IN_WORDS = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety|hundred|thousand|half|couple)\b[a-z\s-]{0,40}?\b(?:dollars?|cents?|euros?|pounds?|bucks)\b"
    r"|\ba (?:dollar|euro|pound|buck)\b",
    re.IGNORECASE,
)


def figures_in(passage: Passage) -> Iterator[PrintedFigure]:
    """Yield the amounts of money in a passage, in their order."""
    for found in _MONEY.finditer(passage.text):
        yield _figure(passage, found)


def _figure(passage: Passage, found: re.Match[str]) -> PrintedFigure:
    text = passage.text
    sign = (found["before"] or found["after"]).lower().replace(" ", "").removeprefix("usdollar")
    sign = sign or "dollars"
    low = digits(found["low"] or found["low2"], found["times"] or found["htimes"], sign)
    high = digits(found["high"], found["htimes"] or found["times"], sign) if found["high"] else ""
    high = digits(found["high2"], None, sign) if found["high2"] else high
    unit = _UNIT.match(text, found.end())
    before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
    approximate = _APPROXIMATE.search(before)
    bounded = before[: approximate.start()] if approximate else before
    start = found.start() - (len(before) - approximate.start() if approximate else 0)
    end = unit.end() if unit else found.end()
    return PrintedFigure(
        passage=passage,
        start=start,
        end=end,
        text=text[start:end].strip(),
        low=low,
        high=high or low,
        currency=CURRENCIES[sign],
        unit=unit["unit"] if unit else "",
        approximate=approximate is not None,
        bound=_bound(bounded, text[found.end() : found.end() + 1]),
    )


def _bound(before: str, after: str) -> Bound:
    if _AT_LEAST.search(before) or after == "+":
        return Bound.AT_LEAST
    return Bound.AT_MOST if _AT_MOST.search(before) else Bound.NONE


def digits(printed: str, times: str | None = None, sign: str = "") -> str:
    """Return a printed number as plain digits with a decimal point: ``1,387``, ``1.387,00`` and ``1,9`` are read.

    Args:
        printed: the number.
        times: ``k``, ``million``: its zeros are not digits that were printed, so they become an exponent.
        sign: of the currency; of cents the point moves by two places.
    """
    comma, point = printed.rfind(","), printed.rfind(".")
    decimal_comma = comma >= 0 and (comma > point >= 0 or (point < 0 and len(printed) - comma <= 3))  # noqa: PLR2004
    plain = printed.replace(".", "").replace(",", ".") if decimal_comma else printed.replace(",", "")
    exponent = _THOUSANDS[times.strip().lower()] if times else 0
    exponent -= 2 if sign in _HUNDREDTHS else 0
    plain = f"0{plain}" if plain.startswith(".") else plain
    return f"{plain}E{exponent}" if exponent else plain


def plain_figure(passage: Passage, currency: str) -> PrintedFigure | None:
    """Return the number of a cell that is nothing but a number, where its column is one of prices; else None.

    Args:
        passage: the cell.
        currency: ISO 4217 code of its column's head; "" where it prints none.
    """
    found = _PLAIN.fullmatch(passage.text)
    if found is None:
        return None
    unit = _UNIT.fullmatch(found["rest"])
    if found["rest"].strip() and unit is None:
        return None
    low = digits(found["low"])
    return PrintedFigure(
        passage=passage,
        start=0,
        end=len(passage.text),
        text=passage.text,
        low=low,
        high=digits(found["high"]) if found["high"] else low,
        currency=currency,
        unit=unit["unit"] if unit else "",
        approximate=passage.text[0] in "~≈",
    )


def absent_figure(passage: Passage) -> PrintedFigure | None:
    """Return what stands in a cell in place of a price: ``TBD``, ``N/A``, a dash; None when it is anything else."""
    if not _ABSENT.fullmatch(passage.text):
        return None
    return PrintedFigure(passage, 0, len(passage.text), passage.text, "", "", absence=passage.text)


def in_words(text: str) -> str:
    """Return a price that is written in words, such as ``two dollars``; "" when there is none."""
    found = _IN_WORDS.search(text)
    return found[0] if found else ""
