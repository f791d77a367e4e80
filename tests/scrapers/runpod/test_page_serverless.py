"""The Serverless section of the pricing page, whose markup nobody has recorded."""

from collections.abc import Callable

import pytest

from scrapers.errors import ParseError
from scrapers.places.locate import parse_html
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


@pytest.mark.parametrize("header", ["", "<tr><th>GPU</th><th>Price</th></tr>"])
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
        + row.format("<b>Active</b>", "<b>Flex</b>").replace(" $1001.01/hr", "<i>$1001.01/hr</i>")
        + "</ul>"
    )[::-1]
    assert (flex.terms, flex.price_text, active.terms, active.price_text) == (
        "Flex",
        "1002.02",
        "Active",
        "1001.01",
    )


TABLE = (
    "<h2>Serverless</h2><table><tr><th>GPU</th><th>Memory</th><th>Flex, per second</th><th>Active, per second</th></tr>"
)


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ("<td>Example</td><td>$0.20202</td><td>$0.10101</td>", "looked for 4 cells as in 'GPU Memory .* found 3"),
        ("<td>A</td><td>1 GB</td><td></td><td>$0.2</td><td>$0.1</td>", "looked for 4 cells .* found 5"),
        ("<td>A</td><td>1 GB</td><td colspan='2'>$0.2</td><td>$0.1</td>", "looked for 4 cells .* found 5"),
        (
            "<td>Example</td><td>11 GB</td><td>$0.10101</td><td>$0.20202</td>",
            r"at most Flex's, found Active 0\.20202 above Flex 0\.10101: are the columns shifted",
        ),
    ],
)
def test_table_with_a_shifted_column_is_refused(cells: str, problem: str, read: Read) -> None:
    """A row with a cell too few or too many, or with Active above Flex, is not read under its neighbours' names."""
    with pytest.raises(ParseError, match=problem):
        read(f"{TABLE}<tr>{cells}</tr></table>")


def test_cell_over_two_columns_counts_as_two(read: Read) -> None:
    """A row of a group, or a note, spans the table and is no shifted row."""
    note, row = "<td colspan='4'>Storage: $1/GB</td>", "<td>A</td><td>1 GB</td><td>$0.2</td><td>-</td>"
    rows = f"<tr>{note}</tr><tr>{row}</tr>"

    assert [listing.price_text for listing in read(f"{TABLE}{rows}</table>")] == ["0.2", None]


@pytest.mark.parametrize("markup", ["<div><p>Example</p><p>{}</p></div>", "<p>Example <b>{}</b></p>"])
@pytest.mark.parametrize("price", ["$1001.01/hr", "<i>$</i><b>0.10101</b> <i>/sec</i>"])
def test_price_outside_of_any_row_is_refused(markup: str, price: str, read: Read) -> None:
    """Markup that is neither table nor list is not passed over; a text around a price, such as an advertisement, is."""
    assert read("<h2>Serverless</h2><div><p>Save $1001.01/hr today</p><p>From $1.01/hr</p></div>") == []
    with pytest.raises(ParseError, match=r"looked for prices in rows .* outside of any"):
        read(f"<h2>Serverless</h2><section>{markup.format(price)}</section>")


def test_tier_is_known_by_its_label_where_no_heading_says_serverless(read: Read) -> None:
    """Behind a tab, the label of a tier and a price in one row are Serverless; a label or a price alone is not."""
    tabs = (
        "<a>Pods</a><a>Serverless</a><ul><li><b>H100 PRO</b><p>80 GB</p><i>$1001.01/hr</i></li>"
        "<li>H100 PRO</li><li><b>Example</b><i>$1002.02/hr</i></li></ul>"
    )

    assert [(x.sku, x.service, x.price_text) for x in read(tabs)] == [("H100 PRO", "Serverless", "1001.01")]


@pytest.mark.parametrize("price", ["EUR 1001.01/hr", "1001.01 EUR/hr", "€1001.01/hr", "$1001.01/mo", "$1001.01/min"])
def test_list_item_in_another_currency_or_unit_is_refused(price: str, read: Read) -> None:
    """A list item needs no sign to be seen as a price that cannot be read."""
    with pytest.raises(ParseError, match="looked for a tier and its price under Serverless, found 'Example"):
        read(f"<h2>Serverless</h2><ul><li><b>Example</b><p>11 GB</p><i>{price}</i></li></ul>")


def test_flex_alone_is_not_active(read: Read) -> None:
    """Since Active has no public price, a page may have the one word: nothing is made up for the other."""
    (flex,) = read("<h2>Serverless</h2><ul><li><b>Example</b><p><b>Flex</b> <i>$1001.01/hr</i></p></li></ul>")

    assert flex.terms == "Flex"
