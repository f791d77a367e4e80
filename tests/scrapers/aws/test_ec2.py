"""The one on-demand price among the many rows of a GPU type."""

from collections.abc import Callable

import pytest

from scrapers import registry
from scrapers.aws import ec2
from scrapers.aws.ec2_prices import WANTED, select
from scrapers.aws.offer_file import read_rows
from scrapers.errors import ParseError
from scrapers.places.locate import read_locator
from scrapers.records import Document, Listing

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
def test_row_is_refused_by_its_rule(rule: str, ec2_csv: Ec2Csv) -> None:
    """A row that breaks one rule is no second price, and the rule is named."""
    document = ec2_csv({}, REFUSED[rule], REFUSED[rule])

    assert len(ec2.parse(document)) == 1
    assert dict(select(document, read_rows(document, WANTED)).refused) == {("g99.xlarge", "us-east-1"): {rule}}


def test_file_without_a_price_names_the_rules(ec2_csv: Ec2Csv) -> None:
    """When no row is left, the error names the rules that refused them."""
    with pytest.raises(ParseError, match=r"found none; rules that refused rows: tenancy, unit"):
        ec2.parse(ec2_csv(REFUSED["tenancy"], REFUSED["tenancy"], REFUSED["unit"]))


def test_file_without_gpus_is_refused(ec2_csv: Ec2Csv) -> None:
    """An empty result is never success."""
    with pytest.raises(ParseError, match="found none; rules that refused rows: none"):
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
    with pytest.raises(ParseError, match=rf"EXAMPLE1.T.R, g99\.xlarge: looked for a price, found '{text}'"):
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
    with pytest.raises(ParseError, match=r"EXAMPLE1.T.R: looked for a region code such as us-east-1"):
        ec2.parse(ec2_csv({"Region Code": text}))


def test_other_currency_is_kept(ec2_csv: Ec2Csv) -> None:
    """A price in another currency keeps it."""
    assert ec2.parse(ec2_csv({"Currency": "CNY"}))[0].currency == "CNY"


RESERVED = {
    "TermType": "Reserved",
    "OfferTermCode": "U",
    "LeaseContractLength": "1yr",
    "OfferingClass": "standard",
    "PurchaseOption": "Partial Upfront",
}
HOURLY = RESERVED | {"RateCode": "EXAMPLE1.U.R", "SKU": "EXAMPLE1", "PricePerUnit": "500.0000000000"}
FEE = RESERVED | {"RateCode": "EXAMPLE1.U.F", "SKU": "EXAMPLE1", "Unit": "Quantity", "PricePerUnit": "2750"}
NONE = dict.fromkeys(("LeaseContractLength", "OfferingClass", "PurchaseOption"), "")


@pytest.mark.parametrize("rows", [(HOURLY, FEE), (FEE, HOURLY)])
def test_reserved_term_is_one_listing(rows: tuple[dict[str, str], ...], ec2_csv: Ec2Csv) -> None:
    """The two rows of a term, in either order, are an hourly price and a fee, each with its place."""
    document = ec2_csv(NONE, *rows)
    listing = ec2.parse(document)[1]

    assert listing.terms == "Reserved 1yr standard Partial Upfront"
    assert (listing.price_text, listing.upfront_text, listing.unit) == ("500.0000000000", "2750", "Hrs")
    assert read_locator(document, listing.locator) == listing.quote == "500.0000000000"
    assert read_locator(document, listing.upfront_locator) == listing.upfront_quote == "2750"


def test_all_upfront_has_its_price_in_the_fee(ec2_csv: Ec2Csv) -> None:
    """An hourly price of 0 beside a fee is kept as printed."""
    option = {"PurchaseOption": "All Upfront"}
    listing = ec2.parse(ec2_csv(NONE, HOURLY | option | {"PricePerUnit": "0.0000000000"}, FEE | option))[1]

    assert (listing.price_text, listing.upfront_text, listing.absence) == ("0.0000000000", "2750", "")


