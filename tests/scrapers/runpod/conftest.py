"""The fixture cases of RunPod: a raw body, the listings it must give, and where its figures are public."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scrapers.records import Document, Obtained, Response

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture
def read_case() -> Callable[[str], tuple[Document, list[dict[str, Any]]]]:
    """Read a case by its name: its document and the listings that it must give."""

    def read(case: str) -> tuple[Document, list[dict[str, Any]]]:
        meta = json.loads((FIXTURES / case / "meta.json").read_text())
        response = Response(
            resource=meta["resource"],
            url=meta["url"],
            answered_url=meta["url"],
            retrieved_at=datetime.fromisoformat(meta["retrieved_at"]),
            status=200,
            media_type=meta["media_type"],
            body=(FIXTURES / case / meta["resource"]).read_bytes(),
        )
        document = Document.of(response, source=meta["source"], obtained=Obtained(meta["obtained"]))
        return document, json.loads((FIXTURES / case / "expected.json").read_text())

    return read


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
            body=text.encode(),
        )
        return Document.of(response, source=source)

    return make
