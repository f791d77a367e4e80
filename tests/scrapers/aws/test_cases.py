"""Reviewed pairs: what every recorded form of AWS's sources comes to."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scrapers import registry
from scrapers.locate import OpenBody
from scrapers.records import Document

ReadCase = Callable[[str], tuple[Document, list[dict[str, Any]]]]
CASES = sorted(path.name for path in (Path(__file__).parent / "fixtures").iterdir())


@pytest.mark.parametrize("case", CASES)
def test_case_gives_the_reviewed_listings(case: str, read_case: ReadCase) -> None:
    """Every fixture gives exactly the listings that were reviewed."""
    document, expected = read_case(case)

    assert [dataclasses.asdict(listing) for listing in registry.parse(document)] == expected


@pytest.mark.parametrize("case", CASES)
def test_every_locator_leads_to_its_quote(case: str, read_case: ReadCase) -> None:
    """What stands at a listing's locator is its quote, for prices and for absences."""
    document, _ = read_case(case)
    body = OpenBody(document)

    for listing in registry.parse(document):
        assert body.read(listing.locator) == listing.quote


@pytest.mark.parametrize("case", CASES)
def test_listing_has_a_price_or_says_why_not(case: str, read_case: ReadCase) -> None:
    """A listing has digits without an absence, or an absence without digits."""
    document, _ = read_case(case)

    for listing in registry.parse(document):
        assert (listing.price_text is None) == bool(listing.absence)


def test_csv_and_json_of_one_list_say_the_same(read_case: ReadCase) -> None:
    """The same offer as CSV and as JSON gives equal listings but for their locators."""
    listings = [
        [dataclasses.replace(listing, locator="") for listing in registry.parse(read_case(case)[0])]
        for case in ("ec2-csv-2026-09-10", "ec2-json-2026-09-10")
    ]

    assert listings[0] == listings[1]
