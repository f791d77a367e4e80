"""The records of the scrapers: what a source is, what it answered, and what it printed.

Nothing here knows what a GPU-hour is, and nothing here has a third-party import: `normalize` and `reports`
build on these records without a browser or a network stack.
"""

from __future__ import annotations

import enum
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

PICTURE_TYPE = "image/png"
"""Media type of a page's screenshot."""
LAYOUT_TYPE = "application/json;layout"
"""Media type of where in its screenshot each element of a page stands, see `scrapers.browsing.layout`."""


class Lineage(enum.StrEnum):
    """Whose prices a source publishes."""

    FIRST_PARTY = "first_party"
    """The seller's own."""
    AGGREGATOR = "aggregator"
    """Somebody else's, republished: it confirms or contradicts, it never replaces."""


class Obtained(enum.StrEnum):
    """How the bytes of a capture came here."""

    LIVE = "live"
    """Fetched by Ratecard itself."""
    IMPORTED = "imported"
    """A file that somebody saved, with its own date."""
    RECONSTRUCTED = "reconstructed"
    """Written in the source's format from dated public figures; the bundled examples."""


class DatePrecision(enum.StrEnum):
    """How exactly `Capture.retrieved_at` is known."""

    SECOND = "second"
    DAY = "day"
    MONTH = "month"


class SourceState(enum.StrEnum):
    """What became of a source in one snapshot."""

    FRESH = "fresh"
    """Captured, with bytes the store did not have."""
    UNCHANGED = "unchanged"
    """Captured, and every body equals an earlier one."""
    PARTIAL = "partial"
    """Some of its bodies were captured and read; the reason says which were not. What they leave out says nothing."""
    FAILED = "failed"
    """Not captured; the reason says why."""


@dataclass(frozen=True, slots=True)
class Source:
    """One place that publishes prices, and how it is read.

    Attributes:
        id: the name used everywhere, e.g. ``aws-ec2``.
        title: for people.
        publisher: who answers for the figures.
        url: the public address that a reader may open.
        lineage: first party or aggregator.
        method: how it is read: ``http``, ``browser`` or ``api``.
        expected_listings: fewest and most listings of one whole read. A live read below the fewest is an
            error, above the most a finding; an imported or reconstructed body below the fewest is an excerpt,
            which does not speak about what it leaves out.
        max_age_days: a capture older than this is called stale.
        min_interval_seconds: shortest time between two requests to its host.
        allowed_hosts: hosts that a request or redirect of this source may reach; of evidence pages none is named here,
            they are those of the facts.
        needs_account: whether it answers only to somebody's credentials; read only when it is asked for by name.
        max_body_bytes: largest body it may send, content encoding undone; what is larger is refused, not read.
        publishes_prices: False where its bodies are pages kept for what they say, and no price is read of them.
    """

    id: str
    title: str
    publisher: str
    url: str
    lineage: Lineage
    method: str
    expected_listings: tuple[int, int]
    max_age_days: int
    min_interval_seconds: float = 1.0
    allowed_hosts: tuple[str, ...] = ()
    needs_account: bool = False
    max_body_bytes: int = 50_000_000
    publishes_prices: bool = True


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a body as served, wherever they are: in memory, or packed in a file.

    Attributes:
        size: in bytes, unpacked.
        sha256: of the unpacked bytes, hexadecimal.
        opener: opens them from the start.
        packed: zstd file that holds them, to be taken over by a store; None when they are in memory.
    """

    size: int
    sha256: str
    opener: Callable[[], BinaryIO]
    packed: Path | None = None

    @classmethod
    def of(cls, body: bytes) -> Content:
        """Return bytes in memory as a content."""
        import hashlib  # noqa: PLC0415  # OpenSSL: 4 MiB that a reader of files never needs

        return cls(len(body), hashlib.sha256(body).hexdigest(), lambda: io.BytesIO(body))

    def open(self) -> BinaryIO:
        """Open the bytes as a stream."""
        return self.opener()

    def read(self) -> bytes:
        """Return the whole body."""
        with self.open() as stream:
            return stream.read()


@dataclass(frozen=True, slots=True)
class Response:
    """What one request brought, before it is stored: the scrapers' own record, never a client's object.

    Attributes:
        resource: name of the body inside its source's folder, with extension, e.g. ``us-east-1.csv``.
        url: the public URL that was asked.
        answered_url: the public URL that answered, after redirects.
        retrieved_at: when, UTC.
        status: HTTP status; 304 where the server confirmed bytes that the store holds, and sent none.
        media_type: as the server said it, without parameters; ``text/html;rendered`` for a browser's DOM.
        body: the bytes as served, content encoding undone; after a 304 those in the store.
        headers: kept headers, lower-case names (etag, last-modified).
        served_from: the mirror's URL when the origin was redirected, else None.
        listings: what was read while a large body arrived; None when it is still to be parsed, as always after a 304.
        fetched_at: when the bytes came, UTC, where `retrieved_at` is the date of an archive's figures; else None.
        evidence: responses that show how it looked, such as a page's screenshot: kept beside it, holding no prices.
    """

    resource: str
    url: str
    answered_url: str
    retrieved_at: datetime
    status: int
    media_type: str
    body: Content
    headers: Mapping[str, str] = field(default_factory=dict)
    served_from: str | None = None
    listings: tuple[Listing, ...] | None = None
    fetched_at: datetime | None = None
    evidence: tuple[Response, ...] = ()

    @property
    def holds_prices(self) -> bool:
        """Whether the source's parser reads it; a picture and a layout only show how another body looked."""
        return _holds_prices(self.media_type)

    def with_evidence(self) -> tuple[Response, ...]:
        """Return it and its evidence, all that a store keeps of it."""
        return (self, *self.evidence)


