"""A diff tells what became of prices, of offers and of sources, each for itself, and cries only when it must."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.diff import diff_markets
from normalize.facts import Facts
from normalize.market import Reading, build_market
from normalize.records import Change, ChangeKind, Market, Offer, PriceBasis, PricingCategory, Severity
from normalize.units import percent_change
from scrapers.records import Snapshot, SourceState

ADDED, WITHDRAWN, REPRICED = ChangeKind.ADDED, ChangeKind.WITHDRAWN, ChangeKind.REPRICED
RESPECIFIED, LOST, BACK = ChangeKind.RESPECIFIED, ChangeKind.SOURCE_LOST, ChangeKind.SOURCE_BACK


def kinds(changes: Sequence[Change]) -> list[ChangeKind]:
    """Return the kinds in their order."""
    return [change.kind for change in changes]


def only(changes: Sequence[Change]) -> Change:
    """Return the only change."""
    (change,) = changes
    return change


@pytest.fixture(scope="session")
def between(build: ModuleType) -> Any:
    """A function that compares two markets of one offer each."""

    def changes(was: Offer | None, now: Offer | None) -> tuple[Change, ...]:
        before, after = (build.market(*(o for o in (build.offer(sku="other"), side) if o)) for side in (was, now))
        return diff_markets(before, after)

    return changes


def test_equal_markets_have_no_changes(build: ModuleType) -> None:
    """Nothing happened."""
    market = build.market(build.offer("1.11"), build.offer(None, sku="x2.8xlarge"))
    assert diff_markets(market, market) == ()


def test_a_new_price(build: ModuleType, between: Any) -> None:
    """A repricing has both figures, the exact percentage and the receipts of both sides."""
    was, now = build.offer("3.00"), build.offer("4.00", observed_at=build.day(9))
    change = only(between(was, now))
    assert (change.kind, change.before, change.after) == (REPRICED, Decimal("3.00"), Decimal("4.00"))
    assert change.percent == Decimal("33.333333333333333333")
    assert (change.offer, change.source, change.note) == (now, "examplecloud-pricing", "")
    assert change.citations == (*was.citations, *now.citations)


@pytest.mark.parametrize(
    ("after", "severity"),
    [("2.10", "info"), ("2.1002", "warning"), ("1.90", "info"), ("1.8998", "warning"), ("2.02", "info")],
)
def test_a_large_move_of_a_list_price_is_a_warning(build: ModuleType, between: Any, after: str, severity: str) -> None:
    """More than five percent, up or down, matters; five percent does not yet."""
    assert only(between(build.offer("2.00"), build.offer(after))).severity == severity


def test_the_same_price_in_other_digits_is_no_change(build: ModuleType, between: Any) -> None:
    """2.20 and 2.2000000000 are one price."""
    assert between(build.offer("2.20"), build.offer("2.2000000000")) == ()


def test_a_new_machine_id_is_no_change(build: ModuleType, between: Any) -> None:
    """A provider may give an unchanged product a new id."""
    assert between(build.offer(sku_id="A"), build.offer(sku_id="B")) == ()


def test_an_added_offer(build: ModuleType, between: Any) -> None:
    """An offer that was not there before is good news, and has no price before."""
    now = build.offer("1.11")
    change = only(between(None, now))
    assert (change.kind, change.offer, change.severity) == (ADDED, now, Severity.INFO)
    assert (change.before, change.after, change.percent) == (None, Decimal("1.11"), None)
    assert change.citations == now.citations


def test_a_withdrawn_offer(build: ModuleType, between: Any) -> None:
    """An offer that a whole read leaves out is withdrawn: a warning, with the offer as it was."""
    was = build.offer("1.11")
    change = only(between(was, None))
    assert (change.kind, change.offer, change.severity) == (WITHDRAWN, was, Severity.WARNING)
    assert (change.before, change.after, change.percent) == (Decimal("1.11"), None, None)
    assert change.citations == was.citations


@pytest.mark.parametrize(("was", "now"), [(None, "absent"), ("absent", None), ("absent", "absent")])
def test_what_has_no_price_neither_comes_nor_goes(
    build: ModuleType, between: Any, was: str | None, now: str | None
) -> None:
    """A name without a price that appears or disappears is no change of a price."""
    assert between(*(build.offer(None) if side else None for side in (was, now))) == ()


def test_a_price_that_is_missing_is_never_a_cut(build: ModuleType, between: Any) -> None:
    """An offer that is still named, but without a price, is withdrawn with the source's reason."""
    change = only(between(build.offer("1.11"), build.offer(None, absence="contact sales")))
    assert (change.kind, change.note) == (WITHDRAWN, "contact sales")
    assert (change.before, change.after, change.percent) == (Decimal("1.11"), None, None)


