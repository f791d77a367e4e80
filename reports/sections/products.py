"""The sections that rest on statements: mapping, eliminated products, scale to zero, cold start architecture."""

from __future__ import annotations

from normalize.claims import Verdict
from reports.context import Context
from reports.figures import join
from reports.records import Block, Bullets, Column, Heading, Line, Paragraph, Span, Table
from reports.statements import evidence, in_section, rejected, short, sourced, statement


def product_mapping(context: Context) -> tuple[Block, ...]:
    """Return which products are set side by side, and what the evidence says about each pair."""
    serverless, always_on = context.brief.serverless, context.brief.always_on
    pairs = (
        (Span(serverless.left.label, bold=True), Span(" ↔ "), Span(serverless.right.label, bold=True)),
        (Span(always_on.left.label, bold=True), Span(" ↔ "), Span(always_on.right.label, bold=True)),
    )
    verdicts = in_section(context, "product_mapping")
    items = tuple(statement(v, context, lead=v.claim.subject) for v in verdicts if v.holds)
    eliminated = dict.fromkeys(v.claim.subject for v in in_section(context, "eliminated_products") if v.holds)
    out = (Span("Eliminated from the comparison: ", bold=True), Span(", ".join(eliminated)))
    return (Bullets((*pairs, *((out,) if eliminated else ()))), Bullets(items), *rejected(verdicts, context))


def eliminated_products(context: Context) -> tuple[Block, ...]:
    """Return the products that are left out, why, and what stands behind each reason."""
    verdicts = in_section(context, "eliminated_products")
    holding = [v for v in verdicts if v.holds]
    rows = tuple(
        ((Span(v.claim.subject, bold=True),), short(v), sourced(v, context))
        for v in {v.claim.subject: v for v in reversed(holding)}.values()
    )[::-1]
    columns = (Column("Product"), Column("Reason for elimination"), Column("Source"))
    return (
        Table(f"Products left out, as of {context.date}", columns, rows),
        Bullets(tuple(statement(v, context, lead=v.claim.subject) for v in holding)),
        *rejected(verdicts, context),
    )


def scale_to_zero(context: Context) -> tuple[Block, ...]:
    """Return both products' behaviour at zero, aspect by aspect, and the breakdown of a cold start."""
    verdicts = in_section(context, "scale_to_zero")
    holding = [v for v in verdicts if v.holds]
    subjects = list(dict.fromkeys(v.claim.subject for v in holding))
    aspects = dict.fromkeys(v.claim.aspect for v in holding)
    rows = tuple(
        (
            (Span(aspect, bold=True),),
            *(_aspect(holding, subject, aspect) for subject in subjects),
            _sources(holding, aspect, context),
        )
        for aspect in aspects
    )
    columns = tuple(Column(head) for head in ("Aspect", *subjects, "Source"))
    remarks = tuple(statement(v, context, lead=v.claim.subject) for v in holding)
    return (
        Table(f"Scaling to zero, as of {context.date}", columns, rows),
        Heading("What stands behind these entries"),
        Bullets(remarks),
        *_breakdown(context),
        *rejected(verdicts, context),
    )


def _aspect(verdicts: list[Verdict], subject: str, aspect: str) -> Line:
    found = [v for v in verdicts if (v.claim.subject, v.claim.aspect) == (subject, aspect)]
    return short(found[0]) if found else (Span("N/A: no evidence"),)


def _sources(verdicts: list[Verdict], aspect: str, context: Context) -> Line:
    spans: list[Span] = []
    for verdict in {v.claim.evidence_url: v for v in verdicts if v.claim.aspect == aspect}.values():
        spans += [Span(", ")] * bool(spans) + [evidence(verdict, context)]
    return tuple(spans)


def _breakdown(context: Context) -> tuple[Block, ...]:
    """Return the steps of a cold start; measurements that nobody could read again are named as such, once."""
    verdicts = in_section(context, "cold_start_breakdown")
    if not verdicts:
        return ()
    steps = tuple((Span(f"{v.claim.aspect}: {v.claim.short}", bold=v.claim.aspect == "Total"),) for v in verdicts)
    sources = {v.claim.evidence_url: v for v in verdicts}.values()
    status = "supported" if all(v.holds for v in verdicts) else "not verifiable: the page could not be read again"
    links = join([sourced(v, context) for v in sources])
    note = Paragraph((Span(f"As an earlier comparison gives it, {status} ("), *links, Span(").")))
    return (Heading(f"Cold start breakdown ({verdicts[0].claim.subject})"), note, Bullets(steps))


def cold_start_architecture(context: Context) -> tuple[Block, ...]:
    """Return how each product comes back from zero."""
    verdicts = in_section(context, "cold_start_architecture")
    blocks: list[Block] = []
    for subject in dict.fromkeys(v.claim.subject for v in verdicts if v.holds):
        mine = [v for v in verdicts if v.claim.subject == subject and v.holds]
        blocks += [
            Heading(subject),
            Bullets(tuple(statement(v, context, lead=v.claim.aspect) for v in mine), ordered=True),
        ]
    return (*blocks, *rejected(verdicts, context))
