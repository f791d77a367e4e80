"""SageMaker on-demand prices of GPU instance types, from AWS's bulk price list (offer ``AmazonSageMaker``).

No raw record of this offer has been seen. The names of its columns are those of the live list of 2026-05-08
(version 20260508220240, snake-cased by github.com/timfanda35/aws-pricing-list-loader @e363e3d8) and of public
readers of the file, which say ``Component``, ``Instance Name``, ``TermType``, ``Unit``, ``PricePerUnit``; in
JSON ``instanceName``, ``component``, and in newer products ``platoinstancetype`` in its place. Confirm
against the live file.

One instance type has a price per component (Hosting is real-time inference), not every component for every
type and region, and two components may differ. A price that is missing is never computed from the EC2 price:
the premium is no fixed factor.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from scrapers.aws.instance_types import family_findings, is_gpu_type
from scrapers.aws.offer_file import OfferReader, listing_of, read_all_rows, read_rows
from scrapers.aws.offer_index import HOSTS, MAX_FILE_BYTES, fetch_offer
from scrapers.aws.offer_rows import Marks, PriceRow, Wanted
from scrapers.records import Document, Lineage, Listing, Response, Source
from scrapers.strict import fail
from scrapers.wire.web import Web

SOURCE = Source(
    id="aws-sagemaker",
    title="SageMaker on-demand prices (AWS Price List Bulk API)",
    publisher="AWS",
    url="https://aws.amazon.com/sagemaker/ai/pricing/",
    lineage=Lineage.FIRST_PARTY,
    method="http",
    # SageMaker knew 62 GPU types for hosting on 2026-11-17 (botocore 1.44.5); a region has some of them, in
    # up to five components. How many a region's file really holds has not been seen.
    expected_listings=(40, 3000),
    max_age_days=45,
    allowed_hosts=HOSTS,
    max_body_bytes=MAX_FILE_BYTES,
)
findings = family_findings

_KEPT = {name.casefold(): name for name in ("Hosting", "AsyncInf", "Training", "Notebook", "Studio-JupyterLab")}
"""Components that are taken, by their name in lower case: both ``Studio-JupyterLab`` and
``studio-jupyterlab`` occur."""
_IGNORED = frozenset(
    {
        "batchtransform",
        "cluster",
        "cluster-reserved",
        "processing",
        "processing_dw",
        "processing_geo",
        "spottraining",
        "studio",
        "studio-codeeditor",
        "studio-notebook",
        "tensorboard",
    }
)
"""Components that are not taken: batch work, HyperPod, other editors. ``RStudio:*`` and names with "free"
neither."""
_UNSTATED = "(component unstated)"


def _instance_name(fields: Mapping[str, str]) -> str:
    """Return ``ml.g5.xlarge``; the instance type may say ``ml.g5.xlarge-Hosting``."""
    if fields["instancename"]:
        return fields["instancename"]
    family, dot, size = fields["instancetype"].rpartition(".")
    return family + dot + size.partition("-")[0]


def _is_gpu(fields: Mapping[str, str]) -> bool:
    name = _instance_name(fields)
    return name.startswith("ml.") and is_gpu_type(name.removeprefix("ml."))


WANTED = Wanted(
    offer="AmazonSageMaker",
    required=(("instancename", "instancetype"), ("component", "platoinstancetype"), ("regioncode",)),
    optional=("location", "gpu", "gpumemory"),
    chosen=_is_gpu,
    key=lambda fields: (fields["component"], fields["instancename"], fields["instancetype"], fields["regioncode"]),
    refusal=lambda _: "",
    # The name of every instance type that is chosen holds one of these, in whatever column it stands.
    marks=Marks("", (b"ml.g", b"ml.p")),
    json_keys=(b'"instanceName"', b'"instanceType"'),
    json_marks=(b"ml.g", b"ml.p"),
)


def fetch(web: Web, regions: Sequence[str]) -> Iterator[Response]:
    """Yield the CSV offer file of every region, read while it arrives.

    Raises:
        SourceError: the index or a region did not come; raised after the regions that did.
    """
    return fetch_offer(web, SOURCE, "AmazonSageMaker", regions, open_reader)


def open_reader(resource: str, url: str) -> OfferReader:
    """Return what reads a file while it arrives."""
    del url
    return OfferReader(SOURCE.id, WANTED, read_listings, resource)


def parse(document: Document) -> list[Listing]:
    """Return one listing per component, GPU instance type and region.

    A component that is neither taken nor ignored by name becomes a listing with the component as printed.

    Raises:
        ParseError: the file is no SageMaker offer file, holds no such price, or holds different ones for one
            of them.
    """
    return read_listings(document, read_rows(document, WANTED))


def parse_slowly(document: Document) -> list[Listing]:
    """Return what `parse` must return, with every record of the file read: what the fast way is measured against.

    Raises:
        ParseError: as `parse`.
    """
    return read_listings(document, read_all_rows(document, WANTED))


def read_listings(document: Document, rows: Iterable[PriceRow]) -> list[Listing]:
    """Return the listings of an offer file's rows, see `parse`."""
    groups: defaultdict[tuple[str | None, ...], list[Listing]] = defaultdict(list)
    components: set[str] = set()
    for row in rows:
        components.add(row.fields["component"] or row.fields["platoinstancetype"] or _UNSTATED)
        if row.contract is not None:
            continue  # there are none: SageMaker's commitments are savings plans
        service = _service(row)
        if service is not None:
            listing = listing_of(document, row, service, _instance_name(row.fields), None)
            groups[service, listing.sku, listing.region, listing.unit].append(listing)
    if not any(listing.price_text for group in groups.values() for listing in group):
        problem = "looked for on-demand prices of ml. GPU instance types, found none"
        raise fail(document, f"{problem}; components of such types: {', '.join(sorted(components)) or 'none'}")
    return [_choose(document, group) for group in groups.values()]


def _service(row: PriceRow) -> str | None:
    """Return the name of the product, or None for one that is not taken."""
    printed = row.fields["component"] or row.fields["platoinstancetype"]
    name = printed.casefold()
    free = "free" in name or "free" in row.fields["platoinstancetype"].casefold()
    if free or name in _IGNORED or name.startswith("rstudio:"):
        return None
    return f"SageMaker {_KEPT.get(name, printed or _UNSTATED)}"


def _choose(document: Document, group: Sequence[Listing]) -> Listing:
    """Return the listing with a price, if all agree; a price of 0 beside a real one does not count."""
    priced = [listing for listing in group if listing.price_text is not None]
    prices = {Decimal(listing.price_text) for listing in priced if listing.price_text is not None}
    if len(prices) > 1:
        first = group[0]
        found = ", ".join(f"SKU {listing.sku_id} at {listing.quote}" for listing in priced)
        raise fail(document, f"looked for one price of {first.service} {first.sku} in {first.region}, found {found}")
    return next(iter(priced), group[0])
