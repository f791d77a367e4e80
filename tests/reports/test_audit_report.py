"""The report of an audit: every verdict with its receipts, in the look of the client report."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.auditing import audit_file
from flows.program import program
from flows.steps import MarketReader
from normalize.audit.records import Audit
from normalize.facts import default_facts_folder, load_facts
from reports.audit_report import answer_of, build_audit_report, spans_of
from reports.checks import check_report
from reports.records import Report, Table
from reports.render import render_html, render_markdown
from scrapers.archive.store import Store
from scrapers.registry import source_ids, source_record

PROJECT = Path(__file__).resolve().parents[2]
DOCUMENTS = PROJECT / "tests" / "scrapers" / "documents" / "fixtures"


@pytest.fixture(scope="module")
def reader() -> MarketReader:
    """Return a reader of the bundled examples."""
    return MarketReader(Store.at(PROJECT / "data" / "examples"), load_facts(default_facts_folder()))


def audit(reader: MarketReader, path: Path) -> Audit:
    """Audit a document against the bundled examples."""
    folder = default_facts_folder()
    return audit_file(path, reader, load_facts(folder), folder)


def report_of(found: Audit) -> Report:
    """Build the report of an audit."""
    titles = {name: source_record(name).title for name in source_ids()}
    return build_audit_report(found, titles, generator=program())


@pytest.mark.parametrize("name", ["columns.md", "blog.html", "gaps.md", "monthly.md", "prose.md", "cut.md"])
def test_report_is_sound_and_every_verdict_stands_in_it(reader: MarketReader, name: str) -> None:
    """Figures, sums and statements are rows with mark and reason; each receipt that is cited is there."""
    found = audit(reader, DOCUMENTS / name)
    report = report_of(found)
    check_report(report)
    tables = {s.anchor: [b for b in s.blocks if isinstance(b, Table)] for s in report.sections}
    assert sum(len(t.rows) for t in tables["figures"]) == len(found.figures)
    assert sum(len(t.rows) for t in tables["sums"]) == len(found.sums)
    assert sum(len(t.rows) for t in tables["statements"]) == len(found.statements)
    assert sum(len(t.rows) for t in tables["unread"]) == len(found.unread)
    for section in tables.values():
        for row in (row for table in section for row in table.rows if len(row) == 4):
            assert row[3][0].text


def test_renderings_agree(reader: MarketReader) -> None:
    """What Markdown prints as wrong, HTML prints too; the same audit gives the same bytes."""
    report = report_of(audit(reader, DOCUMENTS / "columns.md"))
    markdown, html = render_markdown(report), render_html(report)
    for words in ("Wrong: other size", "Wrong: number of GPUs", "Wrong: other GPU variant", "g5.2xlarge", "Holds"):
        assert words in markdown
        assert words in html
    assert render_markdown(report_of(audit(reader, DOCUMENTS / "columns.md"))) == markdown


def test_receipt_of_a_later_date_says_so(reader: MarketReader, tmp_path: Path) -> None:
    """Evidence that was seen after the document's date is not called old."""
    path = tmp_path / "early.md"
    path.write_text("# 2024-01-01\n\nEC2 g5.xlarge: $1.006/hr.\n", encoding="utf-8")
    report = report_of(audit(reader, path))
    assert "seen 699 days later" in {r.age for r in report.receipts}
    assert report.data_as_of == "2024-01-01 (the store begins later)"


def test_empty_document_has_a_report_too(reader: MarketReader, tmp_path: Path) -> None:
    """Without prices, sums and statements each section says so."""
    path = tmp_path / "empty.md"
    path.write_text("# 2025-12-01\n\nNothing here.\n", encoding="utf-8")
    found = audit(reader, path)
    markdown = render_markdown(report_of(found))
    for words in ("No price was found", "computes nothing", "No statement on a known product", "lines 3"):
        assert words in markdown
    assert answer_of(found) == "Figures: none found."
    path.write_text("# 2025-12-01\n\nEC2 g5.xlarge: $1.006/hr.\n", encoding="utf-8")
    everything = audit(reader, path)
    assert "Every line was checked." in render_markdown(report_of(everything))
    assert "Nothing." in render_markdown(report_of(everything))
    assert answer_of(everything).startswith("Figures: 1 holds")


def test_hostile_text_of_a_document_is_only_text(reader: MarketReader, tmp_path: Path) -> None:
    """Tags, links and control characters of somebody's document neither run nor hide."""
    path = tmp_path / "hostile.html"
    path.write_text(
        "<html><h1>&lt;script&gt;alert(1)&lt;/script&gt; 2025-12-01</h1><p>EC2 g5.xlarge \u202e: $7.77/hr "
        "&lt;img src=x onerror=y&gt; [x](javascript:z)</p></html>",
        encoding="utf-8",
    )
    report = report_of(audit(reader, path))
    html = render_html(report)
    assert "<script>alert" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert "\u202e" not in render_markdown(report)


def test_runs_of_lines_are_joined() -> None:
    """Line numbers are printed as runs; a very long list is cut, and says so."""
    assert spans_of((3, 7, 8, 9, 12)) == "3, 7-9, 12"
    assert spans_of(()) == ""
    assert spans_of(tuple(range(0, 1000, 2))).endswith("and 100 more runs")
