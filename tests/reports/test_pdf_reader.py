"""A report's PDF carries the list of its figures, says so, and can be read again."""

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader, PdfWriter
from weasyprint import HTML

from reports.as_pdf import render_pdf
from reports.pdf_reader import Pdf
from reports.print_fonts import printable
from reports.printed import PrintedText
from reports.records import Report
from reports.wording import passages
from scrapers.errors import UsageError

NAME = "example.figures.json"
CONTENT = '{"made": "üp"}\n'.encode()


@pytest.fixture(scope="module")
def pdf(small: Report) -> bytes:
    """The small report with an attachment."""
    return render_pdf(small, attached=(NAME, CONTENT))


def test_list_is_attached_as_the_data_of_the_report(pdf: bytes, small: Report) -> None:
    """Name, bytes, dates of the report, and the relation that PDF/A-3 asks for; the same bytes each time."""
    (item,) = PdfReader(io.BytesIO(pdf)).attachment_list
    (file,) = {reference.idnum: reference for reference in PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/AF"]}.values()
    assert (item.name, item.content) == (NAME, CONTENT)
    assert file.get_object()["/AFRelationship"] == "/Data"
    assert item.creation_date is not None
    assert f"{item.creation_date:%Y-%m-%d}" == small.date
    assert Pdf(pdf, "x.pdf").figures() == CONTENT
    assert render_pdf(small, attached=(NAME, CONTENT)) == pdf


def test_last_page_says_what_is_attached(pdf: bytes) -> None:
    """A reader on paper learns that the figures are in the file."""
    assert f"Figures and receipts as data: {NAME}, attached to this document" in " ".join(
        Pdf(pdf, "x").text("").split()
    )


@pytest.mark.parametrize("which", ["small", "large"])
def test_all_that_is_printed_can_be_read_again(which: str, request: pytest.FixtureRequest) -> None:
    """Every text of a report stands in its PDF in order, through columns, page breaks and feet."""
    report: Report = request.getfixturevalue(which)
    body = request.getfixturevalue("pdf" if which == "small" else "large_pdf")
    text = PrintedText(Pdf(body, "x").text(f"{report.title} {report.client}"))
    wanted = [printable(run) for passage in passages(report) for run in passage.runs]

    assert text.missing(wanted) == []
    changed = replace(report, title=f"{report.title} 2")
    assert [gap.number for gap in text.missing([printable(r) for p in passages(changed) for r in p.runs])] == [0]


@pytest.mark.parametrize("kind", ["ol", "ul"])
def test_item_of_a_list_is_read_across_pages(kind: str) -> None:
    """The marks of a list are drawn last on their page, and do not stand between two halves of a sentence."""
    words = " ".join(f"word{number}" for number in range(200))
    page = f"<style>@page {{ size: 100mm 60mm }}</style><{kind}><li>First.</li><li>{words}</li></{kind}>"
    body = HTML(string=page).write_pdf()

    assert len(PdfReader(io.BytesIO(body)).pages) > 1
    assert PrintedText(Pdf(body, "x").text("")).missing([words]) == []


@pytest.mark.parametrize("body", [b"", b"# Markdown", b"%PDF-1.7\n1 0 obj"])
def test_what_is_no_pdf_is_refused(body: bytes) -> None:
    """A file that cannot be read is named."""
    with pytest.raises(UsageError, match="is no PDF that can be read"):
        Pdf(body, "x.pdf")


def test_pdf_without_a_list_is_refused(small: Report) -> None:
    """A PDF of something else, or with two lists, is no report that can be verified."""
    with pytest.raises(UsageError, match=r"looked for one attachment \*.figures.json, found 0"):
        Pdf(render_pdf(small), "x.pdf").figures()


def test_pages_that_are_not_there_are_an_error() -> None:
    """A file whose pages cannot be found is named; it is not one without text."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    out = io.BytesIO()
    writer.write(out)
    broken = out.getvalue().replace(b"/Pages", b"/Pagez")
    with pytest.raises(UsageError, match=r"x\.pdf: its pages cannot be read"):
        Pdf(broken, "x.pdf").text("")
