"""How fresh the sources are, where they disagree, and what could not be read."""

from __future__ import annotations

from collections import Counter

from normalize.claims import for_a_look
from normalize.facts_releases import INVARIANTS
from normalize.records import PassageState, Severity, SourceStatus
from reports.context import Context
from reports.records import Block, Bullets, Column, Heading, Line, Mark, Paragraph, Span, Table
from reports.sections.agreement import conflicts, corroborated, premiums, quarantined

_MOST_FINDINGS = 25


def data_quality(context: Context) -> tuple[Block, ...]:
    """Return the state of every source, the conflicts, and the findings."""
    heads = ("Source", "Whose figures", "Figures of", "Age", "Prices", "State")
    rows = tuple(_row(status) for status in context.sources)
    table = Table(f"Sources as of {context.date}", tuple(Column(head) for head in heads), rows)
    compared = (*corroborated(context), *conflicts(context), *premiums(context), *quarantined(context))
    return (table, *_excerpt_note(context), *compared, *_findings(context), *_statements(context))


def _row(status: SourceStatus) -> tuple[Line, ...]:
    return (
        (Span(status.title, url=status.url),),
        (Span(status.lineage.replace("_", " ")),),
        (Span(_dates(status)),),
        (Span("N/A" if status.age_days is None else f"{status.age_days} days"),),
        (Span(_prices(status)),),
        _state(status),
    )


def _prices(status: SourceStatus) -> str:
    if not status.publishes_prices:
        return "pages, no prices"
    return str(status.offers) if status.offers else "none"


def _dates(status: SourceStatus) -> str:
    if status.observed_at is None or status.oldest_at is None:
        return "none"
    newest, oldest = f"{status.observed_at:%Y-%m-%d}", f"{status.oldest_at:%Y-%m-%d}"
    return newest if newest == oldest else f"{oldest} to {newest}"


def _state(status: SourceStatus) -> Line:
    if status.observed_at is None:
        return (Span(status.reason or "not read", mark=Mark.NO),)
    if status.state == "partial":
        return (Span(f"read in part: {status.reason}", mark=Mark.LIMITED),)
    if status.state not in {"fresh", "unchanged"}:
        why = status.reason or "not read this time"
        return (Span(f"last good figures are used: {why}", mark=Mark.LIMITED),)
    if status.stale:
        return (Span(f"stale: older than {status.max_age_days} days", mark=Mark.LIMITED),)
    return (Span("excerpt" if status.excerpt else "complete", mark=Mark.YES),)


def _excerpt_note(context: Context) -> tuple[Block, ...]:
    if not any(status.excerpt for status in context.sources):
        return ()
    text = "An excerpt holds a part of what its source publishes: what it leaves out is neither missing nor withdrawn."
    return (Paragraph((Span(text),)),)


def _findings(context: Context) -> tuple[Block, ...]:
    """Return what could not be taken and is not told as quarantined; warnings are left to the command line."""
    errors = [f for f in context.market.findings if f.severity is Severity.ERROR and f.kind not in INVARIANTS]
    if not errors:
        return ()
    items = [(Span(f"{f.source}: ", bold=True), Span(f"{f.message} ({f.where}).")) for f in errors[:_MOST_FINDINGS]]
    rest = len(errors) - _MOST_FINDINGS
    tail = [(Span(f"{rest} more."),)] if rest > 0 else []
    return (Heading("Not taken"), Bullets((*items, *tail)))


def _statements(context: Context) -> tuple[Block, ...]:
    """Return on what the statements rest that are not prices, and which of them somebody must look at."""
    states = Counter(v.evidence.state for v in context.verdicts if v.evidence is not None)
    if not states:
        return ()
    number = sum(states.values())
    text = (
        f"Of {number} statements that are not prices, {states[PassageState.FOUND]} stand word for word on an archived "
        f"page and have a receipt; {states[PassageState.GONE]} are for a look; the pages of "
        f"{states[PassageState.NOT_ARCHIVED]} are not archived, and of {states[PassageState.NOT_QUOTED]} no words are "
        "quoted: those rest on the address and the date beside them."
    )
    items = tuple((Span(f"{f.where}: ", bold=True), Span(f"{f.message}.")) for f in for_a_look(context.verdicts))
    looks = (Heading("Statements for a look"), Bullets(items)) if items else ()
    return (Heading("What the statements rest on"), Paragraph((Span(text),)), *looks)


def references(context: Context) -> tuple[Block, ...]:
    """Return the public pages, grouped as in the facts file."""
    blocks: list[Block] = []
    for group in dict.fromkeys(r.group for r in context.facts.references):
        mine = [r for r in context.facts.references if r.group == group]
        items = tuple((Span(r.title, url=r.url), Span(f" (checked {r.checked_on})")) for r in mine)
        blocks += [Heading(group), Bullets(items)]
    return tuple(blocks)
