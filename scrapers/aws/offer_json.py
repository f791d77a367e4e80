"""Offer files as JSON: all products first, then the terms (re-typed excerpt of version 20260910195514).

A price is ``terms/OnDemand/<SKU>/<term code>/priceDimensions/<rate code>/pricePerUnit/<currency>``. Codes are
taken as they are, never built: China's differ from the commercial ones, and its currency is CNY.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scrapers.aws.offer_rows import ON_DEMAND, PriceRow, Wanted, check_offer, is_on_demand, plain
from scrapers.locate import pointer
from scrapers.records import Document
from scrapers.strict import fail, one, read_json, take


def read_json_rows(document: Document, wanted: Wanted) -> Iterator[PriceRow]:
    """Yield the on-demand prices.

    Raises:
        ParseError: the body is not such a JSON.
    """
    content = read_json(document)
    check_offer(document, wanted, content)
    products = take(document, content, "products")
    terms = take(document, content, "terms")
    for kind, term_of in terms.items():
        if is_on_demand(document, kind, row="terms"):
            for sku, by_code in term_of.items():
                product = take(document, products, sku, row=f"terms of {sku}")
                yield from _read_product(document, wanted, sku, product, by_code)


def _read_product(
    document: Document, wanted: Wanted, sku: str, product: Mapping[str, Any], by_code: Mapping[str, Any]
) -> Iterator[PriceRow]:
    attributes = take(document, product, "attributes", row=f"product {sku}")
    spelled = {plain(name): name for name in attributes}
    texts = {name: attributes[spelled[name]] for name in wanted.names if name in spelled}
    # The product family stands beside the attributes; some products, such as the free tier, have none.
    texts.setdefault("productfamily", product.get("productFamily", ""))
    odd = [name for name, text in texts.items() if not isinstance(text, str)]
    if odd:
        raise fail(document, f"looked for text, found something else for {', '.join(odd)}", row=f"product {sku}")
    fields = dict.fromkeys(wanted.names, "") | texts
    if wanted.chosen(fields):
        for code, term in by_code.items():
            yield from _read_term(document, (sku, code), term, fields, spelled)


def _read_term(
    document: Document,
    steps: tuple[str, str],
    term: Mapping[str, Any],
    fields: Mapping[str, str],
    spelled: Mapping[str, str],
) -> Iterator[PriceRow]:
    sku, code = steps
    for rate_code, rate in take(document, term, "priceDimensions", row=code).items():
        prices = take(document, rate, "pricePerUnit", row=rate_code)
        currency, price = one(document, list(prices.items()), "currency", row=rate_code)
        place = pointer("terms", ON_DEMAND, sku, code, "priceDimensions", rate_code, "pricePerUnit", currency)
        yield PriceRow(
            place=rate_code,
            sku_id=sku,
            fields=fields,
            unit=take(document, rate, "unit", row=rate_code),
            currency=currency,
            price=price,
            locator=f"json:{place}",
            locate=lambda name: "json:" + pointer("products", sku, "attributes", spelled[name]),
        )
