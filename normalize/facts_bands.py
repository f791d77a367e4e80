"""`bands.toml`: which prices of a card are plausible, and which of a managed product over the machine under it.

What each key means, and where its evidence stands, is said at the head of the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from normalize.facts_rows import Row, check_unique, read_rows

BANDS_FILE = "bands.toml"


@dataclass(frozen=True, slots=True)
class Seen:
    """A public figure that bounds what is plausible.

    Attributes:
        price: USD per GPU-hour.
        of: what it was the price of.
        on: when it was published.
        source_url: where.
    """

    price: Decimal
    of: str
    on: date
    source_url: str


@dataclass(frozen=True, slots=True)
class Band:
    """What one GPU-hour of a card may plausibly cost, however it is sold.

    Attributes:
        gpu: canonical id.
        lowest: the lowest public figure.
        highest: the highest public figure.
        width: a price is plausible from lowest / width to highest x width.
    """

    gpu: str
    lowest: Seen
    highest: Seen
    width: Decimal

    @property
    def floor(self) -> Decimal:
        """Return the lowest plausible price, USD per GPU-hour."""
        return self.lowest.price / self.width

    @property
    def ceiling(self) -> Decimal:
        """Return the highest plausible price, USD per GPU-hour."""
        return self.highest.price * self.width


@dataclass(frozen=True, slots=True)
class Premium:
    """How far the price of a managed product lies above that of the machine under it.

    Attributes:
        services: the managed products.
        over: the product under them.
        lowest: plausible ratio of their prices, from here
        highest: to here.
        evidence: which ratios were seen.
        source_url: where the figures were read.
        checked_on: the date of that evidence.
    """

    services: tuple[str, ...]
    over: str
    lowest: Decimal
    highest: Decimal
    evidence: str
    source_url: str
    checked_on: date


def read_bands(folder: Path) -> tuple[tuple[Band, ...], tuple[Premium, ...]]:
    """Read `bands.toml`: plausible prices of cards, and of managed products over the machines under them."""
    file = folder / BANDS_FILE
    rows = read_rows(file, {"band": "gpu", "premium": "over"})
    bands = tuple(map(_band, rows["band"]))
    premiums = tuple(map(_premium, rows["premium"]))
    check_unique(file, "band", (band.gpu for band in bands))
    check_unique(file, "premium", (service for premium in premiums for service in premium.services))
    return bands, premiums


def _band(row: Row) -> Band:
    band = Band(
        gpu=row.kebab("gpu"),
        lowest=_seen(row, "lowest"),
        highest=_seen(row, "highest"),
        width=row.decimal("width"),
    )
    row.finish()
    if band.highest.price < band.lowest.price:
        raise row.error("highest", f"{band.highest.price} is below the lowest, {band.lowest.price}")
    if band.width < 1:
        raise row.error("width", f"{band.width} would leave out the figures themselves; it is 1 or more")
    return band


def _seen(row: Row, key: str) -> Seen:
    part = row.part(key, row.table(key))
    seen = Seen(part.decimal("price"), part.words("of"), part.day("on"), part.url("source_url"))
    part.finish()
    return seen


def _premium(row: Row) -> Premium:
    premium = Premium(
        services=row.texts("services"),
        over=row.words("over"),
        lowest=row.decimal("lowest"),
        highest=row.decimal("highest"),
        evidence=row.words("evidence"),
        source_url=row.url("source_url"),
        checked_on=row.day("checked_on"),
    )
    row.finish()
    if premium.highest < premium.lowest:
        raise row.error("highest", f"{premium.highest} is below the lowest, {premium.lowest}")
    return premium
