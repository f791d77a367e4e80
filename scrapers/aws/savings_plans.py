"""Savings plan rates of GPU instance types, from AWS's bulk price list: EC2 (compute and instance plans), SageMaker.

A rate is the hourly price under the plan, whichever part of the commitment is paid upfront: there is no fee beside
it. The file of AWSComputeSavingsPlan holds both plans of EC2, told apart by ``Product Family``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from scrapers.aws.instance_types import family_findings
from scrapers.aws.offer_index import HOSTS, MAX_FILE_BYTES
from scrapers.aws.plan_index import fetch_plans
from scrapers.aws.plan_rows import PlanRow, read_plan_rows
from scrapers.aws.plan_usage import service_of
from scrapers.aws.price_text import read_currency, read_price
from scrapers.aws.regions import read_region_code
from scrapers.records import Document, Lineage, Listing, Response, Source
from scrapers.strict import fail
from scrapers.wire.web import Web

SOURCE = Source(
    id="aws-savings-plans",
    title="Savings plan rates (AWS Price List Bulk API)",
    publisher="AWS",
    url="https://aws.amazon.com/savingsplans/compute-pricing/",
    lineage=Lineage.FIRST_PARTY,
    method="http",
    # Six kinds of term times two plans for each of 81 GPU types of EC2 in us-east-1 (2026-07-20), six for each of 62
    # of SageMaker in several components; small regions have a handful. No whole file has been counted.
    expected_listings=(50, 40_000),
    max_age_days=45,
    allowed_hosts=HOSTS,
    max_body_bytes=MAX_FILE_BYTES,
)
findings = family_findings

_OUTPOSTS = "AWS Outposts"


def fetch(web: Web, regions: Sequence[str]) -> Iterator[Response]:
    """Yield the CSV of both plans for every region; of EC2's plans alone for China, which has no others.

    Raises:
        SourceError: an index or a region did not come; raised after those that did.
    """
    return fetch_plans(web, SOURCE, regions)


def parse(document: Document) -> list[Listing]:
    """Return one listing per product, GPU instance type, region, plan, length and payment option.

    Only Linux on shared capacity is taken; a usage that is neither taken nor ignored by name becomes a listing
    with the usage as printed in its service. Memory grows with the listings, not with the file.

    Raises:
        ParseError: the file is no savings plan file, holds no such rate, or holds two for one of them.
    """
    found: dict[tuple[str | None, ...], Listing] = {}
    services: set[str] = set()
    for row in read_plan_rows(document):
        services.add(row.fields["DiscountedServiceCode"])
        listing = _read_row(document, row)
        if listing is not None:
            key = (listing.service, listing.sku, listing.region, listing.terms, listing.unit, listing.currency)
            found[key] = _agreed(document, found.setdefault(key, listing), listing)
    if not any(listing.price_text for listing in found.values()):
        problem = "looked for savings plan rates of GPU instance types with shared Linux, found none"
        raise fail(document, f"{problem}; services with rates of such types: {', '.join(sorted(services)) or 'none'}")
    return list(found.values())


def _read_row(document: Document, row: PlanRow) -> Listing | None:
    """Return the listing of a rate, or None where its product is not taken."""
    fields, sku = row.fields, row.usage.instance_type
    service = service_of(fields["DiscountedServiceCode"], row.usage, fields["DiscountedOperation"])
    # An Outposts rack has the region code of its region: its rows would be second rates of the types there.
    if service is None or fields["Location Type"] == _OUTPOSTS:
        return None
    where = f"{row.place}, {sku}"
    # SageMaker's types may carry a component, ml.g5.xlarge-Hosting, as in its offer file.
    if fields["DiscountedInstanceType"] and not f"{fields['DiscountedInstanceType']}-".startswith(f"{sku}-"):
        problem = f"looked for the instance type of the usage type, found {fields['DiscountedInstanceType']!r}"
        raise fail(document, problem, row=where)
    price_text, absence = read_price(document, fields["DiscountedRate"], row=where)
    words = ("Product Family", "LeaseContractLength", "LeaseContractLengthUnit", "PurchaseOption")
    return Listing(
        source=document.capture.source,
        provider="AWS",
        service=service,
        sku=sku,
        terms=" ".join(fields[word] for word in words),
        price_text=price_text,
        absence=absence,
        currency=read_currency(document, fields["Currency"], row=where),
        unit=fields["Unit"],
        locator=row.locator,
        quote=fields["DiscountedRate"],
        sku_id=fields["DiscountedSKU"],
        region=read_region_code(document, fields["DiscountedRegionCode"], row=where),
        operating_system="Linux" if service.startswith("EC2") else None,
    )


def _agreed(document: Document, known: Listing, other: Listing) -> Listing:
    """Return the one of two listings of the same thing that has a rate; two rates must be equal."""
    if known.price_text is None:
        return other
    if other.price_text is not None and Decimal(known.price_text) != Decimal(other.price_text):
        what = f"{known.terms} rate of {known.service} {known.sku} in {known.region}"
        both = " and ".join(f"{one.quote} for SKU {one.sku_id} ({one.locator})" for one in (known, other))
        raise fail(document, f"looked for one {what}, found {both}")
    return known
