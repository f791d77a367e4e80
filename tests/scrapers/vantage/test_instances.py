"""One instance of the feed: what it must hold, and whether it has an accelerator."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from scrapers.errors import ParseError
from scrapers.records import Document
from scrapers.vantage.instances import plain_type, read_instance

Record = Callable[..., dict[str, Any]]


@pytest.fixture
def document(make_document: Callable[..., Document]) -> Document:
    """Make a document, for errors to name."""
    return make_document("vantage-ec2", "[]")


@pytest.mark.parametrize("key", ["instance_type", "GPU", "GPU_model", "GPU_memory", "pricing"])
def test_missing_key(document: Document, record: Record, key: str) -> None:
    """A key that is used must be there; its absence is named, and never means none."""
    instance = record()
    del instance[key]

    with pytest.raises(ParseError, match=f"instance 3.*: looked for '{key}', found "):
        read_instance(document, 3, instance)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"instance_type": 9}, "instance 3: looked for the name of an instance type, found 9"),
        ({"instance_type": ""}, "looked for the name of an instance type, found ''"),
        ({"GPU": "some"}, r"instance 3 \(z9test.large\): looked for a number of GPUs, found 'some'"),
        ({"GPU": -1}, "looked for a number of GPUs, found '-1'"),
        ({"GPU": True}, "looked for a number of GPUs, found 'True'"),
        ({"GPU": [1]}, "looked for a number of GPUs"),
        ({"GPU_model": 5}, "looked for the name of a GPU or null, found 5"),
        ({"pricing": []}, r"looked for platforms by region, found \[\]"),
        ({"pricing": {"us-east-1": "11.1"}}, "looked for platforms by region"),
    ],
)
def test_value_of_another_kind(document: Document, record: Record, changes: dict[str, object], problem: str) -> None:
    """A value of another kind is an error that names the instance and what was found."""
    with pytest.raises(ParseError, match=problem):
        read_instance(document, 3, record(**changes))


@pytest.mark.parametrize(
    ("count", "printed"), [(8, "8"), ("8", "8"), ("0.125", "0.125"), (0, "0"), (None, None), ("0", "0")]
)
def test_count_is_kept_as_printed(document: Document, record: Record, count: object, printed: str | None) -> None:
    """A count may be a number, a text, a fraction, 0 or null; none of them is made another."""
    instance = read_instance(document, 0, record(GPU=count))

    assert (instance.gpu_count, instance.is_accelerated) == (printed, True)


NEITHER = {"GPU": 0, "GPU_model": None, "family": "General purpose"}


@pytest.mark.parametrize(
    ("changes", "accelerated"),
    [
        (NEITHER, False),
        ({**NEITHER, "GPU": None}, False),
        ({**NEITHER, "GPU": "0"}, False),
        ({**NEITHER, "GPU": "0.5"}, True),
        ({**NEITHER, "GPU_model": "TEST A"}, True),
        ({**NEITHER, "family": "GPU instance"}, True),
        ({**NEITHER, "family": "Machine Learning ASIC Instances"}, True),
        ({**NEITHER, "instance_type": "trn1.32xlarge"}, True),
        ({**NEITHER, "instance_type": "trn9.32xlarge"}, False),
    ],
)
def test_what_is_accelerated(
    document: Document, record: Record, changes: dict[str, object], *, accelerated: bool
) -> None:
    """A count, a model, the family's word or a family that was once counted make an instance accelerated."""
    instance = record(**changes)
    text = json.dumps(instance).encode()

    assert read_instance(document, 0, instance).is_accelerated is accelerated
    assert not (accelerated and plain_type(text))


def test_nothing_more_is_read_of_a_plain_instance(document: Document, plain: Record) -> None:
    """Without an accelerator, prices and memory may be missing or anything."""
    instance = plain(1, pricing="none")
    del instance["GPU_memory"]

    assert read_instance(document, 0, instance).is_accelerated is False


@pytest.mark.parametrize("indent", [None, 1])
def test_type_of_a_plain_instance(plain: Record, indent: int | None) -> None:
    """An instance that prints that it has no accelerator is told from its text, in whatever order its keys come."""
    instance = plain(1)
    keys = (sorted(instance), sorted(instance, reverse=True), list(instance))

    assert [plain_type(json.dumps({k: instance[k] for k in order}, indent=indent).encode()) for order in keys] == (
        ["x1test.large"] * 3
    )


@pytest.mark.parametrize(
    "text",
    [
        '{"instance_type": "x1", "family": "F", "GPU": 0}',
        '{"instance_type": "x1", "family": "F", "GPU": 0, "GPU_model": "TEST A"}',
        '{"instance_type": "x1", "family": "F", "GPU": 0.5, "GPU_model": null}',
        '{"instance_type": "x1", "family": "F", "GPU": null, "GPU_model": null}',
        '{"instance_type": "x1", "family": "F", "of": {"GPU": 0}, "GPU_model": null}',
        '{"of": {"instance_type": "x0", "GPU": 0}, "GPU": 1, "family": "F", "GPU_model": null, "instance_type": "x1"}',
        '{"GPU": 0, "of": [{"GPU_model": null}], "family": "F", "GPU_model": "TEST A", "instance_type": "x1"}',
        '{"instance_type": "x1", "family": "F", "GPU": 0, "GPU_model": null, "GPU_model": "TEST A"}',
        '{"instance_type": "x1", "family": "GPU instance", "GPU": 0, "GPU_model": null}',
        '{"instance_type": "x\\u0031", "family": "F", "GPU": 0, "GPU_model": null}',
        '{"text": "\\"GPU\\": 0, ", "instance_type": "x1", "family": "F", "GPU_model": null}',
        '["GPU"]',
        "0",
    ],
)
def test_doubt_makes_no_plain_instance(text: str) -> None:
    """What does not certainly print that it has no accelerator is read as a whole."""
    assert plain_type(text.encode()) is None
