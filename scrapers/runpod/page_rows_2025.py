"""Pods on the pricing page in its layout of mid-2025 to mid-2026: one link per GPU.

::

    .gpu-pricing-table__list a.gpu-pricing-row[href*="gpu="]   ?gpu=NVIDIA+H100+80GB+HBM3
        .gpu-pricing-row__model-wrapper .text-block-2          H100 SXM; the element has data-line-clamp, too
        .gpu-pricing-row__tag                                  two nodes: 80 and GB VRAM
        .cc-gpu-price[data-secure-cloud-price][data-community-cloud-price]   0 until the page's script has run

Known from public parsers of the page (becloudready/gpu-price, sources/runpod.py, and others); what is shown is never
read, since it is one of the two prices or that 0.
"""

from __future__ import annotations

from collections.abc import Sequence

from bs4 import BeautifulSoup, Tag

from scrapers.records import Document, Listing
from scrapers.runpod import words
from scrapers.runpod.page_rows import Layout, read_rows
from scrapers.runpod.page_text import elements_of, with_class
from scrapers.strict import one

LOOKED_FOR = ".gpu-pricing-row"
_WRAPPER = "gpu-pricing-row__model-wrapper"


def read(document: Document, page: BeautifulSoup) -> list[Listing]:
    """Return the Pods listings of the page's rows, none when it has no such rows.

    Raises:
        ParseError: a row is not built as known.
    """
    return read_rows(document, with_class(elements_of(page), LOOKED_FOR.removeprefix(".")), _LAYOUT)


def _name(document: Document, elements: Sequence[Tag], text: str) -> Tag:
    """Return the element marked as the name, or the wrapper where none is."""
    wrapper = one(document, with_class(elements, _WRAPPER), f"name (.{_WRAPPER})", row=text)
    marked = [
        element
        for element in elements_of(wrapper)
        if "text-block-2" in element.get_attribute_list("class") or "data-line-clamp" in element.attrs
    ]
    return one(document, marked, f"name in .{_WRAPPER}", row=text) if marked else wrapper


_LAYOUT = Layout(
    name=_name,
    attributes={
        "data-secure-cloud-price": words.SECURE_CLOUD,
        "data-community-cloud-price": words.COMMUNITY_CLOUD,
    },
    shown=(),
)
