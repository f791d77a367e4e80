"""Writes an artificial `instances.json` of the size that Vantage serves.

It begins with the instances of the tests' fixture, whose figures are public. All others are padding in the same format,
with names and numbers that nobody takes for real: 100 types with a GPU, in 12 regions each (84 types in 13 on
2025-11-30), and as many without as it takes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

FIXTURE = Path(__file__).resolve().parents[2] / "tests/scrapers/vantage/fixtures/instances-2025-11-30/instances.json"
FULL_BYTES = 300_000_000
GPU_TYPES = 100
REGIONS = [f"{area}-{side}-{number}" for area in ("us", "eu", "ap") for side in ("west", "east") for number in range(6)]
PLATFORMS = ("dedicated", "linux", "mswin", "rhel", "sles", "ubuntu", "linuxSQL", "mswinSQL")
TERMS = [
    f"yrTerm{years}{kind}.{payment}"
    for years in (1, 3)
    for kind in ("Convertible", "Savings", "Standard")
    for payment in ("allUpfront", "noUpfront", "partialUpfront")
]
SPOT = {"spot_min": "111.1", "spot_avg": "222.2", "spot_max": "333.3", "pct_interrupt": "5-10%", "pct_savings_od": 50}
NAME = "NAME.48xlarge"


def write_feed(path: Path, *, share: float = 1.0) -> int:
    """Write a feed of some 300 MB, a share below 1 makes it smaller; return the number of its instances."""
    count = size = 0
    with path.open("wb") as file:
        for count, text in enumerate(_instances(), start=1):
            size += file.write((b",\n" if count > 1 else b"[\n") + text)
            if size >= share * FULL_BYTES:
                break
        file.write(b"\n]\n")
    return count


def _instances() -> Iterator[bytes]:
    """Yield the fixture's instances, then those with a GPU, then plain ones without an end."""
    yield from map(_printed, json.loads(FIXTURE.read_bytes()))
    with_gpu = {"family": "GPU instance", "GPU": 8, "GPU_model": "TEST A", "GPU_memory": 88}
    plain = {"family": "General purpose", "GPU": 0, "GPU_model": None, "GPU_memory": 0}
    yield from _copies(_printed(_instance(with_gpu, REGIONS[::3])), b"z%dtest.48xlarge", GPU_TYPES)
    yield from _copies(_printed(_instance(plain, REGIONS)), b"x%dtest.48xlarge", 1_000_000)


def _copies(text: bytes, name: bytes, number: int) -> Iterator[bytes]:
    for each in range(number):
        yield text.replace(NAME.encode(), name % each)


def _instance(kind: dict[str, object], regions: list[str]) -> dict[str, object]:
    """Return an instance with the feed's keys in its order of 2025-11-30: the model of its GPU after the prices."""
    terms = {"ondemand": "1111.1", "reserved": dict.fromkeys(TERMS, "999.999999")}
    platforms = {name: {**terms, **(SPOT if name in ("linux", "mswin") else {})} for name in PLATFORMS}
    return {
        "instance_type": NAME,
        "family": kind["family"],
        "vCPU": 192,
        "memory": 2048,
        "pretty_name": "Example 48xlarge",
        "arch": ["x86_64"],
        "generation": "current",
        "GPU": kind["GPU"],
        "FPGA": 0,
        "pricing": {region: {**platforms, "emr": {"emr": "11.1000000000"}, "ebs": "0.11"} for region in regions},
        "regions": dict.fromkeys(regions, "Example (S\u00e3o Example)"),
        "GPU_model": kind["GPU_model"],
        "compute_capability": 0,
        "GPU_memory": kind["GPU_memory"],
        "availability_zones": {},
        "storage": {"nvme_ssd": True, "devices": 8, "size": 3800, "size_unit": "GB"},
    }


def _printed(instance: object) -> bytes:
    """Return an instance as the feed prints it: indented by one space, in an array."""
    return b" " + json.dumps(instance, indent=1).replace("\n", "\n ").encode()
