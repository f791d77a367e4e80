"""The one place where a price becomes US dollars per GPU-hour."""

from __future__ import annotations

import re
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow

_EXACT = Context(prec=60, traps=[DivisionByZero, Inexact, InvalidOperation, Overflow])
"""Whatever would lose a digit raises: only a quotient may be rounded, and only by `_divide`."""
_QUOTIENT = Context(prec=60)
_LAST_PLACE = Decimal("1E-18")
"""Of a quotient without an end, e.g. the price of 72 GPUs by 72; what `normalize.export` can hold."""
_HOURS_PER_MONTH = Decimal(730)
"""365 x 24 / 12; AWS spreads an upfront fee over years x 8760 hours."""
_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?([eE][+-]?0?[0-9])?")


def read_price(text: str) -> Decimal:
    """Return a printed price, exactly.

    Args:
        text: digits, at most one point, at most a small power of ten (``9.0E-4``, ``4.4e-05``); no sign, no
            currency, and no more digits than a price has.

    Raises:
        ValueError: it is anything else (a sign, NaN, thousands separators), or it is 0.
    """
    price = read_number(text)
    if price == 0:
        message = "a price of 0 is not a price"
        raise ValueError(message)
    return price


def read_number(text: str) -> Decimal:
    """Return a printed amount that may be 0, exactly; as `read_price` otherwise.

    Raises:
        ValueError: it is no such amount.
    """
    if not _NUMBER.fullmatch(text):
        message = f"{text!r} is not a price"
        raise ValueError(message)
    return Decimal(text)


def effective_hourly(hourly: Decimal, upfront: Decimal, months: int) -> Decimal:
    """Return the price of an hour with its share of a fee that is paid at the start: hourly + upfront / (months x 730).

    The formula of AWS's own pages and of Vantage's reserved prices
    (https://aws.amazon.com/ec2/pricing/reserved-instances/pricing/, "effective hourly").

    Args:
        hourly: price per hour; 0 when all is paid upfront.
        upfront: fee for the whole term, same currency.
        months: length of the term.

    Raises:
        ValueError: nothing is paid at all, an amount is negative, or there is no term.
    """
    if hourly < 0 or upfront < 0 or hourly + upfront == 0 or months <= 0:
        message = f"{hourly} per hour and {upfront} upfront over {months} months are no price"
        raise ValueError(message)
    share = _divide(upfront, _EXACT.multiply(Decimal(months), _HOURS_PER_MONTH))
    return trim(_EXACT.add(hourly, share))


def per_gpu_hour(unit_price: Decimal, units_per_hour: Decimal, gpu_count: Decimal) -> Decimal:
    """Return the price of one GPU for one hour: unit price x units per hour / GPU count.

    Exact wherever the division ends; else rounded to 18 decimals.

    Args:
        unit_price: price of one unit of the whole SKU, in any currency.
        units_per_hour: 1 for a price per hour, 3600 for a price per second.
        gpu_count: GPUs of the SKU; a fraction gives the full-GPU equivalent.

    Raises:
        ValueError: one of them is not positive.
    """
    if min(unit_price, units_per_hour, gpu_count) <= 0:
        message = f"{unit_price} x {units_per_hour} / {gpu_count} is no price per GPU-hour"
        raise ValueError(message)
    return _divide(_EXACT.multiply(unit_price, units_per_hour), gpu_count)


def trim(value: Decimal) -> Decimal:
    """Return the number without trailing zeros and without an exponent above 0: 6.880 is 6.88, 1E+1 is 10."""
    short = value.normalize(_EXACT)
    exponent = short.as_tuple().exponent
    return short.quantize(Decimal(1), context=_EXACT) if isinstance(exponent, int) and exponent > 0 else short


def percent_change(before: Decimal, after: Decimal) -> Decimal:
    """Return (after - before) / before x 100; exact wherever the division ends, else rounded to 18 decimals."""
    return _divide(_EXACT.multiply(_EXACT.subtract(after, before), Decimal(100)), before)


def _divide(dividend: Decimal, divisor: Decimal) -> Decimal:
    try:
        return trim(_EXACT.divide(dividend, divisor))
    except Inexact:
        return trim(_QUOTIENT.divide(dividend, divisor).quantize(_LAST_PLACE, context=_QUOTIENT))


def plain(value: Decimal) -> str:
    """Return a number as text without an exponent: ``0.00019``, never ``1.9E-4``."""
    return format(value, "f")