def test_a_first_price_is_never_a_rise(build: ModuleType, between: Any) -> None:
    """An offer that had no price is added, with the reason that it had none."""
    change = only(between(build.offer(None, absence="coming soon"), build.offer("1.11")))
    assert (change.kind, change.note) == (ADDED, "had no price before: coming soon")
    assert (change.before, change.after, change.percent) == (None, Decimal("1.11"), None)


@pytest.mark.parametrize(("was", "now"), [("1.11", "9.99"), (None, "9.99"), ("9.99", None), ("9.99", "9.99")])
def test_quarantined_offers_never_appear(build: ModuleType, between: Any, was: str | None, now: str | None) -> None:
    """A figure that must not be used makes no change, neither when it comes nor when it goes."""
    sides = [None if price is None else build.offer(price, quarantined="two prices") for price in (was, now)]
    assert between(*sides) == ()
    assert between(build.offer("1.11"), sides[1] or sides[0]) == ()


def held(build: ModuleType, *last_good: Offer) -> Market:
    """Make a market with an offer in quarantine, and what it was before."""
    market: Market = build.market(
        build.offer(sku="other"), build.offer("9.99", quarantined="outside_band: too much"), last_good=last_good
    )
    return market


def test_what_leaves_quarantine_is_compared_with_its_last_good_price(build: ModuleType) -> None:
    """1.11, then 9.99 in quarantine, then 2.22: the change is from 1.11, with the receipts of both, and not lost."""
    was, now = build.offer("1.11", observed_at=build.day(1)), build.offer("2.22", observed_at=build.day(9))
    change = only(diff_markets(held(build, was), build.market(build.offer(sku="other"), now)))
    assert (change.kind, change.before, change.after) == (REPRICED, Decimal("1.11"), Decimal("2.22"))
    assert change.citations == (*was.citations, *now.citations)


def test_what_returns_to_its_last_good_price_is_no_change(build: ModuleType) -> None:
    """A price that was wrong for a while changed nothing."""
    after = build.market(build.offer(sku="other"), build.offer("1.11"))
    assert diff_markets(held(build, build.offer("1.11")), after) == ()


def test_what_leaves_quarantine_without_a_past_is_added(build: ModuleType) -> None:
    """Its price is told as a first one, with why it had none; the quarantined figure is nobody's before."""
    after = build.market(build.offer(sku="other"), build.offer("2.22"))
    change = only(diff_markets(held(build), after))
    assert (change.kind, change.before, change.after, change.percent) == (ADDED, None, Decimal("2.22"), None)
    assert change.note == "was in quarantine before: outside_band: too much"


def test_what_left_quarantine_without_a_price_is_withdrawn(build: ModuleType) -> None:
    """An offer whose last good price is known, and which is not on sale any more, is withdrawn from that price."""
    change = only(diff_markets(held(build, build.offer("1.11")), build.market(build.offer(sku="other"))))
    assert (change.kind, change.before, change.after) == (WITHDRAWN, Decimal("1.11"), None)


def test_what_stays_in_quarantine_makes_no_change(build: ModuleType) -> None:
    """Neither its last good price nor its absence is told, though it has one of them."""
    after = build.market(build.offer(sku="other"), build.offer("8.88", quarantined="outside_band: too much"))
    assert diff_markets(held(build, build.offer("1.11")), after) == ()
    assert diff_markets(held(build), build.market(build.offer(sku="other"), build.offer(None))) == ()


def test_another_currency_makes_no_change(build: ModuleType, between: Any) -> None:
    """What is not converted is not compared: changes are in US dollars."""
    was, now = (
        build.offer(price, billing_currency="CNY", usd_per_gpu_hour=None, absence="priced in CNY; not converted")
        for price in ("1.11", "9.99")
    )
    assert between(was, now) == ()
    assert between(None, now) == ()


def test_a_corrected_count_is_no_repricing(build: ModuleType, between: Any) -> None:
    """A SKU that turns out to hold twice the GPUs at the same price was not halved in price."""
    was = build.offer("8.88", gpu_count=Decimal(4))
    now = build.offer("8.88", gpu_count=Decimal(8))
    change = only(between(was, now))
    assert (change.kind, change.severity, change.percent) == (RESPECIFIED, Severity.INFO, None)
    assert (change.before, change.after) == (Decimal("2.22"), Decimal("1.11"))
    assert change.note == "GPU count 4, now 8; price 8.88 USD per hour, now 8.88 USD per hour"


