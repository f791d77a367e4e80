"""Drift: what is new and what has vanished since the last good capture, and what an excerpt does not say."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scrapers import registry
from scrapers.errors import CorruptError
from scrapers.records import Document, Obtained
from scrapers.shapes import drift
from scrapers.shapes.drift import Direction, Drift, compare

MakeDocument = Callable[..., Document]
DAY = datetime(2026, 11, 1, 6, tzinfo=UTC)
GRAPHQL = registry.source_record("runpod-graphql")
FEW = replace(GRAPHQL, expected_listings=(1, 10))


def gpu(name: str = "Z9", **fields: Any) -> dict[str, Any]:
    """Return a record of RunPod's API with an artificial GPU."""
    return {
        "id": f"EXAMPLE {name}",
        "displayName": name,
        "memoryInGb": 80,
        "secureCloud": True,
        "communityCloud": True,
        "securePrice": 1000.5,
        "communityPrice": 999.5,
        **fields,
    }


@pytest.fixture
def answer(make_document: MakeDocument) -> Callable[..., Document]:
    """Make an answer of RunPod's API, of some day."""

    def make(*records: dict[str, Any], day: int = 0, resource: str = "gpu-types.json", **capture: Any) -> Document:
        document = make_document("runpod-graphql", json.dumps({"data": {"gpuTypes": records}}))
        changed = replace(document.capture, resource=resource, retrieved_at=DAY + timedelta(days=day), **capture)
        return Document(changed, document.opener)

    return make


def told(found: Drift) -> set[tuple[str, str, str]]:
    """Return the differences without the bodies."""
    return {(d.kind, str(d.direction), d.name) for d in found.differences}


def test_same_body_has_not_drifted(answer: Any) -> None:
    """An unchanged body has no difference, the same number of listings, and the date of the one before."""
    found = compare(FEW, [answer(gpu())], [answer(gpu(), day=7)])

    assert found == Drift("runpod-graphql", DAY, "live", 1, 2, 2, (1, 10), (), ())


