"""Pods in rows of the pricing page, a row per GPU: what its layouts of 2025 and 2026 have in common.

An element of the row holds the prices of both clouds as attributes, in US dollars per GPU-hour and without a unit. Both
are read, never the one that is shown: the default changed from Community to Secure between 2026-01-06 and 2026-08-12,
and a public series that read it went from 2.69 to 3.29 without one word about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlsplit

from bs4 import Tag

from scrapers.places.locate import css_path, fold
from scrapers.records import Document, Listing
from scrapers.runpod import words
from scrapers.runpod.page_text import elements_of, gpu_memory, text_of, with_class
from scrapers.runpod.price_text import (
    Printed,
    other_currency,
    other_periods,
    read_amount,
    spoken_absence,
    understand,
)
from scrapers.strict import fail, one, take

_MOST_BARE = 4
"""A page is half rendered when one row in so many has no price at all and no word about it."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a row is built.

    Attributes:
        name: returns the element that holds the GPU's name, out of a row's elements.
        attributes: attribute to the cloud whose price it holds.
        shown: classes of the elements in which the visible price may stand, the widest first; empty where a row
            without attributes has nothing that can be read.
    """

    name: Callable[[Document, Sequence[Tag], str], Tag]
    attributes: Mapping[str, str]
    shown: tuple[str, ...]


def read_rows(document: Document, rows: Sequence[Tag], layout: Layout) -> list[Listing]:
    """Return the Pods listings of rows.

    Raises:
        ParseError: a row is not built as known, no row at all names its memory, or many have no price.
    """
    found = [list(_read_row(document, row, layout)) for row in rows]
    listings = words.unique(document, [listing for of_row in found for listing in of_row])
    if rows and not any(listing.gpu_memory for listing in listings):
        raise fail(document, f"looked for 'GB VRAM' or 'GB HBM' in {len(rows)} rows, found it in none")
    bare = [of_row[0].sku for of_row, row in zip(found, rows, strict=True) if _is_bare(of_row, row)]
    if len(bare) < len(rows) <= _MOST_BARE * len(bare):  # all of them bare is told by whoever knows the other readers
        problem = f"looked for prices in {len(rows)} rows, found none for {', '.join(bare)}: was the page's script run?"
        raise fail(document, problem)
    return listings


def _is_bare(listings: Sequence[Listing], row: Tag) -> bool:
    """Return whether a row has neither a price nor a word such as "Contact sales" in its place."""
    return not any(listing.price_text for listing in listings) and _spoken(elements_of(row)) is None


def _spoken(elements: Sequence[Tag]) -> Printed | None:
    """Return what a row says in words about the price that it does not have."""
    return next((said for element in elements if (said := spoken_absence(text_of(element)))), None)


def _read_row(document: Document, row: Tag, layout: Layout) -> Iterator[Listing]:
    elements, text = elements_of(row), text_of(row)
    title = layout.name(document, elements, text)
    name = text_of(title)
    if not name:
        raise fail(document, "looked for a GPU's name, found nothing", row=css_path(title))
    _check_money(document, text, name)
    listing = Listing(
        source=document.capture.source,
        provider=words.PROVIDER,
        service=words.PODS,
        sku=name,
        terms=words.ON_DEMAND,
        price_text=None,
        absence="",
        currency=words.CURRENCY,
        unit=words.PAGE_UNIT,
        locator="",
        quote="",
        sku_id=_console_id(document, [row, *elements], name),
        gpu_name=name,
        gpu_count="1",  # the price is per GPU: a pod of eight costs eight times as much
        gpu_memory=gpu_memory(text),
    )
    holders = [e for e in elements if layout.attributes.keys() & e.attrs.keys()]
    if holders:
        yield from _both_clouds(document, elements, holders, listing, layout)
    else:
        yield _shown(document, elements, listing, layout)


def _check_money(document: Document, text: str, name: str) -> None:
    """Refuse a row in another currency, or per another time: the attributes say nothing of either."""
    if sign := other_currency(text):
        raise fail(document, f"looked for prices in US dollars, found {sign!r} in {text!r}", row=name)
    if periods := other_periods(text):
        raise fail(document, f"looked for prices per hour, but the row shows {periods}", row=name)


def _both_clouds(
    document: Document, elements: Sequence[Tag], holders: Sequence[Tag], listing: Listing, layout: Layout
) -> Iterator[Listing]:
    shown = [printed for _, printed in _prices_shown(elements, layout)]
    unit = min((printed.unit for printed in shown if printed.unit), default=listing.unit)
    for holder in holders:
        texts = {name: fold(str(take(document, holder.attrs, name, row=listing.sku))) for name in layout.attributes}
        amounts = {name: read_amount(document, text, name, row=listing.sku) for name, text in texts.items()}
        said = None if any(amount.digits for amount in amounts.values()) else _spoken(elements)
        for attribute, cloud in layout.attributes.items():
            digits, text = amounts[attribute].digits, texts[attribute]
            why = said.absence if said else f"not offered in the {cloud}: {attribute} is {text!r}"
            yield replace(
                listing,
                cloud=cloud,
                price_text=digits,
                absence="" if digits else why,
                unit=unit,
                locator=f"css:{css_path(holder)}@{attribute}",
                quote=text,
            )


def _shown(document: Document, elements: Sequence[Tag], listing: Listing, layout: Layout) -> Listing:
    """Return the visible price of a row without attributes; the row does not say whose cloud it is of."""
    for element, printed in _prices_shown(elements, layout):
        if printed.unit or printed.digits is None:
            return replace(
                listing,
                price_text=printed.digits,
                absence=printed.absence,
                unit=printed.unit or listing.unit,
                locator=f"css:{css_path(element)}",
                quote=text_of(element),
            )
    attributes = " and ".join(layout.attributes)
    where = f", or a price like '$2.99/hr' in {', '.join(layout.shown)}" if layout.shown else ""
    found = [text_of(element) for name in layout.shown for element in with_class(elements, name)]
    raise fail(document, f"looked for {attributes}{where}, found {found or 'none of them'}", row=listing.sku)


def _prices_shown(elements: Sequence[Tag], layout: Layout) -> Iterator[tuple[Tag, Printed]]:
    """Yield the elements of a row whose text is understood as a price or its absence, the widest first."""
    for element in (found for name in layout.shown for found in with_class(elements, name)):
        printed = understand(text_of(element))
        if printed is not None:
            yield element, printed


def _console_id(document: Document, elements: Sequence[Tag], name: str) -> str | None:
    """Return the GPU's GraphQL id from the row's links to the console, where `+` stands for a space."""
    links = [str(element["href"]) for element in elements if element.name == "a" and element.get("href")]
    ids = {found for link in links for found in parse_qs(urlsplit(link).query).get("gpu", [])}
    return one(document, sorted(ids), "GPU id in the row's links", row=name) if ids else None
