"""Reads a feed as a process of its own: what is measured. Prints a digest of the prices, or what stands at a place."""

from __future__ import annotations

import hashlib
import sys
from datetime import UTC, datetime
from pathlib import Path

from scrapers.places.json_array import BLOCK_BYTES
from scrapers.records import Content, Document, Listing, Response
from scrapers.vantage.feed import read_feed, read_feed_slowly


def main() -> None:
    """Read the file that is named, ``fast`` or ``slowly``, or read again what stands at a locator in it."""
    way, path = sys.argv[1], Path(sys.argv[2])
    document = _document(path)
    if way == "fast":
        with document.open() as stream:
            _print(read_feed(document, iter(lambda: stream.read(BLOCK_BYTES), b"")))
    elif way == "slowly":
        _print(read_feed_slowly(document, document.read()))
    else:
        from scrapers.places.locate import read_locator  # noqa: PLC0415  # only a receipt needs what reads pages

        print(read_locator(document, way))


def _print(listings: list[Listing]) -> None:
    digest = hashlib.sha256()
    for listing in listings:
        digest.update(f"{listing.locator} {listing.price_text}\n".encode())
    print(len(listings), digest.hexdigest())


def _document(path: Path) -> Document:
    if path.suffix == ".zst":
        from scrapers.archive.spool import open_packed  # noqa: PLC0415  # only a packed file needs zstandard

        content = Content(path.stat().st_size, "", lambda: open_packed(path))
    else:
        content = Content(path.stat().st_size, "", lambda: path.open("rb", buffering=0))
    response = Response(path.name, "", "", datetime.now(UTC), 200, "", content)
    return Document.of(response, source="vantage-ec2")


if __name__ == "__main__":
    main()
