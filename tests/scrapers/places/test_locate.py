"""Locators: every kind leads back to what stands there, and to nothing else."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.errors import ParseError
from scrapers.places.locate import OpenBody, css_path, fold, markdown_cells, parse_html, pointer, read_locator
from scrapers.records import Content, Document, Response

MakeDocument = Callable[..., Document]

JSON_BODY = """{"a": {"b/c~d": ["x", 1.50, 7, 1E+2], "": "empty key", "0": "zero"},
 "text": "two\\n  words", "null": null, "true": true, "object": {"n": 0.10}, "a/b": "slash"}"""
SCRIPT_BODY = """<script type="application/json">{"rows": ["<td> <b>$1</b>.90 &amp; up </td>"]}</script>"""
OBJECT_BODY = r"""<script>x = {"a": [{"b": 1.50}], "c": 0};</script>
<script>y([1,"{\"a \\\"quoted\\\"\": \"two\\n words\", \"n\": null}"])</script>
<script>z = "\"j\":\"{\\\"a\\\":7}\""</script>"""
HTML_BODY = """<!DOCTYPE html><html><head>
<script type="application/ld+json">{"price": 2.50}</script>
<script type="application/ld+json">["first", {"price": "3"}]</script></head>
<body><p>one</p><div class="a b"><p data-x=" 1.90 "><b>$1</b>.90<br>an
 hour</p><p>two</p></div></body></html>"""
CSV_BODY = 'about,this file\nname,price,note\nplain,0.526,"a, b"\nspaced,"0.752 "," two\nlines "\nshort\n'
MARKDOWN_BODY = "# Prices\n\n| GPU | Price |\n|---|---:|\n| A \\| B |  $0.00044   each |\n| C | |\n"


@pytest.mark.parametrize(
    ("body", "locator", "text"),
    [
        (JSON_BODY, "json:/a/b~1c~0d/0", "x"),
        (JSON_BODY, "json:/a/b~1c~0d/1", "1.50"),
        (JSON_BODY, "json:/a/b~1c~0d/2", "7"),
        (JSON_BODY, "json:/a/b~1c~0d/3", "1E+2"),
        (JSON_BODY, "json:/a/", "empty key"),
        (JSON_BODY, "json:/a/0", "zero"),
        (JSON_BODY, "json:/a~1b", "slash"),
        (JSON_BODY, "json:/text", "two words"),
        (JSON_BODY, "json:/null", "null"),
        (JSON_BODY, "json:/true", "true"),
        (JSON_BODY, "json:/object", '{"n": "0.10"}'),
        ("[1.0]", "json:", '["1.0"]'),
        ('callback({"a": [1.50]});', "json:/a/0", "1.50"),
        (SCRIPT_BODY, "script:0/rows/0", "$1 .90 & up"),
        (HTML_BODY, "jsonld:0/price", "2.50"),
        (HTML_BODY, "jsonld:1/1/price", "3"),
        (HTML_BODY, "jsonld:0", '{"price": "2.50"}'),
        (OBJECT_BODY, "object:0;0;4/a/0/b", "1.50"),
        (OBJECT_BODY, "object:0;0;11", '{"b": "1.50"}'),
        (OBJECT_BODY, 'object:1;1;6/a "quoted"', "two words"),
        (OBJECT_BODY, "object:1;1;6/n", "null"),
        (OBJECT_BODY, "object:2;2;10/a", "7"),
        (HTML_BODY, "css:html > body > p", "one"),
        (HTML_BODY, "css:div > p:nth-of-type(1)", "$1 .90 an hour"),
        (HTML_BODY, "css:div > p:nth-of-type(1)@data-x", "1.90"),
        (HTML_BODY, "css:body > div@class", "a b"),
        (CSV_BODY, "csv:3;price", "0.526"),
        (CSV_BODY, "csv:3;note", "a, b"),
        (CSV_BODY, "csv:4;price", "0.752"),
        (CSV_BODY, "csv:4;note", "two lines"),
        (CSV_BODY, "csv:2;name", "name"),
        ("\ufeffname\nx\n", "csv:2;name", "x"),
        (HTML_BODY, "text:0;3", "one"),
        (HTML_BODY, "text:4;14", "$1 .90 an hour"),
        (MARKDOWN_BODY, "text:2;6", "Prices"),
        ("\ufeffa\n b\tc", "text:0;5", "a b c"),
        (MARKDOWN_BODY, "md:5;1", "A | B"),
        (MARKDOWN_BODY, "md:5;2", "$0.00044 each"),
        (MARKDOWN_BODY, "md:6;2", ""),
    ],
)
def test_locator_leads_to_its_text(make_document: MakeDocument, body: str, locator: str, text: str) -> None:
    """Each kind of locator reads one place: numbers with their digits as printed, text with its spaces folded."""
    assert read_locator(make_document("test-source", body), locator) == text


@pytest.mark.parametrize(
    ("body", "locator"),
    [
        (JSON_BODY, "json:/missing"),
        (JSON_BODY, "json:a"),
        (JSON_BODY, "json:/a/b~1c~0d/9"),
        (JSON_BODY, "json:/a/b~1c~0d/-1"),
        (JSON_BODY, "json:/a/b~1c~0d/01"),
        (JSON_BODY, "json:/a/b~1c~0d/x"),
        (JSON_BODY, "json:/text/0"),
        (JSON_BODY, "json:/null/0"),
        ("not JSON", "json:/a"),
        ("[" * 100_000, "json:/0"),
        (HTML_BODY, "jsonld:2/price"),
        (HTML_BODY, "jsonld:/price"),
        (HTML_BODY, "css:p"),
        (HTML_BODY, "css:table"),
        (HTML_BODY, "css:p:nth-of-type("),
        (HTML_BODY, "css:html > body > p@data-x"),
        (CSV_BODY, "csv:3;cost"),
        (CSV_BODY, "csv:1;price"),
        (CSV_BODY, "csv:5;price"),
        (CSV_BODY, "csv:6;price"),
        (CSV_BODY, "csv:0;price"),
        (CSV_BODY, "csv:x;price"),
        (f"name\n{'x' * 200_000}\n", "csv:2;name"),
        (MARKDOWN_BODY, "md:0;1"),
        (MARKDOWN_BODY, "md:5;0"),
        (MARKDOWN_BODY, "md:5;3"),
        (MARKDOWN_BODY, "md:7;1"),
        (MARKDOWN_BODY, "md:-1;1"),
        (b"\xff\xfe", "md:1;1"),
        ("a b c", "text:0;0"),
        ("a b c", "text:0;6"),
        ("a b c", "text:-1;2"),
        ("a b c", "text:1"),
        (b"\xff\xfe", "text:0;1"),
        (JSON_BODY, "xml:/a"),
        (JSON_BODY, "no locator"),
    ],
)
def test_locator_that_leads_nowhere(make_document: MakeDocument, body: str | bytes, locator: str) -> None:
    """Nothing there, more than one thing there, or no locator at all: an error that repeats the locator."""
    with pytest.raises(ParseError) as caught:
        read_locator(make_document("test-source", body), locator)
    assert f"nothing to read at {locator!r}: " in str(caught.value)


def test_plain_text_of_a_page_is_what_a_reader_may_see(make_document: MakeDocument) -> None:
    """Markup, scripts, styles, comments and templates are no words of a page; a body without markup is its own text."""
    page = (
        "<!doctype html><title>Title</title><style>p {}</style><script>let a = 1</script><!-- note -->"
        "<template>later</template><p>It takes <b>several</b>\n minutes.</p>"
    )

    assert OpenBody(make_document("test-source", page)).plain_text == "Title It takes several minutes."
    assert OpenBody(make_document("test-source", "# a <b>\n\nc")).plain_text == "# a <b> c"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"<meta charset=iso-8859-1><p>1,90 \xe2\x82\xac</p>", "1,90 \u20ac"),
        (b"\xef\xbb\xbf<p>a1$</p>", "a1$"),
        (b"<p>1.90 \x80</p>", "1.90 \ufffd"),
    ],
)
def test_page_is_taken_as_utf_8(make_document: MakeDocument, body: bytes, text: str) -> None:
    """What a page says of its own encoding does not count: a rendered DOM is written as UTF-8."""
    assert read_locator(make_document("test-source", body), "css:p") == text


def test_open_body_is_read_once(make_document: MakeDocument) -> None:
    """Many locators of one body cost one read of its bytes."""
    document = make_document("test-source", JSON_BODY)
    reads: list[int] = []

    def opener() -> BinaryIO:
        reads.append(1)
        return document.opener()

    body = OpenBody(Document(document.capture, opener))

    assert [body.read("json:/a/0"), body.read("json:/a~1b"), body.read("json:/a/0")] == ["zero", "slash", "zero"]
    assert len(reads) == 1


KEYS = st.text(alphabet=st.sampled_from("~/01ab \"'é"), max_size=6)
JSON_VALUES = st.recursive(
    st.text(max_size=5), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
)


def texts_of(value: object, *steps: str | int) -> list[tuple[tuple[str | int, ...], str]]:
    """List every text in a JSON value with the steps that lead to it."""
    match value:
        case list():
            return [found for index, inner in enumerate(value) for found in texts_of(inner, *steps, index)]
        case dict():
            return [found for key, inner in value.items() for found in texts_of(inner, *steps, key)]
        case _:
            return [(steps, str(value))]


def body_of(text: str) -> OpenBody:
    """Open a text as the body of a capture."""
    response = Response("body", "", "", datetime(2026, 11, 1, tzinfo=UTC), 200, "", Content.of(text.encode()))
    return OpenBody(Document.of(response, source="test-source"))


@given(value=JSON_VALUES)
def test_pointer_of_every_text_leads_back(value: object) -> None:
    """Whatever keys JSON has, with slashes, tildes or digits, the pointer of a text leads to that text."""
    body = body_of(json.dumps(value))

    for steps, text in texts_of(value):
        assert body.read(f"json:{pointer(*steps)}") == fold(text)


TAGS = st.sampled_from(["div", "p", "span", "x-card", "svg:path", "td"])
TREES = st.recursive(
    st.text(alphabet="ab $1.9", max_size=4),
    lambda inner: st.builds(lambda tag, kids: f"<{tag}>{''.join(kids)}</{tag}>", TAGS, st.lists(inner, max_size=4)),
    max_leaves=12,
)


@given(trees=st.lists(TREES, max_size=3))
def test_css_path_selects_exactly_its_element(trees: list[str]) -> None:
    """The path of an element selects that element alone, however the page is nested."""
    page = parse_html("".join(trees).encode())

    for tag in page.select("*"):
        assert page.select(css_path(tag)) == [tag]
        assert page.select_one(css_path(tag)) is tag


def test_css_path_of_a_whole_page() -> None:
    """The path begins at the page's html element."""
    tag = parse_html(HTML_BODY.encode()).select("p")[2]

    assert css_path(tag) == "html:nth-of-type(1) > body:nth-of-type(1) > div:nth-of-type(1) > p:nth-of-type(2)"


