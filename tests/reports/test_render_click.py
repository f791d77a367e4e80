"""A click on a figure opens its receipt: in a real Chromium, without a script, with mouse and keyboard."""

import io
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from pypdf import PdfReader

from reports.as_html import render_html
from reports.as_pdf import render_pdf
from reports.records import Exhibit, Picture, Report
from scrapers.browsing.chromium import find_chromium

pytestmark = pytest.mark.browser
VIEW = {"width": 1100, "height": 700}
AROUND = ('{\n "name": "GPU-1 <b>Ada</b>",\n "price": ', '"$0.0001"', ',\n "hidden": "\x1b\u202e"\n}')


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start the browser once, as the scrapers find it."""
    found = find_chromium()
    assert found is not None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found.executable, args=["--no-sandbox"])
        yield browser
        browser.close()


def painted() -> Picture:
    """Return a picture that is all of one colour."""
    body = io.BytesIO()
    Image.new("RGB", (960, 320), (0, 60, 200)).save(body, "PNG")
    return Picture(body.getvalue(), 960, 320)


@pytest.fixture(scope="module")
def shown(large: Report) -> Report:
    """The large report with something to show of its first receipts."""
    return replace(large, exhibits={1: Exhibit(*AROUND), 2: Exhibit("a ", "b", " c", painted())})


@pytest.fixture
def page(chromium: Browser, shown: Report, tmp_path: Path) -> Iterator[Page]:
    """Open the report from a file, without scripts and without a network; the console stays empty."""
    file = tmp_path / "report.html"
    file.write_text(render_html(shown), encoding="utf-8")
    context = chromium.new_context(java_script_enabled=False, offline=True, viewport=VIEW)  # type: ignore[arg-type]
    opened = context.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda request: said.append(request.url))
    opened.goto(file.as_uri())
    yield opened
    context.close()
    assert [line for line in said if line != file.as_uri() and not line.startswith("data:")] == []


def test_click_on_a_figure_opens_its_receipt(page: Page) -> None:
    """The figure itself can be clicked, not only its number; what is shown is quote, record, source, date and hash."""
    receipt = page.locator("#receipt-1")
    figure = page.locator(".whole", has_text="$1.11/hr").first
    assert receipt.evaluate("e => e.matches(':popover-open')") is False
    figure.click(position={"x": 5, "y": 8})

    assert receipt.evaluate("e => e.matches(':popover-open')")
    text = " ".join(receipt.inner_text().split())
    for part in ("[1] Examplecloud Serverless flex, GPU-1", "Examplecloud pricing", "2031-02-03", "reconstructed"):
        assert part in text
    assert '{ "name": "GPU-1 <b>Ada</b>", "price": "$0.0001", "hidden": "‹U+001B›‹U+202E›" }' in text
    assert page.locator("#receipt-1 mark").inner_text() == '"$0.0001"'
    sha256 = "0001" + ("0123456789abcdef" * 4)[4:]
    assert f"ratecard show '{sha256}#/gpus/1/price'" in text or f"ratecard show {sha256}#/gpus/1/price" in text
    inside = receipt.bounding_box()
    assert inside is not None
    assert inside["x"] >= 0
    assert inside["y"] >= 0
    assert inside["x"] + inside["width"] <= VIEW["width"]
    assert inside["y"] + inside["height"] <= VIEW["height"]


def test_keyboard_opens_and_escape_gives_the_focus_back(page: Page) -> None:
    """Enter on the number opens, Tab goes into the receipt, Escape closes it and the number has the focus again."""
    button = page.locator("#cite-2-1")
    receipt = page.locator("#receipt-2")
    button.focus()
    page.keyboard.press("Enter")
    assert receipt.evaluate("e => e.matches(':popover-open')")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('li').id") == "receipt-2"
    page.keyboard.press("Escape")
    assert receipt.evaluate("e => e.matches(':popover-open')") is False
    assert page.evaluate("document.activeElement.id") == "cite-2-1"


def test_click_beside_and_the_cross_close(page: Page) -> None:
    """One receipt is open at a time; a click beside it, or on the cross, closes it."""
    receipt = page.locator("#receipt-1")
    page.locator("#cite-1-1").click()
    page.mouse.click(3, 3)
    assert receipt.evaluate("e => e.matches(':popover-open')") is False
    page.locator("#cite-1-1").click()
    receipt.get_by_role("button", name="Close receipt 1").click()
    assert receipt.evaluate("e => e.matches(':popover-open')") is False


def test_second_receipt_of_a_figure_opens_by_its_number(page: Page, shown: Report) -> None:
    """A figure that rests on two receipts opens the first; the other one's number opens the other."""
    two = page.locator(".opens:has(.cite + .cite)").first
    first, second = two.locator("button").all()
    second.click()
    target = second.get_attribute("popovertarget")
    assert page.locator(f"#{target}").evaluate("e => e.matches(':popover-open')")
    page.keyboard.press("Escape")
    assert first.get_attribute("popovertarget") != target
    assert len(shown.receipts) == 60


