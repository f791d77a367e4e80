"""From a brief and two markets to a report's records: a pure function, the same inputs give the same report."""

from __future__ import annotations

from normalize.claims import verdicts_at
from normalize.corroborate import corroborate, find_conflicts
from normalize.diff import diff_markets, offers_before
from normalize.facts import Facts
from normalize.records import Market
from reports.brief import Brief
from reports.context import Builder, Context
from reports.receipts import ReceiptBook
from reports.records import Report, Section
from reports.sections.availability import generations, single_gpu
from reports.sections.changes import changes
from reports.sections.prices import always_on_pricing, serverless_pricing
from reports.sections.products import (
    cold_start_architecture,
    eliminated_products,
    product_mapping,
    scale_to_zero,
)
from reports.sections.quality import data_quality, references
from reports.sections.summary import answer, executive_summary
from scrapers.errors import FactsError
from scrapers.records import Obtained

SECTIONS: dict[str, tuple[str, Builder]] = {
    "executive_summary": ("Executive Summary", executive_summary),
    "product_mapping": ("Product Category Mapping", product_mapping),
    "eliminated_products": ("AWS Products Eliminated from Comparison", eliminated_products),
    "scale_to_zero": ("Scale-to-Zero Comparison", scale_to_zero),
    "single_gpu": ("Single-GPU Availability", single_gpu),
    "serverless_pricing": ("Serverless Pricing Comparison (Scale-to-Zero)", serverless_pricing),
    "always_on_pricing": ("Always-On Pricing Comparison (Pod vs EC2)", always_on_pricing),
    "cold_start_architecture": ("Cold Start Architecture", cold_start_architecture),
    "generations": ("GPU Generation Availability Summary", generations),
    "references": ("Source References", references),
    "changes": ("What Changed Since the Last Report", changes),
    "data_quality": ("Data Quality", data_quality),
}
"""A brief's names of sections: title and builder."""


def build_report(brief: Brief, market: Market, previous: Market | None, facts: Facts, *, generator: str) -> Report:
    """Return the report of a market.

    Args:
        brief: what is asked.
        market: what is known at the report's date.
        previous: the market of the report before; None for a first report.
        facts: the hand-kept facts.
        generator: name and version of the program.

    Raises:
        FactsError: the brief names a section that there is not.
    """
    titles = {s.source: s.title for s in market.sources}
    corroborations = corroborate(market.legible)
    context = Context(
        brief=brief,
        market=market,
        previous=previous,
        before=offers_before(previous) if previous else {},
        changes=diff_markets(previous, market) if previous else (),
        verdicts=verdicts_at(facts.claims, market.as_of.date(), market.evidence),
        conflicts=find_conflicts(market),
        corroborations=tuple(corroborations.values()),
        facts=facts,
        receipts=ReceiptBook(titles, market.as_of, corroborations),
    )
    sections = tuple(_section(n, name, context) for n, name in enumerate(brief.sections, start=1))
    answered = answer(context)
    return Report(
        title=brief.title,
        client=brief.client,
        client_link=brief.client_link,
        publish=brief.publish,
        language=brief.language,
        author=brief.author,
        date=context.date,
        data_as_of=f"{context.date} (snapshot {market.stamp})",
        answer="".join(span.text for span in answered),
        notices=tuple(_notices(context)),
        sections=sections,
        receipts=context.receipts.receipts(),
        related_issue=brief.related_issue,
        generator=generator,
        brief=brief.name,
        as_of=f"{market.as_of:%Y-%m-%dT%H:%M:%SZ}",
        answer_line=answered,
    )


def _section(number: int, name: str, context: Context) -> Section:
    if name not in SECTIONS:
        message = f"{context.brief.name}.toml: sections: unknown section {name!r}; there are: {', '.join(SECTIONS)}"
        raise FactsError(message)
    title, build = SECTIONS[name]
    return Section(number, name.replace("_", "-"), title, build(context))


def _notices(context: Context) -> list[str]:
    """Return what must stand on the first page."""
    used = context.market.priced
    notices = []
    if any(o.obtained is Obtained.RECONSTRUCTED for o in used):
        notices.append(
            "Example data: the bodies behind these figures are reconstructed in each source's format from dated public "
            "figures; every receipt names the date. Do not take a decision on them."
        )
    priced = [s for s in context.sources if s.publishes_prices]
    if stale := [s.title for s in priced if s.stale]:
        notices.append(f"Stale: the figures of {', '.join(stale)} are older than their limit; their age is printed.")
    if missing := [s.title for s in priced if s.observed_at is None]:
        notices.append(f"Without any figure at this date: {', '.join(missing)}.")
    return notices
