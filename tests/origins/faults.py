"""What can go wrong between a server and Ratecard: each makes a bad answer of a good one, for `Origin.serve`."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus

from local_origin import Answer, Fault

_BLOCK = 1 << 20


def cut_off(after: int) -> Fault:
    """Close the connection after so many bytes of the body, whatever length was announced."""
    return lambda answer: replace(answer, sent=after)


def reset(after: int = 0) -> Fault:
    """Reset the connection after so many bytes of the body."""
    return lambda answer: replace(answer, sent=after, reset=True)


def trickle(seconds: float, *, size: int = 1) -> Fault:
    """Send the body in pieces of so many bytes, with so many seconds after each."""
    return lambda answer: replace(answer, pause=seconds, piece=size)


def announce(length: int) -> Fault:
    """Announce another length than the body has."""
    return lambda answer: _with(answer, {"content-length": str(length)})


def redirect(location: str, status: int = HTTPStatus.FOUND) -> Fault:
    """Send whoever asks to another place."""
    return lambda answer: _with(replace(answer, body=b"", status=status), {"location": location})


def refuse(status: int, *, retry_after: str = "") -> Fault:
    """Answer with an error status, and where it is given with the time to come back at."""
    later = {"retry-after": retry_after} if retry_after else {}
    return lambda answer: _with(replace(answer, body=b"refused", status=status), later)


def page(html: str) -> Fault:
    """Answer 200 with a web page in place of the body."""
    type_ = {"content-type": "text/html; charset=utf-8"}
    return lambda answer: replace(answer, body=html.encode(), headers={**_plain(answer), **type_})


def in_place_of_http(reply: bytes) -> Fault:
    """Send these bytes in place of an HTTP answer, be it another protocol or one that is written by hand."""
    return lambda answer: replace(answer, raw=reply)


def gzip_bomb(size: int) -> Fault:
    """Send a small gzip body that becomes so many bytes."""

    def packed() -> Iterator[bytes]:
        packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS + 16)
        for _ in range(size // _BLOCK):
            yield packer.compress(bytes(_BLOCK))
        yield packer.flush()

    return lambda answer: _with(replace(answer, body=packed), {"content-encoding": "gzip"})


def endless(start: bytes, block: bytes, size: int) -> Fault:
    """Send a body of so many bytes, made while it travels: a start, then one block again and again."""

    def made() -> Iterator[bytes]:
        yield start
        for _ in range(size // len(block)):
            yield block

    return lambda answer: replace(answer, body=made, headers=_plain(answer))


def _plain(answer: Answer) -> dict[str, str]:
    """Return the headers of an answer whose body is no longer compressed."""
    return {name: value for name, value in answer.headers.items() if name != "content-encoding"}


def _with(answer: Answer, headers: dict[str, str]) -> Answer:
    return replace(answer, headers={**answer.headers, **headers})
