"""A market holds every source's last good word, says how old it is, and never more."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

from normalize.facts import Facts
from normalize.market import Reading, build_market
from normalize.records import Market, Severity, SourceStatus
from scrapers.errors import CorruptError, ParseError, SnapshotMissingError, StoreError
from scrapers.records import (
    Content,
    DatePrecision,
    Obtained,
    Response,
    Snapshot,
    SourceResult,
    SourceState,
    capture_of,
)

FRESH, UNCHANGED = SourceState.FRESH, SourceState.UNCHANGED
Readings = Mapping[datetime, Reading | Exception]


@pytest.fixture(scope="session")
def see(build: ModuleType, kept_facts: Facts) -> Any:
    """A function that builds a market of one source out of its readings by time."""

    def market(snapshots: list[Snapshot], readings: Readings, *, as_of: datetime | None = None) -> Market:
        def read(snapshot: Snapshot, source: str) -> Reading:
            assert source == "runpod-pricing"
            reading = readings[snapshot.taken_at]
            if isinstance(reading, Exception):
                raise reading
            return reading

        return build_market(snapshots, {"runpod-pricing": build.source()}, read, kept_facts, as_of=as_of)

    return market


def prices(market: Market) -> dict[str, Decimal | None]:
    """Return the prices by SKU."""
    return {o.sku: o.usd_per_gpu_hour for o in market.offers}


def only_status(market: Market) -> SourceStatus:
    """Return the status of the only source."""
    (status,) = market.sources
    return status


def reading(build: ModuleType, at: datetime, *, excerpt: bool = False, **by_sku: str | None) -> Reading:
    """Make a reading with one capture; SKUs are keyword arguments with _ for a space."""
    listings = [
        build.pod(price, sku=sku.replace("_", " "), gpu_name=sku.replace("_", " "), gpu_memory=None)
        for sku, price in by_sku.items()
    ]
    return Reading((build.capture(*listings, at=at),), excerpt)


def test_a_whole_read_replaces_all_that_came_before(build: ModuleType, see: Any) -> None:
    """What the newest whole read leaves out is gone, and the captures before it are not even read."""
    days = [build.day(1), build.day(2)]
    readings = {days[1]: reading(build, days[1], B200="2.22")}
    market = see([build.snapshot(d, runpod_pricing=FRESH) for d in days], readings)
    assert prices(market) == {"B200": Decimal("2.22")}
    assert (market.as_of, market.stamp) == (days[1], "2031-02-02T040506Z")


def test_an_excerpt_replaces_only_what_it_names(build: ModuleType, see: Any) -> None:
    """Older offers shine through newer excerpts, down to the newest whole read and no further."""
    days = [build.day(n) for n in range(1, 5)]
    readings = {
        days[1]: reading(build, days[1], B200="1.11", H200_SXM="1.11", L4="1.11"),
        days[2]: reading(build, days[2], excerpt=True, B200="2.22", H200_SXM="2.22"),
        days[3]: reading(build, days[3], excerpt=True, B200="3.33"),
    }
    market = see([build.snapshot(d, runpod_pricing=FRESH) for d in days], readings)
    assert prices(market) == {"B200": Decimal("3.33"), "H200 SXM": Decimal("2.22"), "L4": Decimal("1.11")}
    status = only_status(market)
    assert (status.observed_at, status.oldest_at, status.excerpt, status.offers) == (days[3], days[1], True, 3)


def test_a_source_read_in_part_replaces_what_came(build: ModuleType, see: Any) -> None:
    """Its bodies are used, older figures of the part that failed shine through, and it says what failed."""
    days = [build.day(1), build.day(2)]
    first = build.snapshot(days[0], runpod_pricing=FRESH)
    part = SourceResult("runpod-pricing", SourceState.PARTIAL, "a region failed")
    second = replace(build.snapshot(days[1]), results=(part,))
    readings = {
        days[0]: reading(build, days[0], B200="1.11", L4="1.11"),
        days[1]: reading(build, days[1], excerpt=True, B200="2.22"),
    }
    market = see([first, second], readings)
    assert prices(market) == {"B200": Decimal("2.22"), "L4": Decimal("1.11")}
    status = only_status(market)
    assert (status.state, status.reason, status.excerpt) == ("partial", "a region failed", True)


def test_a_newer_absence_replaces_an_older_price(build: ModuleType, see: Any) -> None:
    """An excerpt that names an offer without a price does name it: the old price is not brought back."""
    days = [build.day(1), build.day(2)]
    readings = {
        days[0]: reading(build, days[0], B200="1.11"),
        days[1]: reading(build, days[1], excerpt=True, B200=None),
    }
    market = see([build.snapshot(d, runpod_pricing=FRESH) for d in days], readings)
    assert prices(market) == {"B200": None}


def test_an_excerpt_of_older_figures_does_not_replace_newer_ones(build: ModuleType, see: Any) -> None:
    """The date of a figure counts, not that of the snapshot that holds it."""
    days = [build.day(2), build.day(3)]
    readings = {
        days[0]: reading(build, days[0], B200="2.22"),
        days[1]: reading(build, build.day(1), excerpt=True, B200="1.11"),
    }
    market = see([build.snapshot(d, runpod_pricing=FRESH) for d in days], readings)
    assert prices(market) == {"B200": Decimal("2.22")}


def test_of_two_figures_of_one_time_the_later_snapshot_counts(build: ModuleType, see: Any) -> None:
    """A day's figure that was captured again, otherwise, is a correction."""
    days = [build.day(2), build.day(3)]
    readings = {
        d: reading(build, build.day(1), excerpt=True, B200=p) for d, p in zip(days, ("1.11", "2.22"), strict=True)
    }
    market = see([build.snapshot(d, runpod_pricing=FRESH) for d in days], readings)
    assert prices(market) == {"B200": Decimal("2.22")}


