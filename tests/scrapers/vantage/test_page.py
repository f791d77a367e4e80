"""The Markdown page of one instance type in one region."""

from collections.abc import Callable
from pathlib import Path

import pytest

from scrapers import registry
from scrapers.errors import ParseError
from scrapers.records import Document
from scrapers.vantage.page import is_page

MakeDocument = Callable[..., Document]
URL = "https://instances.vantage.sh/aws/ec2/z9test.large-us-east-1.md"
HEAD = "| OS | On Demand | Spot Min | Spot Avg | Spot Max |"
DASHES = "|---|---|---|---|---|"
LINUX = "| Linux | $11.1/hr | $4.4/hr | $5.5/hr | $6.6/hr |"
FIXTURES = Path(__file__).parent / "fixtures"


def page(*rows: str, head: str = HEAD) -> str:
    """Make a page of these rows."""
    return "\n".join([head, DASHES, *rows])


@pytest.mark.parametrize(
    ("name", "sku", "region"),
    [
        ("p6-b200.48xlarge-us-west-2", "p6-b200.48xlarge", "us-west-2"),
        ("g4dn.metal-us-gov-west-1", "g4dn.metal", "us-gov-west-1"),
        ("z9test.metal-24xl-us-east-1-atl-1", "z9test.metal-24xl", "us-east-1-atl-1"),
        ("g6.xlarge-us-east-1-wl1-bos-wlz-1", "g6.xlarge", "us-east-1-wl1-bos-wlz-1"),
    ],
)
def test_address_names_type_and_region(make_document: MakeDocument, name: str, sku: str, region: str) -> None:
    """Type and region are taken from the page's address, zones and metal sizes as they are."""
    listings = registry.parse(make_document("vantage-ec2", page(LINUX), url=f"https://x.example/aws/ec2/{name}.md"))

    assert {(listing.sku, listing.region, listing.unit) for listing in listings} == {(sku, region, "/hr")}
    assert [(listing.terms, listing.price_text) for listing in listings] == [
        *(("ondemand", "11.1"), ("spot_min", "4.4"), ("spot_avg", "5.5"), ("spot_max", "6.6"))
    ]


@pytest.mark.parametrize(
    ("body", "url", "problem"),
    [
        (page(LINUX), "https://instances.vantage.sh/aws/ec2/g5.md", "looked for an instance type and a region in the"),
        (page(LINUX), "https://x.example/aws/ec2/g5.large-moon-1.md", "the currency of moon-1 is not known"),
        (page(LINUX, LINUX), URL, "looked for one row of Linux, found 2"),
        (
            page(LINUX.replace("$11.1", "¥11.1")),
            URL,
            "looked for a price in USD, the currency of us-east-1, found '¥11.1",
        ),
        (page(LINUX.replace("$11.1/hr", "11.1")), URL, "looked for a price such as .* in ondemand, found '11.1'"),
        (page(LINUX.replace("$11.1/hr", "$1.1.1/hr")), URL, r"in ondemand, found '\$1.1.1/hr'"),
        (page(LINUX.replace("$11.1/hr", "$1e-7/hr")), URL, r"in ondemand, found '\$1e-7/hr'"),
        (page("| Linux | $11.1/hr |"), URL, "line 3: looked for 5 cells, found 'Linux | \\$11.1/hr'"),
        (page(head="| OS | Spot Min | Spot Avg |"), URL, r"looked for the columns \['On Demand', 'Spot Max'\]"),
        (page(head=HEAD + " Flex |"), URL, r"looked for the columns of a price table once each, found \['Flex'\]"),
        (page(head=HEAD + " Spot Min |"), URL, "looked for the columns of a price table once each"),
        (HEAD, URL, "looked for the line of dashes below the head, found the end"),
        (f"{HEAD}\n{LINUX}", URL, "looked for the line of dashes below the head, found 'Linux"),
        ("| OS | \xff".encode("latin-1"), URL, "looked for a page in UTF-8"),
    ],
)
def test_page_that_is_not_known(make_document: MakeDocument, body: str | bytes, url: str, problem: str) -> None:
    """An address, a table or a price of another form is an error that says what was looked for and found."""
    with pytest.raises(ParseError, match=problem):
        registry.parse(make_document("vantage-ec2", body, url=url))


@pytest.mark.parametrize("rows", [("| RHEL | $3.3/hr | N/A | N/A | N/A |",), ()])
def test_missing_linux_row_is_never_replaced(make_document: MakeDocument, rows: tuple[str, ...]) -> None:
    """Without a row of Linux there is no price, whatever other systems cost."""
    (listing,) = registry.parse(make_document("vantage-ec2", page(*rows), url=URL))

    assert (listing.price_text, listing.terms, listing.locator) == (None, "ondemand", "md:1;1")
    assert listing.absence.startswith("no Linux price in us-east-1: the page lists ")


def test_surcharge_on_a_page_is_no_price(make_document: MakeDocument) -> None:
    """An on-demand price below the lowest spot price is none, as in the feed."""
    body = page(LINUX.replace("$11.1", "$0.1"))
    found = registry.parse(make_document("vantage-ec2", body, url=URL))[0]

    assert (found.price_text, "is no price of the machine" in found.absence) == (None, True)


@pytest.mark.parametrize("case", sorted(FIXTURES.glob("page-*")), ids=lambda case: case.name)
def test_page_has_one_reader(case: Path, read_case_at: Callable[[Path], tuple[Document, object]]) -> None:
    """The slow way reads a page as the fast way does."""
    document, _ = read_case_at(case)

    assert registry.parse_slowly(document) == registry.parse(document)


@pytest.mark.parametrize(
    ("start", "page_like"),
    [
        (b"| OS | On", True),
        (b"\n\xef\xbb\xbf", False),
        (b"\xef\xbb\xbf| OS |", True),
        (b"[{", False),
        (b"| Name |", False),
    ],
)
def test_page_is_known_by_its_beginning(start: bytes, *, page_like: bool) -> None:
    """The first cell of its table tells a page from a feed."""
    assert is_page(start) is page_like
