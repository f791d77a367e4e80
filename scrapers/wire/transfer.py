"""The bytes of an answer's body as they travel, in large pieces.

httpx gives a body out as its connection receives it, under TLS 16 KiB at a time, and every piece passes six functions
on its way: for a price list of 400 MB that takes as long as reading the prices. So the rest of a large body whose
length is announced is received from the connection itself, which httpx offers for such cases (the response's
``network_stream``, https://www.python-httpx.org/advanced/extensions/#network_stream), and which is closed afterwards.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator, Mapping

import httpx

PIECE_BYTES = 1 << 18
"""What is read while it arrives is read fastest in pieces that a processor's cache holds."""
_LARGE = 1 << 22
_LONGEST_PIECE_SECONDS = 1.0
"""Whoever limits a body's time, or shows how far it is, hears of it at least so often."""


class Transfer:
    """A body on its way.

    Attributes:
        received: bytes that have come, compressed or not.
    """

    def __init__(
        self, answer: httpx.Response, *, seconds: float, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Take an answer of which the head was read.

        Args:
            answer: the answer.
            seconds: how long nothing may come.
            monotonic: measures time, in seconds.
        """
        self.received = 0
        self._answer = answer
        self._seconds = seconds
        self._monotonic = monotonic

    @property
    def headers(self) -> Mapping[str, str]:
        """The answer's headers, by lower-case name."""
        return self._answer.headers

    @property
    def announced(self) -> int | None:
        """How many bytes will come, as the server announced them; None where it did not."""
        size = self.headers.get("content-length", "")
        return int(size) if size.isdecimal() and "transfer-encoding" not in self.headers else None

    def __iter__(self) -> Iterator[bytes]:
        """Yield the pieces.

        Raises:
            httpx.HTTPError: the body breaks off, or does not go on.
        """
        for piece in self._pieces():
            self.received += len(piece)
            yield piece

    def _pieces(self) -> Iterator[bytes]:
        """Yield what httpx has received already, then the rest of a large body from the connection."""
        pieces = self._answer.iter_raw()
        first = next(pieces, b"")
        yield first
        left, connection = (self.announced or 0) - len(first), self._connection()
        if left < _LARGE or connection is None:
            yield from pieces
            return
        try:
            yield from self._receive(connection, left)
        except TimeoutError as exc:
            raise httpx.ReadTimeout(f"nothing came for {self._seconds:.0f} s") from exc
        except OSError as exc:
            raise httpx.ReadError(str(exc)) from exc

    def _connection(self) -> socket.socket | None:
        """Return the socket of an HTTP/1.1 answer, which has it for itself; None where there is none to be had."""
        stream = self._answer.extensions.get("network_stream")
        if stream is None or self._answer.extensions.get("http_version") != b"HTTP/1.1":
            return None
        found = stream.get_extra_info("socket")
        return found if isinstance(found, socket.socket) else None

    def _receive(self, connection: socket.socket, left: int) -> Iterator[bytes]:
        """Yield so many bytes, in full pieces while they come quickly."""
        connection.settimeout(self._seconds)
        buffer = memoryview(bytearray(PIECE_BYTES))
        while left:
            filled, until = 0, self._monotonic() + _LONGEST_PIECE_SECONDS
            while filled < min(left, PIECE_BYTES) and self._monotonic() <= until:
                count = connection.recv_into(buffer[filled : min(left, PIECE_BYTES)])
                if not count:
                    raise httpx.RemoteProtocolError(f"the connection was closed with {left - filled:,} bytes to come")
                filled += count
            left -= filled
            yield bytes(buffer[:filled])
