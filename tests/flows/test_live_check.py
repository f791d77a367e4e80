"""`ratecard doctor --live` against a server on this machine: what works, what fails and why, and what has drifted."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from local_origin import Origin, open_origin

from scrapers.archive.store import Store
from scrapers.runpod.docs import PAGES

Ratecard = Callable[..., Any]
EXAMPLES = Path(__file__).resolve().parents[2] / "data" / "examples"
HOSTS = (
    *("https://docs.runpod.io", "https://api.runpod.io"),
    *("https://website.spot.ec2.aws.a2z.com", "https://spot-bid-advisor.s3.amazonaws.com"),
)
PATHS = {resource: "/" + url.split("/", 3)[3] for resource, url in PAGES.items()}


def page(resource: str) -> bytes:
    """Return a page of RunPod's documentation as the bundled examples have it."""
    store = Store.at(EXAMPLES)
    name = resource.replace(".md", ".mdx")
    return [store.read_body(c) for s in store.snapshots() for c in s.captures if c.resource == name][-1]


@pytest.fixture
def site(ratecard: Ratecard, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Origin]:  # noqa: ARG001  # it clears the settings first
    """Serve RunPod's documentation on this machine; its API and the spot feed answer 404."""
    monkeypatch.setenv("RATECARD_OUT", str(tmp_path / "out"))
    with open_origin() as origin:
        monkeypatch.setenv("RATECARD_ORIGINS", json.dumps(dict.fromkeys(HOSTS, origin.url)))
        for resource, path in PATHS.items():
            origin.serve(path, page(resource), headers={"content-type": "text/markdown"})
        yield origin


@pytest.fixture
def live(ratecard: Ratecard, tmp_path: Path) -> Callable[..., Any]:
    """Return what checks sources live against the test's own store."""

    def call(*sources: str, **options: Any) -> Any:
        named = [word for source in sources for word in ("--source", source)]
        more = [word for name, value in options.items() for word in (f"--{name}", value)]
        return ratecard("doctor", "--live", *named, "--store", tmp_path / "store", *more)

    return call


@pytest.fixture
def scraped(site: Origin, ratecard: Ratecard, tmp_path: Path) -> Origin:
    """Store one good read of the documentation, and return the site."""
    assert ratecard("scrape", "--source", "runpod-docs", "--store", tmp_path / "store").code == 0
    return site


def by_source(answer: Any) -> dict[str, Any]:
    """Return the checks of a JSON answer by source."""
    return {check["source"]: check for check in json.loads(answer.out)}


@pytest.mark.usefixtures("scraped")
def test_source_that_works_is_said_to_work(ratecard: Ratecard, live: Any, tmp_path: Path) -> None:
    """All of it came, within its bounds, and nothing drifted; nothing is stored."""
    answer = live("runpod-docs")
    (row,) = [line for line in answer.out.splitlines() if line.startswith("runpod-docs")]
    size = sum(len(page(resource)) for resource in PATHS)

    assert answer.code == 0, answer.out + answer.err
    assert re.search(rf"works +\d\d +40 to 90 +none since 20\d\d-\d\d-\d\d +\d+\.\d +{size:,}", row)
    assert len(Store.at(tmp_path / "store").stamps()) == 1
    assert not (tmp_path / "out").exists()
    check = by_source(ratecard("doctor", "--live", "--source", "runpod-docs", "--json", "--store", tmp_path / "store"))
    assert check["runpod-docs"]["works"] is True
    assert check["runpod-docs"]["why"] is None
    assert check["runpod-docs"]["kept"] == []
    assert check["runpod-docs"]["drift"]["differences"] == []
    assert check["runpod-docs"]["seconds"] >= 0


def test_new_and_vanished_names_are_told(scraped: Origin, live: Any) -> None:
    """A GPU that came and one that went are drift, and no failure."""
    text = page("gpu-types.md").decode()
    row = next(line for line in text.splitlines() if "H100 SXM" in line)
    scraped.serve(PATHS["gpu-types.md"], text.replace(row, "| EXAMPLE Z9 | Z9 | 80 |").encode())
    answer = live("runpod-docs")

    assert answer.code == 0, answer.out
    assert "1 new, 1 vanished since" in answer.out
    assert "new GPUs: Z9 (in gpu-types.md)" in answer.out
    assert "vanished GPUs: H100 SXM (in gpu-types.md)" in answer.out


def test_failure_says_what_changed_and_where_its_bytes_are(scraped: Origin, live: Any, tmp_path: Path) -> None:
    """A renamed column fails its source: the error, the drift and the bytes tell what there is now."""
    body = page("serverless-pricing.md").replace(b"Cost per second", b"Price for a second")
    scraped.serve(PATHS["serverless-pricing.md"], body)
    answer = live("runpod-docs", keep=tmp_path / "kept")
    kept = tmp_path / "kept" / "runpod-docs" / "serverless-pricing.md"

    assert answer.code == 3
    assert re.search(r"^runpod-docs +fails ", answer.out, re.MULTILINE)
    assert "looked for the columns" in answer.out
    assert "new columns: Price for a second (in serverless-pricing.md)" in answer.out
    assert re.search(r"vanished columns: .*Cost per second \(in serverless-pricing.md\)", answer.out)
    assert f"kept for a look: {kept}" in answer.out
    assert kept.read_bytes() == body
    assert [path.name for path in kept.parent.iterdir()] == ["serverless-pricing.md"]
    assert len(Store.at(tmp_path / "store").stamps()) == 1


