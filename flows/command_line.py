"""The command ``ratecard``: a thin front over the steps.

Exit codes: 0 done, 1 a finding, 2 what was asked cannot be, 3 a source or the store failed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, CycloptsError, Parameter

from flows import backfill as archive
from flows import console, selection, steps
from flows.doctor import examine
from flows.importing import import_files
from flows.progress import Arrived, progress
from flows.settings import Settings, read_settings, store_to_read
from normalize.diff import diff_markets
from normalize.export import change_record, record, to_csv, to_json, to_parquet
from normalize.facts import Facts, load_facts
from normalize.records import Severity
from reports.brief import load_brief
from scrapers.errors import RatecardError, UsageError
from scrapers.evidence import read_context
from scrapers.locate import read_locator
from scrapers.registry import default_source_ids, source_ids, source_record
from scrapers.store import Store
from scrapers.web import Web

app = App(
    name="ratecard",
    help="GPU prices with receipts. Exit codes: 0 done, 1 a finding, 2 usage, 3 a source or the store failed.",
    version=steps.program,
)

StoreOption = Annotated[str | None, Parameter(name="--store", help="Folder or file:// URL of the snapshots.")]
AsOf = Annotated[str | None, Parameter(name="--as-of", help="Date or time (UTC); the newest snapshot without it.")]
Json = Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")]


def main() -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(tokens: list[str]) -> int:
    """Run one command and return its exit code."""
    try:
        result = app(tokens, exit_on_error=False, print_error=True, result_action="return_value")
    except CycloptsError:
        return UsageError.exit_code
    except RatecardError as exc:
        print(f"ratecard: {exc}", file=sys.stderr)
        return exc.exit_code
    except BrokenPipeError:
        return 0
    return result if isinstance(result, int) else 0


def _open(store: str | None, settings: Settings) -> tuple[Store, Facts, steps.MarketReader]:
    opened, facts = Store.at(store_to_read(store, settings)), load_facts(settings.facts)
    return opened, facts, steps.MarketReader(opened, facts)


@contextmanager
def _receive(store: Store, settings: Settings, arrived: Arrived | None = None) -> Iterator[Web]:
    """Open the way out, with what arrives on the store's disk and what is there already not asked for again."""
    with (
        store.incoming() as spool,
        Web(
            origins=settings.origins,
            contact=settings.contact,
            spool=Path(spool),
            earlier=store.last_captures(),
            progress=arrived,
        ) as web,
    ):
        yield web


@app.command
def scrape(
    *,
    source: Annotated[list[str] | None, Parameter(help="Only this source; may be given again.", negative="")] = None,
    store: StoreOption = None,
) -> int:
    """Fetch the sources into a new snapshot; those that need an account only when named.

    Example: ratecard scrape --source runpod-pricing --source runpod-docs
    """
    settings = read_settings()
    wanted = source or default_source_ids()
    for name in wanted:
        source_record(name)
    opened = Store.at(store or settings.store)
    with progress(len(wanted)) as (advance, arrived), _receive(opened, settings, arrived) as web:
        scraped = []
        for name in wanted:
            advance(name)
            scraped.append(steps.scrape_source(name, web, settings.regions))
        snapshot = steps.store_scraped(opened, scraped, datetime.now(UTC))
    steps.MarketReader(opened, load_facts(settings.facts)).derive_offers(snapshot)
    console.print_scraped(scraped, snapshot)
    return 3 if any(s.error for s in scraped) else 0


@app.command
def backfill(
    *,
    source: str,
    from_: Annotated[str, Parameter(name="--from")],
    to: str | None = None,
    every: Literal["month", "version"] = "month",
    store: StoreOption = None,
) -> int:
    """Store past prices from AWS's own archive as dated snapshots.

    What is stored already is skipped, so that an interrupted run goes on where it was.

    Example: ratecard backfill --source aws-ec2 --from 2024-01-01

    Args:
        source: aws-ec2 or aws-sagemaker.
        from_: date; the version in force on it is the first.
        to: date; today without it.
        every: the last version that came into force in each month, or every version.
        store: folder of the snapshots.
    """
    settings = read_settings()
    since = steps.read_moment(from_, option="--from")
    until = steps.read_moment(to, option="--to") if to else datetime.now(UTC)
    if since > until:
        raise UsageError(f"--from {from_}: lies after {until:%Y-%m-%d}")
    opened = Store.at(store or settings.store)
    with _receive(opened, settings) as web:
        versions = archive.choose_versions(
            web, source, settings.regions, since=since, until=until, every=archive.Every(every)
        )
    done = []
    with progress(len(versions)) as (advance, arrived), _receive(opened, settings, arrived) as web:
        advance(source)
        for result in archive.backfill(opened, web, source, versions, settings.regions):
            advance(f"{source} {result.version.id}")
            done.append(result)
    console.print_backfilled(source, done)
    return 3 if any(d.scraped and d.scraped.error for d in done) else 0


@app.command(name="import")
def import_(
    *files: Path,
    source: str,
    url: str,
    retrieved_at: str,
    store: StoreOption = None,
) -> int:
    """Add saved pages or files of a source as a dated snapshot.

    Example: ratecard import --source vantage-ec2 --url https://instances.vantage.sh/instances.json
    --retrieved-at 2025-11-30T13:30:58Z instances.json

    Args:
        files: the saved bodies.
        source: id of the source, see `ratecard sources`.
        url: the public address that they were saved from.
        retrieved_at: when they were saved, ISO 8601 with time zone.
        store: folder of the snapshots.
    """
    settings = read_settings()
    if not files:
        raise UsageError("import: name at least one FILE")
    moment = steps.read_moment(retrieved_at, option="--retrieved-at")
    if moment > datetime.now(UTC):
        raise UsageError(f"--retrieved-at {retrieved_at}: lies in the future")
    opened, facts = Store.at(store or settings.store), load_facts(settings.facts)
    imported = import_files(opened, source=source, url=url, retrieved_at=moment, files=files, facts=facts)
    steps.MarketReader(opened, facts).derive_offers(imported.snapshot)
    console.print_imported(imported, facts)
    return 1 if any(f.severity is Severity.ERROR for f in imported.market.findings) else 0


