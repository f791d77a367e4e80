"""The fast reader of CSV offer files finds what reading every record finds."""

import csv
import io
import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.aws import csv_scan, ec2_prices, offer_csv, sagemaker
from scrapers.aws.csv_scan import CsvScan
from scrapers.aws.offer_file import OfferScan, read_rows
from scrapers.aws.offer_rows import PriceRow, Wanted
from scrapers.errors import ParseError
from scrapers.records import Content, Document, Obtained, Response

EXAMPLE_TIME = datetime(2026, 11, 1, tzinfo=UTC)
NOTES = (
    "",
    "example",
    'a "quoted" word',
    "two, with comma",
    "over\ntwo lines",
    'a\n"b"\n,c\n',
    "GPU instance",
    "ml.g1",
    "é€",
)
TYPES = ("g99.xlarge", "p99-x1.48xlarge", "gr99f.4xlarge", "m99.large", "p99", "gd99.xlarge", "trn99.2xlarge")
FAMILIES = ("GPU instance", "General purpose", "Machine Learning ASIC Instances", "")
CONTRACT = {"LeaseContractLength": "1yr", "PurchaseOption": "All Upfront", "OfferingClass": "standard"}
COLUMNS = (
    *("SKU", "OfferTermCode", "RateCode", "TermType", "PriceDescription", "Unit", "PricePerUnit", "Currency"),
    *(*CONTRACT, "Product Family", "Location", "Location Type", "Instance Type", "Current Generation"),
    *("Instance Family", "Tenancy", "Operating System", "License Model", "Group Description", "CapacityStatus", "GPU"),
    *("MarketOption", "Pre Installed S/W", "Region Code", "Instance Name", "Component"),
)
OPTIONAL = ("MarketOption", "Location", "Location Type", "GPU", "Instance Family", "Current Generation", *CONTRACT)


def document_of(source: str, body: bytes) -> Document:
    """Make a document of a body."""
    nothing = Response("body", "https://example.org/", "", EXAMPLE_TIME, 200, "text/csv", Content.of(body))
    return Document.of(nothing, source=source, obtained=Obtained.RECONSTRUCTED)


def comparable(rows: list[PriceRow]) -> list[Any]:
    """Return rows in a form that can be compared: the function that makes locators left out."""
    return [(replace(row, locate=str), row.locate("priceperunit")) for row in rows]


@st.composite
def products(draw: st.DrawFn) -> list[dict[str, str]]:
    """Draw the records of some products: one on-demand price each, and sometimes a reserved term of two rows."""
    records = []
    for number in range(draw(st.integers(1, 12))):
        name = draw(st.sampled_from(TYPES))
        product = {
            "SKU": f"EXAMPLE{number}",
            "OfferTermCode": "T",
            "RateCode": f"EXAMPLE{number}.T.R",
            "TermType": "OnDemand",
            "Unit": "Hrs",
            "PricePerUnit": f"{1000 + number}.0000000000",
            "Currency": "USD",
            "PriceDescription": draw(st.sampled_from(NOTES)),
            "Product Family": "Compute Instance",
            "Location Type": "AWS Region",
            "Instance Type": name,
            "Current Generation": "Yes",
            "Instance Family": draw(st.sampled_from(FAMILIES)),
            "Tenancy": draw(st.sampled_from(("Shared", "Dedicated"))),
            "Operating System": draw(st.sampled_from(("Linux", "Windows"))),
            "License Model": "No License required",
            "Group Description": draw(st.sampled_from(NOTES)),
            "CapacityStatus": "Used",
            "GPU": "1",
            "MarketOption": "OnDemand",
            "Pre Installed S/W": "NA",
            "Region Code": "us-east-1",
            "Instance Name": f"ml.{name}",
            "Component": draw(st.sampled_from(("Hosting", "Training"))),
        }
        records.append(product)
        if draw(st.booleans()):
            term = product | CONTRACT | {"TermType": "Reserved", "OfferTermCode": "U"}
            records.append(term | {"RateCode": f"EXAMPLE{number}.U.R"})
            records.append(term | {"RateCode": f"EXAMPLE{number}.U.F", "Unit": "Quantity", "PricePerUnit": "2750"})
    return records


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Draw an offer file: any order of columns and records, some columns missing, any quoting, either line end."""
    records = draw(products())
    missing = draw(st.sets(st.sampled_from(OPTIONAL)))
    if any(record["TermType"] == "Reserved" for record in records):
        missing -= set(CONTRACT)
    columns = [column for column in COLUMNS if column not in missing]
    if draw(st.booleans()):
        columns = draw(st.permutations(columns))
    if draw(st.booleans()):
        records = draw(st.permutations(records))
    end = draw(st.sampled_from(("\n", "\r\n")))
    bare = draw(st.booleans())
    text = io.StringIO()
    quoting = draw(st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)))
    writer = csv.writer(text, lineterminator=end, quoting=quoting)
    writer.writerows([["FormatVersion", "v1.0"], ["Disclaimer", "Exam\nple"], ["OfferCode", "OFFER"]])
    writer.writerow(columns)
    for record in records:
        writer.writerow([record.get(column, "") for column in columns])
    body = text.getvalue().encode()
    if quoting == csv.QUOTE_ALL and bare:
        body = body.replace(b',""', b",") if b'"""' not in body else body  # as AWS does: empty fields are bare
    return (b"\xef\xbb\xbf" if draw(st.booleans()) else b"") + (body if draw(st.booleans()) else body.rstrip(b"\r\n"))


