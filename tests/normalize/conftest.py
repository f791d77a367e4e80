"""What the tests of normalisation share: the hand-kept facts, and the module that builds artificial records."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import settings

from normalize.facts import Facts, default_facts_folder, load_facts

settings.register_profile("ratecard", deadline=None, derandomize=True, database=None)
settings.load_profile("ratecard")


@pytest.fixture(scope="session")
def build() -> ModuleType:
    """The module that builds artificial records; loaded by path, since tests are no packages."""
    spec = importlib.util.spec_from_file_location("ratecard_builders", Path(__file__).with_name("builders.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def kept_facts() -> Facts:
    """The hand-kept facts of this checkout."""
    return load_facts(default_facts_folder())
