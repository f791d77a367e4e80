"""The sample reports, and their PDFs, which take seconds: made once."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from reports.as_pdf import render_pdf
from reports.records import Report


@pytest.fixture(scope="session")
def sample(load_module: Callable[[Path], ModuleType]) -> ModuleType:
    """The module that makes sample reports."""
    return load_module(Path(__file__).with_name("sample.py"))


@pytest.fixture(scope="session")
def small(sample: ModuleType) -> Report:
    """A report with one of everything."""
    report: Report = sample.small()
    return report


@pytest.fixture(scope="session")
def large(sample: ModuleType) -> Report:
    """A report of some twelve pages with sixty receipts."""
    report: Report = sample.large()
    return report


@pytest.fixture(scope="session")
def large_pdf(large: Report) -> bytes:
    """The large report as PDF."""
    return render_pdf(large)
