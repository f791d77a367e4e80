"""A page with its screenshot and layout as the browser brings them, drawn without one; nobody's prices."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from PIL import Image, ImageDraw

from scrapers.browsing.visits import Shot, response_of
from scrapers.records import Response

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://www.example.org/pricing"
PAPER, INK = (250, 250, 250), (0, 60, 200)
WIDTH, HEIGHT = 1280, 3000
PRICE = (700, 1500, 120, 24)
"""Left, top, width and height of the price, in pixels."""
CORNER = (0, 0, 60, 20)
LONG = (100, 2000, 1100, 900)
DOM = (
    b"<html><head></head><body><p>EXAMPLE CARD 1</p>"
    b'<p data-secure="1001.10" data-community="1002.20">$1001.10/hr</p><p>1003.30</p><p>1004.40</p><p>1005.50</p>'
    b'<script type="application/ld+json">{"offers": {"price": "1006.60"}}</script></body></html>'
)
PRICE_AT, HIDDEN_AT, CORNER_AT, LONG_AT = (f"css:html > body > p:nth-of-type({n})" for n in (2, 3, 4, 5))
LINKED_AT = "jsonld:0/offers/price"


def drawn_picture() -> bytes:
    """Return the screenshot: paper, and ink where the price stands."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    left, top, width, height = PRICE
    ImageDraw.Draw(image).rectangle((left, top, left + width - 1, top + height - 1), fill=INK)
    body = io.BytesIO()
    image.save(body, "PNG")
    return body.getvalue()


def drawn_page(dom: bytes = DOM, *, picture: bytes | None = None, still: bool = True, at: datetime = AT) -> Response:
    """Return a page with its evidence.

    Args:
        dom: what is stored of it.
        picture: its screenshot, the drawn one without.
        still: whether it kept still, so that it has a layout.
        at: when it was read.
    """
    whole = (0, 0, WIDTH, HEIGHT)
    places = [
        ["html", *whole],
        ["head"],
        ["body", *whole],
        ["p", 100, 1500, 200, 24],
        ["p", *PRICE],
        ["p"],
        ["p", *CORNER],
        ["p", *LONG],
        ["script"],
    ]
    shot = Shot(URL, 200, dom, picture or drawn_picture(), WIDTH, HEIGHT, places if still else None)
    return response_of(shot, "pricing.html", URL, at, None)
