"""What a document computed itself, recomputed; all numbers are made up."""

from __future__ import annotations

from pathlib import Path

import pytest

from normalize.audit.questions import QuestionReader
from normalize.audit.records import SumVerdict, VerdictKind
from normalize.audit.sums import recompute
from normalize.facts import Facts, default_facts_folder, load_facts
from scrapers.documents.reading import read_document
from scrapers.documents.records import PrintedFigure

HOLDS, WRONG, OPEN = VerdictKind.HOLDS, VerdictKind.WRONG, VerdictKind.NOT_VERIFIABLE


@pytest.fixture(scope="module")
def facts() -> Facts:
    """Read the hand-kept facts once."""
    return load_facts(default_facts_folder())


@pytest.fixture
def sums(facts: Facts, tmp_path: Path) -> object:
    """Return a function that recomputes a Markdown text."""

    def compute(text: str) -> tuple[list[SumVerdict], list[str]]:
        path = tmp_path / "document.md"
        path.write_text(f"# Sums\n\n{text}\n", encoding="utf-8")
        document = read_document(path)
        figures: dict[int, list[PrintedFigure]] = {}
        for figure in document.figures:
            figures.setdefault(id(figure.passage), []).append(figure)
        reader = QuestionReader(facts)
        questions = {id(f): reader.read(f, figures[id(f.passage)]) for f in document.figures}
        found, results = recompute(document.passages, figures, questions)
        return list(found), [f.text for f in document.figures if id(f) in results]

    return compute


@pytest.mark.parametrize(
    ("text", "printed", "kind", "recomputed"),
    [
        ("1,000 requests × 30 days × $0.0110 = $330/month", "$330/month", HOLDS, "328.5 to 331.5"),
        ("We pay 1,000 × 30 × $0.0110 = $440/month", "$440/month", WRONG, "328.5 to 331.5"),
        ("$7,200/month / 3,600 = $2.00", "$2.00", HOLDS, "2"),
        ("With 2,000 requests daily it is 2,000 × $0.110 = $220/month.", "$220/month", WRONG, "6570 to 6851"),
        ("With 2,000 requests daily it is 2,000 × 30 days × $0.110 = $6,600/month.", "$6,600/month", HOLDS, ""),
        ("$0.110/second = 2-3 second requests average $0.22-$0.33 per request", "", HOLDS, ""),
        ("$0.110/second = 2-3 second requests average $2.2-$3.3 per request", "", WRONG, "0.219 to 0.3315"),
        ("$0.110 per request, 1,000 daily = $3,333/month", "$3,333/month", HOLDS, ""),
        ("$0.110 per request, 1,000 daily = $33/month", "$33/month", WRONG, ""),
        ("Odd lots: 2 of 3 × $5 = $10", "$10", OPEN, ""),
        ("$1.10/hr = $803/month", "$803/month", HOLDS, ""),
        ("$1.10/hr ($803/month)", "$803/month", HOLDS, ""),
        ("$1.10/hr or about $803/month", "about $803/month", HOLDS, ""),
        ("$1.10/hr = $1.10/month", "$1.10/month", WRONG, "788.4 to 822.1"),
        ("$0.00011/s = $0.396/hr", "$0.396/hr", HOLDS, ""),
        ("$2.20/hr against $1.10/hr is 50% cheaper", "50% cheaper", HOLDS, ""),
        ("$2.20/hr against $1.10/hr is 55% cheaper", "55% cheaper", WRONG, ""),
        ("$2.20/hr is 100% more than $1.10/hr", "100% more", HOLDS, ""),
        ("$2.20/hr against $1.10/hr: 2.0x more expensive", "2.0x more", HOLDS, ""),
        ("$2.20/hr against $1.10/hr: 3.3 times the price", "3.3 times the price", WRONG, ""),
    ],
)
def test_sum_in_a_sentence_is_recomputed(
    sums: object, text: str, printed: str, kind: VerdictKind, recomputed: str
) -> None:
    """Products, rates by durations, use by the month, conversions and percentages come out, or are found wrong."""
    assert callable(sums)
    (verdict,), _ = sums(text)
    assert verdict.kind is kind
    assert printed in {"", verdict.printed}
    assert recomputed in {"", verdict.recomputed}
    assert verdict.reason


@pytest.mark.parametrize(
    "text",
    [
        "$10/month or $1.10/hr, as you like",
        "$1.10/hr, $2.20/hr and $3.30/hr: 50% cheaper",
        "37% of all users pay $1.10/hr",
        "x = 5 and y = $1.10",
        "$0.00 against $1.10 is 50% less",
        "The total is $5",
    ],
)
def test_what_is_no_sum_is_left_alone(sums: object, text: str) -> None:
    """A choice of two prices, a percentage of something else, an assignment: nothing to recompute."""
    assert callable(sums)
    assert sums(text) == ([], [])


def test_list_is_added_up(sums: object) -> None:
    """A total is that of the items above it: of money, or of durations, both ends of ranges."""
    assert callable(sums)
    (verdict,), results = sums("- disk: $11/month\n- GPU: $22/month\n- Total: $33/month")
    assert (verdict.kind, verdict.recomputed, results) == (HOLDS, "33", ["$33/month"])
    (wrong,), _ = sums("- disk: $11/month\n- GPU: $22/month\n- Total: $44/month")
    assert (wrong.kind, wrong.recomputed) == (WRONG, "33")
    (durations,), results = sums("1. boot (1-2 min)\n2. load (30s)\n\nTotal: 90-150 seconds in all.")
    assert (durations.kind, durations.recomputed, results) == (HOLDS, "90 to 150", [])
    (short,), _ = sums("1. boot (1-2 min)\n2. load (30s)\n\nTotal: 200-300 seconds in all.")
    assert short.kind is WRONG
    assert sums("- disk: $11/month\n- GPU: on request\n- Total: $33/month") == ([], [])


def test_table_is_added_up_and_its_rows_are_converted(sums: object) -> None:
    """A row of totals is that of the rows above; prices of one thing per hour and per month belong together."""
    assert callable(sums)
    rows = (
        "| g5.xlarge | $1.10/hr | $803/month |\n| g6.xlarge | $2.20/hr | $2.20/month |\n| Total | $3.30/hr | $9/month |"
    )
    found, _ = sums(f"On EC2.\n\n| Type | Hourly | Monthly |\n|---|---|---|\n{rows}")
    assert [(v.printed, v.kind) for v in found if v.place.line < 9] == [("$803/month", HOLDS), ("$2.20/month", WRONG)]
    assert ("$3.30/hr", HOLDS) in [(v.printed, v.kind) for v in found]
    assert ("$9/month", WRONG) in [(v.printed, v.kind) for v in found]


def test_column_of_differences_is_recomputed(sums: object) -> None:
    """A percentage beside two prices is that of the one to the other, in either direction."""
    assert callable(sums)
    rows = "| a | $1.10/hr | $2.20/hr | +100% |\n| b | $1.10/hr | $2.20/hr | 50% |\n| c | $1.10/hr | $2.20/hr | 77% |"
    found, _ = sums(f"| GPU | One | Other | Delta |\n|---|---|---|---|\n{rows}")
    assert [v.kind for v in found] == [HOLDS, HOLDS, WRONG]
    unclear, _ = sums(f"| GPU | One | Other | Load |\n|---|---|---|---|\n{rows}")
    assert unclear == []
