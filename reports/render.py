"""A report as files: Markdown, HTML and PDF, three renderings of the same records, and its figures for a machine."""

from dataclasses import dataclass
from pathlib import Path

from reports.as_html import render_html
from reports.as_markdown import render_markdown
from reports.as_pdf import render_pdf
from reports.figures_file import SUFFIX, figures_file
from reports.records import Report

__all__ = ["RenderedPaths", "render_html", "render_markdown", "render_pdf", "write_report"]


@dataclass(frozen=True, slots=True)
class RenderedPaths:
    """Where a report was written.

    Attributes:
        markdown: the Markdown file.
        html: the HTML file.
        pdf: the PDF file.
        figures: the list of its figures and receipts.
    """

    markdown: Path
    html: Path
    pdf: Path
    figures: Path


def write_report(report: Report, folder: Path, stem: str) -> RenderedPaths:
    """Render a report in all three forms and write them, with the list of its figures beside them and inside the PDF.

    Nothing is written unless all could be rendered, and no file is ever seen half written. Files of an earlier
    run with the same stem are replaced: the same report is the same bytes.

    Args:
        report: the report.
        folder: where to; made if it is not there.
        stem: file name without suffix, e.g. ``archibus-2025-12-01``.

    Returns:
        The paths of the four files.

    Raises:
        ValueError: if the stem is not a plain file name, or the report is not sound, see `check_report`.
        OSError: if a file cannot be written, or Pango is not installed.
    """
    if not stem or stem != Path(stem).name or stem.startswith("."):
        raise ValueError(f"{stem!r} is not a file name: give one without folders, suffix and leading dot")
    name = f"{stem}{SUFFIX}"
    paths = RenderedPaths(*(folder / f"{stem}{suffix}" for suffix in (".md", ".html", ".pdf", SUFFIX)))
    markdown, html = render_markdown(report).encode(), render_html(report, figures=name).encode()
    figures = figures_file(report, {"md": markdown, "html": html})
    bodies = (markdown, html, render_pdf(report, attached=(name, figures)), figures)
    folder.mkdir(parents=True, exist_ok=True)
    for path, body in zip((paths.markdown, paths.html, paths.pdf, paths.figures), bodies, strict=True):
        unfinished = path.with_name(f"{path.name}.part")
        unfinished.write_bytes(body)
        unfinished.replace(path)
    return paths
