"""Listings to offers: the source's words become one comparable price, or a finding that says why not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from normalize.facts import Facts, Gpu
from normalize.records import (
    CatalogueEntry,
    Citation,
    CloudType,
    Finding,
    Normalized,
    Offer,
    ParsedCapture,
    Severity,
)
from normalize.units import per_gpu_hour, read_price
from normalize.vocabulary import CLOUDS, SERVICES, TERMS, Terms
from scrapers.records import Listing, Source

_USD = "USD"
_INSTANCE_PROVIDERS = frozenset({"AWS"})
"""Providers whose SKU is an instance type: the GPU comes from our facts, never from the source's label."""


class _NotTakenError(Exception):
    """A listing that cannot become an offer; carries the finding."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


@dataclass(frozen=True, slots=True)
class _Hardware:
    """What a SKU is made of: the GPUs it may be (one when certain) and how many."""

    gpus: tuple[Gpu, ...]
    count: Decimal


@dataclass(frozen=True, slots=True)
class _Read:
    """A listing with the meaning of each of its words."""

    listing: Listing
    capture: ParsedCapture
    source: Source
    terms: Terms
    cloud: CloudType | None
    hardware: _Hardware
    price: Decimal | None
    period: str
    periods_per_hour: Decimal


def normalize(captures: Iterable[ParsedCapture], source: Source, facts: Facts) -> Normalized:
    """Return the offers of one source's captures, with what could not be taken.

    Args:
        captures: the captures with their listings.
        source: their source.
        facts: the hand-kept facts.
    """
    parts = [
        _normalize_listing(listing, capture, source, facts) for capture in captures for listing in capture.listings
    ]
    return Normalized(
        offers=tuple(offer for part in parts for offer in part.offers),
        catalogue=tuple(entry for part in parts for entry in part.catalogue),
        findings=tuple(dict.fromkeys(finding for part in parts for finding in part.findings)),
        ignored=tuple(name for part in parts for name in part.ignored),
    )


def _normalize_listing(listing: Listing, capture: ParsedCapture, source: Source, facts: Facts) -> Normalized:
    try:
        terms, cloud = _terms(listing)
        if listing.provider in _INSTANCE_PROVIDERS and (other := facts.not_gpu(listing.sku)):
            return Normalized(ignored=(f"{other.is_} ({other.family})",))
        hardware = _hardware(listing, capture, facts)
        if terms.pricing_category is None:
            entries = (_entry(listing, capture, gpu) for gpu in hardware.gpus)
            return Normalized(catalogue=tuple(entries))
        price = _price(listing)
        unit = _unit(listing, facts)
    except _NotTakenError as exc:
        return Normalized(findings=(_finding(exc.kind, exc.message, listing, capture),))
    read = _Read(listing, capture, source, terms, cloud, hardware, price, *unit)
    offers = tuple(_offer(read, gpu) for gpu in hardware.gpus)
    doubt = _count_doubt(listing, hardware)
    findings = (_finding("count_disagreement", doubt, listing, capture, Severity.WARNING),) if doubt else ()
    return Normalized(offers=offers, findings=findings)


def _finding(
    kind: str, message: str, listing: Listing, capture: ParsedCapture, severity: Severity = Severity.ERROR
) -> Finding:
    where = (
        capture.body
        if kind in {"unknown_instance", "unknown_gpu", "count_disagreement"}
        else (f"{capture.body} at {listing.locator}")
    )
    return Finding(kind, severity, listing.source, where, message)


def _terms(listing: Listing) -> tuple[Terms, CloudType | None]:
    """Return what the source's words for kind, product and cloud mean."""
    key = (listing.source, listing.terms)
    if key not in TERMS:
        message = f"unknown kind of price {listing.terms!r}; add it to normalize/vocabulary.py"
        raise _NotTakenError("unknown_terms", message)
    if listing.service not in SERVICES:
        message = f"unknown product {listing.service!r}; add it to normalize/vocabulary.py"
        raise _NotTakenError("unknown_service", message)
    if listing.cloud is not None and listing.cloud not in CLOUDS:
        message = f"unknown cloud {listing.cloud!r}; add it to normalize/vocabulary.py"
        raise _NotTakenError("unknown_cloud", message)
    return TERMS[key], CLOUDS[listing.cloud] if listing.cloud else None


def _hardware(listing: Listing, capture: ParsedCapture, facts: Facts) -> _Hardware:
    """Return the GPUs of a SKU: by instance type where the provider has them, else by the printed name."""
    if listing.provider in _INSTANCE_PROVIDERS:
        instance = facts.instance(listing.sku)
        if instance is None:
            message = (
                f"unknown instance type {listing.sku!r}; add it to data/facts/instances.toml, "
                "as [[instance]], or its family as [[not_gpu]]"
            )
            raise _NotTakenError("unknown_instance", message)
        return _Hardware((facts.gpu(instance.gpu),), instance.gpu_count)
    return _named_hardware(listing, capture, facts)


