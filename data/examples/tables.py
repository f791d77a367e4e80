"""The tables that the examples are written from: dated public figures, and the bodies that print them.

`bodies.csv` has one row per body: which snapshot and source it belongs to, in which format it is written, the public
address and date of its figures, and where they are public. `figures.csv` has one row per figure that a body prints.
`absences.csv` says why a source is not in a snapshot.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import TypeVar

HERE = Path(__file__).resolve().parent
"""Where the tables lie, and the store that is written from them."""

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Body:
    """One body of the examples.

    Attributes:
        snapshot: date of the snapshot that holds it, ISO.
        source: id of the source.
        resource: name of the body inside its source's folder.
        format: which writer writes it, see `write.WRITERS`.
        url: the public address whose answer it stands for.
        retrieved_at: date of its figures, ISO 8601 UTC; the first instant of the day or month that is known.
        date_precision: `second`, `day` or `month`.
        media_type: as that address serves it.
        version: of the price list or of the document, where it has one, else "".
        excerpt: `yes` when its source published more than the figures here, so that what it leaves out says nothing.
        provenance: where the figures are public, with commit, date and grade; what is made up.
    """

    snapshot: str
    source: str
    resource: str
    format: str
    url: str
    retrieved_at: str
    date_precision: str
    media_type: str
    version: str
    excerpt: str
    provenance: str

    @property
    def moment(self) -> datetime:
        """The date of its figures, UTC."""
        return datetime.fromisoformat(self.retrieved_at)

    @property
    def is_excerpt(self) -> bool:
        """Whether it is an excerpt."""
        return {"yes": True, "no": False}[self.excerpt]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure that a body prints; "" where the public source does not say, or where the column has no meaning.

    Attributes:
        snapshot: date of the snapshot, ISO.
        source: id of the source.
        resource: name of the body.
        role: `price`, a GPU price that the parser must list; `other`, the price of a machine without GPU;
            `trap`, a figure that stands beside the prices and must never be listed as one; `absent`, a machine
            that the body names without a price; `catalogue`, a GPU in a list without prices.
        service: the product, in the words of the listing.
        sku: instance type, GPU name or group, as printed.
        sku_id: the provider's machine id.
        region: region code.
        operating_system: as printed.
        terms: the kind of price, as printed.
        cloud: `Secure Cloud` or `Community Cloud`.
        unit: the unit, as printed.
        price: the digits as printed, without currency sign; USD.
        gpu_name: the GPU, as printed.
        gpu_count: number of GPUs, as printed.
        gpu_memory: as printed.
    """

    snapshot: str
    source: str
    resource: str
    role: str
    service: str
    sku: str
    sku_id: str
    region: str
    operating_system: str
    terms: str
    cloud: str
    unit: str
    price: str
    gpu_name: str
    gpu_count: str
    gpu_memory: str


@dataclass(frozen=True, slots=True)
class Absence:
    """A source that a snapshot has nothing of, and why."""

    snapshot: str
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class VantageType:
    """What Vantage's feed of 2025-11-30 prints about an instance type, beside its prices; sizes in GiB."""

    instance_type: str
    family: str
    pretty_name: str
    vcpu: str
    memory_gib: str
    gpu: str
    gpu_model: str
    gpu_memory_gib: str
    compute_capability: str


def read_bodies() -> list[Body]:
    """Return all bodies, in the order of the table."""
    return _read("bodies.csv", Body)


def read_figures() -> dict[tuple[str, str, str], list[Figure]]:
    """Return the figures of every body, by snapshot, source and resource."""
    figures: dict[tuple[str, str, str], list[Figure]] = defaultdict(list)
    for figure in _read("figures.csv", Figure):
        figures[figure.snapshot, figure.source, figure.resource].append(figure)
    return figures


def read_absences() -> list[Absence]:
    """Return the sources that snapshots lack, in the order of the table."""
    return _read("absences.csv", Absence)


def read_vantage_types() -> list[VantageType]:
    """Return the instance types of Vantage's feed, sorted by name."""
    return _read("vantage_types.csv", VantageType)


def _read(name: str, row_type: type[Row]) -> list[Row]:
    path = HERE / name
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        wanted = [field.name for field in fields(row_type)]  # type: ignore[arg-type]
        if rows.fieldnames != wanted:
            message = f"{path}: looked for the columns {wanted}, found {rows.fieldnames}"
            raise ValueError(message)
        return [row_type(**row) for row in rows]
