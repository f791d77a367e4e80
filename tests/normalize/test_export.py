"""Rows for other programs: the same keys always, every digit, and nothing where there is nothing."""

import csv
import io
import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from types import ModuleType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.export import change_record, record, to_csv, to_json, to_parquet
from normalize.facts import Facts
from normalize.records import (
    Change,
    ChangeKind,
    Citation,
    Finding,
    Market,
    Offer,
    PriceBasis,
    PricingCategory,
    Severity,
)
from normalize.units import per_gpu_hour, read_price

DESIGNED = (
    *("provider", "service", "sku", "region", "operating_system", "pricing_category", "cloud_type"),
    *("commitment_months", "payment_option", "gpu", "gpu_vendor", "gpu_model", "gpu_form_factor", "gpu_count"),
    *("gpu_memory_gib", "list_unit_price", "pricing_unit", "billing_currency", "usd_per_gpu_hour", "lineage"),
    *("observed_at", "quarantined", "citations"),
)
"""Keys that an offer has at least: docs/design.md."""


@pytest.fixture
def full(build: ModuleType) -> Offer:
    """An offer with something in every field."""
    offer: Offer = build.offer(
        "0.00000222",
        sku_id="EXAMPLESKU",
        region="north",
        operating_system="Linux",
        pricing_category=PricingCategory.COMMITTED,
        cloud_type=build.SECURE,
        commitment_months=36,
        payment_option="all_upfront",
        upfront_fee=Decimal(7777),
        offering_class="savings_plan",
        gpu_form_factor="SXM",
        gpu_pool=("example-gpu-11gb", "example-gpu-22gb"),
        gpu_as_printed=("Example, GPU", "1", "11 GB"),
        pricing_unit="second",
        usd_per_gpu_hour=Decimal("0.007992"),
        absence="said beside the price",
        quarantined="two prices",
    )
    return offer


@pytest.fixture
def bare(build: ModuleType) -> Offer:
    """An offer that lacks all that an offer may lack."""
    offer: Offer = build.offer(None, gpu_as_printed=(None, None, None), absence="")
    return offer


def parquet_rows(offers: list[Offer]) -> list[dict[str, Any]]:
    """Return what a reader of the Parquet file gets."""
    rows: list[dict[str, Any]] = pq.read_table(pa.BufferReader(to_parquet(offers))).to_pylist()
    return rows


def csv_rows(offers: list[Offer]) -> list[dict[str, str]]:
    """Return what a reader of the CSV file gets."""
    return list(csv.DictReader(io.StringIO(to_csv(offers), newline="")))


def values(content: Any) -> list[Any]:
    """Return every value in a JSON value."""
    if isinstance(content, dict):
        return [v for inner in content.values() for v in values(inner)]
    if isinstance(content, list):
        return [v for inner in content for v in values(inner)]
    return [content]


def test_keys_are_the_fields_in_their_order(full: Offer, bare: Offer) -> None:
    """Every offer has the same keys, those of the record, and at least the designed ones."""
    assert list(record(full)) == list(record(bare)) == [f.name for f in fields(Offer)]
    assert set(DESIGNED) <= set(record(full))
    assert list(record(full)["citations"][0]) == [f.name for f in fields(Citation)]


def test_decimals_are_text_without_exponent(full: Offer) -> None:
    """2.22E-6 is written out, with the digits as printed."""
    content = record(full)
    assert content["list_unit_price"] == "0.00000222"
    assert content["usd_per_gpu_hour"] == "0.007992"
    assert content["gpu_count"] == "1"
    assert record(replace(full, list_unit_price=Decimal("55.0400000000")))["list_unit_price"] == "55.0400000000"
    assert record(replace(full, gpu_memory_gib=Decimal("1E+1")))["gpu_memory_gib"] == "10"


def test_what_is_absent_is_null(bare: Offer) -> None:
    """Never 0 and never ""."""
    content = record(bare)
    absent = {name for name, value in content.items() if value is None}
    assert absent == {
        *("sku_id", "region", "operating_system", "cloud_type", "commitment_months", "payment_option"),
        *("offering_class", "gpu_form_factor", "list_unit_price", "upfront_fee", "usd_per_gpu_hour"),
        *("absence", "quarantined"),
    }
    assert content["gpu_as_printed"] == [None, None, None]
    assert not [v for v in values(content) if v in ("", 0)]


def test_a_quote_is_verbatim(build: ModuleType) -> None:
    """The text of an empty attribute is empty: that is what stands there, not that nothing was read."""
    offer = build.offer(None, citations=(build.citation(quote=""),))
    assert record(offer)["citations"][0]["quote"] == ""