def _holds_prices(media_type: str) -> bool:
    return media_type not in {PICTURE_TYPE, LAYOUT_TYPE}


@dataclass(frozen=True, slots=True)
class Capture:
    """One stored response.

    Attributes:
        source: id of the source.
        resource: name of the body inside the source's folder, e.g. ``us-east-1.csv``.
        url: the public URL that was asked; region and currency of the request are in it.
        answered_url: the public URL that answered.
        served_from: the mirror that really answered, or None.
        retrieved_at: when the bytes were read at the source, UTC; for examples, and for what a source keeps in an
            archive, the date of their figures.
        date_precision: how exactly that time is known.
        status: HTTP status; 304 where the server confirmed an earlier body.
        media_type: without parameters.
        headers: kept headers, lower-case names.
        sha256: of the body as served, hexadecimal.
        size: of the body as served, in bytes.
        body: path of the compressed body, relative to the store's root.
        obtained: live, imported or reconstructed.
        provenance: for imported and reconstructed bodies, where the figures are public; else "".
        excerpt: whether the body is known to hold only a part of what its source published, so that what it leaves
            out says nothing.
        fetched_at: when the bytes came from the source's archive, UTC; None where that is `retrieved_at`.
        problem: why the body could not be read when it came, kept for a look and used by nobody; "" for a good one.
    """

    source: str
    resource: str
    url: str
    answered_url: str
    served_from: str | None
    retrieved_at: datetime
    date_precision: DatePrecision
    status: int
    media_type: str
    headers: Mapping[str, str]
    sha256: str
    size: int
    body: str
    obtained: Obtained
    provenance: str = ""
    excerpt: bool = False
    fetched_at: datetime | None = None
    problem: str = ""

    @property
    def holds_prices(self) -> bool:
        """Whether the source's parser reads it; a picture and a layout only show how another body looked."""
        return _holds_prices(self.media_type)


