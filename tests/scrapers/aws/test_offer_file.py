"""Reading offer files of the AWS bulk price list."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from scrapers.aws import ec2, sagemaker
from scrapers.aws.offer_rows import plain
from scrapers.errors import ParseError
from scrapers.records import Document

DocumentOf = Callable[[str, str], Document]
Ec2Csv = Callable[..., Document]
CSV_START = '"FormatVersion","v1.0"\n"OfferCode","AmazonEC2"\n'


TERMS = {"S": {"S.T": {"priceDimensions": {"S.T.R": {"unit": "Hrs", "pricePerUnit": {"USD": "1001.0000000000"}}}}}}


def offer_json(**changes: Any) -> str:
    """Write a good EC2 offer file as JSON, with some of its parts changed."""
    attributes = {
        "instanceType": "g99.xlarge",
        "tenancy": "Shared",
        "operatingSystem": "Linux",
        "licenseModel": "No License required",
        "preInstalledSw": "NA",
        "capacitystatus": "Used",
        "marketoption": "OnDemand",
        "regionCode": "us-east-1",
    }
    rate = {"unit": "Hrs", "pricePerUnit": {"USD": "1001.0000000000"}} | changes.pop("rate", {})
    product = {
        "productFamily": "Compute Instance",
        "attributes": attributes | changes.pop("attributes", {}),
    }
    content = {
        "formatVersion": "v1.0",
        "offerCode": "AmazonEC2",
        "products": {"S": product},
        "terms": {"OnDemand": {"S": {"S.T": {"priceDimensions": {"S.T.R": rate}}}}},
    }
    return json.dumps(content | changes)


def test_good_json_is_read(document_of: DocumentOf) -> None:
    """The JSON that the other tests break is a good one."""
    assert [listing.price_text for listing in ec2.parse(document_of("aws-ec2", offer_json()))] == ["1001.0000000000"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "found an empty body"),
        ("<!DOCTYPE html><html>", "looked for an AWS offer file .* found '<!DOCTYPE html><html>'"),
        ("[]", "looked for an AWS offer file"),
        ("{", "looked for JSON"),
        (CSV_START, "looked for the header line with a column SKU"),
        (CSV_START.replace("v1.0", "v2.0") + "SKU\n", "looked for formatversion v1.0, found 'v2.0'"),
        (CSV_START.replace("EC2", "S3") + "SKU\n", "looked for offercode AmazonEC2, found 'AmazonS3'"),
        ('"FormatVersion","v1.0"\nSKU\n', "looked for offercode AmazonEC2, found None"),
        (CSV_START + 'SKU,"TermType\n', "the CSV cannot be read"),
    ],
)
def test_body_that_is_no_offer_file_is_refused(body: str, message: str, document_of: DocumentOf) -> None:
    """What is no EC2 offer file is refused with what was looked for and what was found."""
    with pytest.raises(ParseError, match=message):
        ec2.parse(document_of("aws-ec2", body))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (offer_json(offerCode="AmazonS3"), "looked for offercode AmazonEC2, found 'AmazonS3'"),
        (offer_json(terms={"Reserved": {}}), "found none"),
        (offer_json(terms={"OnDemand": {}}), "found none"),
        (offer_json(terms={"Example": TERMS}), "unknown kind of term 'Example'"),
        (offer_json(products={}), "found none"),
        (offer_json(products={"S": {}}), "found none"),
        (offer_json(attributes={"tenancy": 1}), "product S: looked for text, .* tenancy"),
        (offer_json(rate={"pricePerUnit": {}}), "S.T.R: looked for one currency, found 0"),
        (offer_json(rate={"pricePerUnit": {"USD": "1", "CNY": "7"}}), "looked for one currency, found 2"),
        (offer_json(rate={"pricePerUnit": {"USD": 1.5}}), "looked for a price as text"),
    ],
)
def test_json_of_another_structure_is_refused(body: str, message: str, document_of: DocumentOf) -> None:
    """A JSON offer file without a known part is refused, and the product or rate is named."""
    with pytest.raises(ParseError, match=message):
        ec2.parse(document_of("aws-ec2", body))


@pytest.mark.parametrize("column", ["SKU", "PricePerUnit", "CapacityStatus", "Tenancy", "Instance Type"])
def test_missing_column_is_named(column: str, ec2_csv: Ec2Csv) -> None:
    """A CSV without a column that is needed is refused."""
    with pytest.raises(ParseError, match=f"looked for the columns {plain(column)}, found|header line"):
        ec2.parse(ec2_csv({}, without=(column,)))


@pytest.mark.parametrize("column", ["MarketOption", "Location", "Location Type"])
def test_column_that_comes_and_goes_may_be_absent(column: str, ec2_csv: Ec2Csv) -> None:
    """A CSV without an optional column is read."""
    assert len(ec2.parse(ec2_csv({}, without=(column,)))) == 1


def test_doubled_column_is_refused(ec2_csv: Ec2Csv) -> None:
    """Two columns of one name, however it is spelled, cannot be told apart."""
    with pytest.raises(ParseError, match="looked for one column 'instanceType', found two"):
        ec2.parse(ec2_csv({"instanceType": "g99.xlarge"}))


def test_unneeded_column_may_be_doubled(ec2_csv: Ec2Csv) -> None:
    """Columns that are not read may have any names."""
    assert len(ec2.parse(ec2_csv({"Example": "1", "EXAMPLE": "2"}))) == 1


def test_broken_off_file_is_refused(ec2_csv: Ec2Csv, document_of: DocumentOf) -> None:
    """A record with too few fields means that the file breaks off; its record is named."""
    text = ec2_csv({}, {"Instance Type": "g98.xlarge"}).read().decode()

    with pytest.raises(ParseError, match="record 1 after the header: looked for 18 fields, found 17"):
        ec2.parse(document_of("aws-ec2", text.rstrip().rpartition(",")[0]))


def test_unknown_kind_of_term_is_refused(ec2_csv: Ec2Csv) -> None:
    """A term that is neither on-demand nor ignored by name is a finding."""
    with pytest.raises(ParseError, match=r"EXAMPLE1.T.R: unknown kind of term 'Example'"):
        ec2.parse(ec2_csv({"TermType": "Example"}))


def test_bytes_that_are_no_text_are_refused(ec2_csv: Ec2Csv) -> None:
    """A CSV that is not UTF-8 is refused."""
    good = ec2_csv({})
    body = good.read().replace(b"Example", b"\xff\xfe")

    with pytest.raises(ParseError, match="the CSV cannot be read"):
        ec2.parse(Document(good.capture, lambda: io.BytesIO(body)))


def test_byte_order_mark_does_no_harm(ec2_csv: Ec2Csv, document_of: DocumentOf) -> None:
    """A file that a spreadsheet saved with a byte order mark is read."""
    assert len(ec2.parse(document_of("aws-ec2", "\ufeff" + ec2_csv({}).read().decode()))) == 1


def test_offers_are_not_mixed_up(ec2_csv: Ec2Csv) -> None:
    """An EC2 file given to SageMaker's parser is refused by its offer code."""
    with pytest.raises(ParseError, match="looked for offercode AmazonSageMaker, found 'AmazonEC2'"):
        sagemaker.parse(ec2_csv({}))


@pytest.mark.parametrize(
    ("spellings", "name"),
    [
        (("Pre Installed S/W", "preInstalledSw", "pre_installed_s_w"), "preinstalledsw"),
        (("CapacityStatus", "capacitystatus", "Capacity Status"), "capacitystatus"),
        (("PlatoInstanceType", "Plato Instance Type", "platoinstancetype"), "platoinstancetype"),
    ],
)
def test_spellings_of_one_attribute_are_one_name(spellings: tuple[str, ...], name: str) -> None:
    """CSV, JSON and schemas spell an attribute differently; its plain name is the same."""
    assert {plain(spelling) for spelling in spellings} == {name}
