"""Who sells which GPU, and whether a single one can be had: read from the offers, not typed in."""

from __future__ import annotations

from decimal import Decimal

from normalize.records import Market, Offer
from normalize.units import plain
from reports.brief import GpuRow, Product
from reports.context import Context
from reports.figures import amount, join
from reports.records import Block, Column, Line, Mark, Paragraph, Span, Table
from reports.sections.prices import serverless_comparison
from reports.statements import evidence, in_section

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
    offers = _offers(context.market, row, product)
    if offers:
        best = min(offers, key=lambda o: (o.gpu_count < 1, o.gpu_count, o.usd_per_gpu_hour or Decimal(0)))
        return _sold(best, context)
    entries = [e for e in context.market.catalogue if e.gpu in row.gpus and e.provider == product.provider]
    if entries:
        receipts = context.receipts.cite_statement(
            entries[0].citation, f"{product.provider} lists the {entries[0].sku}", entries[0].date_precision
        )
        return (Span("Listed", mark=Mark.YES, receipts=receipts), Span("; no dated price in the store"))
    return _stated(row, product, context)


def _offers(market: Market, row: GpuRow, product: Product) -> list[Offer]:
    return [
        o
        for o in market.priced
        if o.gpu in row.gpus
        and (o.provider, o.pricing_category) == (product.provider, product.category)
        and o.service in product.services
    ]


def _sold(offer: Offer, context: Context) -> Line:
    size = "Single" if offer.gpu_count == 1 else f"{plain(offer.gpu_count)}× only"
    sku = (Span(": "), Span(offer.sku, code=True)) if offer.provider == "AWS" else ()
    where = (Span(f" ({offer.region})"),) if offer.region not in {None, context.brief.region} else ()
    mark = Span(size, mark=_MARKS[offer.gpu_count == 1], receipts=context.receipts.cite(offer))
    return (mark, *sku, *where)


def _stated(row: GpuRow, product: Product, context: Context) -> Line:
    """Return what a dated statement says where the store holds no price and no list."""
    for verdict in in_section(context, "single_gpu"):
        claim = verdict.claim
        if verdict.holds and set(claim.gpus) & set(row.gpus) and _speaks_of(claim.aspect, product):
            mark = Mark.YES if claim.short.startswith("single") else Mark.LIMITED
            mark = Mark.NO if claim.short.startswith("not") else mark
            text = claim.short[:1].upper() + claim.short[1:]
            return (Span(text, mark=mark), Span(" ("), evidence(verdict), Span(f", {verdict.dated})"))
    listed = [e for e in context.market.catalogue if e.provider == product.provider]
    if listed:
        dated = max(e.observed_at for e in listed)
        return (Span(f"Not in {product.provider}'s list of GPU types of {dated:%Y-%m-%d}", mark=Mark.NO),)
    return (Span("Not in the store", mark=Mark.LIMITED),)


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
    offers = _offers(context.market, row, product)
    if not offers:
        return _stated(row, product, context)[:1]
    counts = sorted({o.gpu_count for o in offers})
    single = Decimal(1) in counts
    text = "Single" if single else f"{plain(counts[0])}× only"
    best = min(offers, key=lambda o: (o.gpu_count < 1, o.gpu_count, o.usd_per_gpu_hour or Decimal(0)))
    return join([(Span(text, mark=_MARKS[single]),), (amount(best, context),)], ", ")
