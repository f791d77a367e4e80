"""The REST catalogue: its key goes into one header and nowhere else, and its records are read strictly."""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from scrapers.archive.manifest import MANIFEST_NAME
from scrapers.archive.store import Store
from scrapers.errors import ParseError, SourceError
from scrapers.records import Document, Listing, Response
from scrapers.runpod import rest
from scrapers.wire.web import Web

BODY = (Path(__file__).parent / "fixtures" / "rest-artificial" / "gpus.json").read_bytes()
SECRET = "rpa_ARTIFICIAL0KEY"  # noqa: S105  # nobody's
GPU = {
    "id": "EXAMPLE One",
    "name": "Example One",
    "pool": "EXAMPLE_11",
    "manufacturer": "EXAMPLE",
    "memory": 11,
    "secure": True,
    "community": True,
    "price": {"secure": 1001.01, "community": 1002.02, "serverless": 1011.11},
    "maxCount": {"secure": 8, "community": 4},
}
Parse = Callable[..., list[Listing]]


class Origin(ThreadingHTTPServer):
    """Answers whoever has the key, and keeps what it was asked with."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.asked: list[tuple[str, str | None]] = []
        self.location = ""


class Handler(BaseHTTPRequestHandler):
    """One request to the origin."""

    server: Origin

    def do_GET(self) -> None:
        """Answer by the key."""
        self.server.asked.append((self.path, self.headers.get("authorization")))
        known = self.headers.get("authorization") == f"Bearer {SECRET}"
        status = 404 if self.path == "/robots.txt" else 302 if self.server.location else 200 if known else 401
        body = BODY if status == 200 else b"refused"
        self.send_response(status)
        if status == 302:
            self.send_header("location", self.server.location)
            self.server.location = ""
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def origin() -> Iterator[Origin]:
    """Run an origin for the length of a test."""
    with Origin() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def fetch(origin: Origin) -> Response:
    """Fetch the catalogue from an origin on this machine."""
    with Web(origins={"https://api.runpod.io": origin.url}) as web:
        (response,) = rest.fetch(web, [])
    return response


def test_key_is_sent_in_a_header_and_kept_nowhere(
    origin: Origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The catalogue comes, and neither its URL, the stored snapshot nor any log holds the key."""
    monkeypatch.setenv(rest.KEY, SECRET)
    caplog.set_level(logging.DEBUG)
    response = fetch(origin)
    store = Store(tmp_path)
    writer = store.writer(response.retrieved_at, written_by="test")
    writer.add("runpod-rest", response)
    writer.commit()

    assert ("/v2/catalog/gpus", f"Bearer {SECRET}") in origin.asked
    assert [key for path, key in origin.asked if path == "/robots.txt"] == [None]
    assert len(rest.parse(Document.of(response, source="runpod-rest"))) == 12
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == MANIFEST_NAME for path in tmp_path.rglob("*"))
    assert SECRET not in repr(response) + caplog.text
    assert not [body for body in kept if SECRET.encode() in body]


def test_without_a_key_it_says_so(monkeypatch: pytest.MonkeyPatch, origin: Origin) -> None:
    """One sentence names the variable, and nobody is asked."""
    monkeypatch.delenv(rest.KEY, raising=False)
    with pytest.raises(SourceError, match="runpod-rest: needs a RunPod account, and RUNPOD_API_KEY is not set"):
        fetch(origin)
    assert origin.asked == []


@pytest.mark.parametrize("key", ["rpa_A B", "rpa_A\n", "rpa_\N{EM DASH}"])
def test_key_that_no_header_can_carry_is_not_quoted(key: str, monkeypatch: pytest.MonkeyPatch, origin: Origin) -> None:
    """A key with a space or line break is refused before httpx could print it."""
    monkeypatch.setenv(rest.KEY, key)
    with pytest.raises(SourceError, match="RUNPOD_API_KEY holds white space or other characters") as raised:
        fetch(origin)
    assert "rpa_" not in str(raised.value)


