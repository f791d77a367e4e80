"""The words of documents for GPUs, instance types, sellers, products and places."""

from __future__ import annotations

import pytest

from normalize.audit import words
from normalize.audit.gpu_words import GpuWords, memory_in
from normalize.audit.instance_words import InstanceWords
from normalize.audit.periods import Period, is_per_gpu, period_of, unit_in
from normalize.facts import Facts, default_facts_folder, load_facts


@pytest.fixture(scope="module")
def facts() -> Facts:
    """Read the hand-kept facts once."""
    return load_facts(default_facts_folder())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A100 (80GB)", [{"a100-sxm-80gb", "a100-pcie-80gb"}]),
        ("A100 80GB", [{"a100-sxm-80gb", "a100-pcie-80gb"}]),
        ("A100", [{"a100-sxm-80gb", "a100-pcie-80gb", "a100-sxm-40gb"}]),
        ("8x H100 SXM", [{"h100-sxm-80gb"}]),
        ("H100 (PCIe, 80 GB)", [{"h100-pcie-80gb"}]),
        ("NVIDIA H100 80GB HBM3", [{"h100-sxm-80gb"}]),
        ("L4, L40 and L40S", [{"l4-24gb"}, {"l40-48gb"}, {"l40s-48gb"}]),
        ("a 4090", [{"rtx-4090-24gb"}]),
        ("H100 with 77 GB", [{"h100-sxm-80gb", "h100-pcie-80gb", "h100-nvl-94gb"}]),
        ("$4090, 24 GB, L4090, p4d", []),
    ],
)
def test_gpu_is_found_in_running_text(facts: Facts, text: str, expected: list[set[str]]) -> None:
    """A name means all cards it may be; form factor and memory beside it narrow them, where some have them."""
    assert [set(mention.gpus) for mention in GpuWords(facts).find(text)] == expected


def test_memory_is_the_only_one_that_is_named() -> None:
    """Two sizes in one text are a doubt."""
    assert memory_in("24GB") == 24
    assert memory_in("40 GB or 80 GB") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ml.g5.xlarge", [("ml.g5.xlarge", ("g5.xlarge",), True)]),
        ("8x p4d", [("p4d", ("p4d.24xlarge",), False)]),
        ("P5en instances", [("p5en", ("p5en.48xlarge",), False)]),
        ("m5.large", [("m5.large", (), False)]),
        ("the L4 and T4", []),
    ],
)
def test_instance_type_is_found_in_running_text(
    facts: Facts, text: str, expected: list[tuple[str, tuple[str, ...], bool]]
) -> None:
    """Types and families are found; one without a GPU has no types here."""
    found = InstanceWords(facts).find(text)
    assert [(m.text, m.types, m.sagemaker) for m in found] == expected


def test_sellers_products_and_places_are_told_apart() -> None:
    """The order is that of the text; a seller that nobody reads keeps its own name."""
    assert [v for _, v in words.providers("RunPod against SageMaker and Modal")] == ["RunPod", "AWS", "Modal"]
    assert [v for _, v in words.providers("AWS Lambda")] == ["AWS Lambda"]
    assert [v for _, v in words.services("SageMaker Serverless", "AWS")] == [words.NO_GPU_SERVICE]
    assert [v for _, v in words.services("Pods and serverless", "RunPod")] == ["Pods", "Serverless"]
    assert words.services("Pods", "Modal") == ()
    assert [v for _, v in words.regions("in N. Virginia or Ohio")] == ["us-east-1", "us-east-2"]
    assert [v for _, v in words.regions("us-west-2 (Oregon)")] == ["us-west-2"]
    assert [v for _, v in words.counts("8x H100, 4 GPUs, single-GPU")] == [8, 4, 1]
    assert words.counts("1,000 × 2 and $8 x 3") == ()
    assert [v for _, v in words.terms_months("1-year or 3yr")] == [12, 36]


@pytest.mark.parametrize(
    ("unit", "period"),
    [("/hr", Period.HOUR), ("per GPU per second", Period.SECOND), ("monthly", Period.MONTH), ("/min", Period.MINUTE),
     ("per day", Period.DAY), ("a year", Period.YEAR), ("per week", Period.WEEK), ("per request", None), ("", None)],
)  # fmt: skip
def test_unit_word_names_a_period(unit: str, period: Period | None) -> None:
    """What is no period of time has none."""
    assert period_of(unit) is period


def test_unit_of_a_head_is_found() -> None:
    """The head of a column says the unit of its numbers, and whether they are of one GPU."""
    assert unit_in("Price (USD/hr)") == "/hr"
    assert unit_in("Cost per GPU-hour") == "per GPU-hour"
    assert unit_in("GPU") == ""
    assert is_per_gpu("Price per GPU")
    assert not is_per_gpu("Price per hour")
