"""The documentation's tables: known headers, missing prices, and what is refused."""

from collections.abc import Callable

import pytest

from scrapers.errors import ParseError
from scrapers.records import Document, Listing
from scrapers.runpod import docs

Parse = Callable[[str], list[Listing]]
TYPES = "| GPU ID | Display Name | Memory (GB) |\n| --- | --- | --- |\n"
PRICES = "| **GPU type(s)** | **Memory** | **Cost per second** |\n| --- | --- | --- |\n"


@pytest.fixture
def parse(document_of: Callable[[str, str], Document]) -> Parse:
    """Parse a Markdown text."""
    return lambda text: docs.parse(document_of("runpod-docs", text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "found no table"),
        ("<!DOCTYPE html><html></html>", "found no table"),
        ("| GPU | Price |\n| --- | --- |\n| One | $1 |\n", r"found \['GPU . Price'\]"),
        ("| GPU ID | Display Name | Memory (GB) |\n", "found no table"),
    ],
)
def test_page_with_neither_table_is_refused(text: str, found: str, parse: Parse) -> None:
    """A page without a known header is an error that names the headers that are there."""
    with pytest.raises(ParseError, match=f"looked for a table with the header GPU type.*{found}"):
        parse(text)


def test_table_is_known_by_its_header_not_by_its_file(parse: Parse) -> None:
    """Both tables may stand in one file, in any order, between other text and tables."""
    other = "| Setting | Default |\n| --- | --- |\n| Idle timeout | 5s |\n"
    listings = parse(f"# A\n{other}\n{TYPES}| X | Example | 11 |\n\ntext\n\n{PRICES}| Group | 12 GB | $1.01 |")

    assert [(listing.sku, listing.terms, listing.price_text) for listing in listings] == [
        ("Example", "catalogue", None),
        ("Group", "Cost per second", "1.01"),
        ("Group", "Active", None),
    ]


def test_single_column_says_that_active_was_withdrawn(parse: Parse) -> None:
    """Since 2026-05-13 there is one price: the Active price is withdrawn, neither 0 nor the Flex price, nor silence."""
    flex, active = parse(f"text\n{PRICES}| Group | 12 GB | \\$1.0100 |\n")

    assert (flex.terms, flex.price_text, flex.quote) == ("Cost per second", "1.0100", "\\$1.0100")
    assert (active.terms, active.sku, active.gpu_memory, active.price_text) == ("Active", "Group", "12 GB", None)
    assert active.absence.startswith("withdrawn: since 2026-05-13")
    assert (active.locator, active.quote) == ("md:2;3", "**Cost per second**")


def test_active_above_flex_is_refused(parse: Parse) -> None:
    """An Active worker never costs more: two columns were exchanged, or their names."""
    table = "### per second\n| GPU type(s) | Memory | Flex | Active |\n|---|---|---|---|\n| Group | 12 GB | {} | {} |\n"

    assert len(parse(table.format("$1.02", "$1.02"))) == 2
    with pytest.raises(ParseError, match=r"found Active 1\.03 above Flex 1\.02: are the columns shifted"):
        parse(table.format("$1.02", "$1.03"))


@pytest.mark.parametrize("cell", ["", "-", "N/A", "$0", "Contact sales"])
def test_cell_without_a_price_says_so(cell: str, parse: Parse) -> None:
    """An empty cell, a dash or a zero is a listing without a price."""
    listing = parse(f"{PRICES}| Group | 12 GB | {cell} |\n")[0]

    assert listing.price_text is None
    assert listing.absence
    assert not listing.absence.startswith("withdrawn")


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("| Group | 12 GB | €1.01 |", "looked for an amount like"),
        ("| Group | 12 GB | $1.01/hr |", "looked for an amount like"),
        ("| Group | twelve | $1.01 |", "looked for a group and a memory"),
        ("|  | 12 GB | $1.01 |", "looked for a group and a memory"),
        ("| Group | 12 GB |", "line 3: looked for 3 cells, found 2"),
        ("| Group | 12 GB | $1.01 |\n| Group | 12 GB | $2.02 |", "one price is expected, two are there"),
    ],
)
def test_price_row_that_is_not_as_known_is_refused(row: str, problem: str, parse: Parse) -> None:
    """A row with another currency, unit, memory or number of cells, or said twice, is an error."""
    with pytest.raises(ParseError, match=problem):
        parse(f"{PRICES}{row}\n")


@pytest.mark.parametrize("header", ["| GPU type(s) | Memory | Cost per minute |", "| GPU type(s) | Memory |"])
def test_price_table_with_other_columns_is_refused(header: str, parse: Parse) -> None:
    """A column that is not known, or no price column, is an error that lists the columns."""
    with pytest.raises(ParseError, match="looked for the columns Flex"):
        parse(f"{header}\n|---|---|---|\n| Group | 12 GB | $1.01 |\n")


def test_unit_is_read_never_assumed(parse: Parse) -> None:
    """A column called Flex has its unit from the heading above the table, or it is refused."""
    table = "| GPU type(s) | Memory | Flex |\n|---|---|---|\n| Group | 12 GB | $1.01 |\n"

    assert parse(f"### Pricing table (per second)\n\n{table}")[0].unit == "per second"
    with pytest.raises(ParseError, match="looked for 'per second' in the column 'Flex' or the heading 'Rates'"):
        parse(f"# Rates\n\n{table}")


@pytest.mark.parametrize("row", ["| X | Example |", "| X | Example | 11 GB |", "|  | Example | 11 |"])
def test_catalogue_row_that_is_not_as_known_is_refused(row: str, parse: Parse) -> None:
    """A GPU type has an id, a name and a number of GB."""
    with pytest.raises(ParseError, match="line 3: looked for GPU ID, Display Name, Memory"):
        parse(f"{TYPES}{row}\n")
