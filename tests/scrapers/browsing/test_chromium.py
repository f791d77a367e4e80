"""Finding a Chromium: the one that is named, Playwright's own, the system's."""

import json
from pathlib import Path

import playwright
import pytest

from scrapers.browsing import chromium
from scrapers.browsing.chromium import find_chromium, what_is_missing


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Make a machine without any browser, and return the folder that is its path."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "own"))
    monkeypatch.delenv("RATECARD_CHROMIUM", raising=False)
    monkeypatch.setattr(chromium, "_NAMES", tuple(name for name in chromium._NAMES if "/" not in name))
    return tmp_path


def program(folder: Path, name: str) -> str:
    """Lay a program into a folder."""
    path = folder / name
    path.touch(mode=0o755)
    return str(path)


def install_own(folder: Path, name: str = "chromium") -> Path:
    """Lay Playwright's own browser where its installer would."""
    driver = Path(playwright.__file__).parent / "driver" / "package" / "browsers.json"
    revisions = {b["name"]: b["revision"] for b in json.loads(driver.read_bytes())["browsers"]}
    own = folder / f"{name.replace('-', '_')}-{revisions[name]}"
    own.mkdir(parents=True)
    (own / "INSTALLATION_COMPLETE").touch()
    return own


def test_no_browser_anywhere(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a browser one line says what was looked for, and the command that installs one."""
    assert find_chromium() is None
    assert what_is_missing().startswith("no Chromium was found, neither Playwright's own nor on the path; install one")
    assert "apt-get install chromium" in what_is_missing()

    monkeypatch.setenv("RATECARD_CHROMIUM", str(bare / "nowhere"))
    assert find_chromium() is None
    assert f"RATECARD_CHROMIUM={bare}/nowhere is no program" in what_is_missing()


def test_named_browser_comes_first_then_playwrights_own(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting wins over Playwright's own, and that over the system's."""
    system = program(bare, "google-chrome")
    found = find_chromium()
    assert found is not None
    assert (found.place, found.executable) == (system, system)

    own = install_own(bare / "own")
    found = find_chromium()
    assert found is not None
    assert (found.place, found.executable) == (f"Playwright's own in {own}", None)

    monkeypatch.setenv("RATECARD_CHROMIUM", "google-chrome")
    found = find_chromium()
    assert found is not None
    assert found.executable == system


@pytest.mark.parametrize(
    ("platform", "folder"), [("linux", ".cache/ms-playwright"), ("darwin", "Library/Caches/ms-playwright")]
)
def test_playwrights_own_is_looked_for_where_its_installer_puts_it(
    bare: Path, monkeypatch: pytest.MonkeyPatch, platform: str, folder: str
) -> None:
    """Each system has its folder; one that was not installed whole does not count."""
    monkeypatch.delenv("PLAYWRIGHT_BROWSERS_PATH")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(bare))
    monkeypatch.setattr("sys.platform", platform)
    own = install_own(bare / folder, "chromium-headless-shell")
    found = find_chromium()
    assert found is not None
    assert found.place == f"Playwright's own in {own}"

    (own / "INSTALLATION_COMPLETE").unlink()
    assert find_chromium() is None


def test_browsers_beside_the_driver(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Playwright's value 0 means beside its driver, where nothing is installed here."""
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", "0")
    assert find_chromium() is None
    assert chromium._registry(bare) == bare / ".local-browsers"


def test_machine_without_playwright(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Playwright is not installed there is no browser of its own."""
    install_own(bare / "own")
    monkeypatch.setattr(chromium, "find_spec", lambda _name: None)
    assert find_chromium() is None
