"""Serverless and always-on prices, side by side."""

from __future__ import annotations

from normalize.compare import Comparison, Figure, compare, find_figure
from normalize.records import PricingCategory
from normalize.units import plain
from reports.brief import GpuRow
from reports.context import Context
from reports.figures import delta_line, figure_line, join, pod_figures, source_links, want
from reports.records import Block, Column, Line, Paragraph, Span, Table

_ACTIVE_REMARK = (
    "RunPod's serverless prices here are Flex workers, which scale to zero. Active workers run always at a lower "
    "serverless rate; that rate is no Pod price and stands nowhere in this report as one."
)
_DELTA_BASIS = (
    "The delta compares EC2 on-demand with RunPod's secure price where there is one, else with the price that is "
    "shown. Spot prices move by the hour and can be withdrawn at short notice: they are shown, not compared."
)


def serverless_comparison(row: GpuRow, context: Context) -> Comparison:
    """Return the serverless comparison of a row: of the first card that both sides price, else of its first."""
    pairing, region = context.brief.serverless, context.brief.region
    found = [
        compare(context.market, want(pairing.left, gpu, region), want(pairing.right, gpu, region)) for gpu in row.gpus
    ]
    return max(found, key=lambda c: (c.delta_percent is not None, c.left.offer is not None))


def serverless_pricing(context: Context) -> tuple[Block, ...]:
    """Return the prices of products that scale to zero."""
    pairing = context.brief.serverless
    heads = ("GPU", "Memory", pairing.left.label, pairing.right.label, "Delta", "Source")
    caption = f"USD per hour, list prices without commitment, {context.brief.region} for AWS, as of {context.date}"
    table = Table(caption, columns(heads), tuple(_serverless_cells(row, context) for row in context.brief.gpu))
    formula = (
        f"Delta = ({pairing.right.provider} − {pairing.left.provider}) ÷ {pairing.left.provider}, of the prices per "
        "GPU-hour. Where one side sells whole nodes only, the size of the node stands beside it."
    )
    return (table, Paragraph((Span(formula),)), Paragraph(_active_remark(context)))


def _active_remark(context: Context) -> Line:
    """Return what Active workers are, and where their price has been withdrawn, since when and who says so."""
    remark = Span(_ACTIVE_REMARK)
    active = [o for o in context.market.offers if o.pricing_category is PricingCategory.ACTIVE]
    withdrawn = [o for o in active if o.usd_per_gpu_hour is None and o.absence.startswith("withdrawn")]
    if not withdrawn or len(withdrawn) < len(active):
        return (remark,)
    receipts = context.receipts.cite(withdrawn[0])
    return (remark, Span(f" No price of theirs is public: {withdrawn[0].absence}.", receipts=receipts))


def _serverless_cells(row: GpuRow, context: Context) -> tuple[Line, ...]:
    comparison = serverless_comparison(row, context)
    return (
        (Span(row.label, bold=True),),
        (Span(f"{plain(context.facts.gpu(comparison.gpu).memory_gib)} GB"),),
        figure_line(comparison.left, context),
        figure_line(comparison.right, context),
        delta_line(comparison, context.brief.serverless),
        source_links([comparison.left.offer, comparison.right.offer], context),
    )


def columns(heads: tuple[str, ...]) -> tuple[Column, ...]:
    """Return columns of text; figures carry words beside them and read better flush left."""
    return tuple(Column(head) for head in heads)


def always_on_comparison(gpu: str, context: Context) -> tuple[list[Figure], Comparison]:
    """Return a card's pod prices, and the comparison of the first of them with EC2."""
    pairing, region = context.brief.always_on, context.brief.region
    pods = pod_figures(pairing.left, gpu, context)
    cloud = pods[0].offer.cloud_type if pods[0].offer else None
    question = want(pairing.left, gpu, region, cloud)
    return pods, compare(context.market, question, want(pairing.right, gpu, region))


def always_on_pricing(context: Context) -> tuple[Block, ...]:
    """Return the prices of products that are billed while they exist."""
    pairing = context.brief.always_on
    heads = ("GPU", "Memory", pairing.left.label, pairing.right.label, pairing.spot.label, "Delta", "Source")
    caption = f"USD per hour, {context.brief.region} for AWS, as of {context.date}"
    rows = tuple(_always_on_cells(row, gpu, context) for row in context.brief.gpu for gpu in cards(row, context))
    return (Table(caption, columns(heads), rows), Paragraph((Span(_DELTA_BASIS),)))


def cards(row: GpuRow, context: Context) -> list[str]:
    """Return the cards of a row that one of the always-on products prices; at least the row's first."""
    pairing = context.brief.always_on
    services = {*pairing.left.services, *pairing.right.services}
    priced = {o.gpu for o in context.market.priced if o.service in services}
    return [gpu for gpu in row.gpus if gpu in priced] or [row.gpus[0]]


def card_label(row: GpuRow, gpu: str, context: Context) -> str:
    """Return the row's label, with the form factor where the row stands for several cards."""
    form = context.facts.gpu(gpu).form_factor if len(row.gpus) > 1 else ""
    return f"{row.label} {form}".strip()


def _spot(gpu: str, comparison: Comparison, context: Context) -> Figure:
    """Return the spot price of the SKU whose on-demand price stands beside it, else of any SKU with the GPU."""
    product, region = context.brief.always_on.spot, context.brief.region
    sku = comparison.right.offer.sku if comparison.right.offer else None
    same = find_figure(context.market, want(product, gpu, region, sku=sku))
    return same if same.offer else find_figure(context.market, want(product, gpu, region))


def _always_on_cells(row: GpuRow, gpu: str, context: Context) -> tuple[Line, ...]:
    pairing = context.brief.always_on
    pods, comparison = always_on_comparison(gpu, context)
    spot = _spot(gpu, comparison, context)
    offers = [*(figure.offer for figure in pods), comparison.right.offer, spot.offer]
    return (
        (Span(card_label(row, gpu, context), bold=True),),
        (Span(f"{plain(context.facts.gpu(gpu).memory_gib)} GB"),),
        join([figure_line(figure, context) for figure in pods]),
        figure_line(comparison.right, context),
        figure_line(spot, context),
        delta_line(comparison, pairing),
        source_links(offers, context),
    )
