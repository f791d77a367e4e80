"""Price texts: what is a price, what says that there is none, and what is not understood."""

from collections.abc import Callable

import pytest

from scrapers.errors import ParseError
from scrapers.records import Document
from scrapers.runpod.price_text import Printed, read_amount, spoken_absence, understand, units_in

DocumentOf = Callable[[str, str], Document]


@pytest.mark.parametrize(
    ("text", "digits", "unit"),
    [
        ("$2.99/hr", "2.99", "/hr"),
        ("$ 7.89 /hr", "7.89", "/hr"),
        ("$\n4.31\n/ Hour", "4.31", "/hour"),
        ("$0.00060/sec", "0.00060", "/sec"),
        ("$0.00240 per second", "0.00240", "per second"),
        ("$12", "12", ""),
    ],
)
def test_price_keeps_its_digits_and_unit_as_printed(text: str, digits: str, unit: str) -> None:
    """Zeros at the end stay, spaces inside don't matter, the unit is the one that is printed."""
    assert understand(text) == Printed(digits, unit)


@pytest.mark.parametrize(
    "text", ["", " ", "0", "$0", "$0.00/hr", "-", "N/A", "Contact sales", "SOLD OUT", "from $2.99/hr"]
)
def test_absence_is_never_a_price(text: str) -> None:
    """Zero, nothing, and every known word for "no price" give no digits but a reason."""
    printed = understand(text)

    assert printed is not None
    assert printed.digits is None
    assert printed.absence


@pytest.mark.parametrize(
    "text", ["€2.99/hr", "2.99/hr", "$2,99/hr", "$2.99/mo", "$2.99/hr*", "$-1/hr", "NaN", "soon", "From zero"]
)
def test_other_text_is_not_understood(text: str) -> None:
    """Another currency, no currency, another unit or number format passes neither for a price nor for none."""
    assert understand(text) is None


@pytest.mark.parametrize("text", ["0", "-", "", "$2.99/hr", "Deploy"])
def test_only_words_speak_of_an_absence(text: str) -> None:
    """Outside a price's own element a zero or a dash is decoration."""
    assert spoken_absence(text) is None
    assert spoken_absence("Contact sales") is not None


def test_amount_is_digits_only(document_of: DocumentOf) -> None:
    """A machine-readable field holds digits, or one of the known absences; anything else is an error."""
    document = document_of("runpod-pricing", "")

    assert read_amount(document, "3.290", "data-secure", row="Example").digits == "3.290"
    assert read_amount(document, "0.00", "data-secure", row="Example").digits is None
    for text in ("$3.29", "3.29/hr", "-1", "1e3", "free"):
        with pytest.raises(ParseError, match=r"Example: looked for an amount like '2\.99' in data-secure"):
            read_amount(document, text, "data-secure", row="Example")


def test_units_are_found_in_a_header() -> None:
    """A column's header may carry the unit of its prices."""
    assert units_in("Price, per Second") == {"per second"}
    assert units_in("$ / hr") == {"/hr"}
    assert units_in("Price per GPU, sorted by hours") == set()