def test_another_count_at_another_price_is_not_compared(build: ModuleType, between: Any) -> None:
    """Two GPUs at 4.44 and one at 3.33 are two things: both are told, no percentage is."""
    was = build.offer("4.44", gpu_count=Decimal(2))
    now = build.offer("3.33", gpu_count=Decimal(1))
    change = only(between(was, now))
    assert (change.kind, change.percent) == (RESPECIFIED, None)
    assert change.note == "GPU count 2, now 1; price 4.44 USD per hour, now 3.33 USD per hour"


@pytest.mark.parametrize(
    ("was", "now", "note"),
    [
        (("Example", "1", "11 GB"), ("Example", "1", "22 GB"), "GPU memory printed as 11 GB, now 22 GB"),
        (
            ("Example", "1", None),
            ("Sample", "2", None),
            "GPU name printed as Example, now Sample; GPU count printed as 1, now 2",
        ),
        (("Example", "1", None), ("Example", "1", "22 GB"), None),
        (("Example", "1", "11 GB"), (None, None, None), None),
    ],
)
def test_another_printed_specification(
    build: ModuleType, between: Any, was: tuple[str, ...], now: tuple[str, ...], note: str | None
) -> None:
    """A word that is printed otherwise is told; a word that one side leaves out is no correction."""
    changes = between(build.offer(gpu_as_printed=was), build.offer(gpu_as_printed=now))
    assert [(c.kind, c.note) for c in changes] == ([] if note is None else [(RESPECIFIED, note)])


def test_a_specification_and_a_price_are_two_changes(build: ModuleType, between: Any) -> None:
    """A new memory figure in words does not hide a new price."""
    was = build.offer("1.11", gpu_as_printed=("Example", "1", "11 GB"))
    now = build.offer("2.22", gpu_as_printed=("Example", "1", "22 GB"))
    assert kinds(between(was, now)) == [REPRICED, RESPECIFIED]


def test_a_sku_that_stands_for_another_card_is_respecified(build: ModuleType, between: Any) -> None:
    """A label that moved to another card is one correction, not a product that went and one that came."""
    was, now = build.offer("1.11", gpu="example-gpu-11gb"), build.offer("2.22", gpu="example-gpu-22gb")
    change = only(between(was, now))
    assert (change.kind, change.offer, change.percent) == (RESPECIFIED, now, None)
    assert change.note == "GPU example-gpu-11gb, now example-gpu-22gb; price 1.11 USD per hour, now 2.22 USD per hour"


def test_of_two_cards_of_one_name_each_goes_for_itself(build: ModuleType) -> None:
    """Two slices share one name; when one of them goes, it is withdrawn."""
    small, large = build.offer("1.11", gpu="slice-11gb"), build.offer("2.22", gpu="slice-22gb")
    assert [(c.kind, c.offer) for c in diff_markets(build.market(small, large), build.market(large))] == [
        (WITHDRAWN, small)
    ]
    new = build.offer("3.33", gpu="slice-33gb")
    assert kinds(diff_markets(build.market(small, large), build.market(new))) == [WITHDRAWN, WITHDRAWN, ADDED]


@pytest.mark.parametrize(("hourly", "expected"), [("1.91", [RESPECIFIED]), ("2.22", [REPRICED, RESPECIFIED])])
def test_another_unit_is_no_repricing(build: ModuleType, between: Any, hourly: str, expected: list[ChangeKind]) -> None:
    """0.00053 a second and 1.91 an hour are one price, printed with other digits; 2.22 is another."""
    changes = between(build.per_second("0.00053"), build.offer(hourly))
    assert kinds(changes) == expected
    assert changes[-1].note == f"price 0.00053 USD per second, now {hourly} USD per hour"


def test_a_change_cites_one_place_once(build: ModuleType, between: Any) -> None:
    """Where both sides rest on the same bytes, they are cited once."""
    change = only(between(build.offer("8.88", gpu_count=Decimal(4)), build.offer("8.88", gpu_count=Decimal(8))))
    assert len(change.citations) == 1


@pytest.mark.parametrize("side", ["before", "after"])
def test_what_an_excerpt_leaves_out_is_neither_withdrawn_nor_added(build: ModuleType, side: str) -> None:
    """An excerpt does not speak about what it does not hold, but it does about what it holds."""
    excerpt = (build.status(excerpt=True),)
    part = build.market(build.offer("1.11"), sources=excerpt)
    whole = build.market(build.offer("2.22"), build.offer("3.33", sku="x2.8xlarge"))
    before, after = (part, whole) if side == "before" else (whole, part)
    assert kinds(diff_markets(before, after)) == [REPRICED]


