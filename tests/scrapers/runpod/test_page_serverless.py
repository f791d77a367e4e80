"""The Serverless section of the pricing page, whose markup nobody has recorded."""

from collections.abc import Callable

import pytest

from scrapers.errors import ParseError
from scrapers.locate import parse_html
from scrapers.records import Document, Listing
from scrapers.runpod import page_serverless

Read = Callable[[str], list[Listing]]


@pytest.fixture
def read(document_of: Callable[[str, str], Document]) -> Read:
    """Read the Serverless listings of a page's body."""

    def read_body(body: str) -> list[Listing]:
        text = f"<html><body>{body}</body></html>"
        return page_serverless.read(document_of("runpod-pricing", text), parse_html(text.encode()))

    return read_body


@pytest.mark.parametrize(
    "body",
    [
        "<h2>Pods</h2><ul><li><b>Example</b><i>$1001.01/hr</i></li></ul>",
        "<h2>Serverless</h2><h2>Pods</h2><ul><li><b>Example</b><i>$1001.01/hr</i></li></ul>",
        "<h3>Serverless</h3><ul><li>No idle cost</li><li>From zero to many</li></ul>",
        '<h2>Serverless</h2><div class="gpu_table-row" role="row"><b>Example</b><i>$1001.01/hr</i></div>',
    ],
)
def test_only_rows_under_the_heading_are_read(body: str, read: Read) -> None:
    """Prices of other products, and lists of advantages, are no Serverless listings."""
    assert read(body) == []


@pytest.mark.parametrize(
    "markup",
    [
        "<table><tr><td>Example</td><td>11 GB</td><td>$1001.01/hr</td></tr></table>",
        '<div><div role="listitem"><p>Example</p><p>11 GB</p><p><b>$1001.01</b>/hr</p></div></div>',
        '<div><div><div class="w-dyn-item"><div><p>Example</p><p>11</p><p>GB VRAM</p></div>$</div></div></div>'.replace(
            "$", "<p><i>$</i> <b>1001.01</b> <i>/hr</i></p>"
        ),
        "<ul><li><div><h4>Example</h4><p>11 GB</p></div><div><p>$1001.01/hr</p></div></li></ul>",
    ],
)
def test_row_is_read_whatever_its_markup(markup: str, read: Read) -> None:
    """A table row and several forms of repeated element give the same listing."""
    (listing,) = read(f"<section><div><h2>Serverless</h2></div>{markup}</section>")

    assert (listing.sku, listing.gpu_memory, listing.price_text) == ("Example", "11 GB", "1001.01")
    assert (listing.unit, listing.terms, listing.service) == ("/hr", "Serverless", "Serverless")


@pytest.mark.parametrize(
    "row",
    [
        "<td>Example</td><td>€1001.01/hr</td>",
        "<td>Example</td><td>$1001.01/hr</td><td>€1001.01/hr</td>",
        "<td>Example</td><td>11 GB</td>",
        "<td>$1001.01/hr</td>",
    ],
)
def test_row_with_a_price_that_cannot_be_read_is_refused(row: str, read: Read) -> None:
    """Under the heading no price is passed over in silence."""
    with pytest.raises(ParseError, match="looked for a tier and its price under Serverless"):
        read(f"<h2>Serverless</h2><table><tr>{row}</tr></table>")


@pytest.mark.parametrize("header", ["", "<tr><th>GPU</th></tr>", "<tr><th>GPU</th><th>Price</th></tr>"])
def test_price_without_a_unit_is_refused(header: str, read: Read) -> None:
    """The unit stands beside the price or in its column's header; it is never assumed."""
    with pytest.raises(ParseError, match="looked for a unit beside the price"):
        read(f"<h2>Serverless</h2><table>{header}<tr><td>Example</td><td>$1001.01</td></tr></table>")


def test_storage_and_token_prices_are_left_to_others(read: Read) -> None:
    """A price per GB or per token under the heading is of no GPU."""
    body = "<table><tr><td>Disk</td><td>$1.01/GB/mo</td></tr></table><ul><li>Model $1.01 per 1M tokens</li></ul>"

    assert read(f"<h2>Serverless</h2>{body}") == []


def test_one_tier_with_two_prices_is_refused(read: Read) -> None:
    """Two prices of one tier under one word are an error; under Flex and Active they are two offers."""
    row = "<li><b>Example</b><p>{} $1001.01/hr</p><p>{} <i>$1002.02/hr</i></p></li>"

    with pytest.raises(ParseError, match="one price is expected, two are there"):
        read("<h2>Serverless</h2><ul><li><b>Example</b><p>$1001.01/hr</p><p>$1002.02/hr</p></li></ul>")
    flex, active = read(
        "<h2>Serverless</h2><ul>"
        + row.format("<b>Flex</b>", "<b>Active</b>").replace(" $1001.01/hr", "<i>$1001.01/hr</i>")
        + "</ul>"
    )
    assert (flex.terms, flex.price_text, active.terms, active.price_text) == (
        "Flex",
        "1001.01",
        "Active",
        "1002.02",
    )
