"""Records cut out of the bytes around them."""

from __future__ import annotations

import pytest

from scrapers.places.csv_records import field_count, whole_record

TEXT = 'a,b,c\n1,"two\nlines, é",3\nx,y,z\n'
BODY = TEXT.encode()


def test_line_is_widened_to_its_record() -> None:
    """From either of its two lines the same record is found."""
    start, end = BODY.index(b"1,"), BODY.index(b"\nx,")

    assert whole_record(BODY, start, start + len(b'1,"two'), 3) == (start, end, ["1", "two\nlines, é", "3"])
    assert whole_record(BODY, BODY.index(b"lines"), end, 3) == (start, end, ["1", "two\nlines, é", "3"])


def test_window_that_ends_within_a_character_holds_no_record() -> None:
    """The rest of the record is still to come: nothing is wrong with the bytes."""
    cut = BODY.index("é".encode()) + 1

    assert whole_record(BODY[:cut], BODY.index(b"1,"), BODY.index(b"\nlines"), 3) is None


def test_bytes_that_are_no_utf8_are_an_error() -> None:
    """A broken character within the window is the body's own."""
    body = BODY.replace("é".encode(), b"\xff")

    with pytest.raises(UnicodeDecodeError):
        whole_record(body, body.index(b"1,"), body.index(b"\nx,"), 3)


def test_fields_of_a_broken_line_are_counted() -> None:
    """However broken, so that a message can say how many there were."""
    assert field_count(b'a,b,"c') == 3
