"""Reading a hand-kept TOML file strictly: each key is there, has its type, and none is left over."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Hashable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from scrapers.errors import FactsError

_KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DECIMAL = re.compile(r"\d+(\.\d+)?")
_URL = re.compile(r"https://[^\s/]+\S*")


class Row:
    """One table of a file; reading a key takes it out, `finish` finds what nobody took."""

    __slots__ = ("_file", "_left", "_title")

    def __init__(self, file: Path, title: str, values: Mapping[str, object]) -> None:
        self._file = file
        self._title = title
        self._left = dict(values)

    def error(self, key: str, problem: str) -> FactsError:
        """Return an error that names the file, this row and the key."""
        return FactsError(f"{self._file}: {self._title}: {key}: {problem}")

    def has(self, key: str) -> bool:
        """Tell whether the row still holds a key."""
        return key in self._left

    def take(self, key: str) -> object:
        """Take a value of any type."""
        if key not in self._left:
            raise self.error(key, "is missing")
        return self._left.pop(key)

    def text(self, key: str) -> str:
        """Take a text; it may be empty."""
        value = self.take(key)
        if not isinstance(value, str):
            raise self.error(key, f"must be a text in quotes, not {value!r}")
        return value

    def words(self, key: str) -> str:
        """Take a text that is not empty; runs of white space become one space."""
        value = squeeze(self.text(key))
        if not value:
            raise self.error(key, "must not be empty")
        return value

    def words_if_any(self, key: str) -> str:
        """Take a text that may be left out, but not left empty."""
        return self.words(key) if self.has(key) else ""

    def kebab(self, key: str) -> str:
        """Take a canonical id such as ``h100-sxm-80gb``."""
        value = self.text(key)
        if not _KEBAB.fullmatch(value):
            raise self.error(key, f"{value!r} is not lower-case words joined by hyphens")
        return value

    def one_of(self, key: str, allowed: Collection[str]) -> str:
        """Take one of a few texts."""
        value = self.text(key)
        if value not in allowed:
            raise self.error(key, f"{value!r} is none of {', '.join(repr(str(a)) for a in sorted(allowed))}")
        return value

    def url(self, key: str) -> str:
        """Take a public https address."""
        value = self.text(key)
        if not _URL.fullmatch(value):
            raise self.error(key, f"{value!r} is not an https address")
        return value

    def day(self, key: str) -> date:
        """Take a date, written without quotes and without a time."""
        if not self.has(key):
            raise self.error(key, "is missing; write a date such as 2026-11-23, without quotes")
        value = self.take(key)
        if type(value) is not date:  # a datetime is a date too
            raise self.error(key, f"must be a date such as 2026-11-23, without quotes, not {value!r}")
        return value

    def day_if_any(self, key: str) -> date | None:
        """Take a date that may be left out."""
        return self.day(key) if self.has(key) else None

    def decimal(self, key: str) -> Decimal:
        """Take a positive number, written as text so that it stays exact."""
        return self._positive(key, self.text(key))

    def decimals_if_any(self, key: str) -> tuple[Decimal, ...]:
        """Take a list of positive numbers that may be left out."""
        return tuple(self._positive(key, text) for text in self.texts_if_any(key))

    def texts(self, key: str) -> tuple[str, ...]:
        """Take a list of different texts; neither it nor one of them is empty."""
        values = self.take(key)
        if not isinstance(values, list) or not values:
            raise self.error(key, f"must be a list with something in it, not {values!r}")
        texts = tuple(squeeze(value) for value in values if isinstance(value, str) and value.strip())
        if len(texts) != len(values) or len(set(texts)) != len(texts):
            raise self.error(key, f"must hold different texts, none of them empty: {values!r}")
        return texts

    def texts_if_any(self, key: str) -> tuple[str, ...]:
        """Take a list of texts that may be left out."""
        return self.texts(key) if self.has(key) else ()

    def table(self, key: str) -> Mapping[str, object]:
        """Take a table inside the row."""
        value = self.take(key)
        if not isinstance(value, dict):
            raise self.error(key, f"must be a table, not {value!r}")
        return value

    def part(self, key: str, values: Mapping[str, object]) -> Row:
        """Return a table inside the row as a row of its own, which needs its own `finish`."""
        return Row(self._file, f"{self._title}: {key}", values)

    def parts_if_any(self, key: str, name: str) -> tuple[Row, ...]:
        """Take a list of tables that may be left out, each as a row of its own.

        Args:
            key: of the list.
            name: key in each table that names it in messages.
        """
        values = self.take(key) if self.has(key) else []
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            raise self.error(key, "must be a list of tables")
        return tuple(
            self.part(f"{key} {value.get(name, f'number {number}')}", value)
            for number, value in enumerate(values, start=1)
        )

    def check_order(self, key: str, first: date | None, last: date | None) -> None:
        """Raise when the date of a key is before another date; None is no date."""
        if first is not None and last is not None and last < first:
            raise self.error(key, f"{last} is before {first}")

    def finish(self) -> None:
        """Raise when a key was not taken."""
        if self._left:
            raise self.error(", ".join(sorted(self._left)), "unknown key")

    def _positive(self, key: str, text: str) -> Decimal:
        if not _DECIMAL.fullmatch(text) or Decimal(text) == 0:
            raise self.error(key, f'{text!r} is not a positive number such as "80" or "0.125"')
        return Decimal(text)


def squeeze(text: str) -> str:
    """Return a text with every run of white space as one space, and none at its ends."""
    return " ".join(text.split())


def read_rows(file: Path, tables: Mapping[str, str], *, may_be_empty: bool = False) -> dict[str, list[Row]]:
    """Read the rows of a file.

    Args:
        file: a TOML file of arrays of tables.
        tables: the arrays it must hold, each with the key that names its rows in messages.
        may_be_empty: whether a file without any array is a list without rows.

    Raises:
        FactsError: it cannot be read, or holds other arrays than these.
    """
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
    except OSError as exc:
        raise FactsError(f"{file}: cannot be read: {exc.strerror}") from exc
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise FactsError(f"{file}: is not TOML: {exc}") from exc
    if may_be_empty and not content:
        return {table: [] for table in tables}
    if content.keys() != tables.keys():
        odd = ", ".join(sorted(content.keys() ^ tables.keys()))
        raise FactsError(f"{file}: {odd}: must hold exactly the tables {', '.join(sorted(tables))}")
    return {table: _rows_of(file, table, content[table], key) for table, key in tables.items()}


def _rows_of(file: Path, table: str, values: object, key: str) -> list[Row]:
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise FactsError(f"{file}: {table}: must be written as [[{table}]]")
    return [
        Row(file, f"[[{table}]] {value[key]!r}" if key in value else f"[[{table}]] number {number}", value)
        for number, value in enumerate(values, start=1)
    ]


def check_unique(file: Path, table: str, keys: Iterable[Hashable]) -> None:
    """Raise when two rows of a table have the same key."""
    seen: set[Hashable] = set()
    for key in keys:
        if key in seen:
            raise FactsError(f"{file}: [[{table}]] {key!r}: is there twice")
        seen.add(key)
