"""Savings plan rates: one per product, type, region, plan, length and payment option."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from normalize.vocabulary import SERVICES, TERMS
from scrapers.aws import savings_plans
from scrapers.aws.offer_index import CHINA
from scrapers.aws.plan_usage import read_usage
from scrapers.errors import FetchError, ParseError, SourceError, UsageError
from scrapers.records import Document
from scrapers.wire.web import Web

DocumentOf = Callable[[str, str], Document]
HOST = "https://pricing.us-east-1.amazonaws.com"
INDEX = "/savingsPlan/v1.0/aws/{}/current/region_index.json"
PLANS = ("AWSComputeSavingsPlan", "AWSMachineLearningSavingsPlans")
ROW = {
    "SKU": "EXAMPLEPLAN",
    "Unit": "Hrs",
    "DiscountedRate": "1001.5",
    "Currency": "USD",
    "DiscountedSKU": "EXAMPLE1",
    "DiscountedServiceCode": "AmazonEC2",
    "DiscountedUsageType": "BoxUsage:g99.xlarge",
    "DiscountedOperation": "RunInstances",
    "PurchaseOption": "No Upfront",
    "LeaseContractLength": "1",
    "LeaseContractLengthUnit": "year",
    "Product Family": "ComputeSavingsPlans",
    "DiscountedRegionCode": "us-east-1",
    "DiscountedInstanceType": "g99.xlarge",
    "Location Type": "AWS Region",
}


def plan_csv(*changes: dict[str, str], offer: str = "AmazonComputeSavingsPlan", without: str = "") -> str:
    """Write a savings plan file: one row per argument, which says in what it differs from a good one."""
    rows = [ROW | {"DiscountedSKU": f"EXAMPLE{n}"} | change for n, change in enumerate(changes, start=1)]
    rows = [{name: text for name, text in row.items() if name != without} for row in rows]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([["FormatVersion", "v1.0"], ["Disclaimer", "Example"], ["OfferCode", offer]])
    writer.writerow(rows[0])
    writer.writerows(row.values() for row in rows)
    return text.getvalue()


@pytest.fixture
def parse(document_of: DocumentOf) -> Callable[[str], list[Any]]:
    """Parse a body."""
    return lambda text: savings_plans.parse(document_of("aws-savings-plans", text))


@pytest.mark.parametrize(
    "change",
    [
        {"DiscountedOperation": "RunInstances:0002"},
        {"DiscountedUsageType": "USW2-DedicatedUsage:g99.xlarge"},
        {"DiscountedUsageType": "UnusedBox:g99.xlarge"},
        {"DiscountedUsageType": "BoxUsage:m99.xlarge", "DiscountedInstanceType": "m99.xlarge"},
        {"DiscountedUsageType": "HostUsage:g99", "DiscountedInstanceType": "g99"},
        {"DiscountedUsageType": "USE1-Fargate-GB-Hours", "DiscountedInstanceType": ""},
        {"Location Type": "AWS Outposts"},
    ],
)
def test_rate_of_another_thing_is_not_taken(change: dict[str, str], parse: Callable[[str], list[Any]]) -> None:
    """Another system, dedicated or reserved capacity, Outposts and types without GPU give no listing."""
    assert len(parse(plan_csv({}, change | {"DiscountedRate": "9"}))) == 1


@pytest.mark.parametrize(
    ("usage", "service_code", "operation", "service"),
    [
        ("EU-BoxUsage:g99.xlarge", "AmazonEC2", "RunInstances", "EC2"),
        ("EU-NewUsage:g99.xlarge", "AmazonEC2", "RunInstances", "EC2 NewUsage"),
        ("BoxUsage:g99.xlarge", "AmazonEC2", "Example", "EC2 (operation 'Example')"),
        ("USE1-Host:ml.g99.xlarge", "AmazonSageMaker", "RunInstance", "SageMaker Hosting"),
        ("USE1-Example:ml.g99.xlarge", "AmazonSageMaker", "RunInstance", "SageMaker Example"),
        ("BoxUsage:g99.xlarge", "AmazonExample", "RunInstances", "AmazonExample BoxUsage"),
    ],
)
def test_unknown_word_is_named_in_the_product(
    usage: str, service_code: str, operation: str, service: str, parse: Callable[[str], list[Any]]
) -> None:
    """What is neither taken nor ignored by name is listed as printed, and normalisation refuses it."""
    change = {
        "DiscountedUsageType": usage,
        "DiscountedServiceCode": service_code,
        "DiscountedOperation": operation,
        "DiscountedInstanceType": "",
    }
    [listing] = parse(plan_csv(change))

    assert listing.service == service
    assert (service in SERVICES) is (service in {"EC2", "SageMaker Hosting"})


@pytest.mark.parametrize(
    ("usage_type", "kind", "instance_type"),
    [
        ("BoxUsage:p5.48xlarge", "BoxUsage", "p5.48xlarge"),
        ("USW2-LAX1-BoxUsage:g4dn.metal", "BoxUsage", "g4dn.metal"),
        ("USE1-Host:ml.p6-b200.48xlarge", "Host", "ml.p6-b200.48xlarge"),
        ("USE1-DW-Proc:ml.g5.xlarge", "Proc", "ml.g5.xlarge"),
        ("USE1-Studio:JupyterLab-ml.g5.xlarge", "Studio:JupyterLab", "ml.g5.xlarge"),
    ],
)
def test_usage_type_is_taken_apart(usage_type: str, kind: str, instance_type: str) -> None:
    """The region's prefix falls away; a dash in a family or before a type does not mislead."""
    usage = read_usage(usage_type)

    assert usage is not None
    assert (usage.kind, usage.instance_type) == (kind, instance_type)


