"""Reads offer files into listings as a process of its own: what is measured. Prints the on-demand prices."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from scrapers.aws.ec2_prices import WANTED, read_listings
from scrapers.aws.offer_file import read_rows
from scrapers.records import Content, Document, Response


def main() -> None:
    """Read every file that is named, one after the other."""
    prices = []
    for path in map(Path, sys.argv[1:]):
        document = _document(path)
        listings = read_listings(document, read_rows(document, WANTED))
        prices = [(x.sku, x.region, x.price_text) for x in listings if x.terms == "OnDemand" and x.price_text]
    print(json.dumps(sorted(prices)))


def _document(path: Path) -> Document:
    if path.suffix == ".zst":
        from scrapers.archive.spool import open_packed  # noqa: PLC0415  # only a packed file needs zstandard

        content = Content(path.stat().st_size, "", lambda: open_packed(path))
    else:
        content = Content(path.stat().st_size, "", lambda: path.open("rb", buffering=0))
    response = Response(path.name, "", "", datetime.now(UTC), 200, "", content)
    return Document.of(response, source="aws-ec2")


if __name__ == "__main__":
    main()
