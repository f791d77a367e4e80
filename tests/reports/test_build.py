"""The client report built from the bundled examples: what it says, what it refuses to say, and that it is stable."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows import steps
from normalize.facts import Facts, default_facts_folder, load_facts
from reports.brief import Brief, GpuRow, load_brief
from reports.build import SECTIONS, build_report
from reports.records import Bullets, Line, Paragraph, Report, Section, Table
from scrapers.archive.store import Store
from scrapers.errors import FactsError
from scrapers.places.exhibits import Exhibits

PROJECT = Path(__file__).resolve().parents[2]
EXAMPLES = PROJECT / "data" / "examples"
DELIVERABLE = [
    "Executive Summary",
    "Product Category Mapping",
    "AWS Products Eliminated from Comparison",
    "Scale-to-Zero Comparison",
    "Single-GPU Availability",
    "Serverless Pricing Comparison (Scale-to-Zero)",
    "Always-On Pricing Comparison (Pod vs EC2)",
    "Cold Start Architecture",
    "GPU Generation Availability Summary",
    "Source References",
]


@pytest.fixture(scope="module")
def facts() -> Facts:
    """Return the hand-kept facts."""
    return load_facts(default_facts_folder())


@pytest.fixture(scope="module")
def reader(facts: Facts) -> steps.MarketReader:
    """Return a reader of the bundled examples."""
    return steps.MarketReader(Store.at(EXAMPLES), facts)


@pytest.fixture(scope="module")
def brief(facts: Facts) -> Brief:
    """Return the brief of the client."""
    return load_brief("archibus", facts)


def build(day: str, reader: steps.MarketReader, brief: Brief, facts: Facts) -> Report:
    """Return the report of a day."""
    market = reader.market(steps.read_moment(day, option="--as-of"))
    return build_report(brief, market, reader.before(market), facts, generator="ratecard test")


@pytest.fixture(scope="module")
def winter(reader: steps.MarketReader, brief: Brief, facts: Facts) -> Report:
    """Return the report of 2025-12-01, the date of the hand-made deliverable."""
    return build("2025-12-01", reader, brief, facts)


@pytest.fixture(scope="module")
def autumn(reader: steps.MarketReader, brief: Brief, facts: Facts) -> Report:
    """Return the report of 2026-11-09."""
    return build("2026-11-09", reader, brief, facts)


def text(line: Line) -> str:
    """Return a line's text without its marks and receipts."""
    return "".join(span.text for span in line)


def section(report: Report, name: str) -> Section:
    """Return a section by its name in the brief."""
    return next(s for s in report.sections if s.anchor == name.replace("_", "-"))


def row(report: Report, name: str, label: str) -> dict[str, str]:
    """Return a row of a section's first table by its first cell: column head to text."""
    table = next(b for b in section(report, name).blocks if isinstance(b, Table))
    cells = next(r for r in table.rows if text(r[0]) == label)
    return {column.head: text(cell) for column, cell in zip(table.columns, cells, strict=True)}


def lines(report: Report) -> Iterator[Line]:
    """Yield every line of a report."""
    for part in report.sections:
        for block in part.blocks:
            if isinstance(block, Table):
                yield from (cell for cells in block.rows for cell in cells)
            elif isinstance(block, Bullets):
                yield from block.items
            elif isinstance(block, Paragraph):
                yield block.line


def test_ten_sections_stand_in_the_deliverables_order(winter: Report) -> None:
    """The client finds the same questions in the same order, then what changed and how good the data is."""
    assert [s.title for s in winter.sections][:10] == DELIVERABLE
    assert [s.title for s in winter.sections][10:] == ["What Changed Since the Last Report", "Data Quality"]
    assert [s.number for s in winter.sections] == list(range(1, 13))


def test_serverless_l40s_is_37_percent_dearer_on_aws(winter: Report) -> None:
    """RunPod flex 1.908 against ml.g6e.xlarge 2.61 reads +37% AWS, as the deliverable computes it."""
    l40s = row(winter, "serverless_pricing", "L40S")
    assert l40s["RunPod Serverless"].startswith("$1.908/hr")
    assert l40s["SageMaker Real-Time"].startswith("$2.61/hr ml.g6e.xlarge")
    assert l40s["Delta"] == "+37% AWS"
    assert "(+37% AWS)" in text(winter.sections[0].blocks[0].items[0])  # type: ignore[union-attr]  # bullets