def fed(scan: CsvScan | OfferScan, body: bytes, cuts: list[int]) -> CsvScan | OfferScan:
    """Feed a body in pieces."""
    places = sorted({0, *(cut % (len(body) + 1) for cut in cuts), len(body)})
    for first, last in itertools.pairwise(places):
        scan.feed(body[first:last])
    return scan


@pytest.mark.parametrize(("wanted", "offer"), [(ec2_prices.WANTED, "AmazonEC2"), (sagemaker.WANTED, "AmazonSageMaker")])
@pytest.mark.usefixtures("small_head")
@settings(max_examples=150, deadline=None)
@given(body=bodies(), cuts=st.lists(st.integers(0, 100_000), max_size=20), block=st.sampled_from((900, 3000, 1 << 20)))
def test_fast_way_finds_what_the_slow_way_finds(  # what is drawn and for whom
    body: bytes, cuts: list[int], block: int, wanted: Wanted, offer: str
) -> None:
    """Whatever a file's shape and wherever its bytes are cut: the same rows, or a scan that asks for the slow way."""
    body = body.replace(b"OFFER", offer.encode())
    document = document_of("aws-ec2", body)
    expected = comparable(offer_csv.read_all_rows(document, wanted))
    scan = CsvScan(document, wanted, block_bytes=block)
    fed(scan, body, cuts)
    found = comparable(scan.finish())

    assert comparable(read_rows(document, wanted)) == expected
    assert found == expected or not scan.trusted


