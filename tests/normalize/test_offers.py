"""Listings become offers, catalogue entries, ignored names or findings: nothing is dropped, and nothing guessed."""

from dataclasses import replace
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.facts import Facts
from normalize.offers import normalize
from normalize.records import CloudType, Finding, Normalized, Offer, PriceBasis, PricingCategory, Severity
from normalize.units import plain
from normalize.vocabulary import TERMS
from scrapers.records import DatePrecision, Lineage, Listing, Obtained
from scrapers.registry import source_ids


@pytest.fixture(scope="session")
def take(build: ModuleType, kept_facts: Facts) -> Any:
    """A function that normalises listings of one capture."""

    def normalized(*listings: Listing) -> Normalized:
        name = listings[0].source if listings else "runpod-pricing"
        return normalize([build.capture(*listings)], build.source(name), kept_facts)

    return normalized


def one_offer(result: Normalized) -> Offer:
    """Return the only offer, which came without a finding."""
    assert result.findings == ()
    (offer,) = result.offers
    return offer


def one_finding(result: Normalized) -> Finding:
    """Return the only finding, which came without an offer."""
    assert result.offers == ()
    (finding,) = result.findings
    return finding


def test_a_pod(build: ModuleType, take: Any) -> None:
    """A named GPU becomes an offer with every word of the listing and every fact of the card."""
    offer = one_offer(take(build.pod("1.11", sku_id="NVIDIA H100 80GB HBM3")))
    assert (offer.source, offer.provider, offer.service, offer.sku) == ("runpod-pricing", "RunPod", "Pods", "H100 SXM")
    assert (offer.sku_id, offer.region, offer.operating_system) == ("NVIDIA H100 80GB HBM3", None, None)
    assert (offer.pricing_category, offer.price_basis) == (PricingCategory.ON_DEMAND, PriceBasis.LIST)
    assert offer.cloud_type is CloudType.SECURE
    assert (offer.gpu, offer.gpu_vendor, offer.gpu_model, offer.gpu_form_factor) == (
        "h100-sxm-80gb",
        "NVIDIA",
        "H100",
        "SXM",
    )
    assert (offer.gpu_count, offer.gpu_memory_gib, offer.gpu_pool) == (Decimal(1), Decimal(80), ())
    assert offer.gpu_as_printed == ("H100 SXM", "1", "80 GB")
    assert (offer.list_unit_price, offer.pricing_unit, offer.billing_currency) == (Decimal("1.11"), "hour", "USD")
    assert (offer.usd_per_gpu_hour, offer.absence, offer.quarantined) == (Decimal("1.11"), "", None)
    assert (offer.commitment_months, offer.payment_option, offer.offering_class) == (None, None, None)


def test_an_offer_cites_where_it_was_read(build: ModuleType, take: Any) -> None:
    """The citation holds address, time, origin, hash, place and quoted text."""
    offer = one_offer(take(build.pod("1.11")))
    (citation,) = offer.citations
    assert (citation.source, citation.url, citation.retrieved_at) == ("runpod-pricing", build.URL, build.DAY)
    assert (citation.obtained, citation.sha256) == (Obtained.IMPORTED, build.SHA256)
    assert (citation.locator, citation.quote) == ("json:/price", "1.11")
    assert (offer.observed_at, offer.date_precision, offer.obtained) == (
        build.DAY,
        DatePrecision.SECOND,
        Obtained.IMPORTED,
    )


@pytest.mark.parametrize(("name", "lineage"), [("aws-ec2", Lineage.FIRST_PARTY), ("vantage-ec2", Lineage.AGGREGATOR)])
def test_the_lineage_is_the_sources(build: ModuleType, take: Any, name: str, lineage: Lineage) -> None:
    """Whose prices they are is known of the source, not of the listing."""
    terms = {"aws-ec2": "OnDemand", "vantage-ec2": "ondemand"}[name]
    assert one_offer(take(build.instance(source=name, terms=terms, unit="hour"))).lineage is lineage


