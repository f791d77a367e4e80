"""The records of the hand-kept facts: what a row of `data/facts/*.toml` becomes.

What each key means, and where its evidence stands, is said at the head of each file.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class GpuName:
    """What one seller calls a GPU.

    Attributes:
        provider: the seller.
        name: verbatim, white space normalised.
        valid_from: first day of this meaning, where the label moved from one card to another; else None.
        valid_until: last day of it.
    """

    provider: str
    name: str
    valid_from: date | None = None
    valid_until: date | None = None

    def holds_on(self, day: date | None) -> bool:
        """Tell whether the label meant this card on that day; without a day, whether it ever did."""
        if day is None:
            return True
        return (self.valid_from or day) <= day <= (self.valid_until or day)


@dataclass(frozen=True, slots=True)
class Gpu:
    """One card that is not interchangeable with another.

    Attributes:
        id: canonical name, e.g. ``h100-sxm-80gb``.
        vendor: the maker: NVIDIA, AMD.
        model: the maker's model, with edition or slice where that is another product.
        form_factor: ``SXM``, ``PCIe``, ``NVL``; "" where the model has one form only.
        memory_gib: of one GPU, the nameplate figure as printed.
        printed_memory_gib: other figures that some seller prints for it.
        architecture: the maker's name of the generation.
        names: what sellers call it.
        source_url: where names and memory were read.
        checked_on: the date of that evidence.
    """

    id: str
    vendor: str
    model: str
    form_factor: str
    memory_gib: Decimal
    printed_memory_gib: tuple[Decimal, ...]
    architecture: str
    names: tuple[GpuName, ...]
    source_url: str
    checked_on: date

    @property
    def memories(self) -> tuple[Decimal, ...]:
        """Return every memory figure that this card goes by, in GiB."""
        return (self.memory_gib, *self.printed_memory_gib)


@dataclass(frozen=True, slots=True)
class GpuPool:
    """A group of cards sold at one price; the seller decides which of them one gets.

    Attributes:
        provider: the seller.
        service: the product.
        name: the label as printed, white space normalised.
        memory_gib: as printed for the group.
        gpus: canonical ids of the cards it may be.
        note: what the seller's documents leave open; "" for nothing.
        source_url: where label and memory were read.
        checked_on: the date of that evidence.
    """

    provider: str
    service: str
    name: str
    memory_gib: Decimal
    gpus: tuple[str, ...]
    note: str
    source_url: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class InstanceType:
    """The GPUs of one instance type of AWS.

    Attributes:
        type: as AWS writes it for EC2, e.g. ``g5.xlarge``.
        gpu: canonical id.
        gpu_count: 8, or 0.125 for an eighth of one.
        gpu_memory_gib: of the whole instance; of the slice where it has a part of one GPU.
        source_url: where count and model were read.
        checked_on: the date of that evidence.
    """

    type: str
    gpu: str
    gpu_count: Decimal
    gpu_memory_gib: Decimal
    source_url: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class NotGpu:
    """A family of instance types whose accelerator is not a GPU: ignored by name.

    Attributes:
        family: the part before the dot, e.g. ``inf2``.
        is_: what it is instead.
        vendor: the maker.
        source_url: where that was read.
        checked_on: the date of that evidence.
    """

    family: str
    is_: str
    vendor: str
    source_url: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit word of a source.

    Attributes:
        text: as printed, white space normalised.
        period: ``hour``, ``minute``, ``second``, ``month``, ``one_time``.
        periods_per_hour: a price per period times this is the price per hour; None without an hourly meaning.
        sources: ids of the sources that print it.
        source_url: where it was seen.
        checked_on: the date of that evidence.
    """

    text: str
    period: str
    periods_per_hour: Decimal | None
    sources: tuple[str, ...]
    source_url: str
    checked_on: date


class ClaimStatus(enum.StrEnum):
    """What the evidence does to a statement."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    """It says a part of it, or something close; the remark says which."""
    CONTRADICTED = "contradicted"
    """The statement is another document's; the evidence says otherwise."""
    UNVERIFIABLE = "unverifiable"
    """No evidence could be read."""


@dataclass(frozen=True, slots=True)
class LaterVerdict:
    """What became of a statement later: its verdict from a day on, with evidence of its own.

    Attributes:
        valid_from: first day on which this verdict is seen to be right; until the next one's.
        status: what the evidence does to the statement from then on.
        short: a table cell's few words; "" where the section has no table, and of a contradicted statement.
        evidence_url: where the evidence stands.
        evidence_quote: its decisive words; "" where there is no text of it.
        seen_on: the date of the evidence; None where it has none.
        dating: what is known of its age; never "" without `seen_on`.
        checked_on: when statement and evidence were last held side by side.
        remark: what must be said beside it; "" for nothing.
    """

    valid_from: date
    status: ClaimStatus
    short: str
    evidence_url: str
    evidence_quote: str
    seen_on: date | None
    dating: str
    checked_on: date
    remark: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement that is not a price, with its evidence.

    Attributes:
        id: never renamed once published.
        section: the part of the report it belongs to.
        subject: what it is about.
        aspect: the column or row of a table; "" where the section has none.
        gpus: canonical ids it is about.
        short: a table cell's few words; "" where the section has no table.
        statement: in our own words; another document's when contradicted.
        evidence_url: where the evidence stands.
        evidence_quote: its decisive words; "" where there is no text of it.
        seen_on: the date of the evidence; None where it has none.
        dating: what is known of its age; never "" without `seen_on`.
        checked_on: when statement and evidence were last held side by side.
        holds_from: first day it was seen to hold (of a contradicted one: not to hold); None where unknown.
        holds_until: last day it was seen to hold; None unless it has ended since.
        status: what the evidence does to it.
        remark: what must be said beside it; "" for nothing.
        later: other verdicts on the same statement, each from a day on, oldest first.
    """

    id: str
    section: str
    subject: str
    aspect: str
    gpus: tuple[str, ...]
    short: str
    statement: str
    evidence_url: str
    evidence_quote: str
    seen_on: date | None
    dating: str
    checked_on: date
    holds_from: date | None
    holds_until: date | None
    status: ClaimStatus
    remark: str
    later: tuple[LaterVerdict, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """One link of the report's list of sources.

    Attributes:
        group: heading it stands under.
        title: for people.
        url: the public address.
        checked_on: when it was last read or cited.
    """

    group: str
    title: str
    url: str
    checked_on: date
