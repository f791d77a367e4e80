"""`ratecard audit` on documents of many shapes, against the bundled examples."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from flows.auditing import audit_file
from flows.steps import MarketReader
from normalize.audit.records import Audit, FigureVerdict, Manner, VerdictKind
from normalize.facts import Facts, default_facts_folder, load_facts
from scrapers.archive.store import Store
from scrapers.errors import SnapshotMissingError, UsageError
from scrapers.places.locate import OpenBody

Ratecard = Callable[..., Any]
PROJECT = Path(__file__).resolve().parents[2]
DOCUMENTS = PROJECT / "tests" / "scrapers" / "documents" / "fixtures"
SEEDS = PROJECT.parent / "shared" / "seeds"
HAND_MADE = SEEDS / "000_6634fd71bd078ead.txt"
ARTICLE = SEEDS / "001_c7ed389802b74c89.txt"
needs_seeds = pytest.mark.skipif(not SEEDS.exists(), reason="no reference data beside the checkout")
HOLDS, WRONG, OPEN = VerdictKind.HOLDS, VerdictKind.WRONG, VerdictKind.NOT_VERIFIABLE


@pytest.fixture(scope="module")
def facts() -> Facts:
    """Read the hand-kept facts once."""
    return load_facts(default_facts_folder())


@pytest.fixture(scope="module")
def audited(facts: Facts) -> Callable[..., Audit]:
    """Return a function that audits a document against the bundled examples, each once."""
    reader = MarketReader(Store.at(PROJECT / "data" / "examples"), facts)
    done: dict[tuple[Path, date | None], Audit] = {}

    def audit(path: Path, as_of: date | None = None) -> Audit:
        if (path, as_of) not in done:
            done[path, as_of] = audit_file(path, reader, facts, default_facts_folder(), as_of=as_of)
        return done[path, as_of]

    return audit


def verdicts(audit: Audit) -> list[tuple[int, str, VerdictKind, Manner]]:
    """Return line, print, verdict and manner of every figure."""
    return [(v.figure.place.line, v.figure.text, v.kind, v.manner) for v in audit.figures]


def at(audit: Audit, line: int, text: str) -> FigureVerdict:
    """Return the verdict on one figure."""
    (found,) = [v for v in audit.figures if (v.figure.place.line, v.figure.text) == (line, text)]
    return found


def test_table_of_other_columns_is_judged_row_by_row(audited: Callable[..., Audit]) -> None:
    """Price first, seller last: what else a wrong figure is the price of is found, and what nobody knows is said."""
    audit = audited(DOCUMENTS / "columns.md")
    assert [(text, kind, manner) for _, text, kind, manner in verdicts(audit)] == [
        ("1.006", HOLDS, Manner.EXACT),
        ("1.21", HOLDS, Manner.ROUNDING),
        ("1.212", WRONG, Manner.SIZE),
        ("6.88", WRONG, Manner.WHOLE_NODE),
        ("55.04", HOLDS, Manner.EXACT),
        ("23.77728", HOLDS, Manner.EXACT),
        ("23.78", WRONG, Manner.TIER),
        ("77.77", WRONG, Manner.OTHER_FIGURE),
        ("2.69", HOLDS, Manner.EXACT),
        ("1.99", WRONG, Manner.GPU_VARIANT),
        ("1.11", OPEN, Manner.UNCLEAR),
        ("3.33", OPEN, Manner.UNCLEAR),
    ]
    assert "g5.2xlarge" in at(audit, 14, "1.212").reason
    assert [o.sku for o in at(audit, 14, "1.212").right] == ["g5.xlarge"]
    assert "Lambda Labs" in at(audit, 22, "1.11").reason
    assert audit.exit_code == 1


def test_page_with_merged_cells_is_judged(audited: Callable[..., Audit]) -> None:
    """A community price that is the secure one is found; the same cell in two rows is judged in both."""
    audit = audited(DOCUMENTS / "blog.html")
    found = {(v.subject, v.figure.text): (v.kind, v.manner) for v in audit.figures}
    assert found["RunPod Pods, A100 PCIe (80 GB), community, on-demand", "$1.79"] == (WRONG, Manner.CLOUD)
    assert found["RunPod Pods, A100 PCIe (80 GB), secure, on-demand", "$1.79"] == (HOLDS, Manner.EXACT)
    assert found["RunPod Pods, A100 SXM (80 GB), secure, on-demand", "$1.79"] == (HOLDS, Manner.EXACT)
    assert found["RunPod Pods, A100 PCIe (80 GB), community, on-demand", "contact sales"] == (OPEN, Manner.NO_PRICE)
    assert found["RunPod Pods, H100 SXM, secure, on-demand", "$3.99 per hour"] == (HOLDS, Manner.EXACT)
    assert [(v.printed, v.kind) for v in audit.sums] == [("45% more", HOLDS)]
    assert [v.kind for v in audit.statements if "SageMaker" in v.text] == [HOLDS]


def test_prose_is_judged_and_no_right_figure_is_called_wrong(audited: Callable[..., Audit]) -> None:
    """Sentences give their figures' subjects; where they leave them open nothing is called wrong."""
    audit = audited(DOCUMENTS / "prose.md")
    assert at(audit, 4, "$1.79 per hour").kind is HOLDS
    assert at(audit, 5, "$1.39/hr").kind is HOLDS
    assert at(audit, 7, "$55.04 an hour").kind is HOLDS
    assert "It would be RunPod Pods H100 PCIe (secure" in at(audit, 9, "$2.89 an hour").reason
    assert WRONG not in {v.kind for v in audit.figures}
    assert [v.text for v in audit.statements if v.kind is WRONG] == [
        "SageMaker Serverless Inference supports GPUs since last summer."
    ]