def _named_hardware(listing: Listing, capture: ParsedCapture, facts: Facts) -> _Hardware:
    name = listing.gpu_name or listing.sku
    memory = _number(listing.gpu_memory, "GPU memory")
    gpus = facts.gpus_named(listing.provider, listing.service, name, memory, on=capture.retrieved_at.date())
    if not gpus:
        size = f" with {listing.gpu_memory}" if listing.gpu_memory else ""
        message = f"unknown GPU {name!r}{size} of {listing.provider} {listing.service}; add it to data/facts/gpus.toml"
        raise _NotTakenError("unknown_gpu", message)
    count = _number(listing.gpu_count, "GPU count")
    if count is None or count <= 0:
        message = f"{name!r} states no number of GPUs (found {listing.gpu_count!r})"
        raise _NotTakenError("unknown_count", message)
    return _Hardware(gpus, count)


def _number(text: str | None, what: str) -> Decimal | None:
    """Return the leading number of a printed quantity such as ``80 GB``; None when nothing is printed."""
    if text is None or not text.strip():
        return None
    digits = text.split()[0].removesuffix("GB").removesuffix("GiB")
    try:
        return Decimal(digits)
    except InvalidOperation as exc:
        message = f"{what} {text!r} is not a number"
        raise _NotTakenError("unreadable_number", message) from exc


def _price(listing: Listing) -> Decimal | None:
    if listing.price_text is None:
        return None
    try:
        return read_price(listing.price_text)
    except ValueError as exc:
        message = f"{listing.sku}: {exc}; not published"
        raise _NotTakenError("bad_price", message) from exc


def _unit(listing: Listing, facts: Facts) -> tuple[str, Decimal]:
    """Return the period that a unit word names, and how many of it make an hour."""
    unit = facts.unit(listing.unit)
    if unit is None or unit.periods_per_hour is None:
        message = f"no hourly unit: {listing.unit!r}; add it to data/facts/units.toml"
        raise _NotTakenError("unknown_unit", message)
    return unit.period, unit.periods_per_hour


def _count_doubt(listing: Listing, hardware: _Hardware) -> str:
    """Return what to say when a source prints another number of GPUs than our facts hold; "" when they agree."""
    printed = listing.gpu_count
    if listing.provider not in _INSTANCE_PROVIDERS or printed is None:
        return ""
    try:
        agrees = Decimal(printed) == hardware.count
    except InvalidOperation:
        return ""
    if agrees:
        return ""
    return (
        f"{listing.sku}: {listing.source} prints {printed} GPUs, data/facts/instances.toml holds {hardware.count}; "
        "the facts are used"
    )


def _citation(listing: Listing, capture: ParsedCapture) -> Citation:
    return Citation(
        source=listing.source,
        url=capture.url,
        retrieved_at=capture.retrieved_at,
        obtained=capture.obtained,
        sha256=capture.sha256,
        locator=listing.locator,
        quote=listing.quote,
    )


def _entry(listing: Listing, capture: ParsedCapture, gpu: Gpu) -> CatalogueEntry:
    return CatalogueEntry(
        provider=listing.provider,
        service=listing.service,
        gpu=gpu.id,
        sku=listing.sku,
        observed_at=capture.retrieved_at,
        date_precision=capture.date_precision,
        citation=_citation(listing, capture),
    )


def _offer(read: _Read, gpu: Gpu) -> Offer:
    listing, capture, terms = read.listing, read.capture, read.terms
    price, hardware = read.price, read.hardware
    in_usd = listing.currency == _USD
    absence = listing.absence
    if price is not None and not in_usd:
        absence = f"priced in {listing.currency}; not converted"
    usable = price is not None and in_usd
    if terms.pricing_category is None:
        raise ValueError(f"{listing.sku}: a catalogue entry is no offer")
    return Offer(
        source=listing.source,
        provider=listing.provider,
        service=listing.service,
        sku=listing.sku,
        sku_id=listing.sku_id,
        region=listing.region,
        operating_system=listing.operating_system,
        pricing_category=terms.pricing_category,
        price_basis=terms.price_basis,
        cloud_type=read.cloud,
        commitment_months=terms.commitment_months,
        payment_option=terms.payment_option,
        offering_class=terms.offering_class,
        gpu=gpu.id,
        gpu_vendor=gpu.vendor,
        gpu_model=gpu.model,
        gpu_form_factor=gpu.form_factor or None,
        gpu_count=hardware.count,
        gpu_memory_gib=gpu.memory_gib,
        gpu_pool=tuple(g.id for g in hardware.gpus) if len(hardware.gpus) > 1 else (),
        gpu_as_printed=(listing.gpu_name, listing.gpu_count, listing.gpu_memory),
        list_unit_price=price,
        pricing_unit=read.period,
        billing_currency=listing.currency,
        usd_per_gpu_hour=per_gpu_hour(price, read.periods_per_hour, hardware.count) if price and usable else None,
        absence=absence,
        lineage=read.source.lineage,
        observed_at=capture.retrieved_at,
        date_precision=capture.date_precision,
        obtained=capture.obtained,
        quarantined=None,
        citations=(_citation(listing, capture),),
    )
