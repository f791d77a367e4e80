"""How far the sources confirm each other: who stands behind a figure, who contradicts it, and what is not used."""

from __future__ import annotations

from collections import Counter

from normalize.agreement import place_of, printed_day
from normalize.computed import percent
from normalize.corroborate import Conflict, difference, difference_percent
from normalize.records import Offer, PriceBasis
from reports.context import Context
from reports.figures import join, per_gpu
from reports.receipts import describe
from reports.records import Block, Bullets, Heading, Line, Paragraph, Span

_MOST_LINES = 100
"""Of one list: more than anybody reads means that a source went wrong as a whole."""


def corroborated(context: Context) -> tuple[Block, ...]:
    """Return how many sources print the list prices that are used."""
    counts = Counter(len(c.sources) for c in context.corroborations if c.offer.price_basis is PriceBasis.LIST)
    if not counts:
        return ()
    parts = [f"{number} stand in {_sources(sources)}" for sources, number in sorted(counts.items())]
    text = (
        f"Of {counts.total()} list prices {', '.join(parts)}; each receipt names them. Spot prices are quotes of a "
        "moment and are not held against each other."
    )
    return (Paragraph((Span(text),)),)


def _sources(number: int) -> str:
    return "one source" if number == 1 else f"{number} sources alike"


def conflicts(context: Context) -> tuple[Block, ...]:
    """Return what the sources disagree about, the brief's GPUs first, every figure with its receipt."""
    gpus = _gpus(context)
    mine = [c for c in context.conflicts if set(c.gpus) & gpus]
    others = [c for c in context.conflicts if not set(c.gpus) & gpus]
    none = Paragraph((Span("None among the GPUs of this report."),))
    head = Heading("Sources that disagree beyond rounding")
    shown: Block = _listed([_conflict(c, context) for c in mine]) if mine else none
    if not others:
        return (head, shown)
    more = [_conflict(c, context) for c in others[:_MOST_LINES]]
    return (head, shown, Paragraph((Span("Among other GPUs:"),)), _listed(more, len(others) - len(more)))


def _conflict(conflict: Conflict, context: Context) -> Line:
    """Return all figures with their receipts, the believed one first, and how far the others lie from it."""
    sides = (conflict.one, *conflict.others)
    parts: list[Line] = [(per_gpu(o, context), Span(f" ({place_of(o)}, {printed_day(o)}, {o.sku})")) for o in sides]
    sizes = join([_size(conflict.one, other) for other in conflict.others], " and ")
    subject = Span(f"{conflict.subject}: ", bold=True)
    return (subject, *join(parts, " against "), Span(" per GPU-hour; "), *sizes, Span("."))


def _size(one: Offer, other: Offer) -> Line:
    """Return how far apart two figures are, in USD and in percent: ``-0.614 (-12.8%)``."""
    relative = Span(difference_percent(one, other), figure=percent(one, other))
    return (Span(f"{difference(one, other)} ("), relative, Span(")"))


def premiums(context: Context) -> tuple[Block, ...]:
    """Return the managed products whose price lies unusually far from that of the machine under them."""
    odd = [f for f in context.market.findings if f.kind == "odd_premium"]
    if not odd:
        return ()
    items: list[Line] = [(Span(f"{f.message} ({f.where})."),) for f in odd[:_MOST_LINES]]
    return (Heading("Unusual against the machine underneath"), _listed(items, len(odd) - len(items)))


def quarantined(context: Context) -> tuple[Block, ...]:
    """Return what is used for nothing, the brief's GPUs first: as it stands there, with its reason and receipt."""
    gpus = _gpus(context)
    held = sorted((o for o in context.market.offers if o.quarantined is not None), key=lambda o: o.gpu not in gpus)
    if not held:
        return ()
    items = [_held(o, context) for o in held[:_MOST_LINES]]
    intro = "Each is quoted as it stands there; no figure, comparison or change in this report rests on it."
    return (Heading("In quarantine"), Paragraph((Span(intro),)), _listed(items, len(held) - len(items)))


def _held(offer: Offer, context: Context) -> Line:
    quote = Span(f"“{offer.citations[0].quote}”", receipts=context.receipts.cite(offer))
    return (Span(f"{describe(offer)}: ", bold=True), quote, Span(f"; {offer.quarantined}."))


def _gpus(context: Context) -> set[str]:
    return {gpu for row in context.brief.gpu for gpu in row.gpus}


def _listed(items: list[Line], rest: int = 0) -> Bullets:
    tail: list[Line] = [(Span(f"{rest} more."),)] if rest > 0 else []
    return Bullets((*items, *tail))
