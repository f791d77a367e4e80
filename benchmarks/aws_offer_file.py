"""How fast, and with how much memory, a regional AWS offer file becomes prices. Run by ``./run bench``.

Every figure is of a whole process, the file in the page cache: the median of its runs, which take turns so that a slow
minute of the machine meets all of them. With ``--gpuhunt-python`` naming a Python that has gpuhunt (``uv venv v`` and
``uv pip install --python v/bin/python 'gpuhunt[aws]==0.1.34'``) its reader is measured on the same file.
"""

from __future__ import annotations

import argparse
import functools
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from measure import MIB, Measured, bounds, machine, measure, raw, times

HERE = Path(__file__).resolve().parent
READ = HERE / "offer_file" / "read.py"
VERSION = "20261101000000"
LIST = "offers/v1.0/aws/AmazonEC2"
COPIES = (1, 2, 4, 8)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine; yield its address."""

    class Handler(SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def copyfile(self, source: object, outputfile: object) -> None:
            del outputfile
            self.wfile.flush()
            self.connection.sendfile(source)  # type: ignore[arg-type]

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def lay_out(folder: Path, csv_path: Path) -> str:
    """Give a CSV the place that it has at AWS; return its path."""
    path = f"/{LIST}/{VERSION}/us-east-1/index"
    index = folder / LIST / "current" / "region_index.json"
    for file in (index, folder / f"{path[1:]}.csv"):
        file.parent.mkdir(parents=True, exist_ok=True)
    index.write_text(json.dumps({"regions": {"us-east-1": {"currentVersionUrl": f"{path}.json"}}}))
    (folder / f"{path[1:]}.csv").hardlink_to(csv_path)
    return f"{path}.csv"


def commands(folder: Path, files: tuple[Path, Path, Path], address: str, gpuhunt: str | None) -> dict[str, Measured]:
    """Return what is measured, by name."""
    csv_path, json_path, packed = files
    python = sys.executable
    load = "import json, sys; json.load(open(sys.argv[1], encoding='utf-8'))"
    url = address + lay_out(folder / "served", csv_path)
    scraped, piped = folder / "scraped", folder / "piped"
    found = {
        "csv": Measured([python, READ, csv_path]),
        "zst": Measured([python, READ, packed]),
        "json": Measured([python, READ, json_path]),
        "grep": Measured(["grep", "-c", "-F", '"GPU instance"', csv_path]),
        "json.load": Measured([python, "-c", load, json_path]),
        "scrape": Measured([python, HERE / "offer_file" / "scrape.py", address, scraped], prepare=scraped),
        "curl | zstd -3": Measured(f"curl -s {url} | zstd -q -3 -o {piped}/index.csv.zst", prepare=piped),
        **{f"csv x {n}": Measured([python, READ, *[csv_path] * n]) for n in COPIES[1:]},
    }
    if gpuhunt:
        found["gpuhunt"] = Measured([gpuhunt, HERE / "offer_file" / "read_gpuhunt.py", csv_path])
    return found


def ratios(runs: dict[str, Measured]) -> dict[str, tuple[float, str]]:
    """Return the ratios that have a bound, with it."""
    of = {name: run.median for name, run in runs.items()}
    found = {
        "CSV / grep": (of["csv"] / of["grep"], "at most 2.5, aim 1.5"),
        "zst / CSV": (of["zst"] / of["csv"], "at most 1.4"),
        "json.load / JSON": (of["json.load"] / of["json"], "at least 10"),
        "JSON memory, MiB": (runs["json"].peak / MIB, "at most 32"),
        "scrape / (curl | zstd -3)": (of["scrape"] / of["curl | zstd -3"], "at most 1.5"),
    }
    step = (of["csv x 8"] - of["csv"]) / 7
    for n in COPIES[1:-1]:
        line = of["csv"] + (n - 1) * step
        found[f"{n} files / straight line from 1 to 8"] = (of[f"csv x {n}"] / line, "0.9 to 1.1")
    found["memory of 8 files / of 1"] = (runs["csv x 8"].peak / runs["csv"].peak, "flat")
    if "gpuhunt" in runs:
        found["gpuhunt / CSV"] = (of["gpuhunt"] / of["csv"], "at least 5, aim 8")
        found["CSV memory / gpuhunt's"] = (runs["csv"].peak / runs["gpuhunt"].peak, "at most 0.33")
    return found


def same_prices(runs: dict[str, Measured]) -> str:
    """Compare what the readers selected; a difference ends the benchmark."""
    ours = {tuple(price) for price in json.loads(runs["csv"].output)}
    for name in ("zst", "json", "gpuhunt"):
        if name in runs and {tuple(price) for price in json.loads(runs[name].output)} != ours:
            raise SystemExit(f"{name} does not select what the CSV reader selects")
    others = " and gpuhunt" if "gpuhunt" in runs else ""
    return f"CSV, zst, JSON{others} select the same {len(ours)} on-demand prices."


def report(runs: dict[str, Measured], sizes: str, verdict: str, repeat: int) -> str:
    """Return the results as Markdown with the JSON of all runs."""
    lines = [
        "# Reading an AWS offer file",
        "",
        f"Written by `benchmarks/aws_offer_file.py` on {datetime.now(UTC):%Y-%m-%d}. {sizes} {verdict}",
        f"Whole processes, page cache warm, medians of {repeat}.",
    ]
    parts = (lines, machine("grep", "zstd", "curl"), times(runs), bounds(ratios(runs)), raw(runs))
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def main() -> None:
    """Generate the files, measure, print and write the results."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--repeat", type=int, default=5, help="runs of every command")
    options.add_argument("--share", type=float, default=1.0, help="share of the full size")
    options.add_argument("--gpuhunt-python", help="a Python that has gpuhunt")
    options.add_argument("--out", type=Path, default=HERE / "RESULTS.md")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="ratecard-bench-") as name:
        folder = Path(name)
        subprocess.run([sys.executable, HERE / "offer_file" / "generate.py", folder, str(given.share)], check=True)
        csv_path, json_path = folder / "index.csv", folder / "index.json"
        packed = folder / "index.csv.zst"
        subprocess.run(["zstd", "-q", "-3", csv_path, "-o", packed], check=True)
        with served(folder / "served") as address:
            runs = commands(folder, (csv_path, json_path, packed), address, given.gpuhunt_python)
            measure(runs.values(), given.repeat)
        size = f"CSV {csv_path.stat().st_size / 1e6:.0f} MB, JSON {json_path.stat().st_size / 1e6:.0f} MB."
    text = report(runs, size, same_prices(runs), given.repeat)
    given.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
