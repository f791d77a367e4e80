"""The elements of a JSON array are found exactly, however it is written and in whatever pieces it comes."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.places import json_array
from scrapers.places.json_array import ArrayScan, NoArrayError, read_elements

NASTY = ('"', "\\", '\\"', "{", "}", "[]", "},{", '}, {"a": 1', "é€", "\n", '\\\\"{', "", "plain")
VALUES = st.recursive(
    st.sampled_from(NASTY) | st.integers(-100, 10**6) | st.sampled_from((None, True, 1.5, 0.000001)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NASTY), inner, max_size=4),
    max_leaves=12,
)
ALIKE = st.fixed_dictionaries({"a": VALUES, "b": VALUES})
STYLES: tuple[dict[str, Any], ...] = ({}, {"indent": 1}, {"separators": (",", ":")}, {"ensure_ascii": False})


def elements_of(body: bytes, *, piece: int = 1 << 20, block: int = 1) -> list[bytes]:
    """Feed a scan with a body in pieces."""
    scan = ArrayScan(block_bytes=block)
    pieces = [body[start : start + piece] for start in range(0, len(body), piece)]
    return [element for piece in pieces for element in scan.feed(piece)] + scan.finish()


@given(
    st.lists(VALUES, max_size=8) | st.lists(ALIKE, max_size=8),
    st.sampled_from(STYLES),
    st.integers(1, 60),
    st.sampled_from((1, 50, 1 << 16)),
    st.sampled_from(("", "\ufeff", " \r\n\t")),
)
def test_elements_of_any_array(content: list[Any], style: dict[str, Any], piece: int, block: int, before: str) -> None:
    """The elements of an array, each as it is printed, are the array; nothing depends on how its bytes come."""
    body = (before + json.dumps(content, **style) + "\n").encode()
    elements = elements_of(body, piece=piece, block=block)

    assert [json.loads(element) for element in elements] == content
    assert all(element in body for element in elements)
    assert list(read_elements(io.BytesIO(body))) == elements


@pytest.mark.parametrize("style", STYLES)
def test_like_objects_are_not_read_as_json(style: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Of objects that begin alike only the first and the last are read to find their ends."""
    read: list[bytes] = []
    really = ArrayScan._read

    def count(self: ArrayScan, raw: bytes, *, last: bool) -> int:
        read.append(raw)
        return really(self, raw, last=last)

    monkeypatch.setattr(ArrayScan, "_read", count)
    content = [{"id": n, "text": 'a " in a \\ text é', "more": [{"of": n}, {"of": {}}]} for n in range(50)]

    assert len(elements_of(json.dumps(content, **style).encode())) == 50
    assert len(read) == 2


def test_what_stands_between_elements_may_stand_in_them() -> None:
    """Objects like the elements themselves, inside of them, do not end them."""
    inner = [{"id": 1}, {"id": 2}, {"id": 3}]
    content = [{"id": inner, "deep": {"x": inner}}, {"id": 7}, {"ID": inner}, {"id": inner}, 8, {"id": 9}]
    elements = elements_of(json.dumps(content).encode(), piece=7)

    assert [json.loads(element) for element in elements] == content


def test_objects_that_begin_differently_are_found_without_end_of_the_array(monkeypatch: pytest.MonkeyPatch) -> None:
    """An element that is followed by another kind is found long before the array has come."""
    monkeypatch.setattr(json_array, "_LONG", 100)
    scan = ArrayScan(block_bytes=1)
    begun = scan.feed(b'[{"a": 1}, {"a": 2}, {"b": 3}, {"a": 4}, ')

    assert begun == [b'{"a": 1}', b'{"a": 2}']
    assert scan.feed(b'{"c": 5}, {"c": 6}, ' * 10)[:2] == [b'{"b": 3}', b'{"a": 4}']


@pytest.mark.parametrize("body", ["", "  ", "{}", '{"error": "gone"}', "<html>", "7", '"["', "\x00["])
def test_what_begins_as_no_array(body: str) -> None:
    """Anything but a bracket at the beginning is no array, and the error says what was found."""
    with pytest.raises(NoArrayError, match="looked for a JSON array, found"):
        elements_of(body.encode())


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("[", "looked for a whole JSON value, found the end at byte 1, after 0 elements"),
        ("[1", "looked for a comma or the end of the JSON array, found the end at byte 2, after 1 elements"),
        ("[1,", "looked for a whole JSON value, found the end at byte 3, after 1 elements"),
        ("[1,]", "looked for a whole JSON value, found ']' at byte 3"),
        ("[1 2]", "looked for a comma or the end of the JSON array, found '2]' at byte 3"),
        ("[1] 2", "looked for nothing after the end of the JSON array, found '2' at byte 4"),
        ('[{"a": 1}, {"a": 2', "looked for a whole JSON value, found '{\"a\": 2' at byte 11, after 1 elements"),
        ('[{"a": 1}, {"a": "}]', "looked for a whole JSON value"),
        ("[{]", "looked for a whole JSON value"),
        ("[\x00", "looked for a whole JSON value"),
        ("[" * 100_000, r"found brackets nested too deeply, found .* at byte 1, after 0 elements"),
        (
            '[{"a": 1}, ' + '{"a": ' * 100_000,
            r"found brackets nested too deeply, found .* at byte 11, after 1 elements",
        ),
        (b'[{"a": "\xff"}]', r"looked for UTF-8, found b'\\xff\"}]' at byte 8, after 0 elements"),
        (b'[{"a": 1}, {"a": "\xff"}, {"a": 3}]', r"UTF-8, found b'\\xff\"}' at byte 18, after 1 elements"),
    ],
)
@pytest.mark.parametrize("piece", [3, 1 << 20])
def test_array_that_is_broken(body: str | bytes, problem: str, piece: int) -> None:
    """What breaks off, goes on, or is no JSON is an error that names the place."""
    raw = body if isinstance(body, bytes) else body.encode()
    with pytest.raises(ValueError, match=problem):
        elements_of(raw, piece=piece, block=1 << 12)


def test_endless_element_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """An element without an end is refused, before it has filled the memory."""
    monkeypatch.setattr(json_array, "LARGEST_ELEMENT", 10_000)
    scan = ArrayScan(block_bytes=100)
    scan.feed(b'[{"a": "')

    for _ in range(99):
        scan.feed(b"x" * 100)
    with pytest.raises(ValueError, match="looked for a whole JSON value"):
        scan.feed(b"x" * 1000)
    assert len(scan._window) < 20_000
