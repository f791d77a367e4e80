"""Brackets of JSON are balanced or not, whatever stands in its texts."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.places.json_brackets import is_balanced

TEXTS = st.text(alphabet='"\\\\ab\u00e9\n/:,', max_size=6)
VALUES = st.recursive(
    TEXTS | st.integers(), lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4)
)


@given(VALUES, st.sampled_from((None, 1)), st.data())
def test_whole_value_is_balanced_and_its_beginning_is_not(value: Any, indent: int | None, data: st.DataObject) -> None:
    """JSON without brackets in its texts is balanced; an object or array that is cut off is not."""
    text = json.dumps(value, indent=indent).encode()
    cut = data.draw(st.integers(1, max(1, len(text) - 1)))

    assert is_balanced(text)
    assert not (isinstance(value, dict | list) and cut < len(text) and is_balanced(text[:cut]))


@pytest.mark.parametrize(
    ("text", "balanced"),
    [
        ("", True),
        ('"a": {"b": [1, {}]}, "c": []', True),
        (r'"\\": {}, "\"": {}, "\\\"": 1', True),
        ('"{"', False),
        ('"}{"', False),
        ("}{", False),
        ("[}", False),
        ("{", False),
        ('"', False),
        ('"' * 50, True),
        ('"' * 51, False),
        ('"a": {"b": "c", "d": "e", "f": "g", "h": "i", "j": "k", "l": "m", "n": "o", "p": "["}', False),
        (r'"\u00e3\n\/": {}', True),
        ("{" * 20 + "}" * 20, True),
        ("{" * 40 + "}" * 40, False),  # deeper than anybody looks: in doubt it is not
    ],
)
def test_balance_of_brackets(text: str, *, balanced: bool) -> None:
    """Brackets are balanced when each has its partner and none stands in a text; what is in doubt is not."""
    assert is_balanced(text.encode()) is balanced