@pytest.mark.parametrize(
    ("states", "state", "reason"), [({"runpod_pricing": "timed out"}, "failed", "timed out"), ({}, "absent", "")]
)
def test_a_source_that_gave_nothing_speaks_through_its_last_good_capture(
    build: ModuleType, see: Any, states: dict[str, str], state: str, reason: str
) -> None:
    """Failed, or not tried: its last good figures stay, with their age and the reason."""
    days = [build.day(1), build.day(8)]
    snapshots = [build.snapshot(days[0], runpod_pricing=FRESH), build.snapshot(days[1], **states)]
    market = see(snapshots, {days[0]: reading(build, days[0], B200="1.11")})
    assert prices(market) == {"B200": Decimal("1.11")}
    status = only_status(market)
    assert (status.state, status.reason, status.age_days, status.stale) == (state, reason, 7, False)


def test_bytes_of_a_failed_source_are_never_read(build: ModuleType, see: Any) -> None:
    """A source that failed before it was complete is not read, though its bytes are kept."""
    failed = build.snapshot(build.day(1), runpod_pricing="one region is missing")
    market = see([failed], {build.day(1): AssertionError("read")})
    status = only_status(market)
    assert (market.offers, status.observed_at, status.oldest_at, status.age_days) == ((), None, None, None)
    assert (status.stale, status.excerpt, status.offers) == (False, False, 0)


@pytest.mark.parametrize(("age", "stale"), [(0, False), (10, False), (11, True)])
def test_a_source_is_stale_past_its_limit(build: ModuleType, see: Any, age: int, stale: bool) -> None:  # noqa: FBT001  # a row
    """The age is in days of the calendar, as a report prints it, and the limit itself is not past the limit."""
    taken = build.day(1)
    as_of = (taken + timedelta(days=age)).replace(hour=0, minute=0, second=0) if age else taken
    market = see(
        [build.snapshot(taken, runpod_pricing=FRESH)], {taken: reading(build, taken, B200="1.11")}, as_of=as_of
    )
    status = only_status(market)
    assert (status.age_days, status.stale, status.max_age_days) == (age, stale, 10)


def test_an_unchanged_source_is_read_again(build: ModuleType, see: Any) -> None:
    """A body that equals an earlier one confirms its figures at the new time."""
    days = [build.day(1), build.day(5)]
    snapshots = [build.snapshot(days[0], runpod_pricing=FRESH), build.snapshot(days[1], runpod_pricing=UNCHANGED)]
    market = see(snapshots, {days[1]: reading(build, days[1], B200="1.11")})
    assert (only_status(market).state, only_status(market).age_days) == ("unchanged", 0)


