"""The feed as a stream: what reading all of it finds, in any pieces and with little memory, or an error."""

import json
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers import registry
from scrapers.errors import ParseError
from scrapers.records import Content, Document, Listing, Response
from scrapers.vantage import feed
from scrapers.vantage.feed import FeedReader, FeedScan, read_feed, read_feed_slowly

MakeDocument = Callable[..., Document]
Record = Callable[..., dict[str, Any]]

TEXTS = ("São Paulo", 'a "quoted" word', "{a brace", '"GPU": 8', "}, {", '"instance_type": "x"', "\\", "plain")
STYLES: tuple[dict[str, Any], ...] = ({"indent": 1}, {"separators": (",", ":")}, {"ensure_ascii": False}, {})
TYPES = [f"{letters}{number}.large" for letters in ("x", "g", "trn") for number in range(1, 9)]
PLATFORMS = st.dictionaries(
    st.sampled_from(("linux", "sles", "newOS")),
    st.fixed_dictionaries(
        {"reserved": st.just({"yrTerm1Standard.noUpfront": "9.9"})},
        optional={"ondemand": st.sampled_from(("11.1", "0")), "spot_avg": st.just("5.5"), "spot_min": st.just("4.4")},
    ),
)
PARTS = {
    "family": st.sampled_from(("General purpose", "GPU instance", "Machine Learning ASIC Instances")),
    "GPU": st.sampled_from((0, 0, 0, 1, 0.5, "0", "2", None)),
    "GPU_model": st.sampled_from((None, None, "TEST A")),
    "GPU_memory": st.sampled_from((0, 11, None)),
    "pricing": st.dictionaries(st.sampled_from(("us-east-1", "us-east-1-atl-1", "cn-north-1")), PLATFORMS),
}
OTHERS = {"note": st.sampled_from(TEXTS), "more": st.lists(st.fixed_dictionaries({"GPU": st.just(4)}), max_size=2)}


@st.composite
def any_feed(draw: st.DrawFn) -> bytes:
    """Draw a feed of any shape that instances are known to have, keys and white space in any order."""
    types = draw(
        st.lists(st.sampled_from([f"{a}{n}.large" for a in ("x", "g", "trn") for n in range(1, 9)]), unique=True)
    )
    records = []
    for name in types:
        found = {"instance_type": name, **draw(st.fixed_dictionaries(PARTS, optional=OTHERS))}
        keys = draw(st.permutations(list(found))) if draw(st.booleans()) else list(found)
        records.append({key: found[key] for key in keys})
    return json.dumps(records, **draw(st.sampled_from(STYLES))).encode()


def found_by(read: Callable[[], list[Listing]]) -> list[Listing] | str:
    """Return the listings, or what was wrong."""
    try:
        return read()
    except ParseError as exc:
        return exc.problem


@given(any_feed(), st.integers(1, 500))
def test_stream_finds_what_reading_all_finds(body: bytes, piece: int) -> None:
    """The fast way gives the listings of the slow one, in the same order, in whatever pieces the feed comes."""
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    response = Response("instances.json", "", "", moment, 200, "application/json", Content.of(body))
    document = Document.of(response, source="vantage-ec2")
    pieces = [body[start : start + piece] for start in range(0, len(body), piece)]

    assert found_by(lambda: read_feed(document, pieces)) == found_by(lambda: read_feed_slowly(document, body))


