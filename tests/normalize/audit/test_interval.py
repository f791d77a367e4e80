"""What a printed number may stand for."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.audit.interval import Interval, exactly, printed


@pytest.mark.parametrize(
    ("low", "high", "sign", "expected"),
    [
        ("1.90", "1.90", "", ("1.895", "1.905")),
        ("113", "113", "", ("112.5", "113.5")),
        ("0.30", "0.50", "", ("0.295", "0.505")),
        ("1.2E3", "1.2E3", "", ("1150", "1250")),
        ("1.33", "1.33", "~", ("1.32", "1.34")),
        ("2.70", "2.70", "~", ("2.60", "2.80")),
        ("160", "160", "~", ("150", "170")),
        ("100", "100", "~", ("90", "110")),
        ("0", "0", "~", ("0", "0")),
    ],
)
def test_printed_number_stands_for_what_rounds_to_it(low: str, high: str, sign: str, expected: tuple[str, str]) -> None:
    """Half a unit of the last digit; of an approximation a unit of the last digit that is not 0, at most a tenth."""
    found = printed(low, high, approximate=sign == "~")
    assert (found.low, found.high) == (Decimal(expected[0]), Decimal(expected[1]))


@given(st.decimals(min_value="0.001", max_value="99999", places=4), st.integers(0, 4))
def test_rounding_a_price_never_leaves_its_interval(price: Decimal, places: int) -> None:
    """Whatever is printed of a price by rounding it, the price is among what the print may stand for."""
    shown = str(price.quantize(Decimal(1).scaleb(-places)))
    assert printed(shown, shown).overlaps(exactly(price))


def test_arithmetic_keeps_every_possible_result() -> None:
    """Sums, products and quotients reach from the smallest to the largest that can come out."""
    one, other = Interval(Decimal(1), Decimal(2)), Interval(Decimal(4), Decimal(5))
    assert one + other == Interval(Decimal(5), Decimal(7))
    assert one * other == Interval(Decimal(4), Decimal(10))
    assert one / other == Interval(Decimal("0.2"), Decimal("0.5"))
    assert not one.overlaps(other)
    with pytest.raises(ZeroDivisionError):
        one / exactly(0)