@dataclass(frozen=True, slots=True)
class SourceResult:
    """What became of one source in a snapshot; `reason` is "" unless it failed, as a whole or in part."""

    source: str
    state: SourceState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One dated run over the sources.

    Attributes:
        stamp: its folder's name, e.g. ``2026-11-22T060000Z``.
        taken_at: the time in the stamp, UTC.
        results: one per source that was tried, ordered by source id.
        captures: ordered by source id and resource.
        written_by: name and version of the program that wrote it.
    """

    stamp: str
    taken_at: datetime
    results: tuple[SourceResult, ...]
    captures: tuple[Capture, ...]
    written_by: str


@dataclass(frozen=True, slots=True)
class Document:
    """A capture with its bytes at hand: all that a parser gets.

    Attributes:
        capture: where the bytes come from.
        opener: opens the body as served, from its start, as a binary stream.
    """

    capture: Capture
    opener: Callable[[], BinaryIO]

    def open(self) -> BinaryIO:
        """Open the body as a stream."""
        return self.opener()

    def read(self) -> bytes:
        """Return the whole body."""
        with self.open() as stream:
            return stream.read()

    @classmethod
    def of(cls, response: Response, *, source: str, obtained: Obtained = Obtained.LIVE) -> Document:
        """Return a document of a response that is not stored (yet)."""
        return cls(capture_of(response, source=source, obtained=obtained), response.body.opener)


def capture_of(  # noqa: PLR0913  # a capture is a response and what is known about it
    response: Response,
    *,
    source: str,
    obtained: Obtained,
    body: str = "",
    date_precision: DatePrecision = DatePrecision.SECOND,
    provenance: str = "",
    excerpt: bool = False,
    problem: str = "",
) -> Capture:
    """Return the capture record of a response whose body lies (or will lie) at `body`."""
    return Capture(
        source=source,
        resource=response.resource,
        url=response.url,
        answered_url=response.answered_url,
        served_from=response.served_from,
        retrieved_at=response.retrieved_at.astimezone(UTC),
        date_precision=date_precision,
        status=response.status,
        media_type=response.media_type,
        headers=dict(response.headers),
        sha256=response.body.sha256,
        size=response.body.size,
        body=body,
        obtained=obtained,
        provenance=provenance,
        excerpt=excerpt,
        fetched_at=None if response.fetched_at is None else response.fetched_at.astimezone(UTC),
        problem=problem,
    )


@dataclass(frozen=True, slots=True)
class Listing:
    """One price in the source's own words.

    Attributes:
        source: id of the source it was read from.
        provider: who sells it: ``AWS``, ``RunPod``.
        service: the product in the provider's word: ``EC2``, ``SageMaker Hosting``, ``Pods``, ``Serverless``.
        sku: instance type, GPU name or group, as printed.
        terms: the kind of price in the source's own words: ``OnDemand``, ``spot_avg``, ``Flex``.
        price_text: the digits as printed, without currency sign; None where the source prints no price.
        absence: why there is no price, in one sentence; "" where there is one.
        currency: ISO 4217 code.
        unit: the unit in the source's own words: ``Hrs``, ``/hr``, ``per second``.
        locator: where the price stands in the body, see `scrapers.places.locate`.
        quote: the text that stands there.
        sku_id: the provider's machine id of the SKU, or None.
        region: region code, None where the source does not say or has one price for all.
        operating_system: as printed, None where it has no meaning.
        cloud: ``Secure Cloud``, ``Community Cloud``, None where the source does not say.
        gpu_name: the GPU as printed, None where the source prints none.
        gpu_count: GPUs of the SKU as printed, None where the source prints none.
        gpu_memory: as printed.
        upfront_text: digits of a fee that is paid once at the start of the term, in `currency`; None without one.
        upfront_locator: where that fee stands; "" without one.
        upfront_quote: the text that stands there.
    """

    source: str
    provider: str
    service: str
    sku: str
    terms: str
    price_text: str | None
    absence: str
    currency: str
    unit: str
    locator: str
    quote: str
    sku_id: str | None = None
    region: str | None = None
    operating_system: str | None = None
    cloud: str | None = None
    gpu_name: str | None = None
    gpu_count: str | None = None
    gpu_memory: str | None = None
    upfront_text: str | None = None
    upfront_locator: str = ""
    upfront_quote: str = ""