def test_two_rates_of_one_thing_name_both(parse: Callable[[str], list[Any]]) -> None:
    """Different rates of one type, region, plan and payment are an error, never a choice."""
    both = r"found 1001.5 for SKU EXAMPLE1 \(csv:5;DiscountedRate\) and 9 for SKU EXAMPLE2 \(csv:6;DiscountedRate\)"
    with pytest.raises(ParseError, match=f"one ComputeSavingsPlans 1 year No Upfront rate of EC2 g99.xlarge.*{both}"):
        parse(plan_csv({}, {"DiscountedRate": "9"}))


@pytest.mark.parametrize(("first", "second"), [("1001.5", "1001.5000"), ("0.0", "1001.5"), ("1001.5", "0.0")])
def test_equal_rates_are_one(first: str, second: str, parse: Callable[[str], list[Any]]) -> None:
    """One rate twice is one listing; a rate of 0 beside a real one does not count."""
    [listing] = parse(plan_csv({"DiscountedRate": first}, {"DiscountedRate": second}))

    assert listing.price_text in {"1001.5", "1001.5000"}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "found an empty body"),
        ("<html>", "looked for a savings plan file"),
        ("FormatVersion,v1.0\nOfferCode,AmazonComputeSavingsPlan\n", "header line that begins with SKU"),
        (plan_csv({}, offer="AmazonDatabaseSavingsPlans"), "found 'v1.0' of 'AmazonDatabaseSavingsPlans'"),
        (plan_csv({}, without="DiscountedRate"), r"looked for the columns \['DiscountedRate'\]"),
        (plan_csv({}).replace("SKU,Unit", "SKU,Unit,Unit"), "columns of different names"),
        (plan_csv({}) + "one,two\n", "record 6: looked for 15 fields, found 2"),
        (plan_csv({}) + '"', "the CSV cannot be read"),
        (plan_csv({"DiscountedRate": "NaN"}), "record 5, g99.xlarge: looked for a price, found 'NaN'"),
        (plan_csv({"DiscountedRate": "-1"}), "looked for a price, found '-1'"),
        (plan_csv({"DiscountedRate": "0"}), "found none"),
        (plan_csv({"DiscountedOperation": "RunInstances:0010"}), "rates of GPU instance types with shared Linux"),
        (plan_csv({"DiscountedInstanceType": "g99.2xlarge"}), "of the usage type, found 'g99.2xlarge'"),
        (plan_csv({"DiscountedRegionCode": "Any"}), "looked for a region code"),
        ('{"offerCode": "AmazonEC2"}', "found None of 'AmazonEC2'"),
        ('{"products": []}', "looked for 'terms'"),
        (json.dumps({"products": [], "terms": {"savingsPlan": [{"sku": "A"}]}}), "looked for 'A'"),
    ],
)
def test_body_of_another_structure_is_refused(body: str, message: str, parse: Callable[[str], list[Any]]) -> None:
    """What is not a savings plan file is refused with what was looked for."""
    with pytest.raises(ParseError, match=message):
        parse(body)


