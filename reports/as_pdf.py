"""A report as PDF: the HTML template with the style sheet for paper, set by WeasyPrint.

The variant is PDF/A-3a: tagged, for the archive, and carries the list of its figures as an attachment. It is declared
and kept to as far as WeasyPrint does (output intent, embedded fonts with Unicode maps, dates in the metadata); no
validator was at hand, so nothing is claimed beyond that. PDF/UA-1 asks for the same tags, but WeasyPrint declares one
variant per file.

Same report, same bytes: the dates are the report's, the file identifier is a hash of the content, the fonts are
bundled. Another release of Pango or HarfBuzz may set the same text in other bytes.
"""

from datetime import UTC, datetime

from reports.as_html import document
from reports.print_fonts import bundled_fonts_only, printable
from reports.records import Report


def render_pdf(report: Report, *, attached: tuple[str, bytes] | None = None) -> bytes:
    """Render a report as an A4 PDF.

    Args:
        report: the report.
        attached: name and content of the list of its figures, to go into the file; None for none.

    Returns:
        The file; the same bytes for the same report.

    Raises:
        ValueError: if the report is not sound, see `check_report`.
        OSError: if Pango is not installed; the message names the library.
    """
    html = document(report, "print.css", printable, figures=attached[0] if attached else "")
    with bundled_fonts_only():
        # Takes a second, needs Pango, and looks for fonts: only when a PDF is asked for, only with ours in sight.
        from weasyprint import HTML, Attachment  # noqa: PLC0415
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
        from weasyprint.urls import URLFetcher  # noqa: PLC0415

        # A report refers to nothing outside itself, and no text in it may make WeasyPrint fetch something.
        nothing_but_data = URLFetcher(allowed_protocols={"data"}, allow_redirects=False)
        source = HTML(string=html, url_fetcher=nothing_but_data)
        dated = datetime.fromisoformat(report.date).replace(tzinfo=UTC)
        attachments = [
            # "Data" says that what is printed derives from it (ISO 32000-2, 7.11.3); PDF/A-3 wants the relation named.
            Attachment(
                string=content.decode(),
                name=name,
                description="Figures and receipts of this report",
                created=dated,
                modified=dated,
                relationship="Data",
            )
            for name, content in ([attached] if attached else [])
        ]
        pdf: bytes = source.write_pdf(font_config=FontConfiguration(), pdf_variant="pdf/a-3a", attachments=attachments)
    return pdf
