"""What a store has to show of a figure, and why there may be no picture."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from drawn_page import AT, DOM, HIDDEN_AT, LINKED_AT, PRICE_AT, drawn_page

from scrapers.archive.store import Store
from scrapers.errors import CorruptError, ParseError, SnapshotMissingError
from scrapers.places.evidence import Surroundings
from scrapers.places.exhibits import Exhibits
from scrapers.records import Response, Snapshot

SOURCE = "runpod-pricing"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Return an empty store."""
    return Store(tmp_path / "store")


def keep(store: Store, *responses: Response) -> Snapshot:
    """Store responses with all that shows how they looked."""
    writer = store.writer(responses[0].retrieved_at, written_by="test")
    for response in responses:
        for part in response.with_evidence():
            writer.add(SOURCE, part)
    return writer.commit()


def test_figure_of_a_page_has_text_and_picture(store: Store) -> None:
    """The quote, the passage around it, the capture that it stands in, and the piece of the screenshot."""
    page = drawn_page()
    keep(store, page)
    exhibits = Exhibits(store)
    shown = exhibits.of(page.body.sha256[:12], PRICE_AT)

    assert shown.quote == "$1001.10/hr"
    assert shown.around == Surroundings("EXAMPLE CARD 1 ", "$1001.10/hr", " 1003.30 1004.40 1005.50")
    assert (shown.capture.resource, shown.capture.sha256) == ("pricing.html", page.body.sha256)
    assert shown.crop is not None
    assert (shown.crop.image.size, shown.no_crop) == ((1280, 320), "")
    assert exhibits.capture(page.body.sha256) == shown.capture


def test_body_and_picture_are_opened_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many figures of a page are shown, its three files are read and hashed once each."""
    page = drawn_page()
    keep(store, page)
    read: list[str] = []
    document = Store.document

    def noting(self: Store, capture: object) -> object:
        read.append(capture.resource)  # type: ignore[attr-defined]
        return document(self, capture)  # type: ignore[arg-type]

    monkeypatch.setattr(Store, "document", noting)
    exhibits = Exhibits(store)
    for locator in (PRICE_AT, f"{PRICE_AT}@data-secure", HIDDEN_AT):
        exhibits.of(page.body.sha256, locator)
    assert sorted(read) == ["pricing.html", "pricing.html", "pricing.layout.json", "pricing.png"]


@pytest.mark.parametrize(
    ("page", "locator", "why"),
    [
        (replace(drawn_page(), evidence=()), PRICE_AT, "no screenshot of the page is stored"),
        (drawn_page(still=False), PRICE_AT, "did not keep still"),
        (drawn_page(), HIDDEN_AT, "it is not to be seen on the page's screenshot"),
        (drawn_page(), LINKED_AT, "it is not to be seen on the page's screenshot"),
        (drawn_page(picture=b"\x89PNG artificial"), PRICE_AT, "the screenshot cannot be used: .*pricing.png"),
        (drawn_page(DOM.replace(b"<p>1003.30</p>", b"")), PRICE_AT, "it is not to be seen on the page's screenshot"),
    ],
)
def test_without_a_picture_the_text_is_shown_and_why(store: Store, page: Response, locator: str, why: str) -> None:
    """A picture that is not there, cannot be read or belongs to other elements takes nothing from the text."""
    keep(store, page)
    shown = Exhibits(store).of(page.body.sha256, locator)
    assert shown.crop is None
    assert re.search(why, shown.no_crop)
    assert shown.quote in shown.around.value.strip('"')


def test_what_is_no_page_has_no_screenshot(store: Store, make_response: Callable[..., Response]) -> None:
    """A price list in JSON is not looked at; the reason names what it is."""
    response = make_response(b'[{"price": 1.50}]')
    keep(store, response)
    shown = Exhibits(store).of(response.body.sha256, "json:/0/price")
    assert shown.no_crop == "it was read from application/json, of which there is no screenshot"


def test_damaged_picture_is_said_and_a_damaged_page_is_an_error(store: Store) -> None:
    """The text is the evidence: only where its own bytes are damaged nothing is shown."""
    page = drawn_page()
    snapshot = keep(store, page)
    bodies = {capture.resource: store.root / capture.body for capture in snapshot.captures}
    bodies["pricing.png"].write_bytes(b"\x00")
    assert "pricing.png.zst: " in Exhibits(store).of(page.body.sha256, PRICE_AT).no_crop
    bodies["pricing.html"].write_bytes(b"\x00")
    with pytest.raises(CorruptError, match=r"pricing\.html\.zst"):
        Exhibits(store).of(page.body.sha256, PRICE_AT)


def test_unchanged_page_is_shown_as_it_looked_last(store: Store) -> None:
    """The same DOM in two snapshots is one body; its picture is the newest one's."""
    page = drawn_page()
    keep(store, page)
    later = keep(store, drawn_page(at=AT + timedelta(days=1)))
    shown = Exhibits(store).of(page.body.sha256, PRICE_AT)
    assert shown.capture in later.captures
    assert shown.crop is not None


def test_what_is_not_there_is_named(store: Store) -> None:
    """An unknown or ambiguous hash, or a locator that leads nowhere, is an error."""
    page = drawn_page()
    keep(store, page)
    exhibits = Exhibits(store)
    for sha256, number in (("0" * 64, 0), ("", 0)):
        with pytest.raises(SnapshotMissingError, match=f"^{number} bodies in .* begins with '{sha256}'"):
            exhibits.of(sha256, PRICE_AT)
    with pytest.raises(ParseError, match="nothing to read at"):
        exhibits.of(page.body.sha256, "css:table")
