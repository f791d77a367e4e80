"""EC2 on-demand prices of GPU instance types, from the AWS Price List Bulk API (offer ``AmazonEC2``).

One GPU type has about seven Linux SKUs in a region: used, dedicated, on a dedicated host, reserved capacity
used and unused, and a capacity block twin with the same attributes and a price of 0. The rules below leave
the one that is meant by "on-demand": shared tenancy, Linux without licence or software, capacity in use. The
same choice was made by hand by an independent reader of the us-east-1 list of 2026-07-28
(github.com/cmanaha/tech-deep-dives, 2026-08-01).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from scrapers.aws.instance_types import is_gpu_type
from scrapers.aws.offer_file import listing_of, read_rows, region_of
from scrapers.aws.offer_index import HOST, fetch_offer
from scrapers.aws.offer_rows import PriceRow, Wanted
from scrapers.records import Document, Lineage, Listing, Response, Source
from scrapers.strict import fail
from scrapers.web import Web

SOURCE = Source(
    id="aws-ec2",
    title="EC2 on-demand prices (AWS Price List Bulk API)",
    publisher="AWS",
    url="https://aws.amazon.com/ec2/pricing/on-demand/",
    lineage=Lineage.FIRST_PARTY,
    method="http",
    # us-east-1, the region with most, had 81 GPU types on 2026-07-20 (Karpenter's table). How many others have
    # is not known; by the Spot Advisor of 2024-02-28, 25 regions had some, three of them half as many and more.
    expected_listings=(40, 1500),
    max_age_days=45,
    allowed_hosts=(HOST.removeprefix("https://"),),
)

_RULES: Mapping[str, frozenset[str]] = {
    "productfamily": frozenset({"Compute Instance", "Compute Instance (bare metal)"}),
    "tenancy": frozenset({"Shared"}),
    "operatingsystem": frozenset({"Linux"}),
    "licensemodel": frozenset({"No License required"}),
    "preinstalledsw": frozenset({"NA", ""}),
    "capacitystatus": frozenset({"Used"}),
    # Old lists lack it. The CapacityBlock twins of p4d, p5, ... have equal attributes otherwise, and a price
    # of 0.
    "marketoption": frozenset({"OnDemand", ""}),
    "unit": frozenset({"Hrs"}),
}
"""What the attributes of an on-demand price must be; a row is refused by the first that is something else."""
_OUTPOSTS = "AWS Outposts"

_WANTED = Wanted(
    offer="AmazonEC2",
    required=tuple((name,) for name in ("instancetype", *_RULES) if name not in {"marketoption", "unit"}),
    optional=("marketoption", "regioncode", "location", "locationtype", "gpu", "gpumemory"),
    chosen=lambda fields: is_gpu_type(fields["instancetype"]),
)


@dataclass(slots=True)
class Selection:
    """The rows of an offer file, sorted by the rules.

    Attributes:
        kept: the rows that pass every rule, by instance type and region code.
        first: the first row of every instance type and region, whether it passes or not.
        refused: names of the rules that refused the rows of an instance type and region.
        rejected: number of rows by the first rule that refused them.
    """

    kept: dict[tuple[str, str], PriceRow] = field(default_factory=dict)
    first: dict[tuple[str, str], PriceRow] = field(default_factory=dict)
    refused: defaultdict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    rejected: Counter[str] = field(default_factory=Counter)


def fetch(web: Web, regions: Sequence[str]) -> Iterator[Response]:
    """Yield the CSV offer file of every region.

    Raises:
        SourceError: the index or a region did not come; raised after the regions that did.
    """
    return fetch_offer(web, SOURCE, "AmazonEC2", regions)


def parse(document: Document) -> list[Listing]:
    """Return one listing per GPU instance type and region; without a price where AWS has none on demand.

    Raises:
        ParseError: the file is no EC2 offer file, holds no such price, or holds two for one type and region.
    """
    selection = select(document)
    if not selection.kept:
        rules = ", ".join(f"{rule} ({number})" for rule, number in selection.rejected.most_common())
        problem = "looked for on-demand prices of GPU instance types with shared Linux, found none"
        raise fail(document, f"{problem}; rows refused, by rule: {rules or 'none'}")
    return [_listing(document, selection, key) for key in selection.first]


def select(document: Document) -> Selection:
    """Return the rows of GPU instance types, sorted by the rules.

    Raises:
        ParseError: the file is no EC2 offer file, or two rows pass for one instance type and region.
    """
    selection = Selection()
    for row in read_rows(document, _WANTED):
        key = (row.fields["instancetype"], region_of(document, row))
        selection.first.setdefault(key, row)
        rule = _broken_rule(row)
        if rule:
            selection.rejected[rule] += 1
            selection.refused[key].add(rule)
        elif key in selection.kept:
            other = selection.kept[key]
            two = f"SKU {other.sku_id} at {other.price} ({other.place}) and SKU {row.sku_id} at {row.price}"
            problem = f"looked for one on-demand price of {key[0]} in {key[1]}, found {two}"
            raise fail(document, problem, row=row.place)
        else:
            selection.kept[key] = row
    return selection


def _broken_rule(row: PriceRow) -> str | None:
    """Return the name of the first rule that a row breaks."""
    # An Outposts rack has the region code of its region: its rows would be second prices of the types there.
    if row.fields["locationtype"] == _OUTPOSTS:
        return "locationtype"
    texts = {**row.fields, "unit": row.unit}
    return next((name for name, allowed in _RULES.items() if texts[name] not in allowed), None)


def _listing(document: Document, selection: Selection, key: tuple[str, str]) -> Listing:
    sku, region = key
    if key in selection.kept:
        return listing_of(document, selection.kept[key], "EC2", sku, "Linux")
    row = selection.first[key]
    rules = ", ".join(sorted(selection.refused[key]))
    what = f"AWS lists {sku} in {region}, but without an on-demand price of shared Linux"
    return replace(
        listing_of(document, replace(row, price=""), "EC2", sku, "Linux"),
        absence=f"{what} (refused by: {rules})",
        locator=row.locate("instancetype"),
        quote=sku,
        sku_id=None,
    )