def test_h100_pod_has_the_pod_price(winter: Report) -> None:
    """The pod price is the page's 2.69, not the Active rate 3.348 that the hand-made deliverable printed."""
    h100 = row(winter, "always_on_pricing", "H100 SXM")
    assert h100["RunPod Pod"] == "$2.69/hr (cloud type not stated)"
    printed = " ".join(text(line) for line in lines(winter))
    for active in ("$3.348", "$3.35", "$1.332", "$1.33", "$2.16", "$2.17", "$4.464", "$4.46"):
        assert active not in printed


def test_a10g_is_not_offered_by_runpod(winter: Report) -> None:
    """RunPod never sold an A10G: the report says so wherever it would stand."""
    assert row(winter, "serverless_pricing", "A10G")["RunPod Serverless"].startswith("N/A: not offered")
    assert row(winter, "always_on_pricing", "A10G")["RunPod Pod"].startswith("N/A: not offered")
    cell = row(winter, "single_gpu", "A10G (24 GB)")["RunPod Pod"]
    assert cell == "Not in RunPod's list of GPU types of 2025-11-19"


def test_a100_40_and_80_gb_are_two_rows(winter: Report) -> None:
    """p4d is the 40 GB card and stands apart from p4de with 80 GB."""
    small = row(winter, "always_on_pricing", "A100 40 GB")
    large = row(winter, "always_on_pricing", "A100 80 GB SXM")
    assert "p4d.24xlarge" in small["EC2 On-Demand"]
    assert small["Memory"] == "40 GB"
    assert "p4de.24xlarge" in large["EC2 On-Demand"]
    assert "p4d.24xlarge" not in large["EC2 On-Demand"]


def test_nodes_are_never_set_against_one_gpu_unsaid(autumn: Report) -> None:
    """Where AWS sells eight at a time, the node, its share and the delta per GPU are all named."""
    h200 = row(autumn, "always_on_pricing", "H200")
    assert "8×; $7.912 per GPU" in h200["EC2 On-Demand"]
    assert "sold 8 at a time" in h200["Delta"]


def test_one_line_answer_sets_nothing_unlike_side_by_side(winter: Report, autumn: Report) -> None:
    """The cover compares single GPUs where it can, names old figures as old, and the receipts of both."""
    assert winter.answer.startswith("Serverless: one L40S GPU-hour costs $1.908 on RunPod and $2.61 on AWS, 37% more")
    assert "one L40S GPU-hour" in autumn.answer
    assert "days old" in autumn.answer
    for report in (winter, autumn):
        numbers = re.search(r"receipts (\d+) and (\d+)\)", report.answer)
        assert numbers is not None
        subjects = [report.receipts[int(n) - 1].subject for n in numbers.groups()]
        assert ["RunPod" in subjects[0], "AWS" in subjects[1]] == [True, True]


def test_no_tbd_and_no_tilde(winter: Report, autumn: Report) -> None:
    """Where the deliverable said TBD or ~, there is a figure or a reason."""
    for report in (winter, autumn):
        table = next(b for b in section(report, "always_on_pricing").blocks if isinstance(b, Table))
        for cell in (text(cell) for cells in table.rows for cell in cells[2:6]):
            assert re.match(r"(\$\d|N/A: \w|[+-]\d)", cell), cell


def test_every_amount_has_a_receipt(winter: Report, autumn: Report) -> None:
    """A dollar amount in a table or the summary carries the number of its receipt, or stands beside one that does."""
    for report in (winter, autumn):
        for name in ("executive_summary", "serverless_pricing", "always_on_pricing", "generations"):
            for line in (ln for s in report.sections if s.anchor == name.replace("_", "-") for ln in _lines_of(s)):
                if any(re.search(r"\$\d", span.text) for span in line):
                    assert any(span.receipts for span in line), text(line)


def _lines_of(part: Section) -> Iterator[Line]:
    for block in part.blocks:
        if isinstance(block, Table):
            yield from (cell for cells in block.rows for cell in cells)
        elif isinstance(block, Bullets):
            yield from block.items


