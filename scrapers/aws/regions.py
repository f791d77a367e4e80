"""AWS's regions and zones: codes, and the long names that the Capacity Blocks page prints instead.

Local and wavelength zones (``us-east-1-atl-2a``, ``us-east-1-wl1-chi1``) are regions of their own: their
prices are not those of the region whose code they begin with.
"""

from __future__ import annotations

import re

from scrapers.places.pointers import fold
from scrapers.records import Document
from scrapers.strict import fail

_CODE = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]+(-[a-z0-9]+)*")

_CODE_OF = {
    "AWS GovCloud (US-East)": "us-gov-east-1",
    "AWS GovCloud (US-West)": "us-gov-west-1",
    "Asia Pacific (Jakarta)": "ap-southeast-3",
    "Asia Pacific (Melbourne)": "ap-southeast-4",
    "Asia Pacific (Mumbai)": "ap-south-1",
    "Asia Pacific (Seoul)": "ap-northeast-2",
    "Asia Pacific (Sydney)": "ap-southeast-2",
    "Asia Pacific (Tokyo)": "ap-northeast-1",
    "Australia (Melbourne)": "ap-southeast-4",
    "Australia (Sydney)": "ap-southeast-2",
    "Europe (London)": "eu-west-2",
    "Europe (Spain)": "eu-south-2",
    "Europe (Stockholm)": "eu-north-1",
    "South America (Sao Paulo)": "sa-east-1",
    "South America (São Paulo)": "sa-east-1",
    "US East (Atlanta) Local Zone": "us-east-1-atl-2a",
    "US East (Dallas) Local Zone": "us-east-1-dfw-2a",
    "US East (N. Virginia)": "us-east-1",
    "US East (Ohio)": "us-east-2",
    "US West (N. California)": "us-west-1",
    "US West (Oregon)": "us-west-2",
    "US West (Phoenix) Local Zone": "us-west-2-phx-2a",
}
"""Names on https://aws.amazon.com/ec2/capacityblocks/pricing/ with their codes, as of 2026-07-22 and, where
the page had other names before, 2024-12 (github.com/koyakimu/ec2-capacity-blocks-for-ml-pricing-json
@b3a54aee)."""


def read_region_code(document: Document, text: str, *, row: str) -> str:
    """Return a region's or zone's code.

    Raises:
        ParseError: the text is none, e.g. ``Any`` or a long name.
    """
    if not _CODE.fullmatch(text):
        raise fail(document, f"looked for a region code such as us-east-1, found {text!r}", row=row)
    return text


def code_of_name(document: Document, name: str, *, row: str) -> str:
    """Return the code of a region or zone that is named at length.

    Raises:
        ParseError: the name is unknown; it must be added here.
    """
    if fold(name) not in _CODE_OF:
        problem = f"unknown region {name!r}; add its code to scrapers/aws/regions.py"
        raise fail(document, problem, row=row)
    return _CODE_OF[fold(name)]
