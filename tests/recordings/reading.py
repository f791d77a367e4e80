"""A source read twice, as two scrapes do: in full, and then only what has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flows.scraping import Scraped, read_responses
from scrapers.records import Content, Document, Listing, Obtained, Response
from scrapers.registry import parse, source_module
from scrapers.wire.answers import NOT_MODIFIED
from scrapers.wire.origins import origin_of
from scrapers.wire.web import Web

OBTAINED_HEADER = "x-ratecard-obtained"
"""A mirror's own word for how it got what it answers with."""
MIRRORED = "mirrored"
"""How an answer was obtained that came from a mirror which does not say: it is not called live."""
OpenWeb = Callable[[Path, Callable[[str, str], Document | None]], AbstractContextManager[Web]]
"""Opens a way out that receives bodies in a folder and asks only for what differs from earlier documents."""


@dataclass(frozen=True, slots=True)
class Note:
    """What a recording says about itself.

    Attributes:
        obtained: ``live``, ``reconstructed`` or ``mirrored``.
        regions: region codes that were asked for.
        served_from: the mirrors that answered in place of the public addresses; empty when those did.
        recorded_at: ISO 8601 time; "" for reconstructed ones, which are the same whenever they are made.
        failure: why the read was not whole, "" when it was.
        bodies: sha256 by name of every body.
        confirmed: names of the bodies that were not sent a second time.
    """

    obtained: str
    regions: tuple[str, ...]
    served_from: tuple[str, ...]
    recorded_at: str
    failure: str
    bodies: Mapping[str, str]
    confirmed: tuple[str, ...]

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Note:
        """Return the note that a file holds."""
        fields: dict[str, Any] = {n: tuple(value) if isinstance(value, list) else value for n, value in said.items()}
        return cls(**fields)


@dataclass(frozen=True)
class Read:
    """What two reads of a source brought, all of it in memory.

    Attributes:
        source: its id.
        obtained: how the bytes came here.
        first: the full read.
        again: the one after it, whose bodies were asked for only if they had changed.
    """

    source: str
    obtained: Obtained
    first: Scraped
    again: Scraped

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """The bodies of the full read that hold prices."""
        bodies = (response for response in self.first.responses if response.holds_prices)
        return tuple(Document.of(body, source=self.source, obtained=self.obtained) for body in bodies)

    @cached_property
    def listings(self) -> tuple[tuple[Document, Listing], ...]:
        """Every price of the full read with its document; a body that cannot be read has none."""
        good = (d for d in self.documents if d.capture.resource not in self.first.problems)
        return tuple((document, listing) for document in good for listing in parse(document))

    @property
    def failure(self) -> str:
        """Why the full read failed, as a whole or in part; "" when it did not."""
        return str(self.first.error or "")

    @property
    def served_from(self) -> tuple[str, ...]:
        """The mirrors that answered."""
        return tuple(dict.fromkeys(r.served_from for r in self.first.responses if r.served_from))


def read_once(source: str, regions: Sequence[str], web: Web, *, obtained: Obtained = Obtained.LIVE) -> Read:
    """Read a source that nobody asks only for what has changed: a page in a browser."""
    first = _in_memory(read_responses(source, source_module(source).fetch(web, regions)))
    return Read(source, obtained, first, Scraped(source, (), 0, None))


def read_twice(source: str, regions: Sequence[str], open_web: OpenWeb, *, obtained: Obtained = Obtained.LIVE) -> Read:
    """Read a source twice.

    Args:
        source: its id.
        regions: region codes to ask for.
        open_web: opens a way out for each of the two.
        obtained: how the bytes are known to have come here.
    """
    fetch = source_module(source).fetch
    with TemporaryDirectory(prefix="ratecard-read-") as folder:
        with open_web(Path(folder), lambda _source, _url: None) as web:
            first = _in_memory(read_responses(source, fetch(web, regions)))
        known = _by_url(source, first.responses)
        with open_web(Path(folder), lambda _source, url: known.get(url)) as web:
            again = _in_memory(read_responses(source, fetch(web, regions)))
    return Read(source, obtained, first, again)


def note_of(read: Read, regions: Sequence[str], said: AbstractSet[str], at: datetime) -> dict[str, Any]:
    """Return what a recording of a read says about itself, as its file holds it, see `Note`.

    Args:
        read: what came.
        regions: region codes that were asked for.
        said: what the answers say of how they were obtained.
        at: the time, UTC.
    """
    mirrors = sorted({origin_of(address) for address in read.served_from})
    obtained = "live" if not mirrors else next(iter(said)) if len(said) == 1 else MIRRORED
    reconstructed = obtained == Obtained.RECONSTRUCTED
    return {
        "obtained": obtained,
        "regions": list(regions),
        "served_from": [] if reconstructed else mirrors,
        "recorded_at": "" if reconstructed else at.isoformat(timespec="seconds"),
        "failure": read.failure,
        "bodies": {document.capture.resource: document.capture.sha256 for document in read.documents},
        "confirmed": [r.resource for r in read.again.responses if r.status == NOT_MODIFIED],
    }


def _in_memory(scraped: Scraped) -> Scraped:
    responses = (replace(response, body=Content.of(response.body.read())) for response in scraped.responses)
    return replace(scraped, responses=tuple(responses))


def _by_url(source: str, responses: Sequence[Response]) -> Mapping[str, Document]:
    return {response.url: Document.of(response, source=source) for response in responses}
