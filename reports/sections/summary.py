"""The executive summary: the findings that matter, computed."""

from __future__ import annotations

from decimal import Decimal

from normalize.compare import Comparison
from normalize.computed import gpu_count, percent, usd_per_gpu_hour
from normalize.records import ChangeKind, Offer, Severity
from normalize.units import plain
from reports.context import Context
from reports.figures import (
    amount,
    before_change,
    days_old,
    join,
    move,
    per_gpu,
    percent_span,
    stale_days,
    whole_node,
)
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
        *(statement(v, context, lead=v.claim.subject) for v in in_section(context, "executive_summary") if v.holds),
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
    node = (Span(", "), *whole_node(other)) if comparison.whole_node else ()
    old = _old(comparison, context)
    return (
        Span(f"{label} "),
        per_gpu(one, context),
        Span(f" on {one.provider}{f' ({one.cloud_type})' if one.cloud_type else ''} against "),
        per_gpu(other, context),
        Span(f" on {other.provider} per GPU-hour"),
        *node,
        Span(" ("),
        percent_span(one, other, f" {other.provider}"),
        *((Span("; "), *old) if old else ()),
        Span(")"),
    )


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
            Span(f"{label} on {offer.service} comes "),
            Span(plain(offer.gpu_count), figure=gpu_count(offer)),
            Span(" at a time, "),
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
            before_change(change, context),
            Span(" → "),
            per_gpu(change.offer, context),
            Span(" ("),
            move(change, context),
            Span(")"),
        ]
    return [(*spans, Span("."))]


def _basis(context: Context) -> Line:
    """Return what the report rests on: sources, figures, dates."""
    publishing = [s for s in context.sources if s.publishes_prices]
    used = [s for s in publishing if s.offers]
    dates = [s.observed_at for s in used if s.observed_at] + [s.oldest_at for s in used if s.oldest_at]
    text = (
        f"{len(context.market.priced)} prices from {len(used)} of {len(publishing)} sources, "
        f"read between {min(dates):%Y-%m-%d} and {max(dates):%Y-%m-%d}."
        if dates
        else "no prices."
    )
    return (Span("Data: ", bold=True), Span(text))


def answer(context: Context) -> Line:
    """Return the one-line answer: the largest difference between single GPUs of fresh figures, where there is one.

    Else a whole node or an old figure stands for it, and the sentence says so; serverless comes before always-on.
    """
    rows = [("Serverless", *row) for row in serverless_rows(context)]
    rows += [("Always-on", *row) for row in always_on_rows(context)]
    if not rows:
        return (Span("No GPU of this report has a dated price on both sides."),)
    title, label, comparison = min(rows, key=lambda row: _answer_order(row[0], row[2], context))
    return (Span(f"{title}: "), *_sentence(label, comparison, context))


def _answer_order(title: str, comparison: Comparison, context: Context) -> tuple[bool, bool, bool, Decimal]:
    old = _stale_days(comparison, context) > 0
    return (comparison.whole_node is not None, old, title != "Serverless", -abs(comparison.delta_percent or Decimal(0)))


def _stale_days(comparison: Comparison, context: Context) -> int:
    """Return the age of the oldest figure that is past its source's limit; 0 when both are fresh."""
    return max((stale_days(offer, context) for offer in _sides(comparison)), default=0)


def _sides(comparison: Comparison) -> list[Offer]:
    return [offer for offer in (comparison.left.offer, comparison.right.offer) if offer is not None]


def _old(comparison: Comparison, context: Context) -> Line:
    """Return the age of the oldest figure that is past its source's limit, in words; nothing when both are fresh."""
    stale = [offer for offer in _sides(comparison) if stale_days(offer, context)]
    return (Span("figures up to "), *days_old(stale, context)) if stale else ()


def _sentence(label: str, comparison: Comparison, context: Context) -> Line:
    one, other = comparison.left.offer, comparison.right.offer
    if one is None or other is None or comparison.delta_percent is None:
        message = f"{label} has no difference to state"
        raise ValueError(message)
    sign = "more" if comparison.delta_percent > 0 else "less"
    apart, left, right = percent(one, other, apart=True), usd_per_gpu_hour(one), usd_per_gpu_hour(other)
    numbers = " and ".join(str(n) for offer in (one, other) for n in context.receipts.cite(offer))
    remarks: list[Line] = [
        (*whole_node(other), Span(f" on {other.provider}")) if comparison.whole_node else (),
        _old(comparison, context),
        (Span(f"receipts {numbers}"),),
    ]
    return (
        Span(f"one {label} GPU-hour costs "),
        Span(money(left.value), figure=left),
        Span(f" on {one.provider} and "),
        Span(money(right.value), figure=right),
        Span(f" on {other.provider}, "),
        Span(signed_percent(apart.value).lstrip("+"), figure=apart),
        Span(f" {sign} ("),
        *join([remark for remark in remarks if remark]),
        Span(")."),
    )
