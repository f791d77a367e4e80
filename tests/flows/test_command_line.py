"""The command line as a user types it, on the bundled examples."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

Ratecard = Callable[..., Any]
REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "data"


def offers(printed: str) -> list[dict[str, Any]]:
    """Return the offers of a JSON answer."""
    return json.loads(printed)


def test_prices_on_2025_12_01_hold_the_serverless_comparison(ratecard: Ratecard, examples: str) -> None:
    """L40S serverless is 1.908 at RunPod (flex) and 2.61 at SageMaker; Active rates are never Pod prices."""
    answer = ratecard("prices", "--as-of", "2025-12-01", "--store", examples, "--format", "json")
    found = {(o["sku"], o["pricing_category"]): o["usd_per_gpu_hour"] for o in offers(answer.out)}
    assert answer.code == 0
    assert found["L40, L40S, 6000 Ada PRO", "flex"] == "1.908"
    assert found["ml.g6e.xlarge", "on_demand"] == "2.61"
    pods = {o["usd_per_gpu_hour"] for o in offers(answer.out) if o["service"] == "Pods"}
    active = {o["usd_per_gpu_hour"] for o in offers(answer.out) if o["pricing_category"] == "active"}
    assert pods == {"1.99", "2.69", "2.59"}
    assert not pods & active


def test_every_json_offer_has_the_promised_keys(ratecard: Ratecard, examples: str) -> None:
    """JSON keys are stable, decimals are text, absent values are null."""
    answer = offers(ratecard("prices", "--store", examples, "--format", "json").out)
    promised = [
        "provider",
        "service",
        "sku",
        "region",
        "operating_system",
        "pricing_category",
        "cloud_type",
        "commitment_months",
        "payment_option",
        "gpu",
        "gpu_vendor",
        "gpu_model",
        "gpu_form_factor",
        "gpu_count",
        "gpu_memory_gib",
        "list_unit_price",
        "pricing_unit",
        "billing_currency",
        "usd_per_gpu_hour",
        "lineage",
        "observed_at",
        "quarantined",
        "citations",
    ]
    cited = ["source", "url", "retrieved_at", "obtained", "sha256", "locator", "quote", "body"]
    for offer in answer:
        assert set(promised) <= set(offer)
        assert all(set(cited) == set(citation) for citation in offer["citations"])
        assert "" not in {value for value in offer.values() if isinstance(value, str)}
        price = offer["usd_per_gpu_hour"]
        assert price is None or re.fullmatch(r"\d+(\.\d+)?", price)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", offer["observed_at"])


def test_gpu_is_found_by_model_and_unknown_ones_are_named(ratecard: Ratecard, examples: str) -> None:
    """A GPU may be given as model; one that nobody knows ends in one message with near names and exit code 2."""
    found = offers(ratecard("prices", "--gpu", "h100", "--store", examples, "--format", "json").out)
    assert {o["gpu_model"] for o in found} == {"H100"}
    answer = ratecard("prices", "--gpu", "H10", "--store", examples)
    assert answer.code == 2
    assert "--gpu H10: unknown; did you mean one of:" in answer.err
    assert "H100" in answer.err


def test_csv_and_parquet_hold_the_same_offers_as_json(ratecard: Ratecard, examples: str, tmp_path: Path) -> None:
    """The export never disagrees with the screen."""
    arguments = ("prices", "--provider", "runpod", "--store", examples, "--format")
    from_json = [o["usd_per_gpu_hour"] for o in offers(ratecard(*arguments, "json").out)]
    from_csv = [row["usd_per_gpu_hour"] or None for row in csv.DictReader(io.StringIO(ratecard(*arguments, "csv").out))]
    assert from_csv == from_json
    table = pq.read_table(_parquet(arguments, tmp_path))
    plain = [None if v is None else format(v.normalize(), "f") for v in table["usd_per_gpu_hour"].to_pylist()]
    assert plain == from_json


def _parquet(arguments: tuple[str, ...], folder: Path) -> Path:
    """Return the file that the command writes to its standard output."""
    import subprocess  # noqa: PLC0415
    import sys  # noqa: PLC0415

    path = folder / "prices.parquet"
    code = "import sys; from flows.command_line import run; sys.exit(run(sys.argv[1:]))"
    with path.open("wb") as file:
        subprocess.run([sys.executable, "-c", code, *arguments, "parquet"], stdout=file, check=True)
    return path


def test_diff_shows_the_moves_of_autumn_2026(ratecard: Ratecard, examples: str) -> None:
    """Between the last two examples H100 SXM secure rose 21.3 % and A100 PCIe secure 28.8 %."""
    answer = ratecard("diff", "--from", "2026-08-19", "--to", "2026-11-09", "--store", examples, "--json")
    moved = {
        (c["offer"]["sku"], c["offer"]["cloud_type"]): (c["before"], c["after"], c["percent"][:4])
        for c in json.loads(answer.out)
        if c["kind"] == "repriced" and c["offer"]["service"] == "Pods"
    }
    assert answer.code == 0
    assert moved["H100 SXM", "secure"] == ("3.29", "3.99", "21.2")
    assert moved["A100 PCIe", "secure"] == ("1.39", "1.79", "28.7")
    table = ratecard("diff", "--from", "2026-08-19", "--to", "2026-11-09", "--store", examples).out
    assert "+21.3%" in table
    assert "+28.8%" in table


def test_diff_of_a_snapshot_with_itself_is_empty(ratecard: Ratecard, examples: str) -> None:
    """The same date twice has no changes."""
    answer = ratecard("diff", "--from", "2026-11-09", "--to", "2026-11-09", "--store", examples, "--json")
    assert json.loads(answer.out) == []


def test_report_prints_its_three_paths(ratecard: Ratecard, examples: str, tmp_path: Path) -> None:
    """The report ends by naming Markdown, HTML and PDF, and they are there."""
    answer = ratecard("report", "--as-of", "2025-12-01", "--store", examples, "--out", tmp_path / "out")
    paths = [Path(line) for line in answer.out.split()]
    assert [p.name for p in paths] == [f"archibus-2025-12-01.{kind}" for kind in ("md", "html", "pdf")]
    assert all(p.stat().st_size > 1000 for p in paths)


def test_sources_lists_every_source(ratecard: Ratecard) -> None:
    """The table and the JSON name all sources."""
    named = {s["id"] for s in json.loads(ratecard("sources", "--json").out)}
    assert {"runpod-pricing", "aws-ec2", "vantage-ec2", "cloudprice-sagemaker"} <= named
    assert all(name in ratecard("sources").out for name in named)


def test_show_reads_a_figure_again(ratecard: Ratecard, examples: str) -> None:
    """What `show` prints is the quoted text of the citation, with the record around it."""
    citation = next(
        o["citations"][0]
        for o in offers(ratecard("prices", "--as-of", "2025-12-01", "--store", examples, "--format", "json").out)
        if o["sku"] == "p5.48xlarge" and o["source"] == "vantage-ec2" and o["pricing_category"] == "on_demand"
    )
    answer = ratecard("show", f"{citation['sha256'][:12]}#{citation['locator']}", "--store", examples)
    assert answer.code == 0
    assert "quote       55.04" in answer.out
    assert '"ondemand": >>"55.04"<<' in answer.out


def test_show_refuses_what_is_no_citation(ratecard: Ratecard, examples: str) -> None:
    """A citation without its parts is a usage error; one that leads nowhere is named."""
    assert ratecard("show", "55.04", "--store", examples).code == 2
    assert ratecard("show", "ffffffffffff#json:/0", "--store", examples).code == 3


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("scrape", "--source", "no-such"), 2, "unknown source 'no-such'"),
        (("import", "--source", "no-such", "--url", "https://x", "--retrieved-at", "2026-01-01", "f"), 2, "no-such"),
        (("report", "--brief", "nobody"), 2, "unknown brief 'nobody'; the briefs are: archibus"),
        (("prices", "--as-of", "yesterday"), 2, "--as-of yesterday: looked for a date"),
        (("prices", "--as-of", "2026-01-01T00:00:00"), 2, "has no time zone"),
        (("prices", "--as-of", "2020-01-01"), 3, "no snapshot at or before 2020-01-01"),
        (("prices", "--provider", "Nobody"), 2, "--provider Nobody: unknown"),
        (("prices", "--store", "s3://bucket"), 2, "only a folder"),
        (("prices", "--frmat", "json"), 2, "--frmat"),
        (("nonsense",), 2, "nonsense"),
    ],
)
def test_what_cannot_be_done_is_one_message(
    ratecard: Ratecard, examples: str, arguments: tuple[str, ...], code: int, says: str
) -> None:
    """Each misuse ends in one clear message and the exit code of its kind, never in a traceback."""
    store = () if "--store" in arguments else ("--store", examples)
    answer = ratecard(*arguments, *(() if arguments[0] == "nonsense" else store))
    assert answer.code == code
    assert says in answer.err + answer.out
    assert "Traceback" not in answer.err


def test_one_flipped_byte_is_found(ratecard: Ratecard, examples: str, tmp_path: Path) -> None:
    """A body that is not what was stored stops the command with its file named, and nothing is changed."""
    store = tmp_path / "store"
    shutil.copytree(examples, store, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    body = next(store.glob("2026-11-09*/runpod-pricing/pricing.html.zst"))
    content = bytearray(body.read_bytes())
    content[len(content) // 2] ^= 1
    body.write_bytes(content)
    answer = ratecard("report", "--store", store, "--out", tmp_path / "out")
    assert answer.code == 3
    assert str(body) in answer.err
    assert not (tmp_path / "out").exists()
    assert body.read_bytes() == bytes(content)


def test_corrupt_manifest_is_named(ratecard: Ratecard, examples: str, tmp_path: Path) -> None:
    """A manifest that is no JSON stops the command with its file named."""
    store = tmp_path / "store"
    shutil.copytree(examples, store, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    manifest = next(store.glob("2026-11-09*/snapshot.json"))
    manifest.write_text("{", encoding="utf-8")
    answer = ratecard("prices", "--store", store)
    assert answer.code == 3
    assert str(manifest) in answer.err


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty"),
        (b"<html><body>Please sign in</body></html>", "HTML"),
        (b"[]", "found"),
        (b"{", "JSON"),
        (b"\xff\xfe[\x00]\x00", "vantage-ec2"),
    ],
)
def test_unusable_import_adds_nothing(ratecard: Ratecard, tmp_path: Path, body: bytes, says: str) -> None:
    """An empty file, a page or broken JSON is refused by name and leaves the store as it was."""
    file, store = tmp_path / "instances.json", tmp_path / "store"
    file.write_bytes(body)
    answer = ratecard(*_import("vantage-ec2", "https://instances.vantage.sh/instances.json", file, store))
    assert answer.code == 3
    assert says in answer.err
    assert "instances.json" in answer.err
    assert not store.exists()


def _import(source: str, url: str, file: Path, store: Path) -> tuple[str | Path, ...]:
    head = ("import", "--source", source, "--url", url, "--retrieved-at", "2025-11-30T13:30:58Z")
    return (*head, file, "--store", store)


def test_unknown_instance_and_zero_price_are_findings(ratecard: Ratecard, tmp_path: Path) -> None:
    """An instance type that nobody knows, and a price of 0, are said with file and row; the rest is stored."""
    file, store = tmp_path / "instances.json", tmp_path / "store"
    records = [
        _record("g5.xlarge", {"ondemand": "1.11"}),
        _record("g99.xlarge", {"ondemand": "2.22"}),
        _record("g5.2xlarge", {"ondemand": "0"}),
    ]
    file.write_text(json.dumps(records), encoding="utf-8")
    answer = ratecard(*_import("vantage-ec2", "https://instances.vantage.sh/instances.json", file, store))
    assert answer.code == 1
    assert "unknown instance type 'g99.xlarge'" in answer.err
    assert "data/facts/instances.toml" in answer.err
    assert "instances.json" in answer.err
    assert re.search(r"g5\.2xlarge: .*\b0\b", answer.out)
    prices = offers(ratecard("prices", "--store", store, "--format", "json").out)
    assert {o["sku"]: o["usd_per_gpu_hour"] for o in prices} == {"g5.2xlarge": None, "g5.xlarge": "1.11"}


def _record(name: str, linux: dict[str, str]) -> dict[str, Any]:
    """Return an artificial record of the feed, with the keys that the parser asks for."""
    return {
        "instance_type": name,
        "GPU": 1,
        "GPU_model": "NVIDIA A10G",
        "GPU_memory": 24,
        "pricing": {"us-east-1": {"linux": linux}},
    }


def test_same_import_twice_is_refused(ratecard: Ratecard, tmp_path: Path) -> None:
    """The same bytes of the same time are not stored twice."""
    file, store = tmp_path / "instances.json", tmp_path / "store"
    file.write_text(json.dumps([_record("g5.xlarge", {"ondemand": "1.11"})]), encoding="utf-8")
    call = _import("vantage-ec2", "https://instances.vantage.sh/instances.json", file, store)
    assert ratecard(*call).code == 0
    again = ratecard(*call)
    assert again.code == 2
    assert "2025-11-30T133058Z already" in again.err
    assert len(list(store.iterdir())) == 1


def test_examples_and_real_data_never_mix(ratecard: Ratecard, examples: str, tmp_path: Path) -> None:
    """A file is not imported into a store of reconstructed examples, and the store stays as it was."""
    store, file = tmp_path / "store", tmp_path / "instances.json"
    shutil.copytree(examples, store, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    before = sorted(path.name for path in store.iterdir())
    file.write_text(json.dumps([_record("g5.xlarge", {"ondemand": "1.11"})]), encoding="utf-8")
    answer = ratecard(*_import("vantage-ec2", "https://instances.vantage.sh/instances.json", file, store))
    assert answer.code == 2
    assert "holds reconstructed examples" in answer.err
    assert sorted(path.name for path in store.iterdir()) == before


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"--url": "instances.vantage.sh"}, "looked for the public http(s) address"),
        ({"--retrieved-at": "2999-01-01T00:00:00Z"}, "lies in the future"),
        ({"--retrieved-at": "30.11.2025"}, "--retrieved-at 30.11.2025"),
    ],
)
def test_import_checks_its_options(ratecard: Ratecard, tmp_path: Path, change: dict[str, str], says: str) -> None:
    """A wrong address or time is refused with the option named."""
    options = {
        "--source": "vantage-ec2",
        "--url": "https://x.example",
        "--retrieved-at": "2026-01-01T00:00:00Z",
    } | change
    answer = ratecard(
        "import", *(p for pair in options.items() for p in pair), tmp_path / "f", "--store", tmp_path / "s"
    )
    assert answer.code == 2
    assert says in answer.err


def test_import_without_or_with_a_missing_file(ratecard: Ratecard, tmp_path: Path) -> None:
    """No file, or one that is not there, is a usage error."""
    head = ("import", "--source", "vantage-ec2", "--url", "https://x.example", "--retrieved-at", "2026-01-01")
    assert "name at least one FILE" in ratecard(*head, "--store", tmp_path / "s").err
    answer = ratecard(*head, tmp_path / "nothing.json", "--store", tmp_path / "s")
    assert answer.code == 2
    assert "nothing.json: cannot be read" in answer.err


def test_brief_with_an_unknown_gpu_or_key_is_named(ratecard: Ratecard, tmp_path: Path, monkeypatch: Any) -> None:
    """A brief that names a GPU nobody knows, or a key there is not, is refused with file and key."""
    from reports import brief  # noqa: PLC0415

    text = (brief.BRIEFS / "archibus.toml").read_text(encoding="utf-8")
    for changed, says in (
        (text.replace('"l40s-48gb"', '"l40x-48gb"'), "odd.toml: gpu 'L40S': unknown GPU 'l40x-48gb'"),
        (text + "\nclinet = 1\n", "odd.toml: always_on.clinet"),
        (text.replace("region = ", "regions = "), "odd.toml: region: Field required"),
        ("title = ", "odd.toml: is not TOML"),
    ):
        (tmp_path / "odd.toml").write_text(changed, encoding="utf-8")
        monkeypatch.setattr("flows.command_line.load_brief", lambda n, f: brief.load_brief(n, f, tmp_path))
        answer = ratecard("report", "--brief", "odd", "--store", tmp_path)
        assert answer.code == 2
        assert says in answer.err


@pytest.mark.reference
@pytest.mark.skipif(not REFERENCE.is_dir(), reason="no reference data beside the checkout")
def test_recorded_vantage_feed_is_imported(ratecard: Ratecard, tmp_path: Path) -> None:
    """84 instances of the recorded feed are read, and the known figures of us-east-1 come out."""
    file = REFERENCE / "vantage" / "tsaol_gpu_instances_raw_2025-11-30.json"
    answer = ratecard(*_import("vantage-ec2", "https://instances.vantage.sh/instances.json", file, tmp_path))
    assert answer.code == 0
    assert "84 SKUs read" in answer.out
    found = offers(ratecard("prices", "--store", tmp_path, "--format", "json").out)
    listed = {
        o["sku"]: (o["list_unit_price"], o["usd_per_gpu_hour"])
        for o in found
        if o["region"] == "us-east-1" and o["pricing_category"] == "on_demand"
    }
    assert listed["p5.48xlarge"][1] == "6.88"
    assert listed["g5.12xlarge"][1] == "1.418"
    assert listed["p4d.24xlarge"][1] == "2.74470525"
    assert listed["g6f.large"] == ("0.202", "1.616")
    p5e = [o for o in found if o["sku"] == "p5e.48xlarge"]
    assert [o["usd_per_gpu_hour"] for o in p5e] == [None] * len(p5e)
    assert all("no Linux price" in o["absence"] for o in p5e)


@pytest.mark.reference
@pytest.mark.skipif(not REFERENCE.is_dir(), reason="no reference data beside the checkout")
def test_recorded_price_list_gives_one_price_per_gpu_instance(ratecard: Ratecard, tmp_path: Path) -> None:
    """The AWS excerpt gives exactly one Linux on-demand price per GPU instance, none of them 0."""
    file = next((REFERENCE / "aws" / "ec2-bulk-json").glob("*us-east-1*.json"))
    url = "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonEC2/current/us-east-1/index.json"
    assert ratecard(*_import("aws-ec2", url, file, tmp_path)).code == 0
    found = offers(ratecard("prices", "--store", tmp_path, "--format", "json").out)
    prices = {o["sku"]: o["list_unit_price"] for o in found}
    assert prices == {
        "g4dn.xlarge": "0.5260000000",
        "g5.2xlarge": "1.2120000000",
        "g6.xlarge": "0.8048000000",
        "p4d.24xlarge": "21.9576420000",
        "p5.48xlarge": "55.0400000000",
    }
    assert len(found) == len(prices)
    assert {(o["operating_system"], o["pricing_category"]) for o in found} == {("Linux", "on_demand")}
