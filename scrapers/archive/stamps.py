"""Stamps: the moment of a snapshot as the name of its folder, e.g. ``2026-11-22T060000Z``."""

from __future__ import annotations

import re
from datetime import UTC, datetime

STAMP_FORMAT = "%Y-%m-%dT%H%M%SZ"
_LENGTH = len("2026-11-22T060000Z")
_STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{6}Z(-[0-9]+)?")


def stamp_of(moment: datetime) -> str:
    """Return the stamp of a moment, to the second; a second snapshot of one second appends ``-2``."""
    return moment.astimezone(UTC).strftime(STAMP_FORMAT)


def moment_of(stamp: str) -> datetime:
    """Return the moment of a stamp, UTC.

    Raises:
        ValueError: it is no stamp.
    """
    if not _STAMP.fullmatch(stamp):
        raise ValueError(f"{stamp!r} is no stamp")
    return datetime.strptime(stamp[:_LENGTH], STAMP_FORMAT).replace(tzinfo=UTC)


def is_stamp(name: str) -> bool:
    """Return whether a folder's name is a stamp."""
    try:
        moment_of(name)
    except ValueError:
        return False
    return True
