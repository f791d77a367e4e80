"""Quarantine as a user meets it: from stored bodies to tables, JSON, changes and the report; and the way out."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flows.steps import MarketReader, _look_back
from normalize.diff import diff_markets
from normalize.facts import load_facts
from normalize.records import ChangeKind, Market, Offer
from scrapers.archive.store import Store

Ratecard = Callable[..., Any]
WEEKS = ("2031-01-06T06:00:00Z", "2031-01-13T06:00:00Z", "2031-01-20T06:00:00Z")
RELEASE = """
[[release]]
source = "runpod-graphql"
provider = "RunPod"
service = "Pods"
sku = "H100 SXM"
pricing_category = "on_demand"
price_basis = "list"
cloud_type = "secure"
gpu = "h100-sxm-80gb"
price = "{price}"
pricing_unit = "hour"
invariant = "{invariant}"
reason = "The seller confirmed it."
decided_on = 2031-01-21
decided_by = "Somebody"
source_url = "https://example.org/decision"
"""


def answer(secure: str) -> str:
    """Write an artificial answer of RunPod's GraphQL with one card."""
    record = {
        "id": "NVIDIA H100 80GB HBM3",
        "displayName": "H100 SXM",
        "memoryInGb": 80,
        "clusterPrice": None,
        "secureCloud": True,
        "communityCloud": False,
        "securePrice": float(secure),
        "communityPrice": None,
    }
    return json.dumps({"data": {"gpuTypes": [record]}})


@pytest.fixture
def stored(tmp_path: Path) -> Callable[..., str]:
    """A function that stores an answer per week, each as a snapshot of its own, and returns the store."""
    from flows.importing import import_files  # noqa: PLC0415  # nothing else of it is tested here
    from flows.steps import read_moment  # noqa: PLC0415
    from normalize.facts import default_facts_folder  # noqa: PLC0415

    def store(*prices: str) -> str:
        folder = tmp_path / "store"
        for week, price in zip(WEEKS, prices, strict=False):
            body = tmp_path / "answer.json"
            body.write_text(answer(price), encoding="utf-8")
            import_files(
                Store(folder),
                source="runpod-graphql",
                url="https://api.runpod.io/graphql",
                retrieved_at=read_moment(week, option="week"),
                files=(body,),
                facts=load_facts(default_facts_folder()),
            )
        return str(folder)

    return store


def markets(store: str, facts: Path) -> list[Market]:
    """Return the market of each week."""
    reader = MarketReader(Store(Path(store)), load_facts(facts))
    return [reader.market(s.taken_at) for s in reader.snapshots()]


def held(market: Market) -> list[str]:
    """Return the names of the broken invariants."""
    return [o.quarantined.partition(":")[0] for o in market.offers if o.quarantined]


def secure(market: Market) -> Offer:
    """Return the offer of the secure cloud."""
    (found,) = [o for o in market.offers if o.cloud_type == "secure"]
    return found


def test_table_and_json_mark_what_is_held_back(ratecard: Ratecard, stored: Callable[..., str]) -> None:
    """The price stands there with the invariant's name; the exit code says that something is to be looked at."""
    store = stored("99.99")
    table = ratecard("prices", "--store", store)
    assert table.code == 1
    assert "none, in quarantine: outside_band:" in " ".join(table.out.split())
    assert "error: runpod-graphql: Pods H100 SXM secure on_demand: 99.99" in table.err
    (offer,) = [o for o in json.loads(ratecard("prices", "--store", store, "--format", "json").out) if o["quarantined"]]
    assert offer["quarantined"].startswith("outside_band: 99.99")
    assert (offer["list_unit_price"], offer["citations"][0]["quote"]) == ("99.99", "99.99")


