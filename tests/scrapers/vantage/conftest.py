"""Artificial instances of Vantage's feed."""

from collections.abc import Callable
from typing import Any

import pytest

Record = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def record() -> Record:
    """Make one instance of the feed: accelerated, with a Linux price in us-east-1, but for what is changed."""

    def make(linux: object = None, **changes: object) -> dict[str, Any]:
        instance = {
            "instance_type": "z9test.large",
            "family": "GPU instance",
            "GPU": 1,
            "GPU_model": "TEST A",
            "GPU_memory": 11,
            "pricing": {"us-east-1": {"linux": {"ondemand": "11.1"} if linux is None else linux}},
        }
        return {**instance, **changes}

    return make


@pytest.fixture(scope="session")
def plain(record: Record) -> Record:
    """Make one instance without accelerators."""

    def make(number: int, **changes: object) -> dict[str, Any]:
        none = {"family": "General purpose", "GPU": 0, "GPU_model": None, "GPU_memory": 0}
        return record(**{"instance_type": f"x{number}test.large", **none, **changes})

    return make
