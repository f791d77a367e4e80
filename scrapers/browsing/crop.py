"""A piece of a page's screenshot in which the place of a figure is outlined."""

from __future__ import annotations

import io
import math
import warnings
from dataclasses import dataclass

from PIL import Image, ImageDraw

from scrapers.browsing.layout import Box, PageLayout
from scrapers.errors import ParseError
from scrapers.records import Document

_OUTLINE = (214, 0, 112)
"""A pink that hardly any page has, dark enough to be told from white without seeing its hue."""
_HALO = (255, 255, 255)
"""Around the outline, so that it is seen on a dark page too."""
_GAP = 4
"""Pixels between the figure and the outline."""
_MARGIN = 48
"""Fewest pixels that are shown on every side of a figure, as far as the picture goes."""
_LEAST = (1280, 320)
"""In pixels, as far as the picture goes: the name of what has the price stands at the other end of its row."""
_MOST = (1280, 720)
_COLOURS = (62, 30, 14, 6)
"""Numbers of colours that are tried until a picture is small enough; the two of the outline come on top."""


@dataclass(frozen=True, slots=True)
class Crop:
    """A piece of a picture, cut out but not yet drawn on.

    Attributes:
        image: the piece, as the page looked.
        outline: left, top, right and bottom of the figure in it, in pixels.
    """

    image: Image.Image
    outline: tuple[int, int, int, int]

    def png(self) -> bytes:
        """Return it as PNG in the page's own colours, the figure outlined."""
        drawn = self.image.copy()
        self._draw(drawn, _OUTLINE, _HALO)
        return _png(drawn)

    def small_png(self, most_bytes: int) -> bytes | None:
        """Return it as a PNG with few colours, the figure outlined; None where none is small enough.

        Args:
            most_bytes: how large it may be.
        """
        for colours in _COLOURS:
            drawn = self.image.quantize(colours, dither=Image.Dither.NONE)
            palette = (drawn.getpalette() or [])[: 3 * colours]
            palette += [0] * (3 * colours - len(palette))
            drawn.putpalette([*palette, *_OUTLINE, *_HALO])
            self._draw(drawn, colours, colours + 1)
            body = _png(drawn)
            if len(body) <= most_bytes:
                return body
        return None

    def _draw(self, image: Image.Image, outline: object, halo: object) -> None:
        left, top, right, bottom = self.outline
        pen = ImageDraw.Draw(image)
        for out, colour in ((4, halo), (3, outline), (2, outline), (1, outline), (0, halo)):
            far = _GAP + out
            pen.rectangle((left - far, top - far, right + far, bottom + far), outline=colour)  # type: ignore[arg-type]  # an index of the palette, or a colour


class Screenshot:
    """The picture of one page, opened once for many figures."""

    def __init__(self, dom: Document, layout: Document, picture: Document) -> None:
        """Open the picture.

        Args:
            dom: the page, to which the locators belong.
            layout: where in the picture its elements stand.
            picture: PNG.

        Raises:
            ParseError: one of them is not what it must be, or they do not belong together.
            CorruptError: the store no longer holds the bytes that were put there.
        """
        self._layout = PageLayout(layout, dom)
        if self._layout.picture_sha256 != picture.capture.sha256:
            raise _broken(picture, f"its layout is of the picture {self._layout.picture_sha256[:12]}")
        self._image = _open(picture)

    def crop(self, locator: str) -> Crop | None:
        """Return the piece around a locator's element; None where the element is not to be seen in the picture.

        Args:
            locator: into the page, see `scrapers.places.locate`.

        Raises:
            ParseError: nothing stands there.
        """
        box = self._layout.box(locator)
        if box is None:
            return None
        spans = [_span(a, b, size, least, most) for a, b, size, least, most in self._sides(box)]
        (left, right), (top, bottom) = spans
        outline = (
            math.floor(box.x) - left,
            math.floor(box.y) - top,
            math.ceil(box.x + box.width) - 1 - left,
            math.ceil(box.y + box.height) - 1 - top,
        )
        return Crop(self._image.crop((left, top, right, bottom)), outline)

    def _sides(self, box: Box) -> list[tuple[float, float, int, int, int]]:
        width, height = self._image.size
        across = (box.x, box.x + box.width, width, _LEAST[0], _MOST[0])
        return [across, (box.y, box.y + box.height, height, _LEAST[1], _MOST[1])]


def _span(start: float, end: float, size: int, least: int, most: int) -> tuple[int, int]:
    """Return where a crop begins and ends in one direction: the figure in its middle, or the start of one too long."""
    length = round(min(max(end - start + 2 * _MARGIN, least), most, size))
    first = (start + end - length) / 2 if end - start + 2 * _MARGIN <= length else start - _MARGIN
    at = round(min(max(first, 0), size - length))
    return at, at + length


def _open(picture: Document) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return Image.open(io.BytesIO(picture.read()), formats=["PNG"]).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as exc:
        raise _broken(picture, f"looked for a PNG of a page, found none that can be read: {exc}") from exc


def _broken(picture: Document, problem: str) -> ParseError:
    return ParseError(picture.capture.source, problem, where=picture.capture.body or picture.capture.resource)


def _png(image: Image.Image) -> bytes:
    body = io.BytesIO()
    image.save(body, "PNG", optimize=True)
    return body.getvalue()
