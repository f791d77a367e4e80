"""Pages as parsers get them: decoded strictly, and refused where no browser would have made them.

Beautiful Soup takes 500 to 1,100 bytes of memory for each tag and attribute value, and about twice the size of plain
text. With these limits the worst pages take 60 to 120 MiB (benchmarks/RUNPOD.md); RunPod's has some thousand tags.
"""

from __future__ import annotations

from bs4 import BeautifulSoup

from scrapers.errors import ParseError
from scrapers.places.locate import fold, parse_html
from scrapers.records import Document
from scrapers.strict import fail

MAX_PAGE_BYTES = 8_000_000
MAX_PAGE_TAGS = 150_000
"""Opening and closing tags together: what is counted is the character ``<``."""
MAX_PAGE_DEPTH = 1000
"""Chromium's own parser nests no deeper than 512 (kMaximumHTMLParserDOMTreeDepth)."""
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_FIRST_CHARACTERS = 120


def read_page(document: Document) -> BeautifulSoup:
    """Return the tree of a body that is an HTML page in UTF-8.

    Raises:
        ParseError: it is too large, too deeply nested, or no UTF-8 text.
    """
    if document.capture.size > MAX_PAGE_BYTES:  # before a byte of it is read
        problem = (
            f"looked for a page of at most {MAX_PAGE_BYTES} bytes, found {document.capture.size}; it is not parsed"
        )
        raise fail(document, problem)
    body = document.read()
    _check_text(document, body)
    if (tags := body.count(b"<")) > MAX_PAGE_TAGS:
        raise fail(document, f"looked for at most {MAX_PAGE_TAGS} tags, found {tags}; the page is not parsed")
    page = parse_html(body)
    if (depth := _depth(page)) > MAX_PAGE_DEPTH:
        raise fail(document, f"looked for elements at most {MAX_PAGE_DEPTH} deep, found them {depth} deep")
    return page


def unknown_page(document: Document, page: BeautifulSoup, looked_for: str) -> ParseError:
    """Return (to be raised) the error of a page of which no known part is there: a cookie wall, a login, a new layout.

    Args:
        document: the page's document.
        page: its tree.
        looked_for: what was looked for, in words or selectors.
    """
    title = fold(page.title.get_text()) if page.title else ""
    for script in page(["script", "style", "noscript", "template", "title"]):
        script.extract()
    text = fold(page.get_text(" "))
    said = f"that says {text[:_FIRST_CHARACTERS]!r}" if text else "without any text"
    return fail(
        document,
        f"looked for {looked_for}, found a page titled {title!r} {said}; the bytes are kept: look whether it is a wall "
        "(cookies, captcha, login) or a new layout, which needs a reader",
    )


def _check_text(document: Document, body: bytes) -> None:
    """Refuse what would be read as something else than was written."""
    if not body.strip():
        raise fail(document, "looked for a page, found an empty body")
    if body.startswith(_WIDE_MARKS):
        raise fail(document, "looked for UTF-8, found the byte order mark of UTF-16; save the page as UTF-8")
    if (place := body.find(b"\0")) >= 0:
        raise fail(document, f"looked for text, found a NUL byte at {place}: is it UTF-16, or no page at all?")
    try:
        body.decode()
    except UnicodeDecodeError as exc:
        found = f"byte {body[exc.start]:#04x} at {exc.start}"
        raise fail(document, f"looked for UTF-8, found {found}; save the page as UTF-8") from exc


def _depth(page: BeautifulSoup) -> int:
    """Return how deep the deepest element lies, in one walk: asking each element for its parents would be quadratic."""
    depths = {id(page): 0}
    for tag in page.find_all(True):  # noqa: FBT003  # Beautiful Soup's word for every tag
        depths[id(tag)] = depths[id(tag.parent)] + 1
    return max(depths.values())
