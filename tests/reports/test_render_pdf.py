"""The PDF is tagged, complete, linked, set in bundled fonts only, and the same bytes everywhere."""

import hashlib
import io
import logging
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import Destination

from reports import as_pdf
from reports.as_pdf import render_pdf
from reports.records import Column, Mark, Paragraph, Report, Section, Span, Table

ROOT = Path(__file__).resolve().parents[2]
SIGNS = "✅ ❌ ⚠ ▲ ▼ → × ÷ ≤ … – “ ” € ± − ≈ ½ µ é"  # noqa: RUF001
BUNDLED = {
    "Inter",
    "Inter-Semi-Bold",
    "Inter-Display-Semi-Bold",
    "JetBrains-Mono",
    "JetBrains-Mono-Semi-Bold",
    "Noto-Emoji",
}


@pytest.fixture(scope="module")
def reader(large_pdf: bytes) -> PdfReader:
    """The large report, opened."""
    return PdfReader(io.BytesIO(large_pdf))


def words(reader: PdfReader) -> str:
    """Read all text of a PDF with single spaces."""
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def fonts(reader: PdfReader) -> Iterator[tuple[str, bool]]:
    """Yield the name of each font of a PDF, without its subset's tag, and whether its file is embedded."""
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            yield descendant["/BaseFont"].split("+")[1], "/FontFile2" in descendant["/FontDescriptor"].get_object()


def in_one_section(report: Report, *blocks: Paragraph | Table) -> Report:
    """Make a report of one section with these blocks and no receipts."""
    return replace(report, sections=(Section(1, "only", "Only", blocks),), receipts=())


def test_first_page_tells_what_matters(reader: PdfReader, large: Report) -> None:
    """Title, client, dates, answer, notices and contents stand on the first page, and no running head."""
    first = " ".join(reader.pages[0].extract_text().split())

    for text in (large.title, large.client, large.date, large.data_as_of, large.answer, *large.notices, "Contents"):
        assert text in first
    assert "11. Source References" in first
    assert first.count(large.title) == 1
    assert f"Page 1 of {len(reader.pages)}" in first


def test_pages_have_running_head_and_foot(reader: PdfReader, large: Report) -> None:
    """Every other page names the report and the client, its number, and the date of the data."""
    assert 10 <= len(reader.pages) <= 14
    for number, page in enumerate(reader.pages, 1):
        text = " ".join(page.extract_text().split())
        assert f"Page {number} of {len(reader.pages)}" in text
        assert f"Market data as of {large.data_as_of}" in text
        assert number == 1 or (large.title in text and large.client in text)


def test_contents_name_the_pages(reader: PdfReader) -> None:
    """The page numbers in the contents are those where the sections begin."""
    first = " ".join(reader.pages[0].extract_text().split())
    numbers = {item.title: reader.get_destination_page_number(item) + 1 for item in top_level(reader)}

    for title, number in numbers.items():
        assert f"{title} {number}" in first


def top_level(reader: PdfReader) -> list[Destination]:
    """List the bookmarks of the first level."""
    return [item for item in reader.outline if isinstance(item, Destination)]


def test_bookmarks_are_the_headings(reader: PdfReader, large: Report) -> None:
    """Sections are bookmarks of the first level, their headings of the second."""
    titles = [f"{section.number}. {section.title}" for section in large.sections]
    assert [item.title for item in top_level(reader)] == [*titles, "Receipts"]
    below = [item.title for items in reader.outline if isinstance(items, list) for item in items]
    assert below[:3] == [
        "Cold start breakdown",
        "Otherhost Real-Time (5–6 minute cold start)",  # noqa: RUF001
        "Examplecloud FastStart (500 ms cold start)",
    ]


def test_metadata_are_the_reports_own(reader: PdfReader, large: Report) -> None:
    """Title, author, language and dates come from the report, not from the clock."""
    info = reader.metadata
    assert info is not None
    assert (info.title, info.author, info.subject, info.creator) == (
        large.title,
        large.author,
        large.answer,
        large.generator,
    )
    assert info.get("/CreationDate") == info.get("/ModDate") == "D:20310210"
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert reader.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]


def test_file_is_tagged_and_declared_for_the_archive(reader: PdfReader) -> None:
    """Structure, table heads and figures are tagged; PDF/A-3a is declared with an output intent."""
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert {"/H1", "/H2", "/H3", "/P", "/Table", "/TH", "/TD", "/Caption", "/L", "/LI", "/Link"} <= structure(reader)
    metadata = root["/Metadata"].get_data().decode()
    assert 'pdfaid:part="3"' in metadata
    assert 'pdfaid:conformance="A"' in metadata
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"


def structure(reader: PdfReader) -> set[str]:
    """Collect the kinds of structure elements."""
    kinds: set[str] = set()
    waiting = [reader.trailer["/Root"]["/StructTreeRoot"]["/K"]]
    while waiting:
        item = waiting.pop().get_object()
        if isinstance(item, list):
            waiting += item
        elif isinstance(item, dict) and "/S" in item:
            kinds.add(item["/S"])
            waiting += [kid for kid in item.get("/K", []) if not isinstance(kid, int)]
    return kinds


def test_every_receipt_is_linked_both_ways(reader: PdfReader, large: Report) -> None:
    """Each link inside the file has its destination: from figures to receipts, and back."""
    inside = [
        str(note.get_object()["/Dest"])
        for page in reader.pages
        for note in page.get("/Annots", [])
        if "/Dest" in note.get_object()
    ]
    assert set(inside) <= set(reader.named_destinations)
    assert {f"receipt-{receipt.number}" for receipt in large.receipts} <= set(inside)
    assert {f"cite-{receipt.number}-1" for receipt in large.receipts} <= set(inside)