def test_offers_of_a_source_that_had_none_are_not_added(build: ModuleType) -> None:
    """A source that is read for the first time is told as a source, not as thousands of new offers."""
    before = build.market(sources=(build.status(state="failed", offers=0, observed_at=None),))
    after = build.market(build.offer("1.11"))
    assert kinds(diff_markets(before, after)) == [BACK]
    assert kinds(diff_markets(build.market(sources=()), after)) == [BACK]


def test_offers_of_a_source_that_has_none_are_not_withdrawn(build: ModuleType) -> None:
    """A source without any figure says nothing about its offers; nor does one that is not read any more."""
    before = build.market(build.offer("1.11"))
    gone = build.status(state="failed", reason="timed out", offers=0, observed_at=None)
    change = only(diff_markets(before, build.market(sources=(gone,))))
    assert (change.kind, change.severity, change.note) == (LOST, Severity.WARNING, "timed out")
    assert (change.offer, change.source, change.before, change.after) == (None, "examplecloud-pricing", None, None)
    assert diff_markets(before, build.market(sources=())) == ()


@pytest.mark.parametrize("state", ["failed", "absent"])
def test_a_lost_source_keeps_its_offers(build: ModuleType, state: str) -> None:
    """The last good offers of a lost source stand on both sides: the source is lost, and nothing else."""
    before, lost = (
        build.market(build.offer("1.11")),
        build.market(build.offer("1.11"), sources=(build.status(state=state),)),
    )
    assert kinds(diff_markets(before, lost)) == [LOST]
    assert kinds(diff_markets(lost, before)) == [BACK]
    assert diff_markets(lost, lost) == ()


@pytest.mark.parametrize(("was", "now"), [("fresh", "unchanged"), ("failed", "absent"), ("unchanged", "fresh")])
def test_two_good_states_are_one(build: ModuleType, was: str, now: str) -> None:
    """Fresh or unchanged, a source was read; failed or absent, it was not."""
    before, after = (build.market(build.offer(), sources=(build.status(state=state),)) for state in (was, now))
    assert diff_markets(before, after) == ()


def test_what_went_between_two_reports_is_told_though_the_last_read_failed(
    build: ModuleType, kept_facts: Facts
) -> None:
    """A whole read in the middle of the week withdrew an offer; Monday's failure does not hide it."""
    days = [build.day(n) for n in (1, 4, 8)]
    snapshots = [
        build.snapshot(days[0], runpod_pricing=SourceState.FRESH),
        build.snapshot(days[1], runpod_pricing=SourceState.FRESH),
        build.snapshot(days[2], runpod_pricing="timed out"),
    ]
    pods = {name: build.pod("1.11", sku=name, gpu_name=name, gpu_memory=None) for name in ("B200", "L4")}
    bodies = {days[0]: [pods["B200"], pods["L4"]], days[1]: [pods["B200"]]}

    def read(snapshot: Snapshot, _: str) -> Reading:
        return Reading((build.capture(*bodies[snapshot.taken_at], at=snapshot.taken_at),), excerpt=False)

    sources = {"runpod-pricing": build.source()}
    before, after = (build_market(snapshots, sources, read, kept_facts, as_of=day) for day in (days[0], days[2]))
    assert [(c.kind, c.offer and c.offer.sku) for c in diff_markets(before, after)] == [(WITHDRAWN, "L4"), (LOST, None)]


@pytest.mark.parametrize(
    "changes",
    [
        {"pricing_category": PricingCategory.SPOT, "price_basis": PriceBasis.REGION_QUOTE},
        {"pricing_category": PricingCategory.SPOT},
        {"price_basis": PriceBasis.MEAN_OF_QUOTES},
    ],
)
def test_spot_is_never_a_warning(build: ModuleType, between: Any, changes: dict[str, Any]) -> None:
    """Spot prices, and means of quotes, move every day and come and go."""
    offer = build.offer("1.11", **changes)
    dearer = build.offer("9.99", **changes)
    assert only(between(offer, dearer)).severity is Severity.INFO
    assert only(between(offer, None)).severity is Severity.INFO


