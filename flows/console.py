"""What the command line prints: tables for people, findings on standard error."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.backfill import Backfilled
from flows.doctor import Check
from flows.drift_report import details, summary
from flows.importing import Imported
from flows.live_check import LiveCheck
from flows.scraping import Scraped
from flows.showing import Shown
from flows.verifying import Verified
from normalize.facts import Facts
from normalize.records import Change, Finding, Market, Offer
from normalize.units import plain
from reports.receipts import age, day, describe, money, signed_percent
from reports.untrusted import legible, legible_lines
from scrapers.places.exhibits import Exhibit
from scrapers.records import DatePrecision, Snapshot, Source
from scrapers.shapes.drift import Drift

_PIPE_WIDTH = 200
"""Columns of a table that goes into a file or another program, unless COLUMNS says otherwise."""
_out = Console(
    highlight=False,
    soft_wrap=True,
    width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else _PIPE_WIDTH,
)
_err = Console(stderr=True, highlight=False, soft_wrap=True)
_MOST_FINDINGS = 20
_MOST_FAILS = 50


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, title: str = "") -> None:
    """Print a table; cells are text, never markup."""
    grid = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for head in heads:
        grid.add_column(head, overflow="fold")
    for row in rows:
        grid.add_row(*(cell.replace("[", "\\[") for cell in row))
    _out.print(grid, soft_wrap=False)


def print_scraped(scraped: Sequence[Scraped], snapshot: Snapshot) -> None:
    """Print what became of each source."""
    states = {r.source: r.state for r in snapshot.results}
    rows = [
        (s.source, str(states.get(s.source, "failed")), str(s.listings), _size(s), str(s.error or "")) for s in scraped
    ]
    table(("source", "state", "listings", "bytes", "why"), rows, title=f"snapshot {snapshot.stamp}")
    for source, finding in ((s.source, finding) for s in scraped for finding in s.findings):
        _err.print(f"warning: {source}: {finding}", markup=False)


def _size(scraped: Scraped) -> str:
    return f"{sum(r.body.size for r in scraped.responses):,}"


def print_backfilled(source: str, done: Sequence[Backfilled]) -> None:
    """Print what became of each version."""
    rows = [(d.version.id, f"{d.version.began_at:%Y-%m-%d}", *_became(d)) for d in done]
    heads = ("version", "in force from", "snapshot", "listings", "bytes", "why")
    stored = sum(1 for d in done if d.snapshot)
    table(heads, rows, title=f"{source}: {stored} of {len(done)} versions newly stored")


def _became(done: Backfilled) -> tuple[str, str, str, str]:
    absent = f"not there then: {', '.join(done.absent)}" if done.absent else ""
    if done.scraped is None:
        return "stored before", "", "", absent
    stamp = done.snapshot.stamp if done.snapshot else "nothing new"
    why = "; ".join(filter(None, (str(done.scraped.error or ""), absent)))
    return stamp, str(done.scraped.listings), _size(done.scraped), why


def print_imported(imported: Imported, facts: Facts) -> None:
    """Print what an import brought, and what it could not take."""
    market = imported.market
    skus = {listing.sku for listing in imported.listings}
    priced = {offer.sku for offer in market.priced}
    _out.print(f"snapshot {imported.snapshot.stamp}: {len(skus)} SKUs read, {len(imported.listings):,} listings")
    _out.print(f"{len(market.priced):,} prices of {len(priced)} SKUs; {len(skus - priced)} SKUs have none:")
    for sku in sorted(skus - priced):
        _out.print(f"  {sku}: {_why(sku, imported, facts)}", markup=False)
    print_findings(market.findings)


def _why(sku: str, imported: Imported, facts: Facts) -> str:
    """Return why a SKU has no price: the source's absence, or that it is ignored by name."""
    reasons = [o.absence for o in imported.market.offers if o.sku == sku and o.absence]
    other = facts.not_gpu(sku)
    return reasons[0] if reasons else f"ignored: {other.is_}" if other else "not taken, see the findings"


def print_findings(findings: Sequence[Finding]) -> None:
    """Print findings on standard error, the first of each kind of message."""
    for finding in findings[:_MOST_FINDINGS]:
        _err.print(f"{finding.severity}: {finding.source}: {finding.message} ({finding.where})", markup=False)
    if len(findings) > _MOST_FINDINGS:
        _err.print(f"... and {len(findings) - _MOST_FINDINGS} more")


def print_offers(offers: Sequence[Offer], market: Market) -> None:
    """Print offers, cheapest first within a GPU; those without a price say why."""
    ordered = sorted(offers, key=lambda o: (o.gpu, o.usd_per_gpu_hour is None, o.usd_per_gpu_hour or 0, o.sku))
    heads = ("GPU", "what", "GPUs", "USD per GPU-hour", "list price", "as of", "source")
    rows = [
        (
            o.gpu,
            describe(o),
            plain(o.gpu_count),
            _figure(o),
            f"{plain(o.list_unit_price)} {o.billing_currency}/{o.pricing_unit}"
            if o.list_unit_price is not None
            else "",
            f"{day(o.observed_at, o.date_precision)}, {age(o.observed_at, market.as_of)}",
            o.source,
        )
        for o in ordered
    ]
    table(heads, rows, title=f"as of {market.as_of:%Y-%m-%d %H:%M} UTC")


