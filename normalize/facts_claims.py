"""`claims.toml`, read into its records: every verdict has its dates, or says what is known of them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from normalize.facts_records import Claim, ClaimStatus, LaterVerdict, Reference
from normalize.facts_rows import Row, check_unique, read_rows

CLAIMS_FILE = "claims.toml"

SECTIONS = (
    "executive_summary",
    "product_mapping",
    "eliminated_products",
    "scale_to_zero",
    "cold_start_breakdown",
    "single_gpu",
    "cold_start_architecture",
    "generation",
)
REFERENCE_GROUPS = (
    "AWS Official Documentation",
    "AWS Community",
    "RunPod Documentation",
    "Third-Party Pricing Aggregators",
)


def read_claims(folder: Path) -> tuple[tuple[Claim, ...], tuple[Reference, ...]]:
    """Read `claims.toml`: statements that are not prices, and the report's list of links.

    Raises:
        FactsError: it cannot be read, or a row is wrong; names file, row and key.
    """
    file = folder / CLAIMS_FILE
    rows = read_rows(file, {"claim": "id", "reference": "title"})
    claims = tuple(map(_claim, rows["claim"]))
    references = tuple(map(_reference, rows["reference"]))
    check_unique(file, "claim", (claim.id for claim in claims))
    check_unique(file, "reference", (reference.url for reference in references))
    return claims, references


def _claim(row: Row) -> Claim:
    claim = Claim(
        id=row.kebab("id"),
        section=row.one_of("section", SECTIONS),
        subject=row.words("subject"),
        aspect=row.words_if_any("aspect"),
        gpus=row.texts_if_any("gpus"),
        short=row.words_if_any("short"),
        statement=row.words("statement"),
        evidence_url=row.url("evidence_url"),
        evidence_quote=row.text("evidence_quote"),
        seen_on=row.day_if_any("seen_on"),
        dating=row.words_if_any("dating"),
        checked_on=row.day("checked_on"),
        holds_from=row.day_if_any("holds_from"),
        holds_until=row.day_if_any("holds_until"),
        status=_status(row),
        remark=row.text("remark"),
        later=tuple(map(_later, row.parts_if_any("later", "from"))),
    )
    row.finish()
    _check_dating(row, claim)
    row.check_order("holds_until", claim.holds_from, claim.holds_until)
    days = [claim.holds_until or claim.holds_from, *(verdict.valid_from for verdict in claim.later)]
    for before, after in pairwise(days):
        row.check_order("later", before, after)
    return claim


def _later(row: Row) -> LaterVerdict:
    verdict = LaterVerdict(
        valid_from=row.day("from"),
        status=_status(row),
        short=row.words_if_any("short"),
        evidence_url=row.url("evidence_url"),
        evidence_quote=row.text("evidence_quote"),
        seen_on=row.day_if_any("seen_on"),
        dating=row.words_if_any("dating"),
        checked_on=row.day("checked_on"),
        remark=row.text("remark"),
    )
    row.finish()
    _check_dating(row, verdict)
    return verdict


def _status(row: Row) -> ClaimStatus:
    return ClaimStatus(row.one_of("status", tuple(ClaimStatus)))


def _check_dating(row: Row, judged: Claim | LaterVerdict) -> None:
    if judged.seen_on is None and not judged.dating:
        raise row.error("dating", "must say what is known of the evidence's age where seen_on is left out")
    row.check_order("checked_on", judged.seen_on, judged.checked_on)


def _reference(row: Row) -> Reference:
    reference = Reference(
        group=row.one_of("group", REFERENCE_GROUPS),
        title=row.words("title"),
        url=row.url("url"),
        checked_on=row.day("checked_on"),
    )
    row.finish()
    return reference
