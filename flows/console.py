"""What the command line prints: tables for people, findings on standard error."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from flows.backfill import Backfilled
from flows.doctor import Check
from flows.importing import Imported
from flows.steps import Scraped
from normalize.facts import Facts
from normalize.records import Change, Finding, Market, Offer
from normalize.units import plain
from reports.receipts import age, day, describe, money, signed_percent
from scrapers.records import Capture, DatePrecision, Snapshot, Source

_PIPE_WIDTH = 200
"""Columns of a table that goes into a file or another program, unless COLUMNS says otherwise."""
_out = Console(
    highlight=False,
    soft_wrap=True,
    width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else _PIPE_WIDTH,
)
_err = Console(stderr=True, highlight=False, soft_wrap=True)
_MOST_FINDINGS = 20


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


def _size(scraped: Scraped) -> str:
    return f"{sum(r.body.size for r in scraped.responses):,}"


def print_backfilled(source: str, done: Sequence[Backfilled]) -> None:
    """Print what became of each version."""
    rows = [(d.version.id, f"{d.version.began_at:%Y-%m-%d}", *_became(d)) for d in done]
    heads = ("version", "in force from", "snapshot", "listings", "bytes", "why")
    stored = sum(1 for d in done if d.snapshot)
    table(heads, rows, title=f"{source}: {stored} of {len(done)} versions newly stored")


def _became(done: Backfilled) -> tuple[str, str, str, str]:
    if done.scraped is None:
        return "stored before", "", "", ""
    stamp = done.snapshot.stamp if done.snapshot else "nothing new"
    return stamp, str(done.scraped.listings), _size(done.scraped), str(done.scraped.error or "")


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
            plain(o.usd_per_gpu_hour) if o.usd_per_gpu_hour is not None else f"none: {o.absence}",
            f"{plain(o.list_unit_price)} {o.billing_currency}/{o.pricing_unit}"
            if o.list_unit_price is not None
            else "",
            f"{day(o.observed_at, o.date_precision)}, {age(o.observed_at, market.as_of)}",
            o.source,
        )
        for o in ordered
    ]
    table(heads, rows, title=f"as of {market.as_of:%Y-%m-%d %H:%M} UTC")


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
            "{}-{}".format(*s.expected_listings),
            f"{s.max_age_days} d",
            s.url,
        )
        for s in records
    ]
    table(("id", "title", "whose figures", "read by", "listings", "stale after", "address"), rows)


def print_checks(checks: Sequence[Check]) -> None:
    """Print what was looked at, and whether it is as it must be."""
    table(("", "what", "found"), [("ok" if c.good else "!!", c.name, c.detail) for c in checks])


def print_evidence(capture: Capture, quote: str, context: str) -> None:
    """Print a quoted text, where it stands, and what stands around it."""
    rows = [
        ("quote", quote),
        ("source", capture.source),
        ("address", capture.answered_url),
        ("retrieved", day(capture.retrieved_at, capture.date_precision)),
        ("fetched", day(capture.fetched_at, DatePrecision.SECOND) if capture.fetched_at else ""),
        ("obtained", capture.obtained),
        ("provenance", capture.provenance),
        ("body", f"{capture.body} (sha256 {capture.sha256})"),
    ]
    for name, value in rows:
        if value:
            _out.print(f"{name:11} {value}", markup=False)
    _out.print()
    _out.print(context, markup=False)
