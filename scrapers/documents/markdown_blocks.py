"""The blocks of a Markdown file: front matter, headings, tables, lists, paragraphs, each with its numbered lines.

What is read: CommonMark's blocks and the tables of GitHub's dialect, with or without outer pipes. A file without one
blank line (text copied out of a web page) has a block in every line: a short one without a full stop is a heading.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scrapers.places.locate import markdown_cells


class BlockKind(enum.Enum):
    """What a block is."""

    FRONT_MATTER = "front matter"
    CODE = "code"
    COMMENT = "comment"
    HEADING = "heading"
    TABLE = "table"
    LIST = "list"
    PARAGRAPH = "paragraph"
    LOOSE_ROWS = "rows of a table without a header"


@dataclass(frozen=True, slots=True)
class Block:
    """One block.

    Attributes:
        kind: what it is.
        lines: number (1 is the file's first) and text of its lines.
        level: of a heading, 1 is the highest; 0 for all else.
    """

    kind: BlockKind
    lines: tuple[tuple[int, str], ...]
    level: int = 0


_FENCE = re.compile(r"\s{0,3}(```+|~~~+)")
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s")
_UNDERLINE = re.compile(r"\s{0,3}(=+|-+)\s*")
_RULE = re.compile(r"\s{0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})")
_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s+\S")
_DASHES = re.compile(r":?-+:?")
_LONGEST_HEADING = 80
_LOWEST_LEVEL = 6
CONTENTS = {"contents", "table of contents"}
"""Headings that are nobody's title."""


def blocks(lines: Sequence[str]) -> Iterator[Block]:
    """Yield the blocks of a file in their order; blank lines and rules are no blocks."""
    unspaced = len(lines) > 1 and all(line.strip() for line in lines)
    start, titled = 0, False
    while start < len(lines):
        kind, end, level = _block_at(lines, start, unspaced=unspaced)
        if kind is not None:
            if unspaced and level and not titled and lines[start].strip().lower() not in CONTENTS:
                titled, level = True, 1
            yield Block(kind, tuple((n + 1, lines[n]) for n in range(start, end)), level)
        start = end


def _block_at(  # noqa: PLR0911  # one line per kind of block
    lines: Sequence[str], start: int, *, unspaced: bool
) -> tuple[BlockKind | None, int, int]:
    """Return what begins at a line, the index of the line after it, and the level of a heading."""
    line = lines[start]
    if not line.strip():
        return None, start + 1, 0
    if found := _enclosed(lines, start):
        return *found, 0
    if heading := _HEADING.match(line):
        return BlockKind.HEADING, start + 1, len(heading[1])
    if begins_table(lines, start):
        return BlockKind.TABLE, _end_of_rows(lines, start + 2), 0
    if line.lstrip().startswith("|"):
        return BlockKind.LOOSE_ROWS, _end_of_rows(lines, start), 0
    if _RULE.fullmatch(line):
        return None, start + 1, 0
    if _ITEM.match(line):
        return BlockKind.LIST, _end_of_list(lines, start, unspaced=unspaced), 0
    return _text(lines, start, unspaced=unspaced)


def _enclosed(lines: Sequence[str], start: int) -> tuple[BlockKind, int] | None:
    """Return front matter, code or a comment and the index after it; it may run to the end of the file."""
    line = lines[start]
    if start == 0 and line.strip() == "---":
        return BlockKind.FRONT_MATTER, _after(lines, 1, "---")
    if fence := _FENCE.match(line):
        return BlockKind.CODE, _after(lines, start + 1, fence[1])
    if line.lstrip().startswith("<!--"):
        end = next((n for n in range(start, len(lines)) if "-->" in lines[n]), len(lines) - 1)
        return BlockKind.COMMENT, end + 1
    return None


def _after(lines: Sequence[str], start: int, mark: str) -> int:
    return next((n + 1 for n in range(start, len(lines)) if lines[n].strip().startswith(mark)), len(lines))


def begins_table(lines: Sequence[str], start: int) -> bool:
    """Tell whether a line is the head of a table: a line of dashes follows, with as many cells."""
    if start + 1 >= len(lines) or "|" not in lines[start] or "|" not in lines[start + 1]:
        return False
    dashes = markdown_cells(lines[start + 1])
    return all(map(_DASHES.fullmatch, dashes)) and len(dashes) == len(markdown_cells(lines[start]))


def _end_of_rows(lines: Sequence[str], start: int) -> int:
    return next((n for n in range(start, len(lines)) if "|" not in lines[n]), len(lines))


def _end_of_list(lines: Sequence[str], start: int, *, unspaced: bool) -> int:
    """Return the index after a list: items may have lines of their own below them, and blank lines between."""
    end = start + 1
    for number in range(start + 1, len(lines)):
        line = lines[number]
        goes_on = bool(_ITEM.match(line)) or (line.startswith((" ", "\t")) and bool(line.strip()))
        if goes_on or (not unspaced and line.strip() and end == number and _is_plain(lines, number)):
            end = number + 1
        elif line.strip():
            break
    return end


def _is_plain(lines: Sequence[str], number: int) -> bool:
    line = lines[number]
    special = _HEADING.match(line) or _FENCE.match(line) or _RULE.fullmatch(line) or _ITEM.match(line)
    return bool(line.strip()) and not special and not line.lstrip().startswith(("|", "<!--"))


def _text(lines: Sequence[str], start: int, *, unspaced: bool) -> tuple[BlockKind, int, int]:
    """Return a heading that is underlined or stands for itself, or a paragraph."""
    line = lines[start].strip()
    if unspaced:
        short = len(line) <= _LONGEST_HEADING
        if short and line.endswith(":"):
            return BlockKind.HEADING, start + 1, _LOWEST_LEVEL
        heading = short and line[-1].isalnum() and not re.search(r"[$€£=]", line)
        return (BlockKind.HEADING, start + 1, 2) if heading else (BlockKind.PARAGRAPH, start + 1, 0)
    end = start + 1
    while end < len(lines) and _goes_on(lines, end):
        end += 1
    if end < len(lines) and (underline := _UNDERLINE.fullmatch(lines[end])) and end == start + 1:
        return BlockKind.HEADING, end + 1, 1 if underline[1].startswith("=") else 2
    return BlockKind.PARAGRAPH, end, 0


def _goes_on(lines: Sequence[str], number: int) -> bool:
    """Tell whether a line belongs to the paragraph above it."""
    return _is_plain(lines, number) and not begins_table(lines, number) and not _UNDERLINE.fullmatch(lines[number])


def items(block: Block) -> Iterator[tuple[tuple[int, str], ...]]:
    """Yield the numbered lines of each item of a list."""
    item: list[tuple[int, str]] = []
    for number, line in block.lines:
        if _ITEM.match(line) and item:
            yield tuple(item)
            item = []
        if line.strip():
            item.append((number, line))
    if item:
        yield tuple(item)
