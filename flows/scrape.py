"""The flow ``scrape``: every source into one new snapshot, a task per source, each of which fails alone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.client.schemas.objects import State

from flows import steps
from flows.settings import PROJECT, Settings, read_settings
from normalize.facts import load_facts
from scrapers.errors import FetchError, SourceError
from scrapers.registry import default_source_ids, source_record
from scrapers.store import Store
from scrapers.web import Web


def _worth_another_try(_task: Any, _run: Any, state: State[Any]) -> bool:  # noqa: ANN401  # Prefect's types
    """Return whether a failed fetch may go better next time: only a `FetchError` may."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, FetchError)


@task(
    task_run_name="fetch {source}",
    retries=3,
    retry_delay_seconds=[5, 30, 120],
    retry_jitter_factor=0.5,
    retry_condition_fn=_worth_another_try,
)
def fetch_source(source: str, settings: Settings, store: str, spool: Path) -> steps.Scraped:
    """Fetch one source; a failure that another try may mend is raised so that Prefect tries again.

    Not where a part of it came: another try would bring that part again, and the next run asks for the rest.
    """
    earlier = Store.at(store).last_captures()
    with Web(origins=settings.origins, contact=settings.contact, spool=spool, earlier=earlier) as web:
        scraped = steps.scrape_source(source, web, settings.regions)
    if isinstance(scraped.error, FetchError) and not scraped.partial:
        raise scraped.error
    return scraped


@task
def store_snapshot(store: str, scraped: list[steps.Scraped], settings: Settings) -> str:
    """Write the snapshot, lay its offers beside it, and return its stamp."""
    opened = Store.at(store)
    snapshot = steps.store_scraped(opened, scraped, datetime.now(UTC))
    steps.MarketReader(opened, load_facts(settings.facts)).derive_offers(snapshot)
    return snapshot.stamp


@flow(name="scrape", flow_run_name="scrape")
def scrape(sources: list[str] | None = None, store: str | None = None) -> str:
    """Fetch the sources into a new snapshot; a source that fails does not stop the others.

    Args:
        sources: ids; all that need no account when empty.
        store: folder of the snapshots; the settings' when empty.

    Returns:
        The snapshot's stamp.

    Raises:
        SourceError: no source at all gave anything.
    """
    settings = read_settings(folder=PROJECT)
    wanted = sources or default_source_ids()
    for source in wanted:
        source_record(source)
    opened = Store.at(store or settings.store)
    with opened.incoming() as spool:
        futures = {source: fetch_source.submit(source, settings, str(opened.root), Path(spool)) for source in wanted}
        scraped = [_outcome(source, future.result(raise_on_failure=False)) for source, future in futures.items()]
        stamp = store_snapshot(str(opened.root), scraped, settings)
    create_table_artifact([_row(s) for s in scraped], key="scrape", description=f"Snapshot {stamp}")
    failed = [s for s in scraped if s.error is not None]
    for result in failed:
        get_run_logger().warning("%s", result.error)
    if not any(s.error is None or s.partial for s in scraped):
        raise SourceError("all sources", f"none of {len(scraped)} gave anything; see snapshot {stamp}")
    return stamp


def _outcome(source: str, result: Any) -> steps.Scraped:  # noqa: ANN401  # a result or an exception
    """Return what became of a source, also when its last try raised."""
    if isinstance(result, steps.Scraped):
        return result
    if isinstance(result, SourceError):
        return steps.Scraped(source, (), 0, result)
    return steps.Scraped(source, (), 0, SourceError(source, f"the task failed: {result!r}"))


def _row(scraped: steps.Scraped) -> dict[str, Any]:
    return {
        "source": scraped.source,
        "listings": scraped.listings,
        "bodies": len(scraped.responses),
        "failed": str(scraped.error or ""),
    }