@app.command
def prices(  # one per option
    *,
    as_of: AsOf = None,
    gpu: Annotated[str | None, Parameter(help="Canonical id, or model such as H100.")] = None,
    provider: Annotated[str | None, Parameter(help="AWS, RunPod.")] = None,
    region: Annotated[str | None, Parameter(help="Region code.")] = None,
    format: Literal["table", "csv", "json", "parquet"] = "table",  # noqa: A002  # the option's name
    store: StoreOption = None,
) -> int:
    """Print the normalised offers: US dollars per GPU-hour, each with its receipt.

    Example: ratecard prices --gpu H100 --as-of 2026-11-09 --store data/examples
    """
    _, facts, reader = _open(store, read_settings())
    market = reader.market(steps.read_moment(as_of, option="--as-of") if as_of else None)
    offers = selection.select(market, facts, gpu=gpu, provider=provider, region=region)
    if format == "parquet":
        sys.stdout.buffer.write(to_parquet(offers))
    elif format == "csv":
        sys.stdout.write(to_csv(offers))
    elif format == "json":
        sys.stdout.write(to_json([record(offer) for offer in offers]))
    else:
        console.print_offers(offers, market)
    errors = [f for f in market.findings if f.severity is Severity.ERROR]
    console.print_findings(errors)
    return 1 if errors else 0


@app.command
def diff(
    *,
    from_: Annotated[str | None, Parameter(name="--from", help="Date or time; the snapshot before --to.")] = None,
    to: Annotated[str | None, Parameter(name="--to", help="Date or time; the newest snapshot.")] = None,
    json: Json = False,
    store: StoreOption = None,
) -> int:
    """Print what changed between two snapshots.

    Example: ratecard diff --from 2026-08-19 --to 2026-11-09 --store data/examples
    """
    _, _, reader = _open(store, read_settings())
    after = reader.market(steps.read_moment(to, option="--to") if to else None)
    before = reader.before(after, steps.read_moment(from_, option="--from") if from_ else None)
    if before is None:
        raise UsageError(f"diff: {after.stamp} is the only snapshot; nothing to compare it with")
    changes = diff_markets(before, after)
    if json:
        sys.stdout.write(to_json([change_record(change) for change in changes]))
    else:
        console.print_changes(changes, before, after)
    return 0


@app.command
def report(
    *,
    brief: Annotated[str, Parameter(help="Name of a brief in reports/briefs.")] = "archibus",
    as_of: AsOf = None,
    since: Annotated[str | None, Parameter(help="Date of the report to compare with.")] = None,
    out: Annotated[Path | None, Parameter(help="Folder to write to.")] = None,
    store: StoreOption = None,
) -> int:
    """Build a client report as Markdown, HTML and PDF from what is stored.

    Example: ratecard report --brief archibus --as-of 2025-12-01 --store data/examples --out out
    """
    settings = read_settings()
    _, facts, reader = _open(store, settings)
    asked = load_brief(brief, facts)
    market = reader.market(steps.read_moment(as_of, option="--as-of") if as_of else None)
    previous = reader.before(market, steps.read_moment(since, option="--since") if since else None)
    written = steps.write_client_report(asked, market, previous, facts, out or settings.out)
    console.print_findings([f for f in market.findings if f.severity is Severity.ERROR])
    print(*written, sep="\n")
    return 0


@app.command
def sources(*, json: Json = False) -> int:
    """List the sources: what is read, and how.

    Example: ratecard sources
    """
    records = [source_record(name) for name in source_ids()]
    if json:
        sys.stdout.write(to_json([record(source) for source in records]))
    else:
        console.print_sources(records)
    return 0


@app.command
def doctor(
    *,
    audit: Annotated[
        bool, Parameter(negative="", help="Read archived price lists again, slowly, and compare.")
    ] = False,
    json: Json = False,
    store: StoreOption = None,
) -> int:
    """Look at this installation: what is missing, what is damaged, what is stale.

    Example: ratecard doctor --audit --store data/examples
    """
    settings = read_settings()
    checks = list(examine(settings, Store.at(store_to_read(store, settings)), audit=audit))
    if json:
        sys.stdout.write(to_json([record(check) for check in checks]))
    else:
        console.print_checks(checks)
    return 0 if all(check.good for check in checks) else 1


@app.command
def show(citation: str, *, store: StoreOption = None) -> int:
    """Open the evidence of a figure: the quoted text in its context, read again from the archived bytes.

    Example: ratecard show 0a1b2c3d4e5f#json:/0/pricing/us-east-1/linux/ondemand --store data/examples

    Args:
        citation: the first digits of the body's sha256, `#`, and the locator, as every receipt prints them.
        store: folder of the snapshots.
    """
    sha256, separator, locator = citation.partition("#")
    if not (sha256 and separator and locator):
        raise UsageError(f"show {citation}: looked for <sha256>#<locator>, as receipts print it")
    opened, _, _ = _open(store, read_settings())
    document = opened.document(steps.find_capture(opened, sha256))
    console.print_evidence(document.capture, read_locator(document, locator), read_context(document, locator))
    return 0