def test_prices_per_second_are_judged_and_converted(audited: Callable[..., Audit]) -> None:
    """An hourly price in the column of seconds is found by its unit, a wrong conversion by its sum."""
    audit = audited(DOCUMENTS / "per-second.md")
    assert (at(audit, 10, "$5.58").kind, at(audit, 10, "$5.58").manner) == (WRONG, Manner.UNIT)
    assert at(audit, 9, "$4.76/hr").kind is WRONG
    assert at(audit, 11, "0.0024").remarks[0] == "no currency is printed: read as US dollars"
    wrong = {(v.place.line, v.printed) for v in audit.sums if v.kind is WRONG}
    assert wrong == {(9, "$4.76/hr"), (10, "$5.58/hr"), (13, "$9.99/hr")}


def test_monthly_prices_are_judged(audited: Callable[..., Audit]) -> None:
    """A month has 720 to 744 hours; an hourly price printed per month is found."""
    audit = audited(DOCUMENTS / "monthly.md")
    assert at(audit, 7, "$734/month").kind is HOLDS
    assert at(audit, 9, "$4,954/month").kind is HOLDS
    assert (at(audit, 8, "$1.861/month").kind, at(audit, 8, "$1.861/month").manner) == (WRONG, Manner.UNIT)
    assert ("$20/month", WRONG) in [(v.printed, v.kind) for v in audit.sums]


def test_other_currencies_are_not_converted(audited: Callable[..., Audit]) -> None:
    """Euros and pounds are not verifiable; the same text's dollars are."""
    audit = audited(DOCUMENTS / "euro.md")
    assert [(v.figure.currency, v.kind) for v in audit.figures] == [
        ("EUR", OPEN),
        ("GBP", OPEN),
        ("EUR", OPEN),
        ("", OPEN),
        ("USD", HOLDS),
        ("USD", HOLDS),
    ]
    assert audit.exit_code == 3


def test_gaps_and_approximations_are_read_as_what_they_are(audited: Callable[..., Audit]) -> None:
    """TBD is no price, ``~`` is judged as an approximation, a ragged row is listed."""
    audit = audited(DOCUMENTS / "gaps.md")
    approximate = at(audit, 5, "~$2.70/hr")
    assert (approximate.kind, approximate.manner) == (HOLDS, Manner.APPROXIMATE)
    tbd = at(audit, 5, "TBD (p4de.24xlarge)")
    assert (tbd.kind, tbd.manner, [o.sku for o in tbd.nearest]) == (OPEN, Manner.NO_PRICE, ["p4de.24xlarge"])
    assert at(audit, 6, "$21.96/hr").kind is HOLDS
    assert {u.line for u in audit.unread} == {9, 11, 14, 17, 19}
    said = {(v.place.line, v.text.partition(": ")[2]): v.kind for v in audit.statements}
    assert said[6, "✅ Single"] is WRONG
    assert said[7, "✅ Single"] is HOLDS
    assert said[8, "Not available"] is WRONG


