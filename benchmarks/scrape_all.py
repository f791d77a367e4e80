"""How long a scrape of all sources takes, against the slowest of them and against their sum. Run by ``./run bench``.

A local origin stands for all sites, over real sockets, with the reconstructed bodies of the tests; what a source asks
for comes with a delay, so that waiting is what a scrape consists of, as it is out there. Every figure is of a whole
process of ``ratecard scrape`` into an empty store, the median of its runs, which take turns. The runpod-pricing page is
rendered by a real Chromium, where there is one. The bodies are excerpts, so that most sources are refused in the end
as too small: that costs a sentence and no time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "tests" / name) for name in ("origins", "recordings")]

from local_origin import Origin, open_origin  # noqa: E402
from reconstructed import Reconstruction, reconstruct  # noqa: E402

from scrapers.registry import default_source_ids  # noqa: E402

COMMAND = [sys.executable, "-c", "from flows.command_line import main; main()"]
DELAY_SECONDS = 1.0
"""What the answers of a source are late by, all together."""
SLOWEST = "aws-ec2"
SLOWEST_SECONDS = 3.0
_DONE = (0, 3)
"""Exit codes of a scrape that went its way: done, or some source failed."""


class Measured:
    """A command line and what its runs took, in seconds."""

    def __init__(self, arguments: Sequence[str], environment: dict[str, str], folder: Path) -> None:
        """Take the command's arguments and environment; each run gets an empty store in the folder."""
        self._arguments = arguments
        self._environment = environment
        self._folder = folder
        self.seconds: list[float] = []

    def run(self) -> None:
        """Run it once."""
        with tempfile.TemporaryDirectory(dir=self._folder) as store:
            environment = {**os.environ, **self._environment, "RATECARD_STORE": f"{store}/store"}
            command = [*COMMAND, *self._arguments]
            start = time.perf_counter()
            done = subprocess.run(command, env=environment, cwd=store, capture_output=True, text=True, check=False)
            self.seconds.append(time.perf_counter() - start)
        if done.returncode not in _DONE:
            raise SystemExit(f"{command} ended with {done.returncode}: {done.stderr}")

    @property
    def median(self) -> float:
        """Median of the runs in seconds."""
        return statistics.median(self.seconds)


def stand_ins() -> dict[str, Reconstruction]:
    """Return what stands for each source; one that nothing stands for must not be scraped, for it is out there."""
    found = {source: reconstruct(source) for source in default_source_ids()}
    return {source: stand_in for source, stand_in in found.items() if stand_in.bodies}


def lay(origin: Origin, sources: Mapping[str, Reconstruction]) -> dict[str, str]:
    """Lay the bodies of all sources, each late by its share of the source's delay; return settings for a scrape."""
    mirrors: dict[str, str] = {}
    regions: dict[str, None] = {}
    for source, stand_in in sources.items():
        late = [body for body in stand_in.bodies if not body.leads]
        delay = (SLOWEST_SECONDS if source == SLOWEST else DELAY_SECONDS) / len(late)
        mirrors |= stand_in.lay(origin, lambda answer, delay=delay: replace(answer, delay=delay))
        regions |= dict.fromkeys(stand_in.regions)
    return {"RATECARD_ORIGINS": json.dumps(mirrors), "RATECARD_REGIONS": ",".join(regions)}


def measure(folder: Path, sources: Mapping[str, Reconstruction], repeat: int) -> dict[str, Measured]:
    """Return the runs of a scrape that finds nothing, of every source alone, and of all together."""
    with open_origin() as origin:
        settings = lay(origin, sources)
        nowhere = {"RATECARD_ORIGINS": json.dumps({"https://api.runpod.io": f"{origin.url}/nowhere"})}
        runs = {
            "nothing": Measured(["scrape", "--source", "runpod-graphql"], nowhere, folder),
            **{name: Measured(["scrape", "--source", name], settings, folder) for name in sources},
            "all": Measured(["scrape", *(f"--source={name}" for name in sources)], settings, folder),
        }
        runs["all"].run()  # brings programs and libraries into the page cache
        runs["all"].seconds.clear()
        for _ in range(repeat):
            for run in runs.values():
                run.run()
    return runs


def ratios(runs: dict[str, Measured]) -> dict[str, tuple[float, str]]:
    """Return what the whole is compared with; in the sum, what a process costs of itself counts once."""
    of = {name: run.median for name, run in runs.items()}
    nothing, whole = of.pop("nothing"), of.pop("all")
    together = nothing + sum(seconds - nothing for seconds in of.values())
    return {
        "slowest source alone, s": (max(of.values()), ""),
        "one source after the other, s": (together, ""),
        "all / slowest": (whole / max(of.values()), "at most 1.5"),
        "all / one after the other": (whole / together, "at most 0.5"),
    }


def report(runs: dict[str, Measured], repeat: int) -> str:
    """Return the results as Markdown with the JSON of all runs."""
    lines = [
        "# A scrape of all sources",
        "",
        f"Written by `benchmarks/scrape_all.py` on {datetime.now(UTC):%Y-%m-%d}. Whole processes of `ratecard scrape`",
        f"against a local origin, medians of {repeat}. The answers of a source are late by {DELAY_SECONDS:g} s",
        f"together, those of {SLOWEST} by {SLOWEST_SECONDS:g} s; a page's script takes its time besides.",
        "",
        f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}.",
        f"Load at the end {os.getloadavg()[0]:.1f}; more than 1 means that others were at work too.",
        "",
        "| process | median, s | fastest, s | slowest, s |",
        "|---|---|---|---|",
    ]
    for name, run in runs.items():
        cells = (name, *(f"{x:.2f}" for x in (run.median, min(run.seconds), max(run.seconds))))
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "| | found | must be |", "|---|---|---|"]
    lines += [f"| {name} | {found:.2f} | {bound} |" for name, (found, bound) in ratios(runs).items()]
    data = {name: run.seconds for name, run in runs.items()}
    return "\n".join([*lines, "", "```json", json.dumps(data), "```", ""])


def main() -> None:
    """Measure, print and write the results."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--repeat", type=int, default=3, help="runs of every command")
    options.add_argument("--out", type=Path, default=HERE / "SCRAPE.md")
    given, _ = options.parse_known_args()  # ./run bench gives its options to every benchmark
    with tempfile.TemporaryDirectory(prefix="ratecard-bench-") as name:
        runs = measure(Path(name), stand_ins(), given.repeat)
    text = report(runs, given.repeat)
    given.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
