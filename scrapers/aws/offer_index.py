"""The way to a region's offer file: the offer's region index names the newest version of each.

Region indexes of services are maps (recorded 2026-01-16 for one offer,
github.com/timfanda35/aws-pricing-list-loader; the address in it is relative to the host). Every address of
the bulk API exists with ``.csv`` for ``.json``.

China has a price list of its own, in CNY (github.com/vantage-sh/ec2instances.info, scraper/aws/bootstrapper.go);
GovCloud is in the commercial one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from scrapers.errors import FetchError, ParseError, SourceError, UsageError
from scrapers.records import Document, Listing, Response, Source
from scrapers.strict import read_json, take
from scrapers.wire.answers import Reader
from scrapers.wire.web import Web


@dataclass(frozen=True, slots=True)
class Root:
    """One of AWS's bulk price lists.

    Attributes:
        host: its origin.
        folder: path of its offers.
    """

    host: str
    folder: str

    def url(self, path: str) -> str:
        """Return the URL of a path below the offers, such as ``AmazonEC2/index.json``."""
        return f"{self.host}{self.folder}/{path}"


COMMERCIAL = Root("https://pricing.us-east-1.amazonaws.com", "/offers/v1.0/aws")
CHINA = Root("https://pricing.cn-north-1.amazonaws.com.cn", "/offers/v1.0/cn")
MAX_FILE_BYTES = 1_500_000_000
"""Larger than the largest regional offer file (300 MB as CSV, 450 MB as JSON in 2026) and than any of savings plans."""
HOST = COMMERCIAL.host
HOSTS = tuple(root.host.removeprefix("https://") for root in (COMMERCIAL, CHINA))
_PATH = re.compile(r"/[A-Za-z0-9]+/[0-9]+/[a-z0-9-]+/index\.json")


Readers = Callable[[str, str], Reader]
"""Opens a reader for a resource and its URL, before anything of it has arrived."""


def root_of(region: str) -> Root:
    """Return the price list that a region's prices stand in."""
    return CHINA if region.startswith("cn-") else COMMERCIAL


def fetch_offer(
    web: Web, source: Source, offer: str, regions: Sequence[str], readers: Readers | None = None
) -> Iterator[Response]:
    """Yield the CSV offer file of every region, ``<region>.csv``; one that fails does not stop the others.

    Args:
        web: the way out.
        source: on whose behalf.
        offer: offer code, e.g. ``AmazonEC2``.
        regions: region codes.
        readers: opens what reads a file while it arrives; without it, its listings are still to be parsed.

    Raises:
        UsageError: no region is wanted.
        SourceError: the index did not come; or, after all others have been yielded, regions that failed. It
            is a `FetchError` when every failure was one.
    """
    indexes = _Indexes(web, source, offer)
    roots = {root_of(region) for region in regions}
    if len(roots) == 1:
        indexes.read(roots.pop())
    yield from fetch_regions(web, source, regions, indexes.address_of, readers)


def fetch_regions(
    web: Web, source: Source, regions: Sequence[str], address_of: Callable[[str], str], readers: Readers | None = None
) -> Iterator[Response]:
    """Yield the CSV offer file of every region, ``<region>.csv``; one that fails does not stop the others.

    Args:
        web: the way out.
        source: on whose behalf.
        regions: region codes.
        address_of: returns the URL of a region's file; a `SourceError` of it is that region's failure.
        readers: opens what reads a file while it arrives; without it, its listings are still to be parsed.

    Raises:
        UsageError: no region is wanted.
        SourceError: after all others have been yielded, regions that failed. It is a `FetchError` when every failure
            was one.
    """
    wanted = dict.fromkeys(regions)
    if not wanted:
        message = f"{source.id}: no region is asked for; name at least one, such as us-east-1"
        raise UsageError(message)
    failures: dict[str, SourceError] = {}
    for region in wanted:
        try:
            yield _receive(web, source, address_of(region), f"{region}.csv", readers)
        except SourceError as exc:
            failures[region] = exc
    if failures:
        raise _summary(source, failures, len(wanted))


def _receive(web: Web, source: Source, url: str, resource: str, readers: Readers | None) -> Response:
    """Return one file, read while it arrived where that can be; one that cannot be read is kept, and says so later."""
    if readers is None:
        return web.get(source, url, resource)
    return web.get(source, url, resource, open_reader=lambda: _Careful(readers(resource, url)))


class _Careful:
    """Lets a body break its reader in any way: it is then left to the parser, which says how."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._broken = False

    def feed(self, piece: bytes) -> int:
        if self._broken:
            return 0
        try:
            return self._reader.feed(piece)
        except Exception:  # noqa: BLE001  # see above
            self._broken = True
            return 0

    def finish(self, response: Response) -> tuple[Listing, ...] | None:
        if not self._broken:
            with suppress(Exception):
                return self._reader.finish(response)
        return None


class _Indexes:
    """The region indexes of one offer, each read once, when it is first needed."""

    def __init__(self, web: Web, source: Source, offer: str) -> None:
        self._web = web
        self._source = source
        self._offer = offer
        self._paths: dict[Root, Mapping[str, Mapping[str, str]]] = {}
        self._failures: dict[Root, SourceError] = {}

    def read(self, root: Root) -> Mapping[str, Mapping[str, str]]:
        """Return the entry of every region of a price list."""
        if root in self._failures:
            raise self._failures[root]
        if root not in self._paths:
            try:
                url = root.url(f"{self._offer}/current/region_index.json")
                document = Document.of(self._web.get(self._source, url, "region_index.json"), source=self._source.id)
                self._paths[root] = take(document, read_json(document), "regions")
            except SourceError as exc:
                self._failures[root] = exc
                raise
        return self._paths[root]

    def address_of(self, region: str) -> str:
        """Return the URL of a region's newest offer file as CSV."""
        root = root_of(region)
        paths = self.read(root)
        if region not in paths:
            raise ParseError(self._source.id, f"the region index has no {region!r}, but {', '.join(sorted(paths))}")
        path = paths[region].get("currentVersionUrl", "")
        if not (path.startswith(root.folder) and _PATH.fullmatch(path.removeprefix(root.folder))):
            raise ParseError(self._source.id, f"looked for the path of the offer file of {region}, found {path!r}")
        return root.host + path.removesuffix(".json") + ".csv"


def _summary(source: Source, failures: Mapping[str, SourceError], wanted: int) -> SourceError:
    kind = FetchError if all(isinstance(exc, FetchError) for exc in failures.values()) else SourceError
    details = "; ".join(f"{region}: {exc.problem}" for region, exc in failures.items())
    return kind(source.id, f"{len(failures)} of {wanted} regions failed: {details}")
