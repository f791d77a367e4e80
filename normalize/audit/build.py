"""The audit of a document: a pure function of what was read of it, and of what the store knows around its date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from normalize.audit.claim_words import ClaimWords
from normalize.audit.document_date import DocumentDate
from normalize.audit.judging import Judge
from normalize.audit.known_offers import KnownOffers
from normalize.audit.questions import QuestionReader
from normalize.audit.records import Audit, FigureVerdict, StatementVerdict
from normalize.audit.statements import StatementReader
from normalize.audit.sums import recompute
from normalize.claims import verdicts_at
from normalize.facts import Facts
from normalize.records import Offer
from scrapers.documents.records import Passage, PassageKind, PrintedFigure, ReadDocument
from scrapers.records import Obtained


@dataclass(frozen=True, slots=True)
class Known:
    """All that a document is held against.

    Attributes:
        facts: the hand-kept facts.
        words: how statements are recognised.
        around: the offers around the document's date.
    """

    facts: Facts
    words: Sequence[ClaimWords]
    around: KnownOffers


def audit_document(document: ReadDocument, dated: DocumentDate, known: Known) -> Audit:
    """Return the verdicts on everything that a document prints.

    Args:
        document: as it was read.
        dated: the date as of which it is judged.
        known: what it is held against.
    """
    figures: dict[int, list[PrintedFigure]] = defaultdict(list)
    for figure in document.figures:
        figures[id(figure.passage)].append(figure)
    reader = QuestionReader(known.facts)
    questions = {id(f): reader.read(f, figures[id(f.passage)]) for f in document.figures}
    sums, results = recompute(document.passages, figures, questions)
    market = known.around.market
    claims = verdicts_at(known.facts.claims, dated.on, market.evidence if market else ())
    judge = Judge(known.facts, known.around, claims)
    judged = tuple(judge.judge(f, questions[id(f)]) for f in document.figures if id(f) not in results)
    rows = {(f.passage.block, f.passage.row) for f in document.figures}
    statements = StatementReader(known.facts, reader, known.words, claims, known.around)
    stated = tuple(v for p in document.passages for v in _stated(p, statements, figures, rows))
    return Audit(
        document=document,
        on=dated.on,
        dated_by=dated.by,
        market=market,
        figures=judged,
        sums=sums,
        statements=stated,
        unread=document.unread,
        plain_lines=_plain_lines(document.passages, figures, stated),
        notices=tuple(_notices(document, judged, known.around)),
    )


def _stated(
    passage: Passage,
    statements: StatementReader,
    figures: Mapping[int, Sequence[PrintedFigure]],
    rows: Collection[tuple[int, int]],
) -> tuple[StatementVerdict, ...]:
    own = figures.get(id(passage), ())
    return statements.judge(
        passage,
        has_price=any(f.low for f in own),
        has_figure=bool(own),
        row_has_price=(passage.block, passage.row) in rows,
    )


def _plain_lines(
    passages: Iterable[Passage], figures: dict[int, list[PrintedFigure]], stated: Sequence[StatementVerdict]
) -> tuple[int, ...]:
    """Return the lines that were read, and of which nothing could be checked; headings are no lines of their own."""
    checked = {v.place.line for v in stated} | {f.place.line for group in figures.values() for f in group}
    lines = {p.place.line for p in passages if p.kind is not PassageKind.HEADING}
    return tuple(sorted(lines - checked))


def _notices(document: ReadDocument, judged: Sequence[FigureVerdict], around: KnownOffers) -> Iterable[str]:
    """Yield what a reader must know before the verdicts."""
    if not document.figures:
        yield "No price was found in this document: nothing with a currency, and no column of prices."
    if document.cut_off:
        yield f"Only the beginning of the file was read: {document.size:,} bytes are too many."
    if document.unread:
        parts = "1 part" if len(document.unread) == 1 else f"{len(document.unread)} parts"
        yield f"{parts} of the document could not be read; see the list."
    if not around.dated:
        yield "The document names no date: it was held against the newest prices, and nothing is called wrong for them."
    if around.market is None:
        yield f"The store begins after {around.on}: only later evidence could be used."
    if any(o.obtained is Obtained.RECONSTRUCTED for v in judged for o in offers_of(v)):
        yield (
            "Example data: the bodies behind the receipts are reconstructed in each source's format from dated public "
            "figures; every receipt names the date."
        )


def offers_of(verdict: FigureVerdict) -> tuple[Offer, ...]:
    """Return the offers that a verdict rests on."""
    return (*verdict.right, *verdict.instead, *verdict.nearest)