def test_links_outside_are_the_reports_addresses(reader: PdfReader) -> None:
    """Every other link is an address of the report, none a file or a script."""
    targets = {
        str(note.get_object()["/A"]["/URI"])
        for page in reader.pages
        for note in page.get("/Annots", [])
        if "/A" in note.get_object()
    }
    assert targets
    assert all(target.startswith("https://") and ".example/" in target for target in targets)


def test_only_bundled_fonts_are_embedded(reader: PdfReader) -> None:
    """Every font is one of ours and its file is in the PDF."""
    found = set(fonts(reader))
    assert {name for name, _ in found} <= BUNDLED
    assert all(embedded for _, embedded in found)


def test_every_sign_can_be_read_back(small: Report) -> None:
    """Signs have glyphs in every dress and come out of the file as they went in, from bundled fonts."""
    marks = tuple((Span(mark.value, mark=mark),) for mark in Mark if mark)
    table = Table(SIGNS, tuple(Column(SIGNS) for _ in marks), (marks,))
    dresses = (Span(SIGNS), Span(SIGNS, bold=True), Span(SIGNS, code=True), Span(SIGNS, bold=True, code=True))
    report = in_one_section(small, *(Paragraph((span,)) for span in dresses), table)
    reader = PdfReader(io.BytesIO(render_pdf(replace(report, title=SIGNS))))

    text = words(reader)
    assert all(text.count(sign) >= 5 for sign in SIGNS.split())
    assert all(sign in text for sign in ("✓ yes", "✗ no", "! limited", "▲ up", "▼ down"))
    assert "\ufffd" not in text
    assert {name for name, _ in fonts(reader)} == BUNDLED


def test_all_text_of_the_html_is_on_paper(reader: PdfReader, large: Report) -> None:
    """Nothing is cut off: every quote, locator and cell of the report is in the PDF."""
    text = words(reader).replace(" ", "")
    for receipt in large.receipts:
        for part in (receipt.subject, receipt.quote, receipt.locator, receipt.sha256[:12], receipt.url, receipt.age):
            assert part.replace(" ", "") in text


def test_long_table_repeats_its_head(small: Report) -> None:
    """A table over several pages has its head on each of them, and no row is lost."""
    rows = tuple(((Span(f"row {number}"),), (Span(f"{number}.11"),)) for number in range(1, 121))
    report = in_one_section(small, Table("", (Column("Repeated head"), Column("Figures", figures=True)), rows))
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(render_pdf(report))).pages[1:]]

    assert len(pages) >= 2
    assert all("Repeated head" in page for page in pages)
    assert all(f"{number}.11" in "\n".join(pages) for number in range(1, 121))


def test_style_sheet_and_template_raise_no_complaint(large: Report, caplog: pytest.LogCaptureFixture) -> None:
    """WeasyPrint understands all of the style sheet and misses no glyph, anchor or description."""
    with caplog.at_level(logging.WARNING, "weasyprint"):
        render_pdf(large)

    assert [record.getMessage() for record in caplog.records] == []


def test_nothing_is_fetched(small: Report, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Even HTML that refers to the web or to files of this machine makes WeasyPrint open neither."""
    secret = Path(__file__).as_uri()
    html = f'<html lang="en"><link rel="stylesheet" href="http://a.example/x.css"><img alt="i" src="{secret}">'

    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(as_pdf, "document", lambda *_, **__: html)
    with caplog.at_level(logging.ERROR, "weasyprint"):
        render_pdf(small)

    messages = [record.getMessage() for record in caplog.records]
    assert len(messages) == 2
    assert all("disallowed protocol" in message for message in messages)


def test_process_environment_is_left_as_it_was(small: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fontconfig's variable is set only while a PDF is made, so that browsers started later see their own fonts."""
    render_pdf(small)
    assert "FONTCONFIG_FILE" not in os.environ

    monkeypatch.setenv("FONTCONFIG_FILE", "/theirs")
    render_pdf(small)
    assert os.environ["FONTCONFIG_FILE"] == "/theirs"


def test_bytes_are_the_same_anywhere(tmp_path: Path, large_pdf: bytes) -> None:
    """Another process, checkout, folder, home, zone, language and hash seed: the same bytes, even without a home."""
    shutil.copytree(ROOT / "reports", tmp_path / "checkout" / "reports", ignore=shutil.ignore_patterns("__pycache__"))
    code = (
        "import hashlib, importlib.util, sys\n"
        "spec = importlib.util.spec_from_file_location('sample', sys.argv[1])\n"
        "sample = importlib.util.module_from_spec(spec); spec.loader.exec_module(sample)\n"
        "from reports.as_pdf import render_pdf\n"
        "print(hashlib.sha256(render_pdf(sample.large())).hexdigest())\n"
    )
    printed = []
    for name, zone in (("here", "Pacific/Kiritimati"), ("there", "America/Los_Angeles")):
        folder = tmp_path / name
        folder.mkdir()
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT if name == "here" else tmp_path / "checkout"),
            "HOME": str(folder if name == "here" else "/nonexistent"),
            "TZ": zone,
            "LC_ALL": "C" if name == "here" else "C.UTF-8",
            "PYTHONHASHSEED": "1" if name == "here" else "2",
            "TMPDIR": str(folder),
        }
        done = subprocess.run(
            [sys.executable, "-P", "-c", code, str(Path(__file__).with_name("sample.py"))],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stderr == ""
        assert list(folder.iterdir()) == []
        printed.append(done.stdout.strip())

    assert printed == [hashlib.sha256(large_pdf).hexdigest()] * 2