@pytest.mark.parametrize(
    ("sku", "price", "expected"),
    [
        ("g5.xlarge", "1.11", ("a10g-24gb", "1", "1.11")),
        ("p5.48xlarge", "8.88", ("h100-sxm-80gb", "8", "1.11")),
        ("p4d.24xlarge", "8.88", ("a100-sxm-40gb", "8", "1.11")),
        ("p4de.24xlarge", "8.88", ("a100-sxm-80gb", "8", "1.11")),
        ("p5e.48xlarge", "8.88", ("h200-sxm-141gb", "8", "1.11")),
        ("g6f.large", "0.202", ("l4-24gb", "0.125", "1.616")),
    ],
)
def test_the_gpu_of_an_instance_is_a_fact(
    build: ModuleType, take: Any, sku: str, price: str, expected: tuple[str, str, str]
) -> None:
    """Card and count come from the instance type; the price is per whole GPU, for a part of one its equivalent."""
    offer = one_offer(take(build.instance(price, sku=sku)))
    gpu, count, usd = expected
    assert (offer.gpu, offer.gpu_count, offer.usd_per_gpu_hour) == (gpu, Decimal(count), Decimal(usd))
    assert offer.list_unit_price == Decimal(price)


def test_what_a_source_calls_an_instances_gpu_is_never_used(build: ModuleType, take: Any) -> None:
    """A price list that says NVIDIA B200 for a g5 gets the GPU of the facts."""
    offer = one_offer(take(build.instance(gpu_name="NVIDIA B200", gpu_count="1", gpu_memory="22 GiB")))
    assert (offer.gpu, offer.gpu_memory_gib) == ("a10g-24gb", Decimal(24))
    assert offer.gpu_as_printed == ("NVIDIA B200", "1", "22 GiB")


@pytest.mark.parametrize(("sku", "family"), [("g5.xlarge", "ml.g5.xlarge"), ("p5.48xlarge", "ml.p5.48xlarge")])
def test_sagemaker_runs_on_the_hardware_of_ec2(build: ModuleType, take: Any, sku: str, family: str) -> None:
    """The type ml.X has the GPUs of X and keeps its own name."""
    ec2 = one_offer(take(build.instance(sku=sku)))
    changes = {"source": "aws-sagemaker", "service": "SageMaker Hosting", "sku": family, "operating_system": None}
    sagemaker = one_offer(take(build.instance(**changes)))
    assert (sagemaker.gpu, sagemaker.gpu_count) == (ec2.gpu, ec2.gpu_count)
    assert sagemaker.sku == family


@pytest.mark.parametrize("sku", ["inf1.xlarge", "inf2.48xlarge", "trn1.32xlarge", "ml.trn1.2xlarge", "dl2q.24xlarge"])
def test_other_accelerators_are_ignored_by_name(build: ModuleType, take: Any, sku: str) -> None:
    """An accelerator that is no GPU is counted under its name: no offer and no finding."""
    result = take(build.instance(sku=sku))
    assert (result.offers, result.catalogue, result.findings) == ((), (), ())
    (name,) = result.ignored
    assert sku.removeprefix("ml.").partition(".")[0] in name


def test_a_price_per_second(build: ModuleType, take: Any) -> None:
    """Seconds become hours once, exactly; the price as printed stays."""
    changes = {"source": "runpod-docs", "service": "Serverless", "terms": "Flex", "cloud": None, "unit": "per second"}
    offer = one_offer(take(build.pod("0.00022", sku="4090 PRO", gpu_name="4090 PRO", gpu_memory="24 GB", **changes)))
    assert (offer.list_unit_price, offer.pricing_unit) == (Decimal("0.00022"), "second")
    assert offer.usd_per_gpu_hour == Decimal("0.792")
    assert offer.pricing_category is PricingCategory.FLEX
    assert offer.cloud_type is None


def test_a_pool_becomes_one_offer_per_card(build: ModuleType, take: Any) -> None:
    """A group sold at one price is an offer of each of its cards, which all name the group and its members."""
    label = "L40, L40S, 6000 Ada PRO"
    changes = {"source": "runpod-docs", "service": "Serverless", "terms": "Active", "cloud": None, "unit": "per second"}
    result = take(build.pod("0.00011", sku=label, gpu_name=label, gpu_memory="48 GB", **changes))
    assert result.findings == ()
    assert [o.gpu for o in result.offers] == ["l40-48gb", "l40s-48gb", "rtx-6000-ada-48gb"]
    assert {o.gpu_pool for o in result.offers} == {("l40-48gb", "l40s-48gb", "rtx-6000-ada-48gb")}
    assert {o.sku for o in result.offers} == {label}
    assert {o.usd_per_gpu_hour for o in result.offers} == {Decimal("0.396")}
    assert {o.pricing_category for o in result.offers} == {PricingCategory.ACTIVE}


