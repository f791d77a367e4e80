"""Auditing somebody's document: it is read, dated, and held against what the store knows around its date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path

from flows.program import program
from flows.steps import MarketReader
from normalize.audit.build import Known, audit_document
from normalize.audit.claim_words import read_claim_words
from normalize.audit.document_date import DocumentDate, date_of
from normalize.audit.export import audit_json
from normalize.audit.known_offers import KnownOffers
from normalize.audit.records import Audit
from normalize.facts import Facts
from normalize.records import Market
from reports.audit_report import build_audit_report
from reports.render import render_html, render_markdown, render_pdf
from scrapers.documents.reading import read_document
from scrapers.documents.records import ReadDocument
from scrapers.errors import SnapshotMissingError, UsageError
from scrapers.registry import source_ids, source_record

MOST_NEIGHBOURS = 24
"""Snapshots before and after the document's date that are looked at where the date itself gives no answer."""


def audit_file(path: Path, reader: MarketReader, facts: Facts, folder: Path, *, as_of: date | None = None) -> Audit:
    """Return the audit of a document.

    Args:
        path: the document, Markdown, plain text or HTML.
        reader: of the store that it is held against.
        facts: the hand-kept facts.
        folder: of the facts: how statements are recognised stands there too.
        as_of: the date as of which it is judged; its own when None.

    Raises:
        UsageError: the file cannot be read, or the date lies in the future.
        SnapshotMissingError: the store is empty.
        CorruptError: a body in the store is not what was stored.
    """
    document = read_document(path)
    words = read_claim_words(folder, facts.claims)
    dated = _dated(document, reader, as_of)
    around = KnownOffers(dated.on, _market(reader, dated.on), lambda: _neighbours(reader, dated.on), dated.sure)
    return audit_document(document, dated, Known(facts, words, around))


def _dated(document: ReadDocument, reader: MarketReader, as_of: date | None) -> DocumentDate:
    """Return the date as of which a document is judged."""
    today = datetime.now(UTC).date()
    if as_of is not None and as_of > today:
        raise UsageError(f"--as-of {as_of}: lies in the future")
    if as_of is not None:
        return DocumentDate(as_of, "given with --as-of")
    own = date_of(document)
    if own is not None:
        return own if own.on <= today else DocumentDate(today, f"today; {own.by} lies in the future")
    snapshots = reader.snapshots()
    if not snapshots:
        raise SnapshotMissingError("the store holds no snapshot to hold a document against")
    newest = snapshots[-1].taken_at.date()
    words = "the newest snapshot's: the document names no date; --as-of gives it one"
    return DocumentDate(newest, words, sure=False)


def _market(reader: MarketReader, on: date) -> Market | None:
    try:
        return reader.market(datetime.combine(on, time(23, 59, 59), UTC))
    except SnapshotMissingError:
        if not reader.snapshots():
            raise
        return None


def _neighbours(reader: MarketReader, on: date) -> Iterator[Market]:
    """Yield the markets of the snapshots around a date, at most as many to each side as are looked at."""
    moments = [s.taken_at for s in reader.snapshots()]
    before = [m for m in moments if m.date() <= on][-MOST_NEIGHBOURS:]
    after = [m for m in moments if m.date() > on][:MOST_NEIGHBOURS]
    return (reader.market(moment) for moment in (*before, *after))


FORMATS = {"md": ("md",), "json": ("json",), "pdf": ("html", "pdf"), "all": ("md", "json", "html", "pdf")}
"""Names of forms that may be asked for, and the files of each."""


def render_audit(audit: Audit, suffix: str) -> bytes:
    """Return an audit in one form: ``md``, ``json``, ``html`` or ``pdf``.

    Raises:
        OSError: a PDF is asked for, and Pango is not installed.
    """
    if suffix == "json":
        return audit_json(audit).encode()
    titles = {name: source_record(name).title for name in source_ids()}
    report = build_audit_report(audit, titles, generator=program())
    if suffix == "pdf":
        return render_pdf(report)
    return (render_html(report) if suffix == "html" else render_markdown(report)).encode()


def write_audit(audit: Audit, suffixes: tuple[str, ...], folder: Path) -> list[Path]:
    """Write an audit, named ``audit-<document>-<date>``; no file is ever seen half written.

    Returns:
        The paths, one per form.
    """
    stem = re.sub(r"[^\w-]+", "-", Path(audit.document.name).stem).strip("-") or "document"
    bodies = {folder / f"audit-{stem}-{audit.on}.{suffix}": render_audit(audit, suffix) for suffix in suffixes}
    folder.mkdir(parents=True, exist_ok=True)
    for path, body in bodies.items():
        unfinished = path.with_name(f"{path.name}.part")
        unfinished.write_bytes(body)
        unfinished.replace(path)
    return list(bodies)
