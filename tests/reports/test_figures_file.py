"""The list of a report's figures: whole, stable, and read again as strictly as it was written."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from normalize.computed import Quantity, age_days, gpu_count, percent, usd_per_gpu_hour, usd_per_sku_hour
from reports.figures_file import digest_of, figures_file
from reports.figures_reader import read_figures
from reports.records import Bullets, Column, Heading, Paragraph, Report, Section, Span, Table
from reports.wording import passages
from scrapers.errors import UsageError

NORMALIZE = Path(__file__).parents[1] / "normalize"


@pytest.fixture(scope="module")
def build(load_module: Callable[[Path], ModuleType]) -> ModuleType:
    """The module that builds artificial records."""
    return load_module(NORMALIZE / "builders.py")


@pytest.fixture(scope="module")
def printed(build: ModuleType, small: Report) -> Report:
    """A report with every kind of figure in every kind of block."""
    node, one = build.offer("8.88", gpu_count=Decimal(8)), build.offer("2.22", sku="x1.large")
    whole, each, count = usd_per_sku_hour(node), usd_per_gpu_hour(one), gpu_count(node)
    delta, apart, age = percent(one, node), percent(one, node, apart=True), age_days((node,), build.day(9).date())
    blocks = (
        Heading("Prices"),
        Paragraph(
            (Span("Costs "), Span("$2.22", receipts=(1,), figure=each), Span(", see "), Span("here", receipts=(2,)))
        ),
        Bullets(((Span("link", url="https://examplecloud.example/"), Span(" of "), Span("6", figure=age)),)),
        Table(
            "In USD",
            (Column("GPU"), Column("Price"), Column("Delta")),
            (
                (
                    (Span("Example GPU"),),
                    (Span("$8.88/hr", receipts=(2,), figure=whole), Span(" for "), Span("8×", figure=count)),
                    (Span("-50% Otherhost", figure=delta),),
                ),
            ),
        ),
    )
    return replace(
        small,
        sections=(Section(1, "prices", "Prices", blocks),),
        receipts=tuple(
            replace(r, retrieved_at="2031-02-03T04:05:06Z", body="2031-02-03T040506Z/x/y.zst")
            for r in small.receipts[:2]
        ),
        answer="It is 50% less.",
        answer_line=(Span("It is "), Span("50%", figure=apart), Span(" less.")),
        brief="example",
        as_of="2031-02-09T00:00:00Z",
    )


@pytest.fixture
def content(printed: Report) -> dict[str, Any]:
    """The list of its figures, to be changed."""
    made: dict[str, Any] = json.loads(figures_file(printed, {"md": b"m", "html": b"h"}))
    return made


def body(content: dict[str, Any]) -> bytes:
    """Write a changed list."""
    return json.dumps(content).encode()


def test_every_figure_says_where_it_stands_and_what_it_is_of(content: dict[str, Any]) -> None:
    """Place, text, quantity, unit, exact value, offers and receipts of each figure, in the order of reading."""
    keys = ("where", "row", "column", "printed", "quantity", "unit", "value", "offers", "receipts")
    assert [tuple(figure[key] for key in keys) for figure in content["figures"]] == [
        ("answer", None, None, "50%", "percent_apart", "percent", "50", [0, 1], []),
        ("section 1", None, None, "$2.22", "usd_per_gpu_hour", "USD per GPU-hour", "2.22", [0], [1]),
        ("section 1", None, None, "here", "quoted", None, None, [], [2]),
        ("section 1, item 1", "1", None, "6", "age_days", "days", "6", [1], []),
        (
            "section 1, row Example GPU",
            "Example GPU",
            "Price",
            "$8.88/hr",
            "usd_per_sku_hour",
            "USD per hour of the whole SKU",
            "8.88",
            [1],
            [2],
        ),
        ("section 1, row Example GPU", "Example GPU", "Price", "8×", "gpu_count", "GPUs", "8", [1], []),
        (
            "section 1, row Example GPU",
            "Example GPU",
            "Delta",
            "-50% Otherhost",
            "percent_change",
            "percent",
            "-50",
            [0, 1],
            [],
        ),
    ]
    assert [figure["id"] for figure in content["figures"]] == [f"f{n}" for n in range(1, 8)]
    assert {figure["quantity"] for figure in content["figures"]} == {*Quantity, "quoted"}


def test_formulas_are_for_people(content: dict[str, Any]) -> None:
    """Each figure says in one line how it follows from its offers; what is only quoted has no formula."""
    formulas = [figure["formula"] for figure in content["figures"]]
    name = "Examplecloud Machines"
    against = f"{name} x1.8xlarge, on-demand against {name} x1.large, on-demand"
    assert formulas == [
        f"(1.11 − 2.22) ÷ 2.22 × 100, without its sign: {against}",
        f"{name} x1.large, on-demand: 2.22 USD per hour ÷ 1 GPU = 2.22 USD per GPU-hour",
        None,
        "days from 2031-02-03 to the report's date",
        f"{name} x1.8xlarge, on-demand: 8.88 USD per hour ÷ 8 GPU = 1.11 USD per GPU-hour; × 8 GPU",
        f"GPUs of {name} x1.8xlarge, on-demand",
        f"(1.11 − 2.22) ÷ 2.22 × 100: {against}",
    ]


def test_receipts_lead_back_to_the_bytes(content: dict[str, Any], printed: Report) -> None:
    """Each receipt names source, address, time, origin, whole hash, body, locator and quote."""
    receipt = printed.receipts[0]
    assert content["receipts"][0] == {
        "number": 1,
        "subject": receipt.subject,
        "derivation": receipt.derivation,
        "source": receipt.source_id,
        "url": receipt.url,
        "retrieved_at": "2031-02-03T04:05:06Z",
        "obtained": receipt.obtained,
        "sha256": receipt.sha256,
        "body": "2031-02-03T040506Z/x/y.zst",
        "locator": receipt.locator,
        "quote": receipt.quote,
    }


def test_all_that_is_printed_is_there_in_its_order(content: dict[str, Any], printed: Report) -> None:
    """Cover, sections, receipts and last page, cut after links, with the ids of the figures in each."""
    texts = [(text["text"], text["figures"]) for text in content["texts"]]
    assert texts[:2] == [(printed.title, []), ("It is 50% less.", ["f1"])]
    assert ("Costs $2.22[1], see here[2]", ["f2", "f3"]) in texts
    assert texts[texts.index(("link", ["f4"])) + 1] == ("of 6", ["f4"])
    assert ("Example GPU $8.88/hr[2] for 8× -50% Otherhost", ["f5", "f6", "f7"]) in texts
    assert texts[-1] == (f"Report generated: {printed.date}", [])
    assert len(texts) == sum(len(passage.runs) for passage in passages(printed))


def test_list_reads_back(content: dict[str, Any], printed: Report, build: ModuleType) -> None:
    """Offers come back as the records that they were, and each figure with what it is computed from."""
    file, whole = read_figures(figures_file(printed, {"md": b"m", "html": b"h"}), "x.figures.json")
    assert whole
    assert file.offers == (build.offer("2.22", sku="x1.large"), build.offer("8.88", gpu_count=Decimal(8)))
    assert file.computed(file.figures[0]) == percent(*file.offers, apart=True)
    assert file.computed(file.figures[2]) is None
    assert file.receipts[0].citation.body == content["receipts"][0]["body"]
    assert file.as_of.isoformat() == "2031-02-09T00:00:00+00:00"


def test_half_of_a_surrogate_pair_is_escaped(printed: Report) -> None:
    """A quote that no encoding knows is kept as JSON's escape of it, not lost and not an error."""
    odd = replace(printed, receipts=(replace(printed.receipts[0], quote="\ud800 1.11"), *printed.receipts[1:]))
    written = figures_file(odd, {})
    file, whole = read_figures(written, "x")
    assert b"\\ud800" in written
    assert file.receipts[0].quote == "\ud800 1.11"
    assert whole


