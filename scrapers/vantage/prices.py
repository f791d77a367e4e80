"""The prices of one instance of Vantage's feed, in every region.

Of a region's platforms only `linux` is the price of the machine. All others, known or not, are left aside and
never stand in for it: on 2025-11-30 p5e.48xlarge had no Linux price in us-east-2, and the 0.125 of its `sles`
platform was a surcharge. `dedicated` is the price of a host, `ebs` may be a bare string, `emr` has no
`ondemand`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scrapers.places.pointers import pointer
from scrapers.records import Listing
from scrapers.strict import fail
from scrapers.vantage.figures import ON_DEMAND, SPOT, Figure, currency_of, figure_of, is_figure, judged, listing_of
from scrapers.vantage.instances import Instance

_KNOWN_KEYS = {
    *(ON_DEMAND, "reserved", *SPOT),
    # no prices: how often spot instances are interrupted, and what spot saves, in percent
    *("pct_interrupt", "pct_savings_od"),
}


def listings_of(instance: Instance) -> list[Listing]:
    """Return the Linux prices of every region, and for every region without one a listing that says why.

    Raises:
        ParseError: the Linux platform holds what is not known.
    """
    return [
        listing_of(
            instance.document,
            instance.sku,
            figure,
            unit="hour",
            gpu_name=instance.gpu_name,
            gpu_count=instance.gpu_count,
            gpu_memory=instance.gpu_memory,
        )
        for figure in _figures(instance)
    ]


def _figures(instance: Instance) -> Iterator[Figure]:
    if not instance.pricing:
        locator = f"json:{pointer(instance.index, 'pricing')}"
        yield Figure(None, ON_DEMAND, locator, "{}", "", "Vantage lists no price in any region")
    for region, platforms in instance.pricing.items():
        if currency_of(region) is None:
            yield _nothing(instance, region, f"the currency of {region} is not known: the feed prints none")
        elif "linux" not in platforms:
            others = ", ".join(sorted(platforms))
            found = f"only {others}" if others else "nothing"
            yield _nothing(instance, region, f"no Linux price in {region}: the feed lists {found}")
        else:
            yield from judged(_linux_figures(instance, region, platforms["linux"]))


def _nothing(instance: Instance, region: str, absence: str) -> Figure:
    """Return the figure of a region without a price; what is not there cannot be pointed at, its name can."""
    locator = f"json:{pointer(instance.index, 'instance_type')}"
    return Figure(region, ON_DEMAND, locator, instance.sku, "", absence)


def _linux_figures(instance: Instance, region: str, linux: object) -> Iterator[Figure]:
    terms = _object(instance, region, "the terms of linux", linux)
    place = f"json:{pointer(instance.index, 'pricing', region, 'linux')}"
    unknown = sorted(terms.keys() - _KNOWN_KEYS)
    if unknown:
        raise fail(instance.document, f"unknown terms of linux: {', '.join(unknown)}", row=f"{instance.row}, {region}")
    if ON_DEMAND in terms:
        yield _figure(instance, region, ON_DEMAND, terms[ON_DEMAND], f"{place}/{ON_DEMAND}")
    else:
        found = ", ".join(sorted(terms)) or "nothing"
        yield _nothing(instance, region, f"no on-demand price in {region}: linux has {found}")
    for key in SPOT:
        if key in terms:
            yield _figure(instance, region, key, terms[key], f"{place}/{key}")
    reserved = _object(instance, region, "the reserved prices of linux", terms.get("reserved", {}))
    for key, text in reserved.items():
        yield _figure(instance, region, f"reserved.{key}", text, f"{place}/reserved{pointer(key)}")


def _object(instance: Instance, region: str, what: str, found: object) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise fail(instance.document, f"looked for {what}, found {found!r:.60}", row=f"{instance.row}, {region}")
    return found


def _figure(instance: Instance, region: str, terms: str, text: object, locator: str) -> Figure:
    """Return a figure: its text must be a price, or one of the ways to say that there is none."""
    if not isinstance(text, str) or not is_figure(text):
        row = f"{instance.row}, {region}"
        raise fail(instance.document, f"looked for a price in {terms}, found {text!r:.60}", row=row)
    return figure_of(region, terms, locator, text, text)
