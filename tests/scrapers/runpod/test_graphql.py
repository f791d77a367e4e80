"""The gpuTypes answer: what is a price, what is none, and what is refused."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from scrapers.errors import ParseError
from scrapers.records import Document, Listing
from scrapers.runpod import graphql

RECORD = {
    "id": "EXAMPLE One",
    "displayName": "Example One",
    "memoryInGb": 11,
    "secureCloud": True,
    "communityCloud": True,
    "securePrice": 1001.01,
    "communityPrice": 1002.02,
    "clusterPrice": None,
}
Parse = Callable[..., list[Listing]]


@pytest.fixture
def parse(document_of: Callable[[str, str], Document]) -> Parse:
    """Parse an answer with these records."""

    def parse_records(*records: dict[str, Any]) -> list[Listing]:
        answer = json.dumps({"data": {"gpuTypes": records}})
        return graphql.parse(document_of("runpod-graphql", answer))

    return parse_records


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("", "found an empty body"),
        ("<html>", "found HTML"),
        ("[]", "looked for an object with 'data'"),
        ('{"other": 1}', "looked for 'data', found other"),
        ('{"data": {}}', "looked for 'gpuTypes', found nothing"),
        ('{"data": null}', "looked for an object in 'data', found None"),
        ('{"data": {"gpuTypes": null}}', "looked for a list of GPU types, found 'None'"),
        ('{"data": {"gpuTypes": []}}', r"looked for a list of GPU types, found '\[\]'"),
        ('{"data": {"gpuTypes": {"id": "EXAMPLE"}}}', "looked for a list of GPU types, found"),
        ('{"data": {"gpuTypes": ["EXAMPLE"]}}', "gpuTypes 0: looked for a GPU type, found 'EXAMPLE'"),
        ('{"errors": "rate limited"}', "answered with an error: rate limited"),
        ('{"errors": [{"code": 1}], "data": {"gpuTypes": [{"id": "EXAMPLE"}]}}', "answered with an error: {'code': 1}"),
        ("[" * 100_000, "looked for JSON: maximum recursion"),
        ('{"errors": [{"message": "Cannot query field"}, "second"], "data": null}', "Cannot query field; second"),
    ],
)
def test_answer_that_is_no_list_is_refused(
    body: str, problem: str, document_of: Callable[[str, str], Document]
) -> None:
    """HTTP 200 with errors, HTML or another document is an error that says what came."""
    with pytest.raises(ParseError, match=problem):
        graphql.parse(document_of("runpod-graphql", body))


@pytest.mark.parametrize("field", sorted(RECORD.keys() - {"clusterPrice"}))
def test_record_without_a_known_field_is_refused(field: str, parse: Parse) -> None:
    """Every field that is read must be there."""
    with pytest.raises(ParseError, match=f"looked for '{field}'"):
        parse({key: value for key, value in RECORD.items() if key != field})


def test_answer_may_leave_cluster_prices_out(parse: Parse) -> None:
    """An answer to a query that did not ask for cluster prices says nothing about clusters."""
    listings = parse({key: value for key, value in RECORD.items() if key != "clusterPrice"})

    assert [listing.service for listing in listings] == ["Pods", "Pods"]


def test_unknown_field_is_refused_and_an_ignored_one_is_not(parse: Parse) -> None:
    """A field is read, ignored by name, or an error; spot prices are ignored since spot pods are gone."""
    assert len(parse({**RECORD, "secureSpotPrice": 900.9, "communitySpotPrice": None})) == 3
    with pytest.raises(ParseError, match="EXAMPLE One: looked for known fields, found reservedPrice besides"):
        parse({**RECORD, "reservedPrice": 900.9})


@pytest.mark.parametrize(
    ("change", "absence"),
    [
        (
            {"communityCloud": False, "communityPrice": None},
            "not offered: communityCloud is false, communityPrice is null",
        ),
        ({"communityCloud": False}, "not offered: communityCloud is false, communityPrice is 1002.02"),
        ({"communityPrice": 0}, "no price: communityPrice is 0"),
        ({"communityPrice": 0.0}, "no price: communityPrice is 0.0"),
        ({"communityPrice": None}, "no price: communityPrice is null"),
    ],
)
def test_absent_community_price_says_why(change: dict[str, Any], absence: str, parse: Parse) -> None:
    """Null, zero, and a price of a cloud that does not offer the GPU are no prices, each with its reason."""
    community = parse({**RECORD, **change})[1]

    assert (community.cloud, community.price_text, community.absence) == ("Community Cloud", None, absence)


@pytest.mark.parametrize("value", ["1001.01", True, -1001.01, 1e30, [1]])
def test_price_that_is_no_plain_number_is_refused(value: object, parse: Parse) -> None:
    """A text, a truth value, a negative or unprintable number is not a price."""
    with pytest.raises(ParseError, match="looked for a number or null in securePrice"):
        parse({**RECORD, "securePrice": value})


def test_flag_that_is_no_truth_value_is_refused(parse: Parse) -> None:
    """Whether a cloud offers a GPU is true or false, nothing else."""
    with pytest.raises(ParseError, match="looked for true or false in secureCloud, found None"):
        parse({**RECORD, "secureCloud": None})


def test_gpu_is_known_by_its_id_and_memory(parse: Parse) -> None:
    """Two records of one id are two GPUs when their memory differs, and an error when only the price does."""
    assert len(parse(RECORD, {**RECORD, "memoryInGb": 22})) == 6
    with pytest.raises(ParseError, match=r"EXAMPLE One.*one price is expected, two are there"):
        parse(RECORD, {**RECORD, "securePrice": 1003.03})


def test_query_asks_for_the_fields_that_are_read() -> None:
    """The query names every field that the parser needs and none that it ignores."""
    for field in RECORD:
        assert f" {field} " in graphql.QUERY
    assert not any(f" {field} " in graphql.QUERY for field in graphql.IGNORED)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"id": None}, "looked for a text in id, found None"),
        ({"displayName": None}, "looked for a text in displayName, found None"),
        ({"displayName": " "}, "looked for a text in displayName, found ' '"),
        ({"memoryInGb": None}, "looked for a whole number of GB in memoryInGb, found None"),
        ({"memoryInGb": 0}, "looked for a whole number of GB in memoryInGb, found 0"),
        ({"memoryInGb": "11"}, "looked for a whole number of GB in memoryInGb, found '11'"),
        ({"memoryInGb": 11.5}, "looked for a whole number of GB in memoryInGb"),
        ({"memoryInGb": True}, "looked for a whole number of GB in memoryInGb, found True"),
    ],
)
def test_name_and_memory_are_never_made_up(change: dict[str, Any], problem: str, parse: Parse) -> None:
    """A null is no name and no memory: it is refused, never printed as "None GB"."""
    with pytest.raises(ParseError, match=problem):
        parse({**RECORD, **change})


@pytest.mark.parametrize("stock", [None, {"stockStatus": None}, {"stockStatus": "Low", "uninterruptablePrice": 900.9}])
def test_stock_never_changes_the_list_price(stock: object, parse: Parse) -> None:
    """Out of stock a GPU still has its list price, and the cheapest of today's offers is not it."""
    assert parse({**RECORD, "lowestPrice": stock}) == parse(RECORD)


def test_price_of_a_cloud_that_does_not_offer_the_gpu_is_no_price(parse: Parse) -> None:
    """The flag wins over the price: RunPod leaves old prices standing."""
    secure = parse({**RECORD, "secureCloud": False})[0]

    assert (secure.price_text, secure.absence) == (None, "not offered: secureCloud is false, securePrice is 1001.01")
