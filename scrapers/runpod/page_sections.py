"""Where Serverless stands on the pricing page: the sections under its headings, and what counts as a row in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bs4 import Tag
from bs4.element import NavigableString

from scrapers.places.locate import css_path
from scrapers.records import Document
from scrapers.runpod.page_text import elements_of, price_element, text_of
from scrapers.strict import fail

_HEADINGS = {"serverless", "serverless pricing", "serverless gpu pricing"}
_RANKS = ("h1", "h2", "h3", "h4", "h5", "h6")
_OTHER_PRODUCTS = {"gpu_table-row", "gpu-pricing-row", "clusters_list-item"}
_ROW_TAGS, _ROW_ROLES, _ROW_CLASS = {"tr", "li"}, {"row", "listitem"}, "w-dyn-item"


def sections_in(elements: Sequence[Tag]) -> list[list[Tag]]:
    """Return the elements of each section: from a heading that says Serverless to the next of its rank or product."""
    return [list(_section(h)) for h in elements if h.name in _RANKS and text_of(h).casefold() in _HEADINGS]


def rows_in(elements: Sequence[Tag]) -> dict[int, Tag]:
    """Return the innermost row-like elements that are of no other product, by identity."""
    rows = {id(element): element for element in elements if _is_row(element)}
    for row in list(rows.values()):
        for parent in row.parents:
            rows.pop(id(parent), None)
    return {key: row for key, row in rows.items() if not _of_other_product(row)}


def _is_row(element: Tag) -> bool:
    return (
        element.name in _ROW_TAGS
        or element.get("role") in _ROW_ROLES
        or _ROW_CLASS in element.get_attribute_list("class")
    )


def _of_other_product(element: Tag) -> bool:
    """Return whether an element is, is in, or holds a Pod or a cluster."""
    return any(
        _OTHER_PRODUCTS.intersection(near.get_attribute_list("class"))
        for near in (element, *element.parents, *elements_of(element))
    )


def _section(heading: Tag) -> Iterator[Tag]:
    """Yield the elements between a heading and the next one of its rank or above, or the next product."""
    ends = _RANKS[: _RANKS.index(heading.name) + 1]
    for element in heading.find_all_next(True):  # noqa: FBT003  # Beautiful Soup's word for every tag
        if element.name in ends or _OTHER_PRODUCTS.intersection(element.get_attribute_list("class")):
            return
        yield element


def check_outside(document: Document, section: Sequence[Tag], rows: Mapping[int, Tag]) -> None:
    """Refuse a section with a whole price in no row: its markup is one that is not known.

    Raises:
        ParseError: there is one; the message quotes it.
    """
    for element in section:
        if not any("$" in child for child in element.children if isinstance(child, NavigableString)):
            continue
        place = price_element(element)
        if place is not None and not any(id(near) in rows or near.name == "tr" for near in (place, *place.parents)):
            problem = f"looked for prices in rows (table rows, list items), found {text_of(place)!r} outside of any"
            raise fail(document, problem, row=css_path(place))
