"""Vantage's feed: a JSON array of instances, 300 MB of them, most of which have no GPU.

Read in one pass as its bytes come. An instance that says that it has no accelerator is only cut out of the array, every
other one is read as JSON: what is not certain is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime

from scrapers.errors import ParseError
from scrapers.places.json_array import ArrayScan, NoArrayError
from scrapers.records import Content, Document, Listing, Response
from scrapers.strict import fail
from scrapers.vantage.feed_json import load_json, not_a_feed
from scrapers.vantage.instances import plain_type, read_instance
from scrapers.vantage.prices import listings_of

_START_BYTES = 80


class FeedScan:
    """Reads the array while it arrives: `feed` it any number of times, then `finish`.

    What is wrong with it is said by `finish` and not before: it is the download's task to bring all of it.
    """

    def __init__(self, document: Document) -> None:
        """Take what errors and listings name; its bytes are not read."""
        self._document = document
        self._scan = ArrayScan()
        self._start = b""
        self._instances = _Instances(document)
        self._error: ParseError | None = None

    def feed(self, piece: bytes) -> int:
        """Take the next bytes; return the number of listings so far."""
        if len(self._start) < _START_BYTES:
            self._start += piece[:_START_BYTES]
        if self._error is None:
            self._take(piece)
        return len(self._instances.listings)

    def finish(self) -> list[Listing]:
        """Return the listings, in the array's order.

        Raises:
            ParseError: it is no array of instances, breaks off, or holds an instance that is not as instances are
                known to be.
        """
        if self._error is None:
            self._take(None)
        if self._error is not None:
            raise self._error
        return self._instances.finish()

    def _take(self, piece: bytes | None) -> None:
        """Read the instances that have become whole with a piece, or at the end (None)."""
        try:
            for element in self._scan.finish() if piece is None else self._scan.feed(piece):
                self._instances.read(element)
        except ParseError as exc:
            self._error = exc
        except NoArrayError as exc:
            self._error = not_a_feed(self._document, self._start, exc)
        except ValueError as exc:
            self._error = fail(self._document, str(exc))


class _Instances:
    """The instances of one array, read one after the other."""

    def __init__(self, document: Document) -> None:
        self.listings: list[Listing] = []
        self._document = document
        self._types: dict[str, int] = {}

    def read(self, element: bytes) -> None:
        """Take the next instance, as it is printed."""
        index = len(self._types)
        name = plain_type(element)
        if name is None:
            self.take(load_json(self._document, element, row=f"instance {index}"))
        else:
            self._note(name)

    def take(self, record: object) -> None:
        """Take the next instance, as JSON."""
        instance = read_instance(self._document, len(self._types), record)
        self._note(instance.sku)
        if instance.is_accelerated:
            self.listings.extend(listings_of(instance))

    def _note(self, name: str) -> None:
        """Refuse a type that was there before: the last one must not win."""
        index = len(self._types)
        first = self._types.setdefault(name, index)
        if first != index:
            row = f"instance {index} ({name})"
            raise fail(self._document, f"the instance type is printed twice, first as instance {first}", row=row)

    def finish(self) -> list[Listing]:
        """Return the listings of at least one instance."""
        if not self._types:
            raise fail(self._document, "looked for at least 1 instances, found 0")
        return self.listings


class FeedReader:
    """Reads the feed while it is downloaded, so that its bytes pass once.

    What breaks it in any way is left to the parser, which says how.
    """

    def __init__(self, source: str, resource: str) -> None:
        """Take the source's id and the body's name."""
        nothing = Response(resource, "", "", datetime.min.replace(tzinfo=UTC), 0, "", Content.of(b""))
        self._scan: FeedScan | None = FeedScan(Document.of(nothing, source=source))

    def feed(self, piece: bytes) -> int:
        """Take the next bytes; return the number of listings so far."""
        if self._scan is None:
            return 0
        try:
            return self._scan.feed(piece)
        except Exception:  # noqa: BLE001  # see above
            self._scan = None
            return 0

    def finish(self, response: Response) -> tuple[Listing, ...] | None:
        """Return the listings; None where the body must be parsed, which will also say what is wrong with it."""
        del response
        if self._scan is not None:
            with suppress(Exception):
                return tuple(self._scan.finish())
        return None


def read_feed(document: Document, pieces: Iterable[bytes]) -> list[Listing]:
    """Return the listings of a feed, in its order.

    Args:
        document: what errors and listings name.
        pieces: its bytes.

    Raises:
        ParseError: as `FeedScan.finish`.
    """
    scan = FeedScan(document)
    for piece in pieces:
        scan.feed(piece)
    return scan.finish()


def read_feed_slowly(document: Document, body: bytes) -> list[Listing]:
    """Return the same with every instance read as JSON, all at once: what the fast way is measured against.

    Args:
        document: what errors and listings name.
        body: all of its bytes.

    Raises:
        ParseError: it is no array of instances in JSON, or an instance is not as instances are known to be.
    """
    content = load_json(document, body) if body.strip() else None
    if not isinstance(content, list):
        raise not_a_feed(document, body[:_START_BYTES], f"found {type(content).__name__}")
    instances = _Instances(document)
    for record in content:
        instances.take(record)
    return instances.finish()
