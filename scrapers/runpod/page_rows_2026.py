"""Pods on the pricing page in its layout of 2026: one row per GPU in a collection of Webflow's.

::

    .gpu_collection-item.w-dyn-item .gpu_table-row
        .gpu_name.is-pricing-page                     H100 SXM
        .gpu_table-tags > .gpu_table-tag              80 GB VRAM · 125 GB RAM · 20 vCPUs
        .gpu_table-price[data-secure][data-community] 3.29 and 2.69, US dollars per GPU-hour
            .active-price                             one of the two, filled in by script
        a[href*="console.runpod.io/deploy"]           ?gpu=NVIDIA+H100+80GB+HBM3

The class names are those of several public parsers of the page and of a public fixture of 2026-07-10, which lacks the
attributes; so does a transcription of 2026-10-07.
"""

from __future__ import annotations

from collections.abc import Sequence

from bs4 import BeautifulSoup, Tag

from scrapers.records import Document, Listing
from scrapers.runpod import words
from scrapers.runpod.page_rows import Layout, read_rows
from scrapers.runpod.page_text import elements_of, with_class
from scrapers.strict import fail, one

LOOKED_FOR = ".gpu_collection-item.w-dyn-item .gpu_table-row"
_ROW, _ITEM, _NAME = "gpu_table-row", {"gpu_collection-item", "w-dyn-item"}, ("gpu_name", "is-pricing-page")
_PARTS = ("gpu_table-price", "gpu_table-pricing", "gpu_name")


def read(document: Document, page: BeautifulSoup) -> list[Listing]:
    """Return the Pods listings of the page's rows, none when it has no such rows.

    Raises:
        ParseError: a row is not built as known, or parts of rows are there without their rows.
    """
    elements = elements_of(page)
    rows = [row for row in with_class(elements, _ROW) if any(_is_item(parent) for parent in row.parents)]
    parts = [name for name in _PARTS if with_class(elements, name)]
    if parts and not rows:
        raise fail(document, f"looked for {LOOKED_FOR}, found only {', '.join(parts)}: were classes renamed?")
    return read_rows(document, rows, _LAYOUT)


def _is_item(element: Tag) -> bool:
    return set(element.get_attribute_list("class")) >= _ITEM


def _name(document: Document, elements: Sequence[Tag], text: str) -> Tag:
    return one(document, with_class(elements, *_NAME), f"name (.{'.'.join(_NAME)})", row=text)


_LAYOUT = Layout(
    name=_name,
    attributes={"data-secure": words.SECURE_CLOUD, "data-community": words.COMMUNITY_CLOUD},
    shown=("gpu_table-pricing", "gpu_table-price", "active-price"),
)
