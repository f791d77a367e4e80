"""Who sells which GPU, and whether a single one can be had: read from the offers, not typed in."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from normalize.catalogue import listed, whole_list
from normalize.claims import Verdict
from normalize.records import Market, Offer
from normalize.units import plain
from reports.brief import GpuRow, Product
from reports.context import Context
from reports.figures import amount, join
from reports.records import Block, Column, Line, Mark, Paragraph, Span, Table
from reports.sections.prices import serverless_comparison
from reports.statements import evidence, in_section

_INSTANCE_TYPE = re.compile(r"((?:ml\.)?[a-z]\d[a-z0-9-]*\.\d*[a-z0-9]*large)")
_SINGLE = "single"
"""How the short form of a statement begins that knows a single GPU on sale."""
_MARKS = {True: Mark.YES, False: Mark.LIMITED}


def single_gpu(context: Context) -> tuple[Block, ...]:
    """Return, per GPU and product, whether one GPU can be rented, with the smallest size that has it."""
    products = _products(context)
    rows = tuple(
        (_name(row, context), *(_availability(row, product, context) for product in products))
        for row in context.brief.gpu
    )
    columns = (Column("GPU"), *(Column(product.label) for product in products))
    note = (
        "Read from the prices and lists stored up to this date: an offer with a price, or a seller's own list of GPU "
        "types. Where neither names a GPU, a dated statement stands in with its source; “not in the store” means that "
        "nothing is known, not that nothing is sold."
    )
    return (Table(f"Single-GPU availability as of {context.date}", columns, rows), Paragraph((Span(note),)))


def _products(context: Context) -> tuple[Product, ...]:
    always_on, serverless = context.brief.always_on, context.brief.serverless
    return (always_on.left, serverless.right, always_on.right)


def _name(row: GpuRow, context: Context) -> Line:
    memory = f"{plain(context.facts.gpu(row.gpus[0]).memory_gib)} GB"
    return (Span(row.label if memory in row.label else f"{row.label} ({memory})", bold=True),)


def _availability(row: GpuRow, product: Product, context: Context) -> Line:
    """Return one cell: from an offer, else from the seller's list, else from a statement."""
    offer, verdict = _evidence(row, product, context)
    if offer is not None:
        return _sold(offer, verdict, context)
    entries = [e for e in listed(context.market, product.provider, product.services) if e.gpu in row.gpus]
    if entries:
        receipts = context.receipts.cite_statement(
            entries[0].citation, f"{product.provider} lists the {entries[0].sku}", entries[0].date_precision
        )
        return (Span("Listed", mark=Mark.YES, receipts=receipts), Span("; no dated price in the store"))
    return _stated(verdict, product, context)


def _evidence(row: GpuRow, product: Product, context: Context) -> tuple[Offer | None, Verdict | None]:
    """Return the smallest size on sale, unless an excerpt may have left out the single GPU that a statement knows."""
    offers = _offers(context.market, row, product)
    verdict = _verdict(row, product, context)
    best = min(offers, key=lambda o: (o.gpu_count < 1, o.gpu_count, o.usd_per_gpu_hour or Decimal(0)), default=None)
    hidden = best is not None and best.gpu_count != 1 and context.status(best.source).excerpt
    if hidden and verdict is not None and verdict.claim.short.startswith(_SINGLE):
        best = None
    return best, verdict


def _verdict(row: GpuRow, product: Product, context: Context) -> Verdict | None:
    """Return the statement that holds of a row's GPU and a product, if there is one."""
    return next(
        (
            v
            for v in in_section(context, "single_gpu")
            if v.holds and set(v.claim.gpus) & set(row.gpus) and _speaks_of(v.claim.aspect, product)
        ),
        None,
    )


def _offers(market: Market, row: GpuRow, product: Product) -> list[Offer]:
    return [
        o
        for o in market.priced
        if o.gpu in row.gpus
        and (o.provider, o.pricing_category) == (product.provider, product.category)
        and o.service in product.services
    ]


