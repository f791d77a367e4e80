"""Drift in words: a line, a list of bounded length, and a page that holds whatever names a source invents."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.drift_report import details, drift_page, listings_line, markdown, newest_drifts, summary
from scrapers.archive.store import Store
from scrapers.errors import ParseError
from scrapers.shapes.drift import Difference, Direction, Drift

DAY = datetime(2026, 11, 1, 6, tzinfo=UTC)


def new(name: str, kind: str = "columns", bodies: tuple[str, ...] = ("a.csv", "b.csv", "c.csv")) -> Difference:
    """Return a new name in three bodies."""
    return Difference(kind, Direction.NEW, name, bodies)


def drifted(*differences: Difference, **changed: object) -> Drift:
    """Return a drift between two reads of three bodies."""
    values = {
        "source": "aws-ec2",
        "since": DAY,
        "obtained": "live",
        "compared": 3,
        "listings": 1200,
        "listings_before": 1100,
        "expected_listings": (40, 20_000),
        "differences": differences,
        "problems": (),
    }
    return Drift(**{**values, **changed})  # type: ignore[arg-type]  # one value per field


@pytest.mark.parametrize(
    ("drift", "line"),
    [
        (drifted(), "none since 2026-11-01"),
        (drifted(new("a"), new("b"), Difference("GPUs", Direction.VANISHED, "c", ())), "2 new, 1 vanished since 2026"),
        (drifted(new("a"), obtained="imported"), "1 new since 2026-11-01 (imported)"),
        (drifted(since=None, compared=0), "no earlier body to compare with"),
    ],
)
def test_summary_counts_and_dates(drift: Drift, line: str) -> None:
    """One line says how much changed, since when, and whether that was no live read."""
    assert summary(drift).startswith(line)


def test_listings_stand_beside_what_is_expected() -> None:
    """Then, now, and the bounds; what cannot be read is no number."""
    assert listings_line(drifted()) == "1,200 (1,100 before, 40 to 20,000 expected)"
    assert listings_line(drifted(listings=None, listings_before=None)) == "cannot be read (40 to 20,000 expected)"


def test_details_are_bounded() -> None:
    """A page that was built anew does not fill the terminal: a dozen names of each kind, and how many more."""
    differences = [new(f"column {n:02}") for n in range(30)] + [new("x" * 200, "classes"), new("n.csv", "bodies")]
    found = dict(details(drifted(*differences)))

    assert list(found) == ["new columns", "new classes", "new bodies"]
    assert found["new columns"][:2] == ["column 00", "column 01"]
    assert found["new columns"][12:] == ["... and 18 more"]
    assert found["new classes"] == ["x" * 80 + "..."]
    assert found["new bodies"] == ["n.csv"]


def test_details_say_in_which_bodies() -> None:
    """A name that changed in some bodies only says so: by name where it is one, else by number."""
    one, two = new("a", bodies=("b.csv",)), new("b", bodies=("b.csv", "c.csv"))

    assert dict(details(drifted(one, two)))["new columns"] == ["a (in b.csv)", "b (in 2 of 3 bodies)"]


def test_page_says_when_there_is_nothing_to_say() -> None:
    """Without drift or failure the page is one sentence."""
    page = markdown([drifted()], [], title="snapshot 2026-11-08T060000Z")

    assert page.startswith("# Drift: snapshot 2026-11-08T060000Z\n\nThere is none:")


def test_page_holds_failures_problems_and_names() -> None:
    """What failed comes first; each source has its numbers and names, and no name becomes Markdown."""
    error = ParseError("aws-spot", "looked for [a](b), found <script>")
    odd = drifted(new("`a|b`\n# no heading"), problems=("before: *odd*",))
    page = markdown([drifted(source="aws-spot"), odd], [error], title="snapshot")

    lines = page.splitlines()
    assert lines[2] == "## What failed"
    assert "aws-spot: looked for" in lines[4]
    assert "<script>" not in page
    assert "](b)" not in page.replace("\\](b)", "")
    assert [line for line in lines if line.startswith("#")] == ["# Drift: snapshot", "## What failed", "## aws-ec2"]
    assert "Listings: 1,200 (1,100 before" in page
    assert "- before: \\*odd\\*" in lines
    assert any(line.startswith("- new columns: ``") for line in lines)


def test_examples_have_not_drifted(examples: str) -> None:
    """Every example body has the structure of the one before it: they are written by one program."""
    found = {drift.source: drift for drift in newest_drifts(Store.at(examples))}

    assert {"runpod-docs", "runpod-pricing", "cloudprice-sagemaker"} <= set(found)
    assert not any(drift.differences or drift.problems for drift in found.values())
    assert found["runpod-docs"].since is not None


def test_store_that_cannot_be_read_back_is_told(tmp_path: Path) -> None:
    """A damaged manifest of an older snapshot is on the page, and the flow goes on."""
    folder = tmp_path / "2026-11-01T060000Z"
    folder.mkdir()
    (folder / "snapshot.json").write_text("{", encoding="utf-8")
    page = drift_page(Store.at(tmp_path), "2026-11-08T060000Z", [ParseError("aws-spot", "odd")])

    assert "aws-spot: odd" in page
    assert "is not a snapshot's manifest" in page
