"""Statements of small documents, audited against the bundled examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.auditing import audit_file
from flows.steps import MarketReader
from normalize.audit.records import Audit, StatementVerdict, VerdictKind
from normalize.facts import Facts, default_facts_folder, load_facts
from scrapers.archive.store import Store

PROJECT = Path(__file__).resolve().parents[2]
HOLDS, WRONG, OPEN = VerdictKind.HOLDS, VerdictKind.WRONG, VerdictKind.NOT_VERIFIABLE


@pytest.fixture(scope="module")
def facts() -> Facts:
    """Read the hand-kept facts once."""
    return load_facts(default_facts_folder())


@pytest.fixture(scope="module")
def reader(facts: Facts) -> MarketReader:
    """Return a reader of the bundled examples."""
    return MarketReader(Store.at(PROJECT / "data" / "examples"), facts)


def audit(text: str, folder: Path, reader: MarketReader, facts: Facts) -> Audit:
    """Audit a text as of 2025-12-01."""
    path = folder / "document.md"
    path.write_text(f"# 2025-12-01\n\n{text}\n", encoding="utf-8")
    return audit_file(path, reader, facts, default_facts_folder())


def table(column: str, gpu: str, cell: str) -> str:
    """Make a table of one statement."""
    return f"| GPU | {column} |\n|---|---|\n| {gpu} | {cell} |"


@pytest.mark.parametrize(
    ("column", "gpu", "cell", "kind"),
    [
        ("RunPod Pods", "H100 PCIe", "✅ Single", HOLDS),
        ("RunPod Serverless", "L40S", "available", HOLDS),
        ("RunPod", "A10G", "❌", HOLDS),
        ("RunPod", "A10G", "yes", WRONG),
        ("RunPod", "L4", "not available", WRONG),
        ("RunPod Clusters", "H100 PCIe", "✅ Single", OPEN),
        ("EC2", "A100 80GB", "8x only", HOLDS),
        ("EC2", "A100 80GB", "✅ Single", WRONG),
        ("EC2", "H100", "not available", WRONG),
        ("EC2", "MI300X", "✅ Single", OPEN),
        ("SageMaker", "H200", "8x only", HOLDS),
        ("SageMaker", "H100 80GB", "8x only", WRONG),
        ("Modal", "H100", "✅ Single", OPEN),
        ("EC2 or SageMaker", "H100", "✅ Single", OPEN),
    ],
)
def test_availability_is_checked_against_offers_lists_and_claims(  # noqa: PLR0913, PLR0917  # a row and two fixtures
    column: str, gpu: str, cell: str, kind: VerdictKind, tmp_path: Path, reader: MarketReader, facts: Facts
) -> None:
    """What can be had is what offers show, sellers' lists name, or a dated claim says; else nobody knows."""
    found = audit(table(column, gpu, cell), tmp_path, reader, facts)
    (verdict,) = [v for v in found.statements if v.text.endswith(cell)]
    assert verdict.kind is kind
    assert verdict.reason


def only(found: Audit) -> StatementVerdict:
    """Return the one statement of an audit."""
    (verdict,) = found.statements
    return verdict


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("The g5.xlarge has an A10G inside.", HOLDS, "g5.xlarge has A10G with 24 GB."),
        ("The g5.xlarge has an A100 80GB inside.", WRONG, "g5.xlarge has A10G with 24 GB, not A100 with 80 GB."),
        ("The p4d has the A100 with 80 GB.", WRONG, "it is p4de.24xlarge"),
        ("The H100 has 77 GB.", WRONG, "H100 has 80 or 94 GB, not 77."),
        ("The H200 is an Ampere card.", WRONG, "H200 is of the generation Hopper, not Ampere."),
        ("The H200 is a Hopper card with 141 GB.", HOLDS, "H200: 141 GB, Hopper."),
        ("RunPod is a nice place to rent.", OPEN, "No row of data/facts/claims.toml"),
    ],
)
def test_hardware_is_checked_against_the_facts(  # noqa: PLR0913, PLR0917  # a row and two fixtures
    text: str, kind: VerdictKind, words: str, tmp_path: Path, reader: MarketReader, facts: Facts
) -> None:
    """GPU, memory and generation of cards and instance types are looked up; what nobody knows is said so."""
    verdict = only(audit(text, tmp_path, reader, facts))
    assert verdict.kind is kind
    assert words in verdict.reason


@pytest.mark.parametrize(
    "text", ["Is the H100 on RunPod?", "Source: RunPod pricing page", "## Sources\n\n- RunPod Pricing for the H100"]
)
def test_questions_and_sources_are_no_statements(text: str, tmp_path: Path, reader: MarketReader, facts: Facts) -> None:
    """What asserts nothing is read, and counted among the lines that say nothing to check."""
    found = audit(text, tmp_path, reader, facts)
    assert found.statements == ()
    assert found.plain_lines
