"""The command ``ratecard``: a thin front over the steps.

Exit codes: 0 done, 1 a finding, 2 what was asked cannot be, 3 a source or the store failed, 130 interrupted.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, CycloptsError, Parameter

from flows import backfill as archive
from flows import console, selection, showing, steps
from flows.auditing import FORMATS, audit_file, render_audit, write_audit
from flows.doctor import examine
from flows.importing import import_files
from flows.live_check import check_live
from flows.program import program
from flows.progress import progress
from flows.scrape_all import scrape_all
from flows.scraping import store_scraped
from flows.settings import Settings, read_settings, store_to_read
from flows.verifying import verify_market, verify_report
from flows.way_out import way_out
from normalize.diff import diff_markets
from normalize.export import change_record, record, to_csv, to_json, to_parquet
from normalize.facts import Facts, load_facts
from normalize.records import Severity
from reports.brief import load_brief
from scrapers.archive.store import Store, stamp_of
from scrapers.errors import RatecardError, UsageError
from scrapers.places.exhibits import Exhibits
from scrapers.registry import default_source_ids, source_ids, source_record

app = App(
    name="ratecard",
    help="GPU prices with receipts. Exit codes: 0 done, 1 a finding, 2 usage, 3 a source or the store failed.",
    version=program,
    suppress_keyboard_interrupt=False,
)
_INTERRUPTED = 130
"""What a shell says of a program that Ctrl-C ended."""

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
    except KeyboardInterrupt as exc:
        print(": ".join(["ratecard: interrupted", *map(str, exc.args)]), file=sys.stderr)
        return _INTERRUPTED
    return result if isinstance(result, int) else 0


def _open(store: str | None, settings: Settings) -> tuple[Store, Facts, steps.MarketReader]:
    opened, facts = Store.at(store_to_read(store, settings)), load_facts(settings.facts)
    return opened, facts, steps.MarketReader(opened, facts)


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
    wanted = sorted(set(source or default_source_ids()))
    for name in wanted:
        source_record(name)
    opened = Store.at(store or settings.store)
    with progress(wanted) as (done, arrived), way_out(settings, opened) as out:
        try:
            scraped = scrape_all(
                wanted, out, settings.regions, seconds=settings.source_seconds, done=done, arrived=arrived
            )
        except KeyboardInterrupt:
            raise KeyboardInterrupt(f"nothing of this scrape is stored in {opened.root}") from None
        snapshot = store_scraped(opened, scraped, datetime.now(UTC))
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
    filled = []
    with way_out(settings, opened) as out:
        with out.open() as web:
            versions = archive.choose_versions(
                web, source, settings.regions, since=since, until=until, every=archive.Every(every)
            )
        with progress([v.id for v in versions]) as (done, arrived), out.open(arrived=arrived) as web:
            for result in archive.backfill(opened, web, source, versions, settings.regions):
                done(result.version.id)
                filled.append(result)
    console.print_backfilled(source, filled)
    return 3 if any(f.scraped and f.scraped.error for f in filled) else 0


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
    opened, facts, reader = _open(store, settings)
    asked = load_brief(brief, facts)
    market = reader.with_evidence(reader.market(steps.read_moment(as_of, option="--as-of") if as_of else None))
    previous = reader.before(market, steps.read_moment(since, option="--since") if since else None)
    written = steps.write_client_report(asked, market, previous, facts, out or settings.out, store=opened)
    console.print_findings([f for f in market.findings if f.severity is Severity.ERROR])
    print(*written, sep="\n")
    return 0


@app.command
def audit(
    file: Annotated[Path, Parameter(help="The document.")],
    *,
    as_of: Annotated[str | None, Parameter(name="--as-of", help="Date to judge it by; its own without it.")] = None,
    format: Annotated[  # noqa: A002  # the option's name
        Literal["md", "json", "pdf", "all"],
        Parameter(help="pdf writes HTML too; md and json are printed without --out."),
    ] = "md",
    out: Annotated[Path | None, Parameter(help="Folder to write to.")] = None,
    store: StoreOption = None,
) -> int:
    """Check the prices and statements of someone's document: Markdown, plain text or HTML.

    Exit codes: 0 all holds, 1 something is wrong, 2 usage, 3 something could not be checked.

    Example: ratecard audit comparison.md --as-of 2025-12-01 --store data/examples --format all --out out
    """
    settings = read_settings()
    _, facts, reader = _open(store, settings)
    on = steps.read_moment(as_of, option="--as-of").date() if as_of else None
    found = audit_file(file, reader, facts, settings.facts, as_of=on)
    if out is None and format in {"md", "json"}:
        sys.stdout.write(render_audit(found, format).decode())
    else:
        print(*write_audit(found, FORMATS[format], out or settings.out), sep="\n")
    return found.exit_code


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
    live: Annotated[
        bool, Parameter(negative="", help="Read each source once at its live site; nothing is stored.")
    ] = False,
    source: Annotated[
        list[str] | None, Parameter(help="With --live only this source; may be given again.", negative="")
    ] = None,
    keep: Annotated[Path | None, Parameter(help="With --live: folder for the bytes of what failed.")] = None,
    audit: Annotated[
        bool, Parameter(negative="", help="Read archived price lists again, slowly, and compare.")
    ] = False,
    json: Json = False,
    store: StoreOption = None,
) -> int:
    """Look at this installation: what is missing, damaged, stale, or has drifted; with --live at the sources.

    Example: ratecard doctor --live --source runpod-pricing --source vantage-ec2
    """
    settings = read_settings()
    if live and audit:
        raise UsageError("doctor: --live asks the sources, --audit reads the store; one at a time")
    if live:
        return _doctor_live(settings, store, sorted(set(source or default_source_ids())), keep, json=json)
    if source or keep:
        raise UsageError("doctor: --source and --keep go with --live")
    checks = list(examine(settings, Store.at(store_to_read(store, settings)), audit=audit))
    if json:
        sys.stdout.write(to_json([record(check) for check in checks]))
    else:
        console.print_checks(checks)
    return 0 if all(check.good for check in checks) else 1


def _doctor_live(settings: Settings, store: str | None, sources: list[str], keep: Path | None, *, json: bool) -> int:
    good, own = Store.at(store_to_read(store, settings)), Store.at(store or settings.store)
    folder = keep or settings.out / "failed" / stamp_of(datetime.now(UTC))
    with progress(sources) as (done, arrived):
        checks = check_live(settings, sources, good=good, own=own, keep=folder, done=done, arrived=arrived)
    if json:
        sys.stdout.write(to_json([record(check) for check in checks]))
    else:
        console.print_live(checks)
    return 0 if all(check.works for check in checks) else 3


@app.command
def verify(
    report: Path | None = None,
    *,
    as_of: AsOf = None,
    json: Json = False,
    store: StoreOption = None,
) -> int:
    """Read every cited figure again from its archived bytes, compute it anew, and name each one that does not hold.

    Example: ratecard verify out/archibus-2026-11-09.pdf --store data/examples

    Args:
        report: a report's PDF, or its .md, .html or .figures.json; without one all offers of the market.
        as_of: date of the market; the newest snapshot without it. Not with a report, which has its own.
        json: print JSON.
        store: folder of the snapshots.
    """
    if report is not None and as_of is not None:
        raise UsageError("verify: name a report or --as-of, not both; a report has its own date")
    opened, facts, _ = _open(store, read_settings())
    if report is not None:
        verified = verify_report(report, opened, facts)
    else:
        verified = verify_market(steps.read_moment(as_of, option="--as-of") if as_of else None, opened, facts)
    if json:
        sys.stdout.write(to_json([record(verified)]))
    else:
        console.print_verified(verified)
    return 1 if verified.fails else 0


@app.command
def show(
    citation: Annotated[str | None, Parameter(help="As receipts print it, or REPORT#NUMBER of a receipt.")] = None,
    *,
    gpu: Annotated[str | None, Parameter(help="Instead: canonical id, or model such as H100.")] = None,
    provider: Annotated[str | None, Parameter(help="AWS, RunPod.")] = None,
    region: Annotated[str | None, Parameter(help="Region code.")] = None,
    sku: Annotated[str | None, Parameter(help="Instance type or name, as the provider prints it.")] = None,
    source: Annotated[str | None, Parameter(help="Id of the source that says so.")] = None,
    as_of: AsOf = None,
    crop: Annotated[Path | None, Parameter(help="PNG to write: how it looked on its page, the price outlined.")] = None,
    json: Json = False,
    store: StoreOption = None,
) -> int:
    """Open the evidence of a figure: what stands around it, and how it looked, read again from the archived bytes.

    A figure is named by its citation (the first digits of the body's sha256, `#`, and the locator), by a report's file,
    `#`, and the number of a receipt, or by what it is the price of.

    Example: ratecard show out/archibus-2025-12-01.html#12 --store data/examples
    """
    asked = (gpu, provider, region, sku, source, as_of)
    if (citation is None) == (not any(asked)):
        raise UsageError("show: name a citation, or the offer by --gpu, --provider, --region, --sku, --source, --as-of")
    opened, facts, reader = _open(store, read_settings())
    if citation is None:
        market = reader.market(steps.read_moment(as_of, option="--as-of") if as_of else None)
        offers = selection.select(market, facts, gpu=gpu, provider=provider, region=region)
        places = showing.offered_places([o for o in offers if sku in {None, o.sku} and source in {None, o.source}])
    else:
        places = showing.cited_places(citation)
    evidence = Exhibits(opened)
    exhibits = [evidence.of(place.sha256, place.locator) for place in places]
    crops = showing.write_crops(exhibits, crop) if crop else [None] * len(exhibits)
    figures = [showing.shown(*figure) for figure in zip(places, exhibits, crops, strict=True)]
    if json:
        sys.stdout.write(to_json([record(figure) for figure in figures]))
    else:
        console.print_evidence(figures, exhibits)
    return 0
