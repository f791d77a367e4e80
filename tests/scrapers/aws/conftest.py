"""The fixture cases of AWS, bodies made for one test, and an origin that answers over a real socket."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from scrapers.records import Content, Document, Obtained, Response

FIXTURES = Path(__file__).parent / "fixtures"
Case = tuple[Document, list[dict[str, Any]]]
EC2_ROW = {
    "SKU": "EXAMPLE1",
    "OfferTermCode": "T",
    "RateCode": "EXAMPLE1.T.R",
    "TermType": "OnDemand",
    "Unit": "Hrs",
    "PricePerUnit": "1001.0000000000",
    "Currency": "USD",
    "Product Family": "Compute Instance",
    "Location": "US East (N. Virginia)",
    "Location Type": "AWS Region",
    "Instance Type": "g99.xlarge",
    "Tenancy": "Shared",
    "Operating System": "Linux",
    "License Model": "No License required",
    "CapacityStatus": "Used",
    "MarketOption": "OnDemand",
    "Pre Installed S/W": "NA",
    "Region Code": "us-east-1",
}
SAGEMAKER_ROW = {
    "SKU": "EXAMPLE1",
    "OfferTermCode": "T",
    "RateCode": "EXAMPLE1.T.R",
    "TermType": "OnDemand",
    "Unit": "Hrs",
    "PricePerUnit": "1001.0000000000",
    "Currency": "USD",
    "Instance Name": "ml.g99.xlarge",
    "Component": "Hosting",
    "Region Code": "us-east-1",
}


def document_from(source: str, resource: str, body: bytes) -> Document:
    """Make a document of a source from a body."""
    response = Response(
        resource=resource,
        url="https://example.org/",
        answered_url="https://example.org/",
        retrieved_at=datetime(2026, 11, 1, tzinfo=UTC),
        status=200,
        media_type="text/plain",
        body=Content.of(body),
    )
    return Document.of(response, source=source, obtained=Obtained.RECONSTRUCTED)


def offer_csv(offer: str, rows: list[dict[str, str]]) -> str:
    """Write an offer file; the columns are those of its first row."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([["FormatVersion", "v1.0"], ["Disclaimer", "Example"], ["OfferCode", offer]])
    writer.writerow(rows[0])
    writer.writerows(row.values() for row in rows)
    return text.getvalue()


@pytest.fixture
def read_case(read_case_at: Callable[[Path], Case]) -> Callable[[str], Case]:
    """Read a case by its name: its document and the listings that it must give."""
    return lambda case: read_case_at(FIXTURES / case)


@pytest.fixture
def document_of() -> Callable[[str, str], Document]:
    """Make a document of a source from a body's text."""
    return lambda source, text: document_from(source, "body", text.encode())


@pytest.fixture
def ec2_csv() -> Callable[..., Document]:
    """Make an EC2 offer file: one row per argument, which says in what it differs from a good one."""

    def make(*changes: dict[str, str], without: tuple[str, ...] = ()) -> Document:
        rows = [
            EC2_ROW | {"SKU": f"EXAMPLE{n}", "RateCode": f"EXAMPLE{n}.T.R"} | change
            for n, change in enumerate(changes, start=1)
        ]
        rows = [{name: text for name, text in row.items() if name not in without} for row in rows]
        return document_from("aws-ec2", "us-east-1.csv", offer_csv("AmazonEC2", rows).encode())

    return make


@pytest.fixture
def sagemaker_csv() -> Callable[..., Document]:
    """Make a SageMaker offer file: one row per argument, which says in what it differs from a good one."""

    def make(*changes: dict[str, str]) -> Document:
        rows = [
            SAGEMAKER_ROW | {"SKU": f"EXAMPLE{n}", "RateCode": f"EXAMPLE{n}.T.R"} | change
            for n, change in enumerate(changes, start=1)
        ]
        return document_from("aws-sagemaker", "us-east-1.csv", offer_csv("AmazonSageMaker", rows).encode())

    return make


class Origin:
    """A server on this machine: its address, what it answers by path (404 to others), and what was asked."""

    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {}
        self.status: dict[str, int] = {}
        self.asked: list[str] = []
        self.address = ""

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """Return what answers a request."""
        origin = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path != "/robots.txt":
                    origin.asked.append(self.path)
                body = origin.bodies.get(self.path, b"")
                self.send_response(origin.status.get(self.path, 200 if body else 404))
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


@pytest.fixture
def origin() -> Iterator[Origin]:
    """Serve bodies over a real socket."""
    origin = Origin()
    with ThreadingHTTPServer(("127.0.0.1", 0), origin.handler()) as server:
        origin.address = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield origin
        server.shutdown()
        thread.join()