def test_every_printed_term_has_a_meaning(parse: Callable[[str], list[Any]]) -> None:
    """Plan, length and payment as printed are in the vocabulary."""
    [listing] = parse(plan_csv({"Product Family": "EC2InstanceSavingsPlans", "LeaseContractLength": "3"}))
    terms = TERMS["aws-savings-plans", listing.terms]

    assert (terms.commitment_months, terms.payment_option, terms.offering_class) == (
        36,
        "no_upfront",
        "ec2_instance_savings_plan",
    )


def path_of(plan: str, region: str, kind: str = "csv") -> str:
    """Return the path under which the index names a region's file, or that of its CSV."""
    return f"/savingsPlan/v1.0/aws/{plan}/20261101000000/{region}/index.{kind}"


@pytest.fixture
def bulk(origin: Any) -> Any:
    """Serve the index of both plans and their files in two regions."""
    for plan in PLANS:
        regions = [{"regionCode": r, "versionUrl": path_of(plan, r, "json")} for r in ("us-east-1", "eu-west-1")]
        origin.bodies[INDEX.format(plan)] = json.dumps({"regions": regions}).encode()
        for region in ("us-east-1", "eu-west-1"):
            origin.bodies[path_of(plan, region)] = f"{plan} {region}".encode()
    return origin


@pytest.fixture
def web(bulk: Any) -> Iterator[Web]:
    """Ask that server in AWS's place."""
    with Web(origins={HOST: bulk.address}) as web:
        yield web


def test_every_plan_and_region_gives_its_csv(web: Web) -> None:
    """The newest CSV of each plan and region is fetched under its public URL, once."""
    responses = list(savings_plans.fetch(web, ["eu-west-1", "eu-west-1"]))

    assert [(r.resource, r.url, r.body.read()) for r in responses] == [
        (f"{name}-eu-west-1.csv", HOST + path_of(plan, "eu-west-1"), f"{plan} eu-west-1".encode())
        for plan, name in zip(PLANS, ("compute", "machine-learning"), strict=True)
    ]


def test_failing_plan_and_region_do_not_lose_the_others(bulk: Any, web: Web) -> None:
    """An index and a region that fail are named at the end, after the bodies of the others."""
    bulk.status[INDEX.format(PLANS[1])] = 503
    responses = savings_plans.fetch(web, ["xx-none-1", "us-east-1"])

    assert next(responses).resource == "compute-us-east-1.csv"
    with pytest.raises(
        SourceError, match=r"2 requests failed: .*has no 'xx-none-1'.*; AWSMachineL.*: HTTP 503"
    ) as info:
        next(responses)
    assert not isinstance(info.value, FetchError)


def test_failure_that_may_pass_is_worth_another_try(bulk: Any, web: Web) -> None:
    """When every failure was one of the moment, so is the whole."""
    for plan in PLANS:
        bulk.status[INDEX.format(plan)] = 503

    with pytest.raises(FetchError, match="2 requests failed"):
        list(savings_plans.fetch(web, ["us-east-1"]))


@pytest.mark.parametrize(
    ("index", "message"),
    [
        ({"regions": {"us-east-1": {}}}, "looked for a list of regions, found dict"),
        ({"regions": []}, "looked for at least 1 region"),
        ({"regions": [{"regionCode": "us-east-1"}]}, "looked for 'versionUrl'"),
        ({"regions": [{"regionCode": "us-east-1", "versionUrl": "//example.org/index.json"}]}, "found '//example"),
    ],
)
def test_index_of_another_structure_is_refused(index: Any, message: str, bulk: Any, web: Web) -> None:
    """An index that is not a list of regions with paths of the price list is not followed."""
    for plan in PLANS:
        bulk.bodies[INDEX.format(plan)] = json.dumps(index).encode()

    with pytest.raises(SourceError, match=message):
        list(savings_plans.fetch(web, ["us-east-1"]))