def _figure(offer: Offer) -> str:
    """Return the price per GPU-hour, or why there is none to use."""
    if offer.quarantined is not None:
        return f"none, in quarantine: {offer.quarantined}"
    return plain(offer.usd_per_gpu_hour) if offer.usd_per_gpu_hour is not None else f"none: {offer.absence}"


def print_changes(changes: Sequence[Change], before: Market, after: Market) -> None:
    """Print changes, and how many there are of each kind."""
    rows = [
        (
            str(c.kind),
            describe(c.offer) if c.offer else c.source,
            money(c.before) if c.before is not None else "none",
            money(c.after) if c.after is not None else "none",
            signed_percent(c.percent, places=1) if c.percent is not None else c.note,
        )
        for c in changes
    ]
    table(
        ("kind", "what", "before", "after", "change"),
        rows,
        title=f"{before.stamp} to {after.stamp}, USD per GPU-hour",
    )
    counts = Counter(str(c.kind) for c in changes)
    _out.print(", ".join(f"{n} {kind}" for kind, n in counts.items()) or "no changes")


def print_sources(records: Sequence[Source]) -> None:
    """Print the registered sources."""
    rows = [
        (
            s.id,
            s.title,
            s.lineage.replace("_", " "),
            s.method,
            "{}-{}".format(*s.expected_listings) if s.publishes_prices else "pages",
            f"{s.max_age_days} d",
            s.url,
        )
        for s in records
    ]
    table(("id", "title", "whose figures", "read by", "listings", "stale after", "address"), rows)


def print_checks(checks: Sequence[Check]) -> None:
    """Print what was looked at, and whether it is as it must be."""
    table(("", "what", "found"), [("ok" if c.good else "!!", c.name, c.detail) for c in checks])
    print_drifts([c.drift for c in checks if c.drift])


def print_verified(verified: Verified) -> None:
    """Print how many figures hold, what was read again for that, and each that does not hold, with why."""
    lines = [
        f"{verified.subject}: {verified.figures:,} figures, {verified.hold:,} hold",
        f"{verified.receipts:,} receipts in {verified.bodies:,} archived bodies were read again",
    ]
    if verified.files:
        lines.append(f"compared with what was computed: {', '.join(verified.files)}")
    for line in lines:
        _out.print(line, markup=False)
    rows = [(f.problem.fault, f.figure, f.where, f.printed, f.problem.why) for f in verified.fails[:_MOST_FAILS]]
    if rows:
        table(("", "figure", "where", "printed", "why it does not hold"), rows)
    if len(verified.fails) > _MOST_FAILS:
        _out.print(f"... and {len(verified.fails) - _MOST_FAILS:,} more; --json prints all of them")


def print_live(checks: Sequence[LiveCheck]) -> None:
    """Print what became of each source at its live site, then what drifted, and where the bytes of what failed lie."""
    rows = [
        (
            c.source,
            "works" if c.works else "fails",
            f"{c.listings:,}",
            "{:,} to {:,}".format(*c.expected_listings),
            summary(c.drift) if c.drift else "nothing came",
            f"{c.seconds:.1f}",
            f"{c.size:,}",
            " ".join(c.why.split()),
        )
        for c in checks
    ]
    table(("source", "", "listings", "expected", "drift", "seconds", "bytes", "why"), rows)
    print_drifts([c.drift for c in checks if c.drift])
    for path in (path for c in checks for path in c.kept):
        _out.print(f"kept for a look: {path}", markup=False)


def print_drifts(drifts: Sequence[Drift]) -> None:
    """Print what is new and what has vanished, source by source; nothing of a source that has not drifted."""
    for drift in drifts:
        if drift.differences:
            _out.print(f"\n{drift.source}: {summary(drift)}", markup=False)
        for what, names in details(drift):
            _out.print(f"  {what}: {', '.join(names)}", markup=False)


def print_evidence(figures: Sequence[Shown], exhibits: Sequence[Exhibit]) -> None:
    """Print quoted texts, where each stands, and what stands around it with the text itself marked."""
    for number, (figure, exhibit) in enumerate(zip(figures, exhibits, strict=True)):
        if number:
            _out.print()
        capture = exhibit.capture
        rows = [
            ("quote", figure.quote),
            ("source", capture.source),
            ("address", capture.answered_url),
            ("retrieved", day(capture.retrieved_at, capture.date_precision)),
            ("fetched", day(capture.fetched_at, DatePrecision.SECOND) if capture.fetched_at else ""),
            ("obtained", capture.obtained),
            ("provenance", capture.provenance),
            ("body", f"{capture.body} (sha256 {capture.sha256})"),
            ("locator", figure.locator),
            ("picture", figure.crop or figure.no_crop or "the page's screenshot shows it; --crop FILE.png cuts it out"),
        ]
        for name, value in rows:
            if value:
                _out.print(f"{name:11} {legible(value)}", markup=False)
        _out.print()
        marked = (f">>{legible_lines(figure.value)}<<", "bold reverse")
        _out.print(Text.assemble(legible_lines(figure.before), marked, legible_lines(figure.after)))
