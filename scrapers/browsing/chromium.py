"""Finding the Chromium that renders pages: one that is named, Playwright's own, or the system's."""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

HOW_TO_INSTALL = "install one with `apt-get install chromium` (Debian) or `.venv/bin/playwright install chromium`"
_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
_OWN = ("chromium-headless-shell", "chromium")


@dataclass(frozen=True, slots=True)
class FoundChromium:
    """A browser that was found.

    Attributes:
        place: where it lies, for people.
        executable: its path; None for Playwright's own, which it finds by itself.
    """

    place: str
    executable: str | None


def find_chromium() -> FoundChromium | None:
    """Return `RATECARD_CHROMIUM`, else Playwright's own, else the system's; None when there is none.

    Playwright's own comes before the system's because it is the very version that Playwright was made for.
    """
    named = os.environ.get("RATECARD_CHROMIUM")
    if named:
        path = shutil.which(named)
        return FoundChromium(path, path) if path else None
    own = _own_folder()
    if own is not None:
        return FoundChromium(f"Playwright's own in {own}", None)
    path = next((path for name in _NAMES if (path := shutil.which(name))), None)
    return FoundChromium(path, path) if path else None


def what_is_missing() -> str:
    """Return, in one line, what `find_chromium` looked for in vain, and the command that installs it."""
    named = os.environ.get("RATECARD_CHROMIUM")
    if named:
        return f"RATECARD_CHROMIUM={named} is no program; name another, or {HOW_TO_INSTALL}"
    return f"no Chromium was found, neither Playwright's own nor on the path; {HOW_TO_INSTALL}"


def _own_folder() -> Path | None:
    """Return where `playwright install` has put the browser of this Playwright, None where it has not.

    The installer names the folder after the browser's revision, and lays a mark in it when it is whole; see
    https://playwright.dev/python/docs/browsers#managing-browser-binaries. Asking the driver takes half a second.
    """
    spec = find_spec("playwright")
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent / "driver" / "package"
    listed = json.loads((package / "browsers.json").read_bytes())["browsers"]
    revisions = {browser["name"]: browser["revision"] for browser in listed}
    folders = [_registry(package) / f"{name.replace('-', '_')}-{revisions[name]}" for name in _OWN]
    return next((folder for folder in folders if (folder / "INSTALLATION_COMPLETE").is_file()), None)


def _registry(package: Path) -> Path:
    """Return the folder of Playwright's browsers; the setting's value 0 means beside the driver."""
    named = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    if named:
        return package / ".local-browsers" if named == "0" else Path(named)
    caches = Path.home() / "Library/Caches" if sys.platform == "darwin" else _cache_folder()
    return caches / "ms-playwright"


def _cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