def test_same_body_is_read_once(answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A price list of 400 MB that did not change is not read twice."""
    looked: list[Document] = []
    shape_of = drift.shape_of
    monkeypatch.setattr(drift, "shape_of", lambda document: looked.append(document) or shape_of(document))
    compare(FEW, [answer(gpu())], [answer(gpu(), day=7)])

    assert len(looked) == 1


def test_names_are_new_or_have_vanished(answer: Any) -> None:
    """Fields, their types and GPUs are told both ways; a price that changed is no drift."""
    before = answer(gpu("Z8"), gpu("Z9", clusterPrice=7.5))
    after = answer(gpu("Z9", securePrice=2000.25, manufacturer="Example"), gpu("Z10", lowestPrice={"stock": 1}), day=7)
    found = compare(FEW, [before], [after])

    assert told(found) == {
        ("fields", "new", "data.gpuTypes[].manufacturer: text"),
        ("fields", "new", "data.gpuTypes[].lowestPrice"),
        ("fields", "vanished", "data.gpuTypes[].clusterPrice: number"),
        ("GPUs", "new", "Z10"),
        ("GPUs", "vanished", "Z8"),
        ("services", "vanished", "Clusters"),
        ("terms", "vanished", "Cluster"),
    }
    assert (found.count(Direction.NEW), found.count(Direction.VANISHED)) == (3, 4)
    assert (found.listings_before, found.listings) == (5, 4)
    order = [d.kind for d in found.differences]
    assert order == sorted(order, key=drift.KINDS.index)


def test_body_that_no_parser_knows_is_compared(answer: Any) -> None:
    """When the parser fails, the structure says what changed; its words are unknown, not vanished."""
    renamed = answer({("price" if k == "securePrice" else k): v for k, v in gpu().items()}, day=7)
    found = compare(FEW, [answer(gpu())], [renamed])

    assert told(found) == {
        ("fields", "new", "data.gpuTypes[].price: number"),
        ("fields", "vanished", "data.gpuTypes[].securePrice: number"),
    }
    assert found.listings is None
    assert found.listings_before == 2
    assert len(found.problems) == 1
    assert "price" in found.problems[0]


def test_earlier_body_that_is_no_longer_known_is_told(answer: Any) -> None:
    """A parser that lost an older form says so; the structures are compared."""
    found = compare(FEW, [answer({"id": "EXAMPLE"})], [answer(gpu(), day=7)])

    assert found.listings_before is None
    assert found.problems[0].startswith("before: runpod-graphql: ")
    assert ("fields", "new", "data.gpuTypes[].securePrice: number") in told(found)


@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("mark", [{"excerpt": True}, {"obtained": Obtained.IMPORTED}])
def test_excerpt_says_nothing_of_what_it_leaves_out(answer: Any, side: str, mark: dict[str, Any]) -> None:
    """GPUs and bodies are told between two whole reads only; structure is told always."""
    marks = {"before": {}, "after": {}, side: mark}
    source = replace(FEW, expected_listings=(5, 10))  # an import of fewer is an excerpt, a live read of fewer is not
    before = [answer(gpu("Z8"), **marks["before"]), answer(gpu(), resource="old.json", **marks["before"])]
    after = [answer(gpu("Z9", manufacturer="Example"), day=7, **marks["after"])]

    assert told(compare(source, before, after)) == {("fields", "new", "data.gpuTypes[].manufacturer: text")}


def test_bodies_come_and_go(answer: Any) -> None:
    """A new name and a missing one are told; a missing one has not vanished where the read was not whole."""
    before = [answer(gpu()), answer(gpu("Z1"), resource="a.json")]
    after = [answer(gpu(), day=7), answer(gpu("Z2"), resource="b.json", day=7)]

    assert told(compare(FEW, before, after)) == {("bodies", "new", "b.json"), ("bodies", "vanished", "a.json")}
    assert told(compare(FEW, before, after, whole=False)) == {("bodies", "new", "b.json")}
    assert told(compare(FEW, [], after)) == set()
    assert told(compare(FEW, before, [])) == set()


def test_bodies_that_share_a_difference_are_named_together(answer: Any) -> None:
    """A field that came in two of three bodies is one difference with two bodies."""
    names = ("a.json", "b.json", "c.json")
    before = [answer(gpu(), resource=name) for name in names]
    after = [answer(gpu(**({} if name == "b.json" else {"manufacturer": "E"})), resource=name) for name in names]
    (difference,) = compare(FEW, before, after).differences

    assert difference.bodies == ("a.json", "c.json")


def test_nothing_to_compare_with_is_said(answer: Any) -> None:
    """A first capture has no date before it, and no drift."""
    found = compare(FEW, [], [answer(gpu())])

    assert (found.since, found.obtained, found.compared, found.listings_before) == (None, "", 0, None)
    assert found.differences == ()


@pytest.mark.parametrize("error", [CorruptError("a body is damaged"), ValueError("odd")])
def test_body_that_cannot_be_looked_at_is_told(answer: Any, error: Exception) -> None:
    """Damaged bytes, and a body that breaks the look at it, are problems and not the end of the report."""

    def broken() -> Any:
        raise error

    damaged = Document(answer(gpu()).capture, broken)
    found = compare(FEW, [damaged], [answer(gpu(), day=7)])

    assert found.since is None
    assert len(found.problems) == 1
    assert str(error) in found.problems[0]


def test_values_are_told_of_columns_that_are_enumerations_on_both_sides() -> None:
    """A column that has become an enumeration by chance brings no news; a new value of one is news."""
    before = drift.Shape({"values": frozenset({"Term = OnDemand", "Unit = Hrs"})}, {}, None)
    after = drift.Shape({"values": frozenset({"Term = OnDemand", "Term = Spot", "Kind = a"})}, {}, None)

    assert list(drift._differences(before, after, words=True)) == [("values", Direction.NEW, "Term = Spot")]
