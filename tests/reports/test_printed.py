"""What a rendering prints is compared with what was to be printed: one other digit or word is found, markup is not."""

from decimal import Decimal

import pytest

from reports.printed import PrintedText, numbers, of_html, of_markdown, significant, states

TEXTS = ["GPU comparison", "L40S $1.90[1] per hour", "A100 $2.19[2] -5% of 1,234.5 GB", "Report of 2031-02-03"]


@pytest.mark.parametrize(
    "printed",
    [
        "GPU comparison\nL40S $1.90[1] per hour A100 $2.19[2] -5% of 1,234.5 GB\nReport of 2031-02-03",
        "GPU\ncompar\nison. Page 1\nL40S $1.90 [1] per hour |A100 $2.19[2]\n-5% of 1,234.5 GB\nReport of 2031-\n02-03",
    ],
)
def test_wrapping_and_furniture_make_no_difference(printed: str) -> None:
    """Line breaks, padding, heads that come again and addresses on paper are no change."""
    assert PrintedText(printed).missing(TEXTS) == []


@pytest.mark.parametrize(
    ("old", "new", "number", "lacking", "instead"),
    [
        ("$1.90", "$1.91", 1, "$1.90", "$1.91"),
        ("$1.90", "$1.9", 1, "$1.90", "$1.9"),
        ("$1.90", "$11.90", 1, "$1.90", "$11.90"),
        ("$2.19[2]", "$2.19[3]", 2, "2", "3"),
        ("-5%", "5%", 2, "-5%", "5%"),
        ("-5%", "+5%", 2, "-5%", "+5%"),
        ("1,234.5", "1,235.5", 2, "1,234.5", "1,235.5"),
        ("2031-02-03", "2031-02-031", 3, "-03", "-031"),
        ("per hour", "per second", 1, "hour", "second"),
    ],
)
def test_one_other_digit_sign_or_word_is_found(old: str, new: str, number: int, lacking: str, instead: str) -> None:
    """The text is named, with the words that stand there and those that should."""
    found = PrintedText("\n".join(TEXTS).replace(old, new)).missing(TEXTS)
    assert [(gap.number, gap.lacking, gap.instead) for gap in found] == [(number, lacking, instead)]
    assert new in found[0].found


def test_end_of_a_text_may_not_cut_a_number() -> None:
    """A text that ends, or begins, with a number does not stand where the number goes on."""
    assert [gap.number for gap in PrintedText("costs $1.905").missing(["costs $1.90"])] == [0]
    assert [gap.number for gap in PrintedText("1.5 GPUs").missing(["5 GPUs"])] == [0]
    assert PrintedText("15 GPUs, not 5 GPUs").missing(["5 GPUs"]) == []


def test_texts_are_looked_for_in_their_order_and_nearby() -> None:
    """A later text of the same words does not stand in for a changed one, however many are lacking."""
    many = [f"row {n} costs $1.{n:02}" for n in range(50)]
    printed = "\n".join([*many[:10], *many[20:], "x" * 5000, many[10]])
    assert [gap.number for gap in PrintedText(printed).missing(many)] == list(range(10, 20))
    assert [gap.number for gap in PrintedText("").missing(TEXTS)] == [0, 1, 2, 3]


def test_markdown_is_read_without_its_markup() -> None:
    """Escapes, emphasis, code, notes, links and entities are no change; addresses are left out."""
    markdown = rb"- **L40S** `x.large` $1.90[^1] \| a\_b &lt; [source 1](https://a.example/9?x=8) (**+37% AWS**)"
    assert PrintedText(of_markdown(markdown)).missing(["L40S x.large $1.90[1] | a_b <", "source 1", "(+37% AWS)"]) == []
    assert "a.example" not in of_markdown(markdown)


def test_html_is_read_without_what_is_hidden_or_opens() -> None:
    """Head, contents list and what opens beside a receipt are not the report's text; the rest is, void tags or not."""
    page = b"""<html><head><title>7</title></head><body><nav><ul><li>1. Prices 5</li></ul></nav>
    <p>$1.<wbr>90<img alt="6"><sup>[1]</sup></p><div class="exhibit"><pre>4<br>3</pre></div><span class="back">2</span>
    <p>&lt;8 GPUs</p></body></html>"""
    assert of_html(page).split() == ["$1.90[1]", "<8", "GPUs"]


def test_what_carries_meaning() -> None:
    """Letters, digits, currency, signs before numbers, and points inside them; nothing else."""
    assert significant("**a_b** $1,234.50/hr. -5% ½ 2×3 2031-02-03 – §") == "ab$1,234.50hr-5%122×320310203"  # noqa: RUF001
    assert numbers("L40S at $1.90, +37% of 1,234.5 GB -3") == ["40", "$1.90", "+37%", "1,234.5", "-3"]


@pytest.mark.parametrize(
    ("text", "value", "right"),
    [
        ("$1.90/hr", "1.9", True),
        ("$1.90/hr", "1.904999", True),
        ("$1.90/hr", "1.905", False),
        ("$1,234.50", "1234.5", True),
        ("+37% AWS", "36.5", True),
        ("-37%", "-37.4", True),
        ("37%", "-37.4", False),
        ("8× only", "8", True),
        ("0.125 of a GPU", "0.125", True),
        ("Single", "1", False),
    ],
)
def test_figure_is_printed_as_it_was_computed(text: str, value: str, right: bool) -> None:  # noqa: FBT001  # a column of the table
    """The first number of the text is the value, rounded half up to the decimals that are printed."""
    assert states(text, Decimal(value)) is right