def test_a_name_of_several_cards_is_not_guessed_at(build: ModuleType, take: Any) -> None:
    """A label that only a memory would make clear is a finding without it, and one card with it."""
    name = "RTX PRO 6000 MIG"
    finding = one_finding(take(build.pod(sku=name, gpu_name=name, gpu_memory=None)))
    assert finding.kind == "ambiguous_gpu"
    assert "rtx-pro-6000-mig-24gb or rtx-pro-6000-mig-48gb" in finding.message
    offer = one_offer(take(build.pod(sku=name, gpu_name=name, gpu_memory="48 GB")))
    assert (offer.gpu, offer.gpu_pool) == ("rtx-pro-6000-mig-48gb", ())


def test_a_label_that_moved_is_read_as_of_its_day(build: ModuleType, kept_facts: Facts) -> None:
    """One label stands for two cards at two times; the date of the capture tells which."""
    moved = [(n.name, n.valid_until, g) for g in kept_facts.gpus for n in g.names if n.valid_until]
    for name, until, gpu in moved:
        listing = build.pod(sku=name, gpu_name=name, gpu_memory=f"{gpu.memory_gib} GB")
        then = build.capture(listing, at=build.DAY.replace(year=until.year, month=until.month, day=until.day))
        assert [o.gpu for o in normalize([then], build.source(), kept_facts).offers] == [gpu.id]
    assert moved


def test_a_catalogue_row_becomes_an_entry(build: ModuleType, take: Any) -> None:
    """A list of what is sold gives entries with a receipt, never offers."""
    listing = build.pod(None, source="runpod-docs", terms="catalogue", unit="", cloud=None, quote="H100 SXM")
    result = take(listing)
    assert (result.offers, result.findings) == ((), ())
    (entry,) = result.catalogue
    assert (entry.provider, entry.service, entry.gpu, entry.sku) == ("RunPod", "Pods", "h100-sxm-80gb", "H100 SXM")
    assert (entry.observed_at, entry.citation.quote) == (build.DAY, "H100 SXM")


def test_an_absent_price_stays_absent(build: ModuleType, take: Any) -> None:
    """A listing without price is an offer that says why, with None and never 0."""
    offer = one_offer(take(build.pod(None)))
    assert (offer.list_unit_price, offer.usd_per_gpu_hour) == (None, None)
    assert offer.absence == "nothing is printed where the price stands"
    assert offer.citations[0].quote == ""


def test_another_currency_is_not_converted(build: ModuleType, take: Any) -> None:
    """A price in yuan keeps its number and has no price in dollars."""
    offer = one_offer(take(build.instance("7.77", currency="CNY", region="cn-north-1")))
    assert (offer.list_unit_price, offer.billing_currency) == (Decimal("7.77"), "CNY")
    assert (offer.usd_per_gpu_hour, offer.absence) == (None, "priced in CNY; not converted")


@pytest.mark.parametrize("text", ["0", "0.0000000000", "NaN", "-1.11", "1,111", "", "Infinity", "free"])
def test_a_refused_price_is_a_finding_and_never_a_figure(build: ModuleType, take: Any, text: str) -> None:
    """What is no price is told with its place; the offer stays, in quarantine, so that it does not look withdrawn."""
    result = take(build.pod(text))
    (finding,) = result.findings
    assert (finding.kind, finding.severity, finding.source) == ("bad_price", Severity.ERROR, "runpod-pricing")
    assert finding.where == "2031-02-03T040506Z/example/body.json.zst at json:/price"
    assert "H100 SXM" in finding.message
    (offer,) = result.offers
    assert (offer.list_unit_price, offer.usd_per_gpu_hour) == (None, None)
    assert offer.quarantined == offer.absence == finding.message


@pytest.mark.parametrize(
    ("hourly", "upfront", "effective"),
    [("1.11", "8760", "2.11"), ("0.0000000000", "17520", "2"), ("1.11", "0", "1.11")],
)
def test_a_fee_upfront_is_spread_over_the_term(
    build: ModuleType, take: Any, hourly: str, upfront: str, effective: str
) -> None:
    """The effective price of an hour is the hourly rate plus the fee over years x 8760 hours, with both cited."""
    changes = {"source": "vantage-ec2", "terms": "reserved.yrTerm1Standard.partialUpfront", "sku": "g5.xlarge"}
    result = take(
        build.instance(hourly, upfront_text=upfront, upfront_locator="json:/fee", upfront_quote=upfront, **changes)
    )
    (offer,) = result.offers
    assert (plain(offer.usd_per_gpu_hour), offer.upfront_fee) == (effective, Decimal(upfront))
    assert [c.locator for c in offer.citations][1:] == ["json:/fee"]
    assert result.findings == ()


