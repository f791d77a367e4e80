"""A report that would lose evidence or cells is refused before anything is printed, whatever the form."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from normalize.computed import Computed, Quantity
from reports.citations import Citations, Place
from reports.records import Bullets, Column, Paragraph, Report, Section, Span, Table
from reports.render import render_html, render_markdown, render_pdf

CITING_SEVEN = (Span("1.11", receipts=(1, 7)),)
FORMS = pytest.mark.parametrize("render", [render_markdown, render_html, render_pdf])


@FORMS
@pytest.mark.parametrize(
    "block", [Paragraph(CITING_SEVEN), Bullets((CITING_SEVEN,)), Table("", (Column("a"),), ((CITING_SEVEN,),))]
)
def test_citation_without_receipt_is_refused(
    small: Report, render: Callable[[Report], object], block: Paragraph
) -> None:
    """A figure may not point to evidence that is not there."""
    report = replace(small, sections=(Section(3, "three", "Three", (block,)),))

    with pytest.raises(
        ValueError, match=r"section 3 \(Three\) cites receipts \[7\], which are not among the report's 2"
    ):
        render(report)


@FORMS
def test_row_that_does_not_fill_its_columns_is_refused(small: Report, render: Callable[[Report], object]) -> None:
    """A cell may not slip under another column's head."""
    table = Table("Prices", (Column("a"), Column("b")), (((), ()), ((),)))
    report = replace(small, sections=(Section(1, "one", "One", (table,)),))

    with pytest.raises(ValueError, match=r"section 1 \(One\), table 'Prices': row 2 has 1 cells for 2 columns"):
        render(report)


def printing(report: Report, text: str) -> Report:
    """Make a report that prints a text for the figure 1.11."""
    figure = Computed(Quantity.USD_PER_SKU_HOUR, Decimal("1.11"), ())
    paragraph = Paragraph((Span("Costs "), Span(text, figure=figure)))
    return replace(report, sections=(Section(1, "one", "One", (paragraph,)),))


@FORMS
@pytest.mark.parametrize("text", ["$1.12/hr", "$1.2/hr", "free"])
def test_figure_is_printed_as_it_was_computed(small: Report, render: Callable[[Report], object], text: str) -> None:
    """A figure whose text states another number, or none, is not printed at all; rounding is no other number."""
    with pytest.raises(ValueError, match=rf"section 1 \(One\) prints '{re.escape(text)}' for the figure 1.11"):
        render(printing(small, text))
    assert render(printing(small, "$1.1/hr"))


@FORMS
def test_date_must_be_iso(small: Report, render: Callable[[Report], object]) -> None:
    """Front matter and metadata hold a date, not words."""
    with pytest.raises(ValueError, match="yesterday"):
        render(replace(small, date="yesterday"))


@FORMS
@pytest.mark.parametrize("anchors", [("same", "same"), ("one", "receipts")])
def test_anchor_must_be_free(small: Report, render: Callable[[Report], object], anchors: tuple[str, str]) -> None:
    """Two places with one name would make one of them unreachable."""
    sections = tuple(Section(number, anchor, "T", ()) for number, anchor in enumerate(anchors, 1))

    with pytest.raises(ValueError, match=rf"section 2 \(T\): the anchor '{anchors[1]}' is taken"):
        render(replace(small, sections=sections))


def test_citations_are_numbered_and_found_again() -> None:
    """Each citation has its own anchor; the way back leads to the first one of each section."""
    citations = Citations()

    assert [citations.cite(12, section) for section in (2, 2, 5)] == ["cite-12-1", "cite-12-2", "cite-12-3"]
    assert citations.places(12) == [Place(2, "cite-12-1"), Place(5, "cite-12-3")]
    assert citations.places(1) == []
