"""The words by which a document's statement is recognised as one that the facts speak about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from normalize.audit.words import providers
from normalize.claims import Verdict as ClaimAtDate
from normalize.facts import Claim, ClaimStatus
from normalize.facts_rows import Row, check_unique, read_rows
from scrapers.errors import FactsError

CLAIM_WORDS_FILE = "claim_words.toml"
_NEGATION = re.compile(
    r"\b(?:no|not|never|lacks?|lacking|cannot|unsupported|unavailable|none|nor)\b|\bwithout\b(?! \w+ing\b)"
    r"|n['’]t\b|cpu[- ]only|❌|✗",  # noqa: RUF001  # the apostrophe of books
    re.IGNORECASE,
)
_BEFORE, _AFTER = 32, 24
"""Characters around what a statement is about in which a negation denies it: "does not currently offer H100"."""
_HEDGED = re.compile(r"\?|\b(?:if|would|could|might|whether|unless|wish|planned|roadmap|previously)\b", re.IGNORECASE)
_SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class ClaimWords:
    """One way to recognise a statement; keys as in ``data/facts/claim_words.toml``.

    Attributes:
        id: of the row.
        claim: id of the claim.
        subject: patterns for the statement with what stands above it.
        words: patterns for the statement alone.
        denies: whether it must be a negation; None for either.
        several_sellers: whether it may name several sellers.
        verdict: what the claim makes of such a statement.
        status: of the claim's first verdict, which this row was written for; it says nothing once a later one counts.
    """

    id: str
    claim: str
    subject: tuple[re.Pattern[str], ...]
    words: tuple[re.Pattern[str], ...]
    denies: bool | None
    several_sellers: bool
    verdict: ClaimStatus
    status: ClaimStatus = ClaimStatus.SUPPORTED

    def fits(self, statement: str, above: str) -> bool:
        """Tell whether a statement is one of this kind.

        Args:
            statement: as printed; of a cell with the heads of its row and column.
            above: the headings it stands under.
        """
        whole = f"{above}\n{statement}"
        return (
            all(p.search(statement) for p in self.words)
            and all(p.search(whole) for p in self.subject)
            and (self.denies is None or self.denies is _denies(statement, self.words[0]))
            and (self.several_sellers or len({name for _, name in providers(whole)}) <= 1)
        )


def _denies(statement: str, about: re.Pattern[str]) -> bool | None:
    """Return whether a statement denies what it is about; None where a negation in it may belong to something else."""
    found = about.search(statement)
    if found is None or _NEGATION.search(statement) is None:
        return False
    near = statement[max(0, found.start() - _BEFORE) : found.end() + _AFTER]
    return True if _NEGATION.search(near) else None


def read_claim_words(folder: Path, claims: Sequence[Claim]) -> tuple[ClaimWords, ...]:
    """Read ``claim_words.toml``.

    Raises:
        FactsError: it is wrong; names file, row and key.
    """
    file = folder / CLAIM_WORDS_FILE
    rows = [_claim_words(row) for row in read_rows(file, {"reading": "id"})["reading"]]
    check_unique(file, "reading", (row.id for row in rows))
    known = {claim.id: claim.status for claim in claims}
    for row in rows:
        if row.claim not in known:
            raise FactsError(f"{file}: [[reading]] {row.id!r}: claim: {row.claim!r} is not in claims.toml")
    return tuple(replace(row, status=known[row.claim]) for row in rows)


def _claim_words(row: Row) -> ClaimWords:
    words = ClaimWords(
        id=row.kebab("id"),
        claim=row.kebab("claim"),
        subject=_patterns(row, "subject"),
        words=_patterns(row, "words"),
        denies=_flag(row, "denies") if row.has("denies") else None,
        several_sellers=row.has("sellers") and row.one_of("sellers", (_SEVERAL,)) == _SEVERAL,
        verdict=ClaimStatus(row.one_of("verdict", tuple(ClaimStatus))),
    )
    row.finish()
    return words


def _patterns(row: Row, key: str) -> tuple[re.Pattern[str], ...]:
    try:
        return tuple(re.compile(text, re.IGNORECASE) for text in row.texts(key))
    except re.error as exc:
        raise row.error(key, f"{exc.pattern!r} is no regular expression: {exc}") from exc


def _flag(row: Row, key: str) -> bool:
    value = row.take(key)
    if not isinstance(value, bool):
        raise row.error(key, f"must be true or false, not {value!r}")
    return value


def claims_about(
    statement: str, above: str, words: Sequence[ClaimWords], claims: Sequence[ClaimAtDate]
) -> list[tuple[ClaimStatus, ClaimAtDate]]:
    """Return the claims in force that a statement is about, each with what it makes of the statement.

    Args:
        statement: as printed; of a cell with the heads of its row and column.
        above: the headings it stands under.
        words: how statements are recognised.
        claims: those that speak about the document's date.
    """
    if _HEDGED.search(statement):
        return []
    in_force = {v.claim.id: v for v in claims}
    return [
        (w.verdict, in_force[w.claim])
        for w in words
        if w.claim in in_force and in_force[w.claim].status == w.status and w.fits(statement, above)
    ]