@pytest.mark.parametrize(("hourly", "upfront"), [("0", "0"), ("1.11", "-5"), ("1.11", "NaN")])
def test_an_unreadable_fee_is_no_price(build: ModuleType, take: Any, hourly: str, upfront: str) -> None:
    """A term in which nothing is paid, or a fee that is no amount, is a finding and no figure."""
    changes = {"source": "vantage-ec2", "terms": "reserved.yrTerm1Standard.allUpfront", "sku": "g5.xlarge"}
    result = take(build.instance(hourly, upfront_text=upfront, upfront_locator="json:/fee", **changes))
    assert [f.kind for f in result.findings] == ["bad_price"]
    assert [o.usd_per_gpu_hour for o in result.offers] == [None]


@pytest.mark.parametrize(
    ("changes", "found"),
    [({"price_text": None, "absence": ""}, "neither"), ({"absence": "sold out"}, "'1.11' and 'sold out'")],
)
def test_a_listing_says_a_price_or_why_there_is_none(
    build: ModuleType, take: Any, changes: dict[str, Any], found: str
) -> None:
    """Neither of the two, or both, is a parser's mistake: a finding, and no figure."""
    result = take(build.pod(**changes))
    (finding,) = result.findings
    assert (finding.kind, finding.message.endswith(f"found {found}")) == ("no_reason", True)
    assert [o.usd_per_gpu_hour for o in result.offers] == [None]


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        ({"terms": "Weekly"}, "unknown_terms", ["'Weekly'", "normalize/vocabulary.py"]),
        ({"service": "Vending"}, "unknown_service", ["'Vending'", "normalize/vocabulary.py"]),
        ({"cloud": "Cumulus"}, "unknown_cloud", ["'Cumulus'", "normalize/vocabulary.py"]),
        ({"unit": "per fortnight"}, "unknown_unit", ["'per fortnight'", "data/facts/units.toml"]),
        ({"unit": "Quantity"}, "not_hourly", ["'Quantity'", "one_time", "data/facts/units.toml"]),
        ({"gpu_name": "H1000"}, "unknown_gpu", ["'H1000' with 80 GB", "RunPod Pods", "data/facts/gpus.toml"]),
        ({"gpu_name": "H1000", "gpu_memory": None}, "unknown_gpu", ["'H1000' of RunPod", "data/facts/gpus.toml"]),
        ({"gpu_name": None, "sku": "H1000"}, "unknown_gpu", ["'H1000'"]),
        ({"gpu_memory": "81 GB"}, "unknown_gpu", ["'H100 SXM' with 81 GB"]),
        ({"gpu_memory": "much"}, "unreadable_number", ["GPU memory 'much'"]),
        ({"gpu_memory": "NaN GB"}, "unreadable_number", ["GPU memory 'NaN GB'"]),
        ({"gpu_memory": "80 TB"}, "unreadable_number", ["GPU memory '80 TB'"]),
        ({"gpu_count": None}, "unknown_count", ["'H100 SXM'", "None"]),
        ({"gpu_count": " "}, "unknown_count", ["' '"]),
        ({"gpu_count": "0"}, "unknown_count", ["'0'"]),
        ({"gpu_count": "-1"}, "unreadable_number", ["GPU count '-1'"]),
        ({"gpu_count": "Infinity"}, "unreadable_number", ["GPU count 'Infinity'"]),
        ({"gpu_count": "1_000"}, "unreadable_number", ["GPU count '1_000'"]),
    ],
)
def test_an_unknown_word_of_a_pod_is_a_finding(
    build: ModuleType, take: Any, changes: dict[str, Any], kind: str, words: list[str]
) -> None:
    """What is not known is told with the string and the file to edit, and never guessed."""
    finding = one_finding(take(build.pod(**changes)))
    assert (finding.kind, finding.severity, finding.source) == (kind, Severity.ERROR, "runpod-pricing")
    assert finding.where == "2031-02-03T040506Z/example/body.json.zst at json:/price"
    for word in words:
        assert word in finding.message


