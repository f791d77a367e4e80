"""Writes an artificial regional offer file of AmazonEC2, as CSV and as JSON of the same content.

Its shape is that of the lists of 2025-09-12 (columns, quoting) and of version 20260910195514 (JSON): products in
the order of random-looking ids, two tenancies and three capacity states of each type and system, reserved terms of
two rows. No instance type, id or price in it is AWS's.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

HEAD = {
    "FormatVersion": "v1.0",
    "Disclaimer": "Example disclaimer: this list is artificial, no price in it is AWS's.",
    "Publication Date": "2026-11-01T00:00:00Z",
    "Version": "20261101000000",
    "OfferCode": "AmazonEC2",
}
TERM_COLUMNS = (
    *("SKU", "OfferTermCode", "RateCode", "TermType", "PriceDescription", "EffectiveDate", "StartingRange"),
    *("EndingRange", "Unit", "PricePerUnit", "Currency", "RelatedTo", "LeaseContractLength", "PurchaseOption"),
    "OfferingClass",
)
PRODUCT_COLUMNS = {
    "Product Family": "",
    "serviceCode": "servicecode",
    "Location": "location",
    "Location Type": "locationType",
    "Instance Type": "instanceType",
    "Current Generation": "currentGeneration",
    "Instance Family": "instanceFamily",
    "vCPU": "vcpu",
    "Physical Processor": "physicalProcessor",
    "Clock Speed": "clockSpeed",
    "Memory": "memory",
    "Storage": "storage",
    "Network Performance": "networkPerformance",
    "Processor Architecture": "processorArchitecture",
    **{f"Example {number}": "" for number in range(7)},
    "Tenancy": "tenancy",
    "Operating System": "operatingSystem",
    "License Model": "licenseModel",
    **{f"Example {number}": "" for number in range(7, 15)},
    "usageType": "usagetype",
    "operation": "operation",
    "AvailabilityZone": "availabilityzone",
    "CapacityStatus": "capacitystatus",
    "ClassicNetworkingSupport": "classicnetworkingsupport",
    "Dedicated EBS Throughput": "dedicatedEbsThroughput",
    "ECU": "ecu",
    "Enhanced Networking Supported": "enhancedNetworkingSupported",
    "GPU": "gpu",
    "GPU Memory": "gpuMemory",
    **{f"Example {number}": "" for number in range(15, 33)},
    "Intel AVX2 Available": "intelAvx2Available",
    "Intel AVX Available": "intelAvxAvailable",
    "Intel Turbo Available": "intelTurboAvailable",
    "MarketOption": "marketoption",
    "Normalization Size Factor": "normalizationSizeFactor",
    "Pre Installed S/W": "preInstalledSw",
    "Processor Features": "processorFeatures",
    "Region Code": "regionCode",
    "serviceName": "servicename",
    "VPCNetworkingSupport": "vpcnetworkingsupport",
}
"""Columns of a product, and the attribute's name in JSON; "" for those that are always empty."""
SIZES = ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge", "48xlarge", "metal")
CPU_FAMILIES = tuple(f"{letter}{number}a" for number in range(60, 99) for letter in "cmrxt")[:167]
GPU_FAMILIES = (*(f"g{number}" for number in range(90, 95)), *(f"p{number}" for number in range(90, 95)))
SYSTEMS = tuple(itertools.product(("Linux", "RHEL", "SUSE", "Windows"), ("NA", "SQL Std", "SQL Ent")))
RESERVED = tuple(
    (f"TERM{number:06}", *words)
    for number, words in enumerate(
        itertools.product(("1yr", "3yr"), ("standard", "convertible"), ("No Upfront", "Partial Upfront", "All Upfront"))
    )
)
CAPACITY = {"Used": "BoxUsage", "AllocatedCapacityReservation": "Reservation", "UnusedCapacityReservation": "UnusedBox"}


@dataclass(frozen=True, slots=True)
class Rate:
    """One price: its term (kind, code, length, class, payment), rate code, unit and digits."""

    kind: str
    term: str
    rate: str
    unit: str
    price: str
    length: str = ""
    offering: str = ""
    payment: str = ""


