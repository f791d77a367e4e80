"""Asking for a body only if it is no longer the one that is stored, and what a 304 then stands for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from scrapers.records import Content, Document, Response
from scrapers.wire.answers import NOT_MODIFIED

KEPT_HEADERS = ("etag", "last-modified", "date", "content-language")
_CONDITIONS = {"etag": "if-none-match", "last-modified": "if-modified-since"}


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that a response keeps."""
    return {name: headers[name] for name in KEPT_HEADERS if name in headers}


def is_of(earlier: Document, address: str, mirror: str | None) -> bool:
    """Return whether this very address, and mirror of it, gave a document; to another its ETag has no meaning."""
    return (earlier.capture.answered_url, earlier.capture.served_from) == (address, mirror)


def conditions(earlier: Document) -> dict[str, str]:
    """Return the headers that ask for a body only if it changed; none where its server gave nothing to name it by."""
    given = earlier.capture.headers
    return {condition: given[name] for name, condition in _CONDITIONS.items() if name in given}


def confirmed(earlier: Document, resource: str, headers: Mapping[str, str], at: datetime) -> Response:
    """Return the response that a 304 stands for: the stored body, confirmed now.

    Args:
        earlier: the document that was named in the request.
        resource: name of the body.
        headers: of the 304; what it leaves out is as it was.
        at: when, UTC.
    """
    was = earlier.capture
    return Response(
        resource=resource,
        url=was.url,
        answered_url=was.answered_url,
        retrieved_at=at,
        status=NOT_MODIFIED,
        media_type=was.media_type,
        body=Content(was.size, was.sha256, earlier.opener),
        headers={**was.headers, **kept_headers(headers)},
        served_from=was.served_from,
    )
