"""The structure of an HTML page: class names, ``data-`` attributes, headings, columns, and the fields of its JSON."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from scrapers.places.pointers import fold
from scrapers.shapes.shape_json import fields_of, read_start

_HEADINGS = {"title", "h1", "h2", "h3"}
_NAMED = _HEADINGS | {"th"}
_LONGEST_NAME = 80
_MADE_UP = re.compile(r"(?=[a-z]*\d)[a-z\d]{5,}", re.IGNORECASE)
"""A part of a class name that a build tool made up (``Card_root__x81f2``): it changes with every release."""
_LINKED_DATA = "application/ld+json"


def structure_of_page(body: bytes) -> dict[str, frozenset[str]]:
    """Return the names that a page holds, by kind; of a page that is no HTML from some point on, those before it.

    Args:
        body: the page, as UTF-8; it may break off anywhere.
    """
    page = _Page()
    try:
        page.feed(body.decode("utf-8-sig", errors="replace"))
        page.close()
    except AssertionError:  # html.parser's way to give up on a broken declaration
        pass
    return {kind: frozenset(names) for kind, names in page.found.items()}


class _Page(HTMLParser):
    """Collects names while the page is read."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, set[str]] = defaultdict(set)
        self._inside = ""
        self._texts: list[str] = []
        self._script = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.found["classes"].update(map(_without_hashes, values.get("class", "").split()))
        self.found["attributes"].update(name for name in values if name.startswith("data-"))
        if tag in _NAMED and values.get("scope") != "row":
            self._inside, self._texts = tag, []
        if tag == "script" and "json" in values.get("type", ""):
            self._inside, self._texts = tag, []
            self._script = values["type"] if values["type"] == _LINKED_DATA else values.get("id", "script")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self._texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag != self._inside:
            return
        text, self._inside = "".join(self._texts), ""
        if tag == "script":
            self._take_json(text)
        elif name := fold(text)[:_LONGEST_NAME]:
            self.found["headings" if tag in _HEADINGS else "columns"].add(name)

    def _take_json(self, text: str) -> None:
        content = read_start(text.encode())
        self.found["fields"].update(f"{self._script} {path}" for path in fields_of(content))
        if self._script == _LINKED_DATA:
            self.found["JSON-LD types"].update(_types(content))


def _types(content: Any) -> Iterator[str]:  # noqa: ANN401  # JSON is anything
    """Yield the types that linked data names."""
    waiting = [content]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            named = value.get("@type", [])
            yield from (str(name) for name in (named if isinstance(named, list) else [named]))
        if isinstance(value, dict | list):
            waiting += value.values() if isinstance(value, dict) else value


def _without_hashes(name: str) -> str:
    """Return a class name, the parts of it that a build tool made up as ``*``."""
    return "".join("*" if _MADE_UP.fullmatch(part) else part for part in re.split(r"([-_]+)", name))
