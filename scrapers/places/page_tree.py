"""The tree of a page by CSS path, for thousands of paths: a general search reads the whole page for every one."""

from __future__ import annotations

import re
from functools import cached_property

from bs4 import BeautifulSoup, Tag

_STEP = re.compile(r"([a-z][a-z0-9-]*):nth-of-type\(([1-9][0-9]*)\)")


class PageTree:
    """A parsed page whose elements are found by path."""

    def __init__(self, html: BeautifulSoup) -> None:
        """Take the tree; it must not change any more."""
        self._html = html
        self._children: dict[int, dict[str, list[Tag]]] = {}

    def at(self, path: str) -> Tag:
        """Return the one element at a CSS path.

        Raises:
            LookupError: there is none, or more than one.
            soupsieve.SelectorSyntaxError: it is no CSS path.
        """
        steps = [_STEP.fullmatch(step) for step in path.split(" > ")]
        if steps[0] and steps[0][1] == "html" and all(steps) and self._has_one_root:
            return self._descend([(step[1], int(step[2])) for step in steps if step])
        found = self._html.select(path)
        if len(found) != 1:
            raise LookupError(f"{len(found)} elements instead of one")
        return found[0]

    @cached_property
    def _has_one_root(self) -> bool:
        return len(self._html.find_all("html")) == 1

    def _descend(self, steps: list[tuple[str, int]]) -> Tag:
        """Follow a path as `css_path` writes it, from the root to its n-th child of a name, and on."""
        element: Tag = self._html
        for name, number in steps:
            named = self._children_of(element).get(name, [])
            if number > len(named):
                raise LookupError("0 elements instead of one")
            element = named[number - 1]
        return element

    def _children_of(self, element: Tag) -> dict[str, list[Tag]]:
        if id(element) not in self._children:
            children: dict[str, list[Tag]] = {}
            for child in element.find_all(recursive=False):
                children.setdefault(child.name, []).append(child)
            self._children[id(element)] = children
        return self._children[id(element)]
