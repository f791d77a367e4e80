"""Documents for the tests of parsers and of the core."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scrapers.records import Content, Document, Obtained, Response

MakeResponse = Callable[..., Response]


@pytest.fixture
def make_response() -> MakeResponse:
    """Make a response of a body that was read at 06:00:00 on 2026-11-01."""

    def make(body: bytes = b"[]", *, resource: str = "body.json", url: str = "https://example.org/") -> Response:
        return Response(
            resource=resource,
            url=url,
            answered_url=url,
            retrieved_at=datetime(2026, 11, 1, 6, tzinfo=UTC),
            status=200,
            media_type="application/json",
            body=Content.of(body),
            headers={"etag": '"1"'},
        )

    return make


@pytest.fixture
def make_document(make_response: MakeResponse) -> Callable[..., Document]:
    """Make a document of a source from a body's text or bytes."""

    def make(
        source: str, body: str | bytes, *, url: str = "https://example.org/", obtained: Obtained = Obtained.LIVE
    ) -> Document:
        content = body.encode() if isinstance(body, str) else body
        return Document.of(make_response(content, url=url), source=source, obtained=obtained)

    return make


@pytest.fixture
def read_case_at() -> Callable[[Path], tuple[Document, list[dict[str, Any]]]]:
    """Read the fixture case in a folder: its document and the listings that it must give."""

    def read(case: Path) -> tuple[Document, list[dict[str, Any]]]:
        meta = json.loads((case / "meta.json").read_text())
        response = Response(
            resource=meta["resource"],
            url=meta["url"],
            answered_url=meta["url"],
            retrieved_at=datetime.fromisoformat(meta["retrieved_at"]),
            status=200,
            media_type=meta["media_type"],
            body=Content.of((case / meta["resource"]).read_bytes()),
        )
        document = Document.of(response, source=meta["source"], obtained=Obtained(meta["obtained"]))
        return document, json.loads((case / "expected.json").read_text())

    return read