def write_offer_files(folder: Path, *, share: float = 1.0) -> tuple[Path, Path]:
    """Write ``index.csv`` (some 400 MB) and ``index.json`` (some 500 MB); a share below 1 makes them smaller."""
    products = list(_products(share))
    csv_path, json_path = folder / "index.csv", folder / "index.json"
    with csv_path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(f"{_quoted(name)},{_quoted(text)}\n" for name, text in HEAD.items())
        file.write(",".join(map(_quoted, (*TERM_COLUMNS, *PRODUCT_COLUMNS))) + "\n")
        for sku, attributes in products:
            file.writelines(_csv_rows(sku, attributes))
    with json_path.open("w", encoding="utf-8") as file:
        file.writelines(_json_pieces(products))
    return csv_path, json_path


def _products(share: float) -> Iterator[tuple[str, dict[str, str]]]:
    cpu = CPU_FAMILIES[: max(1, round(len(CPU_FAMILIES) * share))]
    types = [f"{family}.{size}" for family in (*cpu, *GPU_FAMILIES) for size in SIZES]
    keys = itertools.product(enumerate(types), enumerate(SYSTEMS), ("Shared", "Dedicated"), CAPACITY)
    named = ((_sku(str(key)), key) for key in keys)
    for sku, ((number, name), (code, (system, software)), tenancy, capacity) in sorted(named):
        gpu = name.split(".", maxsplit=1)[0] in GPU_FAMILIES
        if gpu and software == "SQL Ent":
            continue
        yield (
            sku,
            {
                "Product Family": "Compute Instance (bare metal)" if name.endswith("metal") else "Compute Instance",
                "serviceCode": "AmazonEC2",
                "Location": "US East (N. Virginia)",
                "Location Type": "AWS Region",
                "Instance Type": name,
                "Current Generation": "Yes",
                "Instance Family": "GPU instance" if gpu else "General purpose",
                "vCPU": str(number + 2),
                "Physical Processor": "Example Scalable Processor (Example Lake)",
                "Clock Speed": "3.5 GHz",
                "Memory": "99 GiB",
                "Storage": "2 x 1900 NVMe SSD",
                "Network Performance": "Up to 12500 Megabit",
                "Processor Architecture": "64-bit",
                "Tenancy": tenancy,
                "Operating System": system,
                "License Model": "No License required",
                "usageType": f"{CAPACITY[capacity]}:{name}",
                "operation": f"RunInstances:{code:04}" if code else "RunInstances",
                "AvailabilityZone": "NA",
                "CapacityStatus": capacity,
                "ClassicNetworkingSupport": "false",
                "Dedicated EBS Throughput": "Up to 10000 Mbps",
                "ECU": "NA",
                "Enhanced Networking Supported": "Yes",
                "GPU": "8" if gpu else "",
                "GPU Memory": "99 GB" if gpu else "NA",
                "Intel AVX2 Available": "Yes",
                "Intel AVX Available": "Yes",
                "Intel Turbo Available": "Yes",
                "MarketOption": "OnDemand",
                "Normalization Size Factor": str(number),
                "Pre Installed S/W": software,
                "Processor Features": "Intel AVX; Intel AVX2; Intel AVX512; Intel Turbo",
                "Region Code": "us-east-1",
                "serviceName": "Amazon Elastic Compute Cloud",
                "VPCNetworkingSupport": "true",
            },
        )


def _sku(text: str) -> str:
    letters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
    return "".join(letters[byte % 31] for byte in hashlib.sha256(text.encode()).digest()[:16])


def _rates(attributes: Mapping[str, str]) -> Iterator[Rate]:
    """Yield a product's prices, from 1,000 on for large ones: nobody takes them for real."""
    price = 1000 + int(attributes["vCPU"])
    yield Rate("OnDemand", "ONDEMAND00", "HOURLYRATE", "Hrs", f"{price}.0000000000")
    if attributes["CapacityStatus"] == "Used" and attributes["Pre Installed S/W"] != "SQL Ent":
        for term, length, offering, payment in RESERVED:
            hourly = 0 if payment == "All Upfront" else price
            words = (length, offering, payment)
            yield Rate("Reserved", term, "HOURLYRATE", "Hrs", f"{hourly}.0000000000", *words)
            if payment != "No Upfront":
                yield Rate("Reserved", term, "UPFRONTFEE", "Quantity", f"{price}000", *words)


