"""Statements that are not prices, as they stand at a date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from normalize.facts import Claim


@dataclass(frozen=True, slots=True)
class Verdict:
    """A statement and how it stands at a date.

    Attributes:
        claim: the statement with its evidence.
        status: supported, partly, contradicted or unverifiable at that date.
        dated: when the evidence speaks, in few words: its date, else when it was last read.
    """

    claim: Claim
    status: str
    dated: str

    @property
    def holds(self) -> bool:
        """Return whether a report may repeat the statement, with its remark."""
        return self.status in {"supported", "partly"}


def verdicts_at(claims: Iterable[Claim], on: date) -> tuple[Verdict, ...]:
    """Return the statements that speak about a date, in the order of the file.

    A statement that was first seen to hold after that date, or seen to have ended before it, is left out: what was
    true in one report may be false in the next.

    Args:
        claims: all statements.
        on: the date of the report.
    """
    return tuple(_verdict(claim) for claim in claims if _speaks_about(claim, on))


def _speaks_about(claim: Claim, on: date) -> bool:
    return (claim.holds_from or date.min) <= on <= (claim.holds_until or date.max)


def _verdict(claim: Claim) -> Verdict:
    dated = (
        f"of {claim.seen_on}, checked {claim.checked_on}" if claim.seen_on else f"undated, checked {claim.checked_on}"
    )
    return Verdict(claim, claim.status, dated)