def test_receipts_are_numbered_without_gaps_and_all_cited(autumn: Report) -> None:
    """Receipt n is the n-th, and each is cited."""
    cited = {number for line in lines(autumn) for span in line for number in span.receipts}
    assert [r.number for r in autumn.receipts] == list(range(1, len(autumn.receipts) + 1))
    assert cited == {r.number for r in autumn.receipts}


def test_every_receipt_leads_to_its_quote(autumn: Report) -> None:
    """Each receipt's locator, read again in the archived body, gives the quoted text."""
    exhibits = Exhibits(Store.at(EXAMPLES))

    for receipt in autumn.receipts:
        assert exhibits.of(receipt.sha256, receipt.locator).quote == receipt.quote


def test_what_changed_names_the_moves_of_the_autumn(winter: Report, autumn: Report) -> None:
    """H100 SXM 3.29 to 3.99 and A100 PCIe 1.39 to 1.79 are shown; a first report says that it is the first."""
    table = next(b for b in section(autumn, "changes").blocks if isinstance(b, Table))
    moves = {text(r[0]): [text(c) for c in r[1:]] for r in table.rows}
    assert moves["RunPod Pods H100 SXM, secure, on-demand"] == ["$3.29", "$3.99", "+21.3%"]
    assert moves["RunPod Pods A100 PCIe, secure, on-demand"] == ["$1.39", "$1.79", "+28.8%"]
    first = section(winter, "changes").blocks[0]
    assert isinstance(first, Paragraph)
    assert "first report" in text(first.line)


def test_first_page_says_what_the_data_is(winter: Report) -> None:
    """Reconstructed, stale and missing sources are named on the first page."""
    assert any("reconstructed" in notice for notice in winter.notices)
    assert any("older than their limit" in notice for notice in winter.notices)
    assert any("Without any figure" in notice for notice in winter.notices)


def test_gpu_that_nobody_sells_gets_a_reason(reader: steps.MarketReader, brief: Brief, facts: Facts) -> None:
    """A brief may name a card that no source prices: its row says so, and the report is made."""
    priced = {o.gpu for o in reader.market().offers}
    unsold = next(g.id for g in facts.gpus if g.id not in priced)
    odd = brief.model_copy(update={"gpu": (GpuRow(label="Unsold", gpus=(unsold,)),)})
    report = build("2026-11-09", reader, odd, facts)
    cells = row(report, "always_on_pricing", "Unsold")
    assert cells["EC2 On-Demand"].startswith("N/A: ")
    assert "no difference is stated" in text(section(report, "executive_summary").blocks[0].items[0])  # type: ignore[union-attr]
    assert report.answer == "No GPU of this report has a dated price on both sides."


def test_unknown_section_is_named(reader: steps.MarketReader, brief: Brief, facts: Facts) -> None:
    """A brief with a section that there is not is refused with the sections that there are."""
    odd = brief.model_copy(update={"sections": ("executive_summary", "weather")})
    with pytest.raises(FactsError, match="unknown section 'weather'"):
        build("2026-11-09", reader, odd, facts)
    assert set(brief.sections) == set(SECTIONS)


def test_same_inputs_give_the_same_bytes_in_two_processes_and_folders(tmp_path: Path) -> None:
    """All four files are byte-identical from two processes, working folders, homes and time zones."""
    digests = []
    for number, zone in enumerate(("UTC", "Asia/Tokyo")):
        folder = tmp_path / f"place {number}"
        folder.mkdir()
        code = "import sys; from flows.command_line import run; sys.exit(run(sys.argv[1:]))"
        arguments = ["report", "--as-of", "2026-11-09", "--store", str(EXAMPLES), "--out", str(folder)]
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "TZ": zone, "PYTHONHASHSEED": str(number)}
        subprocess.run([sys.executable, "-c", code, *arguments], check=True, cwd=folder, env=environment)
        digests.append({p.suffix: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.glob("archibus-*")})
    assert len(digests[0]) == 4
    assert digests[0] == digests[1]


def test_report_of_a_date_ignores_what_came_later(reader: steps.MarketReader, winter: Report) -> None:
    """A report as of a date knows nothing of later snapshots."""
    assert winter.date == "2025-12-01"
    assert all(r.retrieved[:10] <= "2025-12-01" for r in winter.receipts)
    assert reader.market(datetime(2025, 12, 2, tzinfo=UTC)).stamp == "2025-12-01T060000Z"
