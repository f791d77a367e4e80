"""GPU type records in the scripts of the page of 2023 and 2024."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from scrapers.errors import ParseError
from scrapers.places.locate import read_locator
from scrapers.places.pages import read_page
from scrapers.records import Document, Listing
from scrapers.runpod import page_records, pricing

RECORD = {"__typename": "GpuType", "id": "EXAMPLE One", "displayName": "Example One", "memoryInGb": 11}
PRICED = {**RECORD, "securePrice": 1001.01, "communityPrice": 1002.02}
Read = Callable[..., list[Listing]]


@pytest.fixture
def read(document_of: Callable[[str, str], Document]) -> Read:
    """Read the records of a page with these scripts, and see that every listing can be found again."""

    def read_scripts(*scripts: str) -> list[Listing]:
        body = "<html><body>" + "".join(f"<script>{script}</script>" for script in scripts) + "</body></html>"
        document = document_of("runpod-pricing", body)
        listings = page_records.read(document, read_page(document))
        assert [read_locator(document, x.locator) for x in listings] == [x.quote for x in listings]
        return listings

    return read_scripts


@pytest.mark.parametrize("levels", [0, 1, 2])
@pytest.mark.parametrize("order", [1, -1])
def test_record_is_found_however_often_it_is_escaped(levels: int, order: int, read: Read) -> None:
    """A record is read in JSON, in a text, and in a text in a text, its type's name first or last."""
    record = {"lowestPrice": {"stockStatus": "High", "__typename": "LowestPrice"}, **PRICED}
    text = json.dumps({"a": [dict(list(record.items())[::order])]})
    for _ in range(levels):
        text = json.dumps(text)

    assert [(x.sku, x.cloud, x.price_text) for x in read(f"push({text})")] == [
        ("Example One", "Secure Cloud", "1001.01"),
        ("Example One", "Community Cloud", "1002.02"),
    ]


def test_spot_is_a_term_of_its_own(read: Read) -> None:
    """A spot price is never an on-demand price, also where both are the same."""
    listings = read(json.dumps({**PRICED, "secureSpotPrice": 1001.01, "communitySpotPrice": 0}))

    assert [(x.terms, x.cloud, x.price_text) for x in listings] == [
        ("On-Demand", "Secure Cloud", "1001.01"),
        ("On-Demand", "Community Cloud", "1002.02"),
        ("Spot", "Secure Cloud", "1001.01"),
        ("Spot", "Community Cloud", None),
    ]


def test_page_without_prices_in_its_records_has_none(read: Read) -> None:
    """Scripts without records, and records whose query asked for no price, say nothing."""
    assert read('{"a": 1}', "GpuType", json.dumps(RECORD)) == []


def test_records_win_over_cards(document_of: Callable[[str, str], Document]) -> None:
    """Where the page holds both, its text is not read."""
    cards = "<p>Example One</p><p>11GB VRAM</p><p>$9001.01/hr</p><p>Secure Cloud</p>"
    listings = pricing.parse(document_of("runpod-pricing", f"<script>{json.dumps(PRICED)}</script>{cards}"))

    assert [x.price_text for x in listings] == ["1001.01", "1002.02"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"displayName": None}, "looked for a text in displayName"),
        ({"securePrice": "1001.01"}, "looked for a number or null in securePrice, found '1001.01'"),
        ({"securePrice": -1}, "looked for a number or null in securePrice"),
        ({"secureCloud": "yes"}, "looked for true or false in secureCloud, found 'yes'"),
        ({"eurPrice": 1001.01}, "looked for known fields, found eurPrice besides"),
    ],
)
def test_record_that_is_not_as_known_is_refused(change: dict[str, Any], problem: str, read: Read) -> None:
    """An unknown field or value is an error that names the GPU type or its place."""
    with pytest.raises(ParseError, match=problem):
        read(json.dumps({**PRICED, **change}))


def test_one_gpu_with_two_prices_is_refused(read: Read) -> None:
    """A record that is there twice must say the same; the error names both places."""
    assert len(read(json.dumps(PRICED), json.dumps(PRICED))) == 2
    with pytest.raises(ParseError, match=r"'1001\.01' at object:0;0;0/securePrice and '1003\.03' at object:1;0;0"):
        read(json.dumps(PRICED), json.dumps({**PRICED, "securePrice": 1003.03}))


@pytest.mark.parametrize(
    "script",
    [
        '"__typename":"GpuType"',
        '{"__typename":"GpuType","id":"EXAMPLE',
        "{" * 100 + '"__typename":"GpuType"',
        '{"a":' * 100_000 + '{"__typename":"GpuType"',
    ],
)
def test_record_that_cannot_be_read_is_refused(script: str, read: Read) -> None:
    """A record that is cut off, or nested without end, is an error, never a page without records."""
    with pytest.raises(ParseError, match=r"looked for a JSON object around a script with .* at character"):
        read(script)


def test_quotes_escaped_in_an_unknown_way_are_refused(read: Read) -> None:
    """Two backslashes are no level of escaping."""
    with pytest.raises(ParseError, match="escaped at most twice, found 2 backslashes"):
        read(r"{\\" + r'"__typename\\":\\"GpuType\\"}')
