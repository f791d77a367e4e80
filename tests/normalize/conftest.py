"""What the tests of normalisation share: the hand-kept facts, and the module that builds artificial records."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from normalize.facts import Facts, default_facts_folder, load_facts


@pytest.fixture(scope="session")
def build(load_module: Callable[[Path], ModuleType]) -> ModuleType:
    """The module that builds artificial records."""
    return load_module(Path(__file__).with_name("builders.py"))


@pytest.fixture(scope="session")
def kept_facts() -> Facts:
    """The hand-kept facts of this checkout."""
    return load_facts(default_facts_folder())
