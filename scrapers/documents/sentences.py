"""Sentences: text between two full stops, each with the places it runs over."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from scrapers.documents.records import Place

LONGEST = 4000
"""Characters of a sentence; what is longer was written by no person and is not searched for figures."""
LONGEST_LINE = 20_000
"""Characters of a line or paragraph; a longer one is quoted with every figure in it, and was made by a machine."""
MOST_PASSAGES = 10_000
"""Sentences and cells of a document: more than a person reads is not read here either, and said to be left out."""
_REMEMBERED = 400
_END = re.compile(r"(?<=[.!?;])[\"')\]*”]*\s+(?=[\"'(\[“*]*[A-Z0-9~$€£])")
_NO_END = re.compile(
    r"\b(?:approx|ca|vs|e\.g|i\.e|etc|incl|excl|max|min|no|avg|est|resp"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.$",
    re.IGNORECASE,
)

Pieces = Sequence[tuple[str, Place]]
"""The lines of a paragraph without markup, each with its place."""
Places = tuple[tuple[int, Place], ...]


def sentences(pieces: Pieces) -> Iterator[tuple[str, Places]]:
    """Yield the sentences of a paragraph, and where each of them begins and runs on."""
    text, starts = _joined(pieces)
    begin = 0
    for end in [*_ends(text), len(text)]:
        sentence = text[begin:end]
        if sentence.strip():
            lead = len(sentence) - len(sentence.lstrip())
            yield sentence.strip(), _places(starts, begin + lead, end)
        begin = end


def _joined(pieces: Pieces) -> tuple[str, list[tuple[int, Place]]]:
    parts: list[str] = []
    starts: list[tuple[int, Place]] = []
    length = 0
    for piece, place in pieces:
        starts.append((length, place))
        parts.append(piece)
        length += len(piece) + 1
    return " ".join(parts), starts


def _ends(text: str) -> Iterator[int]:
    for found in _END.finditer(text):
        if not _NO_END.search(text, max(0, found.start() - 12), found.start()):
            yield found.end()


def _places(starts: Sequence[tuple[int, Place]], begin: int, end: int) -> Places:
    """Return the places of a part of the text, their offsets counted from its begin."""
    first = bisect_right(starts, begin, key=lambda pair: pair[0]) - 1
    last = bisect_left(starts, end, key=lambda pair: pair[0])
    return ((0, starts[first][1]), *((start - begin, place) for start, place in starts[first + 1 : last]))


def remembered(before: str, sentence: str) -> str:
    """Return what a reader still has in mind of a paragraph: the sentences just before."""
    return f"{before} {sentence}".strip()[-_REMEMBERED:]
