"""The elements of a large JSON array, found in one pass as its bytes come, with the memory of a few of them.

An object ends where its brackets are balanced for the first time, which `json_brackets` sees without reading it. Where
that may be is learned from the array itself: what stands between two of its elements mostly stands between all of them.
An element that ends otherwise is read as JSON to find its end.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Generator, Iterator
from typing import BinaryIO

from scrapers.places.json_brackets import is_balanced

BLOCK_BYTES = 1 << 20
LARGEST_ELEMENT = 1 << 23
"""Bytes; the largest instances of Vantage's feed have some 500,000."""
_FIRST_TRY = 1 << 14
_LONG = 1 << 21
"""Bytes without what stands between two elements, after which the end of one is looked for by reading it."""
_SPACE = re.compile(rb"[ \t\r\n]*")
_BETWEEN = re.compile(rb'\}[ \t\r\n]*,[ \t\r\n]*\{[ \t\r\n]*"[^"\\]*"')
_BOM = codecs.BOM_UTF8
_DECODER = json.JSONDecoder()


class NoArrayError(ValueError):
    """What was read begins as no JSON array does."""


def read_elements(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the elements of the JSON array in a stream, each as it is printed.

    Raises:
        ValueError: it is no JSON array, breaks off, or holds what is no JSON.
    """
    scan = ArrayScan()
    while piece := stream.read(BLOCK_BYTES):
        yield from scan.feed(piece)
    yield from scan.finish()


class ArrayScan:
    """The scan of one array, which is fed with its bytes."""

    def __init__(self, *, block_bytes: int = BLOCK_BYTES) -> None:
        """Take how many bytes are searched at once."""
        self._block_bytes = block_bytes
        self._pieces: list[bytes] = []
        self._pending = 0
        self._window = b""
        self._base = 0  # place of the window in the array
        self._at = 0  # place of the element at hand in the window
        self._searched = 0  # up to where in the window its end was looked for
        self._enough = 0  # bytes of it without which it is not tried to be read again
        self._between = b""  # from the end of an element to the first key of the next
        self._count = 0
        self._final = False
        self._found = self._scan()

    def feed(self, piece: bytes) -> list[bytes]:
        """Take the next bytes; return the elements that have become whole, in their order.

        Raises:
            NoArrayError: it does not begin as an array.
            ValueError: something in it is no JSON, or an element has more than `LARGEST_ELEMENT` bytes.
        """
        self._pieces.append(piece)
        self._pending += len(piece)
        return self._search() if self._pending >= self._block_bytes else []

    def finish(self) -> list[bytes]:
        """Return the last elements.

        Raises:
            NoArrayError: it does not begin as an array.
            ValueError: it breaks off, goes on after its end, or something in it is no JSON.
        """
        self._final = True
        return self._search()

    def _search(self) -> list[bytes]:
        """Return the elements that are found as far as the bytes reach."""
        self._window = b"".join((self._window[self._at :], *self._pieces))
        self._base += self._at
        self._searched -= self._at
        self._at = 0
        self._pieces.clear()
        self._pending = 0
        elements = []
        for element in self._found:
            if element is None:
                break
            elements.append(element)
        return elements

    def _scan(self) -> Generator[bytes | None]:
        """Yield every element, and None whenever more bytes are needed."""
        while not self._final and len(self._window) < len(_BOM):
            yield None
        self._at = len(_BOM) if self._window.startswith(_BOM) else 0
        if (yield from self._mark()) != b"[":
            raise NoArrayError(self._problem("looked for a JSON array"))
        self._at += 1
        if (yield from self._mark()) != b"]":
            yield from self._elements()
        self._at += 1
        if (yield from self._mark()):
            raise ValueError(self._problem("looked for nothing after the end of the JSON array"))

    def _elements(self) -> Generator[bytes | None]:
        """Yield the elements up to the bracket that ends the array."""
        mark = b","
        while mark == b",":
            yield from self._mark()
            yield from self._element()
            mark = yield from self._mark()
            if mark not in (b",", b"]"):
                raise ValueError(self._problem("looked for a comma or the end of the JSON array"))
            self._at += mark == b","

    def _mark(self) -> Generator[None, None, bytes]:
        """Return the next byte that is no white space, b"" at the end."""
        while True:
            space = _SPACE.match(self._window, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._window) or self._final:
                return self._window[self._at : self._at + 1]
            yield None

    def _element(self) -> Generator[bytes | None]:
        """Yield the element at hand."""
        self._searched, self._enough = self._at, 0
        while not (end := self._end()):
            if self._final or len(self._window) - self._at > LARGEST_ELEMENT:
                raise ValueError(self._problem("looked for a whole JSON value"))
            yield None
        element = self._window[self._at : end]
        try:
            element.isascii() or element.decode()
        except UnicodeDecodeError as exc:
            raise self._not_utf8(exc) from None
        yield element
        self._at = end
        self._count += 1

    def _end(self) -> int:
        """Return where in the window the element at hand ends, 0 as long as that cannot be known."""
        window, at = self._window, self._at
        if self._between and window.startswith(b"{", at):
            hit = window.find(self._between, self._searched)
            if hit >= 0 and window.endswith(b"}", at, hit + 1) and is_balanced(window[at + 1 : hit]):
                return hit + 1
            if hit < 0 and not self._final and len(window) - at < _LONG:
                self._searched = max(at, len(window) - len(self._between))
                return 0
        if self._final or len(window) - at >= self._enough:
            return self._end_as_read()
        return 0

    def _end_as_read(self) -> int:
        """Return the same by reading the element as JSON, and learn what stands between it and the next."""
        window, at, size = self._window, self._at, _FIRST_TRY
        while True:
            end = self._read(window[at : at + size], last=self._final and at + size >= len(window))
            if end or at + size >= len(window):
                break
            size *= 8
        if not end:
            self._enough = 2 * (len(window) - at)
            return 0
        between = _BETWEEN.match(window, at + end - 1)
        if between:
            self._between = between[0]
        return at + end

    def _read(self, raw: bytes, *, last: bool) -> int:
        """Return the length of the JSON value at the beginning of some bytes, 0 if it does not end there."""
        wrong: UnicodeDecodeError | None = None
        try:
            text = codecs.getincrementaldecoder("utf-8")().decode(raw)
        except UnicodeDecodeError as exc:
            text, wrong = raw[: exc.start].decode(), exc  # it may stand behind the value
        try:
            _, length = _DECODER.raw_decode(text)
        except json.JSONDecodeError:
            if wrong is not None:
                raise self._not_utf8(wrong) from None
            return 0
        except RecursionError:
            raise ValueError(self._problem("looked for JSON, found brackets nested too deeply")) from None
        goes_on = length == len(text) and text[-1] not in '}]"' and not last  # a number may have more digits
        return 0 if goes_on else len(text[:length].encode())

    def _not_utf8(self, error: UnicodeDecodeError) -> ValueError:
        """Return the error of bytes of the element at hand that are no text."""
        found = error.object[error.start : error.start + 4]
        place = self._base + self._at + error.start
        return ValueError(f"looked for UTF-8, found {found!r} at byte {place}, after {self._count} elements")

    def _problem(self, looked_for: str) -> str:
        found = self._window[self._at : self._at + 60].decode(errors="replace")
        place = f"at byte {self._base + self._at}, after {self._count} elements"
        return f"{looked_for}, found {found!r} {place}" if found else f"{looked_for}, found the end {place}"
