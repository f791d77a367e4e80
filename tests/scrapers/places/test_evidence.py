"""What stands around a figure, for each kind of locator, and where in it the figure itself stands."""

from collections.abc import Callable

import pytest

from scrapers.errors import ParseError
from scrapers.places.evidence import Surroundings, read_surroundings
from scrapers.places.locate import OpenBody
from scrapers.records import Document

MakeDocument = Callable[..., Document]
CSV = '"FormatVersion","v1.0"\n"SKU","Type","PricePerUnit","Note","Unit"\n"EXAMPLE1","g99.xlarge","1001.5",,"Hrs"\n'
MARKDOWN = (
    "# Prices\n\n| Group | Cost per second | Card |\n|---|---|---|\n| CARD 1 | 0.01 | a |\n| CARD 2 | 0.02 | b |\n"
)
PAGE = '<body><div class="row"><p>CARD 1</p><p class="a b" data-price="1.11" id="x">$1.11/hr</p>now</div></body>'
LINKED = '<script type="application/ld+json">{"offers": {"lowPrice": "1.11", "name": "CARD 1"}}</script>'
SCRIPT = '<script type="application/json">{"rows": [["CARD 1", "1.11"]]}</script>'
OBJECT = '<script>x = {"a": {"price": 1.50, "name": "b"}}</script>'


def around(document: Document, locator: str) -> tuple[str, str, str]:
    """Return the three pieces."""
    found = read_surroundings(OpenBody(document), locator)
    assert found.text == found.before + found.value + found.after
    return found.before, found.value, found.after


@pytest.mark.parametrize(
    ("body", "locator", "pieces"),
    [
        (
            '[{"sku": "CARD 1", "price": 1.110}]',
            "json:/0/price",
            ('[\n {\n  "sku": "CARD 1",\n  "price": ', "1.110", "\n }\n]"),
        ),
        (
            CSV,
            "csv:3;PricePerUnit",
            ("SKU: EXAMPLE1\nType: g99.xlarge\nPricePerUnit: ", "1001.5", "\nUnit: Hrs"),
        ),
        (
            CSV,
            "row:SKU=EXAMPLE1;PricePerUnit",
            ("SKU: EXAMPLE1\nType: g99.xlarge\nPricePerUnit: ", "1001.5", "\nUnit: Hrs"),
        ),
        (
            CSV,
            "csv:3;Note",
            ("SKU: EXAMPLE1\nType: g99.xlarge\nPricePerUnit: 1001.5\nNote: ", "", "\nUnit: Hrs"),
        ),
        (MARKDOWN, "md:6;2", ("Group: CARD 2\nCost per second: ", "0.02", "\nCard: b")),
        (MARKDOWN, "md:3;1", ("", "Group", "\nCost per second\nCard")),
        (MARKDOWN, "md:1;1", ("", "# Prices", "")),
        (PAGE, "css:p:nth-of-type(2)", ("CARD 1 ", "$1.11/hr", " now")),
        (
            PAGE,
            "css:p:nth-of-type(2)@data-price",
            ('CARD 1 $1.11/hr now\n\n<p class="a b" data-price="', "1.11", '" id="x">'),
        ),
        (
            PAGE,
            "css:p:nth-of-type(2)@class",
            ('CARD 1 $1.11/hr now\n\n<p class="', "a b", '" data-price="1.11" id="x">'),
        ),
        (
            LINKED,
            "jsonld:0/offers/lowPrice",
            ('{\n "offers": {\n  "lowPrice": ', '"1.11"', ',\n  "name": "CARD 1"\n }\n}'),
        ),
        ("CARD 1 at  $1.11\nnow", "text:10;5", ("CARD 1 at ", "$1.11", " now")),
        (SCRIPT, "script:0/rows/0/1", ('{\n "rows": [\n  [\n   "CARD 1",\n   ', '"1.11"', "\n  ]\n ]\n}")),
        (
            "words before\nthe words that count and those after",
            "text:13;20",
            ("words before ", "the words that count", " and those after"),
        ),
        (OBJECT, "object:0;0;4/a/price", ('{\n "a": {\n  "price": ', "1.50", ',\n  "name": "b"\n }\n}')),
    ],
)
def test_surroundings_are_what_holds_the_figure(
    make_document: MakeDocument, body: str, locator: str, pieces: tuple[str, str, str]
) -> None:
    """JSON shows the record, CSV the named row without empty cells, Markdown the row under its head, a page text."""
    assert around(make_document("runpod-docs", body), locator) == pieces


def test_passage_tells_what_the_price_is_of(make_document: MakeDocument) -> None:
    """Elements are gone up until there is enough text to tell the card, but never to the whole page."""
    row = "<div><p>CARD {}</p><div><div><b>$1.11</b></div></div></div>"
    long = f"<section>{'<p>words of another section</p>' * 90}</section>"
    page = f"<html><body><section>{row.format(1)}{row.format(2)}</section>{long}</body></html>"
    document = make_document("runpod-pricing", page)

    assert around(document, "css:section > div:nth-of-type(2) b") == ("CARD 1 $1.11 CARD 2 ", "$1.11", "")
    before, value, after = around(document, "css:p:nth-of-type(40)")
    assert (before, value, after) == ("", "words of another section", "")


def test_same_price_twice_is_marked_where_the_locator_leads(make_document: MakeDocument) -> None:
    """The mark goes by place, never by looking for the text."""
    page = "<div><b>$1.11</b><b>$1.11</b><b>$1.11</b></div>"
    assert around(make_document("runpod-pricing", page), "css:b:nth-of-type(2)") == ("$1.11 ", "$1.11", " $1.11")
    rows = '[{"a": "1.11", "b": "1.11"}]'
    assert around(make_document("aws-spot", rows), "json:/0/b")[0].endswith('"a": "1.11",\n  "b": ')


def test_long_surroundings_are_cut_at_their_far_ends() -> None:
    """What is cut is what is furthest from the figure, and the cut is seen."""
    assert Surroundings("abc", "1.11", "xyz").within(4) == Surroundings("abc", "1.11", "xyz")
    assert Surroundings("abcdef", "123456", "uvwxyz").within(4) == Surroundings(" … cdef", "1234 … ", "uvwx … ")


@pytest.mark.parametrize(
    "locator",
    ["json:/1/price", "png:3", "css:table", "css:b@none", "md:99;1", "md:0;1", "md:1;0", "csv:9;SKU", "csv:1;none"],
)
def test_locator_that_leads_nowhere_is_named(make_document: MakeDocument, locator: str) -> None:
    """A locator without anything at its place is an error that names it."""
    with pytest.raises(ParseError, match="nothing to read at"):
        around(make_document("aws-ec2", "<b>[]</b>" if "css:b" in locator else "[]"), locator)
