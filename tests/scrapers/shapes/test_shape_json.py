"""Fields of a JSON body: structure is told, data is not, and a body that breaks off is read as far as it goes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.shapes.shape_json import collapse, fields_of, outermost, read_start

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        ({}, set()),
        ([], {"[]"}),
        ([{"a": 1}, {"b": "1"}], {"[]", "[].a: number", "[].b: text"}),
        ({"a": {"b": [[True]]}}, {"a", "a.b[]", "a.b[][]", "a.b[][]: true or false"}),
        ([{"a": None}, {"a": 1.5}], {"[]", "[].a: number"}),
        ([{"a": None}], {"[]", "[].a: null"}),
        ({"ebs": "0.05", "linux": {"ondemand": "1"}}, {"ebs: text", "linux", "linux.ondemand: text"}),
        ({"us-east-1": {"g5.xlarge": 1}, "eu-west-1": {"p5.48xlarge": 2}}, {"*", "*.*: number"}),
        ({f"name {n}": n for n in range(101)}, {"*: number"}),
    ],
)
def test_paths_are_told_and_data_is_not(content: Any, fields: set[str]) -> None:
    """Keys are joined to paths, list places and data-like keys collapse, and every value has its type."""
    assert fields_of(content) == fields


@pytest.mark.parametrize(
    "name",
    [
        *("us-east-1", "us-east-1-atl-1", "us-gov-west-1", "eu-west-1a", "g5.xlarge", "ml.p6-b200.48xlarge"),
        *("u-6tb1.metal", "2JT7C3ZD2AXA73Q4", "2JT7C3ZD2AXA73Q4.JRTCKXETXF.6YS6EN2CT7", "20260910195514", "2026-11-01"),
    ],
)
def test_data_is_collapsed(name: str) -> None:
    """Regions, zones, instance types, ids, versions and dates are data."""
    assert collapse(name) == "*"


@pytest.mark.parametrize(
    "name",
    [
        *("linux", "rhelSQL", "yrTerm1Convertible.noUpfront", "instance_type", "USD", "GPU", "vCPU", "memoryInGb"),
        *("spot_min", "EBSOptimized", "h264", "s", "lowPrice", "@type"),
    ],
)
def test_names_of_fields_are_kept(name: str) -> None:
    """Names of fields, platforms, terms and currencies are structure."""
    assert collapse(name) == name


def test_news_is_told_without_its_parts() -> None:
    """Of a new object only the object is told; a field that changed its type stands for itself."""
    before = fields_of([{"linux": {"ondemand": "1"}, "size": "2"}])
    after = fields_of([{"linux": {"ondemand": "1"}, "sles": {"ondemand": "1", "spot": {"min": "1"}}, "size": 2}])

    assert list(outermost(after - before)) == ["[].size: number", "[].sles"]
    assert list(outermost(before - after)) == ["[].size: text"]


@pytest.mark.parametrize(
    ("body", "content"),
    [
        (b'{"a": [1, 2, {"b": "x,}]"}, 3', {"a": [1, 2, {"b": "x,}]"}]}),
        (b'[{"a": "1"}, {"a": "2", "b', [{"a": "1"}, {"a": "2"}]),
        (b'callback({"a": {"b": 1}, "c": {"d', {"a": {"b": 1}}),
        (b'callback({"a": 1});', {"a": 1}),
        (b"[", None),
        (b"no JSON", None),
        (b"]]", None),
        (b"[" * 200_000, None),
    ],
)
def test_body_that_breaks_off_is_read_as_far_as_it_goes(body: bytes, content: Any) -> None:
    """What is open at the end is closed after its last whole part; nothing is made of nothing."""
    assert read_start(body) == content


def paths(content: Any) -> set[str]:
    """Return the fields without their types."""
    return {path.rpartition(": ")[0] or path for path in fields_of(content)}


@given(values, st.data())
def test_every_beginning_of_a_body_has_fields_of_the_body(content: Any, data: Any) -> None:
    """However much of a body is read, nothing is told that is not in it."""
    body = json.dumps([content, "last"]).encode()
    start = read_start(body[: data.draw(st.integers(0, len(body)))])

    assert start is None or paths(start) <= paths([content, "last"])
    assert read_start(body) == [content, "last"]
