"""An offer file says the same in both of its forms."""

import dataclasses
from collections.abc import Callable
from typing import Any

from scrapers import registry
from scrapers.records import Document

ReadCase = Callable[[str], tuple[Document, list[dict[str, Any]]]]


def test_csv_and_json_of_one_list_say_the_same(read_case: ReadCase) -> None:
    """The same offer as CSV and as JSON gives equal listings but for their locators."""
    listings = [
        [dataclasses.replace(listing, locator="") for listing in registry.parse(read_case(case)[0])]
        for case in ("ec2-csv-2026-09-10", "ec2-json-2026-09-10")
    ]

    assert listings[0] == listings[1]
