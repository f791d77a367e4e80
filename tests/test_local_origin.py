"""The tests' own server: its faults are the ones they say, as a client without any of our guards meets them."""

from __future__ import annotations

import gzip

import faults
import httpx
import pytest
from local_origin import Fault, Origin

HELLO = b"hello" * 1000


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.cut_off(2), httpx.RemoteProtocolError),
        (faults.announce(9999), httpx.RemoteProtocolError),
        (faults.reset(), httpx.ReadError),
        (faults.reset(2), httpx.ReadError),
        (faults.in_place_of_http(b"220 mail.example.org ESMTP\r\n"), httpx.RemoteProtocolError),
        (faults.trickle(30), httpx.ReadTimeout),
    ],
)
def test_body_that_does_not_come_whole(origin: Origin, fault: Fault, error: type[Exception]) -> None:
    """Each breaks the connection in its own way."""
    with pytest.raises(error):
        httpx.get(origin.serve("/", HELLO, fault=fault), timeout=0.5)


@pytest.mark.parametrize(
    ("fault", "status", "header", "size"),
    [
        (faults.redirect("https://foreign.example/"), 302, ("location", "https://foreign.example/"), 0),
        (faults.refuse(429, retry_after="30"), 429, ("retry-after", "30"), 7),
        (faults.page("<title>Login</title>"), 200, ("content-type", "text/html; charset=utf-8"), 20),
        (faults.gzip_bomb(4 << 20), 200, ("content-encoding", "gzip"), 4 << 20),
        (faults.endless(b"<html>", b"x" * 1000, 5000), 200, ("content-type", "text/plain"), 5006),
        (faults.trickle(0.001, size=500), 200, ("content-length", "5000"), 5000),
    ],
)
def test_answer_that_is_not_the_body(
    origin: Origin, fault: Fault, status: int, header: tuple[str, str], size: int
) -> None:
    """Each comes whole, and is something else than was laid."""
    answer = httpx.get(origin.serve("/", HELLO, headers={"Content-Type": "text/plain"}, fault=fault))

    assert (answer.status_code, len(answer.content)) == (status, size)
    assert answer.headers[header[0]] == header[1]


def test_body_is_confirmed_to_whoever_names_it(origin: Origin) -> None:
    """An ETag or date that is the body's own brings 304, another one the body."""
    url = origin.serve("/", HELLO, headers={"ETag": '"1"', "Last-Modified": "Sun, 01 Nov 2026 06:00:00 GMT"})

    assert httpx.get(url, headers={"if-none-match": '"1"'}).status_code == 304
    assert httpx.get(url, headers={"if-none-match": '"2"'}).content == HELLO
    assert [asked.status for asked in origin.asked] == [304, 200]


def test_answer_for_a_while(origin: Origin) -> None:
    """What is laid for some times gives way to what was there; a robots.txt is not among the prices asked for."""
    url = origin.serve("/", HELLO, compress=True)
    origin.serve("/", fault=faults.refuse(503), times=2)

    assert [httpx.get(url).status_code for _ in range(3)] == [503, 503, 200]
    assert httpx.get(url).content == HELLO
    assert httpx.get(f"{origin.url}/robots.txt").status_code == 404
    assert (len(origin.paths()), len(origin.asked_robots)) == (4, 1)


def test_compressed_body_travels_compressed(origin: Origin) -> None:
    """What is on the wire is gzip, and smaller."""
    with httpx.stream("GET", origin.serve("/", HELLO, compress=True)) as answer:
        packed = b"".join(answer.iter_raw())

    assert gzip.decompress(packed) == HELLO
    assert len(packed) < len(HELLO)
