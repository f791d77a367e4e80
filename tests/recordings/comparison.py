"""What differs between two reads of a source: its prices, and the structure of its bodies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from reading import Read

from scrapers.records import Listing
from scrapers.registry import source_record
from scrapers.shapes.drift import compare

_MOST_LINES = 40
"""Of each kind; a list that is wholly another has thousands."""


def differences(before: Read, after: Read) -> Iterator[str]:
    """Yield a line per difference: prices that came, went or changed, then structure; nothing where all is the same."""
    was, now = _prices(before), _prices(after)
    yield from _short([f"+ {name}: {now[name]}" for name in now.keys() - was.keys()])
    yield from _short([f"- {name}: {was[name]}" for name in was.keys() - now.keys()])
    both = was.keys() & now.keys()
    yield from _short([f"~ {name}: {was[name]} -> {now[name]}" for name in both if was[name] != now[name]])
    if before.failure != after.failure:
        yield f"failure: {before.failure or 'none'} -> {after.failure or 'none'}"
    yield from _confirmed(before, after)
    drift = compare(source_record(after.source), before.documents, after.documents)
    yield from _short([f"{d.direction} in {d.kind}: {d.name} ({', '.join(d.bodies)})" for d in drift.differences])


def _prices(read: Read) -> dict[str, str]:
    """Return what every listing prints, by what identifies it; several of one identity are told together."""
    found: dict[str, list[str]] = defaultdict(list)
    for document, listing in read.listings:
        found[_identity(document.capture.resource, listing)].append(listing.price_text or f"({listing.absence})")
    return {name: ", ".join(texts) for name, texts in found.items()}


def _identity(resource: str, listing: Listing) -> str:
    words = (
        *(resource, listing.service, listing.sku, listing.region, listing.terms, listing.operating_system),
        *(listing.cloud, listing.currency, listing.unit),
    )
    return " | ".join(word for word in words if word)


def _confirmed(before: Read, after: Read) -> Iterator[str]:
    """Yield the bodies whose server no longer answers "unchanged", or does so now."""
    statuses = {r.resource: r.status for r in before.again.responses}
    for response in after.again.responses:
        was = statuses.get(response.resource, response.status)
        if was != response.status:
            yield f"asked again, {response.resource} was answered with {was}, now with {response.status}"


def _short(lines: list[str]) -> Iterator[str]:
    yield from sorted(lines)[:_MOST_LINES]
    if len(lines) > _MOST_LINES:
        yield f"... and {len(lines) - _MOST_LINES} more of these"
