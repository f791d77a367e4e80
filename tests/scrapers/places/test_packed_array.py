"""Large JSON bodies: a locator reads one element of an array, with the memory of the array packed."""

import io
import json
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from scrapers.errors import ParseError
from scrapers.places import locate
from scrapers.places.evidence import read_surroundings
from scrapers.places.locate import OpenBody, read_locator
from scrapers.places.packed_array import PackedArray
from scrapers.records import Document

MakeDocument = Callable[..., Document]
CONTENT = [{"id": n, "prices": {"a/b": [n / 4, {"x": "11.10"}]}, "text": f" of  {n} "} for n in range(40)]
PLACES = [
    "json:/0/id",
    "json:/39/prices/a~1b/0",
    "json:/7/prices/a~1b/1/x",
    "json:/7/text",
    "json:/3",
    "json:/3/prices",
]


@pytest.fixture
def document(make_document: MakeDocument) -> Document:
    """Make a document of an array."""
    return make_document("test-source", json.dumps(CONTENT, indent=1))


@pytest.fixture
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every body for one that is not read as a whole."""
    monkeypatch.setattr(locate, "WHOLE_JSON_BYTES", 10)


def test_elements_are_at_hand_in_any_order() -> None:
    """Every element is found by its place, as it was printed; there is none after the last."""
    packed = PackedArray(io.BytesIO(b'[{"a": 1.50}, "two",\n[3]]'))

    assert [packed[index] for index in (2, 0, 1, 2)] == [b"[3]", b'{"a": 1.50}', b'"two"', b"[3]"]
    with pytest.raises(IndexError):
        packed[3]


def test_large_array_is_read_as_a_small_one(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands at a locator does not depend on how large the body is; its own element stands around it."""
    whole = [read_locator(document, place) for place in PLACES]
    monkeypatch.setattr(locate, "WHOLE_JSON_BYTES", 10)
    body = OpenBody(document)

    assert [body.read(place) for place in PLACES] == whole
    around = read_surroundings(body, PLACES[1])
    assert (around.value, around.text.count("id")) == ("9.75", 1)
    assert "json_content" not in vars(body)


@pytest.mark.usefixtures("everything_is_large")
def test_large_array_is_read_once(document: Document) -> None:
    """Many locators of a large array, in any order, cost one pass over its bytes."""
    opened: list[int] = []
    counting = Document(document.capture, lambda: opened.append(1) or document.opener())  # type: ignore[func-returns-value]
    body = OpenBody(counting)

    assert [body.read(f"json:/{n}/id") for n in (5, 39, 0, 5)] == ["5", "39", "0", "5"]
    assert len(opened) == 1


@pytest.mark.usefixtures("everything_is_large")
@pytest.mark.parametrize("place", ["json:/40/id", "json:/-1/id", "json:/01/id", "json:/x", "json:/0/ID", "json:0/id"])
def test_locator_that_leads_nowhere_in_a_large_array(document: Document, place: str) -> None:
    """Nothing there is the error that it is in a small body."""
    with pytest.raises(ParseError, match=f"nothing to read at '{place}'"):
        read_locator(document, place)


@pytest.mark.usefixtures("everything_is_large")
def test_large_object_is_read_as_a_whole(make_document: MakeDocument) -> None:
    """A body that is no array is read as before."""
    assert read_locator(make_document("test-source", '{"a": {"b": "11.10"}}'), "json:/a/b") == "11.10"
    assert read_locator(make_document("test-source", 'callback([["11.10"]]);'), "json:/0/0") == "11.10"
    assert read_locator(make_document("test-source", "[1.0,  2.0]"), "json:") == '["1.0", "2.0"]'


@pytest.mark.usefixtures("everything_is_large")
def test_large_array_that_breaks_off(make_document: MakeDocument) -> None:
    """Of an array that is not whole nothing is read."""
    with pytest.raises(ParseError, match="nothing to read at 'json:/0': looked for a comma or the end"):
        read_locator(make_document("test-source", '["11.10", "22.2"'), "json:/0")


def test_memory_does_not_grow_with_the_array(make_document: MakeDocument, tmp_path: Path) -> None:
    """Reading a place in an array of 40 MB takes a fraction of its size."""
    element = json.dumps({"id": 1, "text": [{"key": "11.10"}] * 6000})
    file = tmp_path / "large.json"
    file.write_text(f"[{', '.join([element] * 400)}]")
    small = make_document("test-source", "[]")
    size = file.stat().st_size
    large = Document(replace(small.capture, size=size), lambda: file.open("rb"))
    tracemalloc.start()
    try:
        assert read_locator(large, "json:/399/text/5999/key") == "11.10"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert size > 40_000_000
    assert peak < 12_000_000
