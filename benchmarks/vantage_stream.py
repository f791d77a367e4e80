"""How fast, and with how much memory, Vantage's `instances.json` becomes prices. Run by ``./run bench``.

Every figure is of a whole process, the file in the page cache: the median of its runs, which take turns.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from measure import MIB, Measured, bounds, machine, measure, raw, times
from vantage_feed.generate import write_feed

HERE = Path(__file__).resolve().parent
READ = HERE / "vantage_feed" / "read.py"
LOAD = "import json, sys; json.load(open(sys.argv[1], encoding='utf-8'))"


def commands(feed: Path, tenth: Path, packed: Path, receipt: str) -> dict[str, Measured]:
    """Return what is measured, by name."""
    python = sys.executable
    return {
        "stream": Measured([python, READ, "fast", feed]),
        "stream of a tenth": Measured([python, READ, "fast", tenth]),
        "stream, zst": Measured([python, READ, "fast", packed]),
        "json.load": Measured([python, "-c", LOAD, feed]),
        "slow reader": Measured([python, READ, "slowly", feed]),
        "one receipt": Measured([python, READ, receipt, feed]),
    }


def ratios(runs: dict[str, Measured]) -> dict[str, tuple[float, str]]:
    """Return the ratios that have a bound, with it."""
    stream = runs["stream"]
    return {
        "json.load / stream": (runs["json.load"].median / stream.median, "at least 3"),
        "stream memory, MiB": (stream.peak / MIB, "below 64"),
        "memory of the whole / of a tenth": (stream.peak / runs["stream of a tenth"].peak, "flat"),
        "json.load memory / stream memory": (runs["json.load"].peak / stream.peak, "-"),
        "memory for one receipt, MiB": (runs["one receipt"].peak / MIB, "far below 2048"),
    }


def same_prices(runs: dict[str, Measured], quote: str) -> str:
    """Compare what the readers found; a difference ends the benchmark."""
    found = {runs[name].output for name in ("stream", "stream, zst", "slow reader")}
    if len(found) > 1:
        raise SystemExit("the stream does not find what the slow reader finds")
    if runs["one receipt"].output.strip() != quote:
        raise SystemExit(f"the receipt reads {runs['one receipt'].output!r}, not {quote!r}")
    return f"Stream and slow reader find the same {found.pop().split()[0]} listings."


def report(runs: dict[str, Measured], sizes: str, verdict: str, repeat: int) -> str:
    """Return the results as Markdown with the JSON of all runs."""
    lines = [
        "# Reading Vantage's instances.json",
        "",
        f"Written by `benchmarks/vantage_stream.py` on {datetime.now(UTC):%Y-%m-%d}. {sizes} {verdict}",
        f"Whole processes, page cache warm, medians of {repeat}. The zst file is packed as in the store.",
    ]
    parts = (lines, machine("zstd"), times(runs), bounds(ratios(runs)), raw(runs))
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def main() -> None:
    """Generate the feed, measure, print and write the results."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--repeat", type=int, default=5, help="runs of every command")
    options.add_argument("--share", type=float, default=1.0, help="share of the full size")
    options.add_argument("--out", type=Path, default=HERE / "VANTAGE.md")
    given, _ = options.parse_known_args()  # `./run bench` hands its options to every benchmark
    with tempfile.TemporaryDirectory(prefix="ratecard-bench-") as name:
        folder = Path(name)
        feed, tenth, packed = folder / "instances.json", folder / "tenth.json", folder / "instances.json.zst"
        count = write_feed(feed, share=given.share)
        write_feed(tenth, share=given.share / 10)
        subprocess.run(["zstd", "-q", "-3", feed, "-o", packed], check=True)
        receipt = f"json:/{count - 1}/pricing/us-east-1/linux/ondemand"
        runs = commands(feed, tenth, packed, receipt)
        measure(runs.values(), given.repeat)
        sizes = f"{feed.stat().st_size / 1e6:.0f} MB, {count} instances."
    text = report(runs, sizes, same_prices(runs, "1111.1"), given.repeat)
    given.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
