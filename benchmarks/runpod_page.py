"""How fast RunPod's rendered pricing page becomes listings, and what the largest page that is parsed takes.

The page is the recorded form of the rows (the fixture of 2026-08-19), its first row repeated under artificial names.
Times are the processor's, since other work on the machine would tell in those of the clock. Run by ``./run bench``;
writes ``benchmarks/RUNPOD.md``.
"""

from __future__ import annotations

import platform
import re
import resource
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from scrapers.errors import ParseError
from scrapers.places.locate import parse_html
from scrapers.places.pages import MAX_PAGE_BYTES, MAX_PAGE_TAGS, read_page
from scrapers.records import Content, Document, Response
from scrapers.runpod import pricing

HERE = Path(__file__).resolve().parent
FIXTURE = HERE.parent / "tests" / "scrapers" / "runpod" / "fixtures" / "pricing-2026-08-19" / "pricing.html"
ROW = re.compile(r'<div role="listitem" class="gpu_collection-item.*?</a>\s*</div>\s*</div>', re.DOTALL)
ROWS = (10, 20, 40, 80, 160, 320)
RUNS = 9
MOST_MILLISECONDS = 50
REAL_ROWS = 40
MOST_RATIO = 1.25
MOST_MIB = 400
MIB = 1 << 20
LARGEST = {
    "tags": lambda: b"<p>a</p>" * (MAX_PAGE_TAGS // 2),
    "attributes": lambda: b"<p a=1 b=2 c=3 d=4 e=5 f=6 g=7 h=8 i=9 j=0 k=1 l=2 m></p>" * (MAX_PAGE_TAGS // 2),
    "text": lambda: b"<p>" + b"x " * (MAX_PAGE_BYTES // 2 - 2),
    "200 MB": lambda: b"<p>a</p>" * 25_000_000,
}


def document(body: bytes) -> Document:
    """Return a body as a document of the pricing page."""
    url = pricing.SOURCE.url
    response = Response("pricing.html", url, url, datetime.now(UTC), 200, "text/html;rendered", Content.of(body))
    return Document.of(response, source=pricing.SOURCE.id)


def page(rows: int) -> bytes:
    """Return a page with so many rows of Pods."""
    text = FIXTURE.read_text(encoding="utf-8")
    (row,) = ROW.findall(text)[:1]
    name = re.search(r'pricing-page">([^<]+)<', row)
    assert name is not None  # noqa: S101  # the fixture has one
    many = (row.replace(f">{name[1]}<", f">Example {n}<").replace("gpu=", f"gpu=Example+{n}+") for n in range(rows))
    return text.replace(row, "".join(many)).encode()


def milliseconds(rows: int) -> tuple[float, float, int]:
    """Return the medians of parsing a page and of making its tree alone, and how many listings it has."""
    body = page(rows)
    whole, tree, listings = [], [], 0
    for _ in range(RUNS):
        start = time.process_time()
        listings = len(pricing.parse(document(body)))
        between = time.process_time()
        parse_html(body)
        whole.append(between - start)
        tree.append(time.process_time() - between)
    return statistics.median(whole) * 1000, statistics.median(tree) * 1000, listings


def peak(kind: str) -> str:
    """Parse the largest page of a kind, and return what came of it, the seconds, and the process's growth in MiB."""
    body = document(LARGEST[kind]())
    scale = 1 if sys.platform == "darwin" else 1024
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    try:
        read_page(body)
        outcome = "parsed"
    except ParseError as exc:
        outcome = f"refused: {exc.problem}"
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * scale / MIB
    return f"| {kind} | {body.capture.size / 1e6:.1f} | {time.process_time() - start:.2f} | {grown:.0f} | {outcome} |"


def main() -> None:
    """Measure, print and write the tables; exit 1 where a limit is missed."""
    if len(sys.argv) > 1:
        print(peak(sys.argv[1]))
        return
    found = {rows: milliseconds(rows) for rows in ROWS}
    times = [f"| {n} | {x:.1f} | {tree:.1f} | {x / n:.2f} | {many} |" for n, (x, tree, many) in found.items()]
    command = [sys.executable, __file__]
    peaks = [subprocess.run([*command, k], check=True, capture_output=True, text=True).stdout.strip() for k in LARGEST]
    real, ratio = found[REAL_ROWS][0], (found[ROWS[-1]][0] / found[REAL_ROWS][0]) / (ROWS[-1] / REAL_ROWS)
    most = max(float(row.split(" | ")[3]) for row in peaks)
    lines = [
        "# Reading RunPod's pricing page",
        "",
        f"Written by `benchmarks/runpod_page.py` on {datetime.now(UTC):%Y-%m-%d}. Processor time, medians of {RUNS}.",
        f"Python {platform.python_version()}, {platform.machine()}.",
        "",
        "| rows | parse, ms | of which the tree | ms per row | listings |",
        "|---|---|---|---|---|",
        *times,
        "",
        "| largest page of | MB | processor s | memory, MiB | outcome |",
        "|---|---|---|---|---|",
        *peaks,
        "",
        "| measure | found | must be |",
        "|---|---|---|",
        f"| page of {REAL_ROWS} rows, ms | {real:.1f} | under {MOST_MILLISECONDS} |",
        f"| {ROWS[-1]} rows / straight line from {REAL_ROWS} | {ratio:.2f} | at most {MOST_RATIO} |",
        f"| memory of the largest page, MiB | {most:.0f} | under {MOST_MIB} |",
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    (HERE / "RUNPOD.md").write_text(text, encoding="utf-8")
    if real >= MOST_MILLISECONDS or ratio > MOST_RATIO or most >= MOST_MIB:
        raise SystemExit("a limit is missed; see the last table")


if __name__ == "__main__":
    main()
