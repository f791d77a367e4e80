"""CloudPrice's lists: the envelope, what the URL asked for, and lists that are not what was asked for."""

import json
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from scrapers import registry
from scrapers.cloudprice import ec2, sagemaker
from scrapers.cloudprice.request import address
from scrapers.errors import ParseError
from scrapers.records import Document, Obtained, Response, Source

MakeDocument = Callable[..., Document]
URL = address(ec2.SERVICE, "us-test-1", "OnDemand")
SAGEMAKER_URL = address(sagemaker.SERVICE, "us-test-1", "OnDemand")


def item(**changes: object) -> dict[str, object]:
    """Make one item of a list."""
    return {"InstanceType": "z9test.large", "HasGPU": True, "PricePerHour": 11.1, **changes}


def answer(*items: object) -> str:
    """Make the envelope around items."""
    return json.dumps({"Status": "ok", "Data": {"UpdatedAt": "", "Items": list(items)}})


def asked(**changes: str | None) -> str:
    """Return the URL of a request with some parameters changed, or with None left out."""
    query = {**dict(parse_qsl(urlsplit(URL).query)), **changes}
    given = {name: value for name, value in query.items() if value is not None}
    return f"https://cloudprice.net/api/v2/aws/ec2/instances?{urlencode(given)}"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("", "empty body"),
        ("<html><form action='/login'>", "found HTML"),
        ("[]", "looked for an object as the answer"),
        ("{}", "looked for 'Status', found nothing"),
        ('{"Status": "error"}', "looked for Status 'ok', found 'error'"),
        ('{"Status": "ok"}', "looked for 'Data'"),
        ('{"Status": "ok", "Data": []}', "looked for an object as Data"),
        ('{"Status": "ok", "Data": {}}', "looked for 'Items', found nothing"),
        ('{"Status": "ok", "Data": {"Items": {}}}', "looked for a list of Items"),
        (answer(), "looked for at least 1 Items, found 0"),
        (answer("No matching records found"), "looked for an object as Items/0"),
        (answer(item(HasGPU=False)), "looked for prices, found none"),
    ],
)
def test_answer_that_is_no_list(make_document: MakeDocument, body: str, problem: str) -> None:
    """An answer of another kind, a login page and an empty list are errors that say what was found."""
    with pytest.raises(ParseError, match=problem):
        registry.parse(make_document("cloudprice-ec2", body, url=URL))


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"HasGPU": True, "PricePerHour": 1}, "Items/0: looked for 'InstanceType'"),
        ({"InstanceType": "z9test.large", "PricePerHour": 1}, "z9test.large: looked for 'HasGPU'"),
        ({"InstanceType": "z9test.large", "HasGPU": True}, "z9test.large: looked for 'PricePerHour'"),
        (item(HasGPU="yes"), "looked for HasGPU true or false, found 'yes'"),
        (item(PricePerHour="11.1"), "looked for PricePerHour as a number, found '11.1'"),
        (item(PricePerHour=True), "looked for PricePerHour as a number, found True"),
        (item(PricePerHour=-1), "looked for a price per hour, found -1"),
        (item(PricePerHour=1e-7), "looked for a price per hour, found 1E-7"),
    ],
)
def test_item_that_is_not_understood(make_document: MakeDocument, row: dict[str, object], problem: str) -> None:
    """What is not known of an item is an error that names it."""
    with pytest.raises(ParseError, match=problem):
        registry.parse(make_document("cloudprice-ec2", answer(row), url=URL))


def test_not_a_number_is_no_price(make_document: MakeDocument) -> None:
    """NaN, which Python's JSON reader would take, is refused."""
    body = answer(item(PricePerHour=float("nan")))

    with pytest.raises(ParseError, match="NaN is not a JSON number"):
        registry.parse(make_document("cloudprice-ec2", body, url=URL))


def test_instance_type_in_the_list_twice(make_document: MakeDocument) -> None:
    """Two items of one instance type are an error: the last one must not win."""
    with pytest.raises(ParseError, match=r"stand in the list twice: z9test\.large"):
        registry.parse(make_document("cloudprice-ec2", answer(item(), item(PricePerHour=2)), url=URL))


