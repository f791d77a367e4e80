"""The fast reader of JSON offer files finds what reading the whole file finds, or refuses."""

import itertools
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.aws import ec2_prices, json_scan, offer_json, sagemaker
from scrapers.aws.json_scan import JsonScan
from scrapers.aws.offer_file import read_rows
from scrapers.aws.offer_rows import PriceRow, Wanted
from scrapers.errors import ParseError
from scrapers.records import Content, Document, Response

DocumentOf = Callable[[str, str], Document]
TYPES = ("g99.xlarge", "p99-x1.48xlarge", "gr99f.4xlarge", "m99.large", "p99", "gd99.xlarge", None)
NOTES = ("example", 'a "quoted" word', "{a brace", '"terms" : {', '"priceDimensions"', "é€ \\ \n", "GPU instance")
AS_AWS = {"indent": 2, "separators": (",", " : ")}
STYLES: tuple[dict[str, Any], ...] = (
    AS_AWS,
    {"separators": (",", ":")},
    {},
    {"indent": "\t"},
    AS_AWS | {"ensure_ascii": False},
)


def comparable(rows: list[PriceRow]) -> list[Any]:
    """Return rows in a form that can be compared: as text, where the function that makes locators has no address."""
    return [(r.place, r.sku_id, r.fields, r.contract, r.unit, r.currency, r.price, r.locator, r.refusal) for r in rows]


def shuffled(draw: st.DrawFn, content: dict[str, Any]) -> dict[str, Any]:
    """Return an object with its keys in any order."""
    return {key: content[key] for key in draw(st.permutations(list(content)))}


@st.composite
def product(draw: st.DrawFn, sku: str) -> dict[str, Any]:
    """Draw a product; one without an instance type is no compute."""
    name = draw(st.sampled_from(TYPES))
    attributes = {
        "note": draw(st.sampled_from(NOTES)),
        "tenancy": draw(st.sampled_from(("Shared", "Dedicated"))),
        "operatingSystem": draw(st.sampled_from(("Linux", "Windows"))),
        "licenseModel": "No License required",
        "preInstalledSw": "NA",
        "capacitystatus": "Used",
        "marketoption": "OnDemand",
        "regionCode": "us-east-1",
        "component": "Hosting",
    }
    if name:
        attributes |= {"instanceType": name, "instanceName": f"ml.{name}"}
    content = {"sku": sku, "productFamily": "Compute Instance", "attributes": shuffled(draw, attributes)}
    return shuffled(draw, content) if draw(st.booleans()) else content


@st.composite
def term(draw: st.DrawFn, key: str, kind: str) -> dict[str, Any]:
    """Draw a term of a product: one rate, or two where it is reserved."""
    units = {"R": ("Hrs", "1001.0000000000")} | ({"F": ("Quantity", "2750")} if kind == "Reserved" else {})
    rates = {
        f"{key}.{rate}": shuffled(
            draw,
            {
                "rateCode": f"{key}.{rate}",
                "description": draw(st.sampled_from(NOTES)),
                "unit": unit,
                "pricePerUnit": {"USD": price},
                "appliesTo": [],
            },
        )
        for rate, (unit, price) in units.items()
    }
    contract = {"LeaseContractLength": "1yr", "PurchaseOption": "All Upfront", "OfferingClass": "standard"}
    return shuffled(
        draw,
        {
            "offerTermCode": key.partition(".")[2],
            "sku": key.partition(".")[0],
            "effectiveDate": "2026-11-01T00:00:00Z",
            "priceDimensions": shuffled(draw, rates),
            "termAttributes": contract if kind == "Reserved" else {},
        },
    )


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """Draw an offer file: any order of keys below products and terms, any white space."""
    skus = [f"EXAMPLE{number}" for number in range(draw(st.integers(1, 10)))]
    terms: dict[str, Any] = {}
    for kind in draw(st.permutations(("OnDemand", "Reserved"))):
        chosen = draw(st.permutations(draw(st.lists(st.sampled_from(skus), unique=True))))
        codes = {"OnDemand": ("T",), "Reserved": ("U", "V")}[kind]
        terms[kind] = {s: {f"{s}.{c}": draw(term(f"{s}.{c}", kind)) for c in codes} for s in chosen}
    content = {
        "formatVersion": "v1.0",
        "disclaimer": draw(st.sampled_from(NOTES)),
        "offerCode": "OFFER",
        "products": {sku: draw(product(sku)) for sku in draw(st.permutations(skus))},
        "terms": terms,
        "attributesList": {},
    }
    return json.dumps(content, **draw(st.sampled_from(STYLES)))


def scanned(document: Document, wanted: Wanted, cuts: list[int], block: int) -> list[PriceRow]:
    """Read a document fast, fed in pieces."""
    scan = JsonScan(document, wanted, block_bytes=block)
    body = document.read()
    places = sorted({0, *(cut % (len(body) + 1) for cut in cuts), len(body)})
    for first, last in itertools.pairwise(places):
        scan.feed(body[first:last])
    return scan.finish()


