"""Public figures held against each other and against the invariants: none of them is called wrong without cause."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from flows.steps import MarketReader, read_moment
from normalize.corroborate import find_conflicts
from normalize.facts import Facts, default_facts_folder, load_facts
from normalize.offers import normalize
from normalize.quarantine import quarantine
from normalize.records import Market, Offer, ParsedCapture, PriceBasis, PricingCategory
from scrapers import registry
from scrapers.archive.store import Store
from scrapers.records import Content, DatePrecision, Document, Lineage, Obtained, Response

PROJECT = Path(__file__).resolve().parents[2]
REFERENCE = PROJECT.parent / "shared" / "data"
EXAMPLES = PROJECT / "data" / "examples"
DATES = ("2025-12-01", "2026-08-19", "2026-11-09")
AGGREGATORS = ("vantage-ec2", "cloudprice-ec2", "cloudprice-sagemaker")
VANTAGE = REFERENCE / "vantage" / "tsaol_gpu_instances_raw_2025-11-30.json"

needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason="no reference data beside the checkout")


@cache
def example(day: str) -> Market:
    """Return the bundled examples' market of a day."""
    reader = MarketReader(Store(EXAMPLES), load_facts(default_facts_folder()))
    return reader.market(read_moment(day, option="day"))


def with_aws(market: Market) -> list[Offer]:
    """Return what aggregators print of AWS's on-demand prices, and AWS itself."""
    return [
        o
        for o in market.priced
        if o.provider == "AWS" and (o.pricing_category, o.price_basis) == (PricingCategory.ON_DEMAND, PriceBasis.LIST)
    ]


def dearer(offer: Offer) -> Offer:
    """Return an offer one percent dearer, with as many digits as its change needs."""
    assert offer.list_unit_price is not None
    assert offer.usd_per_gpu_hour is not None
    hundredth = Decimal("1.01")
    return replace(
        offer,
        list_unit_price=offer.list_unit_price * hundredth,
        usd_per_gpu_hour=offer.usd_per_gpu_hour * hundredth,
    )


@pytest.mark.parametrize("day", DATES)
def test_no_bundled_price_is_in_quarantine(day: str) -> None:
    """Every figure of the examples is public and right: none breaks an invariant."""
    market = example(day)
    assert [(o.sku, o.quarantined) for o in market.offers if o.quarantined is not None] == []
    assert [f for f in market.findings if f.kind == "odd_premium"] == []


@pytest.mark.parametrize("day", DATES)
def test_aggregators_do_not_contradict_aws(day: str) -> None:
    """What Vantage and CloudPrice print of AWS's on-demand prices is what AWS prints."""
    assert [c.finding.message for c in find_conflicts(example(day)) if c.one.provider == "AWS"] == []


def test_one_percent_is_one_conflict() -> None:
    """Of every on-demand price that two sources print, in each of them: a percent gives one conflict of that size."""
    market = example("2026-11-09")
    offers = with_aws(market)
    names = Counter((o.sku, o.region, o.operating_system) for o in offers if o.service == "EC2")
    shared = [o for o in offers if o.service == "EC2" and names[o.sku, o.region, o.operating_system] > 1]
    assert {o.source for o in shared} >= {"aws-ec2", "vantage-ec2"}
    assert len(shared) > 50
    for offer in shared:
        changed = tuple(dearer(o) if o is offer else o for o in offers)
        (conflict,) = find_conflicts(replace(market, offers=changed))
        assert offer.sku == conflict.one.sku
        sign = "+" if conflict.one.lineage is Lineage.FIRST_PARTY and offer.source in AGGREGATORS else "-"
        assert f"({sign}{'1.0' if sign == '+' else '0.99'}%)" in conflict.finding.message


def listed(source: str, file: Path, url: str, at: datetime, facts: Facts) -> tuple[Offer, ...]:
    """Return the offers of one recorded body."""
    body = Content.of(file.read_bytes())
    document = Document.of(Response("body", url, url, at, 200, "application/json", body), source=source)
    capture = ParsedCapture(
        sha256=document.capture.sha256,
        url=url,
        body=file.name,
        retrieved_at=at,
        date_precision=DatePrecision.DAY,
        obtained=Obtained.IMPORTED,
        excerpt=True,
        listings=tuple(registry.parse(document)),
    )
    return normalize([capture], registry.source_record(source), facts).offers


@pytest.fixture(scope="module")
def vantage(kept_facts: Facts) -> tuple[Offer, ...]:
    """The recorded feed of 2025-11-30: all regions, with spot and reserved prices."""
    url = "https://instances.vantage.sh/instances.json"
    return listed("vantage-ec2", VANTAGE, url, datetime(2025, 11, 30, tzinfo=UTC), kept_facts)


@pytest.mark.reference
@needs_reference
def test_no_recorded_price_of_vantage_breaks_an_invariant(vantage: tuple[Offer, ...], kept_facts: Facts) -> None:
    """More than ten thousand prices of 84 types in 95 regions, and not one false alarm."""
    offers, findings = quarantine(vantage, kept_facts)
    assert len([o for o in offers if o.usd_per_gpu_hour is not None]) > 10_000
    assert [f.message for f in findings] == []


