"""What the local origin serves in place of the live sites: the project's own reconstructed bodies.

They stand at the true addresses. The bodies are those of the parsers' fixture cases and of the bundled examples, whose
provenance travels with them in the headers ``x-ratecard-obtained`` and ``x-ratecard-provenance``. Only what leads to
them (indexes of price lists) is written here, and artificial rows without a price of anybody that make a list whole.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from local_origin import Fault, Origin

from scrapers.archive.store import Store
from scrapers.aws.offer_index import COMMERCIAL
from scrapers.cloudprice import ec2 as cloudprice_ec2
from scrapers.cloudprice import sagemaker as cloudprice_sagemaker
from scrapers.cloudprice.request import AwsService, address
from scrapers.runpod.docs import PAGES
from scrapers.wire.origins import origin_of

TESTS = Path(__file__).resolve().parents[1]
EXAMPLES = TESTS.parent / "data" / "examples"
FAMILY_URL = "https://instances-api.vantage.sh/api/v1/instances/ec2/families/{family}/global"
ARTIFICIAL = "Artificial: written for this recording; only its form is the source's."
_FILL_IN = """// reconstructed: fills the prices in some time after the page has loaded
const prices = PRICES;
setTimeout(() => document.querySelectorAll(".gpu_table-price").forEach((place, n) => {
  [place.dataset.secure, place.dataset.community] = prices[n];
  const shown = place.querySelector(".active-price");
  if (shown) shown.textContent = prices[n][2];
}), 200);
"""
_WRITTEN_AT = "2026-11-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Body:
    """One body at its true address.

    Attributes:
        url: public URL.
        content: the bytes.
        media_type: as the source sends it.
        provenance: where its figures are public, or that it is artificial.
        dated: ISO 8601 time of its figures.
        leads: whether it holds no prices but leads to those that do; such a body is not broken by a fault.
        compressed: whether it travels as gzip.
        status: HTTP status.
    """

    url: str
    content: bytes
    media_type: str
    provenance: str
    dated: str = _WRITTEN_AT
    leads: bool = False
    compressed: bool = False
    status: int = 200

    def headers(self) -> dict[str, str]:
        """Return the headers that it is served with."""
        return {
            "content-type": self.media_type,
            "date": format_datetime(datetime.fromisoformat(self.dated), usegmt=True),
            "etag": f'"{hashlib.sha256(self.content).hexdigest()[:16]}"',
            "x-ratecard-obtained": "reconstructed",
            "x-ratecard-provenance": self.provenance.encode("ascii", "backslashreplace").decode(),
        }


@dataclass(frozen=True, slots=True)
class Reconstruction:
    """What stands for a source: the regions to be asked for, and the bodies."""

    regions: tuple[str, ...]
    bodies: tuple[Body, ...]

    def lay(self, origin: Origin, fault: Fault | None = None) -> dict[str, str]:
        """Lay the bodies at an origin, those with prices with a fault, and return the mirrors that lead there.

        Every public host has a folder of its own, so that one origin can stand for all of them.
        """
        mirrors = {}
        for body in self._with_robots():
            public = origin_of(body.url)
            folder = f"/{urlsplit(public).netloc}"
            mirrors[public] = origin.url + folder
            origin.serve(
                folder + body.url.removeprefix(public),
                body.content,
                status=body.status,
                headers=body.headers(),
                compress=body.compressed,
                fault=None if body.leads else fault,
            )
        return mirrors

    def changed(self, change: Callable[[Body], Body]) -> Reconstruction:
        """Return it with its bodies that hold prices changed."""
        return replace(self, bodies=tuple(body if body.leads else change(body) for body in self.bodies))

    def _with_robots(self) -> Iterator[Body]:
        """Yield the bodies, and before them that no host has a robots.txt."""
        for public in dict.fromkeys(origin_of(body.url) for body in self.bodies):
            yield _missing(f"{public}/robots.txt")
        yield from self.bodies


def reconstruct(source: str) -> Reconstruction:
    """Return what stands for a source; without bodies where nothing does yet."""
    regions, bodies = _SOURCES.get(source, ((), lambda: iter(())))
    return Reconstruction(regions, tuple(bodies()))


def _case(name: str, url: str, **changes: Any) -> Body:
    """Return the body of a parser's fixture case, at an address."""
    (folder,) = TESTS.glob(f"scrapers/*/fixtures/{name}")
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    content = (folder / meta["resource"]).read_bytes()
    body = Body(url, content, meta["media_type"].partition(";")[0], meta["provenance"], meta["retrieved_at"])
    return replace(body, **changes)


