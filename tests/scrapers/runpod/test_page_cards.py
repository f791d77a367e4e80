"""Cards of plain text: a price is of the cloud that is named right after it."""

from collections.abc import Callable

import pytest

from scrapers.errors import ParseError
from scrapers.places.locate import read_locator
from scrapers.records import Document, Listing
from scrapers.runpod import pricing

Parse = Callable[..., list[Listing]]


@pytest.fixture
def parse(document_of: Callable[[str, str], Document]) -> Parse:
    """Parse a page of these pieces of text, and see that every listing can be found again."""

    def parse_texts(*texts: str) -> list[Listing]:
        document = document_of("runpod-pricing", "".join(f"<p>{text}</p>" for text in texts))
        listings = pricing.parse(document)
        assert [read_locator(document, x.locator) for x in listings] == [x.quote for x in listings]
        return listings

    return parse_texts


CARD = ("Example", "11GB VRAM", "$1001.01/hr", "Secure Cloud", "$1002.02/hr", "Community Cloud")


def test_starting_price_is_skipped(parse: Parse) -> None:
    """The figure after "Starting from" is the cheaper of the two, whether in one piece with it or in the next."""
    for start in (("Starting from", "$1002.02/hr"), ("Starting from $1002.02/hr",), ("From $1002.02/hr",), ()):
        found = parse(*start, *CARD, *start, *CARD)
        assert [(x.cloud, x.price_text) for x in found] == [
            ("Secure Cloud", "1001.01"),
            ("Community Cloud", "1002.02"),
        ]


def test_which_cloud_comes_first_says_nothing(parse: Parse) -> None:
    """A cloud is read from its name, not from its place or its price."""
    texts = ("Example", "11 GB VRAM", "$1001.01/hr", "Community Cloud", "$1002.02 / hr", "Secure Cloud")

    assert [(x.cloud, x.price_text) for x in parse(*texts)] == [
        ("Community Cloud", "1001.01"),
        ("Secure Cloud", "1002.02"),
    ]


def test_what_follows_the_last_card_is_none_of_it(parse: Parse) -> None:
    """Prices and clouds in later text belong to no card that has both of its own."""
    assert len(parse(*CARD, "Storage", "$1.01/hr", "Questions", "Secure Cloud", "Community Cloud")) == 2


@pytest.mark.parametrize(
    ("texts", "problem"),
    [
        (
            (*CARD, "Other", "22GB VRAM", "$1003.03/hr"),
            r"Other: looked for a price like .* found '\$1003\.03/hr' and ''",
        ),
        ((*CARD, "Other", "22GB VRAM", "$1003.03/hr", "Third Cloud"), "found .* and 'Third Cloud'"),
        ((*CARD, "Other", "22GB VRAM", "€1003.03/hr", "Secure Cloud"), "found '€1003.03/hr' and 'Secure Cloud'"),
        ((*CARD, "Other", "22GB VRAM", "$1003.03/mo", "Secure Cloud"), "found '.1003.03/mo' and 'Secure Cloud'"),
        ((*CARD, "Other", "22GB VRAM", "$1.01/sec", "Secure Cloud"), "found '.1.01/sec' and 'Secure Cloud'"),
        (
            (*CARD, "Other", "22GB VRAM", "99GB RAM"),
            r"Other: looked for a price and Secure Cloud .* found \['99GB RAM'\]",
        ),
        (
            (*CARD, *CARD[:2], "$1003.03/hr", *CARD[3:]),
            r"one price is expected, two are there: '\$1001\.01/hr' at css:",
        ),
    ],
)
def test_card_that_cannot_be_read_is_refused(texts: tuple[str, ...], problem: str, parse: Parse) -> None:
    """A price of no cloud, another currency or unit, a card without prices, or two prices of one GPU, are errors."""
    with pytest.raises(ParseError, match=problem):
        parse(*texts)
