"""The bundled examples: what is committed is what the figures give, and the real parsers read exactly those figures."""

import csv
import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from scrapers import registry
from scrapers.archive.manifest import MANIFEST_NAME, iso
from scrapers.archive.store import Store
from scrapers.places.locate import read_locator
from scrapers.records import Capture, Listing, Obtained, SourceState

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "data" / "examples"
REFERENCE = ROOT.parent / "shared" / "data"
STAMPS = ["2025-12-01T060000Z", "2026-08-19T060000Z", "2026-11-09T060000Z"]
STORE = Store(EXAMPLES)
CAPTURES = [(s.stamp, capture) for s in STORE.snapshots() for capture in s.captures]
LARGEST_BYTES = 1_000_000

each_capture = pytest.mark.parametrize(
    ("stamp", "capture"), CAPTURES, ids=[f"{stamp[:10]}-{c.source}-{c.resource}" for stamp, c in CAPTURES]
)


def read_table(name: str) -> list[dict[str, str]]:
    """Read one of the examples' tables."""
    with (EXAMPLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


FIGURES = read_table("figures.csv")
BODIES = read_table("bodies.csv")


def figures_of(stamp: str, capture: Capture, *roles: str) -> list[dict[str, str]]:
    """List the figures of a body that have one of these roles."""
    place = (stamp[:10], capture.source, capture.resource)
    return [f for f in FIGURES if (f["snapshot"], f["source"], f["resource"]) == place and f["role"] in roles]


def key_of_figure(figure: dict[str, str]) -> tuple[str, ...]:
    """Name a figure by all that its listing must repeat."""
    terms = figure["terms"]
    if terms != "Cost per second":  # that header says neither Flex nor Active; the others do
        terms = terms.removesuffix(" cost per second")
    return (figure["service"], figure["sku"], figure["region"], figure["cloud"], terms, figure["price"])


def key_of_listing(listing: Listing) -> tuple[str, ...]:
    """Name a listing in the same way."""
    where = (listing.region or "", listing.cloud or "")
    return (listing.service, listing.sku, *where, listing.terms, listing.price_text or "")


def write_examples(store: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the writer on a store."""
    command = [sys.executable, str(EXAMPLES / "write.py"), "--store", str(store), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def manifests(store: Path) -> dict[str, bytes]:
    """Read the manifests of a store by stamp."""
    return {stamp: (store / stamp / MANIFEST_NAME).read_bytes() for stamp in Store(store).stamps()}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the examples into a new store, once."""
    store = tmp_path_factory.mktemp("examples")
    done = write_examples(store)
    assert (done.returncode, done.stderr) == (0, "")
    return store


@pytest.fixture
def copy(written: Path, tmp_path: Path) -> Path:
    """Give a store that a test may spoil."""
    return Path(shutil.copytree(written, tmp_path / "store"))


def test_writing_again_gives_what_is_committed(written: Path) -> None:
    """The figures and the writers give the committed manifests, which hold the hash of every body."""
    assert list(manifests(written)) == STAMPS
    assert manifests(written) == manifests(EXAMPLES)


def test_writer_leaves_what_is_the_same(copy: Path) -> None:
    """A second run changes nothing and says so."""
    before = manifests(copy)

    done = write_examples(copy)

    assert done.returncode == 0
    assert done.stdout.count("unchanged") == len(STAMPS)
    assert manifests(copy) == before


def test_writer_overwrites_only_when_told(copy: Path) -> None:
    """A snapshot that differs is named and stays, until --replace puts the right one in its place."""
    manifest = copy / STAMPS[1] / MANIFEST_NAME
    changed = manifest.read_bytes() + b"\n"
    manifest.write_bytes(changed)

    done = write_examples(copy)

    assert done.returncode == 1
    assert f"{STAMPS[1]}: differs" in done.stderr
    assert manifest.read_bytes() == changed
    assert write_examples(copy, "--replace").returncode == 0
    assert manifests(copy) == manifests(EXAMPLES)
    assert sorted(path.name for path in copy.iterdir()) == STAMPS


@each_capture
def test_capture_says_where_it_comes_from(stamp: str, capture: Capture) -> None:
    """Every body is reconstructed, names the public source of its figures, and is not younger than its snapshot."""
    assert capture.obtained is Obtained.RECONSTRUCTED
    assert capture.provenance.startswith(("Figure", "List"))
    assert "Body written by Ratecard" in capture.provenance
    assert iso(capture.retrieved_at)[:10] <= stamp[:10]


@each_capture
def test_parser_reads_the_figures_and_no_others(stamp: str, capture: Capture) -> None:
    """Every figure is listed once with its digits; no other price is, least of all one that stands there as a trap."""
    listings = registry.parse(STORE.document(capture))
    listed = Counter(key_of_listing(listing) for listing in listings if listing.price_text is not None)
    wanted = {key_of_figure(figure) for figure in figures_of(stamp, capture, "price")}
    allowed = {key_of_figure(figure) for figure in figures_of(stamp, capture, "other")}

    assert wanted - set(listed) == set()
    assert set(listed) - wanted <= allowed
    assert set(listed.values()) <= {1}


@each_capture
def test_machines_without_a_price_are_listed_without_one(stamp: str, capture: Capture) -> None:
    """What a body names without a price is in the listings with its absence, never left out."""
    listings = registry.parse(STORE.document(capture))
    withdrawn = [listing for listing in listings if listing.absence.startswith("withdrawn")]
    priceless = Counter(x.sku for x in listings if x.price_text is None and x not in withdrawn)
    named = figures_of(stamp, capture, "absent", "catalogue")
    priced = {f["sku"] for f in figures_of(stamp, capture, "price")}
    only_traps = {f["sku"] for f in figures_of(stamp, capture, "trap") if capture.source == "vantage-ec2"} - priced

    assert priceless == Counter(f["sku"] for f in named) + Counter(only_traps)
    assert all(listing.absence for listing in listings if listing.price_text is None)
    assert {x.sku for x in withdrawn} <= priced, "a price that was withdrawn stands beside the one that is left"


@each_capture
def test_every_locator_leads_to_its_quote(stamp: str, capture: Capture) -> None:  # noqa: ARG001  # names the case
    """What stands at a listing's locator is what the listing quotes."""
    document = STORE.document(capture)

    for listing in registry.parse(document):
        assert read_locator(document, listing.locator) == listing.quote


@pytest.mark.parametrize("stamp", STAMPS)
def test_source_is_there_or_says_why_not(stamp: str) -> None:
    """In every snapshot each of the first day's sources has captures, or has none and a reason."""
    snapshot = STORE.snapshot(stamp)
    there = {capture.source for capture in snapshot.captures}
    absent = {r.source for r in snapshot.results if r.state is SourceState.FAILED and r.reason}

    sources = {result.source for other in STORE.snapshots() for result in other.results}

    assert there & absent == set()
    assert there | absent == sources


def prices(stamp: str, source: str) -> Iterator[Listing]:
    """Yield the listings of a source that have a price."""
    for capture in STORE.snapshot(stamp).captures:
        if capture.source == source:
            yield from (x for x in registry.parse(STORE.document(capture)) if x.price_text is not None)


@pytest.mark.parametrize(
    ("stamp", "source", "sku", "detail", "price"),
    [
        (STAMPS[0], "runpod-docs", "L40, L40S, 6000 Ada PRO", ("Flex", None), "0.00053"),
        (STAMPS[0], "cloudprice-sagemaker", "ml.g6e.xlarge", ("OnDemand", None), "2.61"),
        (STAMPS[0], "runpod-pricing", "H100 SXM", ("On-Demand", None), "2.69"),
        (STAMPS[1], "runpod-pricing", "H100 SXM", ("On-Demand", "Secure Cloud"), "3.29"),
        (STAMPS[1], "runpod-pricing", "A100 PCIe", ("On-Demand", "Secure Cloud"), "1.39"),
        (STAMPS[2], "runpod-pricing", "H100 SXM", ("On-Demand", "Secure Cloud"), "3.99"),
        (STAMPS[2], "runpod-pricing", "A100 PCIe", ("On-Demand", "Secure Cloud"), "1.79"),
    ],
)
def test_figures_that_the_report_is_known_for(
    stamp: str, source: str, sku: str, detail: tuple[str, str | None], price: str
) -> None:
    """The prices that the first report is checked by stand in the examples, once each."""
    found = [x.price_text for x in prices(stamp, source) if x.sku == sku and (x.terms, x.cloud) == detail]

    assert found == [price]


def test_snapshot_of_unchanged_bodies_refers_to_them() -> None:
    """RunPod's tables are the same in the second and third snapshot: stored once, referenced afterwards."""
    third = STORE.snapshot(STAMPS[2])
    bodies = {capture.body.partition("/")[0] for capture in third.captures if capture.source == "runpod-docs"}

    assert bodies == {STAMPS[1]}
    assert next(r.state for r in third.results if r.source == "runpod-docs") is SourceState.UNCHANGED


def test_examples_are_small() -> None:
    """The whole folder stays under a megabyte."""
    ours = [path for path in EXAMPLES.rglob("*") if path.suffix in {".zst", ".json", ".csv", ".py", ".md"}]

    assert sum(path.stat().st_size for path in ours) < LARGEST_BYTES


def test_tables_agree() -> None:
    """Every figure has its body, and every body has figures."""
    places = {(f["snapshot"], f["source"], f["resource"]) for f in FIGURES}

    assert places == {(b["snapshot"], b["source"], b["resource"]) for b in BODIES}


def known_prices() -> set[tuple[str, Decimal]]:
    """Return SKU and price of every dated figure in the reference table, RunPod's groups without their memory."""
    with (REFERENCE / "observations.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    skus = {"A100 80G SXM": "A100 SXM"}  # an author's label of 2026-10-19
    names = [(skus.get(r["sku"], r["sku"]).partition(" (")[0], r["price_as_printed"]) for r in rows]
    return {(sku, Decimal(price)) for sku, price in names}


@pytest.mark.reference
@pytest.mark.skipif(not REFERENCE.is_dir(), reason="no reference data beside the checkout")
def test_no_figure_is_invented() -> None:
    """Every price of the examples stands in the reference table, or in the words of a quotation there."""
    quotations = json.loads((REFERENCE / "aws" / "sagemaker" / "sagemaker_quotes_2026.json").read_text())
    known = known_prices()
    priced = [figure for figure in FIGURES if figure["role"] == "price"]
    unknown = [f for f in priced if (f["sku"], Decimal(f["price"])) not in known]
    said = [f"{quotation['instance']} {quotation['usd']} {quotation['src']}" for quotation in quotations]

    assert [f for f in unknown if not any(f["sku"] in text and f["price"] in text for text in said)] == []
