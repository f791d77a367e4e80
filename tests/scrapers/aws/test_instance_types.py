"""Which names are those of GPU instance types."""

from pathlib import Path

import pytest

from normalize.facts import load_facts
from scrapers.aws.instance_types import KNOWN_FAMILIES, is_gpu_type

FACTS = Path(__file__).resolve().parents[3] / "data" / "facts"


@pytest.mark.parametrize(
    "name",
    [
        "g2.2xlarge",
        "g3s.xlarge",
        "g4ad.xlarge",
        "g4dn.metal",
        "g5g.16xlarge",
        "g6f.large",
        "g7e.48xlarge",
        "gr6.4xlarge",
        "gr6f.4xlarge",
        "p3dn.24xlarge",
        "p4de.24xlarge",
        "p6-b200.48xlarge",
        "p6e-gb200.36xlarge",
    ],
)
def test_gpu_families_are_taken(name: str) -> None:
    """Every family of GPU instances by 2026-11 is taken, with hyphens and fractions too."""
    assert is_gpu_type(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "p3",
        "p3.",
        ".xlarge",
        "m5.xlarge",
        "inf2.xlarge",
        "trn1.32xlarge",
        "dl1.24xlarge",
        "vt1.3xlarge",
        "f1.2xlarge",
        "i3en.xlarge",
        "ml.g5.xlarge",
        "grid.xlarge",
        "u-p6e-gb200x72",
        "G5.xlarge",
    ],
)
def test_other_names_are_not(name: str) -> None:
    """A family alone has no size, and AWS's own accelerators are no GPUs."""
    assert not is_gpu_type(name)


@pytest.fixture(scope="module")
def enumerated() -> set[str]:
    """Return the GPU types in the installed botocore's enumeration, the one that AWS itself publishes."""
    loaders = pytest.importorskip("botocore.loaders", reason="the extra 'aws' is not installed")
    service = loaders.Loader().load_service_model("ec2", "service-2")
    return {name for name in service["shapes"]["InstanceType"]["enum"] if is_gpu_type(name)}


def test_known_families_are_those_of_botocore(enumerated: set[str]) -> None:
    """What is shipped, so that nobody needs botocore, is what botocore enumerates."""
    assert {name.partition(".")[0] for name in enumerated} == KNOWN_FAMILIES


def test_facts_know_every_type_that_botocore_enumerates(enumerated: set[str]) -> None:
    """The hand-kept facts name the GPU of every type of the enumeration, and no family that it does not know."""
    known = {instance.type for instance in load_facts(FACTS).instances}

    assert enumerated - known == set()
    assert {name.partition(".")[0] for name in known if "." in name} <= KNOWN_FAMILIES