def test_sources_fail_alone(scraped: Origin, ratecard: Ratecard, tmp_path: Path) -> None:
    """One that answers with a login page and one that is away do not keep the third from working."""
    scraped.serve("/graphql", b"<!doctype html><title>Sign in</title>", headers={"content-type": "text/html"})
    sources = [word for name in ("aws-spot", "runpod-graphql", "runpod-docs") for word in ("--source", name)]
    answer = ratecard("doctor", "--live", *sources, "--json", "--store", tmp_path / "store")
    found = by_source(answer)

    assert answer.code == 3
    assert {name: check["works"] for name, check in found.items()} == {
        "aws-spot": False,
        "runpod-docs": True,
        "runpod-graphql": False,
    }
    assert found["aws-spot"]["drift"] is None
    assert "404" in found["aws-spot"]["why"]
    assert "found HTML" in found["runpod-graphql"]["why"]
    (kept,) = found["runpod-graphql"]["kept"]
    assert Path(kept).is_relative_to(tmp_path / "out" / "failed")
    assert b"Sign in" in Path(kept).read_bytes()
    assert found["runpod-graphql"]["drift"]["listings"] is None


def test_too_little_is_kept_as_a_whole(site: Origin, live: Any, tmp_path: Path) -> None:
    """A read with fewer listings than the source declares fails, and all of its bodies are kept."""
    lines = page("gpu-types.md").decode().splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith(("| ---", "|---")))
    site.serve(PATHS["gpu-types.md"], "\n".join(lines[: first + 3]).encode())
    answer = live("runpod-docs", keep=tmp_path / "kept")

    assert answer.code == 3
    assert "listings where 40 to 90 are expected" in answer.out
    assert {path.name for path in (tmp_path / "kept" / "runpod-docs").iterdir()} == set(PATHS)


def test_source_of_which_nothing_comes_has_no_drift(site: Origin, live: Any, tmp_path: Path) -> None:
    """A page that is gone is said; there is nothing to compare and nothing to keep."""
    site.serve(PATHS["serverless-pricing.md"], b"gone", status=404)
    answer = live("runpod-docs")

    assert answer.code == 3
    assert "404" in answer.out
    assert re.search(r"^runpod-docs +fails +0 +40 to 90 +nothing came ", answer.out, re.MULTILINE)
    assert not (tmp_path / "out").exists()


def test_bytes_that_cannot_be_kept_are_the_disks_failure(site: Origin, live: Any, tmp_path: Path) -> None:
    """Where the folder for a look cannot be made, the message names it."""
    site.serve(PATHS["gpu-types.md"], b"no table")
    (tmp_path / "kept").write_text("a file in its place")
    answer = live("runpod-docs", keep=tmp_path / "kept")

    assert answer.code == 3
    assert str(tmp_path / "kept") in answer.err
    assert "cannot be written" in answer.err


@pytest.mark.parametrize(
    "words", [("--source", "aws-spot"), ("--keep", "x"), ("--live", "--audit"), ("--live", "--source", "aws-sopt")]
)
def test_options_that_make_no_sense_are_refused(ratecard: Ratecard, words: tuple[str, ...], tmp_path: Path) -> None:
    """--source and --keep go with --live, --audit does not, and a source must be one."""
    assert ratecard("doctor", *words, "--store", tmp_path).code == 2


def test_drift_of_what_is_stored_is_told_without_a_network(scraped: Origin, ratecard: Ratecard, tmp_path: Path) -> None:
    """After a scrape that failed, plain `doctor` shows what changed since the last good capture, in words and JSON."""
    body = page("serverless-pricing.md").replace(b"Cost per second", b"Price for a second")
    scraped.serve(PATHS["serverless-pricing.md"], body)
    scraped.serve(PATHS["gpu-types.md"], page("gpu-types.md").replace(b"H100 SXM", b"Z9"))
    assert ratecard("scrape", "--source", "runpod-docs", "--store", tmp_path / "store").code == 3
    printed = ratecard("doctor", "--store", tmp_path / "store")
    checks = {c["name"]: c for c in json.loads(ratecard("doctor", "--json", "--store", tmp_path / "store").out)}
    check = checks["drift of runpod-docs"]

    assert printed.code == 1
    assert "new columns: Price for a second (in serverless-pricing.md)" in printed.out
    assert check["good"] is False
    assert "looked for the columns" in check["detail"]
    assert {
        "kind": "columns",
        "direction": "new",
        "name": "Price for a second",
        "bodies": ["serverless-pricing.md"],
    } in check["drift"]["differences"]
    assert re.search(r"listings: cannot be read \(\d\d before, 40 to 90 expected\)", check["detail"])
    assert checks["Python"]["drift"] is None
