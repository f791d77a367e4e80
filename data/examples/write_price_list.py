"""AWS's price list (Bulk API), in CSV and in JSON, for AmazonEC2 and AmazonSageMaker.

Beside the prices stand the twins that make the list hard to read: rows of the same instance type that are not its
price, most of them at 0. Attributes without a public value are left out, as the list does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import price_list_columns as columns
from json_numbers import json_text
from price_list_products import Product, ec2_product, sagemaker_product
from tables import Body, Figure

_DISCLAIMER = (
    "This pricing list is for informational purposes only. All prices are subject to the additional terms included in "
    "the pricing pages on http://aws.amazon.com. All Free Tier prices are also subject to the terms included at "
    "https://aws.amazon.com/free/"
)
_RATE = "6YS6EN2CT7"


@dataclass(frozen=True, slots=True)
class _Offer:
    """One of AWS's price lists: its code, the columns of its CSV, and how a figure becomes a product."""

    code: str
    columns: Sequence[str]
    product: Callable[[Figure, Sequence[Figure]], Product]


_EC2 = _Offer("AmazonEC2", columns.EC2, ec2_product)
_SAGEMAKER = _Offer("AmazonSageMaker", columns.SAGEMAKER, sagemaker_product)


def ec2_csv(body: Body, figures: Sequence[Figure]) -> str:
    """Return an excerpt of AmazonEC2's list in CSV."""
    return _csv(_EC2, body, figures)


def ec2_json(body: Body, figures: Sequence[Figure]) -> str:
    """Return an excerpt of AmazonEC2's list in JSON."""
    return _json(_EC2, body, figures)


def sagemaker_csv(body: Body, figures: Sequence[Figure]) -> str:
    """Return an excerpt of AmazonSageMaker's list in CSV."""
    return _csv(_SAGEMAKER, body, figures)


def sagemaker_json(body: Body, figures: Sequence[Figure]) -> str:
    """Return an excerpt of AmazonSageMaker's list in JSON."""
    return _json(_SAGEMAKER, body, figures)


def _published(body: Body) -> datetime:
    """Return when the list was published: its version is that time, else the date of the figures stands for it."""
    return datetime.strptime(body.version, "%Y%m%d%H%M%S").replace(tzinfo=UTC) if body.version else body.moment


def _version(body: Body) -> str:
    return body.version or "reconstructed"


def _csv(offer: _Offer, body: Body, figures: Sequence[Figure]) -> str:
    metadata = [
        ("FormatVersion", "v1.0"),
        ("Disclaimer", _DISCLAIMER),
        ("Publication Date", f"{_published(body):%Y-%m-%dT%H:%M:%SZ}"),
        ("Version", _version(body)),
        ("OfferCode", offer.code),
    ]
    rows = [_csv_record(offer, offer.product(figure, figures), f"{_published(body):%Y-%m-01}") for figure in figures]
    return "".join(_csv_line(row) for row in [*metadata, offer.columns, *rows])


def _csv_line(fields: Iterable[str]) -> str:
    """Return one line as AWS quotes it: what is empty stays bare."""
    return ",".join(f'"{field.replace(chr(34), chr(34) * 2)}"' if field else "" for field in fields) + "\n"


def _csv_record(offer: _Offer, product: Product, effective: str) -> list[str]:
    named = {columns.ATTRIBUTES[name]: value for name, value in product.attributes.items()}
    named |= {
        "SKU": product.sku,
        "OfferTermCode": product.term,
        "RateCode": f"{product.sku}.{product.term}.{_RATE}",
        "TermType": "OnDemand",
        "PriceDescription": _description(product),
        "EffectiveDate": effective,
        "StartingRange": "0",
        "EndingRange": product.end_range,
        "Unit": product.unit,
        "PricePerUnit": product.price,
        "Currency": "USD",
        "Product Family": product.family,
    }
    unknown = named.keys() - set(offer.columns)
    if unknown:
        message = f"{offer.code} has no columns {sorted(unknown)}"
        raise ValueError(message)
    return [named.get(column, "") for column in offer.columns]


def _description(product: Product) -> str:
    """Return the description with its price in short form: at least two decimals, no zeros after them."""
    short = Decimal(product.price).normalize()
    places = -int(short.as_tuple().exponent)
    return f"${short:.{max(2, places)}f} per {product.description}"


def _json(offer: _Offer, body: Body, figures: Sequence[Figure]) -> str:
    products = [offer.product(figure, figures) for figure in figures]
    effective = f"{_published(body):%Y-%m-01T00:00:00Z}"
    return json_text(
        {
            "formatVersion": "v1.0",
            "disclaimer": _DISCLAIMER,
            "offerCode": offer.code,
            "version": _version(body),
            "publicationDate": f"{_published(body):%Y-%m-%dT%H:%M:%SZ}",
            "products": {product.sku: _json_product(product) for product in products},
            "terms": {"OnDemand": {product.sku: _json_term(product, effective) for product in products}},
            "attributesList": {},
        },
        indent=1,
    )


def _json_product(product: Product) -> dict[str, Any]:
    return {"sku": product.sku, "productFamily": product.family, "attributes": product.attributes}


def _json_term(product: Product, effective: str) -> dict[str, Any]:
    term = f"{product.sku}.{product.term}"
    rate = {
        "rateCode": f"{term}.{_RATE}",
        "description": _description(product),
        "beginRange": "0",
        "endRange": product.end_range,
        "unit": product.unit,
        "pricePerUnit": {"USD": product.price},
        "appliesTo": [],
    }
    return {
        term: {
            "offerTermCode": product.term,
            "sku": product.sku,
            "effectiveDate": effective,
            "priceDimensions": {f"{term}.{_RATE}": rate},
            "termAttributes": {},
        }
    }