def _description(rate: Rate, attributes: Mapping[str, str]) -> str:
    name, system = attributes["Instance Type"], attributes["Operating System"]
    if rate.unit == "Quantity":
        return "Upfront Fee"
    if rate.kind == "Reserved":
        return f"{system} (Amazon VPC), {name} reserved instance applied"
    return f"${rate.price} per On Demand {system} {name} Instance Hour"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if text else ""


def _csv_rows(sku: str, attributes: Mapping[str, str]) -> Iterator[str]:
    product = ",".join(_quoted(attributes.get(name, "")) for name in PRODUCT_COLUMNS)
    for rate in _rates(attributes):
        start, end = ("0", "Inf") if rate.unit == "Hrs" else ("", "")
        code = f"{sku}.{rate.term}.{rate.rate}"
        terms = (sku, rate.term, code, rate.kind, _description(rate, attributes), "2026-11-01", start, end, rate.unit)
        contract = (rate.price, "USD", "", rate.length, rate.payment, rate.offering)
        yield ",".join(map(_quoted, (*terms, *contract))) + f",{product}\n"


def _json_pieces(products: list[tuple[str, dict[str, str]]]) -> Iterator[str]:
    """Yield the file as AWS writes it: indented by two, with `` : `` between key and value."""
    names = {"FormatVersion": "formatVersion", "OfferCode": "offerCode", "Version": "version"}
    yield "{\n" + "".join(f'  "{name}" : "{HEAD[column]}",\n' for column, name in names.items())
    yield '  "products" : {\n'
    yield from _joined(_product_entry(sku, attributes) for sku, attributes in products)
    yield '  },\n  "terms" : {\n'
    for kind, end in (("OnDemand", ","), ("Reserved", "")):
        yield f'    "{kind}" : {{\n'
        yield from _joined(filter(None, (_terms_entry(kind, sku, attributes) for sku, attributes in products)))
        yield f"    }}{end}\n"
    yield '  },\n  "attributesList" : { }\n}\n'


def _joined(entries: Iterator[str]) -> Iterator[str]:
    for number, entry in enumerate(entries):
        yield (",\n" if number else "") + entry
    yield "\n"


def _indented(key: str, content: object, depth: int) -> str:
    space = " " * depth
    text = json.dumps(content, indent=2, separators=(",", " : ")).replace("\n", f"\n{space}")
    return f'{space}"{key}" : {text}'


def _product_entry(sku: str, attributes: Mapping[str, str]) -> str:
    printed = {json_name: attributes[name] for name, json_name in PRODUCT_COLUMNS.items() if json_name}
    content = {
        "sku": sku,
        "productFamily": attributes["Product Family"],
        "attributes": {name: text for name, text in printed.items() if text},
    }
    return _indented(sku, content, 4)


def _terms_entry(kind: str, sku: str, attributes: Mapping[str, str]) -> str:
    terms: dict[str, dict[str, object]] = {}
    rates = [rate for rate in _rates(attributes) if rate.kind == kind]
    for term, group in itertools.groupby(rates, key=lambda rate: rate.term):
        dimensions = {}
        for rate in group:
            code = f"{sku}.{rate.term}.{rate.rate}"
            dimensions[code] = {
                "rateCode": code,
                "description": _description(rate, attributes),
                **({"beginRange": "0", "endRange": "Inf"} if rate.unit == "Hrs" else {}),
                "unit": rate.unit,
                "pricePerUnit": {"USD": rate.price},
                "appliesTo": [],
            }
        contract = {
            "LeaseContractLength": rate.length,
            "OfferingClass": rate.offering,
            "PurchaseOption": rate.payment,
        }
        terms[f"{sku}.{term}"] = {
            "offerTermCode": term,
            "sku": sku,
            "effectiveDate": "2026-11-01T00:00:00Z",
            "priceDimensions": dimensions,
            "termAttributes": contract if kind == "Reserved" else {},
        }
    return _indented(sku, terms, 6) if terms else ""


if __name__ == "__main__":
    write_offer_files(Path(sys.argv[1]), share=float(sys.argv[2]))
