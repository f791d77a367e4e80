"""Statements stand in a report only for the dates they speak about, with the age of their evidence."""

from dataclasses import replace
from datetime import UTC, date, datetime
from types import ModuleType
from typing import Any

import pytest

from normalize.claims import for_a_look, passages, verdicts_at
from normalize.facts import Claim, ClaimStatus, LaterVerdict
from normalize.records import Evidence, PassageState

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


@pytest.fixture
def later() -> LaterVerdict:
    """A verdict of the last day that says the opposite, from another page."""
    return LaterVerdict(
        valid_from=LAST,
        status=ClaimStatus.CONTRADICTED,
        short="",
        evidence_url="https://examplecloud.example/news",
        evidence_quote="eight GPUs at a time",
        seen_on=LAST,
        dating="",
        checked_on=LAST,
        remark="It was sold singly until then.",
    )


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


@pytest.mark.parametrize(
    ("on", "status", "url"),
    [
        (date(2031, 2, 2), None, None),
        (FIRST, "supported", "https://examplecloud.example/docs"),
        (date(2031, 2, 6), None, None),
        (LAST, "contradicted", "https://examplecloud.example/news"),
        (date(2032, 1, 1), "contradicted", "https://examplecloud.example/news"),
    ],
)
def test_statement_has_the_verdict_of_the_day(
    claim: Any, later: LaterVerdict, on: date, status: str | None, url: str | None
) -> None:
    """True on one day and false on another: each report has its own verdict and evidence, and none in between."""
    judged = claim(holds_from=FIRST, holds_until=date(2031, 2, 4), short="single", later=(later,))
    found = verdicts_at([judged], on)

    assert [(v.status, v.claim.evidence_url) for v in found] == ([(status, url)] if status else [])
    assert all(v.claim.short == "" for v in found if v.status == "contradicted")


def test_newest_of_several_later_verdicts_counts(claim: Any, later: LaterVerdict) -> None:
    """A statement may become true again."""
    again = replace(later, valid_from=date(2031, 3, 1), status=ClaimStatus.SUPPORTED)
    judged = claim(later=(later, again))
    days = (FIRST, LAST, date(2031, 3, 1))

    assert [verdicts_at([judged], on)[0].status for on in days] == ["supported", "contradicted", "supported"]


def test_pages_of_all_verdicts_are_looked_at_once(claim: Any, later: LaterVerdict) -> None:
    """What is archived and searched is every page and passage of every verdict, whatever its day."""
    claims = [claim("one", later=(later,)), claim("other"), claim("third", evidence_quote="")]

    assert passages(claims) == (
        ("https://examplecloud.example/docs", "one GPU at a time"),
        ("https://examplecloud.example/news", "eight GPUs at a time"),
        ("https://examplecloud.example/docs", ""),
    )


def test_statement_whose_words_are_gone_is_for_a_look(claim: Any, build: ModuleType) -> None:
    """Its verdict and date stay; the finding names statement, page, words, and where they stood last."""
    url, quote = "https://examplecloud.example/docs", "one GPU at a time"
    on, read = date(2031, 2, 10), datetime(2031, 2, 9, tzinfo=UTC)
    cited = build.citation("claims-evidence")
    gone = Evidence(url, quote, PassageState.GONE, cited, page_at=read)
    (verdict,) = verdicts_at([claim()], on, [gone])
    (finding,) = for_a_look([verdict])

    assert (verdict.status, verdict.holds, verdict.for_a_look) == ("supported", True, True)
    assert (finding.kind, finding.severity, finding.source) == ("evidence_gone", "warning", "claims-evidence")
    assert finding.where == url
    assert finding.message.startswith(
        "example-claim: looked for 'one GPU at a time' on the page of 2031-02-09, found it not; it stood there on "
        "2031-02-03. The verdict of 2031-02-09 (supported) is kept: look"
    )
    (never,) = for_a_look(verdicts_at([claim()], on, [replace(gone, citation=None)]))
    assert "no archived copy of the page has it" in never.message


@pytest.mark.parametrize("state", [PassageState.FOUND, PassageState.NOT_ARCHIVED, PassageState.NOT_QUOTED, None])
def test_other_statements_are_not_for_a_look(claim: Any, state: PassageState | None) -> None:
    """A passage that stands there, a page that nobody kept, and words that nobody named are no findings."""
    known = [Evidence("https://examplecloud.example/docs", "one GPU at a time", state)] if state else []
    (verdict,) = verdicts_at([claim()], FIRST, known)

    assert (verdict.evidence.state if verdict.evidence else None) is state
    assert for_a_look([verdict]) == ()