def test_cut_off_table_is_a_partial_result(audited: Callable[..., Audit]) -> None:
    """What is whole is judged, the cut row is listed, the exit code says partial."""
    audit = audited(DOCUMENTS / "cut.md")
    assert [v.kind for v in audit.figures] == [HOLDS, HOLDS]
    assert [(u.line, u.why) for u in audit.unread] == [(6, "the row is not closed: it may be cut off")]
    assert audit.exit_code == 3


def test_unit_that_cannot_be_meant_is_found_in_plain_text(audited: Callable[..., Audit]) -> None:
    """A price per second that would be thousands per hour is a unit error, its evidence of neighbouring dates."""
    audit = audited(DOCUMENTS / "plain.txt")
    assert [kind for _, _, kind, _ in verdicts(audit)] == [HOLDS, HOLDS, WRONG]
    assert audit.figures[2].manner is Manner.UNIT
    assert "7 months earlier" in audit.figures[2].reason


@pytest.mark.parametrize("name", sorted(p.name for p in DOCUMENTS.iterdir() if p.name != "README.md"))
def test_every_receipt_of_a_verdict_resolves(audited: Callable[..., Audit], name: str) -> None:
    """At every citation of every offer that a verdict names stands what it quotes."""
    store = Store.at(PROJECT / "data" / "examples")
    captures = {c.sha256: c for s in store.snapshots() for c in s.captures}
    bodies: dict[str, OpenBody] = {}
    audit = audited(DOCUMENTS / name)
    offers = [o for v in audit.figures for o in (*v.right, *v.instead, *v.nearest)]
    for citation in {c for o in offers for c in o.citations}:
        body = bodies.setdefault(citation.sha256, OpenBody(store.document(captures[citation.sha256])))
        assert body.read(citation.locator) == citation.quote


@pytest.mark.parametrize("name", sorted(p.name for p in DOCUMENTS.iterdir() if p.name != "README.md"))
def test_every_figure_has_a_verdict_and_every_line_a_place(audited: Callable[..., Audit], name: str) -> None:
    """A figure is judged, or is the result of a sum; a line is checked, unread, or named as saying nothing."""
    audit = audited(DOCUMENTS / name)
    judged = {id(v.figure) for v in audit.figures}
    results = {(v.place.line, v.printed) for v in audit.sums}
    left = [f for f in audit.document.figures if id(f) not in judged]
    assert all((f.place.line, f.text) in results for f in left)
    covered = {v.place.line for g in (audit.sums, audit.statements) for v in g} | {u.line for u in audit.unread}
    covered |= {f.place.line for f in audit.document.figures} | set(audit.plain_lines)
    assert {p.place.line for p in audit.document.passages if p.kind != "heading"} <= covered


def test_figure_that_was_right_once_is_out_of_date(audited: Callable[..., Audit], tmp_path: Path) -> None:
    """A price of August printed in November was right at an earlier capture."""
    path = tmp_path / "old.md"
    path.write_text("# 2026-11-09\n\nRunPod Pods, Secure Cloud, H100 SXM: $3.29/hr\n", encoding="utf-8")
    (verdict,) = audited(path).figures
    assert verdict.kind is VerdictKind.OUT_OF_DATE
    assert "It was right as of 2026-08-1" in verdict.reason
    assert {o.usd_per_gpu_hour for o in verdict.right} != {o.usd_per_gpu_hour for o in verdict.instead}