def _example(source: str, resource: str, day: str, url: str) -> Body:
    """Return a body of the bundled examples, at an address."""
    store = Store(EXAMPLES)
    captures = store.snapshot(f"{day}T060000Z").captures
    capture = next(c for c in captures if (c.source, c.resource) == (source, resource))
    dated = capture.retrieved_at.isoformat()
    return Body(url, store.read_body(capture), capture.media_type, capture.provenance, dated)


def _missing(url: str) -> Body:
    return Body(url, b"not here", "text/plain", ARTIFICIAL, leads=True, status=404)


def _index(url: str, regions: object) -> Body:
    content = json.dumps({"formatVersion": "v1.0", "regions": regions}, indent=1).encode()
    return Body(url, content, "application/json", ARTIFICIAL, leads=True)


def _offer(offer: str, version: str, case: str) -> Iterator[Body]:
    """Yield the region index of one of AWS's offers, and the CSV of us-east-1."""
    path = f"{COMMERCIAL.folder}/{offer}/{version}/us-east-1/index"
    entry = {"regionCode": "us-east-1", "currentVersionUrl": f"{path}.json"}
    yield _index(COMMERCIAL.url(f"{offer}/current/region_index.json"), {"us-east-1": entry})
    yield _case(case, f"{COMMERCIAL.host}{path}.csv", compressed=True)


def _aws_ec2() -> Iterator[Body]:
    return _offer("AmazonEC2", "20260910195514", "ec2-csv-2026-09-10")


def _aws_sagemaker() -> Iterator[Body]:
    return _offer("AmazonSageMaker", "20260920025606", "sagemaker-csv-us-east-1-2026-09-20")


def _aws_capacity_blocks() -> Iterator[Body]:
    yield _case("capacity-blocks-scripts-2026-07-22", "https://aws.amazon.com/ec2/capacityblocks/pricing/")


def _aws_savings_plans() -> Iterator[Body]:
    plans = {
        "AWSComputeSavingsPlan": ("20250911184447", "savings-plans-csv-artificial"),
        "AWSMachineLearningSavingsPlans": ("20261101000000", "savings-plans-machine-learning-artificial"),
    }
    for plan, (version, case) in plans.items():
        folder = f"/savingsPlan/v1.0/aws/{plan}"
        path = f"{folder}/{version}/ap-east-2/index"
        entry = {"regionCode": "ap-east-2", "versionUrl": f"{path}.json"}
        yield _index(f"{COMMERCIAL.host}{folder}/current/region_index.json", [entry])
        body = _case(case, f"{COMMERCIAL.host}{path}.csv")
        # Artificial in every figure: it may as well be of the region of the other one.
        yield replace(body, content=body.content.replace(b"us-east-1", b"ap-east-2"))


def _aws_spot() -> Iterator[Body]:
    yield _case("spot-json-2026-08-10", "https://website.spot.ec2.aws.a2z.com/spot.json")
    yield _case("spot-advisor-2024-02-28", "https://spot-bid-advisor.s3.amazonaws.com/spot-advisor-data.json")


def _whole_list(body: Body, service: AwsService, cheapest: int = 1000) -> Body:
    """Return a list of CloudPrice's made as long as a whole one, by artificial instance types without a GPU."""
    answer = json.loads(body.content, parse_float=str)
    answer["Data"]["Items"] += [
        {"InstanceType": f"{service.sku_prefix}z0test.{n}xlarge", "HasGPU": False, "PricePerHour": cheapest + n}
        for n in range(service.fewest_rows)
    ]
    # Prices keep their digits: they were read as text, and their quotation marks are taken off again.
    content = re.sub(r'("PricePerHour": )"([^"]+)"', r"\1\2", json.dumps(answer, indent=1)).encode()
    return replace(body, content=content, provenance=f"{body.provenance} Instance types z0test are artificial.")


