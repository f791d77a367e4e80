"""The fields of a JSON body: its key paths, with what is data rather than structure collapsed.

``{"us-east-1": {"linux": {"ondemand": "1"}}}`` has the fields ``*``, ``*.linux`` and ``*.linux.ondemand: text``:
regions, instance types, machine ids, numbers and dates are data, and so are all names of an object with very many.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from scrapers.places.locate import without_callback

_DATA = re.compile(
    r"""
    \d[\d.:TZ_-]*                                   # numbers, dates, versions
    | [a-z]{2}(?:-[a-z]+)+-\d[a-z0-9-]*             # us-east-1, us-east-1a, us-east-1-atl-1
    | (?:ml\.)?[a-z]+-?\d[a-z0-9-]*\.[a-z0-9-]+     # g5.xlarge, ml.p6-b200.48xlarge
    | (?=[A-Z.]*\d)[A-Z0-9]{6,}(?:\.[A-Z0-9]{6,})*  # SKUs of AWS, with term and rate codes
    """,
    re.VERBOSE,
)
_MOST_NAMES = 100
"""An object with more is a table whose names are its rows: a price list's products have some fifty attributes."""
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\],]', re.DOTALL)
_CLOSER = {b"{": b"}", b"[": b"]"}


def read_start(body: bytes) -> Any | None:  # noqa: ANN401  # JSON is anything
    """Return a JSON body, or what can be read of its beginning where it breaks off; None where nothing can.

    A callback around it (JSONP) is taken off. Later of two equal names wins, as everywhere.
    """
    for text in (without_callback(body), _closed(body)):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            continue
    return None


def fields_of(content: Any) -> frozenset[str]:  # noqa: ANN401  # JSON is anything
    """Return the key paths below a JSON value, those of single values with their type, e.g. ``[].GPU: number``.

    A value that is null everywhere has the type null; beside another type null says nothing.
    """
    types: dict[str, set[str]] = defaultdict(set)
    for path, kind in _walk(content):
        types[path].add(kind)
    return frozenset(
        f"{path}: {kind}" if kind else path for path, kinds in types.items() for kind in kinds - {"null"} or kinds
    )


def outermost(paths: Iterable[str]) -> Iterator[str]:
    """Yield those of some key paths that lie below none of the others: a new object is news, its parts are not."""
    known = set(paths)
    for path in sorted(known):
        if known.isdisjoint(_above(path.partition(": ")[0])):
            yield path


def _above(path: str) -> Iterator[str]:
    """Yield the paths above a path: of ``a[].b`` those are ``a[]`` and ``a``."""
    while path:
        path = path[:-2] if path.endswith("[]") else path.rpartition(".")[0]
        yield path


def _walk(content: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  # JSON is anything
    """Yield every path with the type of its value, "" for objects and lists; no body is nested too deeply for it."""
    waiting = [("", content)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            yield from [(path, "")] if path else []
            rows = len(value) > _MOST_NAMES
            waiting += ((_below(path, "*" if rows else collapse(key)), child) for key, child in value.items())
        elif isinstance(value, list):
            yield f"{path}[]", ""
            waiting += ((f"{path}[]", child) for child in value)
        else:
            yield path, _type_of(value)


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def collapse(name: str) -> str:
    """Return a name, or ``*`` where it is data: a region, an instance type, a machine id, a number, a date."""
    return "*" if _DATA.fullmatch(name) else name


def _type_of(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    return "text" if isinstance(value, str) else "number"


def _closed(body: bytes) -> bytes:
    """Return the beginning of a JSON body up to its last whole part, with what is open there closed."""
    open_, whole, closers = [], 0, b""
    start = min((at for at in (body.find(b"{"), body.find(b"[")) if at >= 0), default=0)
    for token in _TOKEN.finditer(body, start):
        sign = token[0]
        if sign in _CLOSER:
            open_.append(_CLOSER[sign])
        elif open_ and sign == open_[-1]:
            open_.pop()
            whole, closers = token.end(), b"".join(reversed(open_))
        elif sign == b",":
            whole, closers = token.start(), b"".join(reversed(open_))
    return body[start:whole] + closers
