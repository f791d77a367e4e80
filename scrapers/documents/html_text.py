"""What a reader sees of an HTML element: its text without scripts, struck-out prices and the blocks inside it."""

from __future__ import annotations

from collections.abc import Iterator

from bs4 import Tag
from bs4.element import Comment, NavigableString

from scrapers.documents.records import Place
from scrapers.places.locate import css_path
from scrapers.places.pointers import fold

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "caption",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
HIDDEN = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "head",
        "del",
        "s",
        "strike",
        "select",
        "button",
        "iframe",
    ]
)


def own_text(tag: Tag, *, whole: bool = False) -> str:
    """Return the text of an element, folded.

    Args:
        tag: the element.
        whole: with the blocks inside it, parted by spaces, as in a table's cell; else without them.
    """
    return fold("".join(_pieces(tag, whole=whole)))


def _pieces(tag: Tag, *, whole: bool) -> Iterator[str]:
    """Yield the strings of an element; walked without recursion, however deep a page nests."""
    waiting = list(reversed(tag.contents))
    while waiting:
        child = waiting.pop()
        if isinstance(child, Tag):
            block = child.name in BLOCKS
            if block or child.name == "br":
                yield " "
            if child.name not in HIDDEN and (whole or not block):
                waiting.extend(reversed(child.contents))
        elif isinstance(child, NavigableString) and not isinstance(child, Comment):
            yield str(child)


def place_of(tag: Tag) -> Place:
    """Return where an element stands."""
    return Place(tag.sourceline or 1, f"css:{css_path(tag)}", fold(tag.get_text(" ")))
