"""The records of normalisation: comparable prices, what became of them, and what was found on the way.

Money is `Decimal`; what is absent is None with a reason, never 0.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from scrapers.records import DatePrecision, Lineage, Listing, Obtained


class PricingCategory(enum.StrEnum):
    """How a price is sold; FinOps FOCUS words where it has them, else the vendor's."""

    ON_DEMAND = "on_demand"
    SPOT = "spot"
    FLEX = "flex"
    """RunPod serverless worker that scales to zero."""
    ACTIVE = "active"
    """RunPod serverless worker that always runs; never a pod price."""
    COMMITTED = "committed"
    """Reserved instances and savings plans; with term and payment option."""
    CAPACITY_BLOCK = "capacity_block"
    CLUSTER = "cluster"


class PriceBasis(enum.StrEnum):
    """What one figure stands for; figures of different bases never form one series."""

    LIST = "list"
    """The seller's list price."""
    REGION_QUOTE = "region_quote"
    """One spot price for a whole region."""
    ZONE_MINIMUM = "zone_minimum"
    ZONE_MEAN = "zone_mean"
    ZONE_MAXIMUM = "zone_maximum"
    MEAN_OF_QUOTES = "mean_of_quotes"
    """A mean over quotes whose choice the source does not state."""
    ESTIMATE = "estimate"
    """Computed by the source from a discount percentage; never shown as a price."""
    ZONE_QUOTE = "zone_quote"
    """The price of one zone; a market holds what the zones of a region come to, see `normalize.zones`."""
    RESTATED = "restated"
    """The list price as another place of the same page prints it, where the two differ: a conflict, never a figure."""
    STATEMENT = "statement"
    """No figure at all: the offer's absence holds what the source says of it, such as how often it is interrupted."""


