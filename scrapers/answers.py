"""What an HTTP answer is worth: its status and its body, before anything of it is believed."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import httpx

from scrapers.errors import FetchError, ParseError
from scrapers.records import Content, Source
from scrapers.spool import Spool

MAX_BODY_BYTES = 1_500_000_000
"""Larger than the largest regional offer file; a body beyond it is a mistake or an attack."""
MAX_INFLATION = 250
"""A price list of 300 MB is packed some twentyfold; gzip itself cannot go beyond 1032, and only for a bomb."""
Watch = Callable[[bytes], object]
"""Sees the pieces of a body while it arrives; may return the number of rows it has kept so far."""
NOT_MODIFIED = 304
_OK = 200
_FIRST_SERVER_ERROR = 500
_LATER = {408, 425, 429}
_NEVER = {501, 505}


_PIECE = 1 << 20
_ANY_INFLATION = 10_000_000


@dataclass(frozen=True, slots=True)
class Arrival:
    """How far a body has come.

    Attributes:
        source: id of the source.
        resource: name of the body.
        received: bytes so far, as they travel, compressed or not.
        announced: bytes in all, as the server announced them; None where it did not.
        rows: rows kept so far; None where nobody counts.
    """

    source: str
    resource: str
    received: int
    announced: int | None
    rows: int | None


def check_status(  # noqa: PLR0913  # what was asked and what was answered
    source: Source, status: int, url: str, *, reason: str = "", retry_after: str = "", conditional: bool = False
) -> None:
    """Accept 200 and nothing else: a 202 or 204 is a bot wall's or a mistake's way to send no page.

    Args:
        source: whose answer it is.
        status: HTTP status.
        url: what was asked, for the message.
        reason: the status in words, as the server put it.
        retry_after: the header of that name, for the message.
        conditional: whether the body was asked for only if it changed, so that 304 is an answer too.

    Raises:
        FetchError: the server cannot now (429, 500, 503).
        ParseError: another try will bring the same (403, 404).
    """
    if status == _OK or (conditional and status == NOT_MODIFIED):
        return
    problem = f"HTTP {status} {reason}".rstrip() + (f", to be tried again after {retry_after}" if retry_after else "")
    if status in _LATER or (status >= _FIRST_SERVER_ERROR and status not in _NEVER):
        raise FetchError(source.id, problem, where=url)
    raise ParseError(source.id, problem, where=url)


def receive(source: Source, answer: httpx.Response, url: str, spool: Spool, watch: Watch | None = None) -> Content:
    """Return the body of an answer that is being streamed, content encoding undone.

    Args:
        source: whose answer it is.
        answer: the answer, its head read.
        url: what was asked, for messages.
        spool: receives the pieces.
        watch: sees every piece as it arrives, so that a large body is read in the same pass.

    Raises:
        FetchError: it is cut off or broken on its way.
        ParseError: it is larger than any body should be, or encoded as nobody asked.
    """
    try:
        for piece in _bounded(source, answer, url):
            spool.write(piece)
            if watch is not None:
                watch(piece)
    except BaseException:
        spool.abandon()
        raise
    return spool.close()


def _bounded(source: Source, answer: httpx.Response, url: str) -> Iterator[bytes]:
    """Yield the body in pieces as long as their sum is a size that a body, and that one, can have."""
    size = 0
    for piece in _decoded(source, answer, url):
        size += len(piece)
        if size > MAX_BODY_BYTES:
            raise ParseError(source.id, f"the body is larger than {MAX_BODY_BYTES} bytes", where=url)
        if size > max(_ANY_INFLATION, MAX_INFLATION * answer.num_bytes_downloaded):
            problem = f"{answer.num_bytes_downloaded} compressed bytes become more than {size}: no price list does"
            raise ParseError(source.id, problem, where=url)
        yield piece


def media_type(headers: Mapping[str, str]) -> str:
    """Return the media type without its parameters."""
    return headers.get("content-type", "application/octet-stream").partition(";")[0].strip()


def _decoded(source: Source, answer: httpx.Response, url: str) -> Iterator[bytes]:
    """Yield the body in pieces; httpx itself would take a gzip stream that is cut off for a whole one."""
    encoding = answer.headers.get("content-encoding", "identity").strip().lower()
    if encoding == "identity":
        yield from answer.iter_raw()
        return
    if encoding != "gzip":
        raise ParseError(source.id, f"the body comes as {encoding!r}, which was not asked for", where=url)
    inflate = zlib.decompressobj(wbits=zlib.MAX_WBITS + 16)
    try:
        for chunk in answer.iter_raw():
            packed = chunk
            while packed:
                yield inflate.decompress(packed, _PIECE)
                packed = inflate.unconsumed_tail
        yield inflate.flush()
    except zlib.error as exc:
        raise FetchError(source.id, f"the compressed body is broken: {exc}", where=url) from exc
    if not inflate.eof or inflate.unused_data:
        raise FetchError(source.id, "the compressed body does not end where it should", where=url)
