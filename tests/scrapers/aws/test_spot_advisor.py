"""The Spot Advisor: statements about spot capacity that never become a price."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from normalize.records import PriceBasis, PricingCategory
from normalize.vocabulary import TERMS
from scrapers.aws import spot
from scrapers.errors import FetchError, ParseError
from scrapers.records import Document
from scrapers.wire.web import Web

DocumentOf = Callable[[str, str], Document]
RANGES = [{"index": 0, "label": "<5%"}, {"index": 1, "label": "5-10%"}]


def advisor(types: dict[str, Any], *, region: str = "us-east-1", **changes: Any) -> str:
    """Write a feed of one region."""
    return json.dumps({"ranges": RANGES, "spot_advisor": {region: {"Linux": types}}} | changes)


@pytest.mark.parametrize("saved", [47, 0, -3])
def test_saving_and_interruption_are_said_without_a_price(saved: int, document_of: DocumentOf) -> None:
    """What the feed says stands in the absence, also where nothing or less than nothing is saved."""
    [listing] = spot.parse(document_of("aws-spot", advisor({"g99.xlarge": {"s": saved, "r": 1}, "m99.xlarge": {}})))

    assert listing.price_text is None
    assert f"{saved} % saved against on-demand over 30 days, frequency of interruption 5-10%" in listing.absence


def test_statement_is_no_spot_quote(document_of: DocumentOf) -> None:
    """Its basis is its own: no question for a spot price is answered by it."""
    [listing] = spot.parse(document_of("aws-spot", advisor({"g99.xlarge": {"s": 1, "r": 0}})))
    terms = TERMS["aws-spot", listing.terms]

    assert (terms.pricing_category, terms.price_basis) == (PricingCategory.SPOT, PriceBasis.STATEMENT)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('{"spot_advisor": {}}', "looked for 'ranges'"),
        (advisor({}), "looked for at least 1 instance type in us-east-1"),
        (advisor({}, region="Example"), "looked for a region code"),
        (advisor({}, spot_advisor={"us-east-1": {"Windows": {}}}), "looked for 'Linux'"),
        (advisor({"g99.xlarge": {"s": 1}}), "g99.xlarge in us-east-1: looked for the whole numbers s and r"),
        (advisor({"g99.xlarge": {"s": 1, "r": 0, "x": 1}}), "looked for the whole numbers s and r"),
        (advisor({"g99.xlarge": {"s": "1", "r": 0}}), "looked for the whole numbers s and r"),
        (advisor({"g99.xlarge": {"s": 1, "r": 9}}), "looked for one range of index 9, found 0"),
    ],
)
def test_feed_of_another_structure_is_refused(body: str, message: str, document_of: DocumentOf) -> None:
    """What is not the feed is refused with what was looked for."""
    with pytest.raises(ParseError, match=message):
        spot.parse(document_of("aws-spot", body))


def test_feed_that_fails_does_not_lose_the_other(origin: Any) -> None:
    """The Spot Advisor is fetched although the price feed did not come, and the failure is raised at the end."""
    origin.bodies["/spot-advisor-data.json"] = b"{}"
    origin.status["/spot.json"] = 503
    hosts = {f"https://{host}": origin.address for host in spot.SOURCE.allowed_hosts}

    with Web(origins=hosts) as web:
        responses = spot.fetch(web, [])
        assert next(responses).resource == "spot-advisor-data.json"
        with pytest.raises(FetchError, match=r"spot.json: HTTP 503"):
            next(responses)
