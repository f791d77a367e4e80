"""The facts of instance types against what sources print: a disagreement names both sides."""

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from normalize.facts import Facts
from normalize.instance_check import check_instances
from normalize.offers import normalize
from normalize.records import Severity
from scrapers.records import Listing

REFERENCE = Path(__file__).resolve().parents[2].parent / "shared" / "data"
AWS = "aws-instance-types"


@pytest.fixture
def described(build: ModuleType) -> Callable[..., Listing]:
    """Make a listing as DescribeInstanceTypes prints a g5.xlarge, with changes."""

    def make(**changes: Any) -> Listing:
        printed = {"gpu_name": "NVIDIA A10G", "gpu_count": "1", "gpu_memory": "22888 MiB"}
        made: Listing = build.instance(None, source=AWS, terms="instance type", unit="", **(printed | changes))
        return made

    return make


def test_agreement_is_silent(described: Callable[..., Listing], kept_facts: Facts) -> None:
    """Usable memory in MiB for nominal GiB, the name with or without its maker, and nothing at all are no doubt."""
    listings = [
        described(),
        described(gpu_name="A10G", gpu_memory="24 GB"),
        described(gpu_name=None, gpu_count=None, gpu_memory=None),
        described(sku="ml.g5.xlarge"),
        described(sku="g6f.large", gpu_name="NVIDIA L4", gpu_count="0.125", gpu_memory="2861 MiB"),
        described(sku="p4d.24xlarge", gpu_name="A100", gpu_count="8", gpu_memory="320"),
    ]

    assert check_instances(listings, kept_facts) == ()


@pytest.mark.parametrize(
    ("changes", "kind", "message"),
    [
        ({"gpu_count": "2"}, "count_disagreement", f"{AWS} prints 2 GPUs, data/facts/instances.toml holds 1"),
        ({"gpu_count": "Example"}, "count_disagreement", f"{AWS} prints Example GPUs"),
        (
            {"gpu_name": "NVIDIA L4"},
            "model_disagreement",
            "prints NVIDIA L4, data/facts/instances.toml holds NVIDIA A10G",
        ),
        ({"gpu_name": "Habana A10G"}, "model_disagreement", "prints Habana A10G"),
        ({"gpu_memory": "16384 MiB"}, "memory_disagreement", "prints 16384 MiB of GPU memory in the whole instance"),
        ({"gpu_memory": "40 GB"}, "memory_disagreement", "data/facts/instances.toml holds 24 GiB"),
        ({"gpu_memory": "much"}, "memory_disagreement", "prints much of GPU memory"),
    ],
)
def test_disagreement_names_both(
    changes: dict[str, str], kind: str, message: str, described: Callable[..., Listing], kept_facts: Facts
) -> None:
    """What is printed and what the facts hold stand in one sentence, once however often it is printed."""
    [finding] = check_instances([described(**changes), described(**changes)], kept_facts)

    assert (finding.kind, finding.severity, finding.source) == (kind, Severity.WARNING, AWS)
    assert finding.message.startswith("g5.xlarge: ")
    assert message in finding.message


def test_unknown_type_is_a_finding(described: Callable[..., Listing], kept_facts: Facts) -> None:
    """A type of a GPU family that the facts do not hold is told with what is printed of it."""
    [finding] = check_instances([described(sku="g99.xlarge")], kept_facts)

    assert (finding.kind, finding.severity) == ("unknown_instance", Severity.ERROR)
    assert "g99.xlarge: aws-instance-types prints 1 NVIDIA A10G 22888 MiB" in finding.message


def test_other_accelerators_are_left_out(described: Callable[..., Listing], kept_facts: Facts) -> None:
    """Inferentia is no GPU, whatever a source counts it as."""
    assert check_instances([described(sku="inf2.xlarge", gpu_name="Inferentia2")], kept_facts) == ()


def test_normalisation_asks(build: ModuleType, described: Callable[..., Listing], kept_facts: Facts) -> None:
    """The source's own read says where the facts are in doubt, and its types are catalogue entries."""
    capture = build.capture(described(gpu_count="2"), described())
    result = normalize([capture], build.source(AWS), kept_facts)

    assert [finding.kind for finding in result.findings] == ["count_disagreement"]
    assert [entry.sku for entry in result.catalogue] == ["g5.xlarge", "g5.xlarge"]


@pytest.mark.reference
def test_vantage_differs_only_where_it_is_known_to_be_wrong(
    kept_facts: Facts, make_vantage: Callable[[bytes], list[Listing]]
) -> None:
    """Its rows of 2025-11-30 disagree in the count of p2 and GB200, which the facts tell apart on purpose."""
    file = REFERENCE / "vantage" / "tsaol_gpu_instances_raw_2025-11-30.json"
    if not file.exists():
        pytest.skip("no reference data beside the checkout")
    findings = check_instances(make_vantage(file.read_bytes()), kept_facts)

    counted = {f.message.partition(":")[0] for f in findings if f.kind == "count_disagreement"}
    assert counted == {"p2.8xlarge", "p2.16xlarge", "p6e-gb200.36xlarge"}
    assert [f.message for f in findings if f.kind == "unknown_instance"] == []


@pytest.fixture
def make_vantage(build: ModuleType) -> Callable[[bytes], list[Listing]]:
    """Make the listings of Vantage's rows, their hardware alone."""

    def make(body: bytes) -> list[Listing]:
        rows = json.loads(body, parse_float=str, parse_int=str)
        return [
            build.instance(
                None,
                source="vantage-ec2",
                sku=row["instance_type"],
                gpu_name=row["GPU_model"],
                gpu_count=row["GPU"],
                gpu_memory=row["GPU_memory"] or None,
            )
            for row in rows
        ]

    return make
