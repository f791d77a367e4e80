"""Settings, read once at the edge and passed down as values.

Each comes from the environment (prefix ``RATECARD_``), else from ``ratecard.toml`` in the current folder (the same
name in lower case, without the prefix), else from the default here.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scrapers.errors import UsageError

PROJECT = Path(__file__).resolve().parents[1]
SETTINGS_FILE = "ratecard.toml"
_NAMES = ("store", "out", "facts", "contact", "origins", "regions", "source_seconds")


@dataclass(frozen=True, slots=True)
class Settings:
    """What may differ between two installations.

    Attributes:
        store: folder or ``file://`` URL of the snapshots.
        out: folder that reports are written to.
        facts: folder of the hand-kept facts.
        contact: address or URL in the User-Agent; "" for none.
        origins: public origin to mirror origin.
        regions: AWS regions that are fetched.
        source_seconds: longest time for one source of a scrape; what it has by then is kept.
    """

    store: str = str(PROJECT / "data" / "snapshots")
    out: Path = PROJECT / "out"
    facts: Path = PROJECT / "data" / "facts"
    contact: str = ""
    origins: Mapping[str, str] = field(default_factory=dict)
    regions: tuple[str, ...] = ("us-east-1",)
    source_seconds: float = 3600.0


EXAMPLES = PROJECT / "data" / "examples"


def store_to_read(asked: str | None, settings: Settings) -> str:
    """Return the store to read from: as asked, else as set; before the first own snapshot the bundled examples.

    Only where nobody named a store do the examples stand in; their reports say on the first page what they are.

    Args:
        asked: the store given with the command or run, if any.
        settings: the settings.
    """
    own = settings.store
    if asked is None and own == Settings().store and not any(Path(own).glob("*/snapshot.json")):
        return str(EXAMPLES)
    return asked or own


def read_settings(environment: Mapping[str, str] = os.environ, folder: Path | None = None) -> Settings:
    """Return the settings.

    Args:
        environment: variables.
        folder: where ``ratecard.toml`` may lie; the current folder when None.

    Raises:
        UsageError: a setting is unknown or unreadable; the message names it.
    """
    path = (folder or Path.cwd()) / SETTINGS_FILE
    values = _read_file(path)
    for name in _NAMES:
        text = environment.get(f"RATECARD_{name.upper()}")
        if text is not None:
            values[name] = _from_text(name, text)
    return Settings(**{name: _shape(name, value) for name, value in values.items()})


def _read_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise UsageError(f"{path}: is not TOML: {exc}") from exc
    unknown = sorted(set(values) - set(_NAMES))
    if unknown:
        raise UsageError(f"{path}: unknown settings {', '.join(unknown)}; there are: {', '.join(_NAMES)}")
    return values


def _from_text(name: str, text: str) -> object:
    if name == "regions":
        return [region.strip() for region in text.split(",") if region.strip()]
    if name != "origins":
        return text
    try:
        return json.loads(text)
    except ValueError as exc:
        raise UsageError(f"RATECARD_ORIGINS: is not a JSON map of origins: {exc}") from exc


def _shape(name: str, value: Any) -> Any:  # noqa: ANN401  # each setting has its own type
    """Return a value in the type of its setting."""
    if name in {"out", "facts"}:
        return Path(value)
    if name == "regions":
        return tuple(value)
    if name == "source_seconds":
        return _seconds(value)
    if name == "origins" and not (isinstance(value, dict) and all(isinstance(v, str) for v in value.values())):
        raise UsageError(
            "origins: looked for a map from public origin to mirror, e.g. "
            '{"https://www.runpod.io": "http://127.0.0.1:9001"}'
        )
    return value


def _seconds(value: Any) -> float:  # noqa: ANN401  # text from the environment, a number from the file
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise UsageError(f"source_seconds: looked for a number of seconds above 0, found {value!r}")
    return seconds