def test_times_are_utc(build: ModuleType) -> None:
    """Times are ISO 8601 with Z, whatever zone they came in."""
    east = datetime(2031, 2, 3, 6, 5, 6, tzinfo=timezone(timedelta(hours=2)))
    assert record(build.offer(observed_at=east))["observed_at"] == "2031-02-03T04:05:06Z"
    assert record(build.offer(observed_at=datetime(2031, 2, 3, 4, 5, 6, 789, UTC)))["observed_at"] == (
        "2031-02-03T04:05:06Z"
    )


def test_a_day_is_a_day(kept_facts: Facts) -> None:
    """Dates of statements are written as dates."""
    claim = replace(kept_facts.claims[0], seen_on=date(2031, 2, 3), holds_from=None, aspect="")
    content = record(claim)
    assert (content["seen_on"], content["holds_from"], content["aspect"]) == ("2031-02-03", None, None)
    json.dumps(content)


def test_enumerations_are_plain_text(full: Offer) -> None:
    """A category is its word, of the type str itself."""
    content = record(full)
    assert (content["pricing_category"], content["cloud_type"]) == ("committed", "secure")
    assert (content["lineage"], content["date_precision"], content["obtained"]) == ("first_party", "second", "imported")
    assert {type(v) for v in values(content)} == {str, int}


def test_json_is_an_array_that_reads_back(full: Offer, bare: Offer) -> None:
    """The text is JSON, ends with a line end, and keeps letters of all alphabets."""
    rows = [record(full), record(replace(bare, absence="pr\u00eat \u00e0 partir"))]
    text = to_json(rows)
    assert json.loads(text) == rows
    assert text.endswith("]\n")
    assert "pr\u00eat \u00e0 partir" in text
    assert to_json([]) == "[]\n"


def test_every_record_of_the_house_is_json(build: ModuleType, full: Offer) -> None:
    """Markets, findings, sources and statuses are written like offers."""
    finding = Finding("bad_price", Severity.ERROR, "examplecloud-pricing", "", "not published")
    market: Market = build.market(full, catalogue=(build.entry(),), findings=(finding,), ignored={"Example NPU": 2})
    for content in (record(market), record(build.source()), record(build.status()), record(finding)):
        assert json.loads(json.dumps(content)) == content
    assert record(market)["ignored"] == {"Example NPU": 2}
    assert record(market)["findings"][0]["where"] is None
    assert record(build.source())["expected_listings"] == [1, 10]


def test_a_change_names_its_offer(build: ModuleType, full: Offer) -> None:
    """A change has the designed keys, and of its offer what identifies it."""
    change = Change(
        ChangeKind.REPRICED,
        full,
        full.source,
        Decimal("1.11"),
        Decimal("2.22"),
        Decimal(100),
        Severity.WARNING,
        "",
        (build.citation(),),
    )
    content = change_record(change)
    assert list(content) == [
        *("kind", "offer", "source", "before", "after", "percent", "severity", "note", "citations"),
    ]
    assert (content["kind"], content["severity"], content["note"]) == ("repriced", "warning", None)
    assert (content["before"], content["after"], content["percent"]) == ("1.11", "2.22", "100")
    assert set(content["offer"]) < set(record(full))
    assert content["offer"]["sku"] == "x1.8xlarge"
    assert "usd_per_gpu_hour" not in content["offer"]


def test_a_change_of_a_source_has_no_offer() -> None:
    """What there is not is null."""
    change = Change(ChangeKind.SOURCE_LOST, None, "aws-ec2", None, None, None, Severity.WARNING, "timed out", ())
    content = change_record(change)
    assert (content["offer"], content["before"], content["after"], content["percent"]) == (None, None, None, None)
    assert (content["note"], content["citations"]) == ("timed out", [])


def test_csv_has_a_header_and_a_row_per_offer(full: Offer, bare: Offer) -> None:
    """Columns are the fields, and the parts of the first citation in place of the list."""
    rows = csv_rows([full, bare])
    assert list(rows[0]) == [
        *(f.name for f in fields(Offer) if f.name != "citations"),
        *("url", "sha256", "locator", "quote"),
    ]
    assert (rows[0]["sku"], rows[0]["usd_per_gpu_hour"], rows[0]["commitment_months"]) == (
        "x1.8xlarge",
        "0.007992",
        "36",
    )
    assert rows[0]["gpu_pool"] == "example-gpu-11gb example-gpu-22gb"
    assert rows[0]["gpu_as_printed"] == "Example, GPU 1 11 GB"
    assert (rows[0]["url"], rows[0]["locator"], rows[0]["quote"]) == (full.citations[0].url, "json:/price", "1.11")