def test_an_unknown_instance_is_a_finding(build: ModuleType, take: Any) -> None:
    """A new instance type is never matched by the beginning of its name."""
    finding = one_finding(take(build.instance(sku="p5x.48xlarge")))
    assert finding.kind == "unknown_instance"
    assert "'p5x.48xlarge'" in finding.message
    assert "data/facts/instances.toml" in finding.message


def test_an_unknown_word_is_told_once(build: ModuleType, take: Any) -> None:
    """A new type in thirty regions is one finding, with the first place; a refused price is told at each place."""
    news = [build.instance(sku="p5x.48xlarge", region=f"region-{n}", locator=f"csv:{n};Price") for n in range(1, 31)]
    finding = one_finding(take(*news))
    assert finding.where.endswith(" at csv:1;Price")
    bad = [build.instance("0", region=f"region-{n}", locator=f"csv:{n};Price") for n in range(1, 4)]
    assert len(take(*bad).findings) == 3


@pytest.mark.parametrize(("sku", "printed", "ours"), [("p2.8xlarge", "4", "8"), ("g5.xlarge", "many", "1")])
def test_a_printed_count_that_disagrees_is_a_warning(
    build: ModuleType, take: Any, sku: str, printed: str, ours: str
) -> None:
    """Where a source prints another number of GPUs the facts are used, and the disagreement is told."""
    result = take(build.instance("8.88", sku=sku, gpu_count=printed))
    (offer,) = result.offers
    assert offer.gpu_count == Decimal(ours)
    (finding,) = result.findings
    assert (finding.kind, finding.severity) == ("count_disagreement", Severity.WARNING)
    assert f"{sku}: aws-ec2 prints {printed} GPUs, data/facts/instances.toml holds {ours}" in finding.message


@pytest.mark.parametrize("printed", ["8", "8.0", None])
def test_a_printed_count_that_agrees_is_no_finding(build: ModuleType, take: Any, printed: str | None) -> None:
    """The same number in other digits, or none at all, is no disagreement."""
    assert one_offer(take(build.instance("8.88", sku="p2.8xlarge", gpu_count=printed))).gpu_count == 8


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ("reserved.yrTerm1Standard.noUpfront", (12, "no_upfront", "standard")),
        ("reserved.yrTerm3Convertible.partialUpfront", (36, "partial_upfront", "convertible")),
        ("reserved.yrTerm3Savings.allUpfront", (36, "all_upfront", "savings_plan")),
        ("reserved.yrTerm1InstanceSavings.noUpfront", (12, "no_upfront", "ec2_instance_savings_plan")),
    ],
)
def test_reserved_terms(build: ModuleType, take: Any, terms: str, expected: tuple[int, str, str]) -> None:
    """A commitment has its length, its payment and its kind."""
    offer = one_offer(take(build.instance(source="vantage-ec2", terms=terms, unit="hour")))
    assert offer.pricing_category is PricingCategory.COMMITTED
    assert (offer.commitment_months, offer.payment_option, offer.offering_class) == expected


@pytest.mark.parametrize(
    ("terms", "basis"),
    [
        ("spot_min", PriceBasis.ZONE_MINIMUM),
        ("spot_avg", PriceBasis.ZONE_MEAN),
        ("spot_max", PriceBasis.ZONE_MAXIMUM),
        ("spot_avg_estimate", PriceBasis.ESTIMATE),
    ],
)
def test_spot_prices_say_what_they_stand_for(build: ModuleType, take: Any, terms: str, basis: PriceBasis) -> None:
    """Minimum, mean, maximum and an estimate of one spot price are four things."""
    offer = one_offer(take(build.instance(source="vantage-ec2", terms=terms, unit="hour")))
    assert (offer.pricing_category, offer.price_basis) == (PricingCategory.SPOT, basis)


