"""The flow ``scrape``: every source into one new snapshot, a task per source, each of which fails alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.drift_report import drift_page
from flows.scrape_all import scrape_all
from flows.scraping import Scraped, store_scraped
from flows.settings import PROJECT, Settings, read_settings
from flows.steps import MarketReader
from flows.way_out import WayOut, way_out
from normalize.facts import load_facts
from scrapers.archive.store import Store
from scrapers.errors import SourceError, StoreError, UsageError
from scrapers.registry import default_source_ids, source_record


@task(
    task_run_name="fetch {source}",
    cache_policy=NO_CACHE,  # what was fetched once is fetched again; and a key of the way out cannot be computed
)
def fetch_source(source: str, settings: Settings, out: WayOut) -> State[Scraped]:
    """Fetch one source, once: the way out itself asks again for what may come at another try, request by request.

    What failed is returned with what came all the same, and is kept; the next run asks for the rest. The tasks of a
    run share its way out; they are threads of one process, and it is never serialised.
    """
    (scraped,) = scrape_all([source], out, settings.regions, seconds=settings.source_seconds)
    return _state_of(scraped)


def _state_of(scraped: Scraped) -> State[Scraped]:
    """Return how the run's page shows a source: completed, partial or failed; what came goes with it in any case."""
    if scraped.error is None:
        return Completed(data=scraped)
    if scraped.partial:
        return Completed(name="Partial", message=str(scraped.error), data=scraped)
    return Failed(message=str(scraped.error), data=scraped)


@task
def store_snapshot(store: str, scraped: list[Scraped], settings: Settings) -> str:
    """Write the snapshot, lay its offers beside it, and return its stamp."""
    opened = Store.at(store)
    snapshot = store_scraped(opened, scraped, datetime.now(UTC))
    MarketReader(opened, load_facts(settings.facts)).derive_offers(snapshot)
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
        StoreError: the disk refuses.
    """
    settings = read_settings(folder=PROJECT)
    wanted = sorted(set(sources or default_source_ids()))
    for source in wanted:
        source_record(source)
    opened = Store.at(store or settings.store)
    with way_out(settings, opened) as out:
        futures = {source: fetch_source.submit(source, settings, out) for source in wanted}
        scraped = [_outcome(source, future.result(raise_on_failure=False)) for source, future in futures.items()]
        stamp = store_snapshot(str(opened.root), scraped, settings)
    create_table_artifact([_row(s) for s in scraped], key="scrape", description=f"Snapshot {stamp}")
    failed = [s for s in scraped if s.error is not None]
    page = drift_page(opened, stamp, [s.error for s in scraped if s.error])
    create_markdown_artifact(page, key="drift", description=f"Snapshot {stamp}")
    for warning in [*(s.error for s in failed), *(f"{s.source}: {f}" for s in scraped for f in s.findings)]:
        get_run_logger().warning("%s", warning)
    if not any(s.error is None or s.partial for s in scraped):
        raise SourceError("all sources", f"none of {len(scraped)} gave anything; see snapshot {stamp}")
    return stamp


def _outcome(source: str, result: Any) -> Scraped:  # noqa: ANN401  # a result or an exception
    """Return what became of a source, also when its task raised."""
    if isinstance(result, Scraped):
        return result
    if isinstance(result, StoreError | UsageError):  # concerns all of them
        raise result
    return Scraped(source, (), 0, SourceError(source, f"the task failed: {result!r}"))


def _row(scraped: Scraped) -> dict[str, Any]:
    return {
        "source": scraped.source,
        "listings": scraped.listings,
        "bodies": len(scraped.responses),
        "failed": str(scraped.error or ""),
    }
