"""One SageMaker price per component, instance type and region."""

from collections.abc import Callable

import pytest

from scrapers.aws import sagemaker
from scrapers.errors import ParseError
from scrapers.records import Document

SagemakerCsv = Callable[..., Document]


def test_components_are_products_of_their_own(sagemaker_csv: SagemakerCsv) -> None:
    """Hosting and Studio of one type may differ in price: both are listed."""
    listings = sagemaker.parse(sagemaker_csv({}, {"Component": "Studio-JupyterLab", "PricePerUnit": "1001.5"}))

    assert [(listing.service, listing.price_text) for listing in listings] == [
        ("SageMaker Hosting", "1001.0000000000"),
        ("SageMaker Studio-JupyterLab", "1001.5"),
    ]


@pytest.mark.parametrize("printed", ["hosting", "HOSTING", "Hosting"])
def test_case_of_a_component_does_not_matter(printed: str, sagemaker_csv: SagemakerCsv) -> None:
    """Newer products print components in lower case; the product has one name."""
    assert sagemaker.parse(sagemaker_csv({"Component": printed}))[0].service == "SageMaker Hosting"


@pytest.mark.parametrize("printed", ["Processing", "Cluster-Reserved", "RStudio:RSession", "Hosting-Free"])
def test_component_that_is_not_taken_is_ignored(printed: str, sagemaker_csv: SagemakerCsv) -> None:
    """Components that are ignored by name are no listings."""
    assert len(sagemaker.parse(sagemaker_csv({}, {"Component": printed}))) == 1


def test_unknown_component_is_listed_as_printed(sagemaker_csv: SagemakerCsv) -> None:
    """A new component breaks nothing and is not dropped: normalisation refuses it by its name."""
    listing = sagemaker.parse(sagemaker_csv({"Component": "Example-New"}))[0]

    assert listing.service == "SageMaker Example-New"


def test_two_prices_name_both_skus(sagemaker_csv: SagemakerCsv) -> None:
    """Different prices of one component, type and region are an error, never a choice."""
    with pytest.raises(ParseError, match=r"Hosting ml.g99.xlarge in us-east-1.* EXAMPLE1 at .* EXAMPLE2 at 9"):
        sagemaker.parse(sagemaker_csv({}, {"PricePerUnit": "9"}))


def test_equal_prices_are_one(sagemaker_csv: SagemakerCsv) -> None:
    """The same price twice, with more or fewer zeros, is one listing."""
    assert len(sagemaker.parse(sagemaker_csv({}, {"PricePerUnit": "1001"}))) == 1


def test_unit_is_kept_for_normalisation(sagemaker_csv: SagemakerCsv) -> None:
    """A price in another unit is a listing of its own, in the unit as printed."""
    listings = sagemaker.parse(sagemaker_csv({}, {"Unit": "Example", "PricePerUnit": "1"}))

    assert [listing.unit for listing in listings] == ["Hrs", "Example"]


@pytest.mark.parametrize(
    "changes",
    [
        {"Instance Name": "ml.m99.xlarge"},
        {"PricePerUnit": "0.0000000000"},
        {"TermType": "Reserved", "LeaseContractLength": "1yr", "PurchaseOption": "No Upfront"},
    ],
)
def test_file_without_a_price_is_refused(changes: dict[str, str], sagemaker_csv: SagemakerCsv) -> None:
    """A file without any price of a GPU type is refused."""
    with pytest.raises(ParseError, match=r"looked for on-demand prices of ml. GPU instance types, found none"):
        sagemaker.parse(sagemaker_csv(changes))
