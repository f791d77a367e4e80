"""Listings to offers: the source's words become one comparable price, or a finding that says why not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from normalize.doubles import distinct, quarantine_doubles
from normalize.facts import Facts, Gpu
from normalize.instance_check import check_instance
from normalize.meaning import (
    INSTANCE_PROVIDERS,
    Amount,
    Hardware,
    NotTakenError,
    count_doubt,
    read_amount,
    read_hardware,
    read_period,
    read_terms,
)
from normalize.records import (
    CatalogueEntry,
    Citation,
    CloudType,
    Finding,
    Normalized,
    Offer,
    ParsedCapture,
    PricingCategory,
    Severity,
)
from normalize.units import per_gpu_hour
from normalize.vocabulary import Terms
from normalize.zones import join_zones
from scrapers.records import Listing, Source

_USD = "USD"


@dataclass(frozen=True, slots=True)
class _Read:
    """A listing with the meaning of each of its words but the price."""

    listing: Listing
    capture: ParsedCapture
    source: Source
    terms: Terms
    category: PricingCategory
    cloud: CloudType | None
    hardware: Hardware
    period: str
    periods_per_hour: Decimal


def normalize(captures: Iterable[ParsedCapture], source: Source, facts: Facts) -> Normalized:
    """Return the offers of one source's captures, with what could not be taken.

    Every listing becomes offers, catalogue entries, an ignored name or a finding.

    Args:
        captures: the captures with their listings.
        source: their source.
        facts: the hand-kept facts.
    """
    parts = [
        _normalize_listing(listing, capture, source, facts) for capture in captures for listing in capture.listings
    ]
    offers, doubles = quarantine_doubles(join_zones([offer for part in parts for offer in part.offers]))
    return Normalized(
        offers=offers,
        catalogue=tuple(entry for part in parts for entry in part.catalogue),
        findings=distinct([*(finding for part in parts for finding in part.findings), *doubles]),
        ignored=tuple(name for part in parts for name in part.ignored),
    )


def _normalize_listing(listing: Listing, capture: ParsedCapture, source: Source, facts: Facts) -> Normalized:
    try:
        terms, cloud = read_terms(listing)
        if listing.provider in INSTANCE_PROVIDERS and (other := facts.not_gpu(listing.sku)):
            return Normalized(ignored=(f"{other.is_} ({other.family})",))
        hardware = read_hardware(listing, capture.retrieved_at.date(), facts)
        if terms.pricing_category is None:
            entries = tuple(_entry(listing, capture, gpu) for gpu in hardware.gpus)
            known = listing.provider in INSTANCE_PROVIDERS
            return Normalized(catalogue=entries, findings=tuple(check_instance(listing, facts)) if known else ())
        unit = read_period(listing, facts)
    except NotTakenError as exc:
        return Normalized(findings=(_finding(exc.kind, exc.message, listing, capture),))
    return _offers(_Read(listing, capture, source, terms, terms.pricing_category, cloud, hardware, *unit))


def _offers(read: _Read) -> Normalized:
    """Return the offers of a listing, one per card it may be.

    A refused price leaves them without a figure, in quarantine: they are on sale, so they must not look withdrawn.
    """
    listing, capture = read.listing, read.capture
    findings: list[Finding] = []
    amount, refused = Amount(None), None
    try:
        amount = read_amount(listing, read.terms)
    except NotTakenError as exc:
        refused = exc.message
        findings.append(_finding(exc.kind, refused, listing, capture))
    if doubt := count_doubt(listing, read.hardware):
        findings.append(_finding("count_disagreement", doubt, listing, capture, Severity.WARNING))
    offers = (_offer(read, amount, refused, gpu) for gpu in read.hardware.gpus)
    return Normalized(offers=tuple(offers), findings=tuple(findings))


def _finding(
    kind: str, message: str, listing: Listing, capture: ParsedCapture, severity: Severity = Severity.ERROR
) -> Finding:
    return Finding(kind, severity, listing.source, f"{capture.body} at {listing.locator}", message)


def _citation(listing: Listing, capture: ParsedCapture) -> Citation:
    return Citation(
        source=listing.source,
        url=capture.url,
        retrieved_at=capture.retrieved_at,
        obtained=capture.obtained,
        sha256=capture.sha256,
        locator=listing.locator,
        quote=listing.quote,
        body=capture.body,
    )


def _citations(listing: Listing, capture: ParsedCapture) -> tuple[Citation, ...]:
    """Return where the price stands, and where the fee does that is a part of it."""
    price = _citation(listing, capture)
    if listing.upfront_text is None:
        return (price,)
    return (price, replace(price, locator=listing.upfront_locator, quote=listing.upfront_quote))


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


def _dollars(read: _Read, price: Decimal | None) -> tuple[Decimal | None, str]:
    """Return the price per GPU-hour in USD, and why there is none; another currency is not converted."""
    if price is None:
        return None, read.listing.absence
    if read.listing.currency != _USD:
        return None, f"priced in {read.listing.currency}; not converted"
    return per_gpu_hour(price, read.periods_per_hour, read.hardware.count), ""


def _offer(read: _Read, amount: Amount, refused: str | None, gpu: Gpu) -> Offer:
    listing, capture, terms = read.listing, read.capture, read.terms
    usd_per_gpu_hour, absence = _dollars(read, amount.price)
    return Offer(
        source=listing.source,
        provider=listing.provider,
        service=listing.service,
        sku=listing.sku,
        sku_id=listing.sku_id,
        region=listing.region,
        operating_system=listing.operating_system,
        pricing_category=read.category,
        price_basis=terms.price_basis,
        cloud_type=read.cloud,
        commitment_months=terms.commitment_months,
        payment_option=terms.payment_option,
        offering_class=terms.offering_class,
        gpu=gpu.id,
        gpu_vendor=gpu.vendor,
        gpu_model=gpu.model,
        gpu_form_factor=gpu.form_factor or None,
        gpu_count=read.hardware.count,
        gpu_memory_gib=gpu.memory_gib,
        gpu_pool=tuple(g.id for g in read.hardware.gpus) if len(read.hardware.gpus) > 1 else (),
        gpu_as_printed=(listing.gpu_name, listing.gpu_count, listing.gpu_memory),
        list_unit_price=amount.price,
        upfront_fee=amount.upfront_fee,
        pricing_unit=read.period,
        billing_currency=listing.currency,
        usd_per_gpu_hour=usd_per_gpu_hour,
        absence=refused or absence,
        lineage=read.source.lineage,
        observed_at=capture.retrieved_at,
        date_precision=capture.date_precision,
        obtained=capture.obtained,
        quarantined=refused,
        citations=_citations(listing, capture),
    )