CELLS = st.text(alphabet="ab1|. $", max_size=6)


@given(cells=st.lists(CELLS, min_size=1, max_size=5), outer=st.booleans())
def test_markdown_cells_keep_their_pipes(cells: list[str], *, outer: bool) -> None:
    """A pipe that is escaped belongs to its cell, at its end and at the row's end too."""
    row = " | ".join(cell.replace("|", "\\|") for cell in cells)
    line = f"| {row} |" if outer else f"x | {row} | y"

    assert markdown_cells(line) == [fold(cell) for cell in (cells if outer else ["x", *cells, "y"])]


def test_markdown_row_may_lack_its_last_pipe() -> None:
    """A row that ends with an escaped pipe keeps it: it is text, not the table's border."""
    assert markdown_cells("| a | b\\|") == ["a", "b|"]


@pytest.mark.parametrize(
    ("body", "locators"),
    [
        ("id,price\n" + "".join(f"X{n},{n}.11\n" for n in range(9)), [f"row:id=X{n};price" for n in range(9)]),
        ("id,price\n" + "".join(f"X{n},{n}.11\n" for n in range(9)), [f"csv:{n + 2};price" for n in range(9)]),
        (json.dumps([f"{n}.11" for n in range(9)]), [f"json:/{n}" for n in range(9)]),
        ("\n".join(f"| {n}.11 |" for n in range(9)), [f"md:{n + 1};1" for n in range(9)]),
        (
            "<html>" + "".join(f"<p>{n}.11</p>" for n in range(9)),
            [f"css:html:nth-of-type(1) > p:nth-of-type({n + 1})" for n in range(9)],
        ),
    ],
    ids=["row", "csv", "json", "md", "css"],
)
def test_many_locators_take_one_read_of_the_body(
    body: str,
    locators: list[str],
    make_document: MakeDocument,
    count_reads: Callable[[Document], tuple[Document, list[int]]],
) -> None:
    """Each locator reads its own text or has its own error, and the body is opened once for all of them."""
    document, reads = count_reads(make_document("test-source", body))
    found = OpenBody(document).read_all([*locators, "json:/no", *locators])

    assert [found[locator] for locator in locators] == [f"{n}.11" for n in range(9)]
    assert isinstance(found["json:/no"], ParseError)
    assert len(reads) == (2 if locators[0].startswith("row:") else 1)  # the JSON that is none wants all bytes of a CSV


@pytest.fixture
def count_reads() -> Callable[[Document], tuple[Document, list[int]]]:
    """Count how often a document is opened."""

    def counted(document: Document) -> tuple[Document, list[int]]:
        reads: list[int] = []

        def opener() -> BinaryIO:
            reads.append(1)
            return document.open()

        return Document(document.capture, opener), reads

    return counted


def test_rows_that_are_not_there_are_errors_of_their_own(make_document: MakeDocument) -> None:
    """Among many rows a missing one, a missing column and a broken locator each fail alone."""
    body = "id,price\n" + "".join(f"X{n},{n}.11\n" for n in range(9))
    good = [f"row:id=X{n};price" for n in range(9)]
    bad = ["row:id=Y;price", "row:id=X1;cost", "row:nonsense", "csv:99;price", "csv:1;cost"]
    found = OpenBody(make_document("test-source", body)).read_all([*good, *bad])
    assert [found[locator] for locator in good] == [f"{n}.11" for n in range(9)]
    assert all(isinstance(found[locator], ParseError) for locator in bad)
