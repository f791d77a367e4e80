"""What is asked of the browser and what it brings: plain records, so that nobody else need load Playwright."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from scrapers.errors import FetchError, SourceError
from scrapers.records import LAYOUT_TYPE, PICTURE_TYPE, Content, Response
from scrapers.wire.origins import Origins

LAYOUT_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a page may take and how much it may bring.

    Attributes:
        page_seconds: longest time for one page, all told.
        value_seconds: longest wait for the value that a script fills in.
        quiet_seconds: the page is taken when nothing has changed in it for so long,
        restless_seconds: or at the latest so long after the value has arrived.
        last_shot_seconds: longest time for the DOM and the screenshot of a page that failed.
        page_bytes: most bytes, decompressed, of the page and all that it loads.
        dom_characters: longest DOM.
        picture_height: highest screenshot, in CSS pixels; Chromium repeats itself beyond 16384, its largest texture.
        picture_bytes: largest screenshot; a larger one is taken again with half the height.
    """

    page_seconds: float = 60.0
    value_seconds: float = 30.0
    quiet_seconds: float = 0.5
    restless_seconds: float = 3.0
    last_shot_seconds: float = 15.0
    page_bytes: int = 100_000_000
    dom_characters: int = 30_000_000
    picture_height: int = 16_384
    picture_bytes: int = 10_000_000


@dataclass(frozen=True, slots=True)
class Visit:
    """What is to be opened, and on which terms.

    Attributes:
        url: the public URL.
        wait_for: selector (CSS, or Playwright's) of the value that must have arrived.
        hosts: the only hosts that the page and what it loads may come from.
        user_agent: how Ratecard names itself.
        origins: which mirrors answer in the place of which public origins.
    """

    url: str
    wait_for: str
    hosts: tuple[str, ...]
    user_agent: str
    origins: Origins

    def admits(self, url: str) -> bool:
        """Return whether the page may ask for a URL: on its hosts, and not in the clear where it came safely."""
        parts = urlsplit(url)
        return parts.scheme in {"https", urlsplit(self.url).scheme} and parts.hostname in self.hosts


@dataclass(frozen=True, slots=True)
class Shot:
    """A page at one moment.

    Attributes:
        url: its public URL.
        status: its HTTP status; 0 where there was no answer.
        dom: as HTML in UTF-8.
        picture: PNG of the page from its top left corner, a pixel for a CSS pixel.
        width: of the picture, in pixels.
        height: of the picture, in pixels.
        elements: of every element in document order its tag name and, where it is shown, its place and size in CSS
            pixels from the page's top left corner: ``[name]`` or ``[name, x, y, width, height]``. None where the page
            did not keep still while the picture was taken.
        retry_after: the header of that name, "" without one.
        title: its title.
        text: the beginning of its visible text.
    """

    url: str
    status: int
    dom: bytes
    picture: bytes
    width: int
    height: int
    elements: list[list[str | float]] | None
    retry_after: str = ""
    title: str = ""
    text: str = ""


class PageError(Exception):
    """A page did not come as it must; whoever asked for it makes the source's error of it.

    Attributes:
        problem: what was looked for and what was found.
        shot: the page of the moment, where there was one.
        lasting: whether another try would bring the same.
        lost: whether nothing is left of the page.
    """

    def __init__(self, problem: str, shot: Shot | None = None, *, lasting: bool = False, lost: bool = False) -> None:
        """Keep the parts."""
        self.problem = problem
        self.shot = shot
        self.lasting = lasting
        self.lost = lost
        super().__init__(problem)

    @property
    def kind(self) -> type[SourceError]:
        """What it is to the source: worth another try, or not."""
        return SourceError if self.lasting else FetchError


def response_of(shot: Shot, resource: str, url: str, at: datetime, served_from: str | None) -> Response:
    """Return a shot as a response: the DOM, and beside it picture and layout as its evidence.

    Args:
        shot: the page.
        resource: name of the DOM, with extension; ``pricing.html`` has ``pricing.png`` and ``pricing.layout.json``.
        url: the public URL that was asked.
        at: when, UTC.
        served_from: the mirror that answered, None for the origin itself.
    """

    def made(name: str, media_type: str, body: Content, evidence: tuple[Response, ...] = ()) -> Response:
        return Response(
            resource=name,
            url=url,
            answered_url=shot.url,
            retrieved_at=at,
            status=shot.status,
            media_type=media_type,
            body=body,
            served_from=served_from,
            evidence=evidence,
        )

    stem = resource.rpartition(".")[0] or resource
    dom = Content.of(shot.dom)
    evidence = [made(f"{stem}.png", PICTURE_TYPE, Content.of(shot.picture))]
    if shot.elements is not None:
        layout = Content.of(_layout_bytes(shot, dom, evidence[0].body))
        evidence.append(made(f"{stem}.layout.json", LAYOUT_TYPE, layout))
    return made(resource, "text/html;rendered", dom, tuple(evidence))


def _layout_bytes(shot: Shot, dom: Content, picture: Content) -> bytes:
    """Return the layout as JSON; it names the very DOM and picture that it belongs to."""
    content = {
        "format": LAYOUT_FORMAT,
        "dom_sha256": dom.sha256,
        "picture_sha256": picture.sha256,
        "width": shot.width,
        "height": shot.height,
        "elements": shot.elements,
    }
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode("utf-8", errors="replace")
