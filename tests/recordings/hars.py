"""HTTP archives: what a page and its scripts loaded, recorded in a real Chromium and replayed there without a network.

A HAR keeps the true public URLs, whoever answered, and says in ``log._ratecard`` how it was obtained. Pictures, fonts
and films are left out; no price hangs on them. No cookie is kept. What is asked outside of the browser before, the
site's robots.txt, lies beside it in a cassette.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from cassettes import DROPPED_OF_RESPONSE, player
from playwright.async_api import Browser as Chromium
from playwright.async_api import BrowserContext
from reading import MIRRORED, OBTAINED_HEADER, Note, Read, note_of, read_once
from vcr.record_mode import RecordMode

from flows.settings import Settings
from scrapers.browsing.browser import Browser
from scrapers.browsing.visits import Limits
from scrapers.records import Obtained
from scrapers.wire.web import Web

_LEFT_OUT = ("image/", "font/", "video/", "audio/", "application/font", "application/x-font")
_NO_TIMINGS = {"send": -1, "wait": -1, "receive": -1}
_NO_TIME = "1970-01-01T00:00:00.000Z"
_KEPT_OF_REQUEST = ("accept", "content-type")


def files_of(source: str) -> tuple[str, ...]:
    """Return the names of a source's files; the first has the note."""
    return f"{source}.har", f"{source}.robots.yaml"


def read_note(folder: Path, source: str) -> Note:
    """Return what a source's HAR says about itself."""
    return Note.of(json.loads((folder / f"{source}.har").read_text(encoding="utf-8"))["log"]["_ratecard"])


def record(source: str, folder: Path, regions: Sequence[str], settings: Settings, at: datetime) -> Read:
    """Record a source's page into a new HAR; there is none where nobody answered at all.

    Args:
        source: its id.
        folder: where it is laid, and nothing of the source may be yet.
        regions: region codes to ask for.
        settings: with the mirrors, and the contact for the User-Agent, which is not kept.
        at: the time, UTC.
    """
    path, robots = (folder / name for name in files_of(source))
    with (
        player(source, settings.origins, only_robots=True).use_cassette(str(robots), record_mode=RecordMode.ALL),
        _HarBrowser(to=path) as browser,
        Web(origins=settings.origins, contact=settings.contact, browser=browser) as web,
    ):
        read = read_once(source, regions, web)
    archive = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"log": {"entries": []}}
    entries = [_scrubbed(entry) for entry in archive["log"]["entries"] if _is_kept(entry)]
    if not entries:
        path.unlink(missing_ok=True)
        return read
    said = {text for entry in entries for text in _header(entry, OBTAINED_HEADER) or [MIRRORED]}
    note = note_of(read, regions, said, at)
    for entry in entries:
        entry |= {"startedDateTime": note["recorded_at"] or _NO_TIME, "time": 0}
    archive["log"] |= {"entries": entries, "pages": [], "_ratecard": note}
    path.write_text(json.dumps(archive, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return read


def replay(folder: Path, source: str, *, limits: Limits | None = None) -> Read:
    """Read a source's page out of its HAR; what is not in it is not asked of the world.

    Args:
        folder: where it lies.
        source: id of the source.
        limits: how long the page may take.
    """
    note = read_note(folder, source)
    path, robots = (folder / name for name in files_of(source))
    obtained = Obtained.LIVE if note.obtained == "live" else Obtained.RECONSTRUCTED
    with (
        player(source, {}, only_robots=True).use_cassette(str(robots), record_mode=RecordMode.NONE),
        _HarBrowser(out_of=path, limits=limits) as browser,
        Web(browser=browser, sleep=lambda _seconds: None) as web,
    ):
        return read_once(source, note.regions, web, obtained=obtained)


class _HarBrowser(Browser):
    """A browser whose pages are recorded into a HAR, or loaded out of one."""

    def __init__(self, *, to: Path | None = None, out_of: Path | None = None, limits: Limits | None = None) -> None:
        super().__init__(limits)
        self._to = to
        self._out_of = out_of

    async def _ready(self) -> Any:
        return _HarChromium(await super()._ready(), self._to, self._out_of)


class _HarChromium:
    """Stands before Chromium: whoever opens a context gets one that records or replays."""

    def __init__(self, chromium: Chromium, to: Path | None, out_of: Path | None) -> None:
        self._chromium = chromium
        self._to = to
        self._out_of = out_of

    async def new_context(self, **options: Any) -> BrowserContext:
        if self._to is not None:
            options |= {"record_har_path": self._to, "record_har_mode": "minimal", "record_har_content": "embed"}
        context = await self._chromium.new_context(**options)
        if self._out_of is not None:
            # The gate is laid before this and lets through to it what the page may ask for.
            await context.route_from_har(self._out_of, not_found="abort")
        return context


def _is_kept(entry: Mapping[str, Any]) -> bool:
    """Return whether an entry is an answer of a server, and one that prices may hang on."""
    answer = entry["response"]
    return answer["status"] > 0 and not answer["content"].get("mimeType", "").startswith(_LEFT_OUT)


def _scrubbed(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry without what is secret, or differs from one time and machine to the next."""
    kept = {"request": entry["request"], "response": entry["response"], "cache": {}, "timings": _NO_TIMINGS}
    kept["request"] |= {"cookies": [], "headers": _headers(entry["request"], _KEPT_OF_REQUEST.__contains__)}
    kept["response"] |= {"cookies": [], "headers": _headers(entry["response"], _is_no_secret)}
    return kept


def _is_no_secret(name: str) -> bool:
    return name not in DROPPED_OF_RESPONSE


def _headers(side: Mapping[str, Any], is_kept: Callable[[str], bool]) -> list[dict[str, str]]:
    found = [{"name": header["name"].lower(), "value": header["value"]} for header in side["headers"]]
    return sorted((h for h in found if is_kept(h["name"])), key=lambda header: header["name"])


def _header(entry: Mapping[str, Any], name: str) -> list[str]:
    return [header["value"] for header in entry["response"]["headers"] if header["name"] == name]