def test_no_upfront_has_no_fee(ec2_csv: Ec2Csv) -> None:
    """A term without a fee has one row, and 0 in it is an absence as everywhere."""
    option = {"PurchaseOption": "No Upfront"}
    paid = ec2.parse(ec2_csv(NONE, HOURLY | option))[1]
    free = ec2.parse(ec2_csv(NONE, HOURLY | option | {"PricePerUnit": "0.0000000000"}))[1]

    assert (paid.terms, paid.price_text, paid.upfront_text) == (
        "Reserved 1yr standard No Upfront",
        "500.0000000000",
        None,
    )
    assert (free.price_text, bool(free.absence)) == (None, True)


def test_fee_of_zero_is_an_absence(ec2_csv: Ec2Csv) -> None:
    """A fee that is printed as 0 leaves the term without a price."""
    listing = ec2.parse(ec2_csv(NONE, HOURLY, FEE | {"PricePerUnit": "0"}))[1]

    assert (listing.price_text, listing.upfront_text) == (None, None)
    assert listing.absence.startswith("the upfront fee: AWS prints 0")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([HOURLY], "Partial Upfront: looked for one upfront fee of the term, found 0"),
        ([FEE], "Partial Upfront: looked for one hourly price of the term, found 0"),
        ([HOURLY, HOURLY, FEE], "looked for one hourly price of the term, found 2"),
        ([HOURLY, FEE, FEE], "looked for one upfront fee of the term, found 2"),
        ([HOURLY, FEE | {"Unit": "Example"}], "looked for the units Hrs and Quantity, found Example"),
        ([HOURLY, FEE | {"Currency": "CNY"}], "looked for one currency, found USD and CNY"),
        ([HOURLY | {"PurchaseOption": ""}], "EXAMPLE1.U.R: looked for a term Reserved"),
        ([NONE | {"LeaseContractLength": "1yr"}], "EXAMPLE2.T.R: looked for a term OnDemand"),
        (
            [HOURLY, FEE, HOURLY | {"SKU": "EXAMPLE2"}, FEE | {"SKU": "EXAMPLE2"}],
            "looked for one Reserved 1yr standard Partial Upfront of g99.xlarge in us-east-1, found SKU EXAMPLE1 and",
        ),
    ],
)
def test_incomplete_or_doubled_term_is_named(rows: list[dict[str, str]], message: str, ec2_csv: Ec2Csv) -> None:
    """A term without one of its prices, with two of a kind, or twice, is an error that names it."""
    with pytest.raises(ParseError, match=message):
        ec2.parse(ec2_csv(NONE, *rows))


def test_type_with_reserved_terms_only_is_an_absence_too(ec2_csv: Ec2Csv) -> None:
    """A type that is sold by contract only has no on-demand price, and its contracts."""
    other = {"Instance Type": "p99.48xlarge"}
    listings = ec2.parse(ec2_csv(NONE, HOURLY | other, FEE | other))

    assert [(listing.sku, listing.price_text) for listing in listings[1:]] == [
        ("p99.48xlarge", None),
        ("p99.48xlarge", "500.0000000000"),
    ]
    assert "refused by: only reserved terms are listed" in listings[1].absence


def test_families_that_are_new_are_named(ec2_csv: Ec2Csv) -> None:
    """A family that no list of instance types knew is a finding; its prices are read all the same."""
    listings = ec2.parse(ec2_csv({}, {"Instance Type": "p5.48xlarge"}, {"Instance Type": "p99-x.48xlarge"}))
    found = registry.findings("aws-ec2", listings)

    assert len(listings) == 3
    assert [sentence.partition(" of ")[0] for sentence in found or ()] == ["the family g99", "the family p99-x"]
    assert registry.findings("aws-ec2", listings[1:2]) == []


def test_every_price_list_has_the_guard() -> None:
    """Families are looked at in every bulk price list, SageMaker's names among them; other sources have no guard."""
    listing = Listing("s", "AWS", "SageMaker Hosting", "ml.g99.xlarge", "OnDemand", "1", "", "USD", "Hrs", "", "")
    guarded = [source for source in registry.source_ids() if registry.findings(source, [listing])]

    assert guarded == ["aws-ec2", "aws-sagemaker", "aws-savings-plans"]
    assert registry.findings("runpod-docs", [listing]) is None
