"""Scrapes one region from a mirror into a new store as a process of its own: all stages, as `ratecard scrape` does."""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from flows.scraping import scrape_source, store_scraped
from scrapers.archive.store import Store
from scrapers.aws.offer_index import HOST
from scrapers.wire.web import Web


def main() -> None:
    """Scrape from the address that is named to the folder that is named."""
    address, folder = sys.argv[1], Path(sys.argv[2])
    with tempfile.TemporaryDirectory(dir=folder) as spool, Web(origins={HOST: address}, spool=Path(spool)) as web:
        scraped = scrape_source("aws-ec2", web, ["us-east-1"])
        snapshot = store_scraped(Store(folder / "store"), [scraped], datetime.now(UTC))
    if scraped.error is not None:
        raise scraped.error
    print(snapshot.stamp, scraped.listings)


if __name__ == "__main__":
    main()
