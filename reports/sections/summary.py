"""The executive summary: the findings that matter, computed."""

from __future__ import annotations

from decimal import Decimal

from normalize.compare import Comparison
from normalize.records import ChangeKind, Offer, Severity
from normalize.units import plain
from reports.context import Context
from reports.figures import amount, gpu_price, stale_days
from reports.receipts import describe, money, signed_percent
from reports.records import Block, Bullets, Line, Span
from reports.sections.prices import always_on_comparison, card_label, cards, serverless_comparison
from reports.statements import in_section, statement

Labelled = tuple[str, Comparison]


def executive_summary(context: Context) -> tuple[Block, ...]:
    """Return the three or four findings that matter, and what they rest on."""
    items = [
        *_spread(serverless_rows(context), "Serverless", context),
        *_spread(always_on_rows(context), "Always-on", context),
        *_nodes(context),
        *(statement(v, lead=v.claim.subject) for v in in_section(context, "executive_summary") if v.holds),
        *_moves(context),
        _basis(context),
    ]
    return (Bullets(tuple(items)),)


def serverless_rows(context: Context) -> list[Labelled]:
    """Return the serverless comparisons that have a delta."""
    found = [(row.label, serverless_comparison(row, context)) for row in context.brief.gpu]
    return [(label, c) for label, c in found if c.delta_percent is not None]


def always_on_rows(context: Context) -> list[Labelled]:
    """Return the always-on comparisons that have a delta."""
    found = [
        (card_label(row, gpu, context), always_on_comparison(gpu, context)[1])
        for row in context.brief.gpu
        for gpu in cards(row, context)
    ]
    return [(label, c) for label, c in found if c.delta_percent is not None]


def _spread(rows: list[Labelled], title: str, context: Context) -> list[Line]:
    """Return one line with the smallest and the largest difference."""
    if not rows:
        text = "no GPU of this report has a dated price on both sides, so no difference is stated."
        return [(Span(f"{title}: ", bold=True), Span(text))]
    ordered = sorted(rows, key=lambda row: row[1].delta_percent or Decimal(0))
    parts = [_difference(*row, context) for row in ([ordered[0], ordered[-1]] if len(ordered) > 1 else ordered)]
    spans: list[Span] = [Span(f"{title}: ", bold=True), *parts[0]]
    for part in parts[1:]:
        spans += [Span("; "), *part]
    return [(*spans, Span("."))]


def _difference(label: str, comparison: Comparison, context: Context) -> Line:
    one, other = comparison.left.offer, comparison.right.offer
    if one is None or other is None or comparison.delta_percent is None:
        message = f"{label} has no difference to state"
        raise ValueError(message)
    node = f", sold {plain(comparison.whole_node)} at a time" if comparison.whole_node else ""
    old = _stale_days(comparison, context)
    return (
        Span(f"{label} "),
        _per_gpu(one, context),
        Span(f" on {one.provider}{f' ({one.cloud_type})' if one.cloud_type else ''} against "),
        _per_gpu(other, context),
        Span(f" on {other.provider} per GPU-hour{node} ("),
        Span(f"{signed_percent(comparison.delta_percent)} {other.provider}", bold=True),
        Span(f"; figures up to {old} days old)" if old else ")"),
    )


def _per_gpu(offer: Offer, context: Context) -> Span:
    """Return a price per GPU-hour, with its receipts."""
    return Span(money(gpu_price(offer)), receipts=context.receipts.cite(offer))


def _nodes(context: Context) -> list[Line]:
    """Name the GPUs that AWS sells only by the node while the other side rents one."""
    found = [(label, c) for label, c in always_on_rows(context) if c.whole_node and c.right.offer]
    if not found:
        return []
    spans: list[Span] = [Span("Whole nodes only: ", bold=True)]
    for label, comparison in found:
        offer = comparison.right.offer
        if offer is None:
            continue
        spans += [Span("; ")] * (len(spans) > 1)
        spans += [
            Span(f"{label} on {offer.service} comes {plain(offer.gpu_count)} at a time, "),
            amount(offer, context),
        ]
    return [(*spans, Span("."))]


