"""What stands around a figure, for each kind of locator."""

from collections.abc import Callable

import pytest

from scrapers.errors import ParseError
from scrapers.evidence import read_context
from scrapers.records import Document

MakeDocument = Callable[..., Document]
CSV = '"FormatVersion","v1.0"\n"SKU","Instance Type","PricePerUnit","Note"\n"EXAMPLE1","g99.xlarge","1001.5",\n'
MARKDOWN = "# Prices\n\n| Group | Cost per second |\n|---|---|\n| CARD 1 | 0.01 |\n| CARD 2 | 0.02 |\n"
PAGE = '<html><body><div class="row"><p>CARD 1</p><p data-price="1.11">$1.11/hr</p></div></body></html>'
LINKED = '<script type="application/ld+json">{"offers": {"lowPrice": "1.11", "name": "CARD 1"}}</script>'
SCRIPT = '<script type="application/json">{"rows": [["CARD 1", "1.11"]]}</script>'


@pytest.mark.parametrize(
    ("body", "locator", "shown"),
    [
        ('[{"sku": "CARD 1", "price": 1.110}]', "json:/0/price", ['"sku": "CARD 1"', '"price": "1.110"']),
        (CSV, "csv:3;PricePerUnit", ["Instance Type: g99.xlarge", "PricePerUnit: 1001.5"]),
        (CSV, "row:SKU=EXAMPLE1;PricePerUnit", ["Instance Type: g99.xlarge", "PricePerUnit: 1001.5"]),
        (MARKDOWN, "md:6;2", ["Group: CARD 2", "Cost per second: 0.02"]),
        (PAGE, "css:p:nth-of-type(2)@data-price", ["CARD 1 $1.11/hr", 'class="row"']),
        (LINKED, "jsonld:0/offers/lowPrice", ['"name": "CARD 1"']),
        (SCRIPT, "script:0/rows/0/1", ['"CARD 1"', '"1.11"']),
    ],
)
def test_context_is_what_holds_the_figure(
    make_document: MakeDocument, body: str, locator: str, shown: list[str]
) -> None:
    """JSON shows the object, CSV the named row, Markdown the row under its head, a page the element around."""
    text = read_context(make_document("runpod-docs", body), locator)

    assert all(part in text for part in shown)


def test_empty_cells_are_left_out(make_document: MakeDocument) -> None:
    """A price list has dozens of empty columns; only those with a value are shown."""
    assert "Note" not in read_context(make_document("aws-ec2", CSV), "csv:3;PricePerUnit")


def test_long_surroundings_are_cut(make_document: MakeDocument) -> None:
    """What is larger than a screen is cut and says so."""
    body = '{"price": "1.11", "text": "' + "x" * 5000 + '"}'

    text = read_context(make_document("aws-spot", body), "json:/price")

    assert text.endswith(" ...")
    assert len(text) < 2100


@pytest.mark.parametrize("locator", ["json:/1/price", "png:3", "css:table", "md:99;1", "csv:9;SKU"])
def test_locator_that_leads_nowhere_is_named(make_document: MakeDocument, locator: str) -> None:
    """A locator without anything at its place is an error that names it."""
    with pytest.raises(ParseError, match="nothing to read at"):
        read_context(make_document("aws-ec2", "[]"), locator)
