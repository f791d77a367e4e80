"""The prices of one instance of Vantage's feed, in every region.

Of a region's platforms only `linux` is the price of the machine. All others, known or not, are left aside and
never stand in for it: on 2025-11-30 p5e.48xlarge had no Linux price in us-east-2, and the 0.125 of its `sles`
platform was a surcharge. `dedicated` is the price of a host, `ebs` may be a bare string, `emr` has no
`ondemand`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from typing import Any

from scrapers.locate import pointer
from scrapers.records import Listing
from scrapers.strict import fail
from scrapers.vantage.instances import Instance

_SPOT = ("spot_min", "spot_avg", "spot_max")
_SPOT_STEP = Decimal("0.0001")
_KNOWN_KEYS = {
    *("ondemand", "reserved", *_SPOT),
    # no prices: how often spot instances are interrupted, and what spot saves, in percent
    *("pct_interrupt", "pct_savings_od"),
}
_PRICE = re.compile(r"[0-9]+(\.[0-9]+)?")
_NO_PRICE = {"", "N/A"}
_USD_REGION = re.compile(r"(af|ap|ca|eu|il|me|mx|sa|us)-.+")
_CNY_REGION = re.compile(r"cn-.+")
_NO_CURRENCY = "XXX"
"""ISO 4217: no currency."""


@dataclass(frozen=True, slots=True)
class _Figure:
    """What stands at one place of an instance: a price, or with `absence` what shows that there is none."""

    region: str | None
    terms: str
    steps: tuple[str, ...]
    text: str
    absence: str = ""


def listings_of(instance: Instance) -> list[Listing]:
    """Return the Linux prices of every region, and for every region without one a listing that says why.

    Raises:
        ParseError: the Linux platform holds what is not known.
    """
    return [
        Listing(
            source=instance.document.capture.source,
            provider="AWS",
            service="EC2",
            sku=instance.sku,
            terms=figure.terms,
            price_text=None if figure.absence else figure.text,
            absence=figure.absence,
            currency=_currency(figure.region) or _NO_CURRENCY,
            unit="hour",
            locator=f"json:{pointer(instance.index, *figure.steps)}",
            quote=figure.text,
            region=figure.region,
            operating_system="Linux",
            gpu_name=instance.gpu_name,
            gpu_count=instance.gpu_count,
            gpu_memory=instance.gpu_memory,
        )
        for figure in _figures(instance)
    ]


def _figures(instance: Instance) -> Iterator[_Figure]:
    if not instance.pricing:
        yield _Figure(None, "ondemand", ("pricing",), "{}", "Vantage lists no price in any region")
    for region, platforms in instance.pricing.items():
        if _currency(region) is None:
            yield _nothing(instance, region, f"the currency of {region} is not known: the feed prints none")
        elif "linux" not in platforms:
            others = ", ".join(sorted(platforms))
            found = f"only {others}" if others else "nothing"
            yield _nothing(instance, region, f"no Linux price in {region}: the feed lists {found}")
        else:
            yield from _linux_figures(instance, region, platforms["linux"])


def _nothing(instance: Instance, region: str, absence: str) -> _Figure:
    """Return the figure of a region without a price; what is not there cannot be pointed at, its name can."""
    return _Figure(region, "ondemand", ("instance_type",), instance.sku, absence)


def _linux_figures(instance: Instance, region: str, linux: object) -> Iterator[_Figure]:
    row = f"{instance.row}, {region}"
    if not isinstance(linux, dict):
        raise fail(instance.document, f"looked for the terms of linux, found {linux!r:.60}", row=row)
    unknown = sorted(linux.keys() - _KNOWN_KEYS)
    if unknown:
        raise fail(instance.document, f"unknown terms of linux: {', '.join(unknown)}", row=row)
    if "ondemand" in linux:
        yield _on_demand(instance, region, linux)
    else:
        found = ", ".join(sorted(linux)) or "nothing"
        yield _nothing(instance, region, f"no on-demand price in {region}: linux has {found}")
    yield from _spot_figures(instance, region, linux)
    for key, text in linux.get("reserved", {}).items():
        yield _figure(instance, region, f"reserved.{key}", text, "reserved", key)


def _spot_figures(instance: Instance, region: str, linux: Mapping[str, Any]) -> Iterator[_Figure]:
    """Yield the spot prices; without a quote, which gives a minimum, the average is Vantage's own estimate."""
    spot = {key: _figure(instance, region, key, linux[key], key) for key in _SPOT if key in linux}
    quoted = "spot_min" in spot and not spot["spot_min"].absence
    for key, figure in spot.items():
        yield replace(figure, terms="spot_avg_estimate") if key == "spot_avg" and not quoted else figure


def _on_demand(instance: Instance, region: str, linux: Mapping[str, Any]) -> _Figure:
    figure = _figure(instance, region, "ondemand", linux["ondemand"], "ondemand")
    if figure.absence or "spot_min" not in linux:
        return figure
    spot = _figure(instance, region, "spot_min", linux["spot_min"], "spot_min")
    # Spot prices have four decimals: 10.3379 stood beside an on-demand price of 10.33786 (g5.24xlarge in
    # eu-west-2, 2025-11-30).
    if spot.absence or Decimal(figure.text).quantize(_SPOT_STEP, ROUND_CEILING) >= Decimal(spot.text):
        return figure
    # A surcharge that lost its base price looks like this: 0.125 beside spot_min 18.0396 (p5e, 2025-11).
    absence = f"{figure.text} is no price of the machine: its lowest spot price in {region} is {spot.text}"
    return replace(figure, absence=absence)


def _figure(instance: Instance, region: str, terms: str, text: object, *keys: str) -> _Figure:
    """Return a figure: its text must be a price, or one of the ways to say that there is none."""
    steps = ("pricing", region, "linux", *keys)
    if not isinstance(text, str) or not (text in _NO_PRICE or _PRICE.fullmatch(text)):
        row = f"{instance.row}, {region}"
        raise fail(instance.document, f"looked for a price in {terms}, found {text!r:.60}", row=row)
    if text in _NO_PRICE or Decimal(text) == 0:
        return _Figure(region, terms, steps, text, f"the feed prints {text!r} instead of a price")
    return _Figure(region, terms, steps, text)


def _currency(region: str | None) -> str | None:
    """Return the currency of a region, which the feed does not print, or None where it is not known."""
    if region is None or _USD_REGION.fullmatch(region):
        return "USD"
    return "CNY" if _CNY_REGION.fullmatch(region) else None