def test_refused_key_is_not_in_the_error(monkeypatch: pytest.MonkeyPatch, origin: Origin) -> None:
    """A wrong key is HTTP 401, which another try does not change; the error does not quote it."""
    monkeypatch.setenv(rest.KEY, "rpa_WRONG")
    with pytest.raises(ParseError, match="HTTP 401") as raised:
        fetch(origin)
    assert "rpa_WRONG" not in repr(raised.value) + str(raised.value.__cause__)


def test_key_does_not_follow_a_redirect_elsewhere(monkeypatch: pytest.MonkeyPatch, origin: Origin) -> None:
    """A redirect to another host is refused, and the other host never asked."""
    monkeypatch.setenv(rest.KEY, SECRET)
    origin.location = "https://example.org/gpus"
    with pytest.raises(ParseError, match=r"leads to https://example.org/gpus, which may not be asked"):
        fetch(origin)


def test_key_is_not_sent_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mirror that is asked without https and is not this machine does not get the key."""
    monkeypatch.setenv(rest.KEY, SECRET)
    origins = {"https://api.runpod.io": "http://mirror.invalid:80"}
    with Web(origins=origins) as web:
        monkeypatch.setattr(web._gate, "admit", lambda *_, **__: None)
        with pytest.raises(ParseError, match="its key is not sent to a mirror that is asked without https"):
            list(rest.fetch(web, []))


@pytest.fixture
def parse(document_of: Callable[[str, str], Document]) -> Parse:
    """Parse a catalogue of these GPUs."""
    return lambda *gpus: rest.parse(document_of("runpod-rest", json.dumps({"gpus": gpus})))


def test_pool_has_one_price_for_all_its_cards(parse: Parse) -> None:
    """The Serverless price is the pool's and carries its name; two prices of one pool are an error that names both."""
    other = {**GPU, "id": "EXAMPLE Two", "name": "Example Two"}
    pools = [x for x in parse(GPU, other) if x.service == "Serverless"]

    assert [(x.sku, x.gpu_name, x.price_text) for x in pools] == [
        ("EXAMPLE_11", "Example One", "1011.11"),
        ("EXAMPLE_11", "Example Two", "1011.11"),
    ]
    with pytest.raises(ParseError, match=r"EXAMPLE_11: .* found 1011\.11 of EXAMPLE One and 1012\.12 of EXAMPLE Two"):
        parse(GPU, {**other, "price": {**GPU["price"], "serverless": 1012.12}})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"id": None}, "looked for a text in id"),
        ({"name": ""}, "looked for a text in name"),
        ({"memory": "11"}, "looked for a whole number of GB in memory"),
        ({"secure": None}, "looked for true or false in secure"),
        ({"price": None}, "looked for secure, community and serverless in price, found None"),
        ({"price": {"secure": 1, "community": 1, "spot": 1}}, "looked for secure, community and serverless in price"),
        ({"price": {"secure": 1}}, "looked for 'price.community'"),
        ({"price": {"secure": "1", "community": 1}}, "looked for a number or null in price.secure, found '1'"),
        ({"pool": None}, "looked for the pool of a serverless price, found null"),
        ({"pool": 7}, "looked for a text in pool, found 7"),
        ({"currency": "EUR"}, "looked for known fields, found currency besides"),
    ],
)
def test_gpu_that_is_not_as_known_is_refused(change: dict[str, Any], problem: str, parse: Parse) -> None:
    """An unknown field, a missing one, or one that holds something else is an error that names it."""
    with pytest.raises(ParseError, match=problem):
        parse({**GPU, **change})


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('{"error": "forbidden"}', "looked for 'gpus', found error"),
        ("[]", "looked for an object with 'gpus'"),
        ('{"gpus": {}}', "looked for a list of GPUs, found '{}'"),
        ('{"gpus": []}', "looked for at least 1 GPUs, found 0"),
        ('{"gpus": ["EXAMPLE"]}', "gpus 0: looked for a GPU, found 'EXAMPLE'"),
    ],
)
def test_answer_that_is_no_catalogue_is_refused(
    body: str, problem: str, document_of: Callable[[str, str], Document]
) -> None:
    """An error in place of the catalogue, or an empty one, is never "no prices"."""
    with pytest.raises(ParseError, match=problem):
        rest.parse(document_of("runpod-rest", body))
