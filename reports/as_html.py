"""A report as one HTML file that needs nothing else: no script, no font, no network.

A click on a figure opens its receipt. The receipts are popovers, which browsers open, close with Escape and give the
focus back from without any script; closed, each stands in its place in the list at the end, and so it is printed.
"""

import re
import shlex
from collections.abc import Callable

from markupsafe import Markup

from reports.checks import check_report
from reports.citations import Citations
from reports.pictures import picture_css, picture_numbers
from reports.records import Mark, Report
from reports.templating import TEMPLATES, environment
from reports.untrusted import legible, legible_lines, web_address

# Drawn in a disc, a ring or alone by the style sheets; the words for a screen reader are the marks' own names.
GLYPHS = {Mark.YES: "✓", Mark.NO: "✗", Mark.LIMITED: "!", Mark.UP: "▲", Mark.DOWN: "▼"}

# A table's column is as wide as its longest word; a longer one than this may break.
_LONG_WORD = re.compile(r"\S{32}(?=\S)")


def render_html(report: Report, *, figures: str = "") -> str:
    """Render a report as a self-contained HTML document for the screen.

    Args:
        report: the report.
        figures: name of the list of its figures, a file beside it; "" for none.

    Returns:
        The document; the same text for the same report.

    Raises:
        ValueError: if the report is not sound, see `check_report`.
    """
    return document(report, "screen.css", legible, opens=True, figures=figures)


def document(
    report: Report, style: str, printable: Callable[[str], str], *, opens: bool = False, figures: str = ""
) -> str:
    """Render a report as HTML with a given style sheet.

    Args:
        report: the report.
        style: name of a style sheet among the templates.
        printable: makes any text one that can be shown; it is then escaped.
        opens: whether a click on a figure opens its receipt, with what there is to show of it.
        figures: name of the list of its figures, beside it where figures open, else attached to it; "" for none.

    Returns:
        The document.

    Raises:
        ValueError: if the report is not sound, see `check_report`.
    """
    check_report(report)

    def finalize(value: object) -> object:
        """Make every text printable that a template has not marked as HTML itself."""
        return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    made = environment(autoescape=True, finalize=finalize)
    made.filters["web_address"] = web_address
    made.filters["breakable"] = lambda text: _breakable(printable(text))
    made.filters["lines"] = lambda text: Markup.escape(legible_lines(text))
    made.filters["command"] = lambda receipt: shlex.join(["ratecard", "show", f"{receipt.sha256}#{receipt.locator}"])
    exhibits = report.exhibits if opens else {}
    pictures = picture_numbers(exhibits.values())
    css = Markup((TEMPLATES / style).read_text(encoding="utf-8") + picture_css(pictures))  # noqa: S704  # our own style sheet
    return made.get_template("report.html.j2").render(
        report=report,
        css=css,
        citations=Citations(),
        glyphs=GLYPHS,
        opens=opens,
        exhibits=exhibits,
        pictures=pictures,
        figures=figures,
    )


def _breakable(text: str) -> Markup:
    """Escape a text and allow breaks in its overlong words."""
    pieces = _LONG_WORD.sub("\\g<0>\n", text).split("\n")  # a printable text is one line
    return Markup("<wbr>").join(pieces)
