"""What an offer file of AWS's bulk price list comes to, CSV or JSON: one row per price of a wanted product.

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
RESERVED = "Reserved"

Fields = Mapping[str, str]
"""Attributes by plain name; "" for those that a product does not have."""


@dataclass(frozen=True, slots=True)
class Marks:
    """How the records of wanted products are found in a CSV without reading the others.

    Attributes:
        column: plain name of the column that holds a mark; a file without it is read record by record. "" where the
            marks stand in any column.
        marks: texts, one of which stands in every record that is wanted; () to read record by record.
        suspect: texts, one of which stands in every record that is wanted, with a mark or without. Many others have
            them too, and so they are looked for in all records at a file's beginning, and in samples of the rest. ()
            where the marks follow from what is wanted.
    """

    column: str
    marks: tuple[bytes, ...]
    suspect: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a source takes from an offer file; all names are plain.

    Attributes:
        offer: the file's offer code, e.g. ``AmazonEC2``.
        required: alternatives of which a CSV must have at least one column each.
        optional: further attributes; "" in every row where the file lacks them.
        chosen: tells from a product's attributes whether its prices are wanted at all.
        key: what a product is a price of, e.g. instance type and region: the first of the products that are refused by
            one rule stands for all of that key.
        refusal: names the rule by which a chosen product is refused, or "".
        marks: how its records are found in a CSV.
        json_keys: names, quoted as printed, of the attributes in JSON one of which tells whether a product is chosen.
        json_marks: the beginnings of that attribute's text in a product that may be chosen.
    """

    offer: str
    required: tuple[tuple[str, ...], ...]
    optional: tuple[str, ...]
    chosen: Callable[[Fields], bool]
    key: Callable[[Fields], tuple[str, ...]]
    refusal: Callable[[Fields], str]
    marks: Marks
    json_keys: tuple[bytes, ...]
    json_marks: tuple[bytes, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Every attribute that is read."""
        return (*itertools.chain(*self.required), *self.optional)


@dataclass(frozen=True, slots=True)
class Contract:
    """What a reserved price obliges to, all as printed.

    Attributes:
        code: AWS's code of the term.
        length: ``1yr``, ``3yr``.
        offering_class: ``standard``, ``convertible``; "" in lists from before there were two.
        purchase_option: ``No Upfront``, ``Partial Upfront``, ``All Upfront``.
    """

    code: str
    length: str
    offering_class: str
    purchase_option: str

    @property
    def words(self) -> str:
        """The kind of price in AWS's words: ``Reserved 1yr standard No Upfront``."""
        return " ".join(filter(None, (RESERVED, self.length, self.offering_class, self.purchase_option)))


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One price.

    Attributes:
        place: its rate code: where it is, for messages.
        sku_id: AWS's id of the product.
        fields: the wanted attributes by plain name; "" where the product has none.
        contract: None for an on-demand price.
        unit: as printed.
        currency: ISO 4217 code.
        price: as printed.
        locator: of the price.
        locate: returns the locator of an attribute that the product has.
        refusal: the rule by which its product is refused, or "".
    """

    place: str
    sku_id: str
    fields: Fields
    contract: Contract | None
    unit: str
    currency: str
    price: str
    locator: str
    locate: Callable[[str], str]
    refusal: str


@functools.cache
def plain(name: str) -> str:
    """Return a column's or attribute's name without case, spaces and punctuation."""
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def contract_of(document: Document, term: str, contract: Contract, *, row: str) -> Contract | None:
    """Return the contract of a kind of term: None for on-demand, the one given for a reserved one.

    Raises:
        ParseError: the kind is unknown, or the contract lacks a part, or on-demand has one.
    """
    printed = contract.length, contract.purchase_option
    if term == ON_DEMAND and not any(printed):
        return None
    if term == RESERVED and all(printed):
        return contract
    if term in {ON_DEMAND, RESERVED}:
        raise fail(document, f"looked for a term {term}, found one with length and option {printed}", row=row)
    raise fail(document, f"unknown kind of term {term!r}; known are {ON_DEMAND} and {RESERVED}", row=row)


def check_offer(document: Document, wanted: Wanted, metadata: Mapping[str, Any]) -> None:
    """Check a file's format and offer; the CSV says ``OfferCode`` where the JSON says ``offerCode``.

    Raises:
        ParseError: the file is of another format or offer.
    """
    known = {plain(name): value for name, value in metadata.items()}
    for name, value in (("formatversion", "v1.0"), ("offercode", wanted.offer)):
        if known.get(name) != value:
            raise fail(document, f"looked for {name} {value}, found {known.get(name)!r}")


class Harvest:
    """The rows of a file in their order: all of the products that are taken, one of those that are refused alike."""

    def __init__(self, wanted: Wanted) -> None:
        """Take what is wanted."""
        self._wanted = wanted
        self._taken: list[tuple[int, PriceRow]] = []
        self._refused: dict[tuple[str, ...], tuple[int, PriceRow]] = {}

    def __len__(self) -> int:
        """Return the number of rows so far."""
        return len(self._taken) + len(self._refused)

    def add(self, place: int, row: PriceRow) -> None:
        """Take a row that stands at a byte of the file; rows may come out of order."""
        if not row.refusal:
            self._taken.append((place, row))
            return
        key = (row.refusal, *self._wanted.key(row.fields))
        if key not in self._refused or self._refused[key][0] > place:
            self._refused[key] = (place, row)

    def has_refused(self, refusal: str, fields: Fields, place: int) -> bool:
        """Tell whether a row before that place stands for products like this, refused by the same rule."""
        found = self._refused.get((refusal, *self._wanted.key(fields))) if refusal else None
        return found is not None and found[0] <= place

    def rows(self) -> list[PriceRow]:
        """Return the rows in the order of the file."""
        found = sorted([*self._taken, *self._refused.values()], key=lambda item: item[0])
        return [row for _, row in found]
