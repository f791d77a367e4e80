"""The sources, a line each, and the two things every one of them can do: fetch and parse."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, cast

from scrapers.errors import ParseError, RatecardError, UsageError
from scrapers.records import Document, Listing, Obtained, Response, Source
from scrapers.wire.web import Web

_MODULES = {
    "aws-capacity-blocks": "scrapers.aws.capacity_blocks",
    "aws-ec2": "scrapers.aws.ec2",
    "aws-ec2-api": "scrapers.aws.products_api",
    "aws-instance-types": "scrapers.aws.instance_hardware",
    "aws-sagemaker": "scrapers.aws.sagemaker",
    "aws-savings-plans": "scrapers.aws.savings_plans",
    "aws-spot": "scrapers.aws.spot",
    "aws-spot-history": "scrapers.aws.spot_history",
    "claims-evidence": "scrapers.claims.evidence",
    "cloudprice-ec2": "scrapers.cloudprice.ec2",
    "cloudprice-sagemaker": "scrapers.cloudprice.sagemaker",
    "runpod-docs": "scrapers.runpod.docs",
    "runpod-graphql": "scrapers.runpod.graphql",
    "runpod-pricing": "scrapers.runpod.pricing",
    "runpod-rest": "scrapers.runpod.rest",
    "vantage-ec2": "scrapers.vantage.ec2",
}


class SourceModule(Protocol):
    """What a source's module offers."""

    SOURCE: Source

    def fetch(self, web: Web, regions: Sequence[str]) -> Iterator[Response]:
        """Yield one response per body of the source.

        Args:
            web: the only way out into the world; it also tells addresses that are kept by hand among the facts.
            regions: region codes that are wanted; a source without regions ignores them.

        Raises:
            SourceError: the source did not answer as it must.
        """

    def parse(self, document: Document) -> list[Listing]:
        """Return every price that one body prints, in the source's own words.

        No clock, no network, no settings: the same bytes give the same listings.

        Raises:
            ParseError: the structure that was looked for is not there.
        """


def source_ids() -> list[str]:
    """Return the ids of all sources, sorted."""
    return sorted(_MODULES)


def default_source_ids() -> list[str]:
    """Return the ids of the sources that anybody can read, sorted; the others must be asked for by name."""
    return [source for source in source_ids() if not source_record(source).needs_account]


def source_module(source: str) -> SourceModule:
    """Return the module of a source.

    Raises:
        UsageError: there is no source of that id.
    """
    if source not in _MODULES:
        message = f"unknown source {source!r}; the sources are: {', '.join(source_ids())}"
        raise UsageError(message)
    return cast("SourceModule", importlib.import_module(_MODULES[source]))


def source_record(source: str) -> Source:
    """Return the record of a source.

    Raises:
        UsageError: there is no source of that id.
    """
    return source_module(source).SOURCE


def parse(document: Document) -> list[Listing]:
    """Return the listings of one body; the one place where a parser's exceptions become a `ParseError`.

    A source that publishes no prices has none.

    Raises:
        ParseError: the body is not what the source's parser knows, or holds no listing at all.
    """
    capture = document.capture
    module = source_module(capture.source)
    try:
        listings = module.parse(document)
    except RatecardError:
        raise
    except Exception as exc:  # a body can break a parser in any way, and must break only its own source
        # Not its repr: that of a decoding error holds the whole body.
        problem = f"the parser met what it does not know: {type(exc).__name__}: {exc}"
        raise ParseError(capture.source, problem, where=capture.body or capture.resource) from exc
    if not listings and module.SOURCE.publishes_prices:
        problem = "looked for prices, found none; an empty result is never success"
        raise ParseError(capture.source, problem, where=capture.body or capture.resource)
    return listings


def parse_slowly(document: Document) -> list[Listing] | None:
    """Return the listings of one body as the source's slow reader finds them; None where it has only one reader.

    Raises:
        ParseError: as `parse`.
    """
    slow: Callable[[Document], list[Listing]] | None = getattr(
        source_module(document.capture.source), "parse_slowly", None
    )
    return None if slow is None else slow(document)


def findings(source: str, listings: Sequence[Listing]) -> list[str] | None:
    """Return what a source's own guard finds odd in listings that can be read, a sentence each; None without a guard.

    Args:
        source: id of the source.
        listings: of any of its bodies.
    """
    guard: Callable[[Sequence[Listing]], list[str]] | None = getattr(source_module(source), "findings", None)
    return None if guard is None else guard(listings)


def is_excerpt(source: Source, obtained: Obtained, listings: int) -> bool:
    """Return whether a read holds only a part of the source, so that what it leaves out says nothing.

    Args:
        source: the source.
        obtained: how its bodies came here; a live read is never an excerpt.
        listings: number of listings in all its bodies of one snapshot.
    """
    return obtained is not Obtained.LIVE and listings < source.expected_listings[0]


def check_count(source: Source, listings: int, *, share: float = 1) -> None:
    """Refuse a live read that is far from what the source publishes.

    Args:
        source: the source.
        listings: number of listings in all bodies that were read.
        share: part of the source's bodies that were read, above 0 and at most 1.

    Raises:
        ParseError: there are fewer listings than the source declares as the fewest, or more than twice the
            most.
    """
    fewest, most = source.expected_listings
    if not fewest * share <= listings <= 2 * most:
        problem = f"{listings} listings where {fewest} to {most} are expected; nothing of it is used"
        raise ParseError(source.id, problem)
