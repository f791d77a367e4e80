"""RunPod's parsers and fixtures against the reference data beside the checkout, where there is any."""

import csv
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scrapers import registry
from scrapers.errors import ParseError
from scrapers.places.locate import read_locator
from scrapers.records import Document, Listing

REFERENCE = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "runpod"
DocumentOf = Callable[[str, str], Document]
ReadCase = Callable[[str], tuple[Document, list[dict[str, Any]]]]

pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not REFERENCE.is_dir(), reason="no reference data beside the checkout"),
]


def rows(name: str) -> list[dict[str, str]]:
    """Read a CSV of the reference data."""
    with (REFERENCE / name).open(newline="") as file:
        return list(csv.DictReader(file))


def parse(document: Document) -> list[Listing]:
    """Parse a document, and see that every listing can be found again."""
    listings = registry.parse(document)
    assert [read_locator(document, listing.locator) for listing in listings] == [listing.quote for listing in listings]
    return listings


def test_row_of_july_2026_is_one_price_of_an_unnamed_cloud(document_of: DocumentOf) -> None:
    """The public row fixture has no attributes: one Pods price whose cloud is not said, and one cluster."""
    text = (REFERENCE / "page_row_fixture_2026-07.html").read_text()
    pod, cluster = parse(document_of("runpod-pricing", text))

    assert (pod.service, pod.sku, pod.price_text, pod.unit, pod.cloud, pod.gpu_memory) == (
        "Pods",
        "H100 SXM",
        "2.99",
        "/hr",
        None,
        "80 GB",
    )
    assert (cluster.service, cluster.sku, cluster.price_text) == ("Clusters", "H100 SXM", "4.31")


def test_json_ld_snapshot_is_two_clouds_of_eight_gpus(document_of: DocumentOf) -> None:
    """Low is the Community price and high the Secure price of each product."""
    snapshot = (REFERENCE / "jsonld_products_snapshot.json").read_text()
    listings = parse(document_of("runpod-pricing", f'<script type="application/ld+json">{snapshot}</script>'))
    products = json.loads(snapshot)["@graph"]

    assert [(listing.sku, listing.cloud, listing.price_text) for listing in listings] == [
        found
        for product in products
        for name in [product["name"].removesuffix(" GPU on Runpod")]
        for found in [
            (name, "Secure Cloud", product["offers"]["highPrice"]),
            (name, "Community Cloud", product["offers"]["lowPrice"]),
        ]
    ]


def test_documented_answers_lack_the_price_fields(document_of: DocumentOf) -> None:
    """The documentation's example answers ask for other fields: they are refused, not read as prices."""
    for answer in json.loads((REFERENCE / "graphql_docs_responses_current.json").read_text()):
        with pytest.raises(ParseError, match=r"looked for '(secureCloud|securePrice|memoryInGb)'"):
            registry.parse(document_of("runpod-graphql", json.dumps(answer)))


@pytest.mark.parametrize("date", ["2025-05-13", "2025-08-25", "2026-06-08"])
def test_serverless_fixture_carries_the_recorded_figures(date: str, read_case: ReadCase) -> None:
    """Group, memory and every price of a documentation fixture equal the table committed on that day."""
    recorded = [row for row in rows("serverless_docs_price_history.csv") if row["commit_date"] == date]
    day = {
        (row["gpu_types"], row["memory"], kind, Decimal(row[column]))
        for row in recorded
        for kind, column in (("Flex", "flex_usd_per_s"), ("Active", "active_usd_per_s"))
        if row[column]
    }
    document, _ = read_case(f"docs-serverless-{date}")
    read = {
        (x.sku, x.gpu_memory, x.terms.replace("Cost per second", "Flex"), Decimal(x.price_text or 0))
        for x in parse(document)
        if x.price_text
    }

    assert read == day


def test_gpu_types_fixture_carries_recorded_rows(read_case: ReadCase) -> None:
    """Every row of the GPU types fixture stands in the list committed on that day."""
    recorded = {
        (row["gpu_id"], row["display_name"], f"{row['memory_gb']} GB")
        for row in rows("gpu_types_history.csv")
        if row["commit_date"] == "2026-08-14"
    }
    document, _ = read_case("docs-gpu-types-2026-08-14")

    assert {(x.sku_id, x.sku, x.gpu_memory) for x in parse(document)} <= recorded


@pytest.mark.parametrize("case", ["pricing-2026-08-19", "graphql-2026-08-19"])
def test_pod_fixture_carries_the_quoted_figures(case: str, read_case: ReadCase) -> None:
    """Every Pods price of the August fixtures was quoted, for that GPU and cloud, in mid-August 2026."""
    quoted = {
        (row["gpu_label"], cloud, row["price"])
        for row in rows("observed_prices.csv")
        for cloud, word in (("Secure Cloud", "secure"), ("Community Cloud", "community"))
        if row["product"] == "pod" and word in row["tier"] and "2026-08-1" in row["observed_date"]
    }
    document, _ = read_case(case)
    pods = [listing for listing in parse(document) if listing.service == "Pods" and listing.price_text]

    assert pods
    assert {(pod.sku, pod.cloud, pod.price_text) for pod in pods} <= quoted
