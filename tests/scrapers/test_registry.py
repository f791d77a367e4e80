"""The registry: what every source declares, and what becomes of what its parser says or does not say."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from scrapers import registry
from scrapers.errors import CorruptError, FetchError, ParseError, UsageError
from scrapers.records import Document, Lineage, Listing, Obtained, Source

MakeDocument = Callable[..., Document]
EXPECTED = (10, 20)


@pytest.fixture
def source() -> Source:
    """Declare a source that expects 10 to 20 listings."""
    return Source(
        id="test-source",
        title="Test",
        publisher="Test",
        url="https://example.org/",
        lineage=Lineage.FIRST_PARTY,
        method="http",
        expected_listings=EXPECTED,
        max_age_days=14,
    )


@pytest.fixture
def parse_with(
    monkeypatch: pytest.MonkeyPatch, source: Source, make_document: MakeDocument
) -> Callable[[Callable[[Document], list[Listing]]], list[Listing]]:
    """Parse a body through the registry with a parser of the test's own."""

    def parse(parser: Callable[[Document], list[Listing]]) -> list[Listing]:
        module = SimpleNamespace(SOURCE=source, parse=parser)
        monkeypatch.setattr(registry, "source_module", lambda _source: module)
        return registry.parse(make_document("test-source", "[]"))

    return parse


def test_unknown_source_names_the_known_ones() -> None:
    """An id that is not registered is answered with those that are."""
    with pytest.raises(UsageError, match=r"unknown source 'aws-ec3'; the sources are: .*aws-ec2"):
        registry.source_module("aws-ec3")
    with pytest.raises(UsageError, match="unknown source ''"):
        registry.source_record("")


@pytest.mark.parametrize("name", registry.source_ids())
def test_every_source_declares_itself(name: str) -> None:
    """A registered module's record has the id it is registered under, and bounds that can be true."""
    found = registry.source_record(name)
    module = registry.source_module(name)
    fewest, most = found.expected_listings

    assert found.id == name
    assert found.title
    assert found.publisher
    assert found.url.startswith("https://")
    assert found.method in {"http", "browser", "api"}
    assert found.needs_account or found.method != "api"
    assert 0 < fewest < most if found.publishes_prices else (fewest, most) == (0, 0)
    assert 0 < found.max_age_days <= 366
    assert found.min_interval_seconds >= 0
    known = found.method != "api" and found.publishes_prices
    assert bool(found.allowed_hosts) is known, "boto3 has its own way out, and the facts name the evidence pages"
    assert not [host for host in found.allowed_hosts if "/" in host or ":" in host]
    assert callable(module.fetch)
    assert callable(module.parse)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("a"),
        KeyError("a"),
        IndexError(1),
        TypeError("a"),
        AttributeError("a"),
        ZeroDivisionError(),
        RecursionError(),
        AssertionError(),
        StopIteration(),
    ],
)
def test_whatever_a_parser_raises_becomes_a_parse_error(
    parse_with: Callable[..., list[Listing]], error: Exception
) -> None:
    """A body that breaks a parser breaks only its own source, with the cause kept."""

    def parser(_document: Document) -> list[Listing]:
        raise error

    with pytest.raises(ParseError, match=r"test-source: body\.json: the parser met what it does not know") as caught:
        parse_with(parser)
    assert caught.value.__cause__ is error


@pytest.mark.parametrize("error", [ParseError("s", "p"), FetchError("s", "p"), CorruptError("c")])
def test_our_own_errors_pass_unchanged(parse_with: Callable[..., list[Listing]], error: Exception) -> None:
    """An error that says already what is wrong is not wrapped: a damaged store is not the source's fault."""

    def parser(_document: Document) -> list[Listing]:
        raise error

    with pytest.raises(type(error)) as caught:
        parse_with(parser)
    assert caught.value is error


def test_empty_result_is_never_success(parse_with: Callable[..., list[Listing]]) -> None:
    """A parser that finds nothing has not understood its body."""
    with pytest.raises(ParseError, match="looked for prices, found none"):
        parse_with(lambda _document: [])


@pytest.mark.parametrize("count", [10, 20, 40])
def test_count_that_is_expected(source: Source, count: int) -> None:
    """From the fewest to twice the most is let through."""
    registry.check_count(source, count)


@pytest.mark.parametrize("count", [0, 9, 41])
def test_count_that_is_far_off(source: Source, count: int) -> None:
    """A read below the fewest, or above twice the most, is refused whole."""
    with pytest.raises(ParseError, match=f"{count} listings where 10 to 20 are expected"):
        registry.check_count(source, count)


@pytest.mark.parametrize(
    ("obtained", "count", "excerpt"),
    [
        (Obtained.LIVE, 1, False),
        (Obtained.IMPORTED, 9, True),
        (Obtained.IMPORTED, 10, False),
        (Obtained.RECONSTRUCTED, 9, True),
        (Obtained.RECONSTRUCTED, 10, False),
    ],
)
def test_excerpt_does_not_speak_of_what_it_leaves_out(
    source: Source, obtained: Obtained, count: int, *, excerpt: bool
) -> None:
    """Only what somebody saved or wrote can be an excerpt; a live read is whole or an error."""
    assert registry.is_excerpt(source, obtained, count) is excerpt
