"""What the tests of flows share: the bundled examples, AWS's price lists, and a command line called in process."""

from __future__ import annotations

import csv
import io
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from flows.command_line import run
from scrapers.aws import ec2
from scrapers.aws.offer_index import CHINA, COMMERCIAL, HOSTS, root_of

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def examples() -> str:
    """Return the folder of the bundled examples."""
    return str(PROJECT / "data" / "examples")


@pytest.fixture
def own_facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    """Let the command line read a copy of the facts that a test may change, and return its folder."""
    request.getfixturevalue("ratecard")  # which takes all settings away
    folder = Path(shutil.copytree(PROJECT / "data" / "facts", tmp_path / "own-facts"))
    monkeypatch.setenv("RATECARD_FACTS", str(folder))
    return folder


@dataclass(frozen=True, slots=True)
class Printed:
    """What one call of the command line did."""

    code: int
    out: str
    err: str


@pytest.fixture
def ratecard(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., Printed]:
    """Return a function that calls the command line with its arguments, in a folder without settings."""
    for name in ("STORE", "OUT", "FACTS", "CONTACT", "ORIGINS", "REGIONS"):
        monkeypatch.delenv(f"RATECARD_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "240")

    def call(*arguments: str | Path) -> Printed:
        capfd.readouterr()
        code = run([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Printed(code, out, err)

    return call


class Bulk:
    """AWS's bulk price lists on this machine, with ETags: at a path stands its body, or the status it fails with.

    Prices are 1000 and more: nobody takes them for real ones.
    """

    def __init__(self) -> None:
        self.address = ""
        self.paths: dict[str, bytes | int] = {}
        self.asked: list[tuple[str, int]] = []

    def lay_region(self, region: str, *, price: int = 1000, version: str = "20261101000000", types: int = 3) -> str:
        """Lay a region's file with prices from `price` up, name it in the region index, and return its path."""
        root = root_of(region)
        path = f"{root.folder}/AmazonEC2/{version}/{region}/index.csv"
        self.paths[path] = offer_csv(region, price, types, currency="CNY" if root is CHINA else "USD")
        index = f"{root.folder}/AmazonEC2/current/region_index.json"
        entry = {"regionCode": region, "currentVersionUrl": path.replace(".csv", ".json")}
        known = self.paths.get(index, b'{"regions": {}}')
        assert isinstance(known, bytes)
        self.paths[index] = json.dumps({"regions": {**json.loads(known)["regions"], region: entry}}).encode()
        return path

    def files(self) -> list[tuple[str, int]]:
        """Return what was asked for since the last call, indexes left out: version and region, and the status."""
        asked, self.asked = self.asked, []
        return [("/".join(path.split("/")[-3:-1]), status) for path, status in asked if path.endswith("index.csv")]


def offer_csv(region: str, price: int, types: int, *, currency: str) -> bytes:
    """Write an EC2 offer file: instance types whose GPUs are known, at prices that nobody takes for real ones."""
    names = ["g4dn.xlarge", "g5.xlarge", "g6.xlarge", "p4d.24xlarge", "p5.48xlarge"][:types]
    rows = [
        {
            "SKU": f"EXAMPLE{number}",
            "OfferTermCode": "EXAMPLETERM",
            "RateCode": f"EXAMPLE{number}.EXAMPLETERM.EXAMPLERATE",
            "TermType": "OnDemand",
            "PriceDescription": "Example",
            "EffectiveDate": "2026-11-01",
            "StartingRange": "0",
            "EndingRange": "Inf",
            "Unit": "Hrs",
            "PricePerUnit": f"{price + number}.0000000000",
            "Currency": currency,
            "LeaseContractLength": "",
            "PurchaseOption": "",
            "OfferingClass": "",
            "Product Family": "Compute Instance",
            "serviceCode": "AmazonEC2",
            "Location": "Example",
            "Location Type": "AWS Region",
            "Instance Type": name,
            "Instance Family": "GPU instance",
            "Tenancy": "Shared",
            "Operating System": "Linux",
            "License Model": "No License required",
            "usageType": f"BoxUsage:{name}",
            "operation": "RunInstances",
            "CapacityStatus": "Used",
            "GPU": "",
            "GPU Memory": "NA",
            "MarketOption": "OnDemand",
            "Pre Installed S/W": "NA",
            "Region Code": region,
        }
        for number, name in enumerate(names)
    ]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    head = [("FormatVersion", "v1.0"), ("Disclaimer", "Example"), ("Publication Date", "2026-11-01T00:00:00Z")]
    writer.writerows([*head, ("Version", "20261101000000"), ("OfferCode", "AmazonEC2"), rows[0]])
    writer.writerows(row.values() for row in rows)
    return text.getvalue().encode()


@pytest.fixture
def bulk(ratecard: Callable[..., Printed], monkeypatch: pytest.MonkeyPatch) -> Iterator[Bulk]:  # noqa: ARG001  # it clears the settings first
    """Serve the price lists over a real socket, to whoever asks for AWS's; a few prices are as many as are expected."""
    here = Bulk()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = here.paths.get(self.path, 404)
            status = found if isinstance(found, int) else 200
            body = b"" if isinstance(found, int) else found
            tag = f'"{hash(body)}"'
            if status == 200 and self.headers["If-None-Match"] == tag:
                status, body = 304, b""
            here.asked.append((self.path, status))
            self.send_response(status)
            if status != 404:
                self.send_header("ETag", tag)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    few = replace(ec2.SOURCE, expected_listings=(4, 1500), min_interval_seconds=0, allowed_hosts=HOSTS)
    monkeypatch.setattr(ec2, "SOURCE", few)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        here.address = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setenv("RATECARD_ORIGINS", json.dumps({root.host: here.address for root in (COMMERCIAL, CHINA)}))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield here
        server.shutdown()
        thread.join()
