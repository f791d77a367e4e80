"""Rows of the layout of 2025: prices in attributes, and nothing else is believed."""

from collections.abc import Callable

import pytest

from scrapers.errors import ParseError
from scrapers.records import Document, Listing
from scrapers.runpod import pricing

Parse = Callable[..., list[Listing]]
PRICE = '<p class="cc-gpu-price" data-secure-cloud-price="1001.01" data-community-cloud-price="{}">0</p>'


def row(inner: str, name: str = "Example", tag: str = "<p>11</p><p>GB VRAM</p>") -> str:
    """Write a row of the Pods."""
    return (
        f'<a class="gpu-pricing-row" href="/deploy?gpu=EX+ONE"><div class="gpu-pricing-row__model-wrapper">{name}</div>'
        f'<div class="gpu-pricing-row__tag">{tag}</div>{inner}</a>'
    )


@pytest.fixture
def parse(document_of: Callable[[str, str], Document]) -> Parse:
    """Parse a page made of these parts."""
    return lambda *parts: pricing.parse(document_of("runpod-pricing", f"<html><body>{''.join(parts)}</body></html>"))


def test_what_is_shown_is_never_read(parse: Parse) -> None:
    """The visible figure is a 0 before the script ran, and one of the two prices after."""
    for shown in ("0", "1001.01", "$1002.02/hr"):
        found = parse(row(PRICE.format("1002.02").replace(">0<", f">{shown}<")))
        assert [(x.cloud, x.price_text) for x in found] == [
            ("Secure Cloud", "1001.01"),
            ("Community Cloud", "1002.02"),
        ]
        assert {x.sku_id for x in found} == {"EX ONE"}


@pytest.mark.parametrize(
    ("markup", "problem"),
    [
        (row('<p class="cc-gpu-price">$1001.01/hr</p>'), "looked for data-secure-cloud-price and data-community"),
        (row('<p data-secure-cloud-price="1001.01"></p>'), "looked for 'data-community-cloud-price', found"),
        (row(PRICE.format("€1")), "found '€' in|looked for an amount like '2.99' in data-community-cloud-price"),
        (row(PRICE.format("1") + "/month"), r"per hour, but the row shows \['/month'\]"),
        (row(PRICE.format("1"), name=""), "looked for a GPU's name, found nothing"),
        (row(PRICE.format("1"), name="<p class='text-block-2'>A</p><p class='text-block-2'>B</p>"), "one name in"),
        (row(PRICE.format("1"), tag="99 GB RAM"), "looked for 'GB VRAM' or 'GB HBM' in 1 rows"),
        (row(PRICE.format("1")).replace("model-wrapper", "title"), r"looked for one name \(.gpu-pricing-row__model"),
    ],
)
def test_row_that_is_not_as_known_is_refused(markup: str, problem: str, parse: Parse) -> None:
    """A lost attribute, another unit, or a name that is not there or there twice, is an error."""
    with pytest.raises(ParseError, match=problem):
        parse(markup)
