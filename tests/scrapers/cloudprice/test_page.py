"""The page's table: columns by their headings, one row per instance type, and pages that are no list."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from scrapers import registry
from scrapers.cloudprice import ec2, sagemaker
from scrapers.cloudprice.request import page_address
from scrapers.errors import ParseError
from scrapers.places.locate import read_locator
from scrapers.records import Document, Listing, Obtained

URL = page_address(ec2.SERVICE, "us-test-1", "OnDemand")
GPU = ("z9test.large", "yes", "11.1")
Parse = Callable[..., list[Listing]]
SHIFTED = ("", "Instance", "Family", "vCPU", "Memory GiB", "Arch", "Price", "GPU", "", "", "Best region")


@pytest.fixture
def parse(make_document: Callable[..., Document]) -> Parse:
    """Parse a page that was asked for at a URL."""
    return lambda body, url=URL: registry.parse(make_document("cloudprice-ec2", body, url=url))


@pytest.mark.parametrize(
    ("heading", "printed", "digits"),
    [
        ("Price", "11.1", "11.1"),
        ("Price, USD/hour", "11", "11"),
        ("Price ($ per hour)", "$11.10", "11.10"),
        ("price", "$11.1/hr", "11.1"),
        ("Price", "11.1 USD per hour", "11.1"),
        ("Price", "<b>$</b>11.1 <i>/h</i>", "11.1"),
    ],
)
def test_price_as_it_may_be_printed(parse: Parse, make_page: Any, heading: str, printed: str, digits: str) -> None:
    """Currency and unit may stand in the heading, in the cell, or nowhere."""
    headings = [heading if h == "Price" else h for h in SHIFTED]
    body = make_page(
        ("z9test.large", "YES", printed),
        headings=headings,
        cells=lambda r: ("", r[0], "", "", "", "", r[2], r[1], "", "", ""),
    )
    (listing,) = parse(body)

    assert (listing.price_text, listing.currency, listing.unit, listing.region) == (digits, "USD", "hour", "us-test-1")


def test_whole_cell_is_quoted(parse: Parse, make_page: Any, make_document: Any) -> None:
    """The locator leads to the cell, whose text is the quote."""
    body = make_page(GPU, ("z9test.xlarge", "yes", "<b>$</b>22.2 <i>/h</i>"))
    found = parse(body)

    assert [listing.quote for listing in found] == ["11.1", "$ 22.2 /h"]
    for listing in found:
        assert read_locator(make_document("cloudprice-ec2", body), listing.locator) == listing.quote


@pytest.mark.parametrize("printed", ["", "-", "N/A", "0", "$0.00"])
def test_row_without_price_says_so(parse: Parse, make_page: Any, printed: str) -> None:
    """A cell without a price is a listing that says what is printed instead, and never a price of 0."""
    found = parse(make_page(GPU, ("z9test.xlarge", "yes", printed)))

    assert [(each.price_text, each.absence) for each in found] == [
        ("11.1", ""),
        (None, f"CloudPrice prints {printed or 'nothing'} instead of a price"),
    ]


@pytest.mark.parametrize(
    ("printed", "problem"),
    [
        ("€11.1", "looked for a price in USD, as the URL asks, found '€11.1'"),
        ("11.1 EUR", "looked for a price in USD, as the URL asks, found '11.1 EUR'"),
        ("from 11.1", "looked for a price in USD, as the URL asks, found 'from 11.1'"),
        ("$11.1/month", "looked for a price per hour, found '\\$11.1/month'"),
        ("11,1", "looked for a price per hour, found '11,1'"),
        ("-11.1", "looked for a price per hour, found '-11.1'"),
        ("NaN", "looked for a price per hour, found 'NaN'"),
        ("Contact sales", "looked for a price per hour, found 'Contact sales'"),
    ],
)
def test_price_that_is_not_what_was_asked_for(parse: Parse, make_page: Any, printed: str, problem: str) -> None:
    """Another currency, another unit, a comma of either meaning, a word: an error that names the instance type."""
    with pytest.raises(ParseError, match=f"z9test.large: {problem}"):
        parse(make_page(("z9test.large", "yes", printed)))


def test_price_in_another_currency_that_was_asked_for(parse: Parse, make_page: Any) -> None:
    """A page of euros that was asked for euros is one of euros."""
    (listing,) = parse(make_page(("z9test.large", "yes", "€11.1")), URL.replace("=USD", "=EUR"))

    assert (listing.price_text, listing.currency) == ("11.1", "EUR")


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        ("<html></html>", "found a page without one: ''"),
        ("<title>We value your privacy</title><p>Accept all cookies", "found a page without one: 'We value your"),
        ("<title>Just a moment...</title><body>Verify you are human", "without one: 'Just a moment... Verify you are"),
        ("<title>Sign in</title><form action='/login'><input name='password'>", "without one: 'Sign in"),
        ("<table><thead><tr><th>Instance</th></tr></thead><tbody></tbody></table>", "without one: 'Instance"),
        ("<table><tbody><tr><td>z9test.large</td></tr></tbody></table>", "without one: 'z9test.large"),
        ("<p>\ufffe\udcff".encode("utf-8", errors="surrogatepass"), "without one"),
        ("<table>".encode("utf-16"), "looked for JSON"),
        ("<div>" * 5_000, "without one"),
    ],
    ids=["blank", "cookies", "captcha", "login", "not-filled", "no-heading", "no-utf-8", "utf-16", "deep"],
)
def test_page_that_is_no_list(parse: Parse, page: str | bytes, problem: str) -> None:
    """A page of another kind is an error that says which."""
    with pytest.raises(ParseError, match=problem):
        parse(page)


@pytest.mark.parametrize(
    ("headings", "problem"),
    [
        ([h.replace("Instance", "Name") for h in SHIFTED], "looked for one column Instance, found 0 among"),
        ([h.replace("GPU", "Accelerator") for h in SHIFTED], "looked for one column GPU, found 0 among"),
        ([h.replace("Price", "Cost") for h in SHIFTED], r"looked for one column Price \(per hour, in USD\), found 0"),
        ([h.replace("Price", "Price, EUR") for h in SHIFTED], r"column Price \(per hour, in USD\), found 0"),
        ([h.replace("Price", "Price/month") for h in SHIFTED], r"column Price \(per hour, in USD\), found 0"),
        ([h.replace("Arch", "Price") for h in SHIFTED], r"column Price \(per hour, in USD\), found 2"),
    ],
)
def test_renamed_headings(parse: Parse, make_page: Any, headings: Sequence[str], problem: str) -> None:
    """A column is found by its name or not at all; the error lists the names that are there."""
    with pytest.raises(ParseError, match=problem):
        parse(make_page(GPU, headings=headings))


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        (lambda r: (r[0], "", "4", "16", "x86", r[1], r[2], "", "", "", ""), "row 1: looked for an instance type"),
        (lambda r: ("", r[0], "4", "16", "x86", r[1], r[2], "", "", "", ""), "looked for GPU yes or no, found '11.1'"),
        (lambda r: ("", r[0], "", "4", "16", "x86", r[1], "Find better", r[2], "", ""), "found 'Find better'"),
        (lambda r: ("", r[0], "", "4", "16", "x86", r[1], "", r[2], "", ""), "1 instance types with GPU, found none"),
        (lambda r: ("", r[0], "", "4", "16", "x86", r[1]), "row 1: looked for 11 cells, found 7"),
    ],
    ids=["left", "left-by-one", "right", "right-into-empty", "cut-off"],
)
def test_shifted_columns(parse: Parse, make_page: Any, cells: Any, problem: str) -> None:
    """A row whose values stand in other columns than their headings is an error, never another price."""
    with pytest.raises(ParseError, match=problem):
        parse(make_page(GPU, cells=cells))


def test_empty_list_is_an_alarm(parse: Parse) -> None:
    """The row that says that nothing was found is no instance type."""
    heads = "".join(f"<th>{heading}</th>" for heading in SHIFTED)
    row = '<tr class="no-records-found"><td colspan="11">No matching records found</td></tr>'

    with pytest.raises(ParseError, match="the list is empty: 'No matching records found'"):
        parse(f"<table><thead><tr>{heads}</tr></thead><tbody>{row}</tbody></table>")


def test_first_rows_of_a_list_are_no_list(parse: Parse, make_page: Any) -> None:
    """A page that draws only its first rows is refused, by how few they are and by what it says of the others."""
    with pytest.raises(ParseError, match="looked for at least 100 instance types of a whole list, found 30"):
        parse(make_page(GPU, fill=29))
    with pytest.raises(ParseError, match="the page shows 200 rows of 1169"):
        parse(make_page(GPU, fill=199, rest="<span>Showing 1 to 200 of 1,169 rows</span>"))
    assert len(parse(make_page(GPU, fill=199, rest="<span>Showing 1 to 200 of 200 rows</span>"))) == 1


def test_saved_page_may_be_a_part(make_document: Any, make_page: Any) -> None:
    """Of a page that somebody saved, what it shows is taken."""
    body = make_page(GPU, fill=29, rest="Showing 1 to 30 of 1169 rows")
    document = make_document("cloudprice-ec2", body, url=URL, obtained=Obtained.IMPORTED)

    assert len(registry.parse(document)) == 1


def test_heading_that_stays_in_sight_is_no_second_table(parse: Parse, make_page: Any) -> None:
    """A table of headings alone is passed over; two tables with rows are an error."""
    head = "<table><thead><tr><th>Instance</th><th>GPU</th><th>Price</th></tr></thead></table>"

    assert len(parse(make_page(GPU, rest=head))) == 1
    with pytest.raises(ParseError, match="looked for one table of instances, found 2"):
        parse(make_page(GPU, rest=make_page(GPU)))


def test_sagemaker_page_holds_ml_types_only(make_document: Any, make_page: Any) -> None:
    """The EC2 list at SageMaker's address is refused."""
    url = page_address(sagemaker.SERVICE, "us-test-1", "OnDemand")

    with pytest.raises(ParseError, match=r"looked for instance types ml\.\*, found z9test\.large"):
        registry.parse(make_document("cloudprice-sagemaker", make_page(GPU), url=url))
