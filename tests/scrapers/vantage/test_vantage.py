"""Vantage's feed: what it must hold, what it may hold, and how its families are fetched."""

import json
from collections.abc import Callable

import pytest

from scrapers import registry, vantage
from scrapers.errors import FetchError, ParseError
from scrapers.records import Document, Response, Source

MakeDocument = Callable[..., Document]


def record(linux: object = None, **changes: object) -> dict[str, object]:
    """Make one instance of the feed."""
    instance = {
        "instance_type": "z9test.large",
        "GPU": 1,
        "GPU_model": "TEST A",
        "GPU_memory": 11,
        "pricing": {"us-east-1": {"linux": {"ondemand": "11.1"} if linux is None else linux}},
    }
    return {**instance, **changes}


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("", "empty body"),
        ("<!DOCTYPE html><title>Vantage</title>", "found HTML"),
        ("{}", "looked for an array of instances, found dict"),
        ("[]", "looked for at least 1 instances, found 0"),
        ("[30]", "instance 0: looked for an object, found 30"),
        ('[{"instance_type": "z9test.large"', "looked for JSON"),
    ],
)
def test_body_that_is_no_array_of_instances(make_document: MakeDocument, body: str, problem: str) -> None:
    """A body of another kind, cut off or empty is an error that says what was found."""
    with pytest.raises(ParseError, match=problem):
        registry.parse(make_document("vantage-ec2", body))


@pytest.mark.parametrize("key", ["instance_type", "GPU", "GPU_model", "GPU_memory", "pricing"])
def test_missing_key(make_document: MakeDocument, key: str) -> None:
    """A key that is used must be there; its absence is named, and never means none."""
    instance = record()
    del instance[key]

    with pytest.raises(ParseError, match=f"instance 0.*: looked for '{key}'"):
        registry.parse(make_document("vantage-ec2", json.dumps([instance])))


@pytest.mark.parametrize(
    ("instance", "problem"),
    [
        (record(GPU=None), r"instance 0 \(z9test.large\): looked for a number of GPUs, found 'None'"),
        (record(pricing=[]), "looked for platforms by region"),
        (record(pricing={"us-east-1": "11.1"}), "looked for platforms by region"),
        (record("11.1"), r"instance 0 \(z9test.large\), us-east-1: looked for the terms of linux"),
        (record({"ondemand": 11.1}), "looked for a price in ondemand, found Decimal"),
        (record({"ondemand": None}), "looked for a price in ondemand, found None"),
        (record({"ondemand": "$11.1"}), "looked for a price in ondemand, found '\\$11.1'"),
        (record({"ondemand": "-1"}), "looked for a price in ondemand, found '-1'"),
        (record({"ondemand": "4.4e-05"}), "looked for a price in ondemand, found '4.4e-05'"),
        (record({"ondemand": "11.1", "flex": "1.1"}), "unknown terms of linux: flex"),
        (record({"ondemand": "11.1", "reserved": {"yrTerm1Standard.noUpfront": 1}}), "found 1"),
    ],
)
def test_instance_that_is_not_understood(
    make_document: MakeDocument, instance: dict[str, object], problem: str
) -> None:
    """What is not known of an instance is an error that names it, and the region."""
    with pytest.raises(ParseError, match=problem):
        registry.parse(make_document("vantage-ec2", json.dumps([instance])))


def test_instance_type_printed_twice(make_document: MakeDocument) -> None:
    """Two records of one instance type are an error: the last one must not win."""
    with pytest.raises(ParseError, match=r"instance 1 \(z9test.large\): the instance type is printed twice"):
        registry.parse(make_document("vantage-ec2", json.dumps([record(), record()])))


def test_body_without_an_accelerated_instance(make_document: MakeDocument) -> None:
    """A feed without any GPU is an error, never a success without prices."""
    plain = record(GPU=0, GPU_model=None)

    with pytest.raises(ParseError, match="looked for prices, found none"):
        registry.parse(make_document("vantage-ec2", json.dumps([plain])))


class Families:
    """Stands in for the way out: answers every family but those that fail."""

    def __init__(self, failures: dict[str, ParseError | FetchError], make: Callable[..., Response]) -> None:
        self.failures = failures
        self.make = make

    def get(self, source: Source, url: str, resource: str) -> Response:
        """Answer like `Web.get`."""
        assert source is vantage.SOURCE
        family = resource.removesuffix(".json")
        assert url == f"https://instances-api.vantage.sh/api/v1/instances/ec2/families/{family}/global"
        if family in self.failures:
            raise self.failures[family]
        return self.make(resource=resource, url=url)


def test_fetch_yields_every_family(make_response: Callable[..., Response]) -> None:
    """One response comes per GPU family, named after it."""
    names = [found.resource for found in vantage.fetch(Families({}, make_response), ())]  # type: ignore[arg-type]

    assert names == [f"{family}.json" for family in vantage.GPU_FAMILIES]
    assert {"p5.json", "p6-b200.json", "g6e.json"} <= set(names)


def test_family_that_is_gone_fails_alone(make_response: Callable[..., Response]) -> None:
    """A family that answers 404 is named at the end, after all others were yielded."""
    web = Families({"p2": ParseError("vantage-ec2", "HTTP 404 Not Found")}, make_response)
    names: list[str] = []

    with pytest.raises(ParseError, match=r"families without an answer: p2: HTTP 404 Not Found"):
        names.extend(found.resource for found in vantage.fetch(web, ()))  # type: ignore[arg-type]
    assert len(names) == len(vantage.GPU_FAMILIES) - 1


def test_api_that_cannot_now_is_not_asked_further(make_response: Callable[..., Response]) -> None:
    """An answer that promises better luck later ends the fetch at once, to be tried again as a whole."""
    first = vantage.GPU_FAMILIES[0]
    web = Families({first: FetchError("vantage-ec2", "HTTP 429 Too Many Requests")}, make_response)

    with pytest.raises(FetchError, match="HTTP 429"):
        next(vantage.fetch(web, ()))  # type: ignore[arg-type]
