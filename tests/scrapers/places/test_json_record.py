"""Records around values in JSON: what tells a record from another is shown, what lies beside it is left out."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.places.json_record import as_printed, record_around
from scrapers.places.pointers import pointer

SCALARS = st.none() | st.booleans() | st.integers(-99, 99) | st.text(max_size=5)
CONTENTS = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4)
)


def steps_into(content: Any, choices: list[int]) -> list[str | int]:
    """Return a way to some value."""
    steps: list[str | int] = []
    for choice in choices:
        if not isinstance(content, dict | list) or not content:
            break
        keys: list[Any] = list(content) if isinstance(content, dict) else list(range(len(content)))
        steps.append(keys[choice % len(keys)])
        content = content[steps[-1]]
    return steps


@given(CONTENTS, st.lists(st.integers(0, 3), max_size=6))
def test_value_is_what_stands_at_the_pointer(content: Any, choices: list[int]) -> None:
    """Whatever the content, the middle piece is the value itself, and the ends close what was opened."""
    steps = steps_into(content, choices)
    value = content
    for step in steps:
        value = value[step]
    before, shown, after = record_around(as_printed(json.dumps(content)), pointer(*steps))
    assert json.loads(shown) == value
    if "…" not in before + after:
        json.loads(before + shown + after)
    assert before.count("\n") >= len(steps)
    assert (before + after).count("\n") >= 2 * len(steps)


def test_only_what_names_the_record_is_shown_further_out() -> None:
    """Beside the way stand texts and numbers; objects and arrays stand as three dots, but in the value's own holder."""
    content = {
        "type": "g99.xlarge",
        "text": "x" * 500,
        "zones": ["a", "b"],
        "other": {"price": 1},
        "prices": {"linux": {"spot": [1.10, {"min": 1.0}], "deep": [[1]], "price": 1.5, "many": list(range(30))}},
        "last": None,
    }
    assert "".join(record_around(as_printed(json.dumps([1, content, 3])), "/1/prices/linux/price")) == (
        "[\n 1,\n {\n"
        '  "type": "g99.xlarge"\n  …\n'
        '  "prices": {\n   "linux": {\n'
        "    …\n"
        '    "price": 1.5\n'
        "    …\n"
        '   }\n  },\n  "last": null\n },\n 3\n]'
    )


def test_holder_shows_its_small_members() -> None:
    """An object of a few numbers beside the value is part of the record."""
    content = as_printed('{"reserved": {"1yr": 0.50, "3yr": 0.250}, "empty": {}, "price": 1}')
    assert "".join(record_around(content, "/price")) == (
        '{\n "reserved": {\n  "1yr": 0.50,\n  "3yr": 0.250\n },\n "empty": {},\n "price": 1\n}'
    )


def test_long_rows_show_what_is_near() -> None:
    """Of a row with thousands of cells the nearest forty on each side are shown."""
    before, value, after = record_around(as_printed(json.dumps(list(range(5000)))), "/2500")
    assert value == "2500"
    assert before.startswith("[\n …\n 2460,\n")
    assert after.endswith(",\n 2540\n …\n]")


def test_text_that_is_json_is_gone_into() -> None:
    """A price list may hold its products as texts; the record is the one in the text."""
    content = as_printed(json.dumps({"PriceList": [json.dumps({"sku": "EXAMPLE1", "price": 1.5})]}))
    assert "".join(record_around(content, "/PriceList/0/price")) == (
        '{\n "PriceList": [\n  {\n   "sku": "EXAMPLE1",\n   "price": 1.5\n  }\n ]\n}'
    )


@pytest.mark.parametrize("place", ["/b", "/a/1", "/a/x", "/a/0/0"])
def test_place_where_nothing_stands_is_an_error(place: str) -> None:
    """A pointer that leads nowhere never shows another record."""
    with pytest.raises((LookupError, ValueError)):
        record_around(as_printed('{"a": ["text"]}'), place)
