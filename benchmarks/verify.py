"""Measures verifying: a report's figures, each read again from its archived bytes and computed anew.

    python benchmarks/verify.py [--figures 10000] [--repeat 3]

The figures are spread over five bodies: Vantage's JSON, whose parser is asked as well what each price is the price of,
a page, a Markdown table, a CSV file of ten records per figure, and JSON in a page's script. Instance types are real,
since the facts must know them; their prices, and all else, are artificial. Writes what it found to
benchmarks/VERIFY.md. Exits with 1 when it misses its bound, takes more than linear time, reads a body twice, or finds
a figure that does not hold.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from measure import machine

from flows.steps import MarketReader
from flows.verifying import verify_report
from normalize.computed import usd_per_sku_hour
from normalize.facts import Facts, default_facts_folder, load_facts
from normalize.records import Citation, Offer, PriceBasis, PricingCategory
from reports.as_markdown import render_markdown
from reports.figures_file import figures_file
from reports.receipts import ReceiptBook, money
from reports.records import Column, Report, Section, Span, Table
from scrapers.archive.bodies import open_body
from scrapers.archive.store import Store
from scrapers.records import Capture, Content, DatePrecision, Document, Lineage, Obtained, Response

RESULTS = Path(__file__).with_name("VERIFY.md")
BOUND_SECONDS = 10.0
"""For 10,000 figures."""
LARGEST_GROWTH = 1.5
"""Seconds per figure of the largest report by those of the smallest; quadratic would be 4."""
SHARES = (Decimal("0.25"), Decimal("0.5"), Decimal(1))
AT = datetime(2031, 2, 3, 4, 5, 6, tzinfo=UTC)
FEED = "https://instances.vantage.sh/instances.json"
PAGES = "https://examplecloud.example/"
TYPES = ("g5.xlarge", "g6.xlarge", "g6e.xlarge", "p5.48xlarge", "p4d.24xlarge")
OTHER_KINDS = ("css", "md", "row", "jsonld")


@dataclass(frozen=True, slots=True)
class Timed:
    """What one report took: figures, receipts, bodies, and the seconds of every run."""

    figures: int
    receipts: int
    bodies: int
    megabytes: float
    seconds: tuple[float, ...]

    @property
    def fastest(self) -> float:
        """Seconds of the run that others disturbed least."""
        return min(self.seconds)


def price(number: int) -> str:
    """Return an artificial price, another one for each number."""
    return f"{1111 + number}.11"


def feed(count: int) -> bytes:
    """Return a feed in Vantage's format with so many prices on demand."""
    regions = [f"us-example-{n}" for n in range(-(-count // len(TYPES)))]
    instances = [
        {
            "instance_type": name,
            "family": "GPU instance",
            "pretty_name": name,
            "GPU": 1,
            "GPU_model": "TEST",
            "GPU_memory": 11,
            "pricing": {
                region: {"linux": {"ondemand": price(place * len(regions) + n)}} for n, region in enumerate(regions)
            },
            "regions": dict.fromkeys(regions, "Example"),
        }
        for place, name in enumerate(TYPES)
    ]
    return json.dumps(instances).encode()


def body(kind: str, count: int) -> tuple[bytes, str, list[str]]:
    """Return a body with so many prices, its media type, and where each of them stands."""
    numbers = range(count)
    match kind:
        case "css":
            rows = "".join(f"<tr><td>{n}</td><td>${price(n)}</td></tr>" for n in numbers)
            path = "css:html:nth-of-type(1) > body:nth-of-type(1) > table:nth-of-type(1) > tr:nth-of-type({})"
            places = [f"{path.format(n + 1)} > td:nth-of-type(2)" for n in numbers]
            return f"<html><body><table>{rows}</table></body></html>".encode(), "text/html", places
        case "md":
            rows = "\n".join(f"| GPU | ${price(n)} |" for n in numbers)
            return f"| a | b |\n|---|---|\n{rows}\n".encode(), "text/markdown", [f"md:{n + 3};2" for n in numbers]
        case "jsonld":
            script = f'<script type="application/ld+json">{json.dumps([price(n) for n in numbers])}</script>'
            return script.encode(), "text/html", [f"jsonld:0/{n}" for n in numbers]
        case _:
            out = io.StringIO()
            table = csv.writer(out, quoting=csv.QUOTE_ALL)
            table.writerow(["SKU", "Description", "PricePerUnit"])
            table.writerows([f"X{n}", "artificial " * 20, price(n)] for n in range(10 * count))
            return out.getvalue().encode(), "text/csv", [f"row:SKU=X{10 * n};PricePerUnit" for n in numbers]


def offer(capture: Capture, locator: str, quote: str) -> Offer:
    """Make the offer of one artificial price."""
    amount = Decimal(quote.removeprefix("$"))
    cited = Citation(
        capture.source, capture.answered_url, AT, capture.obtained, capture.sha256, locator, quote, capture.body
    )
    return Offer(
        source=capture.source,
        provider="Examplecloud",
        service="Machines",
        sku=f"example-{locator[-9:]}",
        sku_id=None,
        region=None,
        operating_system=None,
        pricing_category=PricingCategory.ON_DEMAND,
        price_basis=PriceBasis.LIST,
        cloud_type=None,
        commitment_months=None,
        payment_option=None,
        offering_class=None,
        gpu="example",
        gpu_vendor="Examplemaker",
        gpu_model="Example",
        gpu_form_factor=None,
        gpu_count=Decimal(8),
        gpu_memory_gib=Decimal(11),
        gpu_pool=(),
        gpu_as_printed=(None, None, None),
        list_unit_price=amount,
        upfront_fee=None,
        pricing_unit="hour",
        billing_currency="USD",
        usd_per_gpu_hour=amount / 8,
        absence="",
        lineage=Lineage.FIRST_PARTY,
        observed_at=AT,
        date_precision=DatePrecision.SECOND,
        obtained=Obtained.IMPORTED,
        quarantined=None,
        citations=(cited,),
    )


def lay(root: Path, figures: int, facts: Facts) -> list[Offer]:
    """Store five bodies and return as many offers as there are to be figures."""
    store, share = Store(root), figures // (len(OTHER_KINDS) + 1)
    writer = store.writer(AT, written_by="ratecard benchmark")
    response = Response("instances.json", FEED, FEED, AT, 200, "application/json", Content.of(feed(share)))
    writer.add("vantage-ec2", response, obtained=Obtained.IMPORTED)
    laid = {kind: body(kind, share) for kind in OTHER_KINDS}
    for kind, (content, media_type, _) in laid.items():
        response = Response(f"{kind}.body", PAGES + kind, PAGES + kind, AT, 200, media_type, Content.of(content))
        writer.add(f"example-{kind}", response, obtained=Obtained.IMPORTED)
    captures = {capture.source: capture for capture in writer.commit().captures}
    offers = [o for o in MarketReader(store, facts).market().offers if o.usd_per_gpu_hour is not None][:share]
    for kind, (_, _, places) in laid.items():
        sign = "$" if kind in ("css", "md") else ""
        step = 10 if kind == "row" else 1
        offers += [
            offer(captures[f"example-{kind}"], place, f"{sign}{price(step * n)}") for n, place in enumerate(places)
        ]
    return offers


def write_report(offers: Sequence[Offer], folder: Path) -> Path:
    """Write a report of one table with a figure per row, and its list of figures; return the Markdown's path."""
    book = ReceiptBook(dict.fromkeys((o.source for o in offers), "Example source"), AT, {})
    rows = []
    for made in offers:
        figure = usd_per_sku_hour(made)
        rows.append(((Span(made.sku),), (Span(f"{money(figure.value)}/hr", receipts=book.cite(made), figure=figure),)))
    table = Table("In USD", (Column("What"), Column("Price")), tuple(rows))
    report = Report(
        title="Artificial report",
        client="Example",
        client_link="",
        publish=False,
        language="en",
        author="Example",
        date=f"{AT:%Y-%m-%d}",
        data_as_of=f"{AT:%Y-%m-%d}",
        answer="Nothing in here is real.",
        notices=(),
        sections=(Section(1, "prices", "Prices", (table,)),),
        receipts=book.receipts(),
        related_issue="",
        generator="ratecard benchmark",
        brief="example",
        as_of=f"{AT:%Y-%m-%dT%H:%M:%SZ}",
    )
    markdown = render_markdown(report).encode()
    (folder / "example.md").write_bytes(markdown)
    (folder / "example.figures.json").write_bytes(figures_file(report, {"md": markdown}))
    return folder / "example.md"


class CountingStore(Store):
    """A store that counts how often each body is opened, which is how often it is hashed."""

    def __init__(self, root: Path) -> None:
        """Take the folder."""
        super().__init__(root)
        self.opened: Counter[str] = Counter()

    def document(self, capture: Capture) -> Document:
        """Return a capture with its bytes, whose opening is counted."""

        def opener() -> BinaryIO:
            self.opened[capture.body] += 1
            return open_body(self.root, capture)

        return Document(capture, opener)


def run(figures: int, repeat: int, facts: Facts) -> Timed:
    """Verify a report of so many figures a few times; anything that does not hold ends the benchmark."""
    with TemporaryDirectory(prefix="ratecard-bench-") as name:
        folder = Path(name)
        path = write_report(lay(folder / "store", figures, facts), folder)
        seconds = []
        for _ in range(repeat):
            store = CountingStore(folder / "store")
            start = time.perf_counter()
            done = verify_report(path, store, facts)
            seconds.append(time.perf_counter() - start)
            if done.fails or max(store.opened.values()) > 1:
                raise SystemExit(f"{len(done.fails)} figures do not hold: {done.fails[:3]}; opened: {store.opened}")
        size = sum(c.size for s in store.snapshots() for c in s.captures) / 1e6
        return Timed(done.figures, done.receipts, done.bodies, size, tuple(seconds))


def report(timed: Sequence[Timed], growth: float) -> str:
    """Return the results as Markdown."""
    rows = [
        f"| {t.figures:,} | {t.receipts:,} | {t.bodies} | {t.megabytes:.1f} | {t.fastest:.2f} | {max(t.seconds):.2f} "
        f"| {1e6 * t.fastest / t.figures:.0f} |"
        for t in timed
    ]
    lines = [
        "# Verifying a report",
        "",
        f"Written by `benchmarks/verify.py` on {datetime.now(UTC):%Y-%m-%d}. `verify_report` of a Markdown file:",
        "its list of figures is read, every receipt re-read in its archived body, every figure computed anew and",
        "looked for in the text. Every figure held, and every body was opened, which is to say hashed, once.",
        "",
        "| figures | receipts | bodies | MB of bodies | fastest, s | slowest, s | µs per figure |",
        "|---|---|---|---|---|---|---|",
        *rows,
        "",
        f"Bound: {BOUND_SECONDS:.0f} s for 10,000 figures. Time per figure grows {growth:.2f}-fold from the smallest",
        f"to the largest (bound {LARGEST_GROWTH}; quadratic would be {1 / SHARES[0]:.0f}).",
        "",
        *machine(),
        "",
        "```json",
        json.dumps({t.figures: t.seconds for t in timed}),
        "```",
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure, print and write the results; 1 when a bound is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--figures", type=int, default=10_000, help="of the largest report")
    options.add_argument("--repeat", type=int, default=3, help="runs of every size")
    options.add_argument("--out", type=Path, default=RESULTS)
    given, _ = options.parse_known_args()  # `./run bench` hands its options to every benchmark
    facts = load_facts(default_facts_folder())
    timed = [run(int(given.figures * share), given.repeat, facts) for share in SHARES]
    smallest, largest = timed[0], timed[-1]
    growth = largest.fastest / largest.figures / (smallest.fastest / smallest.figures)
    text = report(timed, growth)
    given.out.write_text(text, encoding="utf-8")
    print(text)
    return int(largest.fastest > BOUND_SECONDS * largest.figures / 10_000 or growth > LARGEST_GROWTH)


if __name__ == "__main__":
    sys.exit(main())
