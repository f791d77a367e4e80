"""Strict reading: exactly what must be there, or an error that says what was looked for and what was found."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from scrapers.errors import ParseError
from scrapers.records import Document
from scrapers.strict import at_least, columns, fail, one, read_json, read_text, take

MakeDocument = Callable[..., Document]


@pytest.fixture
def document(make_document: MakeDocument) -> Document:
    """Take any document."""
    return make_document("test-source", "[]")


def test_error_names_source_body_and_row(document: Document) -> None:
    """The message says which source, which body and which row."""
    error = fail(document, "looked for a price", row="row 7")

    assert str(error) == "test-source: body.json, row 7: looked for a price"
    assert (error.source, error.where, error.problem) == (
        "test-source",
        "body.json, row 7",
        "looked for a price",
    )
    assert fail(document, "looked for a price").where == "body.json"


def test_one_is_the_only_element(document: Document) -> None:
    """One element is returned."""
    assert one(document, ["x"], "table") == "x"


@pytest.mark.parametrize("found", [[], ["x", "y"]])
def test_none_or_more_than_one(document: Document, found: list[str]) -> None:
    """None and several are both errors."""
    with pytest.raises(ParseError, match=f"row 3: looked for one table, found {len(found)}"):
        one(document, found, "table", row="row 3")


def test_at_least_as_many(document: Document) -> None:
    """Enough elements are returned as they are."""
    assert at_least(document, 2, ["x", "y"], "rows") == ["x", "y"]


def test_fewer_than_that(document: Document) -> None:
    """Too few are an error."""
    with pytest.raises(ParseError, match="looked for at least 2 rows, found 1"):
        at_least(document, 2, ["x"], "rows")


def test_take_a_required_key(document: Document) -> None:
    """The value of a key is returned, also where it is None."""
    assert take(document, {"price": None}, "price") is None


@pytest.mark.parametrize(("mapping", "found"), [({}, "nothing"), ({"cost": 1, "unit": 2}, "cost, unit")])
def test_key_that_is_missing(document: Document, mapping: dict[str, int], found: str) -> None:
    """The message lists the keys that are there."""
    with pytest.raises(ParseError, match=f"row 3: looked for 'price', found {found}"):
        take(document, mapping, "price", row="row 3")


def test_columns_by_name(document: Document) -> None:
    """Columns are found by name, wherever they stand."""
    assert columns(document, ["b", "a"], ["a"]) == {"b": 0, "a": 1}


def test_column_that_is_missing(document: Document) -> None:
    """A missing column is named, with those that are there."""
    with pytest.raises(ParseError, match=r"looked for the columns \['price'\], found \['a', 'b'\]"):
        columns(document, ["a", "b"], ["a", "price"])


def test_json_numbers_keep_their_digits(make_document: MakeDocument) -> None:
    """A decimal number is a Decimal with its zeros, never a float."""
    (number, whole) = read_json(make_document("test-source", "[0.10, 7]"))

    assert (repr(number), whole) == ("Decimal('0.10')", 7)
    assert isinstance(number, Decimal)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("", "looked for JSON, found an empty body"),
        (" \n", "looked for JSON, found an empty body"),
        ("\n<!DOCTYPE html><title>Log in</title>", "found HTML or XML: '<!DOCTYPE html><title>Log in</title>'"),
        ('{"a": 1', "looked for JSON: Expecting"),
        ("[NaN]", "NaN is not a JSON number"),
        ("[-Infinity]", "-Infinity is not a JSON number"),
        (b"\xff\xff", "looked for JSON"),
        ("[" * 100_000, "looked for JSON"),
    ],
)
def test_body_that_is_not_json(make_document: MakeDocument, body: str | bytes, problem: str) -> None:
    """An empty body, a page, half a file and numbers that JSON does not have are errors."""
    with pytest.raises(ParseError, match=problem):
        read_json(make_document("test-source", body))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32-le", "latin-1"])
def test_only_utf_8_is_read(make_document: MakeDocument, encoding: str) -> None:
    """A body in another encoding is refused in a short sentence, although Python's JSON reader would guess it."""
    document = make_document("test-source", '{"price": "1.90 \u00e9"}'.encode(encoding))

    with pytest.raises(ParseError, match=r"looked for JSON: 'utf-8' codec|looked for JSON: Expecting"):
        read_json(document)
    if encoding != "utf-32-le":  # whose zeros are UTF-8 too, and no JSON
        with pytest.raises(ParseError, match=r"looked for text in UTF-8, found byte 0x[0-9a-f]{2} at \d+$"):
            read_text(document)


def test_text_without_its_mark(make_document: MakeDocument) -> None:
    """A byte order mark of UTF-8 is no part of the text."""
    document = make_document("test-source", "\ufeff{}".encode())

    assert (read_text(document), read_json(document)) == ("{}", {})