def test_csv_leaves_empty_what_is_absent(bare: Offer) -> None:
    """An absent price is an empty cell, never 0, NaN or None."""
    (row,) = csv_rows([bare])
    assert (row["list_unit_price"], row["usd_per_gpu_hour"], row["commitment_months"]) == ("", "", "")
    assert not {"0", "nan", "NaN", "None", "NaT"} & set(row.values())


def test_csv_of_nothing_is_a_header() -> None:
    """Without offers there are still columns."""
    text = to_csv([])
    assert text.startswith("source,provider,service,sku,")
    assert text.count("\n") == 1


def test_csv_quotes_what_would_break_a_row(full: Offer) -> None:
    """Commas, quotes and line ends inside a cell stay inside it."""
    name = 'L40, "L40S"\nPRO'
    (row,) = csv_rows([replace(full, sku=name)])
    assert row["sku"] == name


def test_parquet_reads_back_exactly(full: Offer, bare: Offer) -> None:
    """Money is decimal, months are numbers, what is absent is null, everything else is text."""
    one, other = parquet_rows([full, bare])
    assert (one["list_unit_price"], one["usd_per_gpu_hour"]) == (Decimal("0.00000222"), Decimal("0.007992"))
    assert (one["gpu_count"], one["gpu_memory_gib"], one["commitment_months"]) == (Decimal(1), Decimal(11), 36)
    assert (one["pricing_category"], one["cloud_type"], one["observed_at"]) == (
        "committed",
        "secure",
        "2031-02-03T04:05:06Z",
    )
    assert one["gpu_pool"] == "example-gpu-11gb example-gpu-22gb"
    assert one["sha256"] == full.citations[0].sha256
    for name in ("list_unit_price", "usd_per_gpu_hour", "commitment_months", "region", "absence", "gpu_as_printed"):
        assert other[name] is None


def test_parquet_has_one_schema(full: Offer) -> None:
    """Columns and types do not depend on what is in them, so that files can be read together."""
    schemas = [pq.read_schema(pa.BufferReader(to_parquet(offers))) for offers in ([], [full])]
    assert schemas[0].equals(schemas[1])
    assert schemas[0].field("usd_per_gpu_hour").type == pa.decimal128(38, 18)
    assert schemas[0].field("commitment_months").type == pa.int64()


def test_parquet_raises_before_it_rounds(full: Offer) -> None:
    """A number with more decimals than the column has is an error."""
    with pytest.raises(pa.ArrowInvalid):
        to_parquet([replace(full, usd_per_gpu_hour=Decimal("0.1234567890123456789"))])


def test_parquet_holds_a_quotient_without_an_end(full: Offer) -> None:
    """A price of 72 GPUs that does not divide by 72 can be exported like any other."""
    usd = per_gpu_hour(read_price("1111.11"), Decimal(1), Decimal(72))
    (row,) = parquet_rows([replace(full, usd_per_gpu_hour=usd)])
    assert row["usd_per_gpu_hour"] == usd


@given(
    st.decimals(min_value="0.000001", max_value="99999", places=10),
    st.sampled_from(["1", "60", "3600"]),
    st.sampled_from(["0.125", "0.25", "1", "4", "8", "36", "72"]),
)
def test_the_three_formats_say_the_same(build: ModuleType, price: Decimal, units: str, count: str) -> None:
    """Whatever is printed, CSV, JSON and Parquet give the figure to the last digit: export agrees with screen."""
    usd = per_gpu_hour(price, Decimal(units), Decimal(count))
    offer = replace(build.offer("1.11"), list_unit_price=price, usd_per_gpu_hour=usd, gpu_count=Decimal(count))
    (columns,), (row,) = parquet_rows([offer]), csv_rows([offer])
    for name, expected in (("list_unit_price", price), ("usd_per_gpu_hour", usd), ("gpu_count", Decimal(count))):
        assert columns[name] == expected
        assert Decimal(row[name]) == expected
        assert row[name] == record(offer)[name]


def test_the_same_offers_give_the_same_bytes(full: Offer, bare: Offer) -> None:
    """An export depends on its offers alone."""
    for export in (to_csv, to_parquet):
        assert export([full, bare]) == export([full, bare])


def test_what_a_figure_stands_for_is_exported(build: ModuleType) -> None:
    """What a figure stands for is in every format: a mean is not a list price."""
    offer = build.offer(price_basis=PriceBasis.ZONE_MEAN)
    assert record(offer)["price_basis"] == csv_rows([offer])[0]["price_basis"] == "zone_mean"
    assert parquet_rows([offer])[0]["price_basis"] == "zone_mean"
