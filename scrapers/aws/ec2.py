"""EC2 on-demand and reserved prices of GPU instance types, from the AWS Price List Bulk API (offer ``AmazonEC2``).

How the file is read: `offer_file`; which of its rows are taken: `ec2_prices`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scrapers.aws.ec2_prices import WANTED, read_listings
from scrapers.aws.instance_types import family_findings
from scrapers.aws.offer_file import OfferReader, read_all_rows, read_rows
from scrapers.aws.offer_index import HOSTS, MAX_FILE_BYTES, fetch_offer
from scrapers.records import Document, Lineage, Listing, Response, Source
from scrapers.wire.web import Web

SOURCE = Source(
    id="aws-ec2",
    title="EC2 on-demand prices (AWS Price List Bulk API)",
    publisher="AWS",
    url="https://aws.amazon.com/ec2/pricing/on-demand/",
    lineage=Lineage.FIRST_PARTY,
    method="http",
    # us-east-1, the region with most, had 81 GPU types on 2026-07-20 (Karpenter's table). How many others have
    # is not known; by the Spot Advisor of 2024-02-28, 25 regions had some, three of them half as many and more.
    # Each with up to twelve reserved terms.
    expected_listings=(40, 20_000),
    max_age_days=45,
    allowed_hosts=HOSTS,
    max_body_bytes=MAX_FILE_BYTES,
)
findings = family_findings


def fetch(web: Web, regions: Sequence[str]) -> Iterator[Response]:
    """Yield the CSV offer file of every region, read while it arrives.

    Raises:
        SourceError: the index or a region did not come; raised after the regions that did.
    """
    return fetch_offer(web, SOURCE, "AmazonEC2", regions, open_reader)


def open_reader(resource: str, url: str) -> OfferReader:
    """Return what reads a file while it arrives."""
    del url
    return OfferReader(SOURCE.id, WANTED, read_listings, resource)


def parse(document: Document) -> list[Listing]:
    """Return one listing per GPU instance type and region, and one more per reserved term of it.

    Where AWS has no on-demand price the first has none. A reserved term has its hourly price as printed, and the fee
    that is paid upfront.

    Raises:
        ParseError: the file is no EC2 offer file, holds no such price, or holds two for one type and region.
    """
    return read_listings(document, read_rows(document, WANTED))


def parse_slowly(document: Document) -> list[Listing]:
    """Return what `parse` must return, with every record of the file read: what the fast way is measured against.

    Raises:
        ParseError: as `parse`.
    """
    return read_listings(document, read_all_rows(document, WANTED))
