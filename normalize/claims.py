"""Statements that are not prices, as they stand at a date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from normalize.facts import Claim, LaterVerdict
from normalize.records import Evidence, Finding, PassageState, Severity

EVIDENCE_SOURCE = "claims-evidence"
"""Id of the source that archives the pages of the statements' evidence."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A statement and how it stands at a date.

    Attributes:
        claim: the statement with the evidence of that date.
        status: supported, partly, contradicted or unverifiable at that date.
        dated: when the evidence speaks, in few words: its date, else when it was last read.
        evidence: what the archived page says; None where nobody looked.
    """

    claim: Claim
    status: str
    dated: str
    evidence: Evidence | None = None

    @property
    def holds(self) -> bool:
        """Return whether a report may repeat the statement, with its remark."""
        return self.status in {"supported", "partly"}

    @property
    def for_a_look(self) -> bool:
        """Return whether its page is archived and the words that it rests on do not stand there."""
        return self.evidence is not None and self.evidence.state is PassageState.GONE


def verdicts_at(claims: Iterable[Claim], on: date, evidence: Iterable[Evidence] = ()) -> tuple[Verdict, ...]:
    """Return the statements that speak about a date, in the order of the file.

    A statement that was first seen to hold after that date, or seen to have ended before it, is left out: what was
    true in one report may be false in the next. Where a later verdict is known, the newest of its day counts.

    Args:
        claims: all statements.
        on: the date of the report.
        evidence: what the archived pages say at that date, see `normalize.evidence.look_for`.
    """
    known = {(found.url, found.quote): found for found in evidence}
    standing = (found for claim in claims if (found := claim_at(claim, on)) is not None)
    return tuple(_verdict(claim, known.get((claim.evidence_url, claim.evidence_quote))) for claim in standing)


def claim_at(claim: Claim, on: date) -> Claim | None:
    """Return a statement with its verdict and evidence of a date; None where it does not speak about that date."""
    later = [verdict for verdict in claim.later if verdict.valid_from <= on]
    if later:
        return _judged(claim, later[-1])
    return claim if (claim.holds_from or date.min) <= on <= (claim.holds_until or date.max) else None


def passages(claims: Iterable[Claim]) -> tuple[tuple[str, str], ...]:
    """Return the page and the words on it of every verdict of these statements, each once."""
    found = (judged for claim in claims for judged in (claim, *(_judged(claim, later) for later in claim.later)))
    return tuple(dict.fromkeys((claim.evidence_url, claim.evidence_quote) for claim in found))


def for_a_look(verdicts: Iterable[Verdict]) -> tuple[Finding, ...]:
    """Return a finding for every statement whose words are no longer, or not, on its archived page."""
    return tuple(_finding(verdict, verdict.evidence) for verdict in verdicts if verdict.evidence and verdict.for_a_look)


def _judged(claim: Claim, later: LaterVerdict) -> Claim:
    return replace(
        claim,
        status=later.status,
        short=later.short,
        evidence_url=later.evidence_url,
        evidence_quote=later.evidence_quote,
        seen_on=later.seen_on,
        dating=later.dating,
        checked_on=later.checked_on,
        holds_from=later.valid_from,
        holds_until=None,
        remark=later.remark,
    )


def _verdict(claim: Claim, evidence: Evidence | None) -> Verdict:
    dated = (
        f"of {claim.seen_on}, checked {claim.checked_on}" if claim.seen_on else f"undated, checked {claim.checked_on}"
    )
    return Verdict(claim, claim.status, dated, evidence)


def _finding(verdict: Verdict, evidence: Evidence) -> Finding:
    claim, cited = verdict.claim, evidence.citation
    last = f"it stood there on {cited.retrieved_at:%Y-%m-%d}" if cited else "no archived copy of the page has it"
    return Finding(
        kind="evidence_gone",
        severity=Severity.WARNING,
        source=EVIDENCE_SOURCE,
        where=claim.evidence_url,
        message=(
            f"{claim.id}: looked for {claim.evidence_quote!r} on the page of {evidence.page_at:%Y-%m-%d}, "
            f"found it not; {last}. The verdict of {claim.checked_on} ({claim.status}) is kept: look whether the page "
            "was reworded, moved or is a wall, and write what it says now into claims.toml"
        ),
    )
