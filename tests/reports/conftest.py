"""The sample reports, and their PDFs, which take seconds: made once."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from reports.as_pdf import render_pdf
from reports.records import Report


@pytest.fixture(scope="session")
def sample() -> ModuleType:
    """The module that makes sample reports; loaded by path, since tests are no packages."""
    spec = importlib.util.spec_from_file_location("ratecard_sample_reports", Path(__file__).with_name("sample.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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
