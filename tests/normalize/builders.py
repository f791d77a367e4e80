"""Artificial records: Examplecloud, where the seller is free; real names of SKUs only where the facts must know them.

Every price is made of repeated digits, so that none can be taken for a real one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from normalize.records import (
    CatalogueEntry,
    Citation,
    CloudType,
    Market,
    Offer,
    ParsedCapture,
    PriceBasis,
    PricingCategory,
    SourceStatus,
)
from scrapers.records import (
    DatePrecision,
    Lineage,
    Listing,
    Obtained,
    Snapshot,
    Source,
    SourceResult,
    SourceState,
)

DAY = datetime(2031, 2, 3, 4, 5, 6, tzinfo=UTC)
SHA256 = "0123456789abcdef" * 4
URL = "https://examplecloud.example/pricing"
BODY = "2031-02-03T040506Z/example/body.json.zst"
SOURCES = ("aws-ec2", "cloudprice-ec2", "runpod-docs", "runpod-graphql", "runpod-pricing", "vantage-ec2")
FIRST_PARTY = {"examplecloud-pricing", "aws-ec2", "runpod-docs", "runpod-graphql", "runpod-pricing"}


def day(number: int) -> datetime:
    """Make a time on a day of February 2031."""
    return DAY.replace(day=number)


def source(name: str = "runpod-pricing", **changes: Any) -> Source:
    """Make a source that is stale after ten days."""
    made = Source(
        id=name,
        title=f"Title of {name}",
        publisher="Examplecloud",
        url=URL,
        lineage=lineage_of(name),
        method="http",
        expected_listings=(1, 10),
        max_age_days=10,
    )
    return replace(made, **changes)


def lineage_of(source_id: str) -> Lineage:
    """Return whose prices a source publishes."""
    return Lineage.FIRST_PARTY if source_id in FIRST_PARTY else Lineage.AGGREGATOR


def pod(price_text: str | None = "1.11", **changes: Any) -> Listing:
    """Make a listing of a pod, whose GPU is known by name."""
    made = Listing(
        source="runpod-pricing",
        provider="RunPod",
        service="Pods",
        sku="H100 SXM",
        terms="On-Demand",
        price_text=price_text,
        absence="" if price_text is not None else "nothing is printed where the price stands",
        currency="USD",
        unit="/hr",
        locator="json:/price",
        quote=price_text or "",
        cloud="Secure Cloud",
        gpu_name="H100 SXM",
        gpu_count="1",
        gpu_memory="80 GB",
    )
    return replace(made, **changes)


def instance(price_text: str | None = "1.11", **changes: Any) -> Listing:
    """Make a listing of an instance type, whose GPUs are known by type."""
    made = Listing(
        source="aws-ec2",
        provider="AWS",
        service="EC2",
        sku="g5.xlarge",
        terms="OnDemand",
        price_text=price_text,
        absence="" if price_text is not None else "the feed prints '' instead of a price",
        currency="USD",
        unit="Hrs",
        locator="csv:7;PricePerUnit",
        quote=price_text or "",
        sku_id="EXAMPLESKU",
        region="us-east-1",
        operating_system="Linux",
    )
    return replace(made, **changes)


def capture(*listings: Listing, at: datetime = DAY, **changes: Any) -> ParsedCapture:
    """Make a capture that holds these listings."""
    made = ParsedCapture(
        sha256=SHA256,
        url=URL,
        body=BODY,
        retrieved_at=at,
        date_precision=DatePrecision.SECOND,
        obtained=Obtained.IMPORTED,
        excerpt=False,
        listings=listings,
    )
    return replace(made, **changes)


def snapshot(at: datetime, **states: SourceState | str) -> Snapshot:
    """Make a snapshot; keyword arguments are source ids with _ for -, a text is the reason of a failure."""
    results = tuple(
        SourceResult(name.replace("_", "-"), state)
        if isinstance(state, SourceState)
        else SourceResult(name.replace("_", "-"), SourceState.FAILED, state)
        for name, state in sorted(states.items())
    )
    return Snapshot(f"{at:%Y-%m-%dT%H%M%SZ}", at, results, (), "ratecard test")


def citation(source_id: str = "examplecloud-pricing", at: datetime = DAY, **changes: Any) -> Citation:
    """Make a citation."""
    made = Citation(source_id, URL, at, Obtained.IMPORTED, SHA256, "json:/price", "1.11", BODY)
    return replace(made, **changes)


def offer(price: str | None = "1.11", **changes: Any) -> Offer:
    """Make an offer; the price is that of one unit of the SKU, and per GPU-hour unless said otherwise."""
    source_id = changes.get("source", "examplecloud-pricing")
    at = changes.get("observed_at", DAY)
    amount = None if price is None else Decimal(price)
    count = changes.get("gpu_count", Decimal(1))
    made = Offer(
        source=source_id,
        provider="Examplecloud",
        service="Machines",
        sku="x1.8xlarge",
        sku_id=None,
        region=None,
        operating_system=None,
        pricing_category=PricingCategory.ON_DEMAND,
        price_basis=PriceBasis.LIST,
        cloud_type=None,
        commitment_months=None,
        payment_option=None,
        offering_class=None,
        gpu="example-gpu-11gb",
        gpu_vendor="Examplemaker",
        gpu_model="Example GPU",
        gpu_form_factor=None,
        gpu_count=Decimal(1),
        gpu_memory_gib=Decimal(11),
        gpu_pool=(),
        gpu_as_printed=("Example GPU", None, "11 GB"),
        list_unit_price=amount,
        upfront_fee=None,
        pricing_unit="hour",
        billing_currency="USD",
        usd_per_gpu_hour=None if amount is None else amount / count,
        absence="" if price is not None else "nothing is printed where the price stands",
        lineage=lineage_of(source_id),
        observed_at=at,
        date_precision=DatePrecision.SECOND,
        obtained=Obtained.IMPORTED,
        quarantined=None,
        citations=(citation(source_id, at),),
    )
    return replace(made, **changes)


def per_second(price: str, **changes: Any) -> Offer:
    """Make an offer that is priced per second."""
    return offer(price, pricing_unit="second", usd_per_gpu_hour=Decimal(price) * 3600, **changes)


def entry(gpu: str = "example-gpu-11gb", **changes: Any) -> CatalogueEntry:
    """Make a catalogue entry."""
    made = CatalogueEntry("Examplecloud", "Machines", gpu, gpu, DAY, DatePrecision.DAY, citation())
    return replace(made, **changes)


def status(source_id: str = "examplecloud-pricing", **changes: Any) -> SourceStatus:
    """Make the status of a source that was read whole, with one offer."""
    made = SourceStatus(
        source=source_id,
        title=f"Title of {source_id}",
        publisher="Examplecloud",
        url=URL,
        lineage=lineage_of(source_id),
        state="fresh",
        reason="",
        observed_at=DAY,
        oldest_at=DAY,
        age_days=0,
        max_age_days=10,
        stale=False,
        excerpt=False,
        offers=1,
    )
    return replace(made, **changes)


def market(*offers: Offer, sources: tuple[SourceStatus, ...] | None = None, **changes: Any) -> Market:
    """Make a market of these offers; their sources were read whole unless said otherwise."""
    names = dict.fromkeys(["examplecloud-pricing", *(o.source for o in offers)])
    made = Market(
        as_of=DAY,
        stamp=f"{DAY:%Y-%m-%dT%H%M%SZ}",
        offers=offers,
        catalogue=(),
        ignored={},
        findings=(),
        sources=tuple(map(status, names)) if sources is None else sources,
    )
    return replace(made, **changes)


SECURE = CloudType.SECURE
COMMUNITY = CloudType.COMMUNITY
