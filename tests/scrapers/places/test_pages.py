"""Pages as parsers get them: what is no page, or none that a browser made, is refused before it costs anything."""

from collections.abc import Callable
from dataclasses import replace
from typing import BinaryIO

import pytest

from scrapers.errors import ParseError
from scrapers.places import pages
from scrapers.places.pages import read_page, unknown_page
from scrapers.records import Document

MakeDocument = Callable[..., Document]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "found an empty body"),
        (b" \n ", "found an empty body"),
        ("<p>1</p>".encode("utf-16"), "found the byte order mark of UTF-16"),
        ("<p>1</p>".encode("utf-16-be"), "found a NUL byte at 0"),
        ("<p>1</p>".encode("utf-16-le"), "found a NUL byte at 1"),
        (b"<p>1\0</p>", "found a NUL byte at 4"),
        (b"<p>1 \xe9</p>", "looked for UTF-8, found byte 0xe9 at 5"),
        ("<p>€</p>".encode()[:-5], "looked for UTF-8, found byte 0xe2 at 3"),
    ],
)
def test_body_that_is_no_text_is_refused(body: bytes, problem: str, make_document: MakeDocument) -> None:
    """Another encoding, a NUL byte or nothing at all is an error that says where, never a page of wrong letters."""
    with pytest.raises(ParseError, match=problem):
        read_page(make_document("test-source", body))


def test_utf_8_is_read_with_and_without_its_mark(make_document: MakeDocument) -> None:
    """A byte order mark of UTF-8 is no part of the page."""
    for body in ("<p>é</p>".encode(), "<p>é</p>".encode("utf-8-sig")):
        assert read_page(make_document("test-source", body)).get_text() == "é"


def test_page_of_200_mb_is_refused_before_it_is_read(make_document: MakeDocument) -> None:
    """Its size is known from its capture: not a byte of it is read, let alone parsed."""

    def never() -> BinaryIO:
        raise AssertionError("was read")

    document = make_document("test-source", "<p>")
    large = Document(replace(document.capture, size=200_000_000), never)
    with pytest.raises(ParseError, match="at most 8000000 bytes, found 200000000; it is not parsed"):
        read_page(large)


def test_page_of_too_many_tags_is_not_parsed(make_document: MakeDocument, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tags cost a hundred times their size in memory, so they are counted before they are parsed."""
    monkeypatch.setattr(pages, "parse_html", lambda _: pytest.fail("was parsed"))
    with pytest.raises(ParseError, match="looked for at most 150000 tags, found 150001"):
        read_page(make_document("test-source", "<p>" * 150_001))


@pytest.mark.parametrize(("depth", "is_page"), [(1000, True), (1001, False), (20_000, False)])
def test_deeply_nested_page_is_refused(depth: int, make_document: MakeDocument, *, is_page: bool) -> None:
    """What no browser nests so deeply is refused in time that grows with its size alone."""
    document = make_document("test-source", "<b>" * depth)
    if is_page:
        assert read_page(document)
        return
    with pytest.raises(ParseError, match=f"at most 1000 deep, found them {depth} deep"):
        read_page(document)


def test_unknown_page_is_quoted(make_document: MakeDocument) -> None:
    """The error says what stands there: title and first words, none of its scripts and styles."""
    body = "<title> Just a  moment </title><style>a{}</style><script>b()</script><h1>Verify</h1><p>you are human</p>"
    document = make_document("test-source", body)
    error = unknown_page(document, read_page(document), "prices")

    assert error.problem.startswith(
        "looked for prices, found a page titled 'Just a moment' that says 'Verify you are human'; the bytes are kept"
    )


def test_unknown_page_without_text_says_so(make_document: MakeDocument) -> None:
    """A page that its script was to fill, and did not, has no text."""
    document = make_document("test-source", "<html><body><div id='root'></div></body></html>")

    assert "found a page titled '' without any text" in unknown_page(document, read_page(document), "prices").problem
