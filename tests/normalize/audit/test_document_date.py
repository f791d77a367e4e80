"""The date of a document: declared, printed, or the month it names most."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from normalize.audit.document_date import date_of
from scrapers.documents.reading import read_document


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\ndate: 2031-02-03\n---\n\n# T\n\nUpdated 2031-04-05.\n", date(2031, 2, 3)),
        ("# T\n\nPrices as of 3 February 2031, older ones of March 2030, March 2030.\n", date(2031, 2, 3)),
        ("# T\n\n*Report generated: 2031-02-03*\n", date(2031, 2, 3)),
        ("# T, 2031-02-03\n\nText.\n", date(2031, 2, 3)),
        ("# T\n\nPublished Feb. 3rd, 2031\n", date(2031, 2, 3)),
        ("# T\n\nRead (March 2031), and again (March 2031), announced in May 2031.\n", date(2031, 3, 31)),
        ("# T\n\nFebruary 2031 or March 2031.\n", date(2031, 3, 31)),
        ("# T\n\nUpdated 2031-02-31, in April 2031.\n", date(2031, 4, 30)),
        ("# T\n\nNo date at all.\n", None),
    ],
)
def test_date_is_the_surest_one(tmp_path: Path, text: str, expected: date | None) -> None:
    """Front matter before a line that says so, a day before a month; a month means its last day."""
    path = tmp_path / "document.md"
    path.write_text(text, encoding="utf-8")
    found = date_of(read_document(path))
    assert (found.on if found else None) == expected
    assert found is None or found.by
