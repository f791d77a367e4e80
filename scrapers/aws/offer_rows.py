"""What an offer file of AWS's bulk price list comes to, CSV or JSON: one row per on-demand price.

The two formats spell one attribute differently, and neither is regular: ``Pre Installed S/W`` and
``preInstalledSw``, ``CapacityStatus`` and ``capacitystatus``. Here an attribute has its `plain` name:
``preinstalledsw``.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from scrapers.records import Document
from scrapers.strict import fail

ON_DEMAND = "OnDemand"
_OTHER_TERMS = frozenset({"Reserved"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a source takes from an offer file; all names are plain.

    Attributes:
        offer: the file's offer code, e.g. ``AmazonEC2``.
        required: alternatives of which a CSV must have at least one column each.
        optional: further attributes; "" in every row where the file lacks them.
        chosen: tells from a product's attributes whether its prices are wanted at all.
    """

    offer: str
    required: tuple[tuple[str, ...], ...]
    optional: tuple[str, ...]
    chosen: Callable[[Mapping[str, str]], bool]

    @property
    def names(self) -> tuple[str, ...]:
        """Every attribute that is read."""
        return (*itertools.chain(*self.required), *self.optional)


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One on-demand price.

    Attributes:
        place: where it is, for messages: ``record 7`` or the rate code.
        sku_id: AWS's id of the product.
        fields: the wanted attributes by plain name; "" where the product has none.
        unit: as printed.
        currency: ISO 4217 code.
        price: as printed.
        locator: of the price.
        locate: returns the locator of an attribute that the product has.
    """

    place: str
    sku_id: str
    fields: Mapping[str, str]
    unit: str
    currency: str
    price: str
    locator: str
    locate: Callable[[str], str]


@functools.cache
def plain(name: str) -> str:
    """Return a column's or attribute's name without case, spaces and punctuation."""
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def is_on_demand(document: Document, term: str, *, row: str) -> bool:
    """Tell whether a kind of term is the one that is read here.

    Raises:
        ParseError: it is neither that nor one that is ignored by name.
    """
    if term not in {ON_DEMAND, *_OTHER_TERMS}:
        raise fail(document, f"unknown kind of term {term!r}", row=row)
    return term == ON_DEMAND


def check_offer(document: Document, wanted: Wanted, metadata: Mapping[str, Any]) -> None:
    """Check a file's format and offer; the CSV says ``OfferCode`` where the JSON says ``offerCode``.

    Raises:
        ParseError: the file is of another format or offer.
    """
    known = {plain(name): value for name, value in metadata.items()}
    for name, value in (("formatversion", "v1.0"), ("offercode", wanted.offer)):
        if known.get(name) != value:
            raise fail(document, f"looked for {name} {value}, found {known.get(name)!r}")
