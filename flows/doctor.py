"""Whether this installation can do its work: what is missing, damaged, has drifted, or was lost by the fast readers.

Nothing here asks the world; it looks at the machine, the facts and the store. What the world says: `live_check`.
"""

from __future__ import annotations

import ctypes.util
import platform
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flows.drift_report import listings_line, newest_drifts, summary
from flows.settings import Settings
from flows.steps import MarketReader
from normalize.claims import EVIDENCE_SOURCE, for_a_look, verdicts_at
from normalize.facts import Facts, load_facts
from normalize.records import Market, PassageState
from scrapers.archive.store import Store
from scrapers.browsing.chromium import find_chromium, what_is_missing
from scrapers.errors import RatecardError
from scrapers.records import Capture, SourceState
from scrapers.registry import findings, parse, parse_slowly
from scrapers.shapes.drift import Drift

_PANGO = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
_LOW_DISK_BYTES = 2 << 30


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: what.
        good: whether it is as it must be.
        detail: what was found, or what to do.
        drift: what changed in a source, where that was looked at.
    """

    name: str
    good: bool
    detail: str
    drift: Drift | None = None


def examine(settings: Settings, store: Store, *, audit: bool) -> Iterator[Check]:
    """Yield the checks, each as soon as it is made.

    Args:
        settings: of this installation.
        store: whose snapshots are looked at.
        audit: also read every archived price list a second time, slowly, and compare.
    """
    yield Check("Python", good=True, detail=platform.python_version())
    yield _pango()
    yield _chromium()
    yield _facts(settings)
    yield _disk(store)
    yield from _bodies(store)
    yield from _sources(settings, store)
    yield from _drifts(store)
    if audit:
        yield from _audits(store)


def _pango() -> Check:
    missing = [name for name in _PANGO if ctypes.util.find_library(name) is None]
    detail = (
        "install with `apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0` or `brew install pango`"
    )
    return Check("Pango for the PDF", not missing, f"no {', '.join(missing)}; {detail}" if missing else "found")


def _chromium() -> Check:
    found = find_chromium()
    return Check("Chromium for runpod-pricing", found is not None, found.place if found else what_is_missing())


def _facts(settings: Settings) -> Check:
    try:
        facts = load_facts(settings.facts)
    except RatecardError as exc:
        return Check("hand-kept facts", good=False, detail=str(exc))
    detail = f"{len(facts.gpus)} GPUs, {len(facts.instances)} instance types, {len(facts.claims)} claims"
    return Check("hand-kept facts", good=True, detail=detail)


def _disk(store: Store) -> Check:
    there = next(path for path in (store.root, *store.root.parents) if path.exists())
    free = shutil.disk_usage(there).free
    return Check("disk", free > _LOW_DISK_BYTES, f"{free / (1 << 30):.1f} GiB free at {there}")


def _captures(store: Store) -> dict[str, Capture]:
    """Return one capture per body in the store."""
    return {capture.body: capture for snapshot in store.snapshots() for capture in snapshot.captures}


def _bodies(store: Store) -> Iterator[Check]:
    """Read every body once: size and hash are checked on the way."""
    try:
        captures = _captures(store)
    except RatecardError as exc:
        yield Check("store", good=False, detail=str(exc))
        return
    damaged = []
    for capture in captures.values():
        try:
            store.document(capture).open().close()
        except RatecardError as exc:
            damaged.append(str(exc))
    detail = f"{len(store.stamps())} snapshots, {len(captures)} bodies, all as they were stored ({store.root})"
    yield Check("store", not damaged, "; ".join(damaged) or detail)


def _sources(settings: Settings, store: Store) -> Iterator[Check]:
    """Say how each source stands in the newest market."""
    if not store.stamps():
        yield Check("sources", good=False, detail="no snapshot yet; `ratecard scrape` makes the first")
        return
    try:
        reader = MarketReader(store, load_facts(settings.facts))
        market = reader.market()
    except RatecardError as exc:
        yield Check("sources", good=False, detail=str(exc))
        return
    for status in market.sources:
        if status.observed_at is None and not status.reason:
            continue
        held = f"{status.offers} prices" if status.publishes_prices else "pages"
        age = "no figures" if status.age_days is None else f"{held}, {status.age_days} days old"
        good = status.state in {SourceState.FRESH, SourceState.UNCHANGED} and not status.stale
        stale = f"stale: its limit is {status.max_age_days} days" if status.stale else ""
        yield Check(status.source, good, "; ".join(part for part in (status.state, age, stale, status.reason) if part))
    yield from _guards(reader)
    yield _statements(reader.with_evidence(market), reader.facts)


def _statements(market: Market, facts: Facts) -> Check:
    """Say how many statements rest on an archived page, and which of them are for a look."""
    verdicts = verdicts_at(facts.claims, market.as_of.date(), market.evidence)
    looks = for_a_look(verdicts)
    found = sum(v.evidence is not None and v.evidence.state is PassageState.FOUND for v in verdicts)
    detail = f"{found} of {len(verdicts)} stand word for word on an archived page"
    if not any(e.page_at for e in market.evidence):
        detail = f"{len(verdicts)}, none with an archived page; `ratecard scrape --source {EVIDENCE_SOURCE}` keeps them"
    return Check("statements", not looks, "; ".join([detail, *(finding.message for finding in looks)]))


def _guards(reader: MarketReader) -> Iterator[Check]:
    """Say what the sources' own guards find odd in their newest bodies; a source whose bodies have none is left out."""
    newest = {r.source: s for s in reader.snapshots() for r in s.results if r.state is not SourceState.FAILED}
    for source, snapshot in newest.items():
        if findings(source, ()) is None:
            continue
        with suppress(RatecardError):  # what cannot be read was said above
            listings = [found for capture in reader.read(snapshot, source).captures for found in capture.listings]
            odd = findings(source, listings)
            yield Check(
                f"guard of {source}", not odd, "; ".join(odd or ()) or f"nothing odd in {len(listings)} listings"
            )


def _drifts(store: Store) -> Iterator[Check]:
    """Say how each source's newest bodies differ from the good ones before, where there are any before."""
    try:
        drifts = newest_drifts(store)
    except RatecardError as exc:
        yield Check("drift", good=False, detail=str(exc))
        return
    for drift in drifts:
        if drift.since is not None or drift.problems:
            detail = "; ".join((summary(drift), f"listings: {listings_line(drift)}", *drift.problems))
            yield Check(f"drift of {drift.source}", not drift.problems, detail, drift)


def _audits(store: Store) -> Iterator[Check]:
    """Compare what the fast and the slow reader find in every archived body that has both."""
    for capture in _captures(store).values():
        if not capture.holds_prices:
            continue
        document = store.document(capture)
        try:
            slowly = parse_slowly(document)
            if slowly is None:
                continue
            fast = parse(document)
        except RatecardError as exc:
            yield Check(f"audit {Path(capture.body).name}", good=False, detail=str(exc))
            continue
        lost, extra = len(set(slowly) - set(fast)), len(set(fast) - set(slowly))
        detail = f"{len(slowly)} listings, the same both ways" if not lost + extra else f"{lost} lost, {extra} extra"
        yield Check(f"audit {capture.source} {capture.resource}", not lost + extra, detail)
