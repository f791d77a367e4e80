"""Savings plan files: one row per discounted rate, as CSV (read as a stream) or as JSON.

CSV (recorded 2025-09-11 and 2026-04-22): five lines of metadata, the header, fields quoted only when needed.
JSON (as AWS's guide to the bulk API and public readers of the file have it; no file was seen): products and
``terms/savingsPlan`` are lists; a rate stands inside its plan. It is read whole: `fetch` asks for CSV.
https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-savings-plans.html
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scrapers.aws.plan_usage import Usage, read_usage
from scrapers.places.locate import pointer
from scrapers.records import Document
from scrapers.strict import columns, fail, read_json, take

_OFFERS = frozenset(
    {
        "AmazonComputeSavingsPlan",
        "AWSComputeSavingsPlan",
        "AmazonMachineLearningSavingsPlans",
        "AWSMachineLearningSavingsPlans",
    }
)
"""The file of AWSComputeSavingsPlan calls itself AmazonComputeSavingsPlan; the other's own name was not seen."""
_METADATA_LINES = 20
"""Five so far; a file whose header comes later than this has none."""
_RATE = "DiscountedRate"
_REQUIRED = (
    *("Unit", _RATE, "Currency", "DiscountedSKU", "DiscountedServiceCode", "DiscountedUsageType"),
    *("DiscountedOperation", "PurchaseOption", "LeaseContractLength", "LeaseContractLengthUnit", "Product Family"),
    *("DiscountedRegionCode", "DiscountedInstanceType"),
)
_OPTIONAL = ("Location Type",)

_Records = Iterator[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One rate of a GPU instance type, of whatever usage.

    Attributes:
        place: where it is, for messages.
        usage: what its usage type says.
        fields: the texts by the CSV's column names; "" for what the file does not hold.
        locator: of the rate.
    """

    place: str
    usage: Usage
    fields: Mapping[str, str]
    locator: str


def read_plan_rows(document: Document) -> Iterator[PlanRow]:
    """Yield the rates of GPU instance types.

    Raises:
        ParseError: the body is no savings plan file of EC2 or SageMaker.
    """
    with document.open() as stream:
        start = stream.read(80).removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{"):
        yield from _read_json(document)
    elif start.removeprefix(b'"').startswith(b"FormatVersion"):
        yield from _read_csv(document)
    else:
        found = repr(start[:40].decode(errors="replace")) if start else "an empty body"
        raise fail(document, f"looked for a savings plan file (JSON, or CSV from FormatVersion on), found {found}")


def _check_offer(document: Document, version: object, offer: object) -> None:
    if version != "v1.0" or offer not in _OFFERS:
        known = ", ".join(sorted(_OFFERS))
        raise fail(document, f"looked for format v1.0 of one of {known}, found {version!r} of {offer!r}")


def _read_csv(document: Document) -> Iterator[PlanRow]:
    with document.open() as stream, io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
        try:
            records = enumerate(csv.reader(text, strict=True), start=1)
            header = _find_header(document, records)
            yield from _read_records(document, header, records)
        except (csv.Error, UnicodeDecodeError) as exc:
            raise fail(document, f"the CSV cannot be read: {exc}") from exc


def _find_header(document: Document, records: _Records) -> list[str]:
    metadata: dict[str, str] = {}
    for _, record in itertools.islice(records, _METADATA_LINES):
        if record and record[0] == "SKU":
            _check_offer(document, metadata.get("FormatVersion"), metadata.get("OfferCode"))
            return record
        metadata |= dict(itertools.pairwise(record))
    raise fail(document, f"looked for the header line that begins with SKU, found {', '.join(metadata)[:200]}")


def _read_records(document: Document, header: list[str], records: _Records) -> Iterator[PlanRow]:
    at = columns(document, header, _REQUIRED)
    if len(at) < len(header):
        raise fail(document, f"looked for columns of different names, found {', '.join(header)}")
    usage_at, width = at["DiscountedUsageType"], len(header)
    present = [(name, at[name]) for name in (*_REQUIRED, *_OPTIONAL) if name in at]
    for number, record in records:
        if len(record) != width:
            raise fail(document, f"looked for {width} fields, found {len(record)}", row=f"record {number}")
        usage = read_usage(record[usage_at])
        if usage is not None:
            fields = dict.fromkeys(_OPTIONAL, "") | {name: record[index] for name, index in present}
            yield PlanRow(f"record {number}", usage, fields, f"csv:{number};{_RATE}")


def _read_json(document: Document) -> Iterator[PlanRow]:
    content = read_json(document)
    if "offerCode" in content:  # the guide's example has none
        _check_offer(document, content.get("formatVersion"), content["offerCode"])
    products = {take(document, product, "sku"): product for product in take(document, content, "products")}
    plans = take(document, take(document, content, "terms"), "savingsPlan")
    for number, plan in enumerate(plans):
        sku = take(document, plan, "sku", row=f"savings plan {number}")
        shared = _read_plan(document, plan, take(document, products, sku, row=f"savings plan {number}"))
        for index, rate in enumerate(take(document, plan, "rates", row=sku)):
            usage = read_usage(take(document, rate, "discountedUsageType", row=sku))
            if usage is not None:
                place = pointer("terms", "savingsPlan", number, "rates", index, "discountedRate", "price")
                yield PlanRow(sku, usage, shared | _read_rate(document, rate, sku), f"json:{place}")


def _read_plan(document: Document, plan: Mapping[str, Any], product: Mapping[str, Any]) -> dict[str, str]:
    """Return what all rates of one plan share, by the CSV's names."""
    sku = plan["sku"]
    attributes = take(document, product, "attributes", row=sku)
    length = take(document, plan, "leaseContractLength", row=sku)
    return {
        "Product Family": take(document, product, "productFamily", row=sku),
        "PurchaseOption": take(document, attributes, "purchaseOption", row=sku),
        "Location Type": attributes.get("locationType", ""),
        "LeaseContractLength": str(take(document, length, "duration", row=sku)),
        "LeaseContractLengthUnit": take(document, length, "unit", row=sku),
    }


def _read_rate(document: Document, rate: Mapping[str, Any], sku: str) -> dict[str, str]:
    price = take(document, rate, "discountedRate", row=sku)
    return {
        "Unit": take(document, rate, "unit", row=sku),
        _RATE: take(document, price, "price", row=sku),
        "Currency": take(document, price, "currency", row=sku),
        "DiscountedSKU": take(document, rate, "discountedSku", row=sku),
        "DiscountedServiceCode": take(document, rate, "discountedServiceCode", row=sku),
        "DiscountedOperation": take(document, rate, "discountedOperation", row=sku),
        "DiscountedRegionCode": take(document, rate, "discountedRegionCode", row=sku),
        "DiscountedInstanceType": rate.get("discountedInstanceType", ""),
    }
