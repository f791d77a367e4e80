"""Layouts: from a locator in the stored DOM to a rectangle of the screenshot, on real pages in a real browser."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from local_origin import Origin
from PIL import Image

from scrapers.browsing import page_shots
from scrapers.browsing.browser import Browser
from scrapers.browsing.layout import Box, PageLayout, box_of
from scrapers.browsing.visits import Limits
from scrapers.errors import ParseError
from scrapers.places.locate import css_path, parse_html
from scrapers.records import Content, Document, Lineage, Response, Source
from scrapers.wire.web import Web

PUBLIC = "https://www.example.org"
SOURCE = Source(
    id="test-source",
    title="Test",
    publisher="Nobody",
    url=f"{PUBLIC}/pricing",
    lineage=Lineage.FIRST_PARTY,
    method="browser",
    expected_listings=(1, 2),
    max_age_days=1,
    allowed_hosts=("www.example.org",),
)
NASTY = """<!DOCTYPE html><!-- <p class="price">1000</p> --><title>Prices &amp; <b>more</title>
<style>.price { background: #f00; width: 60px; height: 24px; display: inline-block; overflow: hidden }</style>
<noscript><p class="price">from 1001</p><img src="x"></noscript>
<p>not closed<div>in its place</div></p>
<template><p class="price">1002</p><template><b>deeper</b></template></template>
<svg width="20" height="20"><defs><linearGradient id="g"><stop/></linearGradient></defs>
 <foreignObject width="9" height="9"><p>in svg</p></foreignObject><title>t</title><path d="M0 0"/></svg>
<math><mi>x</mi><annotation-xml encoding="text/html"><p>y</p></annotation-xml></math>
<table><tr><td>H100<td><span class="price" id="first">1003.03</span><tr><td>stray</table>
<table><p>fostered</p><tr><td><select><option>1<option>2</select><textarea><p>text</p></textarea></table>
<iframe srcdoc="<p class='price'>1004</p>"><p class="price">1005</p></iframe>
<script>const text = "<p class='price'>1006</p>"; document.currentScript.after(document.createComment("<i>"))</script>
<xmp><p class="price">1007</p></xmp><noembed><p>no</p></noembed><br/><my-element><wbr></my-element>
<a>one<a>two<b>three</a>four</b><form><form><input></form><ul><li>1<li>2</ul><dl><dt>a<dd>b</dl><ruby>a<rt>b</ruby>
<p style="display:none"><span class="price" id="hidden">1008</span></p>
<div style="height:1200px"></div><span class="price" id="last">1009.09</span>
<span class="price" id="beside" style="position:absolute;left:5000px">1010</span>"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start the browser once."""
    with Browser(Limits(value_seconds=10, quiet_seconds=0.1, restless_seconds=0.4)) as browser:
        yield browser


def render(chromium: Browser, origin: Origin, body: str) -> tuple[Document, Document, Image.Image]:
    """Return the DOM and the layout of a page as documents, and its picture."""
    origin.serve("/pricing", body.encode(), headers={"content-type": "text/html; charset=utf-8"})
    with Web(browser=chromium, origins={PUBLIC: origin.url}) as web:
        response = web.render(SOURCE, f"{PUBLIC}/pricing", "pricing.html", wait_for=".price")
    picture, layout = response.evidence
    return document(response), document(layout), Image.open(io.BytesIO(picture.body.read())).convert("RGB")


def document(response: Response) -> Document:
    """Return a response as a document."""
    return Document.of(response, source=SOURCE.id)


def locator_of(dom: Document, selector: str) -> str:
    """Return the locator of an element as a parser writes it."""
    (tag,) = parse_html(dom.read()).select(selector)
    return f"css:{css_path(tag)}"


def test_nasty_markup_has_the_same_elements_in_both_trees(chromium: Browser, origin: Origin) -> None:
    """However wild the markup, element by element the browser's layout and the stored DOM agree."""
    dom, layout, picture = render(chromium, origin, NASTY)
    page = PageLayout(layout, dom)

    assert page.agrees
    for name in ("first", "last"):
        box = page.box(locator_of(dom, f"#{name}"))
        assert box is not None
        assert (round(box.width), round(box.height)) == (60, 24)
        left, top = round(box.x), round(box.y)
        assert {picture.getpixel(at) for at in ((left + 57, top + 21), (left + 57, top + 2))} == {(255, 0, 0)}
        assert picture.getpixel((left + 63, top + 12)) == (255, 255, 255)
    assert page.box(locator_of(dom, "#last")).y > 1200  # type: ignore[union-attr]


def test_what_is_not_to_be_seen_has_no_box(chromium: Browser, origin: Origin) -> None:
    """What is hidden, lies beside the picture, or is only text to the browser, has no place in the picture."""
    dom, layout, _ = render(chromium, origin, NASTY)
    page = PageLayout(layout, dom)
    for selector in (
        "#hidden",
        "#beside",
        "noscript .price",
        "xmp .price",
        "iframe .price",
        "template > .price",
        "head",
    ):
        assert page.box(locator_of(dom, selector)) is None
    assert page.box("jsonld:0/@graph/3") is None
    assert box_of(layout, dom, locator_of(dom, "#first") + "@id") == page.box(locator_of(dom, "#first"))


def test_trees_that_disagree_have_no_boxes(chromium: Browser, origin: Origin) -> None:
    """Where the parser of the stored DOM sees other elements than the browser did, no box is given at all."""
    body = '<p class="price">1001</p><script><!-- <script> </script> <b></b> --></script>'
    dom, layout, _ = render(chromium, origin, body)
    page = PageLayout(layout, dom)
    assert not page.agrees
    assert page.box(locator_of(dom, ".price")) is None


def test_layout_belongs_to_one_dom_and_one_picture(chromium: Browser, origin: Origin) -> None:
    """A layout of another page is refused, as is what is no layout; a locator that leads nowhere is an error."""
    dom, layout, _ = render(chromium, origin, NASTY)
    other = replace(dom, capture=replace(dom.capture, sha256="0" * 64))
    with pytest.raises(ParseError, match="no layout of its page: it has format 1 and belongs to"):
        PageLayout(layout, other)
    with pytest.raises(ParseError, match="no layout of its page"):
        PageLayout(dom, dom)
    with pytest.raises(ParseError, match="0 elements instead of one"):
        box_of(layout, dom, "css:#nowhere")


def test_page_that_does_not_keep_still_has_no_layout(
    chromium: Browser, origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the layout is another one after the picture was taken, the picture is kept and the layout is not."""
    moving = page_shots._LOOK.replace("box.x + scrollX", "box.x + Math.random()")
    monkeypatch.setattr(page_shots, "_LOOK", moving)
    origin.serve("/pricing", b'<p class="price">1001</p>', headers={"content-type": "text/html"})
    with Web(browser=chromium, origins={PUBLIC: origin.url}) as web:
        response = web.render(SOURCE, f"{PUBLIC}/pricing", "pricing.html", wait_for=".price")
    assert [evidence.resource for evidence in response.evidence] == ["pricing.png"]


def test_box_is_where_the_layout_says() -> None:
    """Places come from the layout as they stand there, cut by the picture's edges."""
    body = b"<p>1</p><p>2</p><p>3</p>"
    places = [["p", 8, 8, 90, 20.5], ["p", 8, 880, 90, 21], ["p", 8, 8, 0, 20]]
    dom = made(body, "page.html")
    layout = {"format": 1, "dom_sha256": dom.capture.sha256, "picture_sha256": "", "width": 1280, "height": 900}
    page = PageLayout(made(json.dumps(layout | {"elements": places}).encode(), "page.layout.json"), dom)
    assert [page.box(f"css:p:nth-of-type({n})") for n in (1, 2, 3)] == [Box(8, 8, 90, 20.5), None, None]


def made(body: bytes, resource: str) -> Document:
    """Return a document of bytes."""
    at = datetime(2026, 11, 22, tzinfo=UTC)
    return document(Response(resource, PUBLIC, PUBLIC, at, 200, "text/html", Content.of(body)))
