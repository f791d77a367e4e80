"""Measures corroboration: who confirms whom, who contradicts whom, and what breaks an invariant, in a market of offers.

    python benchmarks/corroborate.py [--offers 100000] [--repeat 5]

The market is artificial: machines of a seller that does not exist, in regions that do not exist, each priced on demand,
spot and with two commitments by the seller, and on demand by two aggregators. One price in five hundred is contradicted
by an aggregator, one in a thousand is beyond its card's band. Writes what it found to benchmarks/CORROBORATE.md. Exits
with 1 when it misses its bound, takes more than linear time, or finds other conflicts than were laid.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from measure import machine

from normalize.corroborate import corroborate, find_conflicts
from normalize.facts import Facts, default_facts_folder, load_facts
from normalize.quarantine import quarantine
from normalize.records import Citation, Market, Offer, PriceBasis, PricingCategory
from scrapers.records import DatePrecision, Lineage, Obtained

RESULTS = Path(__file__).with_name("CORROBORATE.md")
BOUND_SECONDS = 5.0
"""For 100,000 offers: conflicts and the number of sources behind every figure."""
LARGEST_GROWTH = 1.5
"""Seconds per offer of the largest market by those of the smallest; quadratic would be 4."""
SHARES = (Decimal("0.25"), Decimal("0.5"), Decimal(1))
AT = datetime(2031, 2, 3, tzinfo=UTC)
CARDS = ("h100-sxm-80gb", "l40s-48gb", "a10g-24gb", "l4-24gb")
EACH = 6
"""Offers of one machine in one region."""
CONTRADICTED, IMPLAUSIBLE = 500, 1000
"""One machine in so many."""


@dataclass(frozen=True, slots=True)
class Timed:
    """What one market took: seconds, and what was found in it."""

    offers: int
    corroborating: float
    checking: float
    conflicts: int
    held: int


def offer(number: int, price: Decimal, source: str, **changes: object) -> Offer:
    """Make an offer of a machine."""
    made = Offer(
        source=source,
        provider="AWS",
        service="EC2",
        sku=f"example{number}.8xlarge",
        sku_id=None,
        region=f"example-{number % 30}",
        operating_system="Linux",
        pricing_category=PricingCategory.ON_DEMAND,
        price_basis=PriceBasis.LIST,
        cloud_type=None,
        commitment_months=None,
        payment_option=None,
        offering_class=None,
        gpu=CARDS[number % len(CARDS)],
        gpu_vendor="Examplemaker",
        gpu_model="Example",
        gpu_form_factor=None,
        gpu_count=Decimal(1),
        gpu_memory_gib=Decimal(11),
        gpu_pool=(),
        gpu_as_printed=(None, None, None),
        list_unit_price=price,
        upfront_fee=None,
        pricing_unit="hour",
        billing_currency="USD",
        usd_per_gpu_hour=price,
        absence="",
        lineage=Lineage.FIRST_PARTY if source.startswith("aws") else Lineage.AGGREGATOR,
        observed_at=AT,
        date_precision=DatePrecision.SECOND,
        obtained=Obtained.IMPORTED,
        quarantined=None,
        citations=(
            Citation(source, "https://example.org/", AT, Obtained.IMPORTED, f"{number:064x}", f"csv:{number};P", "1"),
        ),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # fields of an offer by name


def one_machine(number: int) -> Iterator[Offer]:
    """Yield what three sources print of a machine; some of it wrong on purpose."""
    price = Decimal("1.111111") + Decimal(number % 997).scaleb(-3)
    wrong = price * 100 if number % IMPLAUSIBLE == 1 else price
    odd = price + Decimal("0.01") if number % CONTRADICTED == 0 else price
    yield offer(number, wrong, "aws-ec2")
    spot = {"pricing_category": PricingCategory.SPOT, "price_basis": PriceBasis.REGION_QUOTE}
    yield offer(number, price / 2, "aws-spot", **spot)
    for months, share in ((12, Decimal("0.7")), (36, Decimal("0.5"))):
        terms = {"commitment_months": months, "payment_option": "no_upfront", "offering_class": "standard"}
        yield offer(number, price * share, "aws-ec2", pricing_category=PricingCategory.COMMITTED, **terms)
    yield offer(number, odd, "vantage-ec2")
    yield offer(number, price, "cloudprice-ec2")


def market_of(offers: tuple[Offer, ...]) -> Market:
    """Return a market of nothing but offers."""
    return Market(as_of=AT, stamp="", offers=offers, catalogue=(), ignored={}, findings=(), sources=())


def fastest(work: Callable[[], object], repeat: int) -> float:
    """Return the processor seconds of the fastest of some runs: what slows one down is never the work itself."""
    times = []
    for _ in range(repeat):
        gc.collect()  # else the largest market pays for the smaller ones
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def measure_market(number: int, facts: Facts, repeat: int) -> Timed:
    """Measure a market of about so many offers, and stop when it finds what is not there."""
    machines = number // EACH
    offers = tuple(o for n in range(machines) for o in one_machine(n))
    checking = fastest(lambda: quarantine(offers, facts), repeat)
    kept, findings = quarantine(offers, facts)
    market = market_of(kept)
    conflicts = find_conflicts(market)
    laid = len(range(0, machines, CONTRADICTED)), len(range(1, machines, IMPLAUSIBLE))
    if (len(conflicts), len(findings)) != laid:
        raise SystemExit(f"{number} offers: {len(conflicts)} conflicts and {len(findings)} held back; laid were {laid}")

    def both() -> None:
        find_conflicts(market)
        corroborate(market.legible)

    return Timed(len(offers), fastest(both, repeat), checking, len(conflicts), len(findings))


def written(runs: list[Timed], repeat: int, growth: float) -> str:
    """Return the results as Markdown."""
    rows = [
        f"| {r.offers:,} | {r.corroborating:.2f} | {r.corroborating / r.offers * 1e6:.1f} | {r.checking:.2f} "
        f"| {r.conflicts} | {r.held} |"
        for r in runs
    ]
    lines = [
        "# Corroboration",
        "",
        f"Written by `benchmarks/corroborate.py`: the fastest of {repeat} runs, all in one process, in",
        "seconds of processor time, so that others who work on the machine do not count. Corroborating is finding all",
        "conflicts and, for every list price, who else prints it. The invariants are checked apart from that.",
        "",
        "| offers | corroborating, s | per offer, µs | invariants, s | conflicts | held back |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
        f"Bound: under {BOUND_SECONDS:.0f} s for 100,000 offers. Growth of the time per offer from the smallest market",
        f"to the largest: {growth:.2f} (linear is 1, quadratic 4; at most {LARGEST_GROWTH}).",
        "",
        *machine(),
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    """Measure three sizes and write down what was found."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--offers", type=int, default=100_000)
    arguments.add_argument("--repeat", type=int, default=5)
    asked = arguments.parse_args()
    facts = load_facts(default_facts_folder())
    runs = [measure_market(int(asked.offers * share), facts, asked.repeat) for share in SHARES]
    growth = (runs[-1].corroborating / runs[-1].offers) / (runs[0].corroborating / runs[0].offers)
    text = written(runs, asked.repeat, growth)
    RESULTS.write_text(text, encoding="utf-8")
    print(text)
    bound = BOUND_SECONDS * asked.offers / 100_000
    return 0 if runs[-1].corroborating < bound and growth <= LARGEST_GROWTH else 1


if __name__ == "__main__":
    sys.exit(main())
