"""Every fixture case: the body gives exactly the reviewed listings, and each of them can be found again."""

import json
from collections.abc import Callable
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scrapers import registry
from scrapers.locate import read_locator
from scrapers.records import Document

FIXTURES = Path(__file__).parent / "fixtures"
CASES = sorted(path.name for path in FIXTURES.iterdir())
ReadCase = Callable[[str], tuple[Document, list[dict[str, Any]]]]


@pytest.mark.parametrize("case", CASES)
def test_body_gives_the_reviewed_listings(case: str, read_case: ReadCase) -> None:
    """Parsing a case's body gives its expected listings, in their order, and nothing else."""
    document, expected = read_case(case)

    assert [asdict(listing) for listing in registry.parse(document)] == expected


@pytest.mark.parametrize("case", CASES)
def test_locator_leads_back_to_the_quote(case: str, read_case: ReadCase) -> None:
    """Reading each listing's locator gives its quote again, with or without a price."""
    document, _ = read_case(case)

    for listing in registry.parse(document):
        assert read_locator(document, listing.locator) == listing.quote


@pytest.mark.parametrize("case", CASES)
def test_listing_has_a_price_or_a_reason(case: str, read_case: ReadCase) -> None:
    """A listing has either a price above zero, whose digits are in the quote, or a sentence why not."""
    document, _ = read_case(case)

    for listing in registry.parse(document):
        if listing.price_text is None:
            assert listing.absence
        else:
            assert listing.absence == ""
            assert listing.unit
            assert Decimal(listing.price_text) > 0
            assert listing.price_text in listing.quote


@pytest.mark.parametrize("case", CASES)
def test_case_says_where_its_figures_are_public(case: str) -> None:
    """A case is labelled reconstructed and names the public place of its figures, or says artificial."""
    meta = json.loads((FIXTURES / case / "meta.json").read_text())

    assert meta["obtained"] == "reconstructed"
    assert any(word in meta["provenance"] for word in ("https://", "github.com/", "public", "Artificial"))
