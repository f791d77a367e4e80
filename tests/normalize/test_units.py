"""One place makes prices per GPU-hour, and it loses no digit."""

from decimal import Decimal, InvalidOperation, localcontext

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from normalize.units import per_gpu_hour, percent_change, plain, read_price, trim

PRICES = st.decimals(min_value="0.000001", max_value="9999", places=6)
COUNTS = st.sampled_from([Decimal(text) for text in ("0.125", "0.25", "0.5", "1", "2", "4", "8", "16", "36", "72")])
ENDING_COUNTS = st.sampled_from([Decimal(text) for text in ("0.125", "0.25", "0.5", "1", "2", "4", "8", "10", "16")])
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.11", "1.11"),
        ("55.0400000000", "55.04"),
        ("9.0E-4", "0.0009"),
        ("4.4e-05", "0.000044"),
        ("1e2", "100"),
        ("7", "7"),
        ("007.70", "7.7"),
    ],
)
def test_read_price_takes_decimal_texts(text: str, expected: str) -> None:
    """A price is digits with at most one point and a small power of ten, read exactly."""
    assert read_price(text) == Decimal(expected)


def test_read_price_keeps_the_printed_digits() -> None:
    """The zeros that a source prints stay: they say how exact its price is."""
    assert str(read_price("55.0400000000")) == "55.0400000000"


@pytest.mark.parametrize("text", ["0", "0.0000000000", "00", "0e5", "0E-7"])
def test_read_price_refuses_zero(text: str) -> None:
    """A price of 0 is no price, however it is printed."""
    with pytest.raises(ValueError, match="a price of 0 is not a price"):
        read_price(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", " 1", "1 ", "1\n", "1.", ".5", "1.2.3", "1,000", "1_000", "$1", "1/hr"),
        *("-1", "+1", "NaN", "sNaN", "Infinity", "inf", "1e", "e5", "0x1", "None", "null"),
        *("\u0661.\u0661\u0661", "\uff11.11", "1e99", "1e-99", "1" * 40, "0." + "1" * 40),
    ],
)
def test_read_price_refuses_everything_else(text: str) -> None:
    """No sign, no separator, no foreign digit, no word, and no more digits than a price has."""
    with pytest.raises(ValueError, match="is not a price"):
        read_price(text)


@given(st.text(alphabet="0123456789.eE+-_, \u0661", max_size=12))
def test_read_price_never_gives_anything_but_a_positive_number(text: str) -> None:
    """Whatever is printed becomes a positive, finite number, or a ValueError and nothing else."""
    try:
        price = read_price(text)
    except ValueError:
        return
    assert price.is_finite()
    assert price > 0


@pytest.mark.parametrize(
    ("price", "units", "count", "expected"),
    [
        ("55.0400000000", "1", "8", "6.88"),
        ("21.957642", "1", "8", "2.74470525"),
        ("5.672", "1", "4", "1.418"),
        ("0.202", "1", "0.125", "1.616"),
        ("0.00053", "3600", "1", "1.908"),
        ("0.00000222", "3600", "1", "0.007992"),
        ("0.00000222", "3600", "16", "0.0004995"),
    ],
)
def test_per_gpu_hour_is_exact(price: str, units: str, count: str, expected: str) -> None:
    """Unit price times units per hour by GPUs, to the last digit and without idle zeros."""
    assert str(per_gpu_hour(Decimal(price), Decimal(units), Decimal(count))) == expected


@given(PRICES, ENDING_COUNTS)
def test_per_gpu_hour_can_be_undone(price: Decimal, count: Decimal) -> None:
    """Where the division ends, the price per GPU times the GPUs is the price again."""
    assert per_gpu_hour(price, Decimal(1), count) * count == price


@given(PRICES, COUNTS)
def test_per_second_is_3600_times_per_hour(price: Decimal, count: Decimal) -> None:
    """A price per second is the hourly price of 3600 times as much."""
    assert per_gpu_hour(price, Decimal(3600), count) == per_gpu_hour(price * 3600, Decimal(1), count)