def test_change_after_a_wrong_week_is_told(ratecard: Ratecard, stored: Callable[..., str]) -> None:
    """Between the wrong week and the next stands the change since the last good price."""
    store = stored("3.33", "99.99", "3.55")
    weeks = [week[:10] for week in WEEKS]
    wrong = json.loads(ratecard("diff", "--from", weeks[0], "--to", weeks[1], "--store", store, "--json").out)
    right = json.loads(ratecard("diff", "--from", weeks[1], "--to", weeks[2], "--store", store, "--json").out)
    assert wrong == []
    assert [(c["kind"], c["before"], c["after"]) for c in right] == [("repriced", "3.33", "3.55")]
    assert [c["quote"] for c in right[0]["citations"]] == ["3.33", "3.55"]


def test_jump_waits_and_keeps_waiting(stored: Callable[..., str], own_facts: Path) -> None:
    """3.33, then 9.99 twice: a week later it is still unconfirmed, though the newest snapshot had it already."""
    first, second, third = markets(stored("3.33", "9.99", "9.99"), own_facts)
    assert [held(m) for m in (first, second, third)] == [[], ["unconfirmed_jump"], ["unconfirmed_jump"]]
    assert diff_markets(second, third) == ()


def test_decision_lets_the_price_out(stored: Callable[..., str], own_facts: Path) -> None:
    """With a decision the jump is a change like any other; at another price it says nothing."""
    store = stored("3.33", "9.99", "9.98")
    with (own_facts / "releases.toml").open("a", encoding="utf-8") as file:
        file.write(RELEASE.format(price="9.99", invariant="unconfirmed_jump"))
    first, second, third = markets(store, own_facts)
    assert [held(m) for m in (first, second, third)] == [[], [], ["unconfirmed_jump"]]
    (change,) = diff_markets(first, second)
    assert (change.kind, change.before, change.after) == (ChangeKind.REPRICED, Decimal("3.33"), Decimal("9.99"))
    assert secure(third).usd_per_gpu_hour == Decimal("9.98")


def test_report_tells_what_is_held_back(ratecard: Ratecard, stored: Callable[..., str], tmp_path: Path) -> None:
    """The data quality section quotes it with reason and receipt; no table of the report prints it."""
    done = ratecard("report", "--store", stored("3.33", "99.99"), "--out", tmp_path / "out")
    assert done.code == 0
    text = Path(done.out.split()[0]).read_text(encoding="utf-8")
    before, _, after = text.partition("### In quarantine")
    body = after.partition("## Receipts")[0]
    assert "99.99" not in before
    assert "**RunPod Pods H100 SXM, secure, on-demand:** “99.99”[^" in body
    assert "outside\\_band: 99.99 is not between" in body or "outside_band: 99.99 is not between" in body
    assert "in quarantine; `runpod-graphql`" in text


def test_damaged_past_is_no_measure(stored: Callable[..., str], own_facts: Path) -> None:
    """A body that was changed on disk costs the comparison with its week; that it is damaged is told by `doctor`."""
    store = stored("3.33", "9.99")
    first, _ = (s.taken_at for s in MarketReader(Store(Path(store)), load_facts(own_facts)).snapshots())
    assert MarketReader(Store(Path(store)), load_facts(own_facts))._market_before(first) is not None
    (body,) = Path(store).glob("2031-01-06*/runpod-graphql/*")
    body.write_bytes(body.read_bytes() + b"x")
    assert MarketReader(Store(Path(store)), load_facts(own_facts))._market_before(first) is None


def day(number: int) -> datetime:
    """Make a moment so many days after the first of January 2031."""
    return datetime(2031, 1, 1, 6, tzinfo=UTC) + timedelta(days=number)


@pytest.mark.parametrize(
    ("known", "back"),
    [
        ([0], []),
        ([0, 1], [0]),
        ([0, 1, 2], [1, 0]),
        ([*range(12)], [10, 9, 8, 7, 6, 5, 4, 0]),
        ([0, 5, 20, 60, 99, 100], [99, 60, 20, 5]),
        ([0, 5, 10, 100], [10]),
        ([0, 200], [0]),
    ],
)
def test_how_far_back_prices_are_held_against(known: list[int], back: list[int]) -> None:
    """Seven snapshots, then the newest that is a season old, or the oldest where none is; never further."""
    assert _look_back([day(n) for n in known]) == [day(n) for n in back]
