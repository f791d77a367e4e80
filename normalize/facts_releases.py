"""`releases.toml`: decisions to let through a price that breaks an invariant, each for one price only.

What each key means is said at the head of the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from normalize.facts_rows import Row, check_unique, read_rows
from normalize.records import CloudType, Identity, PriceBasis, PricingCategory

RELEASES_FILE = "releases.toml"

INVARIANTS = {
    "outside_band": "the price per GPU-hour lies within the band of its card in data/facts/bands.toml",
    "count_out_of_bounds": "a SKU has 1 to 72 GPUs, or an even part of one down to an eighth",
    "memory_mismatch": "the GPU memory that is printed is that of count x card in data/facts/instances.toml",
    "spot_above_on_demand": "a spot price is not above the on-demand price of the same machine",
    "on_demand_below_spot": "an on-demand price is not below every spot price of the same machine",
    "term_above_on_demand": "an hour with a commitment is not dearer than one on demand, fees spread over the term",
    "on_demand_below_terms": "an on-demand price is not below every committed price of the same machine",
    "longer_term_dearer": "three years are not dearer per hour than one; convertible ones by an eighth at most",
    "spot_list_is_on_demand_list": "the spot prices of a region are not all equal to its on-demand prices",
    "unconfirmed_jump": "a list price that more than doubles or halves is confirmed by a second source",
}
"""The invariants of prices that can be read, by name: what must hold. A price that breaks one waits for a decision.

Prices that break another rule (`bad_price`, `no_reason`, `two_prices`) hold no single figure to let through.
"""


@dataclass(frozen=True, slots=True)
class Release:
    """A decision that one price of one offer may be used although it breaks an invariant.

    Attributes:
        identity: of the offer, as `normalize.records.identity_of` gives it.
        price: list unit price; at any other the decision says nothing.
        pricing_unit: of that price.
        invariant: name of the broken one.
        reason: why the price is right all the same.
        decided_on: when.
        decided_by: by whom.
        source_url: what it rests on.
    """

    identity: Identity
    price: Decimal
    pricing_unit: str
    invariant: str
    reason: str
    decided_on: date
    decided_by: str
    source_url: str


def read_releases(folder: Path) -> tuple[Release, ...]:
    """Read `releases.toml`; it may hold no row at all."""
    file = folder / RELEASES_FILE
    releases = tuple(map(_release, read_rows(file, {"release": "sku"}, may_be_empty=True)["release"]))
    check_unique(file, "release", ((r.identity, r.price, r.pricing_unit, r.invariant) for r in releases))
    return releases


def _release(row: Row) -> Release:
    release = Release(
        identity=_identity(row),
        price=row.decimal("price"),
        pricing_unit=row.words("pricing_unit"),
        invariant=row.one_of("invariant", INVARIANTS),
        reason=row.words("reason"),
        decided_on=row.day("decided_on"),
        decided_by=row.words("decided_by"),
        source_url=row.url("source_url"),
    )
    row.finish()
    return release


def _identity(row: Row) -> Identity:
    """Take the fields of an offer's identity, in the order of `identity_of`; a field that it lacks is left out."""
    months = row.words_if_any("commitment_months")
    if months not in {"", "12", "36"}:
        raise row.error("commitment_months", f'{months!r} is none of "12", "36"')
    return (
        row.words("source"),
        row.words("provider"),
        row.words("service"),
        row.words("sku"),
        row.words_if_any("region") or None,
        row.words_if_any("operating_system") or None,
        PricingCategory(row.one_of("pricing_category", tuple(PricingCategory))),
        PriceBasis(row.one_of("price_basis", tuple(PriceBasis))),
        CloudType(row.one_of("cloud_type", tuple(CloudType))) if row.has("cloud_type") else None,
        int(months) if months else None,
        row.words_if_any("payment_option") or None,
        row.words_if_any("offering_class") or None,
        row.kebab("gpu"),
    )
