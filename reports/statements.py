"""Statements that are not prices as spans: what holds, with its evidence, and what does not hold."""

from __future__ import annotations

from collections.abc import Iterable

from normalize.claims import Verdict
from reports.context import Context
from reports.records import Block, Bullets, Heading, Line, Mark, Span

_STATUS_WORDS = {
    "supported": "supported",
    "partly": "partly supported",
    "contradicted": "contradicted",
    "unverifiable": "not verifiable",
}


def in_section(context: Context, section: str) -> list[Verdict]:
    """Return a section's verdicts, in the order of the facts file."""
    return [v for v in context.verdicts if v.claim.section == section]


def evidence(verdict: Verdict) -> Span:
    """Return the link to a statement's evidence."""
    return Span(_host(verdict.claim.evidence_url), url=verdict.claim.evidence_url)


def _host(url: str) -> str:
    return url.split("/")[2].removeprefix("www.")


def statement(verdict: Verdict, *, lead: str = "") -> Line:
    """Return a statement as one line: lead, statement, remark, evidence with its date."""
    claim = verdict.claim
    spans = [Span(f"{lead}: ", bold=True)] if lead else []
    spans.append(Span(claim.statement))
    if verdict.status == "partly":
        spans.append(Span(" Partly supported:"))
    if claim.remark:
        spans.append(Span(f" {claim.remark}"))
    return (*spans, Span(" ("), evidence(verdict), Span(f", {verdict.dated})"))


def short(verdict: Verdict) -> Line:
    """Return a statement in a table cell's few words."""
    mark = Mark.LIMITED if verdict.status == "partly" else Mark.NONE
    return (Span(verdict.claim.short or verdict.claim.statement, mark=mark),)


def rejected(verdicts: Iterable[Verdict]) -> tuple[Block, ...]:
    """Return the statements that other documents make and that the evidence does not bear out."""
    items = tuple(_rejection(v) for v in verdicts if not v.holds)
    return (Heading("Said elsewhere, not repeated here"), Bullets(items)) if items else ()


def _rejection(verdict: Verdict) -> Line:
    claim = verdict.claim
    mark = Mark.NO if verdict.status == "contradicted" else Mark.LIMITED
    tail = f" {claim.remark}" if claim.remark else ""
    return (
        Span(f"{_STATUS_WORDS[verdict.status].capitalize()}: ", bold=True, mark=mark),
        Span(f"“{claim.statement}”{tail} ("),
        evidence(verdict),
        Span(f", {verdict.dated})"),
    )
