"""An audit as a report: the same records, templates and look as the client report, with receipts for every verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time

from normalize.audit.export import counts_of
from normalize.audit.records import Audit, FigureVerdict, Manner, StatementVerdict, SumVerdict, VerdictKind
from normalize.claims import Verdict as ClaimAtDate
from normalize.corroborate import corroborate
from normalize.records import CatalogueEntry
from reports.receipts import ReceiptBook
from reports.records import Block, Bullets, Column, Line, Mark, Paragraph, Report, Section, Span, Table

_MARKS = {
    VerdictKind.HOLDS: Mark.YES,
    VerdictKind.WRONG: Mark.NO,
    VerdictKind.OUT_OF_DATE: Mark.NO,
    VerdictKind.CONFLICTING: Mark.LIMITED,
    VerdictKind.PARTLY: Mark.LIMITED,
    VerdictKind.NOT_VERIFIABLE: Mark.LIMITED,
}
_WORDS = {
    VerdictKind.HOLDS: "Holds",
    VerdictKind.WRONG: "Wrong",
    VerdictKind.OUT_OF_DATE: "Out of date",
    VerdictKind.CONFLICTING: "Conflicting sources",
    VerdictKind.PARTLY: "Partly",
    VerdictKind.NOT_VERIFIABLE: "Not verifiable",
}
_MANNERS = {
    Manner.ROUNDING: "rounding",
    Manner.APPROXIMATE: "approximation",
    Manner.RANGE: "within the range",
    Manner.LIMIT: "within the limit",
    Manner.UNIT: "unit",
    Manner.WHOLE_NODE: "number of GPUs",
    Manner.TIER: "other product or tier",
    Manner.CLOUD: "other cloud",
    Manner.SIZE: "other size",
    Manner.GPU_VARIANT: "other GPU variant",
    Manner.REGION: "other region",
    Manner.SERVICE: "other service",
    Manner.NOT_OFFERED: "not offered",
    Manner.NO_PRICE: "no price printed",
    Manner.HARDWARE: "hardware",
}
_BAD = (VerdictKind.WRONG, VerdictKind.OUT_OF_DATE, VerdictKind.CONFLICTING)
_LONGEST = 200
_LINES_SHOWN = 400


def build_audit_report(audit: Audit, titles: Mapping[str, str], *, generator: str) -> Report:
    """Return the report of an audit.

    Args:
        audit: the verdicts.
        titles: of the sources, by id.
        generator: name and version of the program.
    """
    moment = datetime.combine(audit.on, time(23, 59, 59), UTC)
    known = corroborate(audit.market.legible) if audit.market else {}
    book = ReceiptBook(titles, moment, known)
    made = (
        ("Summary", "summary", _summary(audit)),
        ("What Is Wrong", "wrong", _wrong(audit, book)),
        ("Figures", "figures", _figures(audit.figures, book)),
        ("Sums and Conversions", "sums", _sums(audit.sums)),
        ("Statements", "statements", _statements(audit.statements, book)),
        ("What Was Not Read", "unread", _unread(audit)),
    )
    snapshot = f" (snapshot {audit.market.stamp})" if audit.market else " (the store begins later)"
    return Report(
        title=f"Audit of {audit.document.title or audit.document.name}",
        client=audit.document.name,
        client_link="",
        publish=False,
        language="en",
        author="Ratecard",
        date=audit.on.isoformat(),
        data_as_of=f"{audit.on.isoformat()}{snapshot}",
        answer=answer_of(audit),
        notices=audit.notices,
        sections=tuple(Section(n, anchor, title, blocks) for n, (title, anchor, blocks) in enumerate(made, 1)),
        receipts=book.receipts(),
        related_issue="",
        generator=generator,
    )


def answer_of(audit: Audit) -> str:
    """Return the whole audit in one sentence."""
    figures, sums, statements = (
        ", ".join(_counted(VerdictKind(kind), n) for kind, n in counts_of(v.kind for v in group).items())
        for group in (audit.figures, audit.sums, audit.statements)
    )
    parts = [
        f"Figures: {figures or 'none found'}",
        f"sums: {sums}" if sums else "",
        f"statements: {statements}" if statements else "",
        f"parts not read: {len(audit.unread)}" if audit.unread else "",
    ]
    return "; ".join(part for part in parts if part) + "."


def _counted(kind: VerdictKind, number: int) -> str:
    words = "hold" if kind is VerdictKind.HOLDS and number != 1 else _WORDS[kind].lower()
    return f"{number} {words}"


def _text(text: str) -> Line:
    return (Span(text),)


def _summary(audit: Audit) -> tuple[Block, ...]:
    document = audit.document
    items = (
        _text(f"Judged as of {audit.on}: {audit.dated_by}."),
        _text(f"Read: {document.name}, {document.size:,} bytes, {document.media_type}, sha256 {document.sha256}."),
        _text(answer_of(audit)),
        _text(
            "A figure holds when rounding of its own last digit and of the source's explains the difference; it is "
            "called wrong only where its subject, its date and the right price are sure."
        ),
    )
    return (Bullets(items),)


def _wrong(audit: Audit, book: ReceiptBook) -> tuple[Block, ...]:
    rows = [
        *((v.figure.place.line, _figure_row(v, book)) for v in audit.figures if v.kind in _BAD),
        *((v.place.line, _sum_row(v)) for v in audit.sums if v.kind in _BAD),
        *((v.place.line, _statement_row(v, book)) for v in audit.statements if v.kind in _BAD),
    ]
    if not rows:
        return (Paragraph(_text("Nothing.")),)
    columns = (Column("Line"), Column("Printed"), Column("Verdict"), Column("Why, and what is right"))
    ordered = tuple(row for _, row in sorted(rows, key=lambda pair: pair[0]))
    return (Table(f"What does not hold, judged as of {audit.on}", columns, ordered),)


def _figures(verdicts: Sequence[FigureVerdict], book: ReceiptBook) -> tuple[Block, ...]:
    if not verdicts:
        return (Paragraph(_text("No price was found.")),)
    columns = (Column("Line"), Column("Printed"), Column("Verdict"), Column("Why, and what is right"))
    rows = tuple(_figure_row(v, book) for v in verdicts)
    return (Table("Every price that the document prints, in its order", columns, rows),)


def _sums(verdicts: Sequence[SumVerdict]) -> tuple[Block, ...]:
    if not verdicts:
        return (Paragraph(_text("The document computes nothing that could be recomputed.")),)
    columns = (Column("Line"), Column("Printed"), Column("Verdict"), Column("Recomputed"))
    return (Table("What the document computed itself", columns, tuple(_sum_row(v) for v in verdicts)),)


def _statements(verdicts: Sequence[StatementVerdict], book: ReceiptBook) -> tuple[Block, ...]:
    if not verdicts:
        return (Paragraph(_text("No statement on a known product was found.")),)
    columns = (Column("Line"), Column("Statement"), Column("Verdict"), Column("Why"))
    return (Table("Statements that are not prices", columns, tuple(_statement_row(v, book) for v in verdicts)),)


def _unread(audit: Audit) -> tuple[Block, ...]:
    blocks: list[Block] = []
    if audit.unread:
        rows = tuple((_text(str(u.line)), _text(u.text or "(not shown)"), _text(u.why)) for u in audit.unread)
        blocks.append(Table("Could not be read", (Column("Line"), Column("Text"), Column("Why")), rows))
    lines = spans_of(audit.plain_lines)
    words = f"Read, and saying nothing that could be checked: lines {lines}." if lines else "Every line was checked."
    return (*blocks, Paragraph(_text(words)))


def spans_of(lines: Sequence[int]) -> str:
    """Return line numbers with runs of them joined: ``3, 7-12``; a very long list is cut, and says so."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    shown = [str(a) if a == b else f"{a}-{b}" for a, b in runs[:_LINES_SHOWN]]
    more = f" and {len(runs) - _LINES_SHOWN} more runs" if len(runs) > _LINES_SHOWN else ""
    return ", ".join(shown) + more


