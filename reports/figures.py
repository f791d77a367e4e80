"""Figures as spans: the amount, what it is the price of, its receipts, and what must be said beside it."""

from __future__ import annotations

from normalize.compare import Comparison, Figure, Want, find_figure
from normalize.computed import Computed, Quantity, age_days, gpu_count, percent, usd_per_gpu_hour, usd_per_sku_hour
from normalize.records import Change, CloudType, Offer, PriceBasis, PricingCategory
from normalize.units import plain
from reports.brief import Pairing, Product
from reports.context import Context
from reports.receipts import money, signed_percent
from reports.records import Line, Mark, Span

SPOT_BASES = (PriceBasis.REGION_QUOTE, PriceBasis.ZONE_MEAN, PriceBasis.MEAN_OF_QUOTES)
"""The seller's own quote first."""


def want(
    product: Product, gpu: str, region: str, cloud_type: CloudType | None = None, *, sku: str | None = None
) -> Want:
    """Return the question for a product's price of one GPU."""
    bases = SPOT_BASES if product.category is PricingCategory.SPOT else (PriceBasis.LIST,)
    return Want(product.provider, product.services, product.category, gpu, region, bases, cloud_type, sku)


def join(parts: list[Line], separator: str = "; ") -> Line:
    """Return several lines as one."""
    spans: list[Span] = []
    for part in parts:
        spans += [Span(separator)] * bool(spans) + list(part)
    return tuple(spans)


def amount(offer: Offer, context: Context) -> Span:
    """Return the price of one hour of the whole SKU, with its receipts."""
    price = usd_per_sku_hour(offer)
    return Span(f"{money(price.value)}/hr", receipts=context.receipts.cite(offer), figure=price)


def per_gpu(offer: Offer, context: Context) -> Span:
    """Return the price of one GPU for one hour, with its receipts."""
    price = usd_per_gpu_hour(offer)
    return Span(money(price.value), receipts=context.receipts.cite(offer), figure=price)


def before_change(change: Change, context: Context) -> Span:
    """Return the price per GPU-hour that a change started from, with its receipts; a figure where it is known of what.

    An offer that stands for another card now has no earlier one of its name.
    """
    if change.before is None or change.offer is None:
        return Span("none")
    was = context.earlier(change.offer)
    figure = Computed(Quantity.USD_PER_GPU_HOUR, change.before, (was,)) if was else None
    return Span(money(change.before), receipts=context.cite_earlier(change.offer), figure=figure)


def move(change: Change, context: Context, *, mark: Mark = Mark.NONE, bold: bool = False) -> Span:
    """Return how far a price moved, in percent with one decimal, e.g. ``+21.3%``; only of a change that has a size."""
    assert change.percent is not None  # noqa: S101  # asked for of repriced offers only
    assert change.offer is not None  # noqa: S101
    was = context.earlier(change.offer)
    figure = Computed(Quantity.PERCENT_CHANGE, change.percent, (was, change.offer)) if was else None
    return Span(signed_percent(change.percent, places=1), bold=bold, mark=mark, figure=figure)


def figure_line(figure: Figure, context: Context) -> Line:
    """Return a figure as a table cell, or why there is none."""
    if figure.offer is None:
        return _missing_line(figure, context)
    offer = figure.offer
    remarks: list[Line] = [*((Span(remark),) for remark in _remarks(offer)), *_stale(offer, context)]
    tail = [Span(" ("), *join(remarks), Span(")")] if remarks else []
    return (amount(offer, context), *_sku_spans(offer), *tail)


def _missing_line(figure: Figure, context: Context) -> Line:
    """Return why there is no figure; a figure of another region is named as such."""
    spans = [Span(f"N/A: {figure.reason}")]
    if figure.elsewhere:
        other = figure.elsewhere[0]
        spans += [
            Span(f" ({other.region}: "),
            amount(other, context),
            Span(" "),
            Span(other.sku, code=True),
            Span(")"),
        ]
    return tuple(spans)


