"""A report as Markdown in the hand-made deliverable's own form: Obsidian front matter, wiki link, footnote receipts."""

from collections.abc import Callable

from reports.checks import check_report
from reports.markdown_table import table_lines
from reports.markdown_text import inline, paragraph, text
from reports.records import Line, Receipt, Report, Span
from reports.templating import SHORT_HASH, environment


def render_markdown(report: Report) -> str:
    """Render a report as Markdown.

    Args:
        report: the report.

    Returns:
        The document, ending with a line feed; the same text for the same report.

    Raises:
        ValueError: if the report is not sound, see `check_report`.
    """
    check_report(report)
    made = environment(autoescape=False)
    filters: dict[str, Callable[..., object]] = {
        "text": text,
        "plain": lambda sentence: paragraph((Span(sentence),)),
        "bold": lambda sentence: paragraph((Span(sentence, bold=True),)),
        "page": lambda name: inline((Span(name, wiki=True),)),
        "line": paragraph,
        "lines": table_lines,
        "evidence": lambda receipt: paragraph(evidence(receipt)),
    }
    made.filters |= filters
    return made.get_template("report.md.j2").render(report=report)


def evidence(receipt: Receipt) -> Line:
    """Say in one line where a figure was read: what it is of, what stands there, what follows, and how to find it."""
    subject = (Span(receipt.subject, bold=True), Span(": "))
    quoted = (Span(receipt.quote, code=True), Span(" → " if receipt.derivation else ". ")) if receipt.quote else ()
    derived = (Span(receipt.derivation), Span(". ")) if receipt.derivation else ()
    return (
        *subject,
        *quoted,
        *derived,
        Span(receipt.source, url=receipt.url),
        Span(f", retrieved {receipt.retrieved} ({receipt.age}), {receipt.obtained}; "),
        Span(f"{receipt.corroboration}; " if receipt.corroboration else ""),
        Span(receipt.source_id, code=True),
        Span(", sha256 "),
        Span(receipt.sha256[:SHORT_HASH], code=True),
        Span(" at "),
        Span(receipt.locator, code=True),
    )
