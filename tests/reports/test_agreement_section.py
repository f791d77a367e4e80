"""What the report says of its own certainty: sources behind a figure, contradictions, quarantine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest

from normalize.facts import Facts, default_facts_folder, load_facts
from normalize.records import Finding, Market, Offer, PriceBasis, PricingCategory, Severity
from reports.brief import Brief, load_brief
from reports.build import build_report
from reports.records import Block, Bullets, Heading, Line, Paragraph, Report, Table

NORMALIZE = Path(__file__).resolve().parents[1] / "normalize"


@pytest.fixture(scope="module")
def build(load_module: Callable[[Path], ModuleType]) -> ModuleType:
    """The module that builds artificial records."""
    return load_module(NORMALIZE / "builders.py")


@pytest.fixture(scope="module")
def facts() -> Facts:
    """Return the hand-kept facts."""
    return load_facts(default_facts_folder())


@pytest.fixture(scope="module")
def brief(facts: Facts) -> Brief:
    """Return the client's brief with the two sections that this is about."""
    return load_brief("archibus", facts).model_copy(update={"sections": ("always_on_pricing", "data_quality")})


def h100(build: ModuleType, price: str, source: str, **changes: object) -> Offer:
    """Make a price of one H100 on EC2."""
    words = {"provider": "AWS", "service": "EC2", "sku": "p5.4xlarge", "region": "us-east-1", "gpu": "h100-sxm-80gb"}
    made: Offer = build.offer(price, source=source, **{**words, **changes})
    return made


def report(brief: Brief, market: Market, facts: Facts) -> Report:
    """Build the report of a market."""
    return build_report(brief, market, None, facts, generator="ratecard test")


def text(line: Line) -> str:
    """Return a line's text."""
    return "".join(span.text for span in line)


def quality(made: Report) -> dict[str, list[str]]:
    """Return the texts of the data quality section by heading; those before the first under ""."""
    found: dict[str, list[str]] = {"": []}
    head = ""
    for block in made.sections[-1].blocks:
        if isinstance(block, Heading):
            head = block.text
            found[head] = []
        else:
            found[head] += texts(block)
    return found


def texts(block: Block) -> list[str]:
    """Return the lines of a paragraph or list."""
    if isinstance(block, Paragraph):
        return [text(block.line)]
    return [text(item) for item in block.items] if isinstance(block, Bullets) else []


def row_of(made: Report, label: str) -> list[str]:
    """Return the cells of a row of the first table."""
    (table,) = [b for b in made.sections[0].blocks if isinstance(b, Table)]
    (row,) = [[text(cell) for cell in row] for row in table.rows if text(row[0]).startswith(label)]
    return row


def test_every_figure_says_how_many_sources_print_it(build: ModuleType, brief: Brief, facts: Facts) -> None:
    """In the table beside the publisher, in the receipt with their names."""
    market = build.market(h100(build, "6.66", "aws-ec2"), h100(build, "6.660000", "vantage-ec2"))
    made = report(brief, market, facts)
    assert row_of(made, "H100")[-1] == "Examplecloud (2 sources)"
    assert [r.corroboration for r in made.receipts] == ["2 sources: aws-ec2, vantage-ec2 (2031-02-03)"]
    (note,) = quality(made)[""]
    assert note == (
        "Of 2 list prices 2 stand in 2 sources alike; each receipt names them. Spot prices are quotes of a moment and "
        "are not held against each other."
    )


def test_a_row_with_better_and_worse_founded_figures_says_both(build: ModuleType, brief: Brief, facts: Facts) -> None:
    """The on-demand price stands in two sources, the spot quote in one."""
    spot = h100(build, "2.22", "aws-spot", pricing_category=PricingCategory.SPOT, price_basis=PriceBasis.REGION_QUOTE)
    market = build.market(h100(build, "6.66", "aws-ec2"), h100(build, "6.66", "vantage-ec2"), spot)
    made = report(brief, market, facts)
    assert row_of(made, "H100")[-1] == "Examplecloud (1 to 2 sources)"
    assert made.receipts[-1].corroboration == "1 source: aws-spot"


def test_a_conflict_has_all_figures_and_sizes(build: ModuleType, brief: Brief, facts: Facts) -> None:
    """Each figure with its receipt, and how far the others lie from the believed one, in USD and in percent."""
    sources = ("aws-ec2", "vantage-ec2", "cloudprice-ec2")
    offers = [h100(build, price, source) for source, price in zip(sources, ("4.44", "5.55", "6.66"), strict=True)]
    made = report(brief, build.market(*offers), facts)
    (line,) = quality(made)["Sources that disagree beyond rounding"]
    assert line == (
        "AWS EC2 on_demand h100-sxm-80gb in us-east-1: $4.44 (aws-ec2, 2031-02-03, p5.4xlarge) against "
        "$5.55 (vantage-ec2, 2031-02-03, p5.4xlarge) against $6.66 (cloudprice-ec2, 2031-02-03, p5.4xlarge) "
        "per GPU-hour; +1.11 (+25.0%) and +2.22 (+50.0%)."
    )
    assert {r.source_id for r in made.receipts} == set(sources)
    assert made.receipts[0].corroboration == (
        "1 source: aws-ec2; vantage-ec2 (2031-02-03) prints 5.55 (+25.0%); "
        "cloudprice-ec2 (2031-02-03) prints 6.66 (+50.0%)"
    )


