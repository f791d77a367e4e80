"""The surroundings of a quoted text: the record, row or passage that it stands in, and where in it."""

from __future__ import annotations

from dataclasses import dataclass

from bs4 import Tag

from scrapers.places.json_record import Pieces, record_around
from scrapers.places.locate import OpenBody, fold, markdown_cells

_LEFT_OUT = " … "
_PASSAGE = 240
"""A price on a page is shown with so many characters around it, as far as they belong together."""
_LONGEST_PASSAGE = 2000


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A text for a person, in three pieces that follow each other.

    Attributes:
        before: what stands before the quoted text.
        value: the quoted text, as it stands there.
        after: what stands after it.
    """

    before: str
    value: str
    after: str

    @property
    def text(self) -> str:
        """The pieces as one."""
        return self.before + self.value + self.after

    def within(self, characters: int) -> Surroundings:
        """Return it with at most so many characters in each piece; what is cut off is the furthest from the value."""
        return Surroundings(
            self.before if len(self.before) <= characters else _LEFT_OUT + self.before[-characters:],
            self.value if len(self.value) <= characters else self.value[:characters] + _LEFT_OUT,
            self.after if len(self.after) <= characters else self.after[:characters] + _LEFT_OUT,
        )


def read_surroundings(body: OpenBody, locator: str) -> Surroundings:
    """Return what stands around a locator.

    For JSON the record that holds the value, for CSV the row with its column names, for Markdown the row under the
    table's head, for a page the passage of its text, or the tag whose attribute it is.

    Args:
        body: the body that the locator belongs to.
        locator: ``kind:place``, see `scrapers.places.locate`.

    Raises:
        ParseError: nothing stands there.
        CorruptError: the store no longer holds the bytes that were put there.
    """
    return Surroundings(*body.follow(locator, lambda kind, place: _around(body, kind, place)))


def _around(body: OpenBody, kind: str, place: str) -> Pieces:  # noqa: PLR0911  # a line or two per kind
    match kind:
        case "json":
            return record_around(*body.json_towards(place))
        case "jsonld" | "script":
            number, slash, rest = place.partition("/")
            media_type = "application/ld+json" if kind == "jsonld" else "application/json"
            return record_around(body.script(media_type, number), slash + rest)
        case "object":
            return record_around(*body.script_object(place))
        case "csv":
            return _named(body.csv_record(place), place.partition(";")[2])
        case "row":
            return _named(body.row(place), place.rpartition(";")[2])
        case "md":
            return _in_markdown(body.text.splitlines(), place)
        case "css":
            return _in_page(body.element(place), place.partition("@")[2])
        case "text":
            return _in_text(body, place)
        case _:
            raise LookupError(f"{kind!r} is no kind of locator")


def _named(record: dict[str, str], name: str) -> Pieces:
    """Return a record as lines, its empty cells left out: a price list has dozens."""
    names = list(record)
    at = names.index(name)
    before = [f"{head}: {record[head]}\n" for head in names[:at] if record[head]]
    after = [f"\n{head}: {record[head]}" for head in names[at + 1 :] if record[head]]
    return f"{''.join(before)}{name}: ", record[name], "".join(after)


def _in_markdown(lines: list[str], place: str) -> Pieces:
    """Return a table's row by the words of its head, the first of the lines with pipes above it; else the line."""
    number, cell = (int(part) for part in place.split(";"))
    if min(number, cell) < 1:
        raise LookupError("lines and cells are counted from 1")
    head = number
    while head > 1 and lines[head - 2].lstrip().startswith("|"):
        head -= 1
    cells, heads = markdown_cells(lines[number - 1]), markdown_cells(lines[head - 1])
    if head == number or len(heads) != len(cells):
        heads = [""] * len(cells)
    before, value, after = cells[: cell - 1], cells[cell - 1], cells[cell:]
    labels = [f"{name}: " if name else "" for name in heads]
    above = "".join(f"{label}{text}\n" for label, text in zip(labels, before, strict=False))
    below = "".join(f"\n{label}{text}" for label, text in zip(labels[cell:], after, strict=True))
    return above + labels[cell - 1], value, below


def _in_text(body: OpenBody, place: str) -> Pieces:
    """Return a passage of a text and what stands before and after it."""
    value, text, start = body.passage(place), body.plain_text, int(place.partition(";")[0])
    end = start + len(value)
    return text[max(0, start - _PASSAGE) : start], value, text[end : end + _PASSAGE]


def _in_page(element: Tag, attribute: str) -> Pieces:
    """Return the passage of a page in which an element stands; with an attribute its tag below the passage."""
    passage = _passage(element)
    before, inside, after = _texts(passage, element)
    if not attribute:
        return f"{before} ".lstrip(), inside, f" {after}".rstrip()
    words = fold(f"{before} {inside} {after}")
    opened, found, closed = _tag(element, attribute)
    return f"{words}\n\n{opened}".lstrip(), found, closed


def _passage(element: Tag) -> Tag:
    """Return the nearest element around that has enough text to tell what the price is of, but no long page."""
    passage = element
    for parent in element.parents:
        length = _length(parent)
        if parent.name in {"html", "[document]"} or length > _LONGEST_PASSAGE:
            break
        passage = parent
        if length >= _PASSAGE:
            break
    return passage


def _length(passage: Tag) -> int:
    """Return how many characters of text an element has; beyond the longest passage nobody counts."""
    length = 0
    for text in passage.stripped_strings:
        length += len(text) + 1
        if length > _LONGEST_PASSAGE:
            break
    return length


def _texts(passage: Tag, element: Tag) -> Pieces:
    """Return a passage's text before, in and after one of its elements."""
    texts: tuple[list[str], list[str], list[str]] = ([], [], [])
    inside = False
    for text in passage.strings:
        within = any(parent is element for parent in text.parents)
        inside = inside or within
        texts[1 if within else 2 if inside else 0].append(text)
    before, value, after = (fold(" ".join(some)) for some in texts)
    return before, value, after


def _tag(element: Tag, attribute: str) -> Pieces:
    """Return an element's opening tag around the value of one of its attributes."""
    values = {name: v if isinstance(v, str) else " ".join(v) for name, v in element.attrs.items()}
    names = list(values)
    at = names.index(attribute)
    before = "".join(f' {name}="{values[name]}"' for name in names[:at])
    after = "".join(f' {name}="{values[name]}"' for name in names[at + 1 :])
    return f'<{element.name}{before} {attribute}="', values[attribute], f'"{after}>'
