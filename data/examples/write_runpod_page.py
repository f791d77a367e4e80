"""RunPod's pricing page in its layout of 2026, with the figures that are public and no others.

A GPU with both clouds' prices has a row with both attributes and a JSON-LD product; a GPU of which one cloud's price is
public has a product with that one named offer and no row, since an empty attribute would say "not offered there"; a
price that was quoted without its cloud is the shown price of a row without attributes. The markup of the Serverless
section is not recorded in public: its table is ours.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from typing import Any
from urllib.parse import quote_plus

from tables import Body, Figure

_SECURE, _COMMUNITY = "Secure Cloud", "Community Cloud"
_NOTE = "Reconstructed by Ratecard from dated public figures, in the layout of 2026. Not a copy of RunPod's page."


def pricing_page(_body: Body, figures: Sequence[Figure]) -> str:
    """Return the page as a browser would have rendered it."""
    pods = {name: list(group) for name, group in groupby(_of("Pods", figures), key=lambda figure: figure.sku)}
    known = [clouds for clouds in pods.values() if clouds[0].cloud]
    products = [_product(clouds) for clouds in known]
    head = [f"<!-- {_NOTE} -->", '<html lang="en"><head><meta charset="utf-8"><title>GPU pricing | Runpod</title>']
    if products:
        graph = json.dumps({"@context": "https://schema.org", "@graph": products}, indent=1)
        head.append(f'<script type="application/ld+json">\n{graph}\n</script>')
    rows = [_row(clouds) for clouds in pods.values() if len(clouds) == 2 or not clouds[0].cloud]  # noqa: PLR2004
    sections = [
        _list("Pods", "gpu_collection-list", rows),
        _serverless(_of("Serverless", figures)),
        _list("Clusters", "clusters_list", [_cluster(figure) for figure in _of("Clusters", figures)]),
    ]
    parts = ["<!DOCTYPE html>", *head, "</head><body><main>", "<h1>GPU pricing</h1>"]
    return "\n".join([*parts, *filter(None, sections), "</main></body></html>\n"])


def _of(service: str, figures: Iterable[Figure]) -> list[Figure]:
    return [figure for figure in figures if figure.service == service]


def _product(clouds: Sequence[Figure]) -> dict[str, Any]:
    """Return a GPU's JSON-LD record: the low price is the Community Cloud's, the high one the Secure Cloud's."""
    prices = {figure.cloud: figure.price for figure in clouds}
    both = {"lowPrice": prices[_COMMUNITY], "highPrice": prices[_SECURE]} if len(prices) > 1 else {}
    named = [
        {"@type": "Offer", "name": cloud, "price": prices[cloud], "priceCurrency": "USD"}
        for cloud in (_SECURE, _COMMUNITY)
        if cloud in prices
    ]
    offers = {"@type": "AggregateOffer", **both, "priceCurrency": "USD", "offerCount": len(named), "offers": named}
    return {"@type": "Product", "name": f"{clouds[0].sku} GPU on Runpod", "offers": offers}


def _row(clouds: Sequence[Figure]) -> str:
    first = clouds[0]
    link = f"https://console.runpod.io/deploy?gpu={quote_plus(first.sku_id)}"
    return (
        '<div role="listitem" class="gpu_collection-item w-dyn-item"><div class="gpu_table-row">\n'
        f'<div class="gpu_name-wrapper"><p class="gpu_name is-pricing-page">{escape(first.sku)}</p></div>\n'
        f'<div class="gpu_table-tags"><div class="gpu_table-tag">{escape(first.gpu_memory)}</div></div>\n'
        f"{_price(clouds)}\n"
        f'<a href="{escape(link)}">Deploy</a>\n'
        "</div></div>"
    )


def _price(clouds: Sequence[Figure]) -> str:
    """Return a row's price: both clouds as attributes and the Secure Cloud's shown, or the one that was shown."""
    prices = {figure.cloud: figure.price for figure in clouds}
    if "" in prices:
        return f'<div class="gpu_table-pricing">${prices[""]}/hr</div>'
    attributes = f'data-secure="{prices[_SECURE]}" data-community="{prices[_COMMUNITY]}"'
    return f'<div class="gpu_table-price" {attributes}><span class="active-price">${prices[_SECURE]}/hr</span></div>'


def _serverless(figures: Sequence[Figure]) -> str:
    rows = [
        f"<tr><td>{escape(f.sku)}</td><td>{escape(f.gpu_memory)}</td><td>${f.price}{f.unit}</td></tr>" for f in figures
    ]
    if not rows:
        return ""
    header = "<tr><th>GPU</th><th>Memory</th><th>Flex</th></tr>"
    return "\n".join(["<section><h2>Serverless</h2>", "<table>", header, *rows, "</table>", "</section>"])


def _cluster(figure: Figure) -> str:
    return (
        f'<div role="listitem" class="clusters_list-item"><div>{escape(figure.sku)}</div>'
        f'<div class="clusters_item-price">${figure.price}/hr</div></div>'
    )


def _list(heading: str, css_class: str, items: Sequence[str]) -> str:
    if not items:
        return ""
    opening = f'<section><h2>{heading}</h2>\n<div role="list" class="{css_class}">'
    return "\n".join([opening, *items, "</div></section>"])
