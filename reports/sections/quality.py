"""How fresh the sources are, where they disagree, and what could not be read."""

from __future__ import annotations

from normalize.agreement import Conflict, printed_day
from normalize.records import Offer, Severity, SourceStatus
from reports.context import Context
from reports.figures import gpu_price, join
from reports.receipts import money
from reports.records import Block, Bullets, Column, Heading, Line, Mark, Paragraph, Span, Table

_MOST_FINDINGS = 25


def data_quality(context: Context) -> tuple[Block, ...]:
    """Return the state of every source, the conflicts, and the findings."""
    heads = ("Source", "Whose figures", "Figures of", "Age", "Prices", "State")
    rows = tuple(_row(status) for status in context.sources)
    table = Table(f"Sources as of {context.date}", tuple(Column(head) for head in heads), rows)
    return (table, *_excerpt_note(context), *_conflicts(context), *_findings(context))


def _row(status: SourceStatus) -> tuple[Line, ...]:
    return (
        (Span(status.title, url=status.url),),
        (Span(status.lineage.replace("_", " ")),),
        (Span(_dates(status)),),
        (Span("N/A" if status.age_days is None else f"{status.age_days} days"),),
        (Span(str(status.offers) if status.offers else "none"),),
        _state(status),
    )


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


def _conflicts(context: Context) -> tuple[Block, ...]:
    """Return the pairs of sources that disagree about the brief's GPUs."""
    gpus = {gpu for row in context.brief.gpu for gpu in row.gpus}
    mine = [c for c in context.conflicts if set(c.gpus) & gpus]
    items = tuple(_conflict(c, context) for c in mine)
    rest = len(context.conflicts) - len(mine)
    more = (Paragraph((Span(f"{rest} further conflicts concern other GPUs."),)),) if rest else ()
    head = Heading("Sources that disagree beyond rounding")
    none = Paragraph((Span("None among the GPUs of this report."),))
    return (head, Bullets(items) if items else none, *more)


def _conflict(conflict: Conflict, context: Context) -> Line:
    """Return both figures with their receipts, the believed one first."""
    sides = (conflict.one, conflict.other)
    parts: list[Line] = [(_per_gpu(o, context), Span(f" ({o.source}, {printed_day(o)}, {o.sku})")) for o in sides]
    return (Span(f"{conflict.subject}: ", bold=True), *join(parts, " against "), Span(" per GPU-hour."))


def _per_gpu(offer: Offer, context: Context) -> Span:
    return Span(money(gpu_price(offer)), receipts=context.receipts.cite(offer))


def _findings(context: Context) -> tuple[Block, ...]:
    """Return what could not be taken; a warning that only repeats our own facts is left to the command line."""
    errors = [f for f in context.market.findings if f.severity is Severity.ERROR]
    if not errors:
        return ()
    items = [(Span(f"{f.source}: ", bold=True), Span(f"{f.message} ({f.where}).")) for f in errors[:_MOST_FINDINGS]]
    rest = len(errors) - _MOST_FINDINGS
    tail = [(Span(f"{rest} more."),)] if rest > 0 else []
    return (Heading("Not taken"), Bullets((*items, *tail)))


def references(context: Context) -> tuple[Block, ...]:
    """Return the public pages, grouped as in the facts file."""
    blocks: list[Block] = []
    for group in dict.fromkeys(r.group for r in context.facts.references):
        mine = [r for r in context.facts.references if r.group == group]
        items = tuple((Span(r.title, url=r.url), Span(f" (checked {r.checked_on})")) for r in mine)
        blocks += [Heading(group), Bullets(items)]
    return tuple(blocks)
