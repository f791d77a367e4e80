"""Figures know what they are computed from, and come out the same a second time."""

from datetime import timedelta
from decimal import Decimal
from types import ModuleType

import pytest

from normalize.computed import (
    UNITS,
    Quantity,
    age_days,
    compute,
    gpu_count,
    percent,
    usd_per_gpu_hour,
    usd_per_sku_hour,
)


def test_every_quantity_is_computed_from_its_offers(build: ModuleType) -> None:
    """Price per GPU and per SKU, count, percentages with and without sign, and age of the oldest offer."""
    node, single = build.offer("8.88", gpu_count=Decimal(8)), build.offer("2.22")
    on = build.DAY.date() + timedelta(days=9)
    older = build.offer("1.11", observed_at=build.DAY - timedelta(days=2))
    figures = [
        (usd_per_gpu_hour(node), "1.11"),
        (usd_per_sku_hour(node), "8.88"),
        (gpu_count(node), "8"),
        (percent(single, node), "-50"),
        (percent(single, node, apart=True), "50"),
        (age_days((single, older), on), "11"),
    ]

    assert [str(figure.value) for figure, _ in figures] == [value for _, value in figures]
    assert [compute(f.quantity, f.offers, on) for f, _ in figures] == [f.value for f, _ in figures]
    assert {f.quantity for f, _ in figures} == set(Quantity) == set(UNITS)


def test_what_has_no_price_is_no_figure(build: ModuleType) -> None:
    """An offer without a price gives neither a price nor a percentage, and says why there is none."""
    empty = build.offer(None)
    for make in (usd_per_gpu_hour, usd_per_sku_hour, lambda offer: percent(build.offer("1.11"), offer)):
        with pytest.raises(ValueError, match="has no figure: nothing is printed"):
            make(empty)


def test_a_percentage_is_of_two_offers(build: ModuleType) -> None:
    """Too few or too many offers are refused rather than left out."""
    one = build.offer("1.11")
    for quantity, offers in ((Quantity.PERCENT_CHANGE, (one,)), (Quantity.USD_PER_GPU_HOUR, (one, one))):
        with pytest.raises(ValueError, match="unpack"):
            compute(quantity, offers, build.DAY)