def test_plain_instances_are_not_read_as_json(
    make_document: MakeDocument, record: Record, plain: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a hundred instances the one with a GPU is read."""
    read: list[bytes] = []
    really = feed.load_json
    monkeypatch.setattr(feed, "load_json", lambda d, text, *, row: read.append(text) or really(d, text, row=row))  # type: ignore[func-returns-value]
    body = json.dumps([*map(plain, range(60)), record(), *map(plain, range(60, 99))], indent=1)
    (listing,) = registry.parse(make_document("vantage-ec2", body))

    assert (len(read), listing.locator) == (1, "json:/60/pricing/us-east-1/linux/ondemand")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("", "looked for a JSON array of instances, found an empty body"),
        (" \n", "found an empty body"),
        ("<!DOCTYPE html><title>Vantage</title>", "found HTML or XML: '<!DOCTYPE html>"),
        ("{}", "looked for a JSON array of instances, found an object: '{}'"),
        ('{"error": "RateLimitExceeded"}', 'found an object: \'{"error": "RateLimitExceeded"}\''),
        ("null", "looked for a JSON array of instances, found 'null'"),
        ("Too Many Requests", "found 'Too Many Requests'"),
        ("[]", "looked for at least 1 instances, found 0"),
        ("[30]", "instance 0: looked for an object, found 30"),
        ("[[]]", r"instance 0: looked for an object, found \[\]"),
        ("[NaN]", "instance 0: looked for JSON in UTF-8: NaN is not a JSON number"),
        ('[{"instance_type": "z9test.large"', 'looked for a whole JSON value, found \'{"instance_type"'),
        ("[" * 100_000, "brackets nested too deeply"),
        ("[1]" * 2, "looked for nothing after the end of the JSON array, found '\\[1\\]'"),
        ("[1]".encode("utf-16"), "looked for a JSON array of instances in UTF-8, found UTF-16 or UTF-32"),
        ("[1]".encode("utf-16-le"), "looked for a whole JSON value, found '\\\\x001"),
        ("[1]".encode("utf-32"), "found UTF-16 or UTF-32"),
        (b'[{"instance_type": "z\xff"}]', "looked for UTF-8, found b'\\\\xff"),
    ],
)
@pytest.mark.parametrize("piece", [5, 1 << 20])
def test_body_that_is_no_array_of_instances(
    make_document: MakeDocument, body: str | bytes, problem: str, piece: int
) -> None:
    """A body of another kind, broken off or empty is an error that says what was found."""
    raw = body if isinstance(body, bytes) else body.encode()
    document = make_document("vantage-ec2", raw)
    for read in (
        lambda: registry.parse(document),
        lambda: read_feed(document, [raw[start : start + piece] for start in range(0, len(raw), piece)]),
    ):
        with pytest.raises(ParseError, match=problem):
            read()


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("", "found an empty body"),
        ("<html>", "looked for JSON in UTF-8: Expecting value"),
        ("{}", "found an object"),
        ("7", "found '7'"),
        ("[]", "looked for at least 1 instances, found 0"),
        ("[" * 100_000, "looked for JSON in UTF-8: maximum recursion depth"),
        (b"[\xff]", "looked for JSON in UTF-8"),
    ],
)
def test_slow_reader_refuses_the_same(make_document: MakeDocument, body: str | bytes, problem: str) -> None:
    """The slow way refuses what the fast way refuses."""
    with pytest.raises(ParseError, match=problem):
        registry.parse_slowly(make_document("vantage-ec2", body))


def test_byte_order_mark_is_no_part_of_the_feed(make_document: MakeDocument, record: Record) -> None:
    """A byte order mark of UTF-8 is passed over, by both readers."""
    document = make_document("vantage-ec2", "\ufeff" + json.dumps([record()]))

    assert registry.parse(document) == registry.parse_slowly(document)


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_constant_that_is_no_json(make_document: MakeDocument, record: Record, constant: str) -> None:
    """NaN and infinity, which Python would read, are no JSON."""
    body = json.dumps([record(GPU_memory="?")]).replace('"?"', constant)

    with pytest.raises(ParseError, match=f"instance 0: looked for JSON in UTF-8: {constant} is not a JSON number"):
        registry.parse(make_document("vantage-ec2", body))


@pytest.mark.parametrize("key", ["us-east-1", "linux", "ondemand", "GPU"])
def test_key_printed_twice(make_document: MakeDocument, record: Record, key: str) -> None:
    """Two values for one key are an error: the last one must not win."""
    body = json.dumps([record()]).replace(f'"{key}": ', f'"{key}": 7, "{key}": ', 1)

    with pytest.raises(ParseError, match=f"the key '{key}' is printed twice in one object"):
        registry.parse(make_document("vantage-ec2", body))


def test_instance_type_printed_twice(make_document: MakeDocument, record: Record, plain: Record) -> None:
    """Two records of one instance type are an error, with accelerators or without."""
    problem = r"instance 2 \({}\): the instance type is printed twice, first as instance 0"
    for twice in (record(), plain(1)):
        document = make_document("vantage-ec2", json.dumps([twice, record(instance_type="z9"), twice]))
        with pytest.raises(ParseError, match=problem.format(twice["instance_type"])):
            registry.parse(document)


def test_feed_without_an_accelerated_instance(make_document: MakeDocument, plain: Record) -> None:
    """A feed without any GPU is an error, never a success without prices."""
    with pytest.raises(ParseError, match="looked for prices, found none"):
        registry.parse(make_document("vantage-ec2", json.dumps([plain(1)])))


def test_what_is_wrong_is_said_at_the_end(make_document: MakeDocument, record: Record) -> None:
    """A feed that breaks is read no further, but its download goes on."""
    scan = FeedScan(make_document("vantage-ec2", "[]"))

    assert scan.feed(b"[7, " + json.dumps(record()).encode() + b" " * (1 << 20)) == 0
    assert scan.feed(b"]") == 0
    with pytest.raises(ParseError, match="instance 0: looked for an object, found 7"):
        scan.finish()


def test_reader_counts_and_gives_the_listings(
    make_document: MakeDocument, make_response: Callable[..., Response], record: Record
) -> None:
    """While the feed arrives the listings so far are counted; at its end they are there."""
    body = json.dumps([record(instance_type=f"z{n}.large", note="x" * 500_000) for n in range(5)]).encode()
    reader = FeedReader("vantage-ec2", "instances.json")
    counts = [reader.feed(body[start : start + 500_000]) for start in range(0, len(body), 500_000)]
    document = make_document("vantage-ec2", body)

    assert counts == sorted(counts)
    assert counts[-1] > 0
    assert list(reader.finish(make_response()) or ()) == registry.parse(document)


def test_reader_leaves_what_is_wrong_to_the_parser(
    make_response: Callable[..., Any], record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A feed that cannot be read has no listings yet, whatever broke its reader."""
    broken = FeedReader("vantage-ec2", "instances.json")
    broken.feed(b"{}")
    assert broken.finish(make_response()) is None

    def stumble(_element: bytes) -> None:
        raise ArithmeticError

    monkeypatch.setattr(feed, "plain_type", stumble)
    stumbled = FeedReader("vantage-ec2", "instances.json")
    padding = b" " * (1 << 20)
    assert [stumbled.feed(json.dumps([record()]).encode() + padding), stumbled.feed(padding)] == [0, 0]
    assert stumbled.finish(make_response()) is None


def test_memory_does_not_grow_with_the_feed(make_document: MakeDocument, record: Record, plain: Record) -> None:
    """A feed of 30 MB is read with a few MiB, most of it one piece of it."""
    prices = {f"us-east-{n}": {"linux": {"ondemand": "11.1"}, "sles": {"ondemand": "22.2"}} for n in range(500)}

    padding = json.dumps(plain(0, pricing=prices), indent=1).encode()

    def pieces() -> Iterator[bytes]:
        yield b"["
        for number in range(600):
            yield padding.replace(b"x0test", b"x%dtest" % number) + b","
        yield json.dumps(record()).encode() + b"]"

    size = sum(map(len, pieces()))
    tracemalloc.start()
    try:
        found = read_feed(make_document("vantage-ec2", "[]"), pieces())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert size > 30_000_000
    assert peak < 4_000_000
    assert [listing.sku for listing in found] == ["z9test.large"]
