"""What the benchmarks share: measuring whole processes, and writing down what was found."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

MIB = 1 << 20
LAUNCH = """
import os, sys, time
start = time.perf_counter()
process = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(process, 0)
print()
print(time.perf_counter() - start, usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status) != 0)
"""


class Measured:
    """A command and what its runs took, in seconds and bytes."""

    def __init__(self, command: str | Sequence[str | Path], *, prepare: Path | None = None) -> None:
        """Take a command, or a line for the shell, and a folder that is emptied before every run."""
        self.command = command
        self.seconds: list[float] = []
        self.peak = 0
        self.output = ""
        self._prepare = prepare

    def run(self) -> None:
        """Run it once; a shell's pipe is measured in time only."""
        if self._prepare:
            shutil.rmtree(self._prepare, ignore_errors=True)
            self._prepare.mkdir()
        command = ["sh", "-c", self.command] if isinstance(self.command, str) else self.command
        # Another small process starts it: a child's peak begins with what its parent held.
        done = subprocess.run(
            [sys.executable, "-S", "-E", "-c", LAUNCH, *command], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"{self.command} ended with {done.returncode}: {done.stderr}")
        self.output, _, usage = done.stdout.rstrip().rpartition("\n")
        seconds, peak = usage.split()
        self.seconds.append(float(seconds))
        self.peak = max(self.peak, int(peak) * (1 if sys.platform == "darwin" else 1024))

    @property
    def median(self) -> float:
        """Median of the runs in seconds."""
        return statistics.median(self.seconds)


def measure(runs: Iterable[Measured], repeat: int) -> None:
    """Run each of them so many times, in turns so that a slow minute of the machine meets all of them.

    One run more comes first, and is not counted: it brings the files into the page cache.
    """
    for number in range(repeat + 1):
        for run in runs:
            run.run()
            if number == 0:
                run.seconds.clear()


def machine(*programs: str) -> list[str]:
    """Return lines on the machine, its load, and the versions of Python and of programs."""
    versions = (f"Python {platform.python_version()}", *map(_version, programs))
    return [
        f"Machine: {_processor()}, {os.cpu_count()} cores, {platform.system()}.",
        f"Load at the end {os.getloadavg()[0]:.1f}; more than 1 means that others were at work too.",
        f"{'; '.join(versions)}.",
    ]


def times(runs: Mapping[str, Measured]) -> list[str]:
    """Return the lines of a Markdown table of what was measured."""
    lines = ["| process | median, s | fastest, s | slowest, s | peak, MiB |", "|---|---|---|---|---|"]
    for name, run in runs.items():
        peak = "-" if isinstance(run.command, str) else f"{run.peak / MIB:.0f}"
        seconds = (f"{x:.2f}" for x in (run.median, min(run.seconds), max(run.seconds)))
        lines.append(f"| {' | '.join((_cell(name), *seconds, peak))} |")
    return lines


def bounds(ratios: Mapping[str, tuple[float, str]]) -> list[str]:
    """Return the lines of a Markdown table of ratios, each with what it must be."""
    lines = ["| ratio | found | must be |", "|---|---|---|"]
    return lines + [f"| {_cell(name)} | {x:.2f} | {bound} |" for name, (x, bound) in ratios.items()]


def raw(runs: Mapping[str, Measured]) -> list[str]:
    """Return the lines of a block with all runs as JSON."""
    data = {name: {"seconds": run.seconds, "peak_bytes": run.peak} for name, run in runs.items()}
    return ["```json", json.dumps(data), "```"]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _processor() -> str:
    try:
        info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in info.splitlines() if line.startswith("model name")), "?")


def _version(program: str) -> str:
    printed = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    number = re.search(r"\d+\.\d[\d.]*", printed)
    return f"{program} {number[0]}" if number else program