def test_picture_is_painted(page: Page) -> None:
    """The screenshot's piece is there, in its own proportions, and says in words what it shows."""
    page.locator("#cite-2-1").click()
    picture = page.locator("#receipt-2 .picture")
    box = picture.bounding_box()
    assert box is not None
    assert box["width"] > 700
    assert abs(box["width"] / box["height"] - 3) < 0.02
    assert picture.get_attribute("role") == "img"
    assert "outlined" in (picture.get_attribute("aria-label") or "")
    pixels = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    assert pixels.getpixel((round(box["x"] + box["width"] / 2), round(box["y"] + 20))) == (0, 60, 200)


def test_closed_receipts_stand_in_the_list(page: Page) -> None:
    """In the list at the end every receipt is to be read, without what is shown only once it is open."""
    for number in (1, 60):
        item = page.locator(f"#receipt-{number}")
        assert item.is_visible()
        assert item.evaluate("e => getComputedStyle(e).position") == "static"
        assert not item.locator(".exhibit").is_visible()
        assert not item.locator(".close").is_visible()
    first, second = (page.locator(f"#receipt-{n}").bounding_box() for n in (1, 2))
    assert first is not None
    assert second is not None
    assert second["y"] == pytest.approx(first["y"] + first["height"], abs=1)


def test_narrow_and_dark_screens_have_it_too(chromium: Browser, shown: Report, tmp_path: Path) -> None:
    """On a telephone the receipt fits the screen; in the dark it has dark paper."""
    file = tmp_path / "report.html"
    file.write_text(render_html(shown), encoding="utf-8")
    with chromium.new_context(viewport={"width": 360, "height": 640}, color_scheme="dark") as context:
        opened = context.new_page()
        opened.goto(file.as_uri())
        opened.locator("#cite-2-1").click()
        box = opened.locator("#receipt-2").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        assert box["height"] <= 640
        colour = opened.locator("#receipt-2").evaluate("e => getComputedStyle(e).backgroundColor")
        assert colour == "rgb(18, 24, 30)"


def test_print_has_the_list_and_nothing_else(page: Page, shown: Report) -> None:
    """Printed from the browser the report has each receipt once, in the list; no record, no button's cross."""
    pages = PdfReader(io.BytesIO(page.pdf())).pages
    text = " ".join(unicodedata.normalize("NFKC", "".join(p.extract_text() for p in pages)).split())
    assert text.count("Examplecloud Serverless flex, GPU-1 Ada PRO") == 1
    assert "0.0001 USD per second" in text
    assert "hidden" not in text
    assert "ratecard show" not in text
    assert "×" not in text.replace(" × ", "")
    assert all(f"[{receipt.number}]" in text for receipt in shown.receipts)


def test_pdf_is_the_same_with_and_without(small: Report) -> None:
    """The PDF keeps its numbered receipts and links; what is only shown on a click is not in it."""
    exhibits = {1: Exhibit(*AROUND), 2: Exhibit("a ", "b", " c", painted())}
    assert render_pdf(replace(small, exhibits=exhibits)) == render_pdf(small)