class CloudType(enum.StrEnum):
    """RunPod's two kinds of host."""

    SECURE = "secure"
    COMMUNITY = "community"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a figure was read; it can be gone to and read again.

    Attributes:
        source: id of the source.
        url: the public address.
        retrieved_at: when the bytes were read there, UTC.
        obtained: live, imported or reconstructed.
        sha256: of the archived body.
        locator: where in that body, see `scrapers.places.locate`.
        quote: the text that stands there.
        body: path of that body in the store; "" where it is not known.
    """

    source: str
    url: str
    retrieved_at: datetime
    obtained: Obtained
    sha256: str
    locator: str
    quote: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """One comparable price.

    Attributes:
        source: id of the source it was read from.
        provider: who sells it.
        service: the product.
        sku: instance type, GPU name or group, as the provider prints it.
        sku_id: the provider's machine id, or None.
        region: region code; None where the source does not say or has one price for all.
        operating_system: None where it has no meaning.
        pricing_category: how it is sold.
        price_basis: what the figure stands for.
        cloud_type: RunPod pods only; None where the source does not say.
        commitment_months: None without commitment.
        payment_option: ``no_upfront``, ``partial_upfront``, ``all_upfront``; None without commitment.
        offering_class: ``standard``, ``convertible``, ``savings_plan``; None without commitment.
        gpu: canonical id of the GPU (`data/facts/gpus.toml`).
        gpu_vendor: e.g. NVIDIA.
        gpu_model: e.g. H100.
        gpu_form_factor: SXM, PCIe, NVL; None where the card has only one.
        gpu_count: GPUs of the SKU; 0.125 is an eighth of one.
        gpu_memory_gib: memory of one whole GPU, as the vendor states it.
        gpu_pool: canonical ids of all GPUs that the provider may supply under this SKU; empty when the card is certain.
        gpu_as_printed: name, count and memory of the GPU as the source prints them, each None where it prints none.
        list_unit_price: price of one `pricing_unit` of the SKU; with an upfront fee the effective price, the fee spread
            over the term; None when there is none.
        upfront_fee: part of the price that is paid once at the start of the term, of the whole SKU; None without one.
        pricing_unit: ``hour`` or ``second``, of the whole SKU.
        billing_currency: ISO 4217 code of `list_unit_price`.
        usd_per_gpu_hour: list unit price x units per hour / GPU count, in USD; for a fraction of a GPU the full-GPU
            equivalent; None without a price in USD.
        absence: why there is no figure; "" where there is one.
        lineage: first party or aggregator.
        observed_at: when the source said so, UTC.
        date_precision: how exactly that time is known.
        obtained: live, imported or reconstructed.
        quarantined: why the figure must not be used, the name of the broken invariant first; None when it may.
        citations: where it was read.
    """

    source: str
    provider: str
    service: str
    sku: str
    sku_id: str | None
    region: str | None
    operating_system: str | None
    pricing_category: PricingCategory
    price_basis: PriceBasis
    cloud_type: CloudType | None
    commitment_months: int | None
    payment_option: str | None
    offering_class: str | None
    gpu: str
    gpu_vendor: str
    gpu_model: str
    gpu_form_factor: str | None
    gpu_count: Decimal
    gpu_memory_gib: Decimal
    gpu_pool: tuple[str, ...]
    gpu_as_printed: tuple[str | None, str | None, str | None]
    list_unit_price: Decimal | None
    upfront_fee: Decimal | None
    pricing_unit: str
    billing_currency: str
    usd_per_gpu_hour: Decimal | None
    absence: str
    lineage: Lineage
    observed_at: datetime
    date_precision: DatePrecision
    obtained: Obtained
    quarantined: str | None
    citations: tuple[Citation, ...]


Identity = tuple[str | int | None, ...]


def identity_of(offer: Offer) -> Identity:
    """Return what makes two offers the same offer at two times: everything but its price and specification.

    The machine id of the SKU is left out: a provider may give an unchanged product a new one.
    """
    return (
        offer.source,
        offer.provider,
        offer.service,
        offer.sku,
        offer.region,
        offer.operating_system,
        offer.pricing_category,
        offer.price_basis,
        offer.cloud_type,
        offer.commitment_months,
        offer.payment_option,
        offer.offering_class,
        offer.gpu,
    )


def may_be_used(offer: Offer) -> bool:
    """Return whether an offer has a figure, and one that is not in quarantine."""
    return offer.usd_per_gpu_hour is not None and offer.quarantined is None


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A provider's own statement that it offers a GPU, without a price.

    Attributes:
        provider: who says so.
        service: the product.
        gpu: canonical id.
        sku: as printed.
        observed_at: when, UTC.
        date_precision: how exactly that time is known.
        citation: where.
    """

    provider: str
    service: str
    gpu: str
    sku: str
    observed_at: datetime
    date_precision: DatePrecision
    citation: Citation


class Severity(enum.StrEnum):
    """How much a finding or change matters to a reader."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a person should know or mend.

    Attributes:
        kind: short machine word, e.g. ``unknown_gpu``, ``bad_price``, ``count_disagreement``, ``unreadable_capture``.
        severity: an error means that figures are missing from the market.
        source: id of the source.
        where: body and locator, or file.
        message: what happened and what to do.
    """

    kind: str
    severity: Severity
    source: str
    where: str
    message: str


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """How one source stands in a market.

    Attributes:
        source: its id.
        title: for people.
        publisher: who answers for the figures.
        url: for people.
        lineage: first party or aggregator.
        state: ``fresh``, ``unchanged``, ``partial``, ``failed`` in the newest snapshot, or ``absent`` where it was not
            tried.
        reason: why it failed, as a whole or in part.
        observed_at: newest and oldest time of the captures in use, UTC; None without any.
        oldest_at: see `observed_at`.
        age_days: whole days from `observed_at` to the market's date; None without captures.
        max_age_days: beyond it the source is stale.
        stale: whether it is.
        excerpt: whether the bodies in use hold only a part of what the source publishes.
        offers: number of offers in use.
        publishes_prices: False where its captures are pages kept for what they say.
    """

    source: str
    title: str
    publisher: str
    url: str
    lineage: Lineage
    state: str
    reason: str
    observed_at: datetime | None
    oldest_at: datetime | None
    age_days: int | None
    max_age_days: int
    stale: bool
    excerpt: bool
    offers: int
    publishes_prices: bool = True


