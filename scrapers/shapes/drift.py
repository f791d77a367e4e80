"""Drift: what changed in the shape of a source's bodies since its last good capture.

For whoever keeps the parsers: when one fails, this says what is there now and was not, and what is gone. It compares
each body with the last good one of the same name. What an excerpt leaves out says nothing, so the words of its
listings (GPUs, SKUs, regions) are told only where both sides are whole; the structure that it has is always told.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from scrapers.errors import StoreError
from scrapers.records import Capture, Document, Source
from scrapers.registry import is_excerpt
from scrapers.shapes.shape import Names, Shape, shape_of
from scrapers.shapes.shape_json import outermost

KINDS = (
    *("bodies", "format", "fields", "columns", "values", "headings", "classes", "attributes", "JSON-LD types"),
    *("GPUs", "SKUs", "services", "terms", "units", "currencies", "regions", "clouds", "operating systems"),
)
"""The kinds of names in the order in which they are told; a source's own come last."""


class Direction(enum.StrEnum):
    """How a name changed."""

    NEW = "new"
    VANISHED = "vanished"


@dataclass(frozen=True, slots=True)
class Difference:
    """A name that is new or has vanished.

    Attributes:
        kind: what is named: ``fields``, ``columns``, ``GPUs``, see `KINDS`.
        direction: new or vanished.
        name: as it stands in the body; data in it collapsed to ``*``.
        bodies: the bodies in which, by name.
    """

    kind: str
    direction: Direction
    name: str
    bodies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drift:
    """What changed in a source.

    Attributes:
        source: its id.
        since: when the newest of the good captures that it is compared with was read; None where there is none.
        obtained: how that one came here; "" where there is none.
        compared: number of bodies that have an earlier one to be compared with.
        listings: how many the bodies hold; None where one cannot be parsed.
        listings_before: how many the earlier ones held; None where there is none, or one can no longer be parsed.
        expected_listings: fewest and most of one whole read.
        differences: by kind, new before vanished, by name.
        problems: why bodies cannot be parsed or compared.
    """

    source: str
    since: datetime | None
    obtained: str
    compared: int
    listings: int | None
    listings_before: int | None
    expected_listings: tuple[int, int]
    differences: tuple[Difference, ...]
    problems: tuple[str, ...]

    def count(self, direction: Direction) -> int:
        """Return how many names are new, or have vanished."""
        return sum(difference.direction is direction for difference in self.differences)


@dataclass(slots=True)
class _Side:
    """The bodies of one read, by name."""

    shapes: dict[str, Shape] = field(default_factory=dict)
    captures: dict[str, Capture] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def by_content(self) -> dict[tuple[str, str], Shape]:
        """Return the shapes by name and sha256 of the body: the same body is not read twice."""
        return {(name, self.captures[name].sha256): shape for name, shape in self.shapes.items()}

    @property
    def listings(self) -> int | None:
        """How many there are in all; None where a body cannot be parsed, or there is none."""
        counts = [shape.listings for shape in self.shapes.values()]
        known = [count for count in counts if count is not None]
        return sum(known) if known and len(known) == len(counts) else None

    def is_whole(self, source: Source) -> bool:
        """Tell whether what it leaves out is not there."""
        captures, listings = self.captures.values(), self.listings or 0
        return not any(c.excerpt or is_excerpt(source, c.obtained, listings) for c in captures)


def compare(source: Source, before: Sequence[Document], after: Sequence[Document], *, whole: bool = True) -> Drift:
    """Return how the bodies of a source differ from earlier ones of the same names.

    Args:
        source: the source.
        before: its last good captures, see `last_good`.
        after: what there is now, good or not; pictures of pages have no shape.
        whole: whether every body came that is there; if not, a missing one has not vanished.
    """
    earlier = _look(before, {})
    now = _look(after, earlier.by_content())
    both = [name for name in now.shapes if name in earlier.shapes]
    trusted = earlier.is_whole(source) and now.is_whole(source)
    found = [
        (kind, direction, name, body)
        for body in both
        if now.captures[body].sha256 != earlier.captures[body].sha256
        for kind, direction, name in _differences(earlier.shapes[body], now.shapes[body], words=trusted)
    ]
    if before and trusted:
        found += [("bodies", Direction.NEW, name, name) for name in now.shapes if name not in earlier.shapes]
    if after and trusted and whole:
        found += [("bodies", Direction.VANISHED, name, name) for name in earlier.shapes if name not in now.shapes]
    newest = max((earlier.captures[name] for name in both), key=lambda c: c.retrieved_at, default=None)
    return Drift(
        source=source.id,
        since=newest.retrieved_at if newest else None,
        obtained=newest.obtained if newest else "",
        compared=len(both),
        listings=now.listings,
        listings_before=earlier.listings,
        expected_listings=source.expected_listings,
        differences=tuple(_joined(found)),
        problems=(*now.problems, *(f"before: {problem}" for problem in earlier.problems)),
    )


def _look(documents: Sequence[Document], known: Mapping[tuple[str, str], Shape]) -> _Side:
    """Return the shapes of bodies; one that the store has damaged has none, and says so."""
    side = _Side()
    for document in documents:
        name = document.capture.resource
        try:
            shape = known.get((name, document.capture.sha256)) or shape_of(document)
        except StoreError as exc:
            side.problems.append(str(exc))
            continue
        except Exception as exc:  # noqa: BLE001  # a body can break a look at it in any way, and must break only that
            side.problems.append(f"{name}: its structure cannot be told: {exc!r}")
            continue
        side.shapes[name], side.captures[name] = shape, document.capture
        side.problems += [shape.problem] if shape.problem else []
    return side


def _differences(before: Shape, after: Shape, *, words: bool) -> Iterator[tuple[str, Direction, str]]:
    """Yield what one body has that the other has not."""
    yield from _names_that_differ(
        _settled(before.structure, after.structure), _settled(after.structure, before.structure)
    )
    if words and before.listings is not None and after.listings is not None:
        yield from _names_that_differ(before.words, after.words)


def _settled(names: Names, other: Names) -> Names:
    """Return a body's names without the values of columns that are an enumeration in this body alone."""
    columns = {value.partition(" = ")[0] for value in other.get("values", ())}
    values = frozenset(value for value in names.get("values", ()) if value.partition(" = ")[0] in columns)
    return {**names, "values": values}


def _names_that_differ(before: Names, after: Names) -> Iterator[tuple[str, Direction, str]]:
    for kind in dict.fromkeys((*before, *after)):
        was, is_ = before.get(kind, frozenset()), after.get(kind, frozenset())
        for direction, names in ((Direction.NEW, is_ - was), (Direction.VANISHED, was - is_)):
            yield from ((kind, direction, name) for name in (outermost(names) if kind == "fields" else names))


def _joined(found: Iterable[tuple[str, Direction, str, str]]) -> Iterator[Difference]:
    """Yield differences, one for all bodies that share it, in the order in which they are told."""
    bodies: dict[tuple[str, Direction, str], list[str]] = {}
    for kind, direction, name, body in found:
        bodies.setdefault((kind, direction, name), []).append(body)
    order: Mapping[str, int] = {kind: number for number, kind in enumerate(KINDS)}
    for key in sorted(bodies, key=lambda key: (order.get(key[0], len(KINDS)), *key)):
        yield Difference(*key, bodies=tuple(sorted(bodies[key])))