@pytest.fixture(scope="module")
def small_head() -> Any:
    """Let blocks be smaller than the header may be in a real file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_scan, "_HEAD_BYTES", 900)
        yield


def ec2_body(rows: int, *, ec2_csv: Callable[..., Document], **last: str) -> bytes:
    """Write a file of many records without a GPU, and then one record that is given."""
    others = [{"Instance Type": "m99.large", "Instance Family": "General purpose"}] * rows
    return ec2_csv({"Instance Family": "GPU instance"}, *others, {"Instance Family": "GPU instance"} | last).read()


def test_record_without_its_mark_is_found_across_blocks(ec2_csv: Callable[..., Document]) -> None:
    """A record of two lines without its mark is seen too where the second of them lies in the next block."""
    body = ec2_body(500, ec2_csv=ec2_csv, **{"Instance Family": "Accelerated", "Product Family": "over\ntwo lines"})
    scan = CsvScan(document_of("aws-ec2", body), ec2_prices.WANTED, block_bytes=1)
    cut = body.index(b"over\n") + len(b"over\n")
    assert cut > csv_scan._HEAD_BYTES  # so that the two pieces are two blocks

    scan.feed(body[:cut])
    scan.feed(body[cut:])
    scan.finish()

    assert not scan.trusted


def test_record_without_its_mark_is_found(ec2_csv: Callable[..., Document]) -> None:
    """A GPU type of another Instance Family makes the fast way step aside, and is read."""
    changes = {"Instance Type": "p99.48xlarge", "Instance Family": "Accelerated"}
    document = document_of("aws-ec2", ec2_body(5, ec2_csv=ec2_csv, **changes))
    scan = CsvScan(document, ec2_prices.WANTED)
    scan.feed(document.read())
    scan.finish()

    assert not scan.trusted
    assert [row.fields["instancetype"] for row in read_rows(document, ec2_prices.WANTED)] == [
        "g99.xlarge",
        "p99.48xlarge",
    ]


def test_sample_far_in_the_file_is_found(ec2_csv: Callable[..., Document]) -> None:
    """A family without its mark is met by a sample where not every record is tried."""
    lost = {"Instance Type": "p99.48xlarge", "Instance Family": "Accelerated"}
    others = [{"Instance Type": "m99.large", "Instance Family": "General purpose"}] * 3000
    document = ec2_csv({"Instance Family": "GPU instance"}, *others, *[lost | {"Tenancy": "Dedicated"}] * 1500)
    scan = CsvScan(document, ec2_prices.WANTED)
    scan.feed(document.read())
    scan.finish()

    assert not scan.trusted


@pytest.mark.parametrize("cut", [30, 100])
def test_file_that_breaks_off_is_refused(cut: int, ec2_csv: Callable[..., Document]) -> None:
    """The last record is checked although no mark is in it."""
    body = ec2_body(5, ec2_csv=ec2_csv, **{"Instance Type": "m99.large", "Instance Family": "General purpose"})
    scan = CsvScan(document_of("aws-ec2", body), ec2_prices.WANTED)
    scan.feed(body.rstrip()[:-cut])

    with pytest.raises(ParseError, match="looked for 19 fields, found "):
        scan.finish()


def test_marked_record_with_too_few_fields_is_refused(ec2_csv: Callable[..., Document]) -> None:
    """A field too few in a GPU's record, somewhere in the file, is an error that says where."""
    body = ec2_body(5, ec2_csv=ec2_csv).replace(b"1001.0000000000,USD", b"1001.0000000000", 1)
    scan = CsvScan(document_of("aws-ec2", body), ec2_prices.WANTED)
    scan.feed(body)

    with pytest.raises(ParseError, match=r"line at byte [0-9]+: looked for 19 fields, found 18"):
        scan.finish()


@pytest.mark.parametrize(("gpus", "others"), [(1, 3000), (3000, 1)])
def test_odd_share_of_marked_records_is_refused(
    gpus: int, others: int, ec2_csv: Callable[..., Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a large file, hardly any GPU or hardly anything else means that the mark no longer says what it said."""
    monkeypatch.setattr(csv_scan, "_SHARE_FROM", 100_000)
    good = [{"Instance Family": "GPU instance", "Region Code": f"us-east-{n}"} for n in range(gpus)]
    document = ec2_csv(*good, *[{"Instance Type": "m99.large", "Instance Family": "General purpose"}] * others)
    scan = CsvScan(document, ec2_prices.WANTED)
    scan.feed(document.read())

    with pytest.raises(ParseError, match=r"looked for a share of \(0.0005, 0.4\) of bytes"):
        scan.finish()


def test_line_without_an_end_is_refused(ec2_csv: Callable[..., Document], monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream that never ends its line does not fill the memory."""
    monkeypatch.setattr(csv_scan, "_LONGEST_LINE", 10_000)
    scan = CsvScan(ec2_csv({}), ec2_prices.WANTED, block_bytes=4000)
    scan.feed(ec2_csv({"Instance Family": "GPU instance"}).read().ljust(70_000, b"\n"))

    for _ in range(2):
        scan.feed(b"x" * 4000)
    with pytest.raises(ParseError, match="bytes without a line feed"):
        scan.feed(b"x" * 4000)


def test_errors_wait_for_the_end() -> None:
    """While a file arrives nothing is raised: all of it is stored for a look, and then refused."""
    scan = OfferScan(document_of("aws-ec2", b""), ec2_prices.WANTED)

    assert [scan.feed(b"<html>" * 20), scan.feed(b"more")] == [0, 0]
    with pytest.raises(ParseError, match="looked for an AWS offer file"):
        scan.finish()
