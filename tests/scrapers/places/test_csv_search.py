"""Finding a record by what stands in one of its columns, in files of any size."""

import csv
import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.errors import ParseError
from scrapers.places import csv_search
from scrapers.places.csv_search import find_record, find_records
from scrapers.places.locate import OpenBody, read_locator
from scrapers.records import Document

MakeDocument = Callable[..., Document]
HEAD = '"FormatVersion","v1.0"\n"SKU","Note","Price"\n'
BODY = HEAD + '"A1","B1 is meant","1.0"\n"B1","over\ntwo ""lines""",2.50\n"B1","again","3"\n"C1","same as A1\n","4"\n'


@pytest.mark.parametrize(
    ("locator", "text"),
    [
        ("row:SKU=A1;Price", "1.0"),
        ("row:SKU=B1;Price", "2.50"),
        ("row:SKU=B1;Note", 'over two "lines"'),
        ('row:Note=over\ntwo "lines";Price', "2.50"),
        ("row:Note=again;SKU", "B1"),
        ("row:Price=4;SKU", "C1"),
        ("row:FormatVersion=v1.0;FormatVersion", None),
    ],
)
def test_row_is_the_first_record_with_that_text(make_document: MakeDocument, locator: str, text: str | None) -> None:
    """A text in another column, or inside a longer one, is not meant; the header itself is no record."""
    document = make_document("test-source", BODY)

    if text is None:
        with pytest.raises(ParseError, match="nothing to read at"):
            read_locator(document, locator)
    else:
        assert read_locator(document, locator) == text


@pytest.mark.parametrize(
    "locator",
    [
        "row:SKU=Z9;Price",
        "row:SKU=A;Price",
        "row:SKU=A1;None",
        "row:None=A1;SKU",
        "row:SKU;Price",
        "row:SKU=A1",
        "row:",
    ],
)
def test_row_that_leads_nowhere_is_named(make_document: MakeDocument, locator: str) -> None:
    """No such record, no such column, or no such locator: an error that repeats the locator."""
    with pytest.raises(ParseError, match=f"nothing to read at '{locator}'"):
        read_locator(make_document("test-source", BODY), locator)


def test_body_that_is_no_text_leads_nowhere(make_document: MakeDocument) -> None:
    """A body that is not UTF-8, or empty, has no record."""
    for body in (b"", b"\xff\xfe\n"):
        with pytest.raises(ParseError, match="nothing to read at"):
            read_locator(make_document("test-source", body), "row:SKU=A1;Price")


def test_neighbours_of_a_record_cost_no_second_search(make_document: MakeDocument) -> None:
    """Several columns of one record are read with one pass over the body."""
    document = make_document("test-source", BODY)
    opened: list[int] = []
    body = OpenBody(Document(document.capture, lambda: opened.append(1) or document.opener()))  # type: ignore[func-returns-value]

    assert [body.read(f"row:SKU=B1;{column}") for column in ("SKU", "Price")] == ["B1", "2.50"]
    assert len(opened) == 1


CELL = st.text(st.sampled_from('ab,"\n é'), max_size=8)


@given(
    rows=st.lists(st.tuples(st.integers(1, 5).map(str), CELL, CELL), min_size=1, max_size=12),
    block=st.integers(40, 200),
)
def test_every_record_is_found_whatever_the_blocks(rows: list[tuple[str, str, str]], block: int) -> None:
    """With blocks of any size the record found is the first of the csv module's with that text."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([("Key", "One", "Two"), *rows])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_search, "_BLOCK_BYTES", block)
        for key in {row[0] for row in rows}:
            found = find_record(io.BytesIO(text.getvalue().encode()), "Key", key, "Two")
            assert tuple(found.values()) == next(row for row in rows if row[0] == key)


def test_many_records_are_found_in_one_pass() -> None:
    """The first record of each value, whatever its quotes and line breaks; a value that is not there is left out."""
    body = b'\xef\xbb\xbfabout,this\nid,price\nA,1.11\nB,"2.22\n"\nA,9.99\n"C,""c""",3.33\nshort\n'
    found = find_records(io.BytesIO(body), "id", {"A", "B", 'C,"c"', "Z"}, "price")
    assert {value: record["price"] for value, record in found.items()} == {"A": "1.11", "B": "2.22\n", 'C,"c"': "3.33"}


def test_many_records_need_the_header() -> None:
    """A file without the two columns is an error, as for a single record."""
    with pytest.raises(LookupError, match="no header has the columns id, price"):
        find_records(io.BytesIO(b"id,cost\nA,1\n"), "id", {"A"}, "price")