@pytest.mark.parametrize("name", ["currency", "region", "tenancy", "timeoption", "operatingSystem"])
def test_request_that_does_not_say_what_it_asked_for(make_document: MakeDocument, name: str) -> None:
    """The answer repeats nothing of the question: a parameter that is missing in the URL is an error."""
    with pytest.raises(ParseError, match=f"looked for one {name} in the query"):
        registry.parse(make_document("cloudprice-ec2", answer(item()), url=asked(**{name: None})))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("paymentType", "Reserved"),
        ("timeoption", "month"),
        ("tenancy", "Dedicated"),
        ("bringYourOwnLicense", "true"),
    ],
)
def test_request_for_prices_of_another_kind(make_document: MakeDocument, name: str, value: str) -> None:
    """Monthly, dedicated or unknown kinds of price are refused by what the URL asked for."""
    with pytest.raises(ParseError, match=f"the URL asks for {name}={value}; known is"):
        registry.parse(make_document("cloudprice-ec2", answer(item()), url=asked(**{name: value})))


def test_quotation_may_name_no_region(make_document: MakeDocument) -> None:
    """A price reconstructed from somebody's quotation has no region; nobody may guess one."""
    url = asked(region=None)
    document = make_document("cloudprice-ec2", answer(item()), url=url, obtained=Obtained.RECONSTRUCTED)

    assert [listing.region for listing in registry.parse(document)] == [None]


def test_sagemaker_list_holds_ml_types_only(make_document: MakeDocument) -> None:
    """An EC2 list at the SageMaker address is refused, not read as SageMaker's prices."""
    with pytest.raises(ParseError, match=r"looked for instance types ml\.\*, found z9test\.large"):
        registry.parse(make_document("cloudprice-sagemaker", answer(item()), url=SAGEMAKER_URL))


class Lists:
    """Stands in for the way out: answers every URL with a body that depends on its kind of price."""

    def __init__(self, make: Callable[..., Response], **bodies: str) -> None:
        self.make = make
        self.bodies = bodies
        self.urls: list[str] = []

    def get(self, source: Source, url: str, resource: str) -> Response:
        """Answer like `Web.get`."""
        assert urlsplit(url).hostname in source.allowed_hosts
        self.urls.append(url)
        kind = dict(parse_qsl(urlsplit(url).query))["paymentType"]
        return self.make(self.bodies[kind].encode(), resource=resource, url=url)


def test_ec2_is_asked_for_both_kinds_of_price(make_response: Callable[..., Response]) -> None:
    """Each region brings an on-demand and a spot list, whose listings carry what was asked for."""
    web = Lists(make_response, OnDemand=answer(item()), Spot=answer(item(PricePerHour=2.2)))
    found = list(ec2.fetch(web, ["us-test-1", "us-test-2"]))  # type: ignore[arg-type]

    listings = [registry.parse(Document.of(each, source="cloudprice-ec2"))[0] for each in found]
    assert [each.resource for each in found] == [
        "us-test-1.ondemand.json",
        "us-test-1.spot.json",
        "us-test-2.ondemand.json",
        "us-test-2.spot.json",
    ]
    assert [(each.region, each.terms, each.price_text) for each in listings] == [
        ("us-test-1", "OnDemand", "11.1"),
        ("us-test-1", "Spot", "2.2"),
        ("us-test-2", "OnDemand", "11.1"),
        ("us-test-2", "Spot", "2.2"),
    ]


def test_spot_list_that_repeats_the_on_demand_prices(make_response: Callable[..., Response]) -> None:
    """A site that ignores paymentType must not fill the spot prices with on-demand ones."""
    web = Lists(make_response, OnDemand=answer(item()), Spot=answer(item()))
    found: list[Response] = []

    with pytest.raises(ParseError, match="the spot list repeats the on-demand prices"):
        found.extend(ec2.fetch(web, ["us-test-1"]))  # type: ignore[arg-type]


def test_sagemaker_is_asked_for_on_demand_prices(make_response: Callable[..., Response]) -> None:
    """Each region brings one list."""
    web = Lists(make_response, OnDemand=answer(item(InstanceType="ml.z9test.large")))
    found = list(sagemaker.fetch(web, ["us-test-1", "us-test-2"]))  # type: ignore[arg-type]

    assert [each.resource for each in found] == ["us-test-1.ondemand.json", "us-test-2.ondemand.json"]
    assert web.urls[0] == SAGEMAKER_URL
    listing = registry.parse(Document.of(found[0], source="cloudprice-sagemaker"))[0]
    assert (listing.service, listing.operating_system) == ("SageMaker (component unstated)", None)
