"""A price is computed again from the quoted text and the facts; whatever does not follow is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from types import ModuleType

import pytest

from normalize.computed import Computed, Quantity, usd_per_gpu_hour
from normalize.facts import Facts
from normalize.records import Citation, Offer, PriceBasis
from normalize.verify import (
    Fault,
    Problem,
    check_citations,
    check_computed,
    check_offer,
    check_thing,
    quoted_numbers,
)


def verdict(offer: Offer, facts: Facts) -> Problem | None:
    """Check an offer whose quotes all stand where they are said to stand."""
    return check_offer(offer, dict.fromkeys(offer.citations), facts)


def quoting(build: ModuleType, *quotes: str) -> tuple[Citation, ...]:
    """Make citations of these texts."""
    return tuple(build.citation(locator=f"json:/{n}", quote=quote) for n, quote in enumerate(quotes))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1.90", ["1.90"]),
        ("$1,234.50/hr", ["1234.50"]),
        ("4.4e-05 USD", ["0.000044"]),
        ("1 x $1.11 or 2 x $2.22", ["1", "1.11", "2", "2.22"]),
        ("no price", []),
        ("12,34", ["12", "34"]),
    ],
)
def test_numbers_of_a_quote(text: str, found: list[str]) -> None:
    """Commas between thousands are left out, powers of ten are read, anything else is several numbers."""
    assert quoted_numbers(text) == [Decimal(number) for number in found]


def test_citations_are_read_once_each(build: ModuleType) -> None:
    """The quote stands there, another text does, or nothing does; a repeated citation is asked for once."""
    good, changed, gone = quoting(build, "1.11", "2.22", "3.33")
    lost = Problem(Fault.GONE, "the bytes are gone")
    asked: list[Sequence[Citation]] = []

    def reread(wanted: Sequence[Citation]) -> Mapping[Citation, str | Problem]:
        asked.append(wanted)
        return {good: "1.11", changed: "2.23" * 40, gone: lost}

    found = check_citations([good, changed, good, gone], reread)

    assert asked == [[good, changed, gone]]
    assert found[good] is None
    assert found[gone] is lost
    problem = found[changed]
    assert problem is not None
    assert problem.fault is Fault.QUOTE
    assert "json:/1 reads '2.232.23" in problem.why
    assert "…', quoted is '2.22'" in problem.why


def test_offer_fails_with_its_citation(build: ModuleType, kept_facts: Facts) -> None:
    """What is wrong with a receipt is what is wrong with the price."""
    offer, gone = build.offer(), Problem(Fault.GONE, "gone")
    assert check_offer(offer, {offer.citations[0]: gone}, kept_facts) is gone


def test_price_per_second_follows_by_the_facts(build: ModuleType, kept_facts: Facts) -> None:
    """Seconds become hours by data/facts/units.toml, whatever the offer says came out."""
    offer = build.per_second("0.00111", citations=quoting(build, "$0.00111 per second"))
    assert verdict(offer, kept_facts) is None
    problem = verdict(replace(offer, usd_per_gpu_hour=Decimal("3.995")), kept_facts)
    assert problem == Problem(Fault.VALUE, "x1.8xlarge: 3.996 USD per GPU-hour follows, 3.995 is stated")


@pytest.mark.parametrize(
    ("changes", "fault", "why"),
    [
        ({"list_unit_price": Decimal("1.12")}, Fault.PRICE, "1.12 does not follow from what is quoted: '1.11'"),
        ({"usd_per_gpu_hour": None}, Fault.VALUE, "1.11 USD per GPU-hour follows, none is stated"),
        ({"gpu_count": Decimal(2)}, Fault.VALUE, "0.555 USD per GPU-hour follows, 1.11 is stated"),
        ({"pricing_unit": "fortnight"}, Fault.VALUE, "data/facts knows no unit fortnight"),
        ({"pricing_unit": "month"}, Fault.VALUE, "data/facts knows no unit month"),
        ({"gpu_count": Decimal(0)}, Fault.VALUE, "cannot be computed again"),
        ({"citations": ()}, Fault.PRICE, "no receipt is cited"),
        ({"list_unit_price": None}, Fault.VALUE, "without a price in USD"),
        ({"billing_currency": "CNY"}, Fault.VALUE, "without a price in USD"),
        ({"provider": "AWS", "sku": "x9.large"}, Fault.VALUE, "data/facts knows no instance type x9.large"),
        ({"provider": "AWS", "sku": "p5.48xlarge"}, Fault.VALUE, "has 8 GPUs in data/facts, 1 are stated"),
    ],
)
def test_what_does_not_follow_is_named(
    build: ModuleType, kept_facts: Facts, changes: dict[str, object], fault: Fault, why: str
) -> None:
    """One other digit, count, unit or currency gives the fault and what was looked for."""
    problem = verdict(replace(build.offer(), **changes), kept_facts)  # type: ignore[arg-type]  # any field
    assert problem is not None
    assert problem.fault is fault
    assert why in problem.why


def test_what_has_no_price_holds_with_its_quote(build: ModuleType, kept_facts: Facts) -> None:
    """An absence, and a price in another currency that is not converted, need nothing but their quotes."""
    assert verdict(build.offer(None), kept_facts) is None
    assert verdict(build.offer(billing_currency="CNY", usd_per_gpu_hour=None), kept_facts) is None


def test_upfront_fee_is_a_part_of_the_price(build: ModuleType, kept_facts: Facts) -> None:
    """Price per hour and fee are each looked for in their own quote: 1.11 + 730 / 12 x 730 = 1.193..."""
    price = Decimal("1.11") + Decimal(730) / (12 * 730)
    offer = build.offer(
        citations=quoting(build, "1.11", "730 upfront"),
        upfront_fee=Decimal(730),
        commitment_months=12,
        list_unit_price=price.quantize(Decimal("1E-18")),
        usd_per_gpu_hour=price.quantize(Decimal("1E-18")),
    )
    assert verdict(offer, kept_facts) is None
    for changes in ({"upfront_fee": Decimal(731)}, {"commitment_months": 36}, {"citations": offer.citations[:1]}):
        problem = verdict(replace(offer, **changes), kept_facts)
        assert problem is not None
        assert problem.fault is Fault.PRICE


def test_mean_is_of_all_its_quotes(build: ModuleType, kept_facts: Facts) -> None:
    """A mean over zones follows from every zone's price; a quote of two numbers would be a guess."""
    offer = build.offer("3.33", price_basis=PriceBasis.ZONE_MEAN, citations=quoting(build, "2.22", "4.44"))
    assert verdict(offer, kept_facts) is None
    for quotes in (("2.22", "4.45"), ("2.22", "4.44 or 5.55")):
        problem = verdict(replace(offer, citations=quoting(build, *quotes)), kept_facts)
        assert problem is not None
        assert problem.fault is Fault.PRICE