def test_sources_that_disagree_are_shown_both(audited: Callable[..., Audit]) -> None:
    """RunPod's documentation and its page differ in autumn 2026: neither is taken for the truth in silence."""
    verdict = at(audited(DOCUMENTS / "euro.md", date(2026, 11, 9)), 8, "US$ 1.90 per hour")
    assert verdict.kind is VerdictKind.CONFLICTING
    assert {o.source for o in verdict.right} == {"runpod-docs", "runpod-pricing"}


def test_undated_document_is_held_against_the_newest_prices(audited: Callable[..., Audit], tmp_path: Path) -> None:
    """Without a date nothing is called wrong for its price: it may have been right in its day."""
    path = tmp_path / "undated.md"
    path.write_text("# T\n\nRunPod Pods, Secure Cloud, H100 SXM: $7.77/hr, or $3.99/hr\n", encoding="utf-8")
    audit = audited(path)
    assert [v.kind for v in audit.figures] == [OPEN, HOLDS]
    assert "names no date" in audit.figures[0].reason
    assert any("names no date" in notice for notice in audit.notices)


def test_document_older_than_the_store_is_held_against_what_came_later(
    audited: Callable[..., Audit], tmp_path: Path
) -> None:
    """Later evidence may confirm; a difference from it decides nothing."""
    path = tmp_path / "early.md"
    path.write_text("# 2024-01-01\n\nEC2 g5.xlarge: $1.006/hr. EC2 g5.xlarge: $7.77/hr.\n", encoding="utf-8")
    audit = audited(path)
    assert [v.kind for v in audit.figures] == [HOLDS, OPEN]
    assert "later" in audit.figures[0].reason
    assert audit.market is None
    assert any("only later evidence" in notice for notice in audit.notices)


def test_gpu_price_of_a_product_without_gpus_is_not_offered(audited: Callable[..., Audit], tmp_path: Path) -> None:
    """SageMaker Serverless has no GPU, so it has no price of one."""
    path = tmp_path / "serverless.md"
    path.write_text("# 2026-03-31\n\nOn SageMaker Serverless an A10G is $7.77/hr.\n", encoding="utf-8")
    (verdict,) = audited(path).figures
    assert (verdict.kind, verdict.manner) == (WRONG, Manner.NOT_OFFERED)
    assert verdict.claims[0].claim.subject == "SageMaker Serverless Inference"


def test_dates_and_stores_that_cannot_be_are_refused(facts: Facts, tmp_path: Path) -> None:
    """A date in the future and an empty store end in one message."""
    reader = MarketReader(Store.at(PROJECT / "data" / "examples"), facts)
    with pytest.raises(UsageError, match="--as-of 2999-01-01: lies in the future"):
        audit_file(DOCUMENTS / "cut.md", reader, facts, default_facts_folder(), as_of=date(2999, 1, 1))
    empty = MarketReader(Store.at(tmp_path / "store"), facts)
    with pytest.raises(SnapshotMissingError):
        audit_file(DOCUMENTS / "cut.md", empty, facts, default_facts_folder())
    undated = tmp_path / "undated.md"
    undated.write_text("# T\n\n$1.11\n", encoding="utf-8")
    with pytest.raises(SnapshotMissingError, match="no snapshot to hold a document against"):
        audit_file(undated, empty, facts, default_facts_folder())
    future = tmp_path / "future.md"
    future.write_text("# 2099-01-01\n\n$1.11\n", encoding="utf-8")
    assert "lies in the future" in audit_file(future, reader, facts, default_facts_folder()).dated_by


def test_command_prints_markdown_and_says_what_is_wrong(ratecard: Ratecard, examples: str) -> None:
    """Without a folder the audit is printed; the exit code says that something is wrong."""
    answer = ratecard("audit", DOCUMENTS / "columns.md", "--store", examples)
    assert answer.code == 1
    assert "# Audit of GPU shortlist" in answer.out
    assert "## 2. What Is Wrong" in answer.out
    assert "Wrong: other size" in answer.out
    assert "[^1]: " in answer.out


