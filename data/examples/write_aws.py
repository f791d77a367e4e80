"""AWS's spot price feed and its page of Capacity Block prices."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import Any

from json_numbers import json_text, number
from tables import Body, Figure

_NOTE = "Reconstructed by Ratecard from dated public figures. Not a copy of AWS's page, whose table is not public."


def spot_feed(_body: Body, figures: Sequence[Figure]) -> str:
    """Return the feed with one block of GPU sizes per region; sizes stand twice where the feed has them twice."""
    regions = [_region(code, list(group)) for code, group in groupby(figures, key=lambda figure: figure.region)]
    config = {"rate": "perhr", "valueColumns": ["linux", "mswin"], "currencies": ["USD"], "regions": regions}
    return json_text({"vers": number("0.01"), "config": config})


def _region(code: str, figures: Sequence[Figure]) -> dict[str, Any]:
    pairs = zip(figures[::2], figures[1::2], strict=True)
    sizes = [{"size": linux.sku, "valueColumns": [_column(linux), _column(windows)]} for linux, windows in pairs]
    return {"region": code, "footnotes": {}, "instanceTypes": [{"type": "gpuCurrentGen", "sizes": sizes}]}


def _column(figure: Figure) -> dict[str, Any]:
    return {"name": figure.operating_system, "prices": {"USD": figure.price}}


_REGIONS = {
    "ap-northeast-1": "Asia Pacific (Tokyo)",
    "ap-northeast-2": "Asia Pacific (Seoul)",
    "ap-south-1": "Asia Pacific (Mumbai)",
    "ap-southeast-2": "Australia (Sydney)",
    "ap-southeast-3": "Asia Pacific (Jakarta)",
    "ap-southeast-4": "Australia (Melbourne)",
    "eu-north-1": "Europe (Stockholm)",
    "eu-south-2": "Europe (Spain)",
    "eu-west-2": "Europe (London)",
    "sa-east-1": "South America (Sao Paulo)",
    "us-east-1": "US East (N. Virginia)",
    "us-east-1-atl-2a": "US East (Atlanta) Local Zone",
    "us-east-1-dfw-2a": "US East (Dallas) Local Zone",
    "us-east-2": "US East (Ohio)",
    "us-gov-east-1": "AWS GovCloud (US-East)",
    "us-gov-west-1": "AWS GovCloud (US-West)",
    "us-west-1": "US West (N. California)",
    "us-west-2": "US West (Oregon)",
    "us-west-2-phx-2a": "US West (Phoenix) Local Zone",
}
"""The page's names of regions, which prints no codes, as of 2026-07-22."""


def capacity_blocks_page(_body: Body, figures: Sequence[Figure]) -> str:
    """Return the page with one table; its columns are ours, in words that readers of the page use."""
    titles = ("Instance Type", "Region", "Effective hourly rate per instance", "Accelerators")
    header = "".join(f"<th>{title}</th>" for title in titles)
    rows = [
        f"<tr><td>{escape(f.sku)}</td><td>{escape(_REGIONS[f.region])}</td>"
        f"<td>${f.price} USD</td><td>{f.gpu_count} x {escape(f.gpu_name)}</td></tr>"
        for f in figures
    ]
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f"<!-- {_NOTE} -->",
            '<html lang="en"><head><meta charset="utf-8"><title>Capacity Blocks pricing</title></head><body>',
            "<table>",
            f"<thead><tr>{header}</tr></thead>",
            "<tbody>",
            *rows,
            "</tbody></table></body></html>\n",
        ]
    )
