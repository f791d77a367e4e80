"""Crops: the figure in the middle of its surroundings, outlined where it stands, and small enough to be sent."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from drawn_page import CORNER_AT, HIDDEN_AT, INK, LINKED_AT, LONG_AT, PAPER, PRICE_AT, drawn_page
from local_origin import Origin
from PIL import Image

from scrapers.browsing.browser import Browser
from scrapers.browsing.crop import Crop, Screenshot
from scrapers.browsing.visits import Limits
from scrapers.errors import ParseError
from scrapers.places.locate import css_path, parse_html
from scrapers.records import Content, Document, Lineage, Response, Source
from scrapers.wire.web import Web

PINK = (214, 0, 112)
HALO = (255, 255, 255)
PUBLIC = "https://www.example.org"


def documents(page: Response) -> tuple[Document, Document, Document]:
    """Return a page's DOM, layout and picture."""
    picture, layout = page.evidence
    dom, laid, shown = (Document.of(response, source="test-source") for response in (page, layout, picture))
    return dom, laid, shown


def opened(body: bytes) -> Image.Image:
    """Return a PNG's pixels."""
    return Image.open(io.BytesIO(body)).convert("RGB")


@pytest.fixture(scope="module")
def screenshot() -> Screenshot:
    """Open the drawn page's screenshot."""
    return Screenshot(*documents(drawn_page()))


def cut(screenshot: Screenshot, locator: str) -> Crop:
    """Return a crop that must be there."""
    crop = screenshot.crop(locator)
    assert crop is not None
    return crop


def test_figure_is_outlined_in_its_row(screenshot: Screenshot) -> None:
    """The price's own pixels are untouched; around them lies paper, then a halo, then three pixels of pink."""
    crop = cut(screenshot, PRICE_AT)
    assert crop.image.size == (1280, 320)
    image = opened(crop.png())
    left, top, right, bottom = crop.outline
    assert (right - left + 1, bottom - top + 1) == (120, 24)
    assert [image.getpixel((left - out, top)) for out in range(9)] == [INK, *[PAPER] * 3, HALO, *[PINK] * 3, HALO]
    assert image.getpixel((right, bottom)) == INK
    assert image.getpixel((right + 6, bottom + 6)) == PINK
    assert image.getpixel((right + 9, bottom + 9)) == PAPER
    assert abs(top - (319 - bottom)) <= 1


def test_attribute_is_shown_where_its_element_is(screenshot: Screenshot) -> None:
    """A price that stands in an attribute is outlined where the page shows the element."""
    assert cut(screenshot, f"{PRICE_AT}@data-secure").outline == cut(screenshot, PRICE_AT).outline


@pytest.mark.parametrize("locator", [HIDDEN_AT, LINKED_AT])
def test_what_is_not_to_be_seen_has_no_crop(screenshot: Screenshot, locator: str) -> None:
    """An element that is not shown, and a price in a script, have no place in the picture."""
    assert screenshot.crop(locator) is None


def test_crop_ends_where_the_picture_ends(screenshot: Screenshot) -> None:
    """In a corner the outline is cut, and the crop is as large as elsewhere."""
    crop = cut(screenshot, CORNER_AT)
    assert (crop.image.size, crop.outline) == ((1280, 320), (0, 0, 59, 19))
    assert opened(crop.png()).getpixel((66, 5)) == PINK


def test_long_element_is_shown_from_its_beginning(screenshot: Screenshot) -> None:
    """What is larger than a crop may be is cut at its end; the crop stays within its bounds."""
    crop = cut(screenshot, LONG_AT)
    assert crop.image.size == (1280, 720)
    assert crop.outline == (100, 48, 1199, 947)
    assert opened(crop.png()).getpixel((92 + 3, 400)) == PINK


def test_small_png_has_few_colours_and_the_same_outline(screenshot: Screenshot) -> None:
    """With few colours the file is small, and the outline's own colour is one of them."""
    crop = cut(screenshot, PRICE_AT)
    body = crop.small_png(20_000)
    assert body is not None
    assert len(body) <= 20_000
    left, top, *_ = crop.outline
    assert opened(body).getpixel((left - 6, top)) == PINK
    assert opened(body).getpixel((left - 4, top)) == HALO
    assert opened(body).getpixel((left, top)) == INK
    assert crop.small_png(20_000) == body


def test_colours_are_given_up_before_the_picture() -> None:
    """A colourful picture loses colours until it is small enough; where that does not help there is none."""
    noise = Image.effect_noise((960, 320), 90).convert("RGB")
    crop = Crop(noise, (400, 100, 500, 124))
    sizes = [len(crop.small_png(10**6) or b""), len(crop.small_png(200_000) or b"")]
    assert sizes[0] > 200_000 >= sizes[1] > 0
    assert crop.small_png(1000) is None


def test_screenshot_must_be_the_layouts_own() -> None:
    """A picture that is none, or another one than the layout was taken with, is refused by name."""
    dom, layout, picture = documents(drawn_page())
    other = Document.of(
        replace(drawn_page().evidence[0], body=Content.of(b"\x89PNG other")),
        source="test-source",
    )
    with pytest.raises(ParseError, match=r"pricing.png: its layout is of the picture [0-9a-f]{12}"):
        Screenshot(dom, layout, other)
    with pytest.raises(ParseError, match="looked for a PNG of a page, found none that can be read"):
        Screenshot(*documents(drawn_page(picture=b"\x89PNG artificial")))
    assert json.loads(layout.read())["picture_sha256"] == picture.capture.sha256


def test_picture_of_a_billion_pixels_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file that would unpack to more than any page's picture is not unpacked."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with pytest.raises(ParseError, match="found none that can be read: Image size"):
        Screenshot(*documents(drawn_page()))


@pytest.fixture
def chromium() -> Iterator[Browser]:
    """Start a browser."""
    with Browser(Limits(value_seconds=10, quiet_seconds=0.1, restless_seconds=0.4)) as browser:
        yield browser


@pytest.mark.browser
def test_price_of_a_real_page_is_what_is_outlined(chromium: Browser, origin: Origin) -> None:
    """On a page that Chromium painted, the outline lies around the price that the locator names and no other."""
    rows = "".join(
        f'<tr><td>EXAMPLE {n}<td><b class="price" style="display:inline-block;background:rgb(0,{n},99)">100{n}.50</b>'
        for n in range(60)
    )
    body = f"<!doctype html><title>Example</title><table style='line-height:3;width:100%'>{rows}</table>"
    origin.serve("/pricing", body.encode(), headers={"content-type": "text/html; charset=utf-8"})
    source = Source(
        "test-source",
        "T",
        "N",
        f"{PUBLIC}/pricing",
        Lineage.FIRST_PARTY,
        "browser",
        (1, 99),
        1,
        0,
        ("www.example.org",),
    )
    with Web(browser=chromium, origins={PUBLIC: origin.url}) as web:
        page = web.render(source, f"{PUBLIC}/pricing", "pricing.html", wait_for=".price")
    screenshot = Screenshot(*documents(page))
    for number, tag in enumerate(parse_html(page.body.read()).select(".price")):
        crop = cut(screenshot, f"css:{css_path(tag)}")
        left, top, right, bottom = crop.outline
        image = opened(crop.png())
        assert {image.getpixel((left + 1, top + 1)), image.getpixel((right - 1, bottom - 1))} == {(0, number, 99)}
        assert image.getpixel((left - 6, top)) == PINK
