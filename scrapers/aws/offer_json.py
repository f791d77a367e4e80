"""Offer files as JSON: all products first, then the terms (re-typed excerpt of version 20260910195514).

A price is ``terms/OnDemand/<SKU>/<term code>/priceDimensions/<rate code>/pricePerUnit/<currency>``. Codes are
taken as they are, never built: China's differ from the commercial ones, and its currency is CNY.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scrapers.aws.offer_rows import Contract, Fields, Harvest, PriceRow, Wanted, check_offer, contract_of, plain
from scrapers.places.pointers import pointer
from scrapers.records import Document
from scrapers.strict import fail, one, read_json, take


@dataclass(frozen=True, slots=True)
class Product:
    """A product whose prices are wanted.

    Attributes:
        sku_id: AWS's id.
        fields: the wanted attributes by plain name; "" where it has none.
        spelled: the attributes' names as printed, by plain name.
        refusal: the rule by which it is refused, or "".
    """

    sku_id: str
    fields: Fields
    spelled: Mapping[str, str]
    refusal: str


def read_all_rows(document: Document, wanted: Wanted) -> list[PriceRow]:
    """Return the prices by reading the whole file into memory: what the fast way is compared with.

    Raises:
        ParseError: the body is not such a JSON.
    """
    content = read_json(document)
    check_offer(document, wanted, content)
    products = take(document, content, "products")
    harvest = Harvest(wanted)
    place = itertools.count()
    for kind, by_sku in take(document, content, "terms").items():
        check_kind(document, kind)
        for sku, by_code in by_sku.items():
            product = read_product(document, wanted, sku, take(document, products, sku, row=f"terms of {sku}"))
            if product is not None:
                for code, term in by_code.items():
                    for row in read_term(document, product, kind, code, term):
                        harvest.add(next(place), row)
    return harvest.rows()


def check_kind(document: Document, kind: str) -> None:
    """Refuse a kind of term that is not known.

    Raises:
        ParseError: it is neither ``OnDemand`` nor ``Reserved``.
    """
    contract_of(
        document, kind, Contract("", "", "", "") if kind == "OnDemand" else Contract("", "-", "", "-"), row="terms"
    )


def read_product(document: Document, wanted: Wanted, sku: str, product: Mapping[str, Any]) -> Product | None:
    """Return a product, or None if its prices are not wanted.

    Raises:
        ParseError: it has no attributes, or one that is no text.
    """
    attributes = take(document, product, "attributes", row=f"product {sku}")
    spelled = _spelling(tuple(attributes))
    texts = {name: attributes[spelled[name]] for name in wanted.names if name in spelled}
    # The product family stands beside the attributes; some products, such as the free tier, have none.
    texts.setdefault("productfamily", product.get("productFamily", ""))
    odd = [name for name, text in texts.items() if not isinstance(text, str)]
    if odd:
        raise fail(document, f"looked for text, found something else for {', '.join(odd)}", row=f"product {sku}")
    fields = dict.fromkeys(wanted.names, "") | texts
    if not wanted.chosen(fields):
        return None
    return Product(sku, fields, spelled, wanted.refusal(fields))


@functools.lru_cache(maxsize=1000)
def _spelling(names: tuple[str, ...]) -> dict[str, str]:
    """Return attributes' names as printed by their plain names; products of one kind have the same."""
    return {plain(name): name for name in names}


def read_term(
    document: Document, product: Product, kind: str, code: str, term: Mapping[str, Any]
) -> Iterator[PriceRow]:
    """Yield the prices of one term of a product.

    Args:
        document: where it stands, for errors.
        product: of which it is a term.
        kind: ``OnDemand`` or ``Reserved``.
        code: the term's key, ``<SKU>.<term code>``.
        term: its content.

    Raises:
        ParseError: a part is missing.
    """
    attributes = term.get("termAttributes", {})
    length, offering, option = (
        attributes.get(name, "") for name in ("LeaseContractLength", "OfferingClass", "PurchaseOption")
    )
    contract = contract_of(document, kind, Contract(code.partition(".")[2], length, offering, option), row=code)
    for rate_code, rate in take(document, term, "priceDimensions", row=code).items():
        prices = take(document, rate, "pricePerUnit", row=rate_code)
        currency, price = one(document, list(prices.items()), "currency", row=rate_code)
        steps = ("terms", kind, product.sku_id, code, "priceDimensions", rate_code, "pricePerUnit", currency)
        yield PriceRow(
            place=rate_code,
            sku_id=product.sku_id,
            fields=product.fields,
            contract=contract,
            unit=take(document, rate, "unit", row=rate_code),
            currency=currency,
            price=price,
            locator=f"json:{pointer(*steps)}",
            locate=functools.partial(_locate_attribute, product),
            refusal=product.refusal,
        )


def _locate_attribute(product: Product, name: str) -> str:
    return "json:" + pointer("products", product.sku_id, "attributes", product.spelled[name])
