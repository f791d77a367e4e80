"""What breaks an invariant is kept, told and used for nothing, until it is right or somebody decided."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

from normalize.compare import Want, find_figure
from normalize.corroborate import find_conflicts
from normalize.diff import diff_markets
from normalize.facts import Facts, Release
from normalize.market import Reading, build_market
from normalize.quarantine import quarantine, settle
from normalize.records import ChangeKind, Identity, Market, Offer, PriceBasis, PricingCategory, Severity, identity_of
from scrapers.records import Snapshot, SourceState

H100 = {"gpu": "h100-sxm-80gb"}
REASON = "outside_band: 99.99 is not between 0.4579 and 28.2670 USD per GPU-hour"


def release(identity: Identity, price: str, invariant: str = "outside_band") -> Release:
    """Decide that one price of one offer may be used."""
    words = ("It is right.", date(2031, 2, 3), "Somebody", "https://example.org/decision")
    return Release(identity, Decimal(price), "hour", invariant, *words)


def deciding(facts: Facts, *releases: Release) -> Facts:
    """Return the facts with these decisions."""
    return replace(facts, releases=releases)


def test_an_implausible_price_is_marked_and_told(build: ModuleType, kept_facts: Facts) -> None:
    """The offer keeps its figure and receipt; the finding names price, place and the file for a decision."""
    good, bad = build.offer("6.66", **H100), build.offer("99.99", sku="x2.8xlarge", region="north", **H100)
    offers, findings = quarantine([good, bad], kept_facts)
    assert [o.quarantined for o in offers] == [None, REASON]
    assert offers[1] == replace(bad, quarantined=REASON)
    (finding,) = findings
    assert (finding.kind, finding.severity, finding.source) == ("outside_band", Severity.ERROR, "examplecloud-pricing")
    assert finding.where == "0123456789ab#json:/price"
    assert finding.message == (
        "Machines x2.8xlarge north on_demand: 99.99 is not between 0.4579 and 28.2670 USD per GPU-hour; "
        "in quarantine, see data/facts/releases.toml"
    )


def test_an_implausible_price_accuses_nobody(build: ModuleType, kept_facts: Facts) -> None:
    """A misread on-demand price does not put the good spot prices under it into quarantine."""
    spot = build.offer(
        "2.22", pricing_category=PricingCategory.SPOT, price_basis=PriceBasis.REGION_QUOTE, source="aws-spot", **H100
    )
    offers, _ = quarantine([build.offer("0.01", **H100), spot], kept_facts)
    assert [o.quarantined is None for o in offers] == [False, True]


def test_two_breaches_are_two_reasons(build: ModuleType, kept_facts: Facts) -> None:
    """Both stand in the offer, and each is a finding."""
    (offer,), findings = quarantine([build.offer("99.99", gpu_count=Decimal(1000), **H100)], kept_facts)
    assert offer.quarantined.startswith("count_out_of_bounds: 1000 GPUs; outside_band: ")
    assert [f.kind for f in findings] == ["count_out_of_bounds", "outside_band"]


def test_what_is_in_quarantine_already_is_left_alone(build: ModuleType, kept_facts: Facts) -> None:
    """So is what has no price."""
    known = [build.offer("99.99", quarantined="two prices", **H100), build.offer(None, sku="x2.8xlarge", **H100)]
    assert quarantine(known, kept_facts) == (tuple(known), ())


def test_a_decision_lets_one_price_out(build: ModuleType, kept_facts: Facts) -> None:
    """The same offer at another price, and another offer at this one, stay in."""
    bad = build.offer("99.99", **H100)
    facts = deciding(kept_facts, release(identity_of(bad), "99.990"))
    assert quarantine([bad], facts) == ((bad,), ())
    for other in (build.offer("88.88", **H100), build.offer("99.99", sku="x2.8xlarge", **H100)):
        (offer,), findings = quarantine([other], facts)
        assert offer.quarantined is not None
        assert len(findings) == 1


def test_a_decision_is_about_one_unit(build: ModuleType, kept_facts: Facts) -> None:
    """99.99 an hour was decided on, not 99.99 a second."""
    bad = build.offer("99.99", pricing_unit="second", **H100)
    (offer,), _ = quarantine([bad], deciding(kept_facts, release(identity_of(bad), "99.99")))
    assert offer.quarantined is not None


def test_a_decision_is_about_one_invariant(build: ModuleType, kept_facts: Facts) -> None:
    """Whatever else is wrong with the price still holds it."""
    bad = build.offer("99.99", gpu_count=Decimal(1000), **H100)
    (offer,), _ = quarantine([bad], deciding(kept_facts, release(identity_of(bad), "99.99", "outside_band")))
    assert offer.quarantined == "count_out_of_bounds: 1000 GPUs"


def test_a_price_let_out_is_held_against_the_others_again(build: ModuleType, kept_facts: Facts) -> None:
    """It is a price like all others then, with its neighbours to keep to."""
    bad = build.offer("99.99", pricing_category=PricingCategory.SPOT, price_basis=PriceBasis.ZONE_MAXIMUM, **H100)
    offers, _ = quarantine([bad, build.offer("6.66", **H100)], deciding(kept_facts, release(identity_of(bad), "99.99")))
    assert [str(o.quarantined).partition(":")[0] for o in offers] == ["spot_above_on_demand", "None"]


def test_nothing_uses_what_is_in_quarantine(build: ModuleType, kept_facts: Facts) -> None:
    """Neither figures nor conflicts nor changes; who asks for the figure is told why there is none."""
    bad = build.offer("99.99", sku="x2.8xlarge", **H100)
    other = build.offer("6.66", sku="x2.8xlarge", source="vantage-ec2", gpu="a100-sxm-80gb")
    offers, _ = quarantine([bad, other], kept_facts)
    market = build.market(*offers)
    assert market.priced == market.legible == (other,)
    assert find_conflicts(market) == ()
    figure = find_figure(market, Want("Examplecloud", ("Machines",), PricingCategory.ON_DEMAND, "h100-sxm-80gb"))
    assert (figure.offer, figure.reason) == (None, f"quarantined: {REASON}")
    assert diff_markets(build.market(build.offer("6.66", sku="x2.8xlarge", **H100), other), market) == ()


# What only earlier markets tell.


def settled(facts: Facts, *markets: Market) -> Market:
    """Return the last of these markets, settled with those before it, and see that each is asked for by its moment."""
    moments = [m.as_of for m in markets[:-1]][::-1]
    return settle(markets[-1], moments, {m.as_of: m for m in markets}.__getitem__, facts)


def dated(build: ModuleType, number: int, *offers: Offer) -> Market:
    """Make the market of a day."""
    at = build.day(number)
    market: Market = build.market(*(replace(o, observed_at=at) for o in offers), as_of=at)
    return market


def reasons(market: Market) -> list[str | None]:
    """Return why each offer is in quarantine."""
    return [o.quarantined for o in market.offers]


def test_a_jump_without_a_second_source_waits(build: ModuleType, kept_facts: Facts) -> None:
    """More than twice, or less than half: both figures are told, and what it was before is known."""
    was, now = build.offer("1.11"), build.offer("2.23")
    market = settled(kept_facts, dated(build, 1, was), dated(build, 9, now))
    (reason,) = reasons(market)
    assert reason == (
        "unconfirmed_jump: 2.23 (examplecloud-pricing, 2031-02-09) after 1.11 (examplecloud-pricing, 2031-02-01), "
        "and no other source says so"
    )
    assert [o.list_unit_price for o in market.last_good] == [Decimal("1.11")]
    assert [f.kind for f in market.findings] == ["unconfirmed_jump"]


@pytest.mark.parametrize(
    ("was", "now", "waits"), [("1.11", "2.22", 0), ("2.22", "1.11", 0), ("2.23", "1.11", 1), ("0.11", "9.99", 1)]
)
def test_only_a_step_beyond_the_limit_is_a_jump(
    build: ModuleType, kept_facts: Facts, was: str, now: str, waits: int
) -> None:
    """Twice and half are the limits themselves, up and down."""
    market = settled(kept_facts, dated(build, 1, build.offer(was)), dated(build, 9, build.offer(now)))
    assert len(market.findings) == waits


def test_a_second_source_confirms_a_jump(build: ModuleType, kept_facts: Facts) -> None:
    """Two sources that print the new price are believed; an older figure of the second confirms nothing."""
    aws: dict[str, Any] = {"provider": "AWS", "service": "EC2"}
    was, now = (build.offer(p, source="aws-ec2", **aws) for p in ("1.11", "9.99"))
    second = build.offer("9.99", source="vantage-ec2", **aws)
    confirmed = settled(kept_facts, dated(build, 2, was), dated(build, 9, now, second))
    assert reasons(confirmed) == [None, None]
    late = replace(
        dated(build, 9, now), offers=(replace(now, observed_at=build.day(9)), replace(second, observed_at=build.day(1)))
    )
    assert [bool(r) for r in reasons(settled(kept_facts, dated(build, 2, was), late))] == [True, False]


@pytest.mark.parametrize(
    "changes",
    [
        {"price_basis": PriceBasis.REGION_QUOTE, "pricing_category": PricingCategory.SPOT},
        {"pricing_category": PricingCategory.SPOT},
        {"price_basis": PriceBasis.RESTATED},
    ],
)
def test_only_list_prices_jump(build: ModuleType, kept_facts: Facts, changes: dict[str, Any]) -> None:
    """A spot price may do so any day."""
    sides = (build.offer(p, **changes) for p in ("1.11", "9.99"))
    market = settled(kept_facts, *(dated(build, n, o) for n, o in enumerate(sides, start=1)))
    assert reasons(market) == [None]


def test_a_corrected_count_is_no_jump(build: ModuleType, kept_facts: Facts) -> None:
    """A per-GPU price that fell to an eighth because the count was corrected is another measure, not another price."""
    was, now = build.offer("8.88", gpu_count=Decimal(1)), build.offer("8.88", gpu_count=Decimal(8))
    market = settled(kept_facts, dated(build, 1, was), dated(build, 9, now))
    assert reasons(market) == [None]
    (change,) = diff_markets(dated(build, 1, was), market)
    assert change.kind is ChangeKind.RESPECIFIED


def test_a_jump_waits_as_long_as_an_older_market_knows_the_old_price(build: ModuleType, kept_facts: Facts) -> None:
    """The day after, the newest earlier market has the new price already: the oldest one still holds it."""
    days = [dated(build, n, build.offer(p)) for n, p in ((1, "1.11"), (2, "9.99"), (3, "9.99"))]
    market = settled(kept_facts, *days)
    assert str(reasons(market)[0]).startswith("unconfirmed_jump: 9.99")
    assert [o.list_unit_price for o in market.last_good] == [Decimal("1.11")]
    assert reasons(settled(kept_facts, *days[1:])) == [None]


def test_a_jump_can_be_decided_on(build: ModuleType, kept_facts: Facts) -> None:
    """The decision is about the new price alone."""
    now = build.offer("9.99")
    facts = deciding(kept_facts, release(identity_of(now), "9.99", "unconfirmed_jump"))
    days = [dated(build, n, build.offer(p)) for n, p in ((1, "1.11"), (2, "9.99"))]
    assert reasons(settled(facts, *days)) == [None]
    days[1] = dated(build, 2, build.offer("8.88"))
    assert len(settled(facts, *days).findings) == 1


def test_the_last_good_price_is_the_newest_that_was_good(build: ModuleType, kept_facts: Facts) -> None:
    """Neither one that was in quarantine in its time, nor one that had jumped, nor an older one."""
    days = [
        dated(build, 1, build.offer("1.11")),
        dated(build, 2, build.offer("1.22")),
        dated(build, 3, build.offer("9.99")),
        dated(build, 4, build.offer("1.33", quarantined="outside_band: too much")),
        dated(build, 5, build.offer("8.88")),
    ]
    (last,) = settled(kept_facts, *days).last_good
    assert (last.list_unit_price, last.observed_at) == (Decimal("1.22"), build.day(2))


def test_an_offer_born_in_quarantine_has_no_last_good_price(build: ModuleType, kept_facts: Facts) -> None:
    """There is none to name."""
    bad = build.offer("9.99", quarantined="outside_band: too much")
    assert settled(kept_facts, dated(build, 1), dated(build, 2, bad)).last_good == ()


def test_without_a_past_nothing_jumps(build: ModuleType, kept_facts: Facts) -> None:
    """A first market stays as it is."""
    first = dated(build, 1, build.offer("9.99"))
    assert settled(kept_facts, first) == first


def test_a_past_that_cannot_be_read_is_passed_over(build: ModuleType, kept_facts: Facts) -> None:
    """A damaged body of last week does not make today's prices unreadable."""
    market = dated(build, 9, build.offer("9.99"))
    assert settle(market, [build.day(2), build.day(1)], lambda _: None, kept_facts) == market


