"""Statements stand in a report only for the dates they speak about, with the age of their evidence."""

from datetime import date
from types import ModuleType
from typing import Any

import pytest

from normalize.claims import verdicts_at
from normalize.facts import Claim, ClaimStatus

FIRST, LAST = date(2031, 2, 3), date(2031, 2, 9)


@pytest.fixture
def claim() -> Any:
    """A function that makes a statement about Examplecloud."""

    def made(name: str = "example-claim", **changes: Any) -> Claim:
        values: dict[str, Any] = {
            "id": name,
            "section": "single_gpu",
            "subject": "Examplecloud",
            "aspect": "",
            "gpus": (),
            "short": "",
            "statement": "Examplecloud sells one GPU at a time.",
            "evidence_url": "https://examplecloud.example/docs",
            "evidence_quote": "one GPU at a time",
            "seen_on": FIRST,
            "dating": "",
            "checked_on": LAST,
            "holds_from": None,
            "holds_until": None,
            "status": ClaimStatus.SUPPORTED,
            "remark": "",
        }
        return Claim(**(values | changes))

    return made


@pytest.mark.parametrize(
    ("on", "speaks"),
    [
        (date(2031, 2, 2), False),
        (FIRST, True),
        (date(2031, 2, 5), True),
        (LAST, True),
        (date(2031, 2, 10), False),
    ],
)
def test_a_statement_speaks_from_its_first_to_its_last_day(claim: Any, on: date, *, speaks: bool) -> None:
    """Both days belong to it; before and after, the report says nothing of it."""
    assert bool(verdicts_at([claim(holds_from=FIRST, holds_until=LAST)], on)) is speaks


@pytest.mark.parametrize(
    ("limits", "on", "speaks"),
    [
        ({}, date(1999, 1, 1), True),
        ({"holds_from": FIRST}, date.max, True),
        ({"holds_from": FIRST}, date(2031, 2, 2), False),
        ({"holds_until": LAST}, date.min, True),
        ({"holds_until": LAST}, date(2031, 2, 10), False),
    ],
)
def test_an_unknown_limit_is_no_limit(claim: Any, limits: dict[str, date], on: date, *, speaks: bool) -> None:
    """A statement whose beginning or end is not known speaks about every day on that side."""
    assert bool(verdicts_at([claim(**limits)], on)) is speaks


def test_what_was_true_in_one_report_may_be_false_in_the_next(claim: Any) -> None:
    """Of two statements that replace each other each report has the one of its day."""
    old, new = claim("old", holds_until=FIRST), claim("new", holds_from=LAST)
    assert [v.claim.id for v in verdicts_at([old, new], FIRST)] == ["old"]
    assert [v.claim.id for v in verdicts_at([old, new], LAST)] == ["new"]


def test_the_order_of_the_file_is_kept(claim: Any) -> None:
    """Statements stand in a report in the order in which they are kept."""
    names = ["c", "a", "b"]
    assert [v.claim.id for v in verdicts_at(map(claim, names), FIRST)] == names


@pytest.mark.parametrize(
    ("status", "holds"),
    [("supported", True), ("partly", True), ("contradicted", False), ("unverifiable", False)],
)
def test_only_what_its_evidence_bears_may_be_repeated(claim: Any, status: str, *, holds: bool) -> None:
    """A contradicted or unverifiable statement is kept, and never repeated as a fact."""
    (verdict,) = verdicts_at([claim(status=ClaimStatus(status))], FIRST)
    assert (verdict.status, verdict.holds) == (status, holds)


@pytest.mark.parametrize(
    ("changes", "dated"),
    [
        ({}, "of 2031-02-03, checked 2031-02-09"),
        ({"seen_on": None, "dating": "undated page"}, "undated, checked 2031-02-09"),
    ],
)
def test_a_verdict_says_how_old_its_evidence_is(claim: Any, changes: dict[str, Any], dated: str) -> None:
    """The date of the evidence, or that it has none, and the day it was last checked."""
    (verdict,) = verdicts_at([claim(**changes)], FIRST)
    assert verdict.dated == dated


def test_every_kept_statement_speaks_about_some_day(kept_facts: Any, build: ModuleType) -> None:
    """No statement of the facts is limited to no day at all."""
    days = {build.DAY.date(), *(d for c in kept_facts.claims for d in (c.holds_from, c.holds_until) if d)}
    spoken = {v.claim.id for day in days for v in verdicts_at(kept_facts.claims, day)}
    assert spoken == {c.id for c in kept_facts.claims}