def test_an_unreadable_capture_is_a_finding_and_the_older_one_is_used(build: ModuleType, see: Any) -> None:
    """A page whose structure is not known costs its own source a day, and says so; no other source is touched."""
    days = [build.day(1), build.day(2)]
    broken = ParseError("runpod-pricing", "looked for rows, found none", where="body.html.zst")
    snapshots = [build.snapshot(d, runpod_pricing=FRESH) for d in days]
    market = see(snapshots, {days[0]: reading(build, days[0], B200="1.11"), days[1]: broken})
    assert prices(market) == {"B200": Decimal("1.11")}
    (finding,) = market.findings
    assert (finding.kind, finding.severity, finding.where) == (
        "unreadable_capture",
        Severity.ERROR,
        "2031-02-02T040506Z",
    )
    assert finding.message == "runpod-pricing: body.html.zst: looked for rows, found none"
    status = only_status(market)
    assert (status.state, status.reason, status.age_days) == ("failed", finding.message, 1)


def test_an_unreadable_older_capture_does_not_make_the_newest_a_failure(build: ModuleType, see: Any) -> None:
    """A source whose newest capture was read is fresh, whatever lies below an excerpt."""
    days = [build.day(1), build.day(2), build.day(3)]
    broken = ParseError("runpod-pricing", "looked for rows, found none")
    readings = {
        days[0]: broken,
        days[1]: broken,
        days[2]: reading(build, days[2], excerpt=True, B200="1.11"),
    }
    market = see([build.snapshot(d, runpod_pricing=FRESH) for d in days], readings)
    assert only_status(market).state == "fresh"
    (finding,) = market.findings
    assert finding.where == "2031-02-02T040506Z"


@pytest.mark.parametrize("error", [CorruptError("one byte flipped"), StoreError("disk gone"), KeyError("bug")])
def test_no_other_error_is_hidden(build: ModuleType, see: Any, error: Exception) -> None:
    """Bytes that are not what was stored, and mistakes of the program, stop the market."""
    with pytest.raises(type(error)):
        see([build.snapshot(build.day(1), runpod_pricing=FRESH)], {build.day(1): error})


def test_a_market_of_an_earlier_date_knows_nothing_later(build: ModuleType, see: Any) -> None:
    """At a date between two snapshots the market is that of the first, as old as it then was."""
    days = [build.day(1), build.day(9)]
    readings = {d: reading(build, d, B200=price) for d, price in zip(days, ("1.11", "2.22"), strict=True)}
    snapshots = [build.snapshot(d, runpod_pricing=FRESH) for d in days]
    market = see(snapshots, readings, as_of=build.day(4))
    assert prices(market) == {"B200": Decimal("1.11")}
    assert (market.as_of, market.stamp, only_status(market).age_days) == (build.day(4), "2031-02-01T040506Z", 3)


def test_the_time_of_a_snapshot_belongs_to_it(build: ModuleType, see: Any) -> None:
    """A market as of the very second of a snapshot holds that snapshot."""
    taken = build.day(1)
    market = see(
        [build.snapshot(taken, runpod_pricing=FRESH)], {taken: reading(build, taken, B200="1.11")}, as_of=taken
    )
    assert prices(market) == {"B200": Decimal("1.11")}


def test_there_is_no_market_before_the_first_snapshot(build: ModuleType, see: Any) -> None:
    """The error names the date that was asked for and the snapshots that there are."""
    snapshots = [build.snapshot(build.day(n), runpod_pricing=FRESH) for n in (5, 6)]
    with pytest.raises(SnapshotMissingError) as caught:
        see(snapshots, {}, as_of=build.day(4))
    assert str(caught.value) == (
        "no snapshot at or before 2031-02-04 04:05 UTC; snapshots in this store: 2031-02-05T040506Z, 2031-02-06T040506Z"
    )


def test_there_is_no_market_in_an_empty_store(see: Any) -> None:
    """The error says that there are none."""
    with pytest.raises(SnapshotMissingError, match="no snapshot; snapshots in this store: none"):
        see([], {})


def test_several_captures_of_one_snapshot_are_one_reading(build: ModuleType, see: Any) -> None:
    """Of several bodies each gives its offers; of one offer in two of them the newer figure counts."""
    taken = build.day(3)
    bodies = (
        build.capture(build.pod("3.33", sku="L4", gpu_name="L4", gpu_memory=None), at=build.day(3)),
        build.capture(build.pod("1.11"), at=build.day(1)),
        build.capture(build.pod("2.22"), at=build.day(2)),
    )
    market = see([build.snapshot(taken, runpod_pricing=FRESH)], {taken: Reading(bodies, excerpt=False)})
    assert prices(market) == {"H100 SXM": Decimal("2.22"), "L4": Decimal("3.33")}
    assert (only_status(market).observed_at, only_status(market).oldest_at) == (build.day(3), build.day(2))


