"""CloudPrice's lists: the envelope, what the URL asked for, and lists that are not what was asked for."""

import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from scrapers import registry
from scrapers.cloudprice import ec2, sagemaker
from scrapers.cloudprice.request import address
from scrapers.errors import ParseError
from scrapers.records import Document, Obtained

MakeDocument = Callable[..., Document]
URL = address(ec2.SERVICE, "us-test-1", "OnDemand")
SAGEMAKER_URL = address(sagemaker.SERVICE, "us-test-1", "OnDemand")


def item(**changes: object) -> dict[str, object]:
    """Make one item of a list."""
    return {"InstanceType": "z9test.large", "HasGPU": True, "PricePerHour": 11.1, **changes}


def answer(*items: object, fill: int = 100, prefix: str = "", **data: object) -> str:
    """Make the envelope around items, and as many without GPU as make it a whole list."""
    others = [{"InstanceType": f"{prefix}x{n}test.large", "HasGPU": False, "PricePerHour": 1} for n in range(fill)]
    return json.dumps({"Status": "ok", "Data": {"UpdatedAt": "", "Items": [*items, *others], **data}})


def asked(**changes: str | None) -> str:
    """Return the URL of a request with some parameters changed, or with None left out."""
    query = {**dict(parse_qsl(urlsplit(URL).query)), **changes}
    given = {name: value for name, value in query.items() if value is not None}
    return f"https://cloudprice.net/api/v2/aws/ec2/instances?{urlencode(given)}"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("", "empty body"),
        ("<html><form action='/login'>", "found a page without one: ''"),
        ("\ufeff[]", "looked for an object as the answer"),
        (b'{"Status": "\xff"}', "looked for JSON: .*utf-8"),
        ("[" * 100_000, "looked for JSON"),
        ("{}".encode("utf-16"), "looked for JSON: 'utf-8' codec can't decode byte 0xff in position 0"),
        ("[]", "looked for an object as the answer"),
        ("{}", "looked for 'Status', found nothing"),
        ('{"Status": "error"}', "looked for Status 'ok', found 'error'"),
        ('{"Status": "ok"}', "looked for 'Data'"),
        ('{"Status": "ok", "Data": []}', "looked for an object as Data"),
        ('{"Status": "ok", "Data": {}}', "looked for 'Items', found nothing"),
        ('{"Status": "ok", "Data": {"Items": {}}}', "looked for a list of Items"),
        (answer(fill=0), "looked for at least 1 Items, found 0"),
        (answer(item(), fill=29), "looked for at least 100 instance types of a whole list, found 30"),
        (answer(item(), Currency="EUR"), "the URL asks for USD, the list is in 'EUR'"),
        (answer(item(InstanceType=5)), "looked for InstanceType as text, found 5"),
        (answer(item(PricePerHour=0)), "looked for prices of 1 instance types with GPU, found none"),
        (answer("No matching records found"), "looked for an object as Items/0"),
        (answer(item(HasGPU=False)), "looked for prices, found none"),
    ],
)
def test_answer_that_is_no_list(make_document: MakeDocument, body: str | bytes, problem: str) -> None:
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
        (item(PricePerHour=-1), "looked for a price per hour, found '-1'"),
        (item(PricePerHour=1e-7), "looked for a price per hour, found '1E-7'"),
        (item(PricePerHour=0.00001), "looked for a price per hour, found '0.00001'"),
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
        registry.parse(make_document("cloudprice-sagemaker", answer(item(), prefix="ml."), url=SAGEMAKER_URL))


def test_saved_list_may_be_a_part(make_document: MakeDocument) -> None:
    """What somebody saved or wrote down is taken as the excerpt it is; only what is read now must be whole."""
    document = make_document("cloudprice-ec2", answer(item(), fill=0), url=URL, obtained=Obtained.IMPORTED)

    assert [listing.price_text for listing in registry.parse(document)] == ["11.1"]


def test_list_of_another_region_than_asked_for(make_document: MakeDocument) -> None:
    """An answer from a URL whose region is another one is refused, whoever changed it."""
    document = make_document("cloudprice-ec2", answer(item()), url=URL)
    moved = replace(document.capture, answered_url=asked(region="us-test-9"))

    with pytest.raises(ParseError, match="asks for region=us-test-1, but region=us-test-9 answered"):
        registry.parse(replace(document, capture=moved))
