"""What all tests share: the property tests' profile, a server on this machine, modules that lie beside the tests."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import settings
from local_origin import Origin, open_origin

# The same examples on every machine, however slow it is.
settings.register_profile("ratecard", deadline=None, derandomize=True, database=None)
settings.load_profile("ratecard")


@pytest.fixture(scope="session")
def load_module() -> Callable[[Path], ModuleType]:
    """Load a module of the tests by its path, since tests are no packages."""

    def load(path: Path) -> ModuleType:
        spec = importlib.util.spec_from_file_location(f"ratecard_tests_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


@pytest.fixture
def origin() -> Iterator[Origin]:
    """Run a server on this machine for the length of a test; what is not laid there is a 404."""
    with open_origin() as served:
        yield served