def _sold(offer: Offer, verdict: Verdict | None, context: Context) -> Line:
    sku = (Span(": "), Span(offer.sku, code=True)) if offer.provider == "AWS" else ()
    where = (Span(f" ({offer.region})"),) if offer.region not in {None, context.brief.region} else ()
    size = Span(
        _size(offer, verdict, context), mark=_MARKS[offer.gpu_count == 1], receipts=context.receipts.cite(offer)
    )
    return (size, *sku, *where)


def _size(offer: Offer, verdict: Verdict | None, context: Context) -> str:
    """Return how many GPUs one must take; "only" needs a whole read or a statement."""
    if offer.gpu_count == 1:
        return "Single"
    certain = not context.status(offer.source).excerpt or verdict is not None
    return f"{plain(offer.gpu_count)}× only" if certain else f"{plain(offer.gpu_count)}× (in an excerpt)"


def _stated(verdict: Verdict | None, product: Product, context: Context) -> Line:
    """Return what a dated statement says where the store holds no price and no list."""
    if verdict is not None:
        claim = verdict.claim
        mark = Mark.YES if claim.short.startswith(_SINGLE) else Mark.LIMITED
        mark = Mark.NO if claim.short.startswith("not") else mark
        text = claim.short[:1].upper() + claim.short[1:]
        return (*_with_codes(text, mark), Span(" ("), evidence(verdict), Span(f", {verdict.dated})"))
    entries = whole_list(context.market, product.provider)
    if entries:
        dated = max(e.observed_at for e in entries)
        return (Span(f"Not in {product.provider}'s list of GPU types of {dated:%Y-%m-%d}", mark=Mark.NO),)
    return (Span("Not in the store", mark=Mark.LIMITED),)


def _with_codes(text: str, mark: Mark) -> tuple[Span, ...]:
    """Return a statement's few words with its instance types as names, so that they stay in one piece."""
    parts = _INSTANCE_TYPE.split(text)
    spans = [Span(part, code=bool(_INSTANCE_TYPE.fullmatch(part))) for part in parts if part]
    return (replace(spans[0], mark=mark), *spans[1:])


def _speaks_of(aspect: str, product: Product) -> bool:
    """Return whether a statement's column is the product: ``RunPod``, ``SageMaker Inference``, ``EC2``."""
    first = aspect.split(maxsplit=1)[0]
    return any(first in name for name in (*product.services, product.provider))


def generations(context: Context) -> tuple[Block, ...]:
    """Return a summary by GPU generation, newest memory first as the brief lists them."""
    products = _products(context)
    heads = ("Generation", context.brief.serverless.left.label, products[1].label, products[2].label)
    rows = tuple(
        (
            _generation(row, context),
            _serverless(row, context),
            *(_brief_availability(row, product, context) for product in products[1:]),
        )
        for row in reversed(context.brief.gpu)
    )
    return (Table(f"GPU generations as of {context.date}, USD per hour", tuple(Column(h) for h in heads), rows),)


def _generation(row: GpuRow, context: Context) -> Line:
    gpu = context.facts.gpu(row.gpus[0])
    return (Span(row.label, bold=True), Span(f" ({gpu.architecture}, {plain(gpu.memory_gib)} GB)"))


def _serverless(row: GpuRow, context: Context) -> Line:
    figure = serverless_comparison(row, context).left
    if figure.offer is None:
        reason = figure.reason.partition(":")[0]
        return (Span(reason[:1].upper() + reason[1:], mark=Mark.NO),)
    span = amount(figure.offer, context)
    return (Span(span.text, mark=Mark.YES, receipts=span.receipts),)


def _brief_availability(row: GpuRow, product: Product, context: Context) -> Line:
    offer, verdict = _evidence(row, product, context)
    if offer is None:
        stated = _stated(verdict, product, context)
        return stated[: next((n for n, span in enumerate(stated) if span.text == " ("), len(stated))]
    size = Span(_size(offer, verdict, context), mark=_MARKS[offer.gpu_count == 1])
    return join([(size,), (amount(offer, context),)], ", ")