def test_the_newest_catalogue_counts_whole(build: ModuleType, see: Any) -> None:
    """A GPU that left the list is no longer offered; an excerpt without a list leaves the older list in force."""
    days = [build.day(n) for n in (1, 2, 3)]

    def listed(at: datetime, *names: str) -> Reading:
        rows = [
            build.pod(None, source="runpod-docs", terms="catalogue", sku=n, gpu_name=n, gpu_memory=None) for n in names
        ]
        return Reading((build.capture(*rows, at=at),), excerpt=True)

    readings = {
        days[0]: listed(days[0], "B200", "L4"),
        days[1]: listed(days[1], "B200"),
        days[2]: reading(build, days[2], excerpt=True, H200_SXM="1.11"),
    }
    market = see([build.snapshot(d, runpod_pricing=FRESH) for d in days], readings)
    assert [e.sku for e in market.catalogue] == ["B200"]
    assert (only_status(market).observed_at, only_status(market).oldest_at) == (days[2], days[1])


def test_ignored_accelerators_are_counted_by_name(build: ModuleType, kept_facts: Facts) -> None:
    """How many listings of each other accelerator the newest reading holds, in alphabetical order."""
    taken = build.day(1)
    listings = [build.instance(sku=sku) for sku in ("trn1.2xlarge", "inf2.xlarge", "trn1.32xlarge")]
    snapshot = build.snapshot(taken, aws_ec2=FRESH)
    read = Reading((build.capture(*listings),), excerpt=False)
    market = build_market([snapshot], {"aws-ec2": build.source("aws-ec2")}, lambda _, __: read, kept_facts)
    assert list(market.ignored.values()) == [1, 2]
    assert ["inf2" in name for name in market.ignored] == [True, False]


def test_findings_of_all_layers_are_told_once(build: ModuleType, see: Any) -> None:
    """An unknown name that stands in every excerpt is one finding, with its newest place."""
    days = [build.day(1), build.day(2)]
    readings = {d: reading(build, d, excerpt=True, H1000="1.11") for d in days}
    readings[days[1]] = replace(
        readings[days[1]], captures=(replace(readings[days[1]].captures[0], body="newest.zst"),)
    )
    (finding,) = see([build.snapshot(d, runpod_pricing=FRESH) for d in days], readings).findings
    assert (finding.kind, finding.where) == ("unknown_gpu", "newest.zst at json:/price")


def test_a_stored_source_that_is_not_registered_is_a_finding(build: ModuleType, see: Any) -> None:
    """What is stored under an unknown name is not dropped in silence."""
    days = [build.day(1), build.day(2)]
    snapshots = [build.snapshot(d, runpod_pricing=FRESH, examplecloud_pricing=FRESH) for d in days]
    (finding,) = see(snapshots, {days[1]: reading(build, days[1], B200="1.11")}).findings
    assert (finding.kind, finding.severity, finding.source) == (
        "unknown_source",
        Severity.WARNING,
        "examplecloud-pricing",
    )
    assert finding.where == "2031-02-02T040506Z"


@pytest.fixture
def see_pages(build: ModuleType, kept_facts: Facts) -> Any:
    """A function that builds a market of a source of pages, which are never read for prices."""

    def market(*snapshots: Snapshot, as_of: datetime | None = None) -> Market:
        def read(_snapshot: Snapshot, _source: str) -> Reading:
            raise AssertionError("a page was read for prices")

        source = build.source("claims-evidence", publishes_prices=False)
        return build_market(snapshots, {source.id: source}, read, kept_facts, as_of=as_of)

    return market


def pages(build: ModuleType, at: datetime, *problems: str, **states: SourceState | str) -> Snapshot:
    """Make a snapshot with a page for each problem, "" for a good one."""
    response = Response("page.html", build.URL, build.URL, at, 200, "text/html", Content.of(b"words"))
    captures = tuple(
        capture_of(response, source="claims-evidence", obtained=Obtained.LIVE, problem=problem) for problem in problems
    )
    return replace(build.snapshot(at, **(states or {"claims_evidence": FRESH})), captures=captures)


