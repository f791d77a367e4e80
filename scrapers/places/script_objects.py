r"""JSON objects inside the scripts of a page, their quotes escaped or not.

A page may carry its data as JSON (``__NEXT_DATA__``), as a JavaScript object, or as a text in one of these:
``self.__next_f.push([1,"{\"__typename\":\"GpuType\", ...}"])``. In all of them an object is JSON once the script has
been freed of as many levels of backslashes as there are around it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_CONTROL = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def unescape(script: str, levels: int) -> str:
    """Return a script's text with its backslashes undone as many times as `levels`."""
    for _ in range(levels):
        script = _ESCAPE.sub(_character, script)
        script = script.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # pairs of \\u escapes
    return script


def _character(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[1] else _CONTROL.get(escape[2], escape[2])


def object_at(text: str, start: int, *, number: Callable[[str], object] = str) -> Any:  # noqa: ANN401  # JSON is anything
    """Return the JSON object that begins at a character of an unescaped script.

    Args:
        text: the script's text, unescaped.
        start: index of the object's brace.
        number: makes a value of a number as it is printed.

    Raises:
        ValueError: no JSON object begins there.
        RecursionError: it is nested too deeply.
    """
    if text[start : start + 1] != "{":
        raise ValueError(f"no object begins at character {start}")
    return json.JSONDecoder(parse_float=number, parse_int=number).raw_decode(text, start)[0]
