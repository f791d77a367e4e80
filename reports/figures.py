"""Figures as spans: the amount, what it is the price of, its receipts, and what must be said beside it."""

from __future__ import annotations

from decimal import Decimal

from normalize.compare import Comparison, Figure, Want, find_figure
from normalize.records import CloudType, Offer, PriceBasis, PricingCategory
from normalize.units import plain
from reports.brief import Pairing, Product
from reports.context import Context
from reports.receipts import money, signed_percent
from reports.records import Line, Span

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


def sku_price(offer: Offer) -> Decimal:
    """Return what a buyer pays for one hour of the whole SKU, in USD."""
    return gpu_price(offer) * offer.gpu_count


def gpu_price(offer: Offer) -> Decimal:
    """Return an offer's price per GPU-hour; only offers with a figure are printed."""
    if offer.usd_per_gpu_hour is None:
        message = f"{offer.sku} has no figure: {offer.absence}"
        raise ValueError(message)
    return offer.usd_per_gpu_hour


def amount(offer: Offer, context: Context) -> Span:
    """Return the price of one hour of the whole SKU, with its receipts."""
    return Span(f"{money(sku_price(offer))}/hr", receipts=context.receipts.cite(offer))


def figure_line(figure: Figure, context: Context) -> Line:
    """Return a figure as a table cell, or why there is none."""
    if figure.offer is None:
        return _missing_line(figure, context)
    offer = figure.offer
    remarks = [*_remarks(offer), *_stale(offer, context)]
    tail = [Span(f" ({'; '.join(remarks)})")] if remarks else []
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
    return [*sku, Span(f" ({share}; {money(gpu_price(offer))} {each})")]


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


def _stale(offer: Offer, context: Context) -> list[str]:
    """Return the age of a figure that is older than its source's limit."""
    days = stale_days(offer, context)
    return [f"stale, {days} days old"] if days else []


def stale_days(offer: Offer, context: Context) -> int:
    """Return how many days old a figure is that is past its source's limit; 0 while it is within it."""
    days = (context.market.as_of.date() - offer.observed_at.date()).days
    return days if days > context.status(offer.source).max_age_days else 0


def delta_line(comparison: Comparison, pairing: Pairing) -> Line:
    """Return how far the right price lies above the left one, e.g. ``+37% AWS``."""
    if comparison.delta_percent is None:
        missing = pairing.left if comparison.left.offer is None else pairing.right
        return (Span(f"N/A: no {missing.label} price"),)
    text = f"{signed_percent(comparison.delta_percent)} {pairing.right.provider}"
    if comparison.whole_node:
        return (Span(text, bold=True), Span(f" per GPU; sold {plain(comparison.whole_node)} at a time"))
    return (Span(text, bold=True),)


def source_links(offers: list[Offer | None], context: Context) -> Line:
    """Return the publishers of a row's figures, each with the page of the first of them; the receipts name them all."""
    statuses = [context.status(o.source) for o in offers if o is not None]
    first = {status.publisher: status for status in reversed(statuses)}
    links: list[Line] = [(Span(publisher, url=first[publisher].url),) for publisher in reversed(first)]
    return join(links, ", ") if links else (Span("N/A"),)


def pod_figures(product: Product, gpu: str, context: Context) -> list[Figure]:
    """Return a GPU's prices on each kind of host that has one; else the one answer there is."""
    region = context.brief.region
    by_cloud = [find_figure(context.market, want(product, gpu, region, cloud)) for cloud in CloudType]
    found = [figure for figure in by_cloud if figure.offer]
    return found or [find_figure(context.market, want(product, gpu, region))]
