"""Pods on the pricing page in its layout of 2026: one Webflow row per GPU.

::

    .gpu_collection-item.w-dyn-item .gpu_table-row
        .gpu_name.is-pricing-page                     H100 SXM
        .gpu_table-tags > .gpu_table-tag              80 GB VRAM · 125 GB RAM · 20 vCPUs
        .gpu_table-price[data-secure][data-community] 3.29 and 2.69, US dollars per GPU-hour
            .active-price                             one of the two, filled in by script
        a[href*="console.runpod.io/deploy"]           ?gpu=NVIDIA+H100+80GB+HBM3

The class names are those of several public parsers of the page and of a public fixture of 2026-07-10,
which lacks the attributes. Both attributes are read, never the one that is shown: the default changed
from Community to Secure between 2026-01-06 and 2026-08-12, and a public series that read it went from
2.69 to 3.29 without one word about it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from bs4 import BeautifulSoup, Tag

from scrapers.locate import css_path, fold
from scrapers.records import Document, Listing
from scrapers.runpod import words
from scrapers.runpod.page_text import gpu_memory, text_of
from scrapers.runpod.price_text import Printed, read_amount, understand
from scrapers.strict import fail, one, take

LOOKED_FOR = ".gpu_collection-item.w-dyn-item .gpu_table-row"
_NAME = ".gpu_name.is-pricing-page"
_LINK = 'a[href*="console.runpod.io/deploy"]'
_SHOWN = (".gpu_table-pricing", ".gpu_table-price", ".active-price")
"""Where the visible price may stand, from the widest element to the narrowest."""
_CLOUDS = {"data-secure": words.SECURE_CLOUD, "data-community": words.COMMUNITY_CLOUD}
_HOURLY = {"/hr", "/hour", "/h", "per hr", "per hour"}


def read(document: Document, page: BeautifulSoup) -> list[Listing]:
    """Return the Pods listings of the page's rows, none when it has no such rows.

    Raises:
        ParseError: a row is not built as known, or no row at all names its memory.
    """
    rows = page.select(LOOKED_FOR)
    listings = words.unique(document, [listing for row in rows for listing in _read_row(document, row)])
    if rows and not any(listing.gpu_memory for listing in listings):
        raise fail(document, f"looked for 'GB VRAM' or 'GB HBM' in {len(rows)} rows, found it in none")
    return listings


def _read_row(document: Document, row: Tag) -> Iterator[Listing]:
    title = one(document, row.select(_NAME), f"name ({_NAME})", row=text_of(row))
    name = text_of(title)
    if not name:
        raise fail(document, f"looked for a GPU's name in {_NAME}, found nothing", row=css_path(title))
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
        sku_id=_console_id(document, row, name),
        gpu_name=name,
        gpu_count="1",  # the price is per GPU: a pod of eight costs eight times as much
        gpu_memory=gpu_memory(text_of(row)),
    )
    holders = row.select("[data-secure], [data-community]")
    yield from _both_clouds(document, row, holders, listing) if holders else [_shown(document, row, listing)]


def _both_clouds(document: Document, row: Tag, holders: list[Tag], listing: Listing) -> Iterator[Listing]:
    """Yield a listing per cloud; the attributes hold no unit, so the price that is shown must be per hour."""
    units = {printed.unit for _, printed in _prices_shown(row) if printed.unit}
    if not units <= _HOURLY:
        problem = f"the attributes hold prices per hour, but the row shows {sorted(units)}"
        raise fail(document, problem, row=listing.sku)
    for holder in holders:
        for attribute, cloud in _CLOUDS.items():
            text = fold(str(take(document, holder.attrs, attribute, row=listing.sku)))
            digits = read_amount(document, text, attribute, row=listing.sku).digits
            yield replace(
                listing,
                cloud=cloud,
                price_text=digits,
                absence="" if digits else f"not offered in the {cloud}: {attribute} is {text!r}",
                unit=min(units, default=listing.unit),
                locator=f"css:{css_path(holder)}@{attribute}",
                quote=text,
            )


def _shown(document: Document, row: Tag, listing: Listing) -> Listing:
    """Return the visible price of a row without attributes; the row does not say whose cloud it is of."""
    for element, printed in _prices_shown(row):
        if printed.unit or printed.digits is None:
            return replace(
                listing,
                price_text=printed.digits,
                absence=printed.absence,
                unit=printed.unit or listing.unit,
                locator=f"css:{css_path(element)}",
                quote=text_of(element),
            )
    found = [text_of(element) for selector in _SHOWN for element in row.select(selector)]
    problem = f"looked for a price like '$2.99/hr' in {', '.join(_SHOWN)}, found {found or 'none of them'}"
    raise fail(document, problem, row=listing.sku)


def _prices_shown(row: Tag) -> Iterator[tuple[Tag, Printed]]:
    """Yield the elements of a row whose text is understood as a price or its absence, the widest first."""
    for element in (found for selector in _SHOWN for found in row.select(selector)):
        printed = understand(text_of(element))
        if printed is not None:
            yield element, printed


def _console_id(document: Document, row: Tag, name: str) -> str | None:
    """Return the GPU's GraphQL id from the row's link to the console, where `+` stands for a space."""
    links = [str(link["href"]) for link in row.select(_LINK)]
    ids = {found for link in links for found in parse_qs(urlsplit(link).query).get("gpu", [])}
    return one(document, sorted(ids), "GPU id in the row's links", row=name) if ids else None
