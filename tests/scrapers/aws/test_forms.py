"""An offer file says the same in both of its forms."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from scrapers import registry
from scrapers.aws import ec2, sagemaker
from scrapers.records import Document

ReadCase = Callable[[str], tuple[Document, list[dict[str, Any]]]]


def test_csv_and_json_of_one_list_say_the_same(read_case: ReadCase) -> None:
    """The same offer as CSV and as JSON gives equal listings but for their locators."""
    listings = [
        [dataclasses.replace(listing, locator="") for listing in registry.parse(read_case(case)[0])]
        for case in ("ec2-csv-2026-09-10", "ec2-json-2026-09-10")
    ]

    assert listings[0] == listings[1]


@pytest.mark.parametrize("module", [ec2, sagemaker])
def test_file_read_while_it_arrives_gives_the_same(module: Any, read_case: ReadCase, make_response: Any) -> None:
    """A body that is fed in pieces gives the listings that parsing the stored one gives; a broken one gives none."""
    case = {ec2: "ec2-csv-2026-09-10", sagemaker: "sagemaker-csv-us-west-2-2026-09-01"}[module]
    document, _ = read_case(case)
    body = document.read()
    reader, broken = (module.open_reader(document.capture.resource, document.capture.url) for _ in range(2))
    for start in range(0, len(body), 1000):
        reader.feed(body[start : start + 1000])
    broken.feed(body[:-100])

    assert reader.finish(make_response(body)) == tuple(registry.parse(document))
    assert broken.finish(make_response(body[:-100])) is None
