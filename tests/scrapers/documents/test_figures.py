"""Amounts of money in a text, as people print them."""

from __future__ import annotations

import pytest

from scrapers.documents.figures import absent_figure, figures_in, in_words, plain_figure
from scrapers.documents.records import Bound, Passage, PassageKind, Place, PrintedFigure


def passage(text: str) -> Passage:
    """Make a sentence that stands in line 1."""
    return Passage(PassageKind.SENTENCE, text, ((0, Place(1, "md:1;1", text)),))


def only(text: str) -> PrintedFigure:
    """Return the one figure of a text."""
    (found,) = figures_in(passage(text))
    return found


@pytest.mark.parametrize(
    ("text", "low", "high", "currency", "unit"),
    [
        ("$1.90/hr", "1.90", "1.90", "USD", "/hr"),
        ("$1.90 per GPU per hour", "1.90", "1.90", "USD", "per GPU per hour"),
        ("$0.30-0.50/hr", "0.30", "0.50", "USD", "/hr"),
        ("$50-150 monthly", "50", "150", "USD", "monthly"),
        ("$0.60-$0.90 per invocation", "0.60", "0.90", "USD", "per invocation"),
        ("$1,387.50/month.", "1387.50", "1387.50", "USD", "/month"),
        ("US$ 1.90 an hour", "1.90", "1.90", "USD", "an hour"),
        ("1.90 USD/hr", "1.90", "1.90", "USD", "/hr"),
        ("1,90 €", "1.90", "1.90", "EUR", ""),
        ("€1.387,00 pro Monat", "1387.00", "1387.00", "EUR", "pro Monat"),
        ("£2.50", "2.50", "2.50", "GBP", ""),
        ("$1.2k/month", "1.2E3", "1.2E3", "USD", "/month"),
        ("61 cents per hour", "61E-2", "61E-2", "", "per hour"),
        ("$.85/h", "0.85", "0.85", "USD", "/h"),
        ("$2 per 1M tokens", "2", "2", "USD", "per 1M tokens"),
    ],
)
def test_amount_is_read_with_currency_and_unit(text: str, low: str, high: str, currency: str, unit: str) -> None:
    """Digits become plain ones; thousands separators, decimal commas and cents are understood; the unit stays."""
    figure = only(text)
    assert (figure.low, figure.high, figure.currency, figure.unit) == (low, high, currency, unit)


@pytest.mark.parametrize("text", ["~$1.10/hr", "about $1.10/hr", "it is roughly $1.10/hr", "≈ $1.10/hr"])
def test_approximation_is_marked(text: str) -> None:
    """A sign or a word before an amount makes it an approximation, and belongs to what is printed."""
    figure = only(text)
    assert figure.approximate
    assert figure.text.endswith("$1.10/hr")
    assert not only("exactly $1.10/hr").approximate


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("from $1.89", Bound.AT_LEAST),
        ("$1.89+", Bound.AT_LEAST),
        ("under $2", Bound.AT_MOST),
        ("costs $2", Bound.NONE),
    ],
)
def test_limit_is_marked(text: str, bound: Bound) -> None:
    """Words before an amount, or a plus behind it, make it a limit."""
    assert only(text).bound is bound


def test_a_dash_before_a_count_is_no_range() -> None:
    """A price, a dash and a number of GPUs are not a price from the one to the other."""
    assert only("$1.90 - 8x H100").high == "1.90"


def test_several_amounts_are_told_apart() -> None:
    """Each amount of a sentence is a figure with its own offsets."""
    text = "RunPod is $1.90/hr, SageMaker $2.61/hr."
    assert [text[f.start : f.end] for f in figures_in(passage(text))] == ["$1.90/hr", "$2.61/hr"]


@pytest.mark.parametrize("text", ["8x H100", "p5.48xlarge", "24 GB", "2025-12-01", "37%", "~5.03 minutes"])
def test_other_numbers_are_no_amounts(text: str) -> None:
    """A number without a currency is no price."""
    assert list(figures_in(passage(text))) == []


def test_bare_number_is_a_price_only_where_the_column_says_so() -> None:
    """A cell that is a number and at most a unit is one; a number among words is not."""
    found = plain_figure(passage("~1.90 /hr"), "USD")
    assert found is not None
    assert (found.low, found.currency, found.unit, found.approximate) == ("1.90", "USD", "/hr", True)
    assert plain_figure(passage("2 to 3"), "") is not None
    assert plain_figure(passage("8 GPUs"), "") is None
    assert plain_figure(passage("g5.xlarge"), "") is None


@pytest.mark.parametrize("text", ["TBD", "TBD (8x only)", "N/A", "—", "Not available", "contact sales", "?"])
def test_what_stands_in_place_of_a_price_is_kept(text: str) -> None:
    """No amount is an amount of its own kind, never 0."""
    found = absent_figure(passage(text))
    assert found is not None
    assert (found.low, found.absence) == ("", text)
    assert absent_figure(passage("g5.xlarge")) is None


def test_price_in_words_is_found() -> None:
    """Spelled-out prices are not read, but seen."""
    assert in_words("It costs one dollar ninety.") == "one dollar"
    assert in_words("It costs a dollar.") == "a dollar"
    assert in_words("It costs $1.90 in US dollars.") == ""
