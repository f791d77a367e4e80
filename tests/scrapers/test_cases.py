"""Every fixture case of every source: the body gives the reviewed listings, and each can be found again."""

import json
from collections.abc import Callable
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scrapers import registry
from scrapers.places.locate import OpenBody
from scrapers.records import Document

ReadCase = Callable[[Path], tuple[Document, list[dict[str, Any]]]]
CASES = sorted(path.parent for path in Path(__file__).parent.glob("*/fixtures/*/meta.json"))
pytestmark = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def test_body_gives_the_reviewed_listings(case: Path, read_case_at: ReadCase) -> None:
    """Parsing a case's body gives its expected listings, in their order, and nothing else."""
    document, expected = read_case_at(case)

    assert [asdict(listing) for listing in registry.parse(document)] == expected


def test_every_locator_leads_to_its_quote(case: Path, read_case_at: ReadCase) -> None:
    """What a listing quotes is what stands at its locator, and a price is a part of it."""
    document, _ = read_case_at(case)
    body = OpenBody(document)

    for listing in registry.parse(document):
        assert body.read(listing.locator) == listing.quote
        assert not listing.upfront_locator or body.read(listing.upfront_locator) == listing.upfront_quote
        assert (listing.upfront_text or "") in listing.upfront_quote
        assert listing.price_text is None or listing.price_text in listing.quote.replace(",", "")


def test_price_and_absence_exclude_each_other(case: Path, read_case_at: ReadCase) -> None:
    """A listing has a price above zero (or a fee instead) with its unit, or a sentence that says why there is none."""
    document, _ = read_case_at(case)

    for listing in registry.parse(document):
        assert (listing.price_text is None) == bool(listing.absence)
        prices = [Decimal(text) for text in (listing.price_text, listing.upfront_text) if text]
        assert listing.price_text is None or (listing.unit and max(prices) > 0)


def test_case_names_its_origin(case: Path) -> None:
    """A fixture is labelled as reconstructed and says where its figures are public, or that they are artificial."""
    meta = json.loads((case / "meta.json").read_text())

    assert meta["obtained"] == "reconstructed"
    assert meta["provenance"]