def test_what_matters_most_stands_first(build: ModuleType) -> None:
    """Warnings before the rest, repricings by size, commitments after prices without, spot last."""
    spot = {"pricing_category": PricingCategory.SPOT, "price_basis": PriceBasis.REGION_QUOTE}
    reserved = {"pricing_category": PricingCategory.COMMITTED, "commitment_months": 12}
    before = build.market(
        build.offer("1.00", sku="spot", **spot),
        build.offer("1.00", sku="small"),
        build.offer("1.00", sku="a rise"),
        build.offer("1.00", sku="cut"),
        build.offer("1.00", sku="reserved", **reserved),
        build.offer("1.00", sku="gone"),
        build.offer("1.00", source="vantage-ec2"),
    )
    after = build.market(
        build.offer("9.00", sku="spot", **spot),
        build.offer("1.01", sku="small"),
        build.offer("1.50", sku="a rise"),
        build.offer("0.20", sku="cut"),
        build.offer("3.00", sku="reserved", **reserved),
        build.offer("1.00", sku="new"),
        build.offer("1.00", source="vantage-ec2"),
        sources=(build.status(), build.status("vantage-ec2", state="failed")),
    )
    changes = diff_markets(before, after)
    assert [c.offer.sku if c.offer else c.source for c in changes] == [
        *("cut", "a rise", "reserved", "gone", "vantage-ec2"),
        *("small", "new"),
        "spot",
    ]
    assert [c.severity for c in changes] == [Severity.WARNING] * 5 + [Severity.INFO] * 3


SKUS = st.sampled_from(["a", "b", "c", "d"])
PRICES = st.sampled_from([None, "1.11", "2.22", "3.33", "4.444"])
OFFERS = st.dictionaries(st.tuples(SKUS, st.sampled_from(["north", "south", None])), PRICES, max_size=8)


def offers_of(build: ModuleType, drawn: dict[tuple[str, str | None], str | None]) -> list[Offer]:
    """Make the offers that were drawn."""
    return [build.offer(price, sku=sku, region=region) for (sku, region), price in drawn.items()]


@given(OFFERS)
def test_a_market_does_not_differ_from_itself(
    build: ModuleType, drawn: dict[tuple[str, str | None], str | None]
) -> None:
    """However a market is made up, nothing happened between it and itself."""
    market = build.market(*offers_of(build, drawn))
    assert diff_markets(market, market) == ()


@given(OFFERS, OFFERS)
def test_a_reversed_diff_tells_the_reverse(
    build: ModuleType, one: dict[tuple[str, str | None], str | None], other: dict[tuple[str, str | None], str | None]
) -> None:
    """Seen from the other end, what came went, and before and after change their places."""
    markets = build.market(*offers_of(build, one)), build.market(*offers_of(build, other))
    reverse = {ADDED: WITHDRAWN, WITHDRAWN: ADDED, REPRICED: REPRICED}

    def told(changes: Sequence[Change], *, turned: bool) -> set[tuple[object, ...]]:
        return {
            (c.offer.sku, c.offer.region, reverse[c.kind], c.after, c.before)
            if turned
            else (c.offer.sku, c.offer.region, c.kind, c.before, c.after)
            for c in changes
            if c.offer
        }

    there, back = diff_markets(*markets), diff_markets(*reversed(markets))
    assert told(there, turned=False) == told(back, turned=True)
    assert len(there) == len(back)


@given(OFFERS, OFFERS)
def test_every_difference_is_told_and_nothing_else(
    build: ModuleType, one: dict[tuple[str, str | None], str | None], other: dict[tuple[str, str | None], str | None]
) -> None:
    """Of every offer with two prices the move is told exactly, of every other its coming or going.

    A region of which one side holds nothing was not asked for there.
    """
    changes = diff_markets(build.market(*offers_of(build, one)), build.market(*offers_of(build, other)))
    expected: dict[tuple[str, str | None], tuple[ChangeKind, Decimal | None]] = {}
    for key in {*one, *other}:
        was, now = one.get(key), other.get(key)
        if was and now and was != now:
            expected[key] = (REPRICED, percent_change(Decimal(was), Decimal(now)))
        elif bool(was) != bool(now) and key[1] in {region for _, region in (other if was else one)}:
            expected[key] = (WITHDRAWN if was else ADDED, None)
    assert {(c.offer.sku, c.offer.region): (c.kind, c.percent) for c in changes if c.offer} == expected
    assert len(changes) == len(expected)


@given(OFFERS, st.randoms(use_true_random=False))
def test_the_order_of_offers_does_not_matter(
    build: ModuleType, drawn: dict[tuple[str, str | None], str | None], random: Any
) -> None:
    """The same markets give the same changes in the same order, however their offers are ordered."""
    offers = offers_of(build, drawn)
    dearer = [o if o.usd_per_gpu_hour is None else replace(o, usd_per_gpu_hour=o.usd_per_gpu_hour * 2) for o in offers]
    expected = diff_markets(build.market(*offers), build.market(*dearer))
    random.shuffle(offers)
    random.shuffle(dearer)
    assert diff_markets(build.market(*offers), build.market(*dearer)) == expected
