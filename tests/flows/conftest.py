"""What the tests of flows share: the bundled examples, a local origin, and a command line that is called in process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from flows.command_line import run

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def examples() -> str:
    """Return the folder of the bundled examples."""
    return str(PROJECT / "data" / "examples")


@dataclass(frozen=True, slots=True)
class Printed:
    """What one call of the command line did."""

    code: int
    out: str
    err: str


@pytest.fixture
def ratecard(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., Printed]:
    """Return a function that calls the command line with its arguments, in a folder without settings."""
    for name in ("STORE", "OUT", "FACTS", "CONTACT", "ORIGINS", "REGIONS"):
        monkeypatch.delenv(f"RATECARD_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "240")

    def call(*arguments: str | Path) -> Printed:
        capfd.readouterr()
        code = run([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Printed(code, out, err)

    return call


@dataclass
class Origin:
    """A local HTTP server that answers with what it is told."""

    url: str
    answers: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def origin() -> Iterator[Origin]:
    """Run a local origin over a real socket; what it does not know is a 404."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            here.asked.append(self.path)
            status, media_type, body = here.answers.get(self.path, (404, "text/plain", b"not here"))
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = _answer  # noqa: N815  # the name that http.server calls

        def do_POST(self) -> None:  # the name that http.server calls
            self.rfile.read(int(self.headers["Content-Length"]))
            self._answer()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here = Origin(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield here
    server.shutdown()
    thread.join()
    server.server_close()
