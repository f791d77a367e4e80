"""Pods on the pricing page of 2024 and 2025: a card of plain text per GPU, without a class or attribute to hold on to.

::

    Starting from / $2.69/hr     the cheaper of the two prices: it is skipped
    H100 SXM / 80GB VRAM / ...
    $2.99/hr / Secure Cloud
    $2.69/hr / Community Cloud

Known from a public parser of archived pages: a price is of the cloud that is named right after it. It is the least
certain of all shapes, so it is read only on a page that has none of the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from scrapers.places.locate import css_path, fold
from scrapers.records import Document, Listing
from scrapers.runpod import words
from scrapers.runpod.page_text import price_element, text_of
from scrapers.runpod.price_text import HOURLY, understand
from scrapers.strict import fail

LOOKED_FOR = "text cards ('80GB VRAM', '$2.99/hr', 'Secure Cloud')"
_MEMORY = re.compile(r"(\d{2,3})\s?GB VRAM", re.IGNORECASE)
_STARTING = re.compile(r"(?:starting )?(?:from|at)\b.*", re.IGNORECASE)
_CLOUDS = {cloud.casefold(): cloud for cloud in (words.SECURE_CLOUD, words.COMMUNITY_CLOUD)}
_LONGEST_CARD = 12
"""Pieces of text below a card's memory; what follows the last card is none of it."""

Cell = tuple[Tag, str]
"""An element and its text, folded."""


@dataclass(slots=True)
class _Card:
    """A GPU's name, its memory, and what is printed below them."""

    name: str
    memory: str
    cells: list[Cell] = field(default_factory=list)


def read(document: Document, page: BeautifulSoup) -> list[Listing]:
    """Return the Pods listings of the page's cards, none when no card names a price and a cloud.

    Raises:
        ParseError: a card has a price of no named cloud, or nothing that can be read, while others have prices.
    """
    cards = list(_cards(list(_cells(page))))
    if not any(_CLOUDS.keys() & {text.casefold() for _, text in card.cells} for card in cards):
        return []
    return words.unique(document, [listing for card in cards for listing in _read_card(document, card)])


def _cells(page: BeautifulSoup) -> Iterator[Cell]:
    """Yield the page's pieces of text in their order, a price in one piece however it is marked up."""
    last: Tag | None = None
    for string in page.find_all(string=True):
        if type(string) is not NavigableString or not fold(string) or string.parent is None:
            continue  # white space, comments, scripts and styles
        if last is not None and any(parent is last for parent in string.parents):
            continue  # the rest of a price
        place = price_element(string.parent) if "$" in string else None
        last = place
        yield (string.parent, fold(string)) if place is None else (place, text_of(place))


def _cards(cells: Sequence[Cell]) -> Iterator[_Card]:
    """Yield the cards: each begins with a name and a memory, and ends where the next or its "Starting from" begins."""
    card: _Card | None = None
    names = ["", *(text for _, text in cells)]  # what stands before a memory
    for name, (element, text) in zip(names, cells, strict=False):
        if memory := _MEMORY.fullmatch(text):
            if card is not None:
                card.cells = [cell for cell in card.cells if cell[1] != name]  # which is the next card's
                yield card
            card = _Card(name, f"{memory[1]} GB")
        elif card is not None and _STARTING.fullmatch(text):
            yield card
            card = None
        elif card is not None and len(card.cells) < _LONGEST_CARD:
            card.cells.append((element, text))
    if card is not None:
        yield card


def _read_card(document: Document, card: _Card) -> Iterator[Listing]:
    """Yield a listing per cloud that the card names: what stands right before the cloud's name is its price."""
    listing = Listing(
        source=document.capture.source,
        provider=words.PROVIDER,
        service=words.PODS,
        sku=card.name,
        terms=words.ON_DEMAND,
        price_text=None,
        absence="",
        currency=words.CURRENCY,
        unit=words.PAGE_UNIT,
        locator="",
        quote="",
        gpu_name=card.name,
        gpu_count="1",
        gpu_memory=card.memory,
    )
    clouds: dict[str, Listing] = {}
    labels = [*(text for _, text in card.cells[1:]), ""]
    for (element, text), label in zip(card.cells, labels, strict=True):
        printed = understand(text)
        cloud = _CLOUDS.get(label.casefold())
        if len(clouds) == len(_CLOUDS) or (cloud is None and (printed is None or not printed.unit)):
            continue
        if cloud is None or printed is None or (printed.digits and printed.unit not in HOURLY):
            problem = f"looked for a price like '$2.99/hr' and its cloud, found {text!r} and {label!r}"
            raise fail(document, problem, row=card.name)
        clouds[cloud] = replace(
            listing,
            cloud=cloud,
            price_text=printed.digits,
            absence=printed.absence,
            unit=printed.unit or listing.unit,
            locator=f"css:{css_path(element)}",
            quote=text,
        )
    if not clouds:
        found = [text for _, text in card.cells[:6]]
        raise fail(document, f"looked for a price and {' or '.join(_CLOUDS.values())}, found {found}", row=card.name)
    yield from clouds.values()