def test_only_the_ends_of_a_quiet_past_are_looked_at(build: ModuleType, kept_facts: Facts) -> None:
    """Where nothing is in quarantine, the markets between are not even read."""
    days = {n: dated(build, n, build.offer("1.11")) for n in (1, 2, 3, 4)}
    asked: list[datetime] = []

    def look(moment: datetime) -> Market:
        asked.append(moment)
        return days[moment.day]

    settle(days[4], [build.day(n) for n in (3, 2, 1)], look, kept_facts)
    assert asked == [build.day(3), build.day(1)]


# From listings to changes.


def test_a_wrong_price_of_one_week_costs_no_change(build: ModuleType, kept_facts: Facts) -> None:
    """3.33, a week of 0.03, then 3.55: the wrong week shows nothing, and the week after the whole change."""
    days = [build.day(n) for n in (1, 8, 15)]
    prices = dict(zip(days, ("3.33", "0.03", "3.55"), strict=True))
    snapshots = [build.snapshot(d, runpod_pricing=SourceState.FRESH) for d in days]

    def read(snapshot: Snapshot, _: str) -> Reading:
        at = snapshot.taken_at
        return Reading((build.capture(build.pod(prices[at]), at=at),), excerpt=False)

    def plain(known: Sequence[Snapshot]) -> Market:
        return build_market(known, {"runpod-pricing": build.source()}, read, kept_facts)

    by_day = {d: plain(snapshots[: n + 1]) for n, d in enumerate(days)}
    first, second, third = (settled(kept_facts, *list(by_day.values())[: n + 1]) for n in range(3))

    assert [str(r).partition(":")[0] for m in (first, second, third) for r in reasons(m)] == [
        "None",
        "outside_band",
        "None",
    ]
    assert diff_markets(first, second) == ()
    (change,) = diff_markets(second, third)
    assert (change.kind, change.before, change.after) == (ChangeKind.REPRICED, Decimal("3.33"), Decimal("3.55"))
    assert [c.retrieved_at for c in change.citations] == [days[0], days[2]]
    assert [c.after for c in diff_markets(first, third)] == [Decimal("3.55")]
