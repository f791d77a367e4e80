"""The flow ``report``: from the stored market to the client's Markdown, HTML and PDF, with artifacts on the run.

prefect deployment run report/client --watch
python -m flows.report --brief archibus --store data/examples
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from cyclopts import App
from prefect import flow, get_run_logger, task
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.runtime import flow_run

from flows import steps
from flows.settings import PROJECT, read_settings, store_to_read
from normalize.diff import diff_markets
from normalize.export import change_record
from normalize.facts import Facts, load_facts
from normalize.records import Change, Market, Severity
from reports.brief import Brief, load_brief
from scrapers.archive.store import Store

_MOST_CHANGES = 200


def _run_name() -> str:
    """Return what a run is: ``report archibus as of 2025-12-01``."""
    parameters = flow_run.parameters
    as_of = parameters.get("as_of")
    return f"report {parameters['brief']} as of {as_of or 'newest snapshot'}"


@task
def read_market(store: str, facts: Facts, as_of: date | None) -> tuple[Market, Market | None]:
    """Return the market at a date and the one of the report before."""
    logger = get_run_logger()
    logger.info("reading %s", store)
    reader = steps.MarketReader(Store.at(store), facts)
    moment = steps.read_moment(as_of.isoformat(), option="as_of") if as_of else None
    market = reader.with_evidence(reader.market(moment))
    logger.info("market as of %s: %d prices from snapshot %s", market.as_of, len(market.priced), market.stamp)
    for finding in market.findings:
        if finding.severity is Severity.ERROR:
            logger.warning("%s: %s (%s)", finding.source, finding.message, finding.where)
    return market, reader.before(market)


@task
def write_report(
    brief: Brief, markets: tuple[Market, Market | None], facts: Facts, out: Path, store: str
) -> list[Path]:
    """Write the three files and return their paths."""
    return list(steps.write_client_report(brief, *markets, facts, out, store=Store.at(store)))


@task
def publish_artifacts(brief: Brief, markets: tuple[Market, Market | None], paths: list[Path]) -> None:
    """Show the report, the changes and the way to the PDF on the run's page."""
    market, previous = markets
    markdown, _, pdf = paths
    create_markdown_artifact(markdown.read_text(encoding="utf-8"), key=f"report-{brief.name}", description=brief.title)
    changes = diff_markets(previous, market) if previous else ()
    create_table_artifact(
        [_change_row(change) for change in changes[:_MOST_CHANGES]],
        key=f"changes-{brief.name}",
        description=_changes_title(len(changes), market, previous),
    )
    create_link_artifact(
        pdf.as_uri(), link_text=pdf.name, key=f"pdf-{brief.name}", description="The PDF on this machine"
    )


def _changes_title(number: int, market: Market, previous: Market | None) -> str:
    if previous is None:
        return f"First report, as of {market.as_of:%Y-%m-%d}: nothing to compare with"
    shown = f" (first {_MOST_CHANGES})" if number > _MOST_CHANGES else ""
    return f"{number} changes{shown} from {previous.as_of:%Y-%m-%d} to {market.as_of:%Y-%m-%d}, USD per GPU-hour"


def _change_row(change: Change) -> dict[str, Any]:
    content = change_record(change)
    offer = content["offer"] or {}
    parts = ("provider", "service", "sku", "region", "cloud_type", "pricing_category")
    return {
        "kind": content["kind"],
        "what": " ".join(str(offer[part]) for part in parts if offer.get(part)) or content["source"],
        "before": content["before"] or "",
        "after": content["after"] or "",
        "percent": f"{change.percent:+.1f}" if change.percent is not None else "",
        "note": content["note"] or "",
    }


@flow(name="report", flow_run_name=_run_name)
def report(
    brief: str = "archibus", as_of: date | None = None, store: str | None = None, out: str | None = None
) -> list[str]:
    """Build a client report from what is stored; nothing is fetched.

    Args:
        brief: name of a brief in reports/briefs.
        as_of: date of the report; of the newest snapshot when empty.
        store: folder of the snapshots; the settings' when empty, before the first snapshot the bundled examples.
        out: folder to write to; the settings' when empty.

    Returns:
        The paths of the Markdown, HTML and PDF file.
    """
    settings = read_settings(folder=PROJECT)
    facts = load_facts(settings.facts)
    asked = load_brief(brief, facts)
    read_from = store_to_read(store, settings)
    markets = read_market(read_from, facts, as_of)
    paths = write_report(asked, markets, facts, Path(out) if out else settings.out, read_from)
    publish_artifacts(asked, markets, paths)
    return [str(path) for path in paths]


def main(
    *, brief: str = "archibus", as_of: date | None = None, store: str | None = None, out: str | None = None
) -> None:
    """Run the flow once and print the paths of its three files."""
    print(*report(brief=brief, as_of=as_of, store=store, out=out), sep="\n")


if __name__ == "__main__":
    App(name="python -m flows.report", default_command=main)()
