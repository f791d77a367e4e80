"""`snapshot.json`: a snapshot's manifest as bytes, and back, strictly."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapers.errors import CorruptError
from scrapers.records import Capture, DatePrecision, Obtained, Snapshot, SourceResult, SourceState

MANIFEST_NAME = "snapshot.json"
FORMAT = 1
_CAPTURE_KEYS = {f.name for f in fields(Capture)}
_LATER_KEYS: Mapping[str, Any] = {"fetched_at": None, "problem": ""}
"""Manifests of Ratecard before the archive was read lack them."""
_SHA256 = re.compile(r"[0-9a-f]{64}")
_BODY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)+")


def iso(moment: datetime) -> str:
    """Return a moment as ISO 8601 UTC, to the second: ``2026-11-22T06:00:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def manifest_bytes(snapshot: Snapshot) -> bytes:
    """Return the manifest of a snapshot: sorted keys, so that equal snapshots have equal bytes."""
    content = asdict(snapshot)
    content["format"] = FORMAT
    content["taken_at"] = iso(snapshot.taken_at)
    for capture in content["captures"]:
        capture["retrieved_at"] = iso(capture["retrieved_at"])
        capture["fetched_at"] = iso(capture["fetched_at"]) if capture["fetched_at"] else None
    return (json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def read_manifest(path: Path) -> Snapshot:
    """Read a manifest.

    Raises:
        CorruptError: it is not a manifest of this format; the message names the file.
    """
    try:
        content = json.loads(path.read_bytes())
        if content["format"] != FORMAT:
            found = content["format"]
            raise CorruptError(f"{path}: manifest format {found}, this program reads {FORMAT}; upgrade Ratecard")
        return Snapshot(
            stamp=path.parent.name,
            taken_at=_moment(content["taken_at"]),
            results=tuple(_result(result) for result in content["results"]),
            captures=tuple(_capture(capture) for capture in content["captures"]),
            written_by=content["written_by"],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
        raise CorruptError(f"{path}: is not a snapshot's manifest ({exc!r}); restore it from a backup") from exc


def _result(content: dict[str, Any]) -> SourceResult:
    return SourceResult(content["source"], SourceState(content["state"]), content["reason"])


def _capture(found: dict[str, Any]) -> Capture:
    content = {**_LATER_KEYS, **found}
    if content.keys() != _CAPTURE_KEYS:
        raise ValueError(f"a capture's keys differ: {sorted(content.keys() ^ _CAPTURE_KEYS)}")
    if not _BODY.fullmatch(content["body"]):
        raise ValueError(f"body {content['body']!r} lies outside the store")
    if not _SHA256.fullmatch(content["sha256"]):
        raise ValueError(f"{content['sha256']!r} is no sha256")
    if not isinstance(content["excerpt"], bool):
        raise TypeError(f"excerpt is {content['excerpt']!r}, neither true nor false")
    if not isinstance(content["problem"], str):
        raise TypeError(f"problem is {content['problem']!r}, no text")
    return Capture(
        **{
            **content,
            "size": _count(content["size"]),
            "status": _count(content["status"]),
            "retrieved_at": _moment(content["retrieved_at"]),
            "fetched_at": None if content["fetched_at"] is None else _moment(content["fetched_at"]),
            "date_precision": DatePrecision(content["date_precision"]),
            "obtained": Obtained(content["obtained"]),
        }
    )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} names no time zone")
    return moment


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(f"{value!r} is no count")
    return value