def test_conflicts_about_other_cards_are_listed_too(build: ModuleType, brief: Brief, facts: Facts) -> None:
    """No conflict is only counted."""
    other = {"gpu": "t4-16gb", "sku": "g4dn.xlarge"}
    market = build.market(h100(build, "1.11", "aws-ec2", **other), h100(build, "2.22", "vantage-ec2", **other))
    lines = quality(report(brief, market, facts))["Sources that disagree beyond rounding"]
    assert lines[:2] == ["None among the GPUs of this report.", "Among other GPUs:"]
    assert lines[2].startswith("AWS EC2 on_demand t4-16gb in us-east-1: $1.11 (aws-ec2")


def test_quarantine_is_quoted_with_its_reason(build: ModuleType, brief: Brief, facts: Facts) -> None:
    """As it stands there, with a receipt, and without any figure; the brief's cards come first."""
    reason = "outside_band: 99.99 is too much"
    held = [
        h100(build, "9.99", "aws-ec2", gpu="t4-16gb", sku="g4dn.xlarge", quarantined=reason),
        h100(build, "99.99", "aws-ec2", quarantined=reason, citations=(build.citation("aws-ec2", quote="99.99"),)),
    ]
    market = build.market(*held, findings=(Finding("outside_band", Severity.ERROR, "aws-ec2", "a#b", "too much"),))
    made = report(brief, market, facts)
    lines = quality(made)["In quarantine"]
    assert lines[0].startswith("Each is quoted as it stands there")
    assert lines[1] == f"AWS EC2 p5.4xlarge, us-east-1, on-demand: “99.99”; {reason}."
    assert lines[2].startswith("AWS EC2 g4dn.xlarge")
    assert {r.corroboration for r in made.receipts} == {"in quarantine"}
    assert row_of(made, "H100")[3] == f"N/A: quarantined: {reason}"
    assert "Not taken" not in quality(made)
    figures = [span.figure for block in made.sections[-1].blocks for item in _items(block) for span in item]
    assert not any(figures)


def _items(block: Block) -> tuple[Line, ...]:
    return block.items if isinstance(block, Bullets) else ()


def test_a_long_list_ends_with_what_it_leaves_out(build: ModuleType, brief: Brief, facts: Facts) -> None:
    """More than a hundred lines mean that a source went wrong as a whole."""
    held = [h100(build, "99.99", "aws-ec2", sku=f"x{n}.8xlarge", quarantined="outside_band: no") for n in range(103)]
    lines = quality(report(brief, build.market(*held), facts))["In quarantine"]
    assert (len(lines), lines[-1]) == (102, "3 more.")


def test_an_odd_premium_is_told(build: ModuleType, brief: Brief, facts: Facts) -> None:
    """As a finding with its place, not as a conflict."""
    odd = Finding("odd_premium", Severity.WARNING, "aws-sagemaker", "0123#json:/price", "2.22 is 2.00 times 1.11")
    market = build.market(h100(build, "1.11", "aws-ec2"), findings=(odd,))
    found = quality(report(brief, market, facts))
    assert found["Unusual against the machine underneath"] == ["2.22 is 2.00 times 1.11 (0123#json:/price)."]


def test_an_empty_market_claims_nothing(build: ModuleType, brief: Brief, facts: Facts) -> None:
    """Without prices nobody stands behind any."""
    assert quality(report(brief, build.market(), facts))[""] == []


def test_before_a_change_stands_the_last_good_price(build: ModuleType, brief: Brief, facts: Facts) -> None:
    """The receipt beside the earlier price is that of the price, not of what was in quarantine since."""
    was = h100(build, "4.44", "aws-ec2", observed_at=build.day(1), citations=(build.citation("aws-ec2", quote="4.44"),))
    bad = replace(was, list_unit_price=Decimal("99.99"), quarantined="outside_band: too much")
    previous = build.market(bad, last_good=(was,))
    now = h100(build, "5.55", "aws-ec2", citations=(build.citation("aws-ec2", quote="5.55"),))
    asked = brief.model_copy(update={"sections": ("changes",)})
    made = build_report(asked, build.market(now), previous, facts, generator="ratecard test")
    (table,) = [b for b in made.sections[0].blocks if isinstance(b, Table)]
    assert [text(cell) for cell in table.rows[0]][1:] == ["$4.44", "$5.55", "+25.0%"]
    quotes = {r.number: r.quote for r in made.receipts}
    assert [quotes[n] for cell in table.rows[0] for span in cell for n in span.receipts] == ["4.44", "5.55"]