def _cloudprice_ec2() -> Iterator[Body]:
    service = cloudprice_ec2.SERVICE
    on_demand = _case("ec2-ondemand-2024-07-17", address(service, "us-east-1", "OnDemand"))
    spot = _case("ec2-artificial", address(service, "us-east-1", "Spot"))
    yield _whole_list(on_demand, service)
    yield _whole_list(spot, service, cheapest=500)


def _cloudprice_sagemaker() -> Iterator[Body]:
    service = cloudprice_sagemaker.SERVICE
    url = address(service, "us-east-1", "OnDemand")
    yield _whole_list(_example("cloudprice-sagemaker", "aws-sagemaker.json", "2026-08-19", url), service)


def _vantage() -> Iterator[Body]:
    """Yield a family's records out of the feed; families of which nothing is public are a 404."""
    feed = _example("vantage-ec2", "instances.json", "2025-12-01", "https://instances.vantage.sh/instances.json")
    families: dict[str, list[object]] = {}
    for record in json.loads(feed.content):
        families.setdefault(record["instance_type"].partition(".")[0], []).append(record)
    for family, records in families.items():
        content = json.dumps(records, ensure_ascii=False).encode()
        yield replace(feed, url=FAMILY_URL.format(family=family), content=content, compressed=True)
    for family in ("g7", "g7e"):
        yield _missing(FAMILY_URL.format(family=family))


def _runpod_docs() -> Iterator[Body]:
    yield _case("docs-serverless-2026-06-08", PAGES["serverless-pricing.md"])
    yield _case("docs-gpu-types-2026-08-14", PAGES["gpu-types.md"])


def _runpod_graphql() -> Iterator[Body]:
    yield _case("graphql-2026-08-19", "https://api.runpod.io/graphql")


def _runpod_pricing() -> Iterator[Body]:
    """Yield the page with its prices taken out, and the script that fills them in, as Webflow's does."""
    body = _case("pricing-2026-08-19", "https://www.runpod.io/pricing")
    page = BeautifulSoup(body.content, "html.parser")
    (end,) = page.select("body")
    prices = []
    for place in page.select(".gpu_table-price"):
        shown = place.select_one(".active-price")
        prices.append([place["data-secure"], place["data-community"], shown.get_text() if shown else None])
        place["data-secure"], place["data-community"] = "0", ""
        if shown:
            shown.string = "0"
    script_url = "https://cdn.prod.website-files.com/reconstructed/prices.js"
    for url in (script_url, "https://third-party.example/not-asked.js"):
        end.append(page.new_tag("script", src=url))
    yield replace(body, content=str(page).encode())
    script = _FILL_IN.replace("PRICES", json.dumps(prices))
    yield Body(script_url, script.encode(), "text/javascript", "The page's own figures.", body.dated, leads=True)


_SOURCES: dict[str, tuple[tuple[str, ...], Callable[[], Iterator[Body]]]] = {
    "aws-capacity-blocks": ((), _aws_capacity_blocks),
    "aws-ec2": (("us-east-1",), _aws_ec2),
    "aws-sagemaker": (("us-east-1",), _aws_sagemaker),
    "aws-savings-plans": (("ap-east-2",), _aws_savings_plans),
    "aws-spot": ((), _aws_spot),
    "cloudprice-ec2": (("us-east-1",), _cloudprice_ec2),
    "cloudprice-sagemaker": (("us-east-1",), _cloudprice_sagemaker),
    "runpod-docs": ((), _runpod_docs),
    "runpod-graphql": ((), _runpod_graphql),
    "runpod-pricing": ((), _runpod_pricing),
    "vantage-ec2": ((), _vantage),
}
