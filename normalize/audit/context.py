"""What a reader sees around a figure, from the nearest to the farthest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from normalize.audit.words import Found, providers, services
from scrapers.documents.records import Passage, PassageKind, PrintedFigure

_ASIDE = re.compile(r"\b(?:sources?|notes?|references?|links?|comments?|remarks?|delta|savings?)\b", re.IGNORECASE)
_MONEY = re.compile(r"[$€£]\s?\d|\d\s?(?:USD|EUR|GBP)\b")


@dataclass(frozen=True, slots=True)
class Surrounding:
    """One of the texts around a figure.

    Attributes:
        text: as printed.
        head: of the column that it stands in; "" for anything else.
        near: whether the figure's own words are meant: its cell, its column, the words before it in its sentence.
        far: whether it is the document's title above a sentence, or a sentence before it: what that names need not be
            what the sentence is about.
        last: whether the last of several names in it is the one that is meant, as before a figure in a sentence.
    """

    text: str
    head: str = ""
    near: bool = True
    far: bool = False
    last: bool = False


def surroundings(figure: PrintedFigure, others: Sequence[PrintedFigure]) -> tuple[Surrounding, ...]:
    """Return the texts around a figure, the nearest first.

    Args:
        figure: the figure.
        others: all figures of its passage, in their order.
    """
    passage = figure.passage
    own = _around_cell(passage) if passage.kind is PassageKind.CELL else _around_sentence(figure, others)
    return (*own, *above(passage))


def above(passage: Passage) -> tuple[Surrounding, ...]:
    """Return what stands above a passage: what introduces it, and the headings, the nearest first."""
    sentence = passage.kind is not PassageKind.CELL
    said = [Surrounding(passage.before, near=False, far=True, last=True)] if passage.before else []
    sections = [Surrounding(text, near=False) for text in (passage.lead, *reversed(passage.headings[1:])) if text]
    return (*said, *sections, *(Surrounding(text, near=False, far=sentence) for text in passage.headings[:1]))


def _around_cell(passage: Passage) -> Iterator[Surrounding]:
    yield Surrounding(passage.text)
    yield Surrounding(passage.column)
    own = _product(passage.column)
    for head, text in passage.beside:
        if not (_ASIDE.search(head) or _MONEY.search(text) or providers(head)):
            yield Surrounding(text, head)
    for head, text in passage.beside:
        if own and _product(head) == own:
            yield Surrounding(text, head)


def _product(head: str) -> tuple[object, ...]:
    """Return the seller and the product that a column is about; a column beside it of the same names its SKU."""
    sellers = [seller for _, seller in providers(head)]
    return (*sellers, *(service for seller in sellers for _, service in services(head, str(seller))))


def _around_sentence(figure: PrintedFigure, others: Sequence[PrintedFigure]) -> Iterator[Surrounding]:
    """Yield the words since the figure before, those up to the next one, and all that come before."""
    text = figure.passage.text
    start = max((f.end for f in others if f.end <= figure.start), default=0)
    end = min((f.start for f in others if f.start >= figure.end), default=len(text))
    yield Surrounding(text[start : figure.start], last=True)
    yield Surrounding(text[figure.end : end], near=len(others) == 1)
    yield Surrounding(text[:start], near=False, last=True)


Reader = Callable[[Surrounding], Found]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the surroundings of a figure say to one question.

    Attributes:
        value: None where they do not say, or name several.
        sure: whether the figure's own words say it, or the only text above it that does.
    """

    value: object = None
    sure: bool = True


def ask(around: Sequence[Surrounding], read: Reader) -> Answer:
    """Return the answer of the nearest text that has one; a text that names several has none, unless the last counts.

    Args:
        around: the texts, the nearest first.
        read: finds what a text names.
    """
    for place in around:
        found = read(place)
        values = dict.fromkeys(value for _, value in found)
        if len(values) == 1:
            return Answer(found[0][1], sure=not place.far)
        if values and place.last:
            return Answer(found[-1][1], sure=False)
        if values and place.near:
            return Answer(None, sure=False)
    return Answer()