@pytest.mark.parametrize(
    ("wanted", "source", "offer"),
    [(ec2_prices.WANTED, "aws-ec2", "AmazonEC2"), (sagemaker.WANTED, "aws-sagemaker", "AmazonSageMaker")],
)
@settings(max_examples=200, deadline=None)
@given(body=bodies(), cuts=st.lists(st.integers(0, 100_000), max_size=20), block=st.sampled_from((1, 500, 1 << 20)))
def test_fast_way_finds_what_the_slow_way_finds(  # noqa: PLR0913, PLR0917  # what is drawn and for whom
    body: str,
    cuts: list[int],
    block: int,
    wanted: Wanted,
    source: str,
    offer: str,
    make: Callable[[str, str], Document],
) -> None:
    """Whatever the order of keys and the white space, and wherever the bytes are cut: the same rows, or a refusal."""
    document = make(source, body.replace("OFFER", offer))
    expected = comparable(offer_json.read_all_rows(document, wanted))

    assert comparable(read_rows(document, wanted)) == expected
    try:
        found = comparable(scanned(document, wanted, cuts, block))
    except ParseError as exc:
        assert "does not know this structure" in str(exc) or "looked for a term" in str(exc)  # noqa: PT017  # or equal
    else:
        assert found == expected


@pytest.fixture(scope="module")
def make() -> Callable[[str, str], Document]:
    """Make a document of a source from a body's text."""

    def make(source: str, text: str) -> Document:
        moment = datetime(2026, 11, 1, tzinfo=UTC)
        url = "https://example.org/"
        return Document.of(
            Response("body", url, url, moment, 200, "text/json", Content.of(text.encode())), source=source
        )

    return make


def offer(**changes: Any) -> dict[str, Any]:
    """Return a good offer file with three products in AWS's order of keys, with some parts changed."""
    skus = {"S1": "g99.xlarge", "S2": "m99.large", "S3": "p99.48xlarge"}
    return {
        "formatVersion": "v1.0",
        "offerCode": "AmazonEC2",
        "products": {
            sku: {"sku": sku, "productFamily": "Compute Instance", "attributes": {"instanceType": name}}
            for sku, name in skus.items()
        },
        "terms": {"OnDemand": {sku: {f"{sku}.T": one_term(sku)} for sku in skus}},
    } | changes


def one_term(sku: str) -> dict[str, Any]:
    """Return an on-demand term as AWS writes it."""
    rate = {"rateCode": f"{sku}.T.R", "unit": "Hrs", "pricePerUnit": {"USD": "1001.0000000000"}}
    return {"offerTermCode": "T", "sku": sku, "priceDimensions": {f"{sku}.T.R": rate}, "termAttributes": {}}


@pytest.mark.parametrize("style", STYLES)
def test_known_structure_is_read_fast(style: dict[str, Any], document_of: DocumentOf) -> None:
    """A file in AWS's own order of keys is read without the slow way, in every white space."""
    document = document_of("aws-ec2", json.dumps(offer(), **style))

    assert [row.sku_id for row in scanned(document, ec2_prices.WANTED, [700], 100)] == ["S1", "S3"]


MOVED = {key: offer()[key] for key in ("formatVersion", "offerCode", "terms", "products")}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (json.dumps(MOVED), "looked for products before terms"),
        (json.dumps(offer(products=[])), "looked for a whole object"),
        (json.dumps(offer(terms=[])), "looked for products and then terms"),
        (json.dumps(offer())[:-300], "looked for "),
        (json.dumps(offer())[:-1], "looked for the end of the file's object"),
        (json.dumps(offer()).replace('"S1.T.R": {', '"": {'), "looked for prices by rate code"),
        (json.dumps(offer()).replace('"S1": {"S1.T"', '"S9": {"S1.T"'), "looked for the entry of a product"),
        (json.dumps(offer()).replace('"S3.T": {', '"T": {'), "looked for a term of S3"),
        (json.dumps(offer()).replace('"S3": {"S3.T": {', '"S3x": {"S3.T": {'), "looked for the entry of a product"),
        (json.dumps(offer()).replace('"sku": "S3", "priceD', '"sku": "S2", "priceD'), "looked for a term of S3"),
        (json.dumps(offer()).replace('"sku": "S3", "prod', '"sku": "S2", "prod'), "looked for product S3"),
        (json.dumps(offer()).replace('"g99.xlarge"', "99"), "looked for the text of an instance type"),
        (
            json.dumps(offer()).replace('"attributes": {"instanceType": "p', '"other": {"instanceType": "p'),
            "an object around",
        ),
        (json.dumps(offer()).replace('}, "S3": {"S3.T"', '} ; "S3": {"S3.T"'), "looked for the entry of a product"),
    ],
)
def test_other_structure_is_refused(body: str, message: str, document_of: DocumentOf) -> None:
    """A file that is built in another way is refused with what was looked for, never read in part."""
    with pytest.raises(ParseError, match=message):
        scanned(document_of("aws-ec2", body), ec2_prices.WANTED, [], 1 << 20)


def test_odd_share_of_products_is_refused(document_of: DocumentOf, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a large file hardly anything but GPUs means that names no longer say what they said."""
    monkeypatch.setattr(json_scan, "_SHARE_FROM", 3)

    with pytest.raises(ParseError, match=r"looked for a share of .* found 0\.66"):
        scanned(document_of("aws-ec2", json.dumps(offer())), ec2_prices.WANTED, [], 1 << 20)