def test_pages_have_a_status_and_no_prices(build: ModuleType, see_pages: Any) -> None:
    """A source of pages stands by the time of its pages; nothing looks for prices in them."""
    market = see_pages(pages(build, build.day(3), ""), as_of=build.day(5))
    status = only_status(market)

    assert (market.offers, market.findings) == ((), ())
    assert (status.publishes_prices, status.offers, status.state) == (False, 0, "fresh")
    assert (status.observed_at, status.age_days, status.stale) == (build.day(3), 2, False)


def test_pages_that_did_not_come_leave_the_last_good_ones(build: ModuleType, see_pages: Any) -> None:
    """After a failure the age is that of the last good read, and its reason is told; a broken page has no time."""
    failed = pages(build, build.day(9), "no words", claims_evidence="nothing came")
    status = only_status(see_pages(pages(build, build.day(3), ""), failed))

    assert (status.state, status.reason, status.observed_at) == ("failed", "nothing came", build.day(3))
    never = only_status(see_pages(failed))
    assert (never.observed_at, never.age_days) == (None, None)


def test_order_does_not_depend_on_the_order_of_reading(build: ModuleType, kept_facts: Facts) -> None:
    """Offers and sources stand in one order, however sources and listings come."""
    names = ("runpod-pricing", "aws-ec2")
    listings = {
        "aws-ec2": [
            build.instance(sku=sku, region=region) for sku in ("g5.xlarge", "p5.48xlarge") for region in ("b", "a")
        ],
        "runpod-pricing": [build.pod(cloud=cloud) for cloud in ("Secure Cloud", "Community Cloud")],
    }

    def seen(*, reverse: bool) -> Market:
        def read(_: Snapshot, source: str) -> Reading:
            rows = listings[source][::-1] if reverse else listings[source]
            return Reading((build.capture(*rows),), excerpt=False)

        registered = {n: build.source(n) for n in (names[::-1] if reverse else names)}
        snapshot = build.snapshot(build.DAY, runpod_pricing=FRESH, aws_ec2=FRESH)
        return build_market([snapshot], registered, read, kept_facts)

    one, other = seen(reverse=False), seen(reverse=True)
    assert one.offers == other.offers
    assert [s.source for s in one.sources] == [s.source for s in other.sources] == ["aws-ec2", "runpod-pricing"]
    assert [(o.provider, o.sku, o.region, o.cloud_type) for o in one.offers] == [
        ("AWS", "g5.xlarge", "a", None),
        ("AWS", "g5.xlarge", "b", None),
        ("AWS", "p5.48xlarge", "a", None),
        ("AWS", "p5.48xlarge", "b", None),
        ("RunPod", "H100 SXM", None, "community"),
        ("RunPod", "H100 SXM", None, "secure"),
    ]


def test_a_status_repeats_who_the_source_is(build: ModuleType, see: Any) -> None:
    """Title, publisher, address and lineage stand with the state, for a reader who knows only the report."""
    taken = build.day(1)
    status = only_status(
        see([build.snapshot(taken, runpod_pricing=FRESH)], {taken: reading(build, taken, B200="1.11")})
    )
    source = build.source()
    assert (status.source, status.title, status.publisher, status.url, status.lineage) == (
        source.id,
        source.title,
        source.publisher,
        source.url,
        source.lineage,
    )


def test_priced_offers_are_those_that_may_be_used(build: ModuleType) -> None:
    """Neither an absent nor a quarantined price is among a market's prices."""
    good, absent = build.offer("1.11"), build.offer(None, sku="x2.8xlarge")
    doubtful = build.offer("2.22", sku="x3.8xlarge", quarantined="two prices")
    assert build.market(good, absent, doubtful).priced == (good,)


def test_the_precision_of_a_date_is_kept(build: ModuleType, kept_facts: Facts) -> None:
    """A figure that is only known to the month says so."""
    month = build.capture(build.pod(), at=datetime(2031, 2, 1, tzinfo=UTC), date_precision=DatePrecision.MONTH)
    market = build_market(
        [build.snapshot(build.DAY, runpod_pricing=FRESH)],
        {"runpod-pricing": build.source()},
        lambda _, __: Reading((month,), excerpt=False),
        kept_facts,
    )
    assert [o.date_precision for o in market.offers] == [DatePrecision.MONTH]
