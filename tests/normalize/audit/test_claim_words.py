"""Recognising statements that the facts speak about."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from normalize.audit.claim_words import CLAIM_WORDS_FILE, ClaimWords, claims_about, read_claim_words
from normalize.claims import verdicts_at
from normalize.facts import ClaimStatus, Facts, default_facts_folder, load_facts
from scrapers.errors import FactsError

ROW = """[[reading]]
id = "example"
claim = "eliminated-sagemaker-serverless"
subject = ["sagemaker"]
words = ["gpu"]
verdict = "contradicted"
"""


@pytest.fixture(scope="module")
def facts() -> Facts:
    """Read the hand-kept facts once."""
    return load_facts(default_facts_folder())


@pytest.fixture(scope="module")
def words(facts: Facts) -> tuple[ClaimWords, ...]:
    """Read the hand-kept words once."""
    return read_claim_words(default_facts_folder(), facts.claims)


@pytest.mark.parametrize(
    ("statement", "on", "expected"),
    [
        ("SageMaker Serverless supports GPUs.", date(2026, 3, 31), {ClaimStatus.CONTRADICTED}),
        ("SageMaker Serverless Inference does not support GPUs.", date(2026, 3, 31), {ClaimStatus.SUPPORTED}),
        ("H100 is not offered in SageMaker serverless.", date(2026, 3, 31), {ClaimStatus.SUPPORTED}),
        ("SageMaker serverless is CPU-only.", date(2026, 3, 31), {ClaimStatus.SUPPORTED}),
        ("AWS offers SageMaker Serverless with GPU support without managing servers.", date(2026, 3, 31), {
            ClaimStatus.CONTRADICTED}),
        ("With SageMaker Serverless there is GPU support, and we have never had to look at its bills.",
         date(2026, 3, 31), set()),
        ("If SageMaker Serverless supported GPUs, it would be cheap.", date(2026, 3, 31), set()),
        ("Unlike SageMaker Serverless, RunPod supports GPUs.", date(2026, 3, 31), set()),
        ("AWS Lambda has no GPU.", date(2025, 12, 1), {ClaimStatus.SUPPORTED}),
        ("AWS Lambda has no GPU.", date(2026, 11, 20), {ClaimStatus.CONTRADICTED}),
        ("AWS Lambda has no GPU.", date(2026, 5, 1), set()),
        ("AWS Lambda runs GPU functions.", date(2026, 11, 20), {ClaimStatus.SUPPORTED}),
        ("Requests fail on SageMaker.", date(2026, 3, 31), {ClaimStatus.SUPPORTED}),
    ],
)  # fmt: skip
def test_statement_gets_the_verdict_of_its_date(
    facts: Facts, words: tuple[ClaimWords, ...], statement: str, on: date, expected: set[ClaimStatus]
) -> None:
    """What is denied and what is said are told apart; hedges, comparisons and doubtful negations are left alone."""
    found = claims_about(statement, "", words, verdicts_at(facts.claims, on))
    assert {status for status, _ in found} == expected


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("eliminated-sagemaker-serverless", "no-such-claim"), "claim: 'no-such-claim' is not in claims.toml"),
        (('"gpu"', '"("'), "is no regular expression"),
        (('verdict = "contradicted"', 'verdict = "maybe"'), "'maybe' is none of"),
        (("verdict =", 'denies = "yes"\nverdict ='), "must be true or false"),
        (("verdict =", 'sellers = "few"\nverdict ='), "'few' is none of 'several'"),
        (("verdict =", "more = 1\nverdict ="), "unknown key"),
    ],
)
def test_wrong_row_is_named(facts: Facts, tmp_path: Path, change: tuple[str, str], problem: str) -> None:
    """A row that cannot be used names its file, itself and the key."""
    (tmp_path / CLAIM_WORDS_FILE).write_text(ROW.replace(*change), encoding="utf-8")
    with pytest.raises(FactsError, match=r"claim_words\.toml: \[\[reading\]\] 'example'") as caught:
        read_claim_words(tmp_path, facts.claims)
    assert problem in str(caught.value)


def test_every_pattern_has_a_claim(facts: Facts, words: tuple[ClaimWords, ...]) -> None:
    """The bundled words belong to the bundled claims, each row once."""
    assert {w.claim for w in words} <= {claim.id for claim in facts.claims}
    assert len({w.id for w in words}) == len(words)
