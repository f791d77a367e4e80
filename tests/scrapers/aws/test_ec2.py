"""The one on-demand price among the many rows of a GPU type."""

from collections.abc import Callable

import pytest

from scrapers import registry
from scrapers.aws import ec2
from scrapers.errors import ParseError
from scrapers.locate import read_locator
from scrapers.records import Document

Ec2Csv = Callable[..., Document]
REFUSED = {
    "productfamily": {"Product Family": "Dedicated Host"},
    "tenancy": {"Tenancy": "Dedicated"},
    "operatingsystem": {"Operating System": "Windows"},
    "licensemodel": {"License Model": "Bring your own license"},
    "preinstalledsw": {"Pre Installed S/W": "SQL Std"},
    "capacitystatus": {"CapacityStatus": "UnusedCapacityReservation"},
    "marketoption": {"MarketOption": "CapacityBlock"},
    "unit": {"Unit": "Quantity"},
    "locationtype": {"Location Type": "AWS Outposts"},
}


@pytest.mark.parametrize("rule", REFUSED)
def test_row_is_refused_and_counted_by_rule(rule: str, ec2_csv: Ec2Csv) -> None:
    """A row that breaks one rule is no second price, and the rule says how many it refused."""
    document = ec2_csv({}, REFUSED[rule], REFUSED[rule])

    assert len(ec2.parse(document)) == 1
    assert ec2.select(document).rejected == {rule: 2}


def test_file_without_a_price_names_the_rules(ec2_csv: Ec2Csv) -> None:
    """When no row is left, the error says how many rows each rule refused."""
    with pytest.raises(ParseError, match=r"found none; rows refused, by rule: tenancy \(2\), unit \(1\)"):
        ec2.parse(ec2_csv(REFUSED["tenancy"], REFUSED["tenancy"], REFUSED["unit"]))


def test_file_without_gpus_is_refused(ec2_csv: Ec2Csv) -> None:
    """An empty result is never success."""
    with pytest.raises(ParseError, match="found none; rows refused, by rule: none"):
        ec2.parse(ec2_csv({"Instance Type": "m99.xlarge"}))


def test_two_prices_of_one_type_name_both_skus(ec2_csv: Ec2Csv) -> None:
    """Two rows left for a type and region are an error that names both, never a choice."""
    with pytest.raises(ParseError, match=r"g99.xlarge in us-east-1.* EXAMPLE1 at .* EXAMPLE2 at 1002"):
        ec2.parse(ec2_csv({}, {"PricePerUnit": "1002"}))


def test_twin_of_an_old_list_is_not_taken(ec2_csv: Ec2Csv) -> None:
    """Without MarketOption a capacity block twin cannot be told from the price: an error, not the price 0."""
    with pytest.raises(ParseError, match=r"SKU EXAMPLE2 at 0.0000000000"):
        ec2.parse(ec2_csv({}, {"PricePerUnit": "0.0000000000"}, without=("MarketOption",)))


def test_type_in_a_zone_is_not_the_regions(ec2_csv: Ec2Csv) -> None:
    """A local zone is a region of its own, although its code begins with the region's."""
    listings = ec2.parse(ec2_csv({}, {"Region Code": "us-east-1-atl-1", "PricePerUnit": "1002.0"}))

    assert {listing.region: listing.price_text for listing in listings} == {
        "us-east-1": "1001.0000000000",
        "us-east-1-atl-1": "1002.0",
    }


@pytest.mark.parametrize("text", ["NaN", "-1.0", "free", "1,001.0", "Infinity", "1001.0 USD", "0x10"])
def test_text_that_is_no_price_is_refused(text: str, ec2_csv: Ec2Csv) -> None:
    """A price that is not digits is an error that names the row."""
    with pytest.raises(ParseError, match=rf"record 5, g99\.xlarge: looked for a price, found '{text}'"):
        ec2.parse(ec2_csv({"PricePerUnit": text}))


@pytest.mark.parametrize("text", ["0.0000000000", "0", "", "N/A", "NA"])
def test_no_price_is_an_absence(text: str, ec2_csv: Ec2Csv) -> None:
    """0, an empty field and N/A are listed without a price, and the place shows what stands there."""
    document = ec2_csv({"PricePerUnit": text})
    listing = registry.parse(document)[0]

    assert listing.price_text is None
    assert listing.absence
    assert read_locator(document, listing.locator) == listing.quote == text


def test_type_without_an_on_demand_price_says_why(ec2_csv: Ec2Csv) -> None:
    """A type of which only other rows are listed is an absence that names the rules."""
    other = {"Instance Type": "p99.48xlarge"}
    document = ec2_csv({}, other | REFUSED["marketoption"], other | REFUSED["tenancy"])
    listing = ec2.parse(document)[1]

    assert (listing.sku, listing.price_text, listing.sku_id) == ("p99.48xlarge", None, None)
    assert "refused by: marketoption, tenancy" in listing.absence
    assert read_locator(document, listing.locator) == listing.quote == "p99.48xlarge"


def test_list_without_region_codes_is_refused(ec2_csv: Ec2Csv) -> None:
    """A list so old that it has only locations is refused with the location."""
    with pytest.raises(ParseError, match=r"found only the location 'US East \(N. Virginia\)'"):
        ec2.parse(ec2_csv({}, without=("Region Code",)))


@pytest.mark.parametrize("text", ["Any", "US East (N. Virginia)", "us_east_1", "us-east"])
def test_region_that_is_no_code_is_refused(text: str, ec2_csv: Ec2Csv) -> None:
    """A region that is not a code is an error that names the row."""
    with pytest.raises(ParseError, match="record 5: looked for a region code such as us-east-1"):
        ec2.parse(ec2_csv({"Region Code": text}))


def test_other_currency_is_kept(ec2_csv: Ec2Csv) -> None:
    """A price in another currency keeps it."""
    assert ec2.parse(ec2_csv({"Currency": "CNY"}))[0].currency == "CNY"