def test_price_of_something_else_is_named(build: ModuleType) -> None:
    """The same digits at the same place prove nothing when they are another size's; silence of the parser does not."""
    stated, other = build.offer(sku="x1.large"), build.offer(sku="x1.8xlarge", gpu_count=Decimal(8))
    problem = check_thing(stated, [other])
    assert problem is not None
    assert problem.fault is Fault.THING
    assert "stands the price of Examplecloud Machines x1.8xlarge" in problem.why
    assert check_thing(stated, [other, replace(stated, price_basis=PriceBasis.ZONE_MINIMUM)]) is None
    assert check_thing(stated, []) is None


def test_figure_follows_from_its_offers(build: ModuleType) -> None:
    """A figure fails with its offer, when it has another value, and when it is of too few offers."""
    offer = build.offer()
    figure = usd_per_gpu_hour(offer)
    gone = Problem(Fault.GONE, "gone")
    assert check_computed(figure, {offer: None}, build.DAY) is None
    assert check_computed(figure, {offer: gone}, build.DAY) is gone
    wrong = check_computed(replace(figure, value=Decimal("1.12")), {offer: None}, build.DAY)
    assert wrong == Problem(Fault.VALUE, "1.11 follows, 1.12 is stated")
    odd = check_computed(Computed(Quantity.PERCENT_CHANGE, Decimal(0), (offer,)), {offer: None}, build.DAY)
    assert odd is not None
    assert "cannot be computed again" in odd.why
