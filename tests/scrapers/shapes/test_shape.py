"""The shape of a body: its format from its bytes, its names by kind, and what its listings speak of."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scrapers import registry
from scrapers.errors import CorruptError, ParseError
from scrapers.records import Document
from scrapers.registry import parse
from scrapers.shapes import shape
from scrapers.shapes.shape import format_of, shape_of, words_of

MakeDocument = Callable[..., Document]
CASES = sorted(path.parent for path in Path(__file__).parents[1].rglob("fixtures/*/meta.json"))
GPU_TYPES = [
    {
        "id": "EXAMPLE Z9",
        "displayName": "Z9",
        "memoryInGb": 80,
        "secureCloud": True,
        "communityCloud": False,
        "securePrice": 1000.5,
        "communityPrice": None,
    }
]


def graphql(records: list[dict[str, Any]]) -> str:
    """Write an answer of RunPod's API."""
    return json.dumps({"data": {"gpuTypes": records}})


@pytest.mark.parametrize(
    ("start", "resource", "format_"),
    [
        (b"", "a.json", "nothing"),
        (b" \n", "a.csv", "nothing"),
        (b"\xff\xfe{\0", "a.json", "UTF-16 text"),
        (b"\x89PNG\0", "a.html", "binary"),
        (b"<div>", "a.json", "HTML"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html>", "a.md", "HTML"),
        (b"<Tip>text</Tip>", "a.mdx", "Markdown"),
        (b"{/* comment */}", "a.mdx", "Markdown"),
        (b' {"a": 1}', "a.csv", "JSON"),
        (b"callback({", "spot.js", "JSON"),
        (b"call me (later)", "a.json", "text"),
        (b'"FormatVersion","v1.0"\n', "a", "CSV"),
        (b"SKU", "a.csv", "CSV"),
    ],
)
def test_format_is_told_by_the_first_bytes(start: bytes, resource: str, format_: str) -> None:
    """A login page in place of a price list is a page, whatever its name says."""
    assert format_of(start, resource) == format_


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_every_case_has_a_shape(case: Path, read_case_at: Any) -> None:
    """Every body that a parser knows has a structure, and as many listings as the parser finds."""
    document, _ = read_case_at(case)
    listings = parse(document)
    found = shape_of(document)

    assert found.listings == len(listings)
    assert found.problem == ""
    assert set(found.structure) > {"format"}
    assert any(names for kind, names in found.structure.items() if kind != "format")
    assert found.words == words_of(listings)
    assert found.words["services"]


def test_listings_speak_of_names_once(make_document: MakeDocument) -> None:
    """A SKU that is but the GPU's name is told as the GPU; what a source does not say is told as nothing."""
    found = shape_of(make_document("runpod-graphql", graphql(GPU_TYPES)))

    assert {kind: set(words) for kind, words in found.words.items() if words} == {
        "GPUs": {"Z9"},
        "services": {"Pods"},
        "terms": {"On-Demand"},
        "units": {"per GPU-hour"},
        "currencies": {"USD"},
        "clouds": {"Secure Cloud", "Community Cloud"},
    }
    assert "data.gpuTypes[].securePrice: number" in found.structure["fields"]
    assert "data.gpuTypes[].communityPrice: null" in found.structure["fields"]


def test_body_that_is_not_known_has_a_structure_too(make_document: MakeDocument) -> None:
    """That is what it is for: the parser fails, the names are told."""
    found = shape_of(make_document("runpod-graphql", "<title>Sign in</title><p class='wall'>"))

    assert found.listings is None
    assert found.words == {}
    assert "looked for JSON, found HTML" in found.problem
    assert found.structure == {
        "format": {"HTML"},
        "classes": {"wall"},
        "attributes": set(),
        "headings": {"Sign in"},
    }


@pytest.mark.parametrize("body", ["", "no JSON", "{", "[" * 200_000, b"\0\1", "\ufeff"])
def test_rubbish_has_a_format_and_nothing_else(make_document: MakeDocument, body: str | bytes) -> None:
    """No body breaks the look at it."""
    found = shape_of(make_document("runpod-graphql", body))

    assert found.listings is None
    assert {kind for kind, names in found.structure.items() if names} == {"format"}


def test_of_a_large_body_the_beginning_is_looked_at(
    make_document: MakeDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fields, not the values of enumerations, come from a sample; no more of the body is held."""
    asked: list[int] = []

    class Counting(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            asked.append(-1 if size is None else size)
            return super().read(size)

    body = graphql([*GPU_TYPES * 50, {"later": 1}]).encode()
    document = Document(make_document("runpod-graphql", body).capture, lambda: Counting(body))
    monkeypatch.setattr(shape, "SAMPLE_BYTES", 2000)
    monkeypatch.setattr(shape, "parse", lambda _: [])
    fields = shape_of(document).structure["fields"]

    assert asked == [2000, 1]
    assert "data.gpuTypes[].securePrice: number" in fields
    assert "data.gpuTypes[].later: number" not in fields


def test_source_may_look_for_itself(make_document: MakeDocument, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a source's own look finds takes the place of the generic names of that kind."""
    own = SimpleNamespace(shape=lambda _: {"columns": frozenset({"its own"}), "classes": frozenset()})
    monkeypatch.setattr(shape, "source_module", lambda _: own)
    page = make_document("runpod-graphql", "<p class='a'><th>generic</th><h1>kept</h1>")

    found = shape_of(page).structure
    assert (found["columns"], found["classes"], found["headings"]) == ({"its own"}, set(), {"kept"})


@pytest.mark.parametrize("error", [ParseError("a", "b"), KeyError("a"), RecursionError()])
def test_look_of_its_own_may_fail(
    make_document: MakeDocument, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """A body that a source's own look does not know still has the generic names."""

    def broken(_: Document) -> Any:
        raise error

    monkeypatch.setattr(shape, "source_module", lambda _: SimpleNamespace(shape=broken))
    assert shape_of(make_document("runpod-graphql", "<h1>kept</h1>")).structure["headings"] == {"kept"}


def test_damaged_store_is_no_shape(make_document: MakeDocument, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that are not those that were stored are the store's failure, whoever reads them."""

    def broken(_: Document) -> Any:
        raise CorruptError("damaged")

    monkeypatch.setattr(shape, "source_module", lambda _: SimpleNamespace(shape=broken))
    with pytest.raises(CorruptError):
        shape_of(make_document("runpod-graphql", "<h1>kept</h1>"))


def test_capacity_page_tells_the_columns_inside_its_scripts(read_case_at: Any) -> None:
    """The page's tables are JSON inside of JSON; their columns are told nevertheless."""
    case = next(case for case in CASES if case.name == "capacity-blocks-scripts-2026-07-22")
    document, _ = read_case_at(case)

    assert "Region" in shape_of(document).structure["columns"]
    assert callable(registry.source_module("aws-capacity-blocks").shape)  # type: ignore[attr-defined]
