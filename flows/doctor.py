"""Whether this installation can do its work: what is missing, what is damaged, what the fast readers lost.

Nothing here asks the world; it looks at the machine, the facts and the store.
"""

from __future__ import annotations

import ctypes.util
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.settings import Settings
from flows.steps import MarketReader
from normalize.facts import load_facts
from scrapers.browser import find_chromium
from scrapers.errors import RatecardError
from scrapers.records import Capture, SourceState
from scrapers.registry import parse, parse_slowly
from scrapers.store import Store

_PANGO = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
_LOW_DISK_BYTES = 2 << 30


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: what.
        good: whether it is as it must be.
        detail: what was found, or what to do.
    """

    name: str
    good: bool
    detail: str


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
    if audit:
        yield from _audits(store)


def _pango() -> Check:
    missing = [name for name in _PANGO if ctypes.util.find_library(name) is None]
    detail = (
        "install with `apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0` or `brew install pango`"
    )
    return Check("Pango for the PDF", not missing, f"no {', '.join(missing)}; {detail}" if missing else "found")


def _chromium() -> Check:
    path = find_chromium()
    detail = path or "Playwright's own, if any; else `apt-get install chromium` or set RATECARD_CHROMIUM"
    return Check("Chromium for runpod-pricing", path is not None, detail)


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
        market = MarketReader(store, load_facts(settings.facts)).market()
    except RatecardError as exc:
        yield Check("sources", good=False, detail=str(exc))
        return
    for status in market.sources:
        if status.observed_at is None and not status.reason:
            continue
        age = "no figures" if status.age_days is None else f"{status.offers} prices, {status.age_days} days old"
        good = status.state in {SourceState.FRESH, SourceState.UNCHANGED} and not status.stale
        stale = f"stale: its limit is {status.max_age_days} days" if status.stale else ""
        yield Check(status.source, good, "; ".join(part for part in (status.state, age, stale, status.reason) if part))


def _audits(store: Store) -> Iterator[Check]:
    """Compare what the fast and the slow reader find in every archived body that has both."""
    for capture in _captures(store).values():
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
