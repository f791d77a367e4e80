"""Spot prices of zones become what a region's zones come to."""

from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

from normalize.facts import Facts
from normalize.offers import normalize
from normalize.records import Normalized, PriceBasis, PricingCategory
from normalize.zones import join_zones

ZONE = PriceBasis.ZONE_QUOTE


@pytest.fixture
def take(build: ModuleType, kept_facts: Facts) -> Any:
    """A function that normalises spot prices by zone of g4dn.12xlarge, which has four GPUs."""

    def normalized(*prices: tuple[str, str | None], currency: str = "USD") -> Normalized:
        listings = [
            build.instance(
                price,
                source="aws-spot-history",
                terms="spot history",
                sku="g4dn.12xlarge",
                sku_id=zone,
                currency=currency,
                locator=f"json:/{zone}",
            )
            for zone, price in prices
        ]
        return normalize([build.capture(*listings)], build.source("aws-spot-history"), kept_facts)

    return normalized


def test_zones_become_lowest_mean_and_highest(take: Any) -> None:
    """Three zones are three offers of their region: two are figures of a zone, the mean cites all."""
    result = take(("us-east-1a", "2.22"), ("us-east-1b", "1.11"), ("us-east-1c", "3.33"))

    assert result.findings == ()
    assert [(o.price_basis, o.sku_id, o.list_unit_price, o.usd_per_gpu_hour) for o in result.offers] == [
        (PriceBasis.ZONE_MINIMUM, "us-east-1b", Decimal("1.11"), Decimal("0.2775")),
        (PriceBasis.ZONE_MEAN, None, Decimal("2.22"), Decimal("0.555")),
        (PriceBasis.ZONE_MAXIMUM, "us-east-1c", Decimal("3.33"), Decimal("0.8325")),
    ]
    assert {o.pricing_category for o in result.offers} == {PricingCategory.SPOT}
    assert [len(o.citations) for o in result.offers] == [1, 3, 1]


def test_one_zone_is_all_three(take: Any) -> None:
    """A region with one zone has one figure for each."""
    assert {o.list_unit_price for o in take(("us-east-1a", "1.11")).offers} == {Decimal("1.11")}


def test_zone_without_a_price_does_not_count(take: Any) -> None:
    """Only prices are compared; a region without any keeps one offer that says why."""
    some, none = take(("us-east-1a", None), ("us-east-1b", "1.11")), take(("us-east-1a", None), ("us-east-1b", None))

    assert {o.list_unit_price for o in some.offers} == {Decimal("1.11")}
    assert [(o.price_basis, o.list_unit_price) for o in none.offers] == [(PriceBasis.ZONE_MINIMUM, None)]
    assert none.offers[0].absence


def test_other_currency_has_no_dollars(take: Any) -> None:
    """Yuan are compared with yuan, and not converted."""
    offers = take(("cn-north-1a", "1.11"), ("cn-north-1b", "3.33"), currency="CNY").offers

    assert [(o.list_unit_price, o.usd_per_gpu_hour) for o in offers] == [
        (Decimal("1.11"), None),
        (Decimal("2.22"), None),
        (Decimal("3.33"), None),
    ]


def test_other_offers_stay_as_they_are(build: ModuleType) -> None:
    """Only single zones of the same thing at the same time are joined."""
    other, zone = build.offer("1.11"), build.offer("2.22", price_basis=ZONE, sku_id="a")
    later = build.offer("3.33", price_basis=ZONE, sku_id="b", observed_at=build.day(9))
    joined = join_zones([zone, other, later])

    assert joined[0] == other
    assert [o.list_unit_price for o in joined[1:]] == [Decimal("2.22")] * 3 + [Decimal("3.33")] * 3