def test_command_prints_json_with_the_promised_keys(ratecard: Ratecard, examples: str) -> None:
    """The JSON is one object; every figure has its verdict, its place and its receipts."""
    answer = ratecard("audit", DOCUMENTS / "columns.md", "--store", examples, "--format", "json")
    found = json.loads(answer.out)
    assert answer.code == found["exit_code"] == 1
    assert found["document"]["title"] == "GPU shortlist"
    assert found["counts"]["figures"] == {"holds": 5, "wrong": 5, "not_verifiable": 2}
    first = found["figures"][0]
    assert (first["line"], first["quote"], first["verdict"], first["bound"]) == (12, "1.006", "holds", None)
    assert first["right"][0]["citations"][0]["locator"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found["as_of"])


def test_command_writes_all_forms(ratecard: Ratecard, examples: str, tmp_path: Path) -> None:
    """Markdown, JSON, HTML and PDF agree on the verdicts, and are named after document and date."""
    answer = ratecard("audit", DOCUMENTS / "gaps.md", "--store", examples, "--format", "all", "--out", tmp_path)
    paths = [Path(line) for line in answer.out.splitlines()]
    assert [p.name for p in paths] == [f"audit-gaps-2025-12-01.{suffix}" for suffix in ("md", "json", "html", "pdf")]
    text = subprocess.run(["pdftotext", "-layout", paths[3], "-"], capture_output=True, text=True, check=True).stdout
    for printed in ("What Is Wrong", "TBD (p4de.24xlarge)", "What Was Not Read"):
        assert printed in text
        assert printed in paths[0].read_text(encoding="utf-8")
        assert printed in paths[2].read_text(encoding="utf-8")
    again = ratecard("audit", DOCUMENTS / "gaps.md", "--store", examples, "--format", "pdf", "--out", tmp_path / "b")
    assert Path(again.out.splitlines()[1]).read_bytes() == paths[3].read_bytes()


def test_command_refuses_what_is_no_document(ratecard: Ratecard, examples: str, tmp_path: Path) -> None:
    """A PDF given as Markdown and a missing file end in one message and exit code 2."""
    path = tmp_path / "report.md"
    path.write_bytes(b"%PDF-1.7\n")
    answer = ratecard("audit", path, "--store", examples)
    assert answer.code == 2
    assert "is a PDF" in answer.err
    assert ratecard("audit", tmp_path / "absent.md", "--store", examples).code == 2
    assert ratecard("audit", path, "--as-of", "soon", "--store", examples).code == 2


def test_document_without_prices_says_so(ratecard: Ratecard, examples: str, tmp_path: Path) -> None:
    """Nothing to check is no success: the message says what was looked for."""
    path = tmp_path / "none.md"
    path.write_text("# Nothing, 2025-12-01\n\nHere is no price.\n", encoding="utf-8")
    answer = ratecard("audit", path, "--store", examples)
    assert answer.code == 3
    assert "No price was found in this document" in answer.out


def test_document_in_which_all_holds_has_exit_code_0(ratecard: Ratecard, examples: str, tmp_path: Path) -> None:
    """Right figures, an unknown statement beside them: all holds."""
    path = tmp_path / "right.md"
    path.write_text(
        "# 2025-12-01\n\nThe g5.xlarge on EC2 is $1.006/hr. RunPod is said to be friendly.\n", encoding="utf-8"
    )
    answer = ratecard("audit", path, "--store", examples)
    assert answer.code == 0, answer.out