def _verdict(kind: VerdictKind, manner: Manner | None = None) -> Line:
    words = _MANNERS.get(manner, "") if manner else ""
    return (Span(_WORDS[kind] + (f": {words}" if words else ""), mark=_MARKS[kind]),)


def _figure_row(verdict: FigureVerdict, book: ReceiptBook) -> tuple[Line, ...]:
    offers = (*verdict.instead, *verdict.right, *verdict.nearest)
    receipts = tuple(dict.fromkeys([*(n for o in offers for n in book.cite(o)), *_of_lists(verdict.entries, book)]))
    remarks = f" ({'; '.join(verdict.remarks)})" if verdict.remarks else ""
    why = (Span(verdict.reason, receipts=receipts), Span(remarks), *_links(verdict.claims))
    printed = (Span(verdict.figure.text, bold=True), Span(f" – {verdict.subject}"))  # noqa: RUF001  # a dash
    return (_text(str(verdict.figure.place.line)), printed, _verdict(verdict.kind, verdict.manner), why)


def _sum_row(verdict: SumVerdict) -> tuple[Line, ...]:
    printed = (Span(verdict.printed, bold=True), Span(f" – {_short(verdict.text)}"))  # noqa: RUF001  # a dash
    kind = (
        _verdict(verdict.kind) if verdict.kind is not VerdictKind.WRONG else (Span("Wrong: arithmetic", mark=Mark.NO),)
    )
    return (_text(str(verdict.place.line)), printed, kind, _text(verdict.reason))


def _statement_row(verdict: StatementVerdict, book: ReceiptBook) -> tuple[Line, ...]:
    cited = [n for o in verdict.offers for n in book.cite(o)]
    receipts = tuple(dict.fromkeys([*cited, *_of_lists(verdict.entries, book)]))
    why = (Span(verdict.reason, receipts=receipts), *_links(verdict.claims))
    kind = _verdict(verdict.kind, verdict.manner)
    return (_text(str(verdict.place.line)), _text(_short(verdict.text)), kind, why)


def _of_lists(entries: Iterable[CatalogueEntry], book: ReceiptBook) -> Iterator[int]:
    for entry in entries:
        subject = f"{entry.provider}'s list of GPU types, of which {entry.sku} is one"
        yield from book.cite_statement(entry.citation, subject, entry.date_precision)


def _links(claims: Iterable[ClaimAtDate]) -> Iterator[Span]:
    for claim in {c.claim.evidence_url: c for c in claims}.values():
        yield Span(" ")
        yield Span("Evidence", url=claim.claim.evidence_url)
        yield Span(".")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
