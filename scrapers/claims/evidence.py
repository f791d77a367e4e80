"""`claims-evidence`: the pages that the hand-kept statements name as their evidence, kept for what they say.

No price is read of them. Which pages, and so which hosts, is written in the facts, not here: `Web.addresses` tells it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from scrapers.errors import FetchError, SourceError
from scrapers.places.locate import OpenBody, fold
from scrapers.places.pages import MAX_PAGE_BYTES, read_page
from scrapers.records import Document, Lineage, Listing, Response, Source
from scrapers.strict import fail, read_text
from scrapers.wire.web import Web

SOURCE = Source(
    id="claims-evidence",
    title="Evidence pages of the statements",
    publisher="each page's own",
    url="https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html",
    lineage=Lineage.FIRST_PARTY,
    method="http",
    expected_listings=(0, 0),
    max_age_days=45,
    max_body_bytes=MAX_PAGE_BYTES,
    publishes_prices=False,
)
_TEXT_SUFFIXES = {".md", ".mdx", ".json", ".txt"}
_LONGEST_PATH = 60


def fetch(web: Web, regions: Sequence[str]) -> Iterator[Response]:  # noqa: ARG001  # a page is the same everywhere
    """Yield every page once; one that does not come does not stop the others.

    Raises:
        SourceError: some did not come; raised after those that did. It is a `FetchError` when another try may help.
    """
    urls = tuple(dict.fromkeys(web.addresses(SOURCE.id)))
    if not urls:
        raise SourceError(SOURCE.id, "no page is asked for: claims.toml among the facts names no evidence_url")
    source = replace(SOURCE, allowed_hosts=hosts_of(urls))
    failures: list[SourceError] = []
    for url in urls:
        try:
            yield web.get(source, url, resource_of(url))
        except SourceError as exc:
            failures.append(exc)
    if failures:
        kind = FetchError if all(isinstance(exc, FetchError) for exc in failures) else SourceError
        details = "; ".join(f"{exc.where}: {exc.problem}" for exc in failures)
        raise kind(SOURCE.id, f"{len(failures)} of {len(urls)} pages did not come: {details}")


def hosts_of(urls: Sequence[str]) -> tuple[str, ...]:
    """Return the hosts that these pages lie on: all that a request or redirect may reach."""
    return tuple(sorted({urlsplit(url).hostname or "" for url in urls}))


def resource_of(url: str) -> str:
    """Return the name of a page's body: from host and path for people, and a hash that no other address has."""
    parts = urlsplit(url)
    place = PurePosixPath(parts.path)
    suffix = place.suffix if place.suffix in _TEXT_SUFFIXES else ".html"
    words = re.sub(r"[^a-z0-9.]+", "-", str(place).removesuffix(suffix).lower())[-_LONGEST_PATH:].strip("-.")
    own = hashlib.sha256(url.encode()).hexdigest()[:8]
    return "-".join(part for part in (parts.netloc, words, own) if part) + suffix


def parse(document: Document) -> list[Listing]:
    """Return no listing; make sure that the body is a page with text, in which a passage can be looked for.

    Raises:
        ParseError: it is no page or text in UTF-8, is larger or deeper than a page should be, or says nothing.
    """
    text = read_page(document).get_text(" ") if OpenBody(document).is_page else read_text(document)
    if not fold(text):
        raise fail(document, "looked for a page with text, found none: is it filled by a script?")
    return []


def shape(document: Document) -> dict[str, frozenset[str]]:  # noqa: ARG001  # the same of every page
    """Return nothing for what a page is built of: only its words matter, and they are looked at claim by claim."""
    return dict.fromkeys(("attributes", "classes", "columns", "fields", "headings", "JSON-LD types"), frozenset())