@given(PRICES, ENDING_COUNTS)
def test_twice_the_gpus_is_half_the_price(price: Decimal, count: Decimal) -> None:
    """At one price, twice as many GPUs cost half as much each."""
    assert per_gpu_hour(price, Decimal(1), count * 2) * 2 == per_gpu_hour(price, Decimal(1), count)


@given(PRICES, PRICES, COUNTS)
def test_per_gpu_hour_keeps_the_order_of_prices(one: Decimal, other: Decimal, count: Decimal) -> None:
    """Of two prices the higher one stays the higher one, also where the quotient is rounded."""
    assume(one < other)
    assert per_gpu_hour(one, Decimal(1), count) < per_gpu_hour(other, Decimal(1), count)


def test_a_quotient_without_an_end_is_rounded_to_18_decimals() -> None:
    """A price of 72 GPUs that does not divide by 72 has an end, which exports can hold."""
    assert plain(per_gpu_hour(Decimal("1.11"), Decimal(1), Decimal(72))) == "0.015416666666666667"


@pytest.mark.parametrize(
    ("price", "units", "count"), [("0", "1", "1"), ("1", "0", "1"), ("1", "1", "0"), ("-1", "1", "1")]
)
def test_per_gpu_hour_refuses_what_is_not_positive(price: str, units: str, count: str) -> None:
    """Nothing is free, and nothing is divided by no GPU."""
    with pytest.raises(ValueError, match="is no price per GPU-hour"):
        per_gpu_hour(Decimal(price), Decimal(units), Decimal(count))


@given(NUMBERS)
def test_trim_never_changes_a_value(value: Decimal) -> None:
    """Trimmed, a number is the same number, with no idle zero and no exponent above 0."""
    short = trim(value)
    exponent = short.as_tuple().exponent
    assert short == value
    assert isinstance(exponent, int)
    assert exponent <= 0
    assert "." not in plain(short) or not plain(short).endswith("0")


@pytest.mark.parametrize(
    ("text", "expected"), [("6.880", "6.88"), ("1E+1", "10"), ("0.000", "0"), ("0E+5", "0"), ("100", "100")]
)
def test_trim(text: str, expected: str) -> None:
    """Idle zeros behind the point go, those before it stay."""
    assert str(trim(Decimal(text))) == expected


def test_trim_raises_before_it_rounds() -> None:
    """More digits than any price has are an error, never rounded in silence."""
    with pytest.raises(ArithmeticError):
        trim(Decimal("1." + "1" * 80))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("2", "3", "50"),
        ("3.29", "3.99", "21.276595744680851064"),
        ("1.90", "2.61", "37.368421052631578947"),
        ("4", "1", "-75"),
    ],
)
def test_percent_change(before: str, after: str, expected: str) -> None:
    """The change is that of the later to the earlier price, in percent of the earlier."""
    assert plain(percent_change(Decimal(before), Decimal(after))) == expected


@given(PRICES, PRICES)
def test_percent_change_has_the_sign_of_the_move(before: Decimal, after: Decimal) -> None:
    """Dearer is above 0, cheaper below, the same is 0."""
    change = percent_change(before, after)
    assert (change > 0, change == 0) == (after > before, after == before)


def test_no_digit_depends_on_the_surroundings() -> None:
    """The precision that a caller works with changes no figure."""
    with localcontext(prec=2):
        assert percent_change(Decimal("1.111"), Decimal("2.222")) == 100
        assert plain(per_gpu_hour(Decimal("1.2345678"), Decimal(1), Decimal(2))) == "0.6172839"
        assert plain(trim(Decimal("1.2345000"))) == "1.2345"


@given(NUMBERS)
def test_plain_has_no_exponent(value: Decimal) -> None:
    """As text a number is the same number, without an exponent."""
    assert "e" not in plain(value).lower()
    assert Decimal(plain(value)) == value


def test_a_price_of_nothing_has_no_percent() -> None:
    """Nothing rises by a percentage of 0."""
    with pytest.raises((ZeroDivisionError, InvalidOperation)):
        percent_change(Decimal(0), Decimal(1))
