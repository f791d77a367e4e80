"""vcrpy cassettes: every HTTP exchange of one source, recorded once and replayed without a network.

A cassette keeps the true public URLs, whoever answered, and says in its `metadata` how it was obtained. Nothing that
is secret, personal or changing with our own version is kept of a request; of a response no cookie is.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from reading import MIRRORED, OBTAINED_HEADER, Note, OpenWeb, Read, note_of, read_twice
from vcr import VCR
from vcr.record_mode import RecordMode
from vcr.request import Request

from flows.settings import Settings
from scrapers.errors import UsageError
from scrapers.records import Obtained, Source
from scrapers.registry import source_record
from scrapers.wire.web import Web, user_agent

logging.getLogger("vcr").setLevel(logging.WARNING)  # it tells every request at INFO

KEPT_OF_REQUEST = ("accept", "accept-encoding", "content-type", "if-modified-since", "if-none-match", "user-agent")
"""Everything else of a request's head is left out: who is not on this list cannot give a secret away."""
DROPPED_OF_RESPONSE = ("set-cookie", "set-cookie2", "proxy-authenticate", "www-authenticate")
MATCHED_ON = ("method", "scheme", "host", "port", "path", "query", "body", "conditions")
ROBOTS = "/robots.txt"
_CONDITIONS = ("if-none-match", "if-modified-since")


def files_of(source: str) -> tuple[str, ...]:
    """Return the names of a source's files; the first has the note."""
    return (f"{source}.yaml",)


def read_note(folder: Path, source: str) -> Note:
    """Return what a source's cassette says about itself."""
    return Note.of(yaml.safe_load((folder / f"{source}.yaml").read_text(encoding="utf-8"))["metadata"])


def record(source: str, folder: Path, regions: Sequence[str], settings: Settings, at: datetime) -> Read:
    """Record a source into a new cassette; there is none where nobody answered at all.

    Args:
        source: its id.
        folder: where it is laid, and nothing of the source may be yet.
        regions: region codes to ask for.
        settings: with the mirrors, and the contact for the User-Agent, which is not kept.
        at: the time, UTC.

    Raises:
        UsageError: one mirror stands for several origins of the source, so that the true URLs are not known.
    """

    @contextmanager
    def open_web(spool: Path, earlier: Any) -> Iterator[Web]:
        with Web(origins=settings.origins, contact=settings.contact, spool=spool, earlier=earlier) as web:
            yield web

    path = folder / f"{source}.yaml"
    with player(source, settings.origins).use_cassette(str(path), record_mode=RecordMode.ALL) as cassette:
        read = read_twice(source, regions, open_web)
        if any(not request.uri.endswith(ROBOTS) for request in cassette.requests):
            said = {text for r in cassette.responses for text in r["headers"].get(OBTAINED_HEADER, [MIRRORED])}
            for name, value in note_of(read, regions, said, at).items():
                cassette.get_metadata(name, value)
    return read


def replay(folder: Path, source: str, *, asked: list[Request] | None = None, contact: str = "") -> Read:
    """Read a source out of its cassette; a request that is not in it is an error, never sent.

    Args:
        folder: where it lies.
        source: id of the source.
        asked: takes the requests as they would have been sent, each as often as vcrpy looks for it.
        contact: for the User-Agent.
    """
    note = read_note(folder, source)
    obtained = Obtained.LIVE if note.obtained == "live" else Obtained.RECONSTRUCTED
    seen: list[Request] = [] if asked is None else asked
    path = folder / f"{source}.yaml"
    with player(source, {}, asked=seen).use_cassette(str(path), record_mode=RecordMode.NONE):
        seen.clear()  # loading showed those of the cassette
        return read_twice(source, note.regions, _impatient(contact), obtained=obtained)


def _impatient(contact: str) -> OpenWeb:
    """Open a way out that waits for nobody, since nobody is asked."""

    @contextmanager
    def open_web(spool: Path, earlier: Any) -> Iterator[Web]:
        with Web(contact=contact, spool=spool, earlier=earlier, sleep=lambda _seconds: None) as web:
            yield web

    return open_web


class _Public:
    """Gives a request its public URL back, whichever mirror it goes to."""

    def __init__(self, source: Source, origins: Mapping[str, str]) -> None:
        """Take the mirrors of the source's own hosts.

        Raises:
            UsageError: one mirror stands for several of them.
        """
        hosts = {f"{scheme}://{host}" for host in source.allowed_hosts for scheme in ("https", "http")}
        self.mirrors = {mirror.rstrip("/"): public for public, mirror in origins.items() if public in hosts}
        if len(self.mirrors) < len(hosts & origins.keys()):
            raise UsageError(
                f"{source.id}: RATECARD_ORIGINS sends several of its origins to one mirror, so that a recording could "
                "not tell them apart; give each a port or a folder of its own"
            )

    def url_of(self, url: str) -> str:
        """Return the public URL of one that is asked for."""
        for mirror, public in self.mirrors.items():
            rest = url.removeprefix(mirror)
            if rest != url and rest[:1] in ("", "/", "?"):
                return public + rest
        return url


class _Scrubbed(Request):  # type: ignore[misc]  # vcrpy has no types
    """A request of which only what is kept is left; vcrpy asks for that again and again."""


def player(
    source: str, origins: Mapping[str, str], *, asked: list[Request] | None = None, only_robots: bool = False
) -> VCR:
    """Return what records and replays: by whole URL and body, and by what is asked for only if it changed.

    Args:
        source: id of the source.
        origins: public origin to its mirror.
        asked: takes every request as it comes, before anything is left out.
        only_robots: whether everything but a robots.txt passes by unseen.
    """
    public = _Public(source_record(source), origins)

    def scrub(request: Request) -> Request | None:
        if isinstance(request, _Scrubbed):
            return request
        if only_robots and not request.uri.endswith(ROBOTS):
            return None
        if asked is not None:
            asked.append(request)
        headers = {name.lower(): value for name, value in request.headers.items()}
        kept = {name: headers[name] for name in KEPT_OF_REQUEST if name in headers}
        if "user-agent" in kept:
            kept["user-agent"] = user_agent("").partition("/")[0]
        return _Scrubbed(request.method, public.url_of(request.uri), request.body, kept)

    def drop_cookies(response: dict[str, Any]) -> dict[str, Any]:
        headers = {name.lower(): values for name, values in response["headers"].items()}
        return {**response, "headers": {n: v for n, v in headers.items() if n not in DROPPED_OF_RESPONSE}}

    recorder = VCR(
        match_on=MATCHED_ON,
        before_record_request=scrub,
        before_record_response=drop_cookies,
        decode_compressed_response=False,
    )
    recorder.register_matcher("conditions", _same_conditions)
    return recorder


def _same_conditions(one: Request, other: Request) -> bool:
    """Match what is asked in full with what was, and a condition with the same condition."""
    return [one.headers.get(name) for name in _CONDITIONS] == [other.headers.get(name) for name in _CONDITIONS]
