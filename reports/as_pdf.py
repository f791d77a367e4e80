"""A report as PDF: the HTML template with the style sheet for paper, set by WeasyPrint.

The variant is PDF/A-3a: tagged, for the archive, and able to carry the evidence as attachments later. It is declared
and kept to as far as WeasyPrint does (output intent, embedded fonts with Unicode maps, dates in the metadata); no
validator was at hand, so nothing is claimed beyond that. PDF/UA-1 asks for the same tags, but WeasyPrint declares one
variant per file.

Same report, same bytes: the dates are the report's, the file identifier is a hash of the content, the fonts are
bundled. Another release of Pango or HarfBuzz may set the same text in other bytes.
"""

from reports.as_html import document
from reports.print_fonts import bundled_fonts_only, printable
from reports.records import Report


def render_pdf(report: Report) -> bytes:
    """Render a report as an A4 PDF.

    Args:
        report: the report.

    Returns:
        The file; the same bytes for the same report.

    Raises:
        ValueError: if the report is not sound, see `check_report`.
        OSError: if Pango is not installed; the message names the library.
    """
    html = document(report, "print.css", printable)
    with bundled_fonts_only():
        # Takes a second, needs Pango, and looks for fonts: only when a PDF is asked for, only with ours in sight.
        from weasyprint import HTML  # noqa: PLC0415
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
        from weasyprint.urls import URLFetcher  # noqa: PLC0415

        # A report refers to nothing outside itself, and no text in it may make WeasyPrint fetch something.
        nothing_but_data = URLFetcher(allowed_protocols={"data"}, allow_redirects=False)
        source = HTML(string=html, url_fetcher=nothing_but_data)
        pdf: bytes = source.write_pdf(font_config=FontConfiguration(), pdf_variant="pdf/a-3a")
    return pdf
