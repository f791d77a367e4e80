"""The record around a value in JSON: its holder, and of what lies further out what tells it from other records."""

from __future__ import annotations

import json
from typing import Any

Pieces = tuple[str, str, str]
"""A text in three: what stands before a value, the value, what stands after it."""

_LEFT_OUT = "…"
_LONGEST = 160
"""A longer text beside the way to the value is left out: a description, an address with its parameters."""
_MOST = 40
"""Most members that are shown on either side of the way, the nearest."""
_MOST_INSIDE = 20
"""Most members of an object or array beside the value, in its own holder."""


class PrintedNumber(str):
    """A JSON number with its digits as printed; a text to all but those who print it again."""

    __slots__ = ()


def as_printed(text: str | bytes) -> Any:  # noqa: ANN401  # JSON is anything
    """Return JSON with its numbers as printed.

    Raises:
        ValueError: it is no JSON.
    """
    return json.loads(text, parse_float=PrintedNumber, parse_int=PrintedNumber)


def record_around(content: Any, place: str) -> Pieces:  # noqa: ANN401  # JSON is anything
    """Return the record in which a value stands, indented, in three pieces.

    Beside the way to the value texts and numbers are shown; the value's holder shows its small objects and arrays too.
    A dot-dot-dot stands for what is left out.

    Args:
        content: JSON, numbers as printed.
        place: JSON Pointer to the value; it may go on into a text that is JSON itself.

    Raises:
        LookupError: nothing stands there.
    """
    steps = [step.replace("~1", "/").replace("~0", "~") for step in place.split("/")[1:]]
    return _around(content, steps, 0)


def _around(content: Any, steps: list[str], depth: int) -> Pieces:  # noqa: ANN401  # JSON is anything
    if not steps:
        return "", _indented(content, depth), ""
    if isinstance(content, str):
        content = as_printed(content)
    names = [str(number) for number in range(len(content))] if isinstance(content, list) else list(content)
    values = content if isinstance(content, list) else list(content.values())
    labels = _labels(content)
    at = names.index(steps[0])
    before, value, after = _around(values[at], steps[1:], depth + 1)

    def text(number: int) -> str:
        near = abs(number - at) <= _MOST and _fits(values[number], holder=len(steps) == 1)
        return labels[number] + _indented(values[number], depth + 1) if near else _LEFT_OUT

    pad, brackets = "\n" + " " * (depth + 1), "[]" if isinstance(content, list) else "{}"
    left = _joined([*map(text, range(at)), labels[at]], pad)
    right = _joined(["", *map(text, range(at + 1, len(values)))], pad)
    return brackets[0] + pad + left + before, value, after + right + pad[:-1] + brackets[1]


def _labels(content: Any) -> list[str]:  # noqa: ANN401  # JSON is anything
    """Return what stands before each member: its name, or nothing in an array."""
    if isinstance(content, list):
        return [""] * len(content)
    return [f"{json.dumps(name, ensure_ascii=False)}: " for name in content]


def _fits(value: Any, *, holder: bool) -> bool:  # noqa: ANN401  # JSON is anything
    """Return whether a member beside the way is shown."""
    if isinstance(value, dict | list):
        inside = list(value.values() if isinstance(value, dict) else value)
        return holder and len(inside) <= _MOST_INSIDE and all(_fits(v, holder=False) for v in inside)
    return len(str(value)) <= _LONGEST


def _joined(members: list[str], pad: str) -> str:
    """Join members as lines, with commas between those that are shown, and one dot-dot-dot for any that are not."""
    kept = [m for n, m in enumerate(members) if n == 0 or m != _LEFT_OUT or members[n - 1] != _LEFT_OUT]
    commas = [
        ("" if _LEFT_OUT in (one, other) else ",") for one, other in zip(kept, [*kept[1:], _LEFT_OUT], strict=True)
    ]
    return pad.join(member + comma for member, comma in zip(kept, commas, strict=True))


def _indented(value: Any, depth: int) -> str:  # noqa: ANN401  # JSON is anything
    """Return JSON as text, a space for each level, numbers with their digits as printed."""
    if isinstance(value, PrintedNumber):
        return str(value)
    if not isinstance(value, dict | list) or not value:
        return json.dumps(value, ensure_ascii=False)
    values = value if isinstance(value, list) else list(value.values())
    pad, brackets = "\n" + " " * (depth + 1), "[]" if isinstance(value, list) else "{}"
    members = [label + _indented(v, depth + 1) for label, v in zip(_labels(value), values, strict=True)]
    return brackets[0] + pad + f",{pad}".join(members) + pad[:-1] + brackets[1]
