"""Statements that are not prices as spans: what holds, with its evidence, and what does not hold.

A statement whose words stand on an archived page has a numbered receipt like any figure. Where no page is archived,
its host and the date of the verdict stand there alone, and say so.
"""

from __future__ import annotations

from collections.abc import Iterable

from normalize.claims import Verdict
from normalize.records import PassageState
from reports.context import Context
from reports.records import Block, Bullets, Heading, Line, Mark, Span

_STATUS_WORDS = {
    "supported": "supported",
    "partly": "partly supported",
    "contradicted": "contradicted",
    "unverifiable": "not verifiable",
}
_STATE_WORDS = {
    PassageState.NOT_ARCHIVED: ", page not archived",
    PassageState.NOT_QUOTED: ", no words quoted",
}


def in_section(context: Context, section: str) -> list[Verdict]:
    """Return a section's verdicts, in the order of the facts file."""
    return [v for v in context.verdicts if v.claim.section == section]


def evidence(verdict: Verdict, context: Context) -> Span:
    """Return the link to a statement's evidence, with the receipt of its words on the archived page of the day."""
    receipts = () if verdict.for_a_look else _receipts(verdict, context)
    return Span(_host(verdict.claim.evidence_url), url=verdict.claim.evidence_url, receipts=receipts)


def sourced(verdict: Verdict, context: Context) -> Line:
    """Return a statement's evidence, when its verdict was given, and what became of its words since."""
    return (evidence(verdict, context), Span(f", {verdict.dated}"), *_since(verdict, context))


def _receipts(verdict: Verdict, context: Context) -> tuple[int, ...]:
    found = verdict.evidence
    if found is None or found.citation is None:
        return ()
    return context.receipts.cite_statement(found.citation, verdict.claim.statement, found.date_precision)


def _since(verdict: Verdict, context: Context) -> Line:
    """Return what must be said of a page that is not archived, names no words, or has them no longer."""
    found = verdict.evidence
    if found is None or found.state is PassageState.FOUND:
        return ()
    if found.state is not PassageState.GONE:
        return (Span(_STATE_WORDS[found.state]),)
    spans = (Span("; "), Span("for a look", bold=True), Span(f": not on the page of {found.page_at:%Y-%m-%d}"))
    if found.citation is None:
        return spans
    last = f"{found.citation.retrieved_at:%Y-%m-%d}"
    return (*spans, Span(", last on that of "), Span(last, receipts=_receipts(verdict, context)))


def _host(url: str) -> str:
    return url.split("/")[2].removeprefix("www.")


def statement(verdict: Verdict, context: Context, *, lead: str = "") -> Line:
    """Return a statement as one line: lead, statement, remark, evidence with its date."""
    claim = verdict.claim
    spans = [Span(f"{lead}: ", bold=True)] if lead else []
    spans.append(Span(claim.statement))
    if verdict.status == "partly":
        spans.append(Span(" Partly supported:"))
    if claim.remark:
        spans.append(Span(f" {claim.remark}"))
    return (*spans, Span(" ("), *sourced(verdict, context), Span(")"))


def short(verdict: Verdict) -> Line:
    """Return a statement in a table cell's few words."""
    mark = Mark.LIMITED if verdict.status == "partly" else Mark.NONE
    return (Span(verdict.claim.short or verdict.claim.statement, mark=mark),)


def rejected(verdicts: Iterable[Verdict], context: Context) -> tuple[Block, ...]:
    """Return the statements that other documents make and that the evidence does not bear out."""
    items = tuple(_rejection(v, context) for v in verdicts if not v.holds)
    return (Heading("Said elsewhere, not repeated here"), Bullets(items)) if items else ()


def _rejection(verdict: Verdict, context: Context) -> Line:
    claim = verdict.claim
    mark = Mark.NO if verdict.status == "contradicted" else Mark.LIMITED
    tail = f" {claim.remark}" if claim.remark else ""
    return (
        Span(f"{_STATUS_WORDS[verdict.status].capitalize()}: ", bold=True, mark=mark),
        Span(f"“{claim.statement}”{tail} ("),
        *sourced(verdict, context),
        Span(")"),
    )
