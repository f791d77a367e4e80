"""What this program calls itself, in whatever it writes."""

from __future__ import annotations

from importlib.metadata import version


def program() -> str:
    """Return name and version of this program."""
    return f"ratecard {version('ratecard')}"
