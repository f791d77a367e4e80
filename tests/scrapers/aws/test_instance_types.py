"""Which names are those of GPU instance types."""

import pytest

from scrapers.aws.instance_types import is_gpu_type


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
