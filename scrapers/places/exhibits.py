"""What a store has to show of a figure: the text around it, and how it looked on its page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from scrapers.archive.store import Store
from scrapers.browsing.crop import Crop, Screenshot
from scrapers.errors import CorruptError, ParseError, SnapshotMissingError
from scrapers.places.evidence import Surroundings, read_surroundings
from scrapers.places.locate import OpenBody
from scrapers.records import LAYOUT_TYPE, PICTURE_TYPE, Capture, Snapshot


@dataclass(frozen=True, slots=True)
class Exhibit:
    """The evidence of one figure.

    Attributes:
        capture: the body in which it stands.
        quote: the text that stands there, as parsers quote it.
        around: the text around it.
        crop: the piece of the page's screenshot that shows it; None where there is none.
        no_crop: why there is none; "" where there is one.
    """

    capture: Capture
    quote: str
    around: Surroundings
    crop: Crop | None = None
    no_crop: str = ""


class Exhibits:
    """The evidence that one store holds; a body or screenshot that several figures share is opened once."""

    def __init__(self, store: Store) -> None:
        """Take the store; nothing is read before the first figure."""
        self._store = store
        self._bodies: dict[str, OpenBody] = {}
        self._screenshots: dict[str, Screenshot | str] = {}

    @cached_property
    def _found(self) -> dict[str, tuple[Capture, Snapshot]]:
        """The newest capture of every body, and the snapshot that it is in, by sha256."""
        return {c.sha256: (c, snapshot) for snapshot in self._store.snapshots() for c in snapshot.captures}

    def capture(self, sha256: str) -> Capture:
        """Return the newest capture of a body.

        Args:
            sha256: of the body, or its first digits.

        Raises:
            SnapshotMissingError: no body of the store has that hash, or several have.
        """
        return self._find(sha256)[0]

    def look_through(self, places: Iterable[tuple[str, str]]) -> None:
        """Read the bodies of many figures once each; what is then shown of them is at hand.

        Args:
            places: sha256 and locator of each.

        Raises:
            SnapshotMissingError: no body of the store has that hash, or several have.
            CorruptError: the store no longer holds the bytes that were put there.
        """
        locators: dict[str, list[str]] = {}
        for sha256, locator in places:
            locators.setdefault(self._find(sha256)[0].sha256, []).append(locator)
        for sha256, mine in locators.items():
            self._open(self._find(sha256)[0]).read_all(mine)

    def of(self, sha256: str, locator: str) -> Exhibit:
        """Return the evidence at a locator.

        A damaged or missing screenshot is no error: the text is the evidence, the picture only shows how it looked.

        Args:
            sha256: of the body, or its first digits.
            locator: where in it, see `scrapers.places.locate`.

        Raises:
            SnapshotMissingError: no body of the store has that hash, or several have.
            ParseError: nothing stands there.
            CorruptError: the store no longer holds the bytes that were put there.
        """
        capture, snapshot = self._find(sha256)
        body = self._open(capture)
        exhibit = Exhibit(capture, body.read(locator), read_surroundings(body, locator))
        if capture.sha256 not in self._screenshots:
            self._screenshots[capture.sha256] = self._screenshot(capture, snapshot)
        screenshot = self._screenshots[capture.sha256]
        if isinstance(screenshot, str):
            return replace(exhibit, no_crop=screenshot)
        crop = screenshot.crop(locator)
        return replace(exhibit, crop=crop, no_crop="" if crop else "it is not to be seen on the page's screenshot")

    def _open(self, capture: Capture) -> OpenBody:
        if capture.sha256 not in self._bodies:
            self._bodies[capture.sha256] = OpenBody(self._store.document(capture))
        return self._bodies[capture.sha256]

    def _find(self, sha256: str) -> tuple[Capture, Snapshot]:
        if sha256 in self._found:
            return self._found[sha256]
        found = [known for known in self._found if sha256 and known.startswith(sha256)]
        if len(found) != 1:
            raise SnapshotMissingError(
                f"{len(found)} bodies in {self._store.root} have a sha256 that begins with {sha256!r}"
            )
        return self._found[found[0]]

    def _screenshot(self, capture: Capture, snapshot: Snapshot) -> Screenshot | str:
        """Return the screenshot that was taken with a page, or why there is none."""
        stem = capture.resource.rpartition(".")[0] or capture.resource
        beside = {c.media_type: c for c in snapshot.captures if _stem(c) == (capture.source, stem)}
        if not capture.media_type.startswith("text/html"):
            return f"it was read from {capture.media_type}, of which there is no screenshot"
        if PICTURE_TYPE not in beside:
            return "no screenshot of the page is stored"
        if LAYOUT_TYPE not in beside:
            return "the page did not keep still for its screenshot, so that no place in it is certain"
        documents = [self._store.document(c) for c in (capture, beside[LAYOUT_TYPE], beside[PICTURE_TYPE])]
        try:
            return Screenshot(*documents)
        except (ParseError, CorruptError) as exc:
            return f"the screenshot cannot be used: {exc}"


def _stem(capture: Capture) -> tuple[str, str] | None:
    """Return which page a screenshot or layout was taken with; None of what is neither."""
    if capture.holds_prices:
        return None
    return capture.source, capture.resource.removesuffix(".layout.json").removesuffix(".png")