def _sku_spans(offer: Offer) -> list[Span]:
    """Return the SKU, and the price of one GPU where the SKU is not one GPU."""
    if offer.provider != "AWS":
        return []
    sku = [Span(" "), Span(offer.sku, code=True)]
    if offer.gpu_count == 1:
        return sku
    share = f"{plain(offer.gpu_count)}×" if offer.gpu_count > 1 else f"{plain(offer.gpu_count)} of a GPU"
    each = "per GPU" if offer.gpu_count > 1 else "per full GPU"
    price = usd_per_gpu_hour(offer)
    parts: list[Line] = [
        (Span(share, figure=gpu_count(offer)),),
        (Span(money(price.value), figure=price), Span(f" {each}")),
    ]
    return [*sku, Span(" ("), *join(parts), Span(")")]


def _remarks(offer: Offer) -> list[str]:
    remarks = []
    if offer.gpu_pool:
        remarks.append(f"pool “{offer.sku}”, exact card not guaranteed")
    if offer.provider == "RunPod" and offer.service == "Pods":
        remarks.append(offer.cloud_type or "cloud type not stated")
    if offer.provider == "AWS" and offer.region is None:
        remarks.append("region not stated")
    if offer.price_basis is PriceBasis.ZONE_MEAN:
        remarks.append("mean over zones")
    return remarks


def _stale(offer: Offer, context: Context) -> list[Line]:
    """Return the age of a figure that is older than its source's limit."""
    return [(Span("stale, "), *days_old([offer], context))] if stale_days(offer, context) else []


def days_old(offers: list[Offer], context: Context) -> Line:
    """Return how old the oldest of some figures is, in words."""
    age = age_days(tuple(offers), context.market.as_of)
    return (Span(plain(age.value), figure=age), Span(" days old"))


def stale_days(offer: Offer, context: Context) -> int:
    """Return how many days old a figure is that is past its source's limit; 0 while it is within it."""
    days = (context.market.as_of.date() - offer.observed_at.date()).days
    return days if days > context.status(offer.source).max_age_days else 0


def delta_line(comparison: Comparison, pairing: Pairing) -> Line:
    """Return how far the right price lies above the left one, e.g. ``+37% AWS``."""
    left, right = comparison.left.offer, comparison.right.offer
    if left is None or right is None or comparison.delta_percent is None:
        missing = pairing.left if left is None else pairing.right
        return (Span(f"N/A: no {missing.label} price"),)
    delta = percent_span(left, right, f" {pairing.right.provider}")
    return (delta, Span(" per GPU; "), *whole_node(right)) if comparison.whole_node else (delta,)


def percent_span(left: Offer, right: Offer, words: str) -> Span:
    """Return how far the right price per GPU-hour lies above the left one, e.g. ``+37%``, and what is said of it."""
    delta = percent(left, right)
    return Span(f"{signed_percent(delta.value)}{words}", bold=True, figure=delta)


def whole_node(offer: Offer) -> Line:
    """Return that an offer is of so many GPUs at once: ``sold 8 at a time``."""
    return (Span("sold "), Span(plain(offer.gpu_count), figure=gpu_count(offer)), Span(" at a time"))


def source_links(offers: list[Offer | None], context: Context) -> Line:
    """Return the publishers of a row's figures, and how many sources print them; the receipts name every one.

    Each publisher links to the page of the first of its figures.
    """
    by_publisher: dict[str, list[Offer]] = {}
    for offer in offers:
        if offer is not None:
            by_publisher.setdefault(context.status(offer.source).publisher, []).append(offer)
    links: list[Line] = [
        (Span(publisher, url=context.status(mine[0].source).url), Span(f" ({_sources(mine, context)})"))
        for publisher, mine in by_publisher.items()
    ]
    return join(links, ", ") if links else (Span("N/A"),)


def _sources(offers: list[Offer], context: Context) -> str:
    """Return how many sources print each of these figures: ``1 source``, ``2 sources``, ``1 to 3 sources``."""
    counts = sorted({context.receipts.sources(offer) for offer in offers})
    number = " to ".join(str(count) for count in dict.fromkeys((counts[0], counts[-1])))
    return f"{number} source{'s' if counts[-1] > 1 else ''}"


def pod_figures(product: Product, gpu: str, context: Context) -> list[Figure]:
    """Return a GPU's prices on each kind of host that has one; else the one answer there is."""
    region = context.brief.region
    by_cloud = [find_figure(context.market, want(product, gpu, region, cloud)) for cloud in CloudType]
    found = [figure for figure in by_cloud if figure.offer]
    return found or [find_figure(context.market, want(product, gpu, region))]
