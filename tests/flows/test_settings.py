"""Settings come from the environment, then the file, then the defaults; a wrong one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.settings import EXAMPLES, PROJECT, Settings, read_settings, store_to_read
from scrapers.errors import UsageError


def test_defaults_lie_in_the_project(tmp_path: Path) -> None:
    """Without environment and file everything lies in the checkout."""
    assert read_settings({}, tmp_path) == Settings()
    assert Settings().out == PROJECT / "out"


def test_environment_wins_over_the_file(tmp_path: Path) -> None:
    """A variable overrides the key of the same name in ratecard.toml."""
    (tmp_path / "ratecard.toml").write_text('store = "from-file"\ncontact = "mail@example.org"\n', encoding="utf-8")
    settings = read_settings({"RATECARD_STORE": "from-environment"}, tmp_path)
    assert settings.store == "from-environment"
    assert settings.contact == "mail@example.org"


def test_lists_maps_and_paths_are_read_from_text(tmp_path: Path) -> None:
    """Regions are a comma-separated list, origins a JSON map, folders become paths."""
    environment = {
        "RATECARD_REGIONS": "us-east-1, eu-west-1",
        "RATECARD_ORIGINS": '{"https://www.runpod.io": "http://127.0.0.1:9001"}',
        "RATECARD_OUT": "elsewhere",
        "RATECARD_SOURCE_SECONDS": "90.5",
    }
    settings = read_settings(environment, tmp_path)
    assert settings.regions == ("us-east-1", "eu-west-1")
    assert settings.origins == {"https://www.runpod.io": "http://127.0.0.1:9001"}
    assert settings.out == Path("elsewhere")
    assert settings.source_seconds == 90.5


@pytest.mark.parametrize(
    ("environment", "file", "says"),
    [
        ({"RATECARD_ORIGINS": "{"}, "", "RATECARD_ORIGINS: is not a JSON map"),
        ({"RATECARD_ORIGINS": "[1]"}, "", "origins: looked for a map"),
        ({"RATECARD_ORIGINS": '{"https://a": 1}'}, "", "origins: looked for a map"),
        (
            {"RATECARD_SOURCE_SECONDS": "an hour"},
            "",
            "source_seconds: looked for a number .* found 'an hour'",
        ),
        ({"RATECARD_SOURCE_SECONDS": "nan"}, "", "source_seconds: looked for"),
        ({"RATECARD_SOURCE_SECONDS": "inf"}, "", "source_seconds: looked for"),
        ({}, "source_seconds = 0", "source_seconds: looked for"),
        ({}, "source_seconds = []", "source_seconds: looked for"),
        ({}, "stoer = 1", "unknown settings stoer"),
        ({}, "store = ", "is not TOML"),
    ],
)
def test_wrong_setting_is_named(tmp_path: Path, environment: dict[str, str], file: str, says: str) -> None:
    """An unknown or unreadable setting ends in one message that names it."""
    if file:
        (tmp_path / "ratecard.toml").write_text(file, encoding="utf-8")
    with pytest.raises(UsageError, match=says):
        read_settings(environment, tmp_path)


def test_examples_stand_in_until_there_is_an_own_snapshot(tmp_path: Path) -> None:
    """Only where nobody named a store, and the project's own is empty, are the bundled examples read."""
    own = Settings()
    assert store_to_read(None, Settings(store=str(tmp_path))) == str(tmp_path)
    assert store_to_read("asked", own) == "asked"
    has_snapshots = any(Path(own.store).glob("*/snapshot.json"))
    assert store_to_read(None, own) == (own.store if has_snapshots else str(EXAMPLES))