def observations() -> Iterator[dict[str, str]]:
    """Yield the public price facts that have a price per GPU-hour."""
    with (REFERENCE / "observations.csv").open(encoding="utf-8", newline="") as file:
        yield from (row for row in csv.DictReader(file) if row["usd_per_gpu_hour"])


def cards(row: dict[str, str], facts: Facts) -> list[str]:
    """Return the cards that a price fact is of."""
    if row["provider"] == "AWS":
        instance = facts.instance(row["sku"])
        return [] if instance is None else [instance.gpu]
    name = row["sku"].partition(" (")[0]
    return [gpu.id for service in ("Pods", "Serverless") for gpu in facts.gpus_named("RunPod", service, name, None)]


@pytest.mark.reference
@needs_reference
def test_every_public_figure_lies_in_its_band(kept_facts: Facts) -> None:
    """Prices of 2024 to 2026, list, spot, serverless and blocks; with those of RunPod's whole page series."""
    judged, outside = 0, []
    for row in observations():
        if row["provider"] not in {"AWS", "RunPod"}:
            continue
        for gpu in cards(row, kept_facts):
            band = kept_facts.band(gpu)
            if band is not None:
                judged += 1
                if not band.floor <= Decimal(row["usd_per_gpu_hour"]) <= band.ceiling:
                    outside.append((gpu, row["sku"], row["observed_on"], row["usd_per_gpu_hour"]))
    assert judged > 1000
    assert outside == []


@pytest.mark.reference
@needs_reference
def test_vantage_agrees_with_aws_and_cloudprice(build: ModuleType, vantage: tuple[Offer, ...]) -> None:
    """On-demand prices of us-east-1: no conflict, and one percent in any figure is exactly one.

    AWS's are of its lists after the cut of 2025-06, CloudPrice's of 2024 those of types that were not cut.
    """
    linux = [o for o in vantage if (o.region, o.pricing_category) == ("us-east-1", PricingCategory.ON_DEMAND)]
    own = {o.sku: o for o in linux if o.usd_per_gpu_hour is not None}
    offers = list(own.values())
    for row in observations():
        mine = own.get(row["sku"])
        cut = row["source_name"].startswith("CloudPrice") and row["sku"].startswith(("p4", "p5"))
        dated = date.fromisoformat(row["observed_on"][:10]) if len(row["observed_on"]) > 7 else date.min
        if mine is None or cut or (row["service"], row["pricing_category"]) != ("EC2", "on_demand"):
            continue
        if row["region"] != "us-east-1" or not row["source_name"].startswith(("AWS Price", "Karpenter", "CloudPrice")):
            continue
        if not row["source_name"].startswith("CloudPrice") and dated < date(2025, 7, 3):
            continue
        source = "cloudprice-ec2" if row["source_name"].startswith("CloudPrice") else "aws-ec2"
        price = Decimal(row["price_as_printed"])
        offers.append(
            replace(
                mine,
                source=source,
                lineage=Lineage.AGGREGATOR if source in AGGREGATORS else Lineage.FIRST_PARTY,
                list_unit_price=price,
                usd_per_gpu_hour=price / mine.gpu_count,
                observed_at=datetime(dated.year, dated.month, dated.day, tzinfo=UTC),
            )
        )
    newest = list({(o.source, o.sku): o for o in sorted(offers, key=lambda o: o.observed_at)}.values())
    sources = Counter(o.source for o in newest)
    assert sources["aws-ec2"] >= 40
    assert sources["cloudprice-ec2"] >= 10
    assert [c.finding.message for c in find_conflicts(build.market(*newest))] == []
    printed = Counter(o.sku for o in newest)
    for offer in newest:
        changed = tuple(dearer(o) if o is offer else o for o in newest)
        assert len(find_conflicts(build.market(*changed))) == (printed[offer.sku] > 1), offer.sku


@pytest.mark.reference
@needs_reference
def test_recorded_spot_feed_breaks_no_invariant(build: ModuleType, kept_facts: Facts) -> None:
    """AWS's spot prices of 2026-08-10 against its on-demand prices of three weeks before."""
    names = {"AWS spot price feed": "aws-spot", "Karpenter generated price table": "aws-ec2"}
    offers = []
    for row in observations():
        source, instance = names.get(row["source_name"]), kept_facts.instance(row["sku"])
        if source is None or instance is None:
            continue
        words = {"source": source, "provider": "AWS", "sku": row["sku"], "region": row["region"], "gpu": instance.gpu}
        words["gpu_as_printed"] = (None, None, None)
        if source == "aws-spot":
            words |= {"pricing_category": PricingCategory.SPOT, "price_basis": PriceBasis.REGION_QUOTE}
        at = datetime.fromisoformat(f"{row['observed_on']}T00:00:00+00:00")
        offers.append(build.offer(row["usd_per_gpu_hour"], observed_at=at, **words))
    assert Counter(o.source for o in offers) == {"aws-spot": 72, "aws-ec2": 79}
    _, findings = quarantine(offers, kept_facts)
    assert [f.message for f in findings] == []
