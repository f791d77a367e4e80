"""Numbers as they are printed: all that a printed number may stand for, and arithmetic on that.

A number printed with two decimals stands for everything that rounds, or was cut off, to it. A comparison of two
printed results is then no matter of a fixed tolerance but of whether what they may stand for overlaps.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal

_CONTEXT = Context(prec=40)
_MOST = Decimal("0.1")
"""Share of a number that an approximation may be off: "about 100" is not 0."""


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from `low` to `high`."""

    low: Decimal
    high: Decimal

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __mul__(self, other: Interval) -> Interval:
        """Return the products; both factors are positive, as prices and quantities are."""
        return Interval(_CONTEXT.multiply(self.low, other.low), _CONTEXT.multiply(self.high, other.high))

    def __truediv__(self, other: Interval) -> Interval:
        """Return the quotients of positive numbers.

        Raises:
            ZeroDivisionError: the divisor may be 0.
        """
        if other.low <= 0:
            raise ZeroDivisionError
        return Interval(_CONTEXT.divide(self.low, other.high), _CONTEXT.divide(self.high, other.low))

    def overlaps(self, other: Interval) -> bool:
        """Tell whether some number is in both."""
        return self.low <= other.high and other.low <= self.high


def exactly(number: int | str | Decimal) -> Interval:
    """Return the interval of one number, such as the hours of a day."""
    value = Decimal(number)
    return Interval(value, value)


def last_digit(digits: str, *, approximate: bool) -> Decimal:
    """Return one unit of the last printed digit; of an approximation, of the last one that is not 0.

    ``1.90`` gives 0.01 and ``113`` gives 1; an approximate ``1.33`` gives 0.01, ``2.70`` 0.1, and ``160`` 10.
    """
    value = Decimal(digits)
    exponent = int(value.as_tuple().exponent)
    if approximate and value != 0:
        exponent = int(value.normalize().as_tuple().exponent)
    return Decimal(1).scaleb(exponent)


def printed(low: str, high: str, *, approximate: bool = False) -> Interval:
    """Return what a printed number or range may stand for.

    Half a unit of the last digit to both sides; of an approximation a whole unit, at most a tenth of the number.

    Args:
        low: plain digits.
        high: plain digits of the end of a range; the same as `low` without one.
        approximate: whether it was printed with ``~`` or ``about``.
    """
    below, above = _tolerance(low, approximate=approximate), _tolerance(high, approximate=approximate)
    return Interval(max(Decimal(0), Decimal(low) - below), Decimal(high) + above)


def _tolerance(digits: str, *, approximate: bool) -> Decimal:
    unit = last_digit(digits, approximate=approximate)
    return min(unit, Decimal(digits) * _MOST) if approximate else unit / 2
