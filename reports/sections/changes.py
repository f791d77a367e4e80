"""What changed since the last report."""

from __future__ import annotations

from normalize.records import Change, ChangeKind, Offer, PricingCategory
from reports.context import Context
from reports.figures import before_change, move, per_gpu
from reports.receipts import describe
from reports.records import Block, Bullets, Column, Heading, Line, Mark, Paragraph, Span, Table

_MOST_ROWS = 40
_KIND_TITLES = {
    ChangeKind.REPRICED: "Repriced",
    ChangeKind.ADDED: "Added",
    ChangeKind.WITHDRAWN: "Withdrawn",
    ChangeKind.RESPECIFIED: "Respecified (no price event)",
}


def changes(context: Context) -> tuple[Block, ...]:
    """Return the changes of what the brief is about, those that matter most first, then what became of the sources."""
    if context.previous is None:
        return (Paragraph((Span("This is the first report on this store: there is nothing to compare it with."),)),)
    since = f"{context.previous.as_of:%Y-%m-%d}"
    mine = [c for c in context.changes if c.offer is not None and _concerns(c.offer, context)]
    blocks: list[Block] = []
    for kind, title in _KIND_TITLES.items():
        blocks += _table(title, since, [c for c in mine if c.kind is kind], context)
    if not blocks:
        text = f"No list price of the GPUs in this report changed between {since} and {context.date}."
        blocks.append(Paragraph((Span(text),)))
    return (*blocks, *_sources(context, since), *_scope(context, len(mine)))


def _concerns(offer: Offer, context: Context) -> bool:
    """Return whether a change touches a figure of the brief: its GPUs, its region, list prices."""
    gpus = {gpu for row in context.brief.gpu for gpu in row.gpus}
    here = offer.region in {None, context.brief.region}
    return offer.gpu in gpus and here and offer.pricing_category is not PricingCategory.SPOT


def _table(title: str, since: str, found: list[Change], context: Context) -> list[Block]:
    if not found:
        return []
    columns = (Column("What"), Column("Before", figures=True), Column("Now", figures=True), Column("Change"))
    rows = tuple(_row(change, context) for change in found[:_MOST_ROWS])
    blocks: list[Block] = [
        Heading(title),
        Table(f"USD per GPU-hour, {since} to {context.date}", columns, rows),
    ]
    if len(found) > _MOST_ROWS:
        blocks.append(
            Paragraph((Span(f"{len(found) - _MOST_ROWS} more are listed by "), Span("ratecard diff", code=True)))
        )
    return blocks


def _row(change: Change, context: Context) -> tuple[Line, ...]:
    assert change.offer is not None  # noqa: S101  # changes of sources are told apart before
    return (
        (Span(describe(change.offer)),),
        (before_change(change, context),),
        (Span("none") if change.after is None else per_gpu(change.offer, context),),
        _move(change, context),
    )


def _move(change: Change, context: Context) -> Line:
    if change.percent is None:
        return (Span(change.note or change.kind),)
    return (move(change, context, mark=Mark.UP if change.percent > 0 else Mark.DOWN, bold=True),)


def _sources(context: Context, since: str) -> list[Block]:
    lost = [c for c in context.changes if c.kind is ChangeKind.SOURCE_LOST]
    back = [c for c in context.changes if c.kind is ChangeKind.SOURCE_BACK]
    items = tuple(
        (Span(f"{context.status(c.source).title}: ", bold=True), Span(_source_words(c))) for c in (*lost, *back)
    )
    return [Heading(f"Sources, {since} to {context.date}"), Bullets(items)] if items else []


def _source_words(change: Change) -> str:
    if change.kind is ChangeKind.SOURCE_BACK:
        return "has new figures; it had none last time."
    reason = f" ({change.note})" if change.note else ""
    return f"gave nothing new{reason}; its last good figures are used, with their age. Nothing is called withdrawn."


def _scope(context: Context, shown: int) -> tuple[Block, ...]:
    others = len([c for c in context.changes if c.offer is not None]) - shown
    if not others:
        return ()
    text = f"{others} further changes concern other GPUs, regions or spot prices; all of them are listed by "
    return (Paragraph((Span(text), Span("ratecard diff", code=True), Span("."))),)