def test_changed_list_is_told_from_a_whole_one(content: dict[str, Any]) -> None:
    """The digest is of all but itself: one other digit, and it no longer fits."""
    assert read_figures(body(content), "x")[1]
    content["texts"][0]["text"] += "1"
    assert not read_figures(body(content), "x")[1]
    assert read_figures(body({**content, "digest": digest_of(content)}), "x")[1]


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (b"", "x.json: is no JSON"),
        (b"\xff", "x.json: is no JSON"),
        (b"[" * 100_000, "x.json: is no JSON"),
        (b"[]", "looked for a report's figures of format 1, found format None"),
        (b'{"format": 2}', "found format 2"),
        (b'{"format": 1}', "is no list of a report's figures: generator: Field required"),
    ],
)
def test_what_is_no_list_is_refused(made: bytes, message: str) -> None:
    """Anything else is refused with the name of the file and what was looked for."""
    with pytest.raises(UsageError, match=message):
        read_figures(made, "x.json")


@pytest.mark.parametrize(
    ("part", "key", "value", "place"),
    [
        ("figures", "value", "much", "figures/0/value"),
        ("figures", "quantity", "weight", "figures/0/quantity"),
        ("figures", "extra", 1, "figures/0/extra"),
        ("offers", "observed_at", "yesterday", "offers/0"),
        ("offers", "citations", 7, "offers/0"),
        ("receipts", "obtained", "dreamt", "receipts/0/obtained"),
    ],
)
def test_list_with_a_strange_value_is_refused(
    content: dict[str, Any], part: str, key: str, value: object, place: str
) -> None:
    """The message names the place of the first value that cannot be."""
    content[part][0][key] = value
    with pytest.raises(UsageError, match=f"is no list of a report's figures: {place}"):
        read_figures(body(content), "x")


def test_offer_that_is_no_object_is_refused(content: dict[str, Any]) -> None:
    """An offer must be an object."""
    content["offers"][0] = "cheap"
    with pytest.raises(UsageError, match="offers/0"):
        read_figures(body(content), "x")


@pytest.mark.parametrize("changes", [{"value": None}, {"offers": [9]}, {"offers": [-1]}, {"offers": []}])
def test_figure_of_nothing_cannot_be_computed(content: dict[str, Any], changes: dict[str, object]) -> None:
    """A figure without a value, or of offers that the list does not hold, is an error of that figure alone."""
    content["figures"][0].update(changes)
    file, _ = read_figures(body(content), "x")
    with pytest.raises(ValueError, match="does not say what it is computed from"):
        file.computed(file.figures[0])
