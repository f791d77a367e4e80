"""Verifying: every figure of a report, or of a market, is read again from its archived bytes and computed again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from flows import steps
from flows.rereading import Archive, lost
from normalize.facts import Facts
from normalize.market import Reading
from normalize.records import Offer
from normalize.units import plain
from normalize.verify import Fault, Problem, check_citations, check_offer
from reports.figures_file import SUFFIX
from reports.figures_reader import FiguresFile, read_figures
from reports.pdf_reader import Pdf
from reports.print_fonts import printable
from reports.printed import PrintedText, of_html, of_markdown
from reports.receipts import describe
from reports.verified import Fails, check_figures, citations, misprints
from scrapers.archive.store import Store
from scrapers.errors import CorruptError, UsageError
from scrapers.records import Capture, Snapshot

_RENDERINGS = {".md": of_markdown, ".html": of_html}


@dataclass(frozen=True, slots=True)
class Verified:
    """What became of the figures of a report or a market.

    Attributes:
        subject: name of the report, or date of the market.
        figures: how many there are.
        hold: how many of them hold.
        receipts: how many places were read again.
        bodies: how many archived bodies they are in.
        files: the files of the report that were compared with its list of figures.
        fails: everything that does not hold; a figure may be among them more than once.
    """

    subject: str
    figures: int
    hold: int
    receipts: int
    bodies: int
    files: tuple[str, ...]
    fails: tuple[Fails, ...]


class _PatientReader(steps.MarketReader):
    """Reads what is left of a store: a body that is gone or damaged is noted, and what the others say is used."""

    def __init__(self, store: Store, facts: Facts) -> None:
        super().__init__(store, facts)
        self._root = store
        self.lost: dict[str, Problem] = {}

    def read(self, snapshot: Snapshot, source: str) -> Reading:
        try:
            return super().read(snapshot, source)
        except CorruptError:
            left = tuple(c for c in snapshot.captures if c.source != source or self._is_whole(c))
            return super().read(replace(snapshot, captures=left), source)

    def _is_whole(self, capture: Capture) -> bool:
        try:
            self._root.document(capture).open().close()
        except CorruptError as exc:
            self.lost[capture.body] = lost(capture, exc)
        return capture.body not in self.lost


def verify_market(as_of: datetime | None, store: Store, facts: Facts) -> Verified:
    """Verify all offers of a market; one without a price is no figure, but its receipts are read as well.

    Args:
        as_of: date of the market, UTC; of the newest snapshot when None.
        store: where the bodies are.
        facts: the hand-kept facts.

    Raises:
        SnapshotMissingError: there is no snapshot at or before that date.
    """
    reader = _PatientReader(store, facts)
    market = reader.market(as_of)
    cited = check_citations((c for offer in market.offers for c in offer.citations), Archive(store, facts).reread)
    checked = [(offer, check_offer(offer, cited, facts)) for offer in market.offers]
    priced = [problem for offer, problem in checked if offer.list_unit_price is not None]
    return Verified(
        subject=f"offers as of {market.as_of:%Y-%m-%d %H:%M} UTC",
        figures=len(priced),
        hold=priced.count(None),
        receipts=len(cited),
        bodies=len({citation.sha256 for citation in cited}),
        files=(),
        fails=(
            *(Fails("", body, "", problem) for body, problem in sorted(reader.lost.items())),
            *(Fails("", describe(offer), _price(offer), problem) for offer, problem in checked if problem),
        ),
    )


def _price(offer: Offer) -> str:
    return "" if offer.usd_per_gpu_hour is None else plain(offer.usd_per_gpu_hour)


def verify_report(path: Path, store: Store, facts: Facts) -> Verified:
    """Verify a report: its list of figures against the store, and what its files print against that list.

    Args:
        path: its list of figures, Markdown, HTML or PDF. The PDF holds its own list; those of the others lie beside
            them. Of the list alone, all files beside it are compared.
        store: where the bodies are.
        facts: the hand-kept facts.

    Raises:
        UsageError: it is no report, or its list of figures is missing.
    """
    stem = _stem(path)
    body = _figures_of(path, stem)
    file, whole = read_figures(body, path.name)
    archive = Archive(store, facts)
    cited = check_citations(citations(file), archive.reread)
    files = [path] if path.suffix != ".json" else [p for p in map(stem.with_name, _names(stem)) if p.is_file()]
    fails = list(check_figures(file, cited, archive.offers_at, facts))
    if not whole:
        fails.append(_file_fails(path.name, "the list of figures was changed after it was written"))
    for each in files:
        fails += _compare(each, file, body)
    failing = {fail.figure for fail in fails if fail.figure}
    return Verified(
        subject=stem.name,
        figures=len(file.figures),
        hold=len(file.figures) - len(failing),
        receipts=len(cited),
        bodies=len({citation.sha256 for citation in cited}),
        files=tuple(each.name for each in files),
        fails=tuple(fails),
    )


def _stem(path: Path) -> Path:
    """Return a report's path without its suffix.

    Raises:
        UsageError: the file is not there, or has no suffix of a report's.
    """
    if not path.is_file():
        raise UsageError(f"verify {path}: there is no such file")
    for suffix in (SUFFIX, *_RENDERINGS, ".pdf"):
        if path.name.endswith(suffix):
            return path.with_name(path.name.removesuffix(suffix))
    raise UsageError(f"verify {path}: looked for a report's *{SUFFIX}, .md, .html or .pdf")


def _names(stem: Path) -> list[str]:
    return [f"{stem.name}{suffix}" for suffix in (*_RENDERINGS, ".pdf")]


def _figures_of(path: Path, stem: Path) -> bytes:
    if path.suffix == ".pdf":
        return Pdf(path.read_bytes(), path.name).figures()
    beside = stem.with_name(f"{stem.name}{SUFFIX}")
    if not beside.is_file():
        raise UsageError(f"verify {path}: its list of figures {beside.name} is not beside it; its PDF holds one too")
    return beside.read_bytes()


def _compare(path: Path, file: FiguresFile, figures: bytes) -> list[Fails]:
    """Return what one of a report's files prints otherwise than its list of figures says."""
    body, texts = path.read_bytes(), [text.text for text in file.texts]
    if path.suffix == ".pdf":
        pdf = Pdf(body, path.name)
        printed = pdf.text(f"{file.title} {file.client}")
        fails = misprints(file, PrintedText(printed).missing([printable(text) for text in texts]), path.name)
        other = pdf.figures() != figures
        return [*fails, *([_file_fails(path.name, "the list of figures inside is another")] if other else [])]
    fails = misprints(file, PrintedText(_RENDERINGS[path.suffix](body)).missing(texts), path.name)
    if not fails and file.renderings.get(path.suffix[1:]) != hashlib.sha256(body).hexdigest():
        return [_file_fails(path.name, "was changed after it was written, though no word or number of the report was")]
    return fails


def _file_fails(name: str, why: str) -> Fails:
    return Fails("", name, "", Problem(Fault.FILE, why))
