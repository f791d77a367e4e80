"""Lists of instances that nobody takes for real ones, as JSON and as a page."""

import json
from collections.abc import Callable, Sequence

import pytest

HEADINGS = ("", "Instance", "Family", "vCPU", "Memory GiB", "Arch", "GPU", "Price", "", "", "Best region")
Row = tuple[str, str, str]
"""Instance type, whether it has a GPU (yes or no), price."""


def filler(number: int) -> list[Row]:
    """Make rows without GPU, as most of a list are."""
    return [(f"x{n}test.large", "no", f"{1000 + n}") for n in range(number)]


@pytest.fixture
def make_json() -> Callable[..., str]:
    """Make the JSON of a list: the items given, then as many without GPU as make it a whole list."""

    def make(*items: object, prefix: str = "", fill: int = 100) -> str:
        others = [
            {"InstanceType": prefix + name, "HasGPU": False, "PricePerHour": int(price)}
            for name, _, price in filler(fill)
        ]
        return json.dumps({"Status": "ok", "Data": {"UpdatedAt": "", "Items": [*items, *others]}})

    return make


@pytest.fixture
def make_page() -> Callable[..., str]:
    """Make a rendered page: the rows given, then as many without GPU as make it a whole list."""

    def make(
        *rows: Row,
        headings: Sequence[str] = HEADINGS,
        cells: Callable[[Row], Sequence[str]] = lambda r: ("", r[0], "", "4", "16", "x86_64", r[1], r[2], "", "", ""),
        fill: int = 100,
        rest: str = "",
    ) -> str:
        head = "".join(f"<th>{heading}</th>" for heading in headings)
        body = "".join(
            f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells(row))}</tr>" for row in (*rows, *filler(fill))
        )
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        return f"<!DOCTYPE html><title>AWS EC2 | CloudPrice</title><body>{table}{rest}</body>"

    return make
