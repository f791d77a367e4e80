"""The Capacity Blocks page, as tables and as JSON in scripts."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from scrapers.aws import capacity_blocks
from scrapers.errors import ParseError
from scrapers.places.locate import read_locator
from scrapers.records import Document
from scrapers.wire.web import Web

DocumentOf = Callable[[str, str], Document]
SOURCE = "aws-capacity-blocks"
HEADER = ("Instance Type", "Region", "Effective Hourly Rate")
ROW = ("p99.48xlarge", "US East (Ohio)", "$1,001.5 USD ($125.1875 USD)")


def table(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> str:
    """Write a table."""
    lines = ["".join(f"<td>{cell}</td>" for cell in cells) for cells in (header, *rows)]
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def script(**changes: Any) -> str:
    """Write a table as the page's script holds it, with some of its parts changed."""
    fields = {
        "itemTableColumns": [{"Heading": h, "accessor": str(n)} for n, h in enumerate(HEADER, start=1)],
        "itemTableRowGroups": [{"id": "row1", "label": ROW[0]}],
        "itemTableData": [{"idProperty": "row1", "2": ROW[1], "3": f"<p>{ROW[2]}<br /></p>\r\n"}],
    }
    texts = {name: json.dumps(part) for name, part in (fields | changes).items() if part is not None}
    content = {"data": {"items": [{"fields": texts}]}}
    return f'<script type="application/json">{json.dumps(content)}</script>'


@pytest.mark.parametrize("page", [table(ROW), script()])
def test_rate_is_that_of_the_instance(page: str, document_of: DocumentOf) -> None:
    """The first figure is the instance's, without its thousands separator; the quote is the whole cell."""
    document = document_of(SOURCE, page)
    listing = capacity_blocks.parse(document)[0]

    assert (listing.sku, listing.region, listing.price_text) == ("p99.48xlarge", "us-east-2", "1001.5")
    assert read_locator(document, listing.locator) == listing.quote == ROW[2]


def test_both_forms_of_one_table_are_one(document_of: DocumentOf) -> None:
    """A rendered page holds a table twice: equal rates are one listing."""
    assert len(capacity_blocks.parse(document_of(SOURCE, script() + table(ROW)))) == 1


def test_own_name_goes_before_the_groups(document_of: DocumentOf) -> None:
    """A row that names its instance type itself has that one, not the label of its group."""
    row = {"idProperty": "row1", "1": "p98.48xlarge", "2": ROW[1], "3": ROW[2]}
    listings = capacity_blocks.parse(document_of(SOURCE, script(itemTableData=[row])))

    assert [listing.sku for listing in listings] == ["p98.48xlarge"]


def test_region_code_is_preferred_where_it_is_printed(document_of: DocumentOf) -> None:
    """A column of region codes needs no table of names."""
    page = table((*ROW, "xx-example-1"), header=(*HEADER, "Region code"))

    assert capacity_blocks.parse(document_of(SOURCE, page))[0].region == "xx-example-1"


@pytest.mark.parametrize(
    ("cell", "count", "name"),
    [("8 x H100", "8", "H100"), ("16 x AWS Trainium", "16", "AWS Trainium"), ("H100", None, "H100")],
)
def test_accelerators_are_kept_as_printed(cell: str, count: str | None, name: str, document_of: DocumentOf) -> None:
    """Count and name of the accelerators come from their cell."""
    page = table((*ROW, cell), header=(*HEADER, "Accelerator"))
    listing = capacity_blocks.parse(document_of(SOURCE, page))[0]

    assert (listing.gpu_count, listing.gpu_name) == (count, name)


@pytest.mark.parametrize("text", ["", "Contact sales", "N/A", "$0.00 USD"])
def test_no_rate_is_an_absence(text: str, document_of: DocumentOf) -> None:
    """A cell without a rate is listed without a price."""
    document = document_of(SOURCE, table((*ROW[:2], text)))
    listing = capacity_blocks.parse(document)[0]

    assert listing.price_text is None
    assert listing.absence
    assert read_locator(document, listing.locator) == listing.quote == text


def test_own_accelerators_are_ignored(document_of: DocumentOf) -> None:
    """Trainium is no GPU."""
    page = table(ROW, ("trn99.48xlarge", *ROW[1:]))

    assert [listing.sku for listing in capacity_blocks.parse(document_of(SOURCE, page))] == [ROW[0]]


def test_two_rates_are_refused(document_of: DocumentOf) -> None:
    """Two rates of one type and region are an error, never a choice."""
    with pytest.raises(ParseError, match=r"one rate of p99.48xlarge in us-east-2, found .*\$2 USD"):
        capacity_blocks.parse(document_of(SOURCE, table(ROW, (*ROW[:2], "$2 USD"))))


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("", "looked for a page, found an empty body"),
        (table(("a", "b"), header=("Instance Type", "Linux")), "found Instance Type, Linux"),
        (table(ROW[:2], header=HEADER[:2]), "looked for one rate column, found 0"),
        (table((*ROW, "1"), header=(*HEADER, "Region")), "looked for one region column, found 2"),
        (table((*ROW, "$1"), header=(*HEADER, "Rate from June")), "unknown columns Rate from June"),
        (table(ROW[:2]), "table 0, row 1: looked for 3 cells, found 2"),
        (table((*ROW, "one too many")), "row 1: looked for 3 cells, found 4"),
        (table((ROW[0], "Example (City)", ROW[2])), r"unknown region 'Example \(City\)'; add its code"),
        (table((*ROW[:2], "from $1")), "p99.48xlarge in US East .*: looked for a rate .* found 'from"),
        (script(itemTableRowGroups=[]), "row 1: looked for sku, found no such cell"),
        (script(itemTableRowGroups=None), "looked for 'itemTableRowGroups'"),
        (script(itemTableColumns=None), "looked for 'itemTableColumns'"),
        ('<script type="application/json">{itemTableData</script>', "script 0: looked for JSON"),
        ('<script type="application/json">{"itemTableData": 1}</script>', "script 0: looked for 'data'"),
    ],
)
def test_page_of_another_structure_is_refused(page: str, message: str, document_of: DocumentOf) -> None:
    """What is not the page is refused with what was looked for and what was found."""
    with pytest.raises(ParseError, match=message):
        capacity_blocks.parse(document_of(SOURCE, page))


def test_fetch_asks_for_the_page(origin: Any) -> None:
    """The page is one body for all regions, under its public URL."""
    origin.bodies["/ec2/capacityblocks/pricing/"] = b"<html></html>"

    with Web(origins={"https://aws.amazon.com": origin.address}) as web:
        responses = list(capacity_blocks.fetch(web, []))

    assert [(r.resource, r.url) for r in responses] == [
        ("pricing.html", "https://aws.amazon.com/ec2/capacityblocks/pricing/")
    ]
