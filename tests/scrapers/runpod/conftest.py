"""The fixture cases of RunPod: a raw body, the listings it must give, and where its figures are public."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scrapers.records import Content, Document, Response

FIXTURES = Path(__file__).parent / "fixtures"
Case = tuple[Document, list[dict[str, Any]]]


@pytest.fixture
def read_case(read_case_at: Callable[[Path], Case]) -> Callable[[str], Case]:
    """Read a case by its name: its document and the listings that it must give."""
    return lambda case: read_case_at(FIXTURES / case)


@pytest.fixture
def document_of() -> Callable[[str, str], Document]:
    """Make a document of a source from a body's text."""

    def make(source: str, text: str) -> Document:
        response = Response(
            resource="body",
            url="https://example.org/",
            answered_url="https://example.org/",
            retrieved_at=datetime(2026, 11, 1, tzinfo=UTC),
            status=200,
            media_type="text/plain",
            body=Content.of(text.encode()),
        )
        return Document.of(response, source=source)

    return make
