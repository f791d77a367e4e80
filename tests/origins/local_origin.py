"""The one server of the tests: it answers on a port of this machine, over real sockets, well or badly.

A test lays answers at paths and points Ratecard there, by the URL that `Origin.serve` returns or as the mirror of a
public origin. Paths where nothing lies answer 404, robots.txt among them: everything is allowed.
"""

from __future__ import annotations

import gzip
import os
import socket
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread

NOT_MODIFIED = 304
REASONS = {int(status): status.phrase for status in HTTPStatus}
Body = bytes | Callable[[], Iterable[bytes]]
"""Bytes, or what makes them piece by piece, for bodies that nobody wants to hold."""
_PIECE = 1 << 16
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the origin sends for a path, and how.

    Attributes:
        body: its bytes as they travel; made piece by piece it has no Content-Length.
        status: HTTP status.
        headers: lower-case names; Content-Length and Date are added where they are not given.
        delay: seconds before the first byte.
        pause: seconds after every piece.
        piece: size of a piece, in bytes.
        sent: so many bytes of the body are sent, and no more; None for all of them.
        reset: whether the connection is reset at the end instead of closed.
        raw: sent in place of head and body.
    """

    body: Body = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0
    pause: float = 0
    piece: int = _PIECE
    sent: int | None = None
    reset: bool = False
    raw: bytes | None = None

    def pieces(self) -> Iterator[bytes]:
        """Yield what is sent of the body."""
        left = self.sent
        whole = (self.body,) if isinstance(self.body, bytes) else self.body()
        for part in whole:
            for start in range(0, len(part), self.piece):
                piece = part[start : start + self.piece][:left]
                if not piece:
                    return
                left = None if left is None else left - len(piece)
                yield piece

    def confirms(self, asked: Mapping[str, str]) -> bool:
        """Return whether a request names the body that lies here, so that 304 is the answer."""
        named = ((self.headers.get("etag"), "if-none-match"), (self.headers.get("last-modified"), "if-modified-since"))
        given = [(ours, asked.get(condition)) for ours, condition in named if asked.get(condition)]
        return bool(given) and all(ours == theirs for ours, theirs in given)


Fault = Callable[[Answer], Answer]
"""Makes a bad answer of a good one, see `faults`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the origin saw it; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    status: int


class Origin:
    """Answers with what was laid at its paths, and keeps what was asked.

    Attributes:
        url: its address, without a slash at the end.
        asked: every request so far, in the order of arrival; those for a robots.txt are in `asked_robots`.
        asked_robots: the requests for a robots.txt.
    """

    def __init__(self, url: str) -> None:
        """Take the address at which it listens."""
        self.url = url
        self.asked: list[Asked] = []
        self.asked_robots: list[Asked] = []
        self.closing = Event()
        self._lock = Lock()
        self._lasting: dict[str, Answer] = {}
        self._passing: dict[str, list[Answer]] = {}

    def serve(  # noqa: PLR0913  # what an answer may have
        self,
        path: str,
        body: Body = b"",
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        compress: bool = False,
        delay: float = 0,
        fault: Fault | None = None,
        times: int | None = None,
    ) -> str:
        """Lay an answer at a path, in place of the one that was there, and return the path's URL.

        Args:
            path: with its query, if any.
            body: as it is meant.
            status: HTTP status.
            headers: an ETag or Last-Modified among them makes the origin answer 304 to whoever names it.
            compress: whether the body travels as gzip.
            delay: seconds before the first byte.
            fault: what goes wrong, see `faults`.
            times: so many times only, before the answer that was there counts again; None for ever.
        """
        named = {name.lower(): value for name, value in (headers or {}).items()}
        if compress and isinstance(body, bytes):
            body, named = gzip.compress(body, mtime=0), {**named, "content-encoding": "gzip"}
        answer = Answer(body, status, named, delay)
        answer = fault(answer) if fault else answer
        with self._lock:
            if times is None:
                self._lasting[path] = answer
            else:
                self._passing.setdefault(path, []).extend([answer] * times)
        return self.url + path

    def paths(self) -> list[str]:
        """Return the paths that were asked for, in the order of arrival."""
        return [asked.path for asked in self.asked]

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Return what is sent for a request, and keep the request."""
        with self._lock:
            passing = self._passing.get(path)
            found = passing.pop(0) if passing else self._lasting.get(path, Answer(b"not here", 404))
            if found.confirms(headers):
                found = Answer(b"", NOT_MODIFIED, found.headers, found.delay)
            list_ = self.asked_robots if path.endswith("/robots.txt") else self.asked
            list_.append(Asked(method, path, headers, body, found.status))
        return found


@contextmanager
def open_origin() -> Iterator[Origin]:
    """Run an origin on a free port of this machine; leaving the context ends it, whatever it is sending."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.origin = Origin(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.origin
        finally:
            server.origin.closing.set()
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    request_queue_size = 128  # a browser and several sources may come at once
    origin: Origin


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        """Send what lies at the path."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.origin.answer(self.command, self.path, headers, body)
        self.close_connection = True
        try:
            self._send(answer)
        except ConnectionError:  # the client has heard enough
            return
        if answer.reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            os.close(self.connection.detach())

    do_POST = do_GET  # noqa: N815  # the name that http.server looks for

    def _send(self, answer: Answer) -> None:
        closing = self.server.origin.closing
        if closing.wait(answer.delay):
            return
        self.wfile.write(answer.raw if answer.raw is not None else self._head(answer))
        for piece in answer.pieces() if answer.raw is None else ():
            self.wfile.write(piece)
            if answer.pause and closing.wait(answer.pause):
                return

    def _head(self, answer: Answer) -> bytes:
        headers = {"date": formatdate(usegmt=True), "connection": "close", **answer.headers}
        if isinstance(answer.body, bytes) and answer.status != NOT_MODIFIED:
            headers.setdefault("content-length", str(len(answer.body)))
        reason = REASONS.get(answer.status, "")
        lines = (f"{name}: {value}" for name, value in headers.items())
        return "\r\n".join([f"HTTP/1.1 {int(answer.status)} {reason}", *lines, "", ""]).encode("latin-1")

    def log_message(self, *_: object) -> None:
        """Say nothing."""
