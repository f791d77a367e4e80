r"""Spans as Markdown that is read raw as often as rendered: only what would turn into structure is escaped.

Made for Obsidian, which the reports are published with, and right in CommonMark and GitHub's dialect too. Where the
three differ the strictest decides: ``==``, ``%%``, ``#tag`` and ``$...$`` mean something to Obsidian, bare addresses to
GitHub.
A dollar sign before a digit stays as it is: no dialect lets a formula end there, and any other dollar is escaped.
"""

import re
import unicodedata
from urllib.parse import quote

from reports.records import Line, Mark, Span
from reports.untrusted import legible, web_address

GLYPHS = {Mark.YES: "✅", Mark.NO: "❌", Mark.LIMITED: "⚠️", Mark.UP: "▲", Mark.DOWN: "▼"}

_STRUCTURE = re.compile(
    r"""
    [\\`*\[\]^|]                                   # escapes, code, emphasis, links, notes, cells
    | (?<![^\W_])_ | _(?![^\W_])                   # emphasis; not snake_case
    | (?<![\s(*])~ | ~(?=[\s~]) | (?<=[(*])~(?!\d) # strike-through; not the ~ of "~5 minutes"
    | <(?=[A-Za-z/!?])                             # tags and comments; not "<2.3 seconds"
    | &(?=\#?\w*(?:;|$))                           # entities; not "R&D"
    | \$(?!\d)                                     # formulas; not "$1.90"
    | (?<!\w)\#                                    # tags; not "tracking#9"
    | =(?==) | (?<==)= | %(?=%) | (?<=%)%          # highlights, comments
    | (?<=\w):(?=//) | (?<=www)\.(?=\w)            # bare addresses
    | !(?=\[)                                      # images
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ENTITIES = {"<": "&lt;", "&": "&amp;"}
# A list's number (the sign after it is escaped), or the place before a bullet, a rule, an underline or a quotation.
_BLOCK_START = re.compile(r"\A(?:\d{1,9}(?=[.)](?:\s|\Z))|(?=[-+](?:[\s-]|\Z)|>|=))")
_BARE_PIPE = {False: "|", True: "\\|"}
_LONE_RECEIPT = re.compile(r"\s*\[\^\d+\]")
_PAGE_NAME = re.compile(r"[\w .()-]+")


def escape(text: str, before: str = " ", after: str = " ") -> str:
    """Escape what would be Markdown structure inside a line.

    Args:
        text: one line of plain text.
        before: what stands before it in the line; white space for nothing.
        after: what stands after it.

    Returns:
        Markdown that reads as the text; safe in paragraphs, headings, link texts and table cells.
    """
    padded = f"{before}{text}{after}"
    start, end = len(before), len(before) + len(text)
    pieces, position = [], start
    if (text.startswith("(") and before.endswith("]")) or (text.startswith(":") and _LONE_RECEIPT.fullmatch(before)):
        pieces.append("\\")  # a receipt's number before it is no link's text and no definition
    for match in _STRUCTURE.finditer(padded, start):
        if match.start() >= end:
            break
        sign = match.group()
        pieces += [padded[position : match.start()], _ENTITIES.get(sign, f"\\{sign}")]
        position = match.end()
    return "".join(pieces) + padded[position:end]


def text(plain: str) -> str:
    """Render a line of plain text that does not stand at the start of a Markdown line: headings, captions, cells."""
    return escape(legible(plain).strip())


def paragraph(line: Line) -> str:
    """Render spans as the start of a Markdown line: nothing in it makes a list, a quotation or a rule of it."""
    return _BLOCK_START.sub(r"\g<0>\\", inline(line))


def inline(line: Line, *, cell: bool = False) -> str:
    """Render spans inside a Markdown line.

    Args:
        line: the spans.
        cell: whether they stand in a table, where even a literal must not hold a bare pipe.

    Returns:
        Markdown without white space at its ends.
    """
    done = ""
    for position, span in enumerate(line):
        done += _span(span, done or " ", "".join(map(_opening, line[position + 1 :])) or " ", cell=cell)
    return done.strip()


def code(literal: str, *, cell: bool = False) -> str:
    """Render a literal in a fence of backticks longer than any in it; "" stays empty."""
    plain = legible(literal).strip()
    if not plain:
        return ""
    fence = "`" * (max(map(len, re.findall("`+", plain)), default=0) + 1)
    space = " " if plain.startswith("`") or plain.endswith("`") else ""
    return f"{fence}{space}{plain.replace('|', _BARE_PIPE[cell])}{space}{fence}"


def address(url: str) -> str:
    """Render a link's destination so that nothing in it ends the link or a table cell."""
    quoted = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", quote(url, safe="%/:?#@!$&'*+,;=~"))
    return re.sub(r"&(?=#?\w+;)", "&amp;", quoted)


def _opening(span: Span) -> str:
    """Say how a span's Markdown begins, as far as its neighbour must know."""
    if span.mark:
        return GLYPHS[span.mark]
    if span.wiki or web_address(span.url) or (span.receipts and not span.text):
        return "["
    return ("*" if span.bold else "") + ("`" if span.code else "") + legible(span.text)


def _span(span: Span, before: str, after: str, *, cell: bool) -> str:
    """Render one span with its mark, dress and receipts; white space at its ends stays outside the dress."""
    plain = legible(span.text)
    body = plain.strip()
    lead, trail = (" " * plain.startswith(" "), " " * plain.endswith(" ")) if body else (plain, "")
    mark = f"{GLYPHS[span.mark]} " if span.mark else ""
    receipts = "".join(f"[^{number}]" for number in span.receipts)
    dressed = _dressed(span, body, f"{before}{lead}{mark}", receipts or trail or after, cell=cell) if body else ""
    return f"{lead}{mark}{dressed}{receipts}{trail}"


def _dressed(span: Span, body: str, before: str, after: str, *, cell: bool) -> str:
    """Render a span's own text as a page's name, a link, bold, a literal or plain."""
    if span.wiki and _PAGE_NAME.fullmatch(body) and escape(body) == body:
        return f"[[{body}]]"
    destination = web_address(span.url)
    if destination:
        before, after = "[", "]"
    bold = span.bold and _can_be_bold("`" if span.code else body, before, after)
    if bold:
        before, after = "*", "*"
    # Two fences of backticks in a row would be one.
    done = code(body, cell=cell) if span.code and not before.endswith("`") else escape(body, before, after)
    done = f"**{done}**" if bold else done
    return f"[{done}]({address(destination)})" if destination else done


def _can_be_bold(body: str, before: str, after: str) -> bool:
    """Tell whether ``**`` around a text is read as bold: CommonMark's rule of flanking delimiters."""
    opens = not _is_punctuation(body[0]) or _ends_a_word(before[-1])
    closes = not _is_punctuation(body[-1]) or _ends_a_word(after[0])
    return opens and closes and not before.endswith("*")


def _is_punctuation(character: str) -> bool:
    """Tell whether CommonMark counts a character as punctuation."""
    return unicodedata.category(character)[0] in "PS"


def _ends_a_word(character: str) -> bool:
    """Tell whether a neighbour is white space or punctuation."""
    return character.isspace() or _is_punctuation(character)
