"""What a report has to show of its receipts: read from the store, bounded in size, each picture once."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from bs4 import BeautifulSoup
from drawn_page import HIDDEN_AT, LINKED_AT, LONG_AT, PRICE_AT, drawn_page
from PIL import Image

from flows import exhibits
from flows.exhibits import with_exhibits
from reports.as_html import render_html
from reports.records import Receipt, Report
from scrapers.archive.store import Store
from scrapers.errors import ParseError, SnapshotMissingError
from scrapers.records import Capture, Content, Document

SAMPLE = Path(__file__).parents[1] / "reports/sample.py"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Return a store that holds the drawn page with its screenshot."""
    opened, page = Store(tmp_path / "store"), drawn_page()
    writer = opened.writer(page.retrieved_at, written_by="test")
    for part in page.with_evidence():
        writer.add("runpod-pricing", part)
    writer.commit()
    return opened


@pytest.fixture
def cite(load_module: Callable[[Path], ModuleType]) -> Callable[..., Report]:
    """Make a report whose receipts are places of the drawn page."""
    sample = load_module(SAMPLE)

    def make(*locators: str) -> Report:
        sha256 = drawn_page().body.sha256
        small: Report = sample.small()
        receipts: list[Receipt] = [sample.receipt(number) for number in range(1, len(locators) + 1)]
        at = zip(receipts, locators, strict=True)
        return replace(small, receipts=tuple(replace(r, sha256=sha256, locator=place) for r, place in at))

    return make


def test_every_receipt_has_what_stands_around_it(store: Store, cite: Callable[..., Report]) -> None:
    """Text for each; a picture for those that the page shows."""
    shown = with_exhibits(cite(PRICE_AT, LINKED_AT, HIDDEN_AT), store).exhibits
    assert [(number, exhibit.value) for number, exhibit in shown.items()] == [
        (1, "$1001.10/hr"),
        (2, '"1006.60"'),
        (3, "1003.30"),
    ]
    assert (shown[1].before, shown[1].after) == ("EXAMPLE CARD 1 ", " 1003.30 1004.40 1005.50")
    assert [exhibit.picture is not None for exhibit in shown.values()] == [True, False, False]
    picture = shown[1].picture
    assert picture is not None
    assert Image.open(io.BytesIO(picture.png)).size == (picture.width, picture.height) == (1280, 320)


def test_same_picture_is_in_the_html_once(store: Store, cite: Callable[..., Report]) -> None:
    """Two figures of one element share their picture; the HTML holds it once and both receipts show it."""
    report = with_exhibits(cite(PRICE_AT, f"{PRICE_AT}@data-secure", LONG_AT), store)
    html = render_html(report)
    assert html.count("data:image/png;base64,") == 2
    page = BeautifulSoup(html, "html.parser")
    classes = [" ".join(picture["class"]) for picture in page.select(".picture")]
    assert classes == ["picture picture-1", "picture picture-1", "picture picture-2"]


def test_pictures_stay_below_their_limits(
    store: Store, cite: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the limit of one picture, or of all of them, the text stands alone; the same one is not counted twice."""
    report = cite(PRICE_AT, LONG_AT, f"{PRICE_AT}@data-secure")

    def shown() -> list[bool]:
        return [e.picture is not None for e in with_exhibits(report, store).exhibits.values()]

    first = with_exhibits(report, store).exhibits[1].picture
    assert first is not None
    assert len(first.png) < 3000
    monkeypatch.setattr(exhibits, "_ALL_PICTURES_BYTES", len(first.png))
    assert shown() == [True, False, True]
    monkeypatch.setattr(exhibits, "_PICTURE_BYTES", 100)
    assert shown() == [False, False, False]


def test_text_of_any_length_is_bounded(tmp_path: Path, cite: Callable[..., Report]) -> None:
    """Around a figure at most a thousand characters on each side go into a report."""
    opened = Store(tmp_path / "long")
    page = drawn_page(b"<body><p>" + b"words " * 300 + b"</p><b>$1001.10</b></body>", still=False)
    writer = opened.writer(page.retrieved_at, written_by="test")
    writer.add("runpod-pricing", page)
    writer.commit()
    report = cite("css:b")
    receipt = replace(report.receipts[0], sha256=page.body.sha256)
    shown = with_exhibits(replace(report, receipts=(receipt,)), opened).exhibits[1]
    assert shown.value == "$1001.10"
    assert len(shown.before) == 1000 + len(" … ")


def test_price_list_is_read_once_for_all_its_figures(
    tmp_path: Path, cite: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many rows of a price list are cited, the list is gone through once for their records."""
    page, opened = drawn_page(), Store(tmp_path / "list")
    rows = "".join(f'"EXAMPLE{n}","g99.{n}xlarge","{1000 + n}.50"\n' for n in range(50))
    body = Content.of(f'"SKU","Instance Type","PricePerUnit"\n{rows}'.encode())
    writer = opened.writer(page.retrieved_at, written_by="test")
    writer.add("aws-ec2", replace(page, resource="us-east-1.csv", media_type="text/csv", body=body, evidence=()))
    writer.commit()
    read: list[str] = []
    document = Store.document

    def counting(self: Store, capture: Capture) -> Document:
        found = document(self, capture)
        return replace(found, opener=lambda: [read.append(capture.resource), found.opener()][1])

    monkeypatch.setattr(Store, "document", counting)
    report = cite(*(f"row:SKU=EXAMPLE{n};PricePerUnit" for n in range(10, 20)))
    report = replace(report, receipts=tuple(replace(r, sha256=body.sha256) for r in report.receipts))
    shown = with_exhibits(report, opened).exhibits
    assert [exhibit.value for exhibit in shown.values()] == [f"{n}.50" for n in range(1010, 1020)]
    assert "Instance Type: g99.15xlarge" in shown[6].before
    assert read == ["us-east-1.csv"]


def test_receipt_that_leads_nowhere_is_an_error(store: Store, cite: Callable[..., Report]) -> None:
    """A report whose evidence is gone is not written as if it were there."""
    with pytest.raises(ParseError, match="nothing to read at"):
        with_exhibits(cite("css:table"), store)
    report = cite(PRICE_AT)
    with pytest.raises(SnapshotMissingError, match="0 bodies"):
        with_exhibits(replace(report, receipts=(replace(report.receipts[0], sha256="0" * 64),)), store)


def test_bundled_report_grows_little(ratecard: Callable[..., Any], examples: str, tmp_path: Path) -> None:
    """Every receipt of the bundled report opens with its record, for a kilobyte and a half each at the most."""
    ratecard("report", "--as-of", "2025-12-01", "--store", examples, "--out", tmp_path)
    (file,) = tmp_path.glob("*.html")
    page = BeautifulSoup(file.read_bytes(), "html.parser")
    opened = page.select(".receipts li[popover]")
    assert len(opened) > 20
    assert all(item.select(".exhibit pre mark") for item in opened)
    assert sum(len(str(e)) for e in page.select(".exhibit, .close")) < 1500 * len(opened)
