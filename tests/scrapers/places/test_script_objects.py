"""Objects in scripts: backslashes are undone as often as asked, and an object is read from its first brace."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.places.evidence import read_surroundings
from scrapers.places.locate import OpenBody, read_locator
from scrapers.places.script_objects import object_at, unescape
from scrapers.records import Document


@settings(max_examples=40)
@given(st.dictionaries(st.text(), st.none() | st.text() | st.integers(), max_size=3), st.integers(0, 2))
def test_object_survives_its_escaping(value: dict[str, object], levels: int) -> None:
    """However often an object was put into a text, undoing that as often gives it back."""
    text = json.dumps({"value": value})
    for _ in range(levels):
        text = json.dumps(text)
    unescaped = unescape(text, levels)

    assert object_at(unescaped, unescaped.index("{"), number=int) == {"value": value}


@pytest.mark.parametrize(("text", "start"), [('{"a": 1}', 1), ('{"a": 1', 0), ("[1]", 0), ("", 5), ("{" * 9, 0)])
def test_what_is_no_object_is_refused(text: str, start: int) -> None:
    """A place without an object, or with a broken one, gives an error and nothing else."""
    with pytest.raises(ValueError, match=r"no object begins|Expecting"):
        object_at(text, start)


def test_context_is_the_object(make_document: Callable[..., Document]) -> None:
    """What stands around a figure in a script is the object that holds it."""
    document = make_document("test-source", '<script>x = {"a": {"price": 1.50, "name": "b"}}</script>')

    assert read_locator(document, "object:0;0;4/a/price") == "1.50"
    around = read_surroundings(OpenBody(document), "object:0;0;4/a/price")
    assert json.loads(around.text) == {"a": {"price": 1.50, "name": "b"}}
