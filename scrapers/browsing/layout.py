"""Where on a page's screenshot a figure stands: from a locator in the DOM to a rectangle in the picture.

A layout lists the elements of the browser's tree in document order. A locator is followed in Beautiful Soup's tree of
the stored DOM. The two agree element by element or the layout is not used at all: a rectangle around the wrong price
would be worse than none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup, Tag

from scrapers.browsing.visits import LAYOUT_FORMAT
from scrapers.errors import ParseError
from scrapers.places.locate import OpenBody
from scrapers.records import Document

_OPAQUE = frozenset({"iframe", "noembed", "noframes", "noscript", "plaintext", "xmp"})
"""To a browser with scripts, what stands in these is text; the parser of the stored DOM makes elements of it."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of a screenshot, in CSS pixels from the page's top left corner; a CSS pixel is one of the picture."""

    x: float
    y: float
    width: float
    height: float


class PageLayout:
    """The layout of one page, read once for many locators."""

    def __init__(self, layout: Document, dom: Document) -> None:
        """Read the layout and the DOM that it belongs to.

        Raises:
            ParseError: the layout is not one, or belongs to another DOM.
        """
        try:
            content = json.loads(layout.read())
            if (content["format"], content["dom_sha256"]) != (LAYOUT_FORMAT, dom.capture.sha256):
                raise ValueError(  # noqa: TRY301  # one sentence for all that may be wrong
                    f"it has format {content['format']} and belongs to {content['dom_sha256'][:12]}"
                )
            self.picture_sha256: str = content["picture_sha256"]
            self._size: tuple[int, int] = (content["width"], content["height"])
            names = [name for name, *_ in content["elements"]]
        except (ValueError, KeyError, TypeError) as exc:
            raise ParseError(layout.capture.source, f"no layout of its page: {exc}", where=layout.capture.body) from exc
        self._body = OpenBody(dom)
        self._boxes = _boxes(self._body.html, names, content["elements"])

    @property
    def agrees(self) -> bool:
        """Whether the browser's tree and the stored DOM's are the same, element by element."""
        return self._boxes is not None

    def box(self, locator: str) -> Box | None:
        """Return where a locator's element stands in the picture.

        Args:
            locator: ``css:path`` or ``css:path@attribute``; what another kind reads is not to be seen.

        Returns:
            The rectangle; None where the element is not shown, lies outside of the picture, or cannot be told.

        Raises:
            ParseError: nothing, or more than one thing, stands at the locator.
        """
        kind, _, place = locator.partition(":")
        if kind != "css" or self._boxes is None:
            return None
        element = self._element(locator, place)
        box = self._boxes.get(id(element))
        return box if box is not None and self._shows(box) else None

    def _element(self, locator: str, place: str) -> Tag:
        found: list[Tag] = []

        def find(_kind: str, _place: str) -> str:
            found.append(self._body.element(place))
            return ""

        self._body.follow(locator, find)
        return found[0]

    def _shows(self, box: Box) -> bool:
        width, height = self._size
        inside = min(box.x, box.y) >= 0 and box.x + box.width <= width and box.y + box.height <= height
        return inside and min(box.width, box.height) > 0


def box_of(layout: Document, dom: Document, locator: str) -> Box | None:
    """Return where a locator's element stands in its page's picture; for many locators see `PageLayout`.

    Args:
        layout: the page's layout.
        dom: the page's DOM.
        locator: as `PageLayout.box`, which also says what is returned and raised.

    Raises:
        ParseError: the layout is of another page, or nothing stands at the locator.
    """
    return PageLayout(layout, dom).box(locator)


def _boxes(page: BeautifulSoup, names: list[str], elements: list[list[Any]]) -> dict[int, Box | None] | None:
    """Return the box of every element of the tree by its identity, None where the trees are not the same."""
    tags = list(_seen_by_browser(page))
    if [tag.name for tag in tags] != names:
        return None
    return {id(tag): Box(*place) if place else None for tag, (_, *place) in zip(tags, elements, strict=True)}


def _seen_by_browser(page: BeautifulSoup) -> Iterator[Tag]:
    """Yield the elements that a browser has too, in document order."""
    left: list[Tag] = [page]
    while left:
        tag = left.pop()
        if tag is not page:
            yield tag
        if tag.name not in _OPAQUE:
            left += [child for child in reversed(tag.contents) if isinstance(child, Tag)]
