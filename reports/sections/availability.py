"""Who sells which GPU, and whether a single one can be had: read from the offers, not typed in."""

from __future__ import annotations

import re
from dataclasses import replace

from normalize.availability import Availability, Supply, find_availability
from normalize.claims import Verdict
from normalize.computed import gpu_count
from normalize.records import Offer
from normalize.units import plain
from reports.brief import GpuRow, Product
from reports.context import Context
from reports.figures import amount, join
from reports.records import Block, Column, Line, Mark, Paragraph, Span, Table
from reports.sections.prices import serverless_comparison
from reports.statements import in_section, sourced

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
    found, verdict = _known(row, product, context)
    if found.offer is not None and verdict is None:
        return _sold(found.offer, found, context)
    if found.supply is Supply.LISTED and found.entry is not None:
        subject = f"{product.provider} lists the {found.entry.sku}"
        receipts = context.receipts.cite_statement(found.entry.citation, subject, found.entry.date_precision)
        return (Span("Listed", mark=Mark.YES, receipts=receipts), Span("; no dated price in the store"))
    return _stated(verdict, context) if verdict is not None else _unknown(row, product, found, context)


def _known(row: GpuRow, product: Product, context: Context) -> tuple[Availability, Verdict | None]:
    """Return what prices and lists say, and the statement that stands in where they leave it open."""
    found = find_availability(
        context.market,
        context.facts,
        product.provider,
        product.services,
        category=product.category,
        gpus=row.gpus,
    )
    verdict = _verdict(row, product, context)
    if verdict is None or found.supply is Supply.LISTED:
        return found, None
    # An excerpt may have left out the single GPU that a statement knows.
    hidden = not found.certain and verdict.claim.short.startswith(_SINGLE)
    return found, verdict if found.offer is None or hidden else None


def _verdict(row: GpuRow, product: Product, context: Context) -> Verdict | None:
    """Return the statement that holds of a row's GPU and a product, if there is one."""
    return next(
        (
            v
            for v in in_section(context, "single_gpu")
            if v.holds and v.claim.short and set(v.claim.gpus) & set(row.gpus) and _speaks_of(v.claim.aspect, product)
        ),
        None,
    )


def _sold(offer: Offer, found: Availability, context: Context) -> Line:
    sku = (Span(": "), Span(offer.sku, code=True)) if offer.provider == "AWS" else ()
    where = (Span(f" ({offer.region})"),) if offer.region not in {None, context.brief.region} else ()
    return (replace(_size_span(offer, found), receipts=context.receipts.cite(offer)), *sku, *where)


def _size_span(offer: Offer, found: Availability) -> Span:
    """Return how many GPUs one must take; the word "Single" is no number to compute again."""
    figure = None if offer.gpu_count == 1 else gpu_count(offer)
    return Span(_size(offer, found), mark=_MARKS[offer.gpu_count == 1], figure=figure)


def _size(offer: Offer, found: Availability) -> str:
    """Return how many GPUs one must take; "only" where no smaller size can have been left out."""
    if offer.gpu_count == 1:
        return "Single"
    return f"{plain(offer.gpu_count)}× only" if found.certain else f"{plain(offer.gpu_count)}× (in an excerpt)"


def _stated(verdict: Verdict, context: Context) -> Line:
    """Return what a dated statement says where the store holds no price and no list."""
    return (*_words(verdict), Span(" ("), *sourced(verdict, context), Span(")"))


def _words(verdict: Verdict) -> Line:
    short = verdict.claim.short
    mark = Mark.YES if short.startswith(_SINGLE) else Mark.LIMITED
    return _with_codes(short[:1].upper() + short[1:], mark)


def _unknown(row: GpuRow, product: Product, found: Availability, context: Context) -> Line:
    """Return what the silence of a seller's whole list says, or that nothing is known."""
    entry = found.entry
    if entry is None:
        return (Span("Not in the store", mark=Mark.LIMITED),)
    subject = f"{product.provider}'s list of GPU types, in which no {row.label} stands"
    receipts = context.receipts.cite_statement(entry.citation, subject, entry.date_precision)
    text = f"Not in {product.provider}'s list of GPU types of {entry.observed_at:%Y-%m-%d}"
    return (Span(text, mark=Mark.NO, receipts=receipts),)


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
    return (replace(amount(figure.offer, context), mark=Mark.YES),)


def _brief_availability(row: GpuRow, product: Product, context: Context) -> Line:
    found, verdict = _known(row, product, context)
    if verdict is not None:
        return _words(verdict)
    if found.offer is None:
        return _availability(row, product, context)
    return join([(_size_span(found.offer, found),), (amount(found.offer, context),)], ", ")
