"""Bodies on their way: what httpx hands over and what is received from the connection are one body."""

from __future__ import annotations

import time
from collections.abc import Iterator

import httpx
import pytest
from faults import announce, cut_off, reset, trickle
from local_origin import Fault, Origin

from scrapers.wire import transfer
from scrapers.wire.transfer import PIECE_BYTES, Transfer

BODY = b"".join(n.to_bytes(4, "big") for n in range(3 << 19))  # 6 MiB, more than what is left to httpx
PATH = "/large.bin"


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    """Return a client of httpx."""
    with httpx.Client(timeout=5) as opened:
        yield opened


def test_large_body_comes_whole(origin: Origin, client: httpx.Client) -> None:
    """All bytes come, nearly all of them in pieces of the full size, and are counted."""
    with client.stream("GET", origin.serve(PATH, BODY)) as answer:
        body = Transfer(answer, seconds=5)
        pieces = list(body)

    assert b"".join(pieces) == BODY
    assert body.received == body.announced == len(BODY)
    assert sum(len(piece) == PIECE_BYTES for piece in pieces) > len(pieces) - 3


def test_next_request_of_the_client_is_answered(origin: Origin, client: httpx.Client) -> None:
    """A connection that was read past httpx is not used again."""
    url = origin.serve(PATH, BODY)
    for _ in range(2):
        with client.stream("GET", url) as answer:
            assert b"".join(Transfer(answer, seconds=5)) == BODY

    assert client.get(origin.serve("/small", b"small")).content == b"small"


@pytest.mark.parametrize("body", [b"", b"small", BODY[: 1 << 20]], ids=["empty", "small", "middling"])
def test_small_body_is_left_to_httpx(origin: Origin, client: httpx.Client, body: bytes) -> None:
    """What is soon there comes as httpx gives it."""
    with client.stream("GET", origin.serve(PATH, body)) as answer:
        assert b"".join(Transfer(answer, seconds=5)) == body
        assert answer.is_stream_consumed


def test_body_of_unknown_length_is_left_to_httpx(origin: Origin, client: httpx.Client) -> None:
    """Without a Content-Length the connection does not tell where the body ends."""
    with client.stream("GET", origin.serve(PATH, lambda: [BODY])) as answer:
        body = Transfer(answer, seconds=5)

        assert body.announced is None
        assert b"".join(body) == BODY


@pytest.mark.parametrize("fault", [cut_off(5 << 20), reset(5 << 20)], ids=["closed", "reset"])
def test_body_that_breaks_off_is_an_error(origin: Origin, client: httpx.Client, fault: Fault) -> None:
    """Whether the connection is closed or reset, a part is never taken for the whole."""
    with (
        client.stream("GET", origin.serve(PATH, BODY, fault=fault)) as answer,
        pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)),
    ):
        list(Transfer(answer, seconds=5))


def test_body_that_does_not_go_on_is_an_error(origin: Origin, client: httpx.Client) -> None:
    """A server that falls silent is waited for no longer than was said."""
    slowly = trickle(2, size=5 << 20)
    with (
        client.stream("GET", origin.serve(PATH, BODY, fault=slowly)) as answer,
        pytest.raises(httpx.ReadTimeout, match="nothing came"),
    ):
        list(Transfer(answer, seconds=0.1))


def test_body_that_trickles_comes_in_small_pieces(
    origin: Origin, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever limits the time of a body hears of it although no full piece has come."""
    monkeypatch.setattr(transfer, "_LONGEST_PIECE_SECONDS", 0.02)
    slowly = trickle(0.03, size=100_000)
    with client.stream("GET", origin.serve(PATH, BODY, fault=slowly)) as answer:
        began, pieces = time.monotonic(), list(Transfer(answer, seconds=5))

    assert b"".join(pieces) == BODY
    assert any(len(piece) < PIECE_BYTES for piece in pieces[1:-1])
    assert time.monotonic() - began < 5


def test_more_than_was_announced_is_not_taken(origin: Origin, client: httpx.Client) -> None:
    """What follows the announced length is no part of the body."""
    with client.stream("GET", origin.serve(PATH, BODY, fault=announce(5 << 20))) as answer:
        assert b"".join(Transfer(answer, seconds=5)) == BODY[: 5 << 20]
