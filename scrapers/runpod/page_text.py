"""Text in an element of the pricing page: its pieces, and the GPU memory among them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from scrapers.places.locate import fold
from scrapers.runpod.price_text import understand

# RAM is inside VRAM, and B300 says HBM3e instead of VRAM (page of 2026-10-07): plain RAM must not match.
_GPU_MEMORY = re.compile(r"(\d+)\s*GB\s*(?:VRAM|HBM\w*)", re.IGNORECASE)
_ANY_MEMORY = re.compile(r"(\d+)\s*GB(?!\w)", re.IGNORECASE)
_HIGHEST_PARENT = 3
"""So many elements above its sign a price may be split into pieces: ``<p><i>$</i><b>2.99</b>/hr</p>``."""
_ONLY_MEMORY = re.compile(r"\d+\s*GB(?:\s*(?:VRAM|HBM\w*))?|GB|VRAM|GB VRAM|\d+", re.IGNORECASE)


def text_of(element: Tag) -> str:
    """Return an element's text, folded, as a ``css:`` locator reads it."""
    return fold(element.get_text(" "))


def elements_of(element: BeautifulSoup | Tag) -> list[Tag]:
    """Return every element inside an element, in document order."""
    return element.find_all(True)  # noqa: FBT003  # Beautiful Soup's word for every tag


def with_class(elements: Iterable[Tag], *names: str) -> list[Tag]:
    """Return the elements that have all these classes; a CSS selector would ask each of them ten times as long."""
    wanted = set(names)
    return [element for element in elements if wanted.issubset(element.attrs.get("class", ()))]


def price_element(element: Tag) -> Tag | None:
    """Return the element at or just above a dollar sign whose whole text is a price with its unit, else None."""
    for place in itertools.islice((element, *element.parents), _HIGHEST_PARENT + 1):
        printed = understand(text_of(place))
        if printed is not None and printed.digits and printed.unit:
            return place
    return None


def pieces(element: Tag, *, without: Sequence[Tag] = ()) -> list[str]:
    """Return the text pieces of an element, folded, leaving out those inside the elements `without`."""
    left_out = {id(tag) for tag in without}
    texts = [
        fold(string)
        for string in element.find_all(string=True)
        if type(string) is NavigableString and not any(id(parent) in left_out for parent in string.parents)
    ]
    return [text for text in texts if text]


def gpu_memory(text: str) -> str | None:
    """Return the memory of one GPU, e.g. ``80 GB``, where a text calls it VRAM or HBM; else None."""
    found = _GPU_MEMORY.search(text)
    return f"{found[1]} GB" if found else None


def tier_memory(text: str) -> str | None:
    """Return the memory that a serverless tier names, e.g. ``48 GB`` of ``48GB PRO``; else None."""
    found = _GPU_MEMORY.search(text) or _ANY_MEMORY.search(text)
    return f"{found[1]} GB" if found else None


def names_only_memory(text: str) -> bool:
    """Return whether a piece of text is a memory size, or a part of one, and nothing else."""
    return _ONLY_MEMORY.fullmatch(text) is not None