def test_no_region_is_a_mistake_of_the_caller(web: Web) -> None:
    """Without a region there is nothing to fetch, and that is said."""
    with pytest.raises(UsageError, match="aws-savings-plans: no region is asked for"):
        list(savings_plans.fetch(web, []))


CHINA_INDEX = "/offers/v1.0/cn/index.json"
CHINA_PLANS = "/savingsPlan/v1.0/cn/EXAMPLEPlan/current/region_index.json"


@pytest.fixture
def china(bulk: Any) -> Any:
    """Serve China's offer index and, where it says, its plans' region index and the file of one region."""
    path = "/savingsPlan/v1.0/cn/EXAMPLEPlan/20261101000000/cn-north-1/index.csv"
    offer = {"offerCode": "AmazonEC2", "currentSavingsPlanIndexUrl": CHINA_PLANS}
    regions = [{"regionCode": "cn-north-1", "versionUrl": path.replace(".csv", ".json")}]
    bulk.bodies[CHINA_INDEX] = json.dumps({"offers": {"AmazonEC2": offer}}).encode()
    bulk.bodies[CHINA_PLANS] = json.dumps({"regions": regions}).encode()
    bulk.bodies[path] = plan_csv({"Currency": "CNY", "DiscountedRegionCode": "cn-north-1"}).encode()
    return bulk


@pytest.fixture
def both(china: Any) -> Iterator[Web]:
    """Ask that server in the place of both price lists."""
    with Web(origins={HOST: china.address, CHINA.host: china.address}) as web:
        yield web


def test_china_is_asked_at_its_own_root(china: Any, both: Web) -> None:
    """China's region index is the one that its offer index names; SageMaker's plans do not exist there."""
    responses = list(savings_plans.fetch(both, ["cn-north-1", "us-east-1"]))
    listing = savings_plans.parse(Document.of(responses[1], source="aws-savings-plans"))[0]

    assert [r.resource for r in responses] == [
        "compute-us-east-1.csv",
        "compute-cn-north-1.csv",
        "machine-learning-us-east-1.csv",
    ]
    assert responses[1].url.startswith("https://pricing.cn-north-1.amazonaws.com.cn/savingsPlan/v1.0/cn/EXAMPLEPlan/")
    assert (listing.region, listing.currency) == ("cn-north-1", "CNY")
    assert not [path for path in china.asked if "MachineLearning" in path and "/cn" in path]


def test_region_of_china_alone_is_no_failure(china: Any, both: Web) -> None:
    """Whoever wants only China's regions gets EC2's plans, and the other price list is not asked."""
    assert [r.resource for r in savings_plans.fetch(both, ["cn-north-1"])] == ["compute-cn-north-1.csv"]
    assert not [path for path in china.asked if "/aws/" in path]


@pytest.mark.parametrize(
    ("offers", "message"),
    [
        ({}, "looked for 'AmazonEC2', found nothing"),
        ({"AmazonEC2": {"offerCode": "AmazonEC2"}}, "looked for 'currentSavingsPlanIndexUrl', found offerCode"),
        ({"AmazonEC2": {"currentSavingsPlanIndexUrl": "//example.org/region_index.json"}}, "found '//example.org"),
    ],
)
def test_china_without_plans_loses_only_china(offers: Any, message: str, china: Any, both: Web) -> None:
    """An offer index that names no plans, or an address elsewhere, is said; the other regions come."""
    china.bodies[CHINA_INDEX] = json.dumps({"offers": offers}).encode()
    responses = savings_plans.fetch(both, ["cn-north-1", "us-east-1"])

    assert [next(responses).resource, next(responses).resource] == [
        "compute-us-east-1.csv",
        "machine-learning-us-east-1.csv",
    ]
    with pytest.raises(SourceError, match=f"1 requests failed: AWSComputeSavingsPlan cn-north-1: .*{message}"):
        next(responses)


def test_china_that_does_not_answer_is_worth_another_try(china: Any, both: Web) -> None:
    """A failure of the moment there makes the whole worth another try."""
    china.status[CHINA_INDEX] = 503

    with pytest.raises(FetchError, match="AWSComputeSavingsPlan cn-north-1: HTTP 503"):
        list(savings_plans.fetch(both, ["cn-north-1", "us-east-1"]))
