"""Clusters on the pricing page: ``.clusters_list-item`` with its price in ``.clusters_item-price``.

Cluster prices are their own product: they repeat the Pods' GPU names at other prices per GPU and hour,
which may be lower than the pod's (H200 SXM 4.31 beside 4.59 on 2026-09-19), and some say "Contact sales"
instead. The two class names are known from a public fixture of 2026-07-10; where an item keeps its GPU's
name is not, so it is the first text.
"""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag

from scrapers.places.locate import css_path
from scrapers.records import Document, Listing
from scrapers.runpod import words
from scrapers.runpod.page_text import elements_of, gpu_memory, names_only_memory, pieces, text_of, with_class
from scrapers.runpod.price_text import Printed, spoken_absence, understand
from scrapers.strict import fail, one

_ITEM = ".clusters_list-item"
_PRICE = ".clusters_item-price"
_ITEM_CLASS, _PRICE_CLASS, _PREFIX = _ITEM.removeprefix("."), _PRICE.removeprefix("."), "clusters_"


def read(document: Document, page: BeautifulSoup) -> list[Listing]:
    """Return the Clusters listings of the page, none when it has none.

    Raises:
        ParseError: an item has no name, or neither a price nor a word for its absence; or parts of items are there
            without their items.
    """
    elements = elements_of(page)
    items = with_class(elements, _ITEM_CLASS)
    if not items:
        classes = {name for element in elements for name in element.get_attribute_list("class")}
        if parts := sorted(name for name in classes if str(name).startswith(_PREFIX)):
            raise fail(document, f"looked for {_ITEM}, found only {', '.join(parts)}: were classes renamed?")
    return words.unique(document, [_read_item(document, item) for item in items])


def _read_item(document: Document, item: Tag) -> Listing:
    place, printed = _price(document, item)
    names = [text for text in pieces(item, without=[place]) if not names_only_memory(text)]
    if not names:
        problem = f"looked for a GPU's name in {_ITEM}, found {text_of(item)!r}"
        raise fail(document, problem, row=css_path(item))
    return Listing(
        source=document.capture.source,
        provider=words.PROVIDER,
        service=words.CLUSTERS,
        sku=names[0],
        terms=words.CLUSTER,
        price_text=printed.digits,
        absence=printed.absence,
        currency=words.CURRENCY,
        unit=printed.unit or words.PAGE_UNIT,
        locator=f"css:{css_path(place)}",
        quote=text_of(place),
        gpu_name=names[0],
        gpu_count="1",
        gpu_memory=gpu_memory(text_of(item)),
    )


def _price(document: Document, item: Tag) -> tuple[Tag, Printed]:
    """Return the element that holds the item's price, or says that there is none, and what it says."""
    marked = with_class(elements_of(item), _PRICE_CLASS)
    if marked:
        place = one(document, marked, f"price ({_PRICE})", row=text_of(item))
        printed = understand(text_of(place))
        if printed is not None and (printed.unit or printed.digits is None):
            return place, printed
    for place in [] if marked else elements_of(item):
        printed = spoken_absence(text_of(place))
        if printed is not None:
            return place, printed
    found = text_of(marked[0]) if marked else "no such element"
    raise fail(document, f"looked for a price like '$4.31/hr' in {_PRICE}, found {found!r}", row=text_of(item))
