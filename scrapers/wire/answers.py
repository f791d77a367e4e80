"""What an HTTP answer is worth: its status and its body, before anything of it is believed."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol

from scrapers.archive.spool import Spool
from scrapers.errors import FetchError, ParseError
from scrapers.records import Content, Listing, Response, Source
from scrapers.wire.transfer import Transfer

MAX_INFLATION = 250
"""A price list of 300 MB is packed some twentyfold; gzip itself cannot go beyond 1032, and only for a bomb."""
Watch = Callable[[bytes], object]
"""Sees the pieces of a body while it arrives; may return the number of rows it has kept so far."""
NOT_MODIFIED = 304
_OK = 200
_FIRST_SERVER_ERROR = 500
_LATER = {408, 425, 429}
_NEVER = {501, 505}
_FIRST_BYTES_SECONDS = 60.0
_SLOWEST_BYTES_PER_SECOND = 500_000
_LONGEST_WISH_SECONDS = 1e9

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


class Reader(Protocol):
    """Reads one body while it arrives. When a body breaks off, its reader is thrown away, and a new one starts."""

    def feed(self, piece: bytes) -> int:
        """Take the next piece; return the number of rows kept so far."""

    def finish(self, response: Response) -> tuple[Listing, ...] | None:
        """Return the listings of the whole body; None where it must be parsed from its stored bytes.

        Raises:
            ParseError: the structure that was looked for is not there.
        """


def body_seconds(source: Source) -> float:
    """Return how long a body of a source may take: a minute, and what its largest needs at 500 kB a second."""
    return _FIRST_BYTES_SECONDS + source.max_body_bytes / _SLOWEST_BYTES_PER_SECOND


def is_worth_another_try(status: int) -> bool:
    """Return whether an HTTP status says that the server cannot now, but may later."""
    return status in _LATER or (status >= _FIRST_SERVER_ERROR and status not in _NEVER)


def seconds_until_retry(retry_after: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110, 10.2.3); None where it says nothing clear.

    Args:
        retry_after: a number of seconds, or an HTTP date; "" where there is none.
        now: UTC.
    """
    if retry_after.isdecimal():
        return min(float(retry_after), _LONGEST_WISH_SECONDS)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())


def check_status(  # noqa: PLR0913  # what was asked and what was answered
    source: Source,
    status: int,
    url: str,
    *,
    reason: str = "",
    retry_after: str = "",
    conditional: bool = False,
    now: datetime | None = None,
) -> None:
    """Accept 200 and nothing else: a 202 or 204 is a bot wall's or a mistake's way to send no page.

    Args:
        source: whose answer it is.
        status: HTTP status.
        url: what was asked, for the message.
        reason: the status in words, as the server put it.
        retry_after: the header of that name.
        conditional: whether the body was asked for only if it changed, so that 304 is an answer too.
        now: UTC; tells when it is to be tried again.

    Raises:
        FetchError: the server cannot now (429, 500, 503); with the seconds to wait where it names them.
        ParseError: another try will bring the same (403, 404).
    """
    if status == _OK or (conditional and status == NOT_MODIFIED):
        return
    wish = seconds_until_retry(retry_after, now) if now else None
    problem = f"HTTP {status} {reason}".rstrip()
    if now and wish is not None:
        problem += f", to be tried again in {wish:.0f} s, at {now + timedelta(seconds=wish):%Y-%m-%d %H:%M:%S} UTC"
    elif retry_after:
        problem += f", to be tried again after {retry_after!r}"
    if is_worth_another_try(status):
        raise FetchError(source.id, problem, where=url, retry_after=wish)
    raise ParseError(source.id, problem, where=url)


def receive(  # noqa: PLR0913  # what arrives, where to, and who looks on
    source: Source,
    transfer: Transfer,
    url: str,
    spool: Spool,
    watch: Watch | None = None,
    *,
    monotonic: Callable[[], float] = time.monotonic,
) -> Content:
    """Return the body of an answer that is being streamed, content encoding undone.

    Args:
        source: whose answer it is.
        transfer: the body on its way.
        url: what was asked, for messages.
        spool: receives the pieces.
        watch: sees every piece as it arrives, so that a large body is read in the same pass.
        monotonic: measures time, in seconds.

    Raises:
        FetchError: it is cut off or broken on its way, or trickles.
        ParseError: it is larger than any of the source's should be, or encoded as nobody asked.
    """
    try:
        for piece in pieces_of(source, transfer, url, body_seconds(source), monotonic):
            spool.write(piece)
            if watch is not None:
                watch(piece)
    except BaseException:
        spool.abandon()
        raise
    return spool.close()


def pieces_of(
    source: Source, transfer: Transfer, url: str, seconds: float, monotonic: Callable[[], float]
) -> Iterator[bytes]:
    """Yield a body in pieces as long as their sum is a size that a body, and that one, can have, and there is time.

    Args:
        source: whose answer it is.
        transfer: the body on its way.
        url: what was asked, for messages.
        seconds: how long all of it may take.
        monotonic: measures time, in seconds.

    Raises:
        FetchError: as `receive`.
        ParseError: as `receive`.
    """
    limit, size, until = source.max_body_bytes, 0, monotonic() + seconds
    if transfer.announced is not None and transfer.announced > limit:
        raise _too_large(source, f"{transfer.announced:,} bytes are announced", url)
    for piece in _decoded(source, transfer, url):
        size += len(piece)
        if size > limit:
            raise _too_large(source, f"more than {limit:,} bytes came", url)
        if size > max(_ANY_INFLATION, MAX_INFLATION * transfer.received):
            problem = f"{transfer.received} compressed bytes become more than {size}: no price list does"
            raise ParseError(source.id, problem, where=url)
        if monotonic() > until:
            raise FetchError(source.id, f"the body trickles: {size:,} bytes came in {seconds:.0f} s", where=url)
        yield piece


def _too_large(source: Source, found: str, url: str) -> ParseError:
    problem = f"the body is too large: {found}, and {source.max_body_bytes:,} is the most that this source may send"
    return ParseError(source.id, f"{problem}; where that is right, raise its max_body_bytes", where=url)


def media_type(headers: Mapping[str, str]) -> str:
    """Return the media type without its parameters."""
    return headers.get("content-type", "application/octet-stream").partition(";")[0].strip()


def _decoded(source: Source, transfer: Transfer, url: str) -> Iterator[bytes]:
    """Yield the body in pieces; httpx itself would take a gzip stream that is cut off for a whole one."""
    encoding = transfer.headers.get("content-encoding", "identity").strip().lower()
    if encoding == "identity":
        yield from transfer
        return
    if encoding != "gzip":
        raise ParseError(source.id, f"the body comes as {encoding!r}, which was not asked for", where=url)
    inflate = zlib.decompressobj(wbits=zlib.MAX_WBITS + 16)
    try:
        for chunk in transfer:
            packed = chunk
            while packed:
                yield inflate.decompress(packed, _PIECE)
                packed = inflate.unconsumed_tail
        yield inflate.flush()
    except zlib.error as exc:
        raise FetchError(source.id, f"the compressed body is broken: {exc}", where=url) from exc
    if not inflate.eof or inflate.unused_data:
        raise FetchError(source.id, "the compressed body does not end where it should", where=url)