class PassageState(enum.StrEnum):
    """What became of a passage on its page, at a date."""

    FOUND = "found"
    """It stands in the newest archived page."""
    GONE = "gone"
    """The page is archived, and the newest one has it no longer, or never had it: somebody must look."""
    NOT_ARCHIVED = "not_archived"
    """No such page is archived."""
    NOT_QUOTED = "not_quoted"
    """The page is archived, but the statement names no words of it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the archived page says of one passage on which a statement rests.

    Attributes:
        url: the page.
        quote: the words that are looked for.
        state: what became of them.
        citation: where they stand in the newest archived page that has them; None without one.
        date_precision: how exactly the citation's time is known.
        page_at: when the newest archived page was read, UTC; None without one.
    """

    url: str
    quote: str
    state: PassageState
    citation: Citation | None = None
    date_precision: DatePrecision = DatePrecision.SECOND
    page_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Market:
    """Everything known at one date.

    Attributes:
        as_of: the date, UTC.
        stamp: the newest snapshot that it rests on.
        offers: with and without a price, in a stable order.
        catalogue: GPUs that providers say they offer.
        ignored: accelerators that are ignored by name, and how many listings each.
        findings: what a person should know.
        sources: one per registered source.
        last_good: what offers in quarantine were when last they could be used, where that is known.
        evidence: what the archived pages say of the statements that rest on them; empty where nobody looked.
    """

    as_of: datetime
    stamp: str
    offers: tuple[Offer, ...]
    catalogue: tuple[CatalogueEntry, ...]
    ignored: Mapping[str, int]
    findings: tuple[Finding, ...]
    sources: tuple[SourceStatus, ...]
    last_good: tuple[Offer, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    @property
    def priced(self) -> tuple[Offer, ...]:
        """Return the offers that have a figure which may be used."""
        return tuple(o for o in self.legible if o.price_basis is not PriceBasis.RESTATED)

    @property
    def legible(self) -> tuple[Offer, ...]:
        """Return the offers whose figure could be read: those that may be used, and what only contradicts them."""
        return tuple(filter(may_be_used, self.offers))


@dataclass(frozen=True, slots=True)
class Normalized:
    """What one listing, or many, became.

    Attributes:
        offers: comparable prices.
        catalogue: statements without a price.
        findings: what could not be taken.
        ignored: names that are ignored on purpose, one per listing.
    """

    offers: tuple[Offer, ...] = ()
    catalogue: tuple[CatalogueEntry, ...] = ()
    findings: tuple[Finding, ...] = ()
    ignored: tuple[str, ...] = ()


class ChangeKind(enum.StrEnum):
    """What happened to an offer, or to a source, between two markets."""

    REPRICED = "repriced"
    ADDED = "added"
    WITHDRAWN = "withdrawn"
    RESPECIFIED = "respecified"
    """GPU count, memory or identity was corrected; no price event."""
    SOURCE_LOST = "source_lost"
    SOURCE_BACK = "source_back"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two markets.

    Attributes:
        kind: what happened.
        offer: the offer as it is now (as it was, when withdrawn); None for a change of a whole source.
        source: id of the source.
        before: USD per GPU-hour before; None when there was none.
        after: USD per GPU-hour after; None when there is none.
        percent: (after - before) / before x 100, exact; None unless repriced.
        severity: how much it matters.
        note: what must be said beside it.
        citations: of both sides.
    """

    kind: ChangeKind
    offer: Offer | None
    source: str
    before: Decimal | None
    after: Decimal | None
    percent: Decimal | None
    severity: Severity
    note: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class ParsedCapture:
    """One capture with its listings, ready for normalisation.

    Attributes:
        sha256: of the body.
        url: the public address that answered.
        body: path of the body in the store, for messages.
        retrieved_at: UTC.
        date_precision: of `retrieved_at`.
        obtained: live, imported or reconstructed.
        excerpt: whether the body is known to hold only a part of what its source published.
        listings: what the parser read.
    """

    sha256: str
    url: str
    body: str
    retrieved_at: datetime
    date_precision: DatePrecision
    obtained: Obtained
    excerpt: bool
    listings: tuple[Listing, ...]