def test_two_prices_of_one_offer_are_not_published(build: ModuleType, take: Any) -> None:
    """One read that prices an offer twice says nothing: both stand in quarantine, and a finding names both places."""
    result = take(
        build.instance("1.11", sku_id="A", locator="csv:7;Price"),
        build.instance("2.22", sku_id="B", locator="csv:8;Price"),
        build.instance("3.33", sku="g5.2xlarge"),
    )
    (finding,) = result.findings
    assert (finding.kind, finding.severity) == ("two_prices", Severity.ERROR)
    assert finding.where == f"{build.SHA256[:12]}#csv:8;Price"
    for part in ("EC2 g5.xlarge in us-east-1", "1.11 USD per hour at csv:7;Price", "2.22 USD per hour at csv:8;Price"):
        assert part in finding.message
    assert [o.quarantined for o in result.offers] == [finding.message, finding.message, None]


def test_two_prices_without_a_region(build: ModuleType, take: Any) -> None:
    """The finding names the product alone where there is no region."""
    (finding,) = take(build.pod("1.11"), build.pod("2.22"), build.pod("3.33")).findings
    assert "Pods H100 SXM: two prices of 2031-02-03" in finding.message


def test_one_price_said_twice_is_no_finding(build: ModuleType, take: Any) -> None:
    """The same price at two places, or at two times, is no contradiction; nor is an absence beside it."""
    result = take(build.pod("1.11"), build.pod("1.110"), build.pod(None))
    assert result.findings == ()
    assert {o.quarantined for o in result.offers} == {None}


def test_two_prices_of_two_times_are_both_kept(build: ModuleType, kept_facts: Facts) -> None:
    """Two captures of one source may speak of two days; the market takes the newer."""
    captures = [build.capture(build.pod(price), at=build.day(n)) for n, price in ((1, "1.11"), (2, "2.22"))]
    result = normalize(captures, build.source(), kept_facts)
    assert result.findings == ()
    assert [o.usd_per_gpu_hour for o in result.offers] == [Decimal("1.11"), Decimal("2.22")]


def test_no_listings_are_nothing(take: Any) -> None:
    """Nothing comes of nothing."""
    assert take() == Normalized()


def test_the_vocabulary_speaks_of_registered_sources() -> None:
    """A word of a source that is not read is a typing error in the vocabulary."""
    assert {source for source, _ in TERMS} <= set(source_ids())


WORDS = st.sampled_from(["", " ", "0", "1", "8", "1.11", "NaN", "-1", "H100 SXM", "Infinity", "80 GB", "\u0661", "?"])
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "sku": st.sampled_from(["g5.xlarge", "inf2.xlarge", "H100 SXM", "B200", "p9.96xlarge"]) | WORDS,
        "provider": st.sampled_from(["AWS", "RunPod", "Examplecloud"]),
        "service": st.sampled_from(["EC2", "Pods", "Serverless"]) | WORDS,
        "terms": st.sampled_from(["OnDemand", "On-Demand", "Flex", "catalogue", "spot"]) | WORDS,
        "source": st.sampled_from(["aws-ec2", "runpod-docs", "runpod-pricing"]),
        "price_text": st.none() | WORDS,
        "absence": st.sampled_from(["", "sold out"]),
        "currency": st.sampled_from(["USD", "CNY", "XXX"]),
        "unit": st.sampled_from(["Hrs", "/hr", "per second", "Quantity"]) | WORDS,
        "cloud": st.none() | st.sampled_from(["Secure Cloud", "Community Cloud"]) | WORDS,
        "gpu_name": st.none() | st.sampled_from(["B200", "A100", "4090 PRO"]) | WORDS,
        "gpu_count": st.none() | WORDS,
        "gpu_memory": st.none() | WORDS,
    },
)


@given(changes=CHANGES, pod=st.booleans())
def test_nothing_is_dropped_and_nothing_invented(
    build: ModuleType,
    take: Any,
    changes: dict[str, Any],
    pod: bool,  # noqa: FBT001  # drawn
) -> None:
    """Whatever a listing holds, it becomes offers, an entry, an ignored name or a finding, and no wrong figure."""
    listing: Listing = replace(build.pod() if pod else build.instance(), **changes)
    result = take(listing)
    assert result.offers or result.catalogue or result.ignored or result.findings
    for offer in result.offers:
        assert (offer.usd_per_gpu_hour is None) == (offer.absence != "")
        assert offer.usd_per_gpu_hour is None or offer.usd_per_gpu_hour > 0
        assert offer.list_unit_price is None or offer.list_unit_price == Decimal(str(listing.price_text))
        assert offer.billing_currency == "USD" or offer.usd_per_gpu_hour is None
        assert offer.sku == listing.sku
        assert offer.gpu_count > 0
