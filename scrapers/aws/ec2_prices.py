"""Which rows of EC2's price list are the prices of a GPU instance type, and what they come to.

One GPU type has about seven Linux SKUs in a region: used, dedicated, on a dedicated host, reserved capacity
used and unused, and a capacity block twin with the same attributes and a price of 0. The rules below leave
the one that is meant by "on-demand": shared tenancy, Linux without licence or software, capacity in use. The
same choice was made by hand by an independent reader of the us-east-1 list of 2026-07-28
(github.com/cmanaha/tech-deep-dives, 2026-08-01). Its reserved terms hang on the same SKU.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from scrapers.aws.ec2_reserved import reserved_listing
from scrapers.aws.instance_types import is_gpu_type
from scrapers.aws.offer_file import listing_of, region_of
from scrapers.aws.offer_rows import Contract, Fields, Marks, PriceRow, Wanted
from scrapers.records import Document, Listing
from scrapers.strict import fail

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
}
"""What the attributes of a product must be; it is refused by the first that is something else."""
_OUTPOSTS = "AWS Outposts"
_HOURLY = "Hrs"

_Key = tuple[str, ...]


def _refusal(fields: Fields) -> str:
    """Return the name of the first rule that a product breaks, or ""."""
    # An Outposts rack has the region code of its region: its rows would be second prices of the types there.
    if fields["locationtype"] == _OUTPOSTS:
        return "locationtype"
    return next((name for name, allowed in _RULES.items() if fields[name] not in allowed), "")


def _key(fields: Fields) -> _Key:
    return fields["instancetype"], fields["regioncode"]


WANTED = Wanted(
    offer="AmazonEC2",
    required=tuple((name,) for name in ("instancetype", *_RULES) if name != "marketoption"),
    optional=("marketoption", "regioncode", "location", "locationtype", "gpu", "gpumemory"),
    chosen=lambda fields: is_gpu_type(fields["instancetype"]),
    key=_key,
    refusal=_refusal,
    # Every GPU type seen so far is of the Instance Family "GPU instance", AWS's own accelerators are not. A family of
    # another name would be lost, so the names of GPU types are looked for as well: the instance type begins a field.
    marks=Marks("instancefamily", (b"GPU instance",), (b'"g', b'"p', b",g", b",p")),
    json_keys=(b'"instanceType"',),
    json_marks=(b"g", b"p"),
)
"""What is taken from the list: every product of an instance type that is called like one with GPUs."""


@dataclass(slots=True)
class Selection:
    """The rows of an offer file, sorted by the rules.

    Attributes:
        kept: the on-demand rows that pass every rule, by instance type and region code.
        first: the first row of every instance type and region, whether it passes or not.
        refused: names of the rules that refused the rows of an instance type and region.
        reserved: the rows of reserved terms by instance type and region code, and by product and contract.
    """

    kept: dict[_Key, PriceRow] = field(default_factory=dict)
    first: dict[_Key, PriceRow] = field(default_factory=dict)
    refused: defaultdict[_Key, set[str]] = field(default_factory=lambda: defaultdict(set))
    reserved: defaultdict[_Key, dict[tuple[str, Contract], list[PriceRow]]] = field(
        default_factory=lambda: defaultdict(dict)
    )


def read_listings(document: Document, rows: Iterable[PriceRow]) -> list[Listing]:
    """Return the listings of an offer file's rows, see `scrapers.aws.ec2.parse`."""
    selection = select(document, rows)
    if not selection.kept:
        rules = ", ".join(sorted({rule for broken in selection.refused.values() for rule in broken}))
        problem = "looked for on-demand prices of GPU instance types with shared Linux, found none"
        raise fail(document, f"{problem}; rules that refused rows: {rules or 'none'}")
    return [listing for key in selection.first for listing in _listings(document, selection, key)]


def select(document: Document, rows: Iterable[PriceRow]) -> Selection:
    """Return the rows of GPU instance types, sorted by the rules.

    Raises:
        ParseError: two on-demand rows pass for one instance type and region.
    """
    selection = Selection()
    for row in rows:
        key = (row.fields["instancetype"], region_of(document, row))
        selection.first.setdefault(key, row)
        if row.refusal:
            selection.refused[key].add(row.refusal)
        elif row.contract:
            selection.reserved[key].setdefault((row.sku_id, row.contract), []).append(row)
        elif row.unit != _HOURLY:
            selection.refused[key].add("unit")
        elif key in selection.kept:
            other = selection.kept[key]
            two = f"SKU {other.sku_id} at {other.price} ({other.place}) and SKU {row.sku_id} at {row.price}"
            problem = f"looked for one on-demand price of {key[0]} in {key[1]}, found {two}"
            raise fail(document, problem, row=row.place)
        else:
            selection.kept[key] = row
    return selection


def _listings(document: Document, selection: Selection, key: _Key) -> Iterator[Listing]:
    """Yield the on-demand listing of an instance type and region, then one per reserved contract."""
    if key in selection.kept:
        yield listing_of(document, selection.kept[key], "EC2", key[0], "Linux")
    else:
        yield _absence(document, selection, key)
    found: dict[str, str] = {}
    for (sku_id, contract), rows in selection.reserved[key].items():
        if contract.words in found:
            two = f"SKU {found[contract.words]} and SKU {sku_id} ({rows[0].place})"
            raise fail(document, f"looked for one {contract.words} of {key[0]} in {key[1]}, found {two}")
        found[contract.words] = sku_id
        yield reserved_listing(document, contract, rows)


def _absence(document: Document, selection: Selection, key: _Key) -> Listing:
    """Return the listing of an instance type without an on-demand price."""
    sku, region = key
    row = selection.first[key]
    rules = ", ".join(sorted(selection.refused[key])) or "only reserved terms are listed"
    what = f"AWS lists {sku} in {region}, but without an on-demand price of shared Linux"
    return replace(
        listing_of(document, replace(row, price=""), "EC2", sku, "Linux"),
        absence=f"{what} (refused by: {rules})",
        locator=row.locate("instancetype"),
        quote=sku,
        sku_id=None,
    )