def _moves(context: Context) -> list[Line]:
    """Return the largest moves of list prices since the last report."""
    gpus = {gpu for row in context.brief.gpu for gpu in row.gpus}
    moved = [
        c
        for c in context.changes
        if c.kind is ChangeKind.REPRICED and c.severity is Severity.WARNING and c.offer and c.offer.gpu in gpus
    ]
    if not moved or context.previous is None:
        return []
    spans: list[Span] = [Span(f"Since {context.previous.as_of:%Y-%m-%d}: ", bold=True)]
    for change in moved[:3]:
        if change.offer is None or change.before is None or change.percent is None:
            continue
        spans += [Span("; ")] * (len(spans) > 1)
        spans += [
            Span(f"{describe(change.offer)} "),
            Span(money(change.before), receipts=context.cite_earlier(change.offer)),
            Span(" → "),
            _per_gpu(change.offer, context),
            Span(f" ({signed_percent(change.percent, places=1)})"),
        ]
    return [(*spans, Span("."))]


def _basis(context: Context) -> Line:
    """Return what the report rests on: sources, figures, dates."""
    used = [s for s in context.sources if s.offers]
    dates = [s.observed_at for s in used if s.observed_at] + [s.oldest_at for s in used if s.oldest_at]
    text = (
        f"{len(context.market.priced)} prices from {len(used)} of {len(context.sources)} sources, "
        f"read between {min(dates):%Y-%m-%d} and {max(dates):%Y-%m-%d}."
        if dates
        else "no prices."
    )
    return (Span("Data: ", bold=True), Span(text))


def answer(context: Context) -> str:
    """Return the one-line answer: the largest difference between single GPUs of fresh figures, where there is one.

    Else a whole node or an old figure stands for it, and the sentence says so; serverless comes before always-on.
    """
    rows = [("Serverless", *row) for row in serverless_rows(context)]
    rows += [("Always-on", *row) for row in always_on_rows(context)]
    if not rows:
        return "No GPU of this report has a dated price on both sides."
    title, label, comparison = min(rows, key=lambda row: _answer_order(row[0], row[2], context))
    return f"{title}: {_sentence(label, comparison, context)}"


def _answer_order(title: str, comparison: Comparison, context: Context) -> tuple[bool, bool, bool, Decimal]:
    old = _stale_days(comparison, context) > 0
    return (comparison.whole_node is not None, old, title != "Serverless", -abs(comparison.delta_percent or Decimal(0)))


def _stale_days(comparison: Comparison, context: Context) -> int:
    """Return the age of the oldest figure that is past its source's limit; 0 when both are fresh."""
    sides = (comparison.left.offer, comparison.right.offer)
    return max((stale_days(offer, context) for offer in sides if offer is not None), default=0)


def _sentence(label: str, comparison: Comparison, context: Context) -> str:
    one, other = comparison.left.offer, comparison.right.offer
    if one is None or other is None or comparison.delta_percent is None:
        message = f"{label} has no difference to state"
        raise ValueError(message)
    sign = "more" if comparison.delta_percent > 0 else "less"
    percent = signed_percent(abs(comparison.delta_percent)).lstrip("+")
    numbers = " and ".join(str(n) for offer in (one, other) for n in context.receipts.cite(offer))
    old = _stale_days(comparison, context)
    remarks = [
        f"sold {plain(comparison.whole_node)} at a time on {other.provider}" if comparison.whole_node else "",
        f"figures up to {old} days old" if old else "",
        f"receipts {numbers}",
    ]
    return (
        f"one {label} GPU-hour costs {money(gpu_price(one))} on {one.provider} and "
        f"{money(gpu_price(other))} on {other.provider}, {percent} {sign} ({'; '.join(r for r in remarks if r)})."
    )
