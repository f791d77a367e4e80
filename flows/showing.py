"""Which figure is to be shown, and what is shown of it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from normalize.records import Offer
from reports.receipts import describe
from reports.untrusted import legible
from scrapers.errors import StoreError, UsageError
from scrapers.places.exhibits import Exhibit

_FIGURES = ".figures.json"
_MOST_CHARACTERS = 1500
"""Before and after a figure: a screenful."""
_SHORT_HASH = 12
_MOST_OFFERS = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure stands: the sha256 of a body, or its first digits, and the locator in it."""

    sha256: str
    locator: str

    @property
    def citation(self) -> str:
        """The place as it is typed, fit for a shell."""
        return shlex.quote(f"{self.sha256[:_SHORT_HASH]}#{self.locator}")


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of one figure; its fields are the keys of ``show --json``.

    Attributes:
        source: id of the source.
        url: the public address that answered.
        retrieved_at: when the bytes were read there, UTC.
        obtained: live, imported or reconstructed.
        provenance: for imported and reconstructed bodies, where the figures are public; else "".
        sha256: of the archived body.
        body: path of the body in the store.
        locator: where in the body.
        quote: the text that stands there.
        before: what stands before it.
        value: the text as it stands between the two.
        after: what stands after it.
        crop: the PNG that was written; "" where none was.
        no_crop: why there is no screenshot to cut one out of; "" where there is.
    """

    source: str
    url: str
    retrieved_at: datetime
    obtained: str
    provenance: str
    sha256: str
    body: str
    locator: str
    quote: str
    before: str
    value: str
    after: str
    crop: str
    no_crop: str


def shown(place: Place, exhibit: Exhibit, crop: Path | None) -> Shown:
    """Return what is shown of a figure.

    Args:
        place: where it stands.
        exhibit: its evidence.
        crop: the picture of it that was written, None where none was.
    """
    capture, around = exhibit.capture, exhibit.around.within(_MOST_CHARACTERS)
    return Shown(
        source=capture.source,
        url=capture.answered_url,
        retrieved_at=capture.retrieved_at,
        obtained=capture.obtained.value,
        provenance=capture.provenance,
        sha256=capture.sha256,
        body=capture.body,
        locator=place.locator,
        quote=exhibit.quote,
        before=around.before,
        value=around.value,
        after=around.after,
        crop=str(crop or ""),
        no_crop=exhibit.no_crop,
    )


def write_crops(exhibits: Sequence[Exhibit], file: Path) -> list[Path | None]:
    """Write the pictures of figures and return their paths, None for a figure that has none.

    Args:
        exhibits: the figures' evidence.
        file: PNG to write; a second picture is ``name-2.png``.

    Raises:
        UsageError: the file is no PNG by its name, or none of the figures has a picture.
        StoreError: the disk refuses.
    """
    if file.suffix.lower() != ".png":
        raise UsageError(f"--crop {file}: a picture is written as PNG; give a name that ends in .png")
    if not any(exhibit.crop for exhibit in exhibits):
        raise UsageError(f"--crop {file}: nothing to cut out: {exhibits[0].no_crop}")
    written: list[Path | None] = []
    for number, exhibit in enumerate(exhibits, start=1):
        path = file if number == 1 else file.with_stem(f"{file.stem}-{number}")
        written.append(_write(path, exhibit.crop.png()) if exhibit.crop else None)
    return written


def _write(path: Path, body: bytes) -> Path:
    try:
        path.write_bytes(body)
    except OSError as exc:
        raise StoreError(f"{path}: cannot be written ({exc.strerror})") from exc
    return path


def cited_places(citation: str) -> list[Place]:
    """Return where the figures of a citation stand.

    Args:
        citation: ``SHA256#LOCATOR`` as every receipt prints it, or ``REPORT#NUMBER``: a report's file, whichever of its
            forms, and the number of a receipt (``12`` or ``receipt-12``) or the id of a figure.

    Raises:
        UsageError: it is neither, the report has no list of its figures beside it, or no such number.
    """
    whose, separator, name = citation.partition("#")
    if not (whose and separator and name):
        raise UsageError(f"show {citation}: looked for <sha256>#<locator> as receipts print it, or <report>#<number>")
    if set(whose) <= set("0123456789abcdef"):
        return [Place(whose, name)]
    report = Path(whose)
    stem = report.name.removesuffix(_FIGURES) if report.name.endswith(_FIGURES) else report.stem
    return _listed(report.with_name(stem + _FIGURES), name.removeprefix("receipt-"))


def _listed(file: Path, name: str) -> list[Place]:
    """Return the places of a receipt or figure out of a report's list of figures.

    Whatever its layout: an entry whose number or id is that name holds the places, or names the receipts that do.
    """
    try:
        content = json.loads(file.read_bytes())
    except (OSError, ValueError) as exc:
        raise UsageError(f"{file}: looked for the report's list of figures, found none to read ({exc})") from exc
    named = [entry for entry in _objects(content) if name in {str(entry.get("number")), str(entry.get("id"))}]
    places = list(dict.fromkeys(place for entry in named for place in _places(entry, content)))
    if not places:
        raise UsageError(f"{file}: has no receipt or figure {name!r}; a report prints their numbers in brackets")
    return places


def _objects(content: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401  # JSON is anything
    """Yield every object of a JSON content, the outer ones first."""
    if isinstance(content, dict):
        yield content
    if isinstance(content, dict | list):
        for inner in content.values() if isinstance(content, dict) else content:
            yield from _objects(inner)


def _places(entry: dict[str, Any], content: Any) -> Iterator[Place]:  # noqa: ANN401  # JSON is anything
    """Yield the places that stand in an entry, in the receipts that it numbers, and in the offers that it counts."""
    numbers = [number for number in entry.get("receipts") or () if isinstance(number, int)]
    receipts = [other for other in _objects(content) if numbers and other.get("number") in numbers]
    offers = dict(enumerate(content.get("offers") or ())) if isinstance(content, dict) else {}
    computed_from = [offers[n] for n in entry.get("offers") or () if isinstance(n, int) and n in offers]
    for inner in (inner for part in (entry, *receipts, *computed_from) for inner in _objects(part)):
        if isinstance(inner.get("sha256"), str) and isinstance(inner.get("locator"), str):
            yield Place(inner["sha256"], inner["locator"])


def offered_places(offers: Sequence[Offer]) -> list[Place]:
    """Return where the figure of one offer stands, with all that it was computed from.

    Args:
        offers: what was asked for: one offer, or several that one line of a price list stands for.

    Raises:
        UsageError: it is none or several; the message says how to be shown each of them.
    """
    if not offers:
        raise UsageError("show: no offer is that; `ratecard prices` lists those there are")
    # One line of a price list may be the price of several cards: an offer each, and the same evidence.
    apart = list({tuple(_places_of(offer)): offer for offer in offers}.values())
    if len(apart) > 1:
        lines = [legible(f"  {describe(o)}, {o.source}: ratecard show {_places_of(o)[0].citation}") for o in apart]
        more = [f"  ... and {len(apart) - _MOST_OFFERS} more"] * (len(apart) > _MOST_OFFERS)
        head = f"show: {len(apart)} offers are that; narrow with --sku, --region, --source, or take one of:"
        raise UsageError("\n".join([head, *lines[:_MOST_OFFERS], *more]))
    return _places_of(offers[0])


def _places_of(offer: Offer) -> list[Place]:
    return [Place(citation.sha256, citation.locator) for citation in offer.citations]
