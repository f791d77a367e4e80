"""Write the bundled examples: three dated snapshots, made from the tables beside this file.

Every body is written in the format of its source from dated public figures, and says so: it is `reconstructed`, its
provenance names where the figures are public, and its date is the date of the figures. Nothing is invented; a source
without a public figure in a snapshot's time is absent from it, with that reason.

    python data/examples/write.py              write what is missing; an existing snapshot that differs is an error
    python data/examples/write.py --replace    put what differs in the place of what is there
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from tables import HERE, Body, Figure, read_absences, read_bodies, read_figures
from write_aggregators import cloudprice_rows, vantage_instances
from write_aws import capacity_blocks_page, spot_feed
from write_price_list import ec2_csv, ec2_json, sagemaker_csv, sagemaker_json
from write_runpod import gpu_types_answer, gpu_types_page, serverless_table
from write_runpod_page import pricing_page

from scrapers.archive.manifest import MANIFEST_NAME
from scrapers.archive.store import Store
from scrapers.archive.writer import SnapshotWriter
from scrapers.records import Content, DatePrecision, Obtained, Response

WRITERS: dict[str, Callable[[Body, Sequence[Figure]], str]] = {
    "runpod-page": pricing_page,
    "runpod-graphql": gpu_types_answer,
    "runpod-docs-serverless": serverless_table,
    "runpod-docs-gpu-types": gpu_types_page,
    "ec2-csv": ec2_csv,
    "ec2-json": ec2_json,
    "sagemaker-csv": sagemaker_csv,
    "sagemaker-json": sagemaker_json,
    "aws-spot": spot_feed,
    "aws-capacity-blocks": capacity_blocks_page,
    "vantage-json": vantage_instances,
    "cloudprice-json": cloudprice_rows,
}
"""Figures to text, by the name of the format; equal figures give equal text."""


def write_store(root: Path) -> None:
    """Write the three snapshots into an empty store."""
    bodies = read_bodies()
    for day in sorted({body.snapshot for body in bodies}):
        moment = datetime.fromisoformat(f"{day}T06:00:00Z")
        writer = Store(root).writer(moment, written_by="ratecard examples")
        _add_bodies(writer, [body for body in bodies if body.snapshot == day])
        for absence in read_absences():
            if absence.snapshot == day:
                writer.fail(absence.source, absence.reason)
        writer.commit()


def _add_bodies(writer: SnapshotWriter, bodies: Sequence[Body]) -> None:
    figures = read_figures()
    for body in bodies:
        text = WRITERS[body.format](body, figures[body.snapshot, body.source, body.resource])
        writer.add(
            body.source,
            _response(body, text),
            obtained=Obtained.RECONSTRUCTED,
            date_precision=DatePrecision(body.date_precision),
            provenance=body.provenance,
            excerpt=body.is_excerpt,
        )


def _response(body: Body, text: str) -> Response:
    return Response(
        resource=body.resource,
        url=body.url,
        answered_url=body.url,
        retrieved_at=body.moment,
        status=200,
        media_type=body.media_type,
        body=Content.of(text.encode()),
    )


def install(new: Path, store: Path, *, replace: bool) -> Iterator[str]:
    """Move the snapshots of one store into another and yield what differs and stays.

    Args:
        new: the store just written.
        store: the store to fill; a snapshot whose manifest is the same stays as it is.
        replace: put a snapshot that differs in the place of the one that is there.
    """
    store.mkdir(parents=True, exist_ok=True)
    for stamp in Store(new).stamps():
        there = store / stamp
        if there.is_dir() and _manifest(there) == _manifest(new / stamp):
            print(f"{there}: unchanged")
        elif there.is_dir() and not replace:
            yield f"{there}: differs from what its figures give; look at it, then --replace writes it anew"
        else:
            print(f"{there}: {'replaced' if there.is_dir() else 'written'}")
            shutil.rmtree(there, ignore_errors=True)
            (new / stamp).rename(there)


def _manifest(folder: Path) -> bytes:
    """Return the manifest; it holds the hash of every body, and no trace of the zstd version that packed them."""
    path = folder / MANIFEST_NAME
    return path.read_bytes() if path.is_file() else b""


def main() -> int:
    """Write the examples; 0 when what is there is what the figures give, else 1."""
    parser = argparse.ArgumentParser(description="Write the bundled examples.")
    parser.add_argument("--replace", action="store_true", help="replace snapshots that differ")
    parser.add_argument("--store", type=Path, default=HERE, help="folder to write to (default: %(default)s)")
    options = parser.parse_args()
    store = options.store.resolve()
    store.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=store) as folder:
        write_store(Path(folder))
        problems = list(install(Path(folder), store, replace=options.replace))
    print(*problems, sep="\n", end="\n" if problems else "", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
