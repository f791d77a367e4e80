"""The date of a document: as it declares it, as it prints it, or as its months add up."""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from scrapers.documents.records import PassageKind, ReadDocument

_MONTHS = {name.lower(): number for number, name in enumerate(month_name) if name}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}
_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ISO = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)(?!\d)")
_DAY = re.compile(
    rf"\b(?:(\d{{1,2}})(?:st|nd|rd|th)?\.? )?({_NAME})\.? (?:(\d{{1,2}})(?:st|nd|rd|th)?,? )?(20\d\d)\b", re.IGNORECASE
)
_WHEN = re.compile(
    r"\b(?:generated|published|updated|last modified|as of|written|posted|prices? (?:of|from)|date)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class DocumentDate:
    """When a document is of.

    Attributes:
        on: the day; of a month its last.
        by: how that is known, in words.
        sure: whether the document or its reader says so.
    """

    on: date
    by: str
    sure: bool = True


def date_of(document: ReadDocument) -> DocumentDate | None:
    """Return a document's date: of its front matter or head, of a line that says so, else the month it names most.

    Args:
        document: as it was read.

    Returns:
        None where it names none.
    """
    declared = next(_dates(document.declared_date), None)
    if declared:
        return DocumentDate(declared[0], f"the document's own date, {document.declared_date}")
    telling = [p for p in document.passages if p.kind is PassageKind.HEADING or _WHEN.search(p.text)]
    said = [(d, p.text) for p in telling for d in _dates(p.text)]
    exact = [(d, text) for (d, is_day), text in said if is_day]
    if exact:
        return DocumentDate(exact[-1][0], f"the line “{exact[-1][1][:60]}”")
    months = Counter(d for p in document.passages for d, is_day in _dates(p.text) if not is_day)
    if not months:
        return None
    most = max(months.values())
    newest = max(month for month, times in months.items() if times == most)
    return DocumentDate(newest, f"{newest:%B %Y}, the month that it names most ({most} times)")


def _dates(text: str) -> Iterator[tuple[date, bool]]:
    """Yield the dates of a text, and whether each is a day; of a month the last day."""
    for found in _ISO.finditer(text):
        yield from _made(int(found[1]), int(found[2]), int(found[3]))
    for found in _DAY.finditer(text):
        year, month = int(found[4]), _MONTHS[found[2].lower()]
        day = found[3] or found[1]
        if day:
            yield from _made(year, month, int(day))
        else:
            yield date(year, month, monthrange(year, month)[1]), False


def _made(year: int, month: int, day: int) -> Iterable[tuple[date, bool]]:
    try:
        return [(date(year, month, day), True)]
    except ValueError:
        return []