@needs_seeds
@pytest.mark.reference
def test_hand_made_deliverable_is_audited(audited: Callable[..., Audit]) -> None:
    """What holds, what is the price of something else, what is not offered: as found by hand."""
    audit = audited(HAND_MADE)
    assert audit.on == date(2025, 12, 1)
    found = {(line, text): (kind, manner) for line, text, kind, manner in verdicts(audit)}
    serverless = {60: "$1.90/hr", 62: "$2.72/hr", 63: "$4.18/hr", 64: "$5.58/hr", 65: "$8.64/hr"}
    assert {found[key][0] for key in serverless.items()} == {HOLDS}
    assert found[60, "$1.90/hr"] == (HOLDS, Manner.ROUNDING)
    for line, text in {72: "~$1.33/hr", 73: "~$2.17/hr", 74: "~$3.35/hr", 75: "~$4.46/hr"}.items():
        verdict = at(audit, line, text)
        assert (verdict.kind, verdict.manner) == (WRONG, Manner.TIER)
        assert {(o.service, str(o.pricing_category)) for o in verdict.instead} == {("Serverless", "active")}
    for line, text in {61: "~$1.10/hr", 71: "~$0.85/hr", 108: "~$1.10/hr"}.items():
        assert found[line, text] == (WRONG, Manner.NOT_OFFERED)
    size = at(audit, 61, "$2.03/hr")
    assert (size.kind, size.manner, size.instead[0].sku) == (WRONG, Manner.SIZE, "ml.g5.4xlarge")
    assert "9 months later" in size.reason
    p4d = at(audit, 73, "$32.77/hr")
    assert (p4d.kind, [o.sku for o in p4d.right]) == (WRONG, ["p4d.24xlarge"])
    assert "p4d has A100 with 40 GB" in p4d.remarks[0]
    assert found[72, "TBD (g6e.xlarge)"] == (OPEN, Manner.NO_PRICE)
    assert found[71, "~$0.30-0.50/hr"] == (HOLDS, Manner.RANGE)


@needs_seeds
@pytest.mark.reference
def test_no_right_figure_of_the_deliverable_is_called_wrong(audited: Callable[..., Audit]) -> None:
    """Only the figures that were found wrong by hand are; the others hold or are left open."""
    wrong = {(v.figure.place.line, v.figure.text) for v in audited(HAND_MADE).figures if v.kind is not HOLDS}
    wrong -= {(v.figure.place.line, v.figure.text) for v in audited(HAND_MADE).figures if v.kind is OPEN}
    assert wrong == {
        (61, "~$1.10/hr"), (61, "$2.03/hr"), (71, "~$0.85/hr"), (72, "~$1.33/hr"), (73, "~$2.17/hr"),
        (73, "$32.77/hr"), (74, "~$3.35/hr"), (75, "~$4.46/hr"), (108, "~$1.10/hr"),
    }  # fmt: skip
    assert {v.kind for v in audited(HAND_MADE).sums} == {HOLDS}


@needs_seeds
@pytest.mark.reference
def test_statements_of_the_deliverable_are_judged(audited: Callable[..., Audit]) -> None:
    """Availability, hardware and claims: single errors are found, the others hold or are left open."""
    said = {(v.place.line, v.text.partition(": ")[2], v.manner): v.kind for v in audited(HAND_MADE).statements}
    assert said[49, "✅ Single", Manner.AVAILABILITY] is WRONG
    assert said[51, "❌ 8x only (p4d)", Manner.HARDWARE] is WRONG
    assert said[52, "❌ 8x only (ml.p5)", Manner.CLAIM] is WRONG
    assert said[54, "❌ Not available", Manner.AVAILABILITY] is WRONG
    assert said[53, "❌ 8x only (p5e)", Manner.AVAILABILITY] is HOLDS
    assert said[35, "Buffered by FlashBoot", Manner.CLAIM] is WRONG
    assert said[34, "<2.3 seconds", Manner.CLAIM] is HOLDS


@needs_seeds
@pytest.mark.reference
def test_article_has_its_unit_and_statement_errors_found(audited: Callable[..., Audit]) -> None:
    """A rate per second that cannot be, sums off by a factor of 30 to 100, and GPUs where there are none."""
    audit = audited(ARTICLE)
    assert audit.on == date(2026, 3, 31)
    unit = at(audit, 74, "~$0.30/second")
    assert (unit.kind, unit.manner) == (WRONG, Manner.UNIT)
    assert unit.right[0].list_unit_price is not None
    wrong = {(v.place.line, v.printed) for v in audit.sums if v.kind is WRONG}
    assert wrong == {
        (70, "~$100/month"),
        (74, "$180-270/month"),
        (89, "30-80 seconds"),
        (102, "$900/month"),
    }
    statements = [v for v in audit.statements if v.kind is WRONG]
    assert {33, 18} <= {v.place.line for v in statements}
    assert {v.claims[0].claim.id for v in statements} == {"eliminated-sagemaker-serverless"}
    assert any("Modal" in v.reason for v in audit.figures if v.kind is OPEN)
