"""What an audit finds: a verdict for every figure, sum and statement of a document, and what was not read.

As JSON (`normalize.audit.export`) the keys are the fields' names, decimals are text, absent values null.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from normalize.claims import Verdict as ClaimAtDate
from normalize.records import CatalogueEntry, Market, Offer
from scrapers.documents.records import PassageKind, Place, PrintedFigure, ReadDocument, Unread


class VerdictKind(enum.StrEnum):
    """How a figure, sum or statement stands."""

    HOLDS = "holds"
    WRONG = "wrong"
    OUT_OF_DATE = "out_of_date"
    """It was right at an earlier capture."""
    CONFLICTING = "conflicting_sources"
    """One source prints it, another one something else."""
    PARTLY = "partly"
    """Of a statement: the evidence says less."""
    NOT_VERIFIABLE = "not_verifiable"
    """Nobody here knows, or the document does not say enough."""


class Manner(enum.StrEnum):
    """In what way a figure holds, or is wrong."""

    EXACT = "exact"
    ROUNDING = "rounding"
    APPROXIMATE = "approximate"
    """Within the printed precision of an approximation."""
    RANGE = "range"
    LIMIT = "limit"
    OTHER_FIGURE = "other_figure"
    """The store has another figure, and does not know what the printed one is the price of."""
    UNIT = "unit"
    WHOLE_NODE = "whole_node"
    """The price of all GPUs of an instance printed as that of one, or the other way round."""
    TIER = "tier"
    """The price of another product or kind of price, such as a serverless Active rate printed as a Pod's."""
    CLOUD = "cloud"
    SIZE = "size"
    """The price of another size of the same family."""
    GPU_VARIANT = "gpu_variant"
    """The price of another memory size or form factor."""
    REGION = "region"
    SERVICE = "service"
    """EC2's price printed as SageMaker's, or the other way round."""
    NOT_OFFERED = "not_offered"
    ARITHMETIC = "arithmetic"
    HARDWARE = "hardware"
    """The instance type has other GPUs than the document says."""
    NO_PRICE = "no_price"
    """The document prints TBD, N/A or the like."""
    UNCLEAR = "unclear"
    """The document does not say what of, in another currency, or per request."""
    UNKNOWN = "unknown"
    """The store has nothing to compare with at this date."""
    AVAILABILITY = "availability"
    """What offers and sellers' lists say can be had."""
    CLAIM = "claim"
    """A statement that is not a price."""


@dataclass(frozen=True, slots=True)
class FigureVerdict:
    """The verdict on one printed figure.

    Attributes:
        figure: as printed, with its place.
        subject: what it was read as the price of, in words.
        kind: the verdict.
        manner: in what way.
        reason: one or two sentences with figures and dates.
        right: the offers that answer what the document printed; none where nobody knows.
        instead: the offers of which the printed figure is the price.
        nearest: candidates, where nothing could be decided.
        remarks: what must be said beside it: assumptions, neighbouring dates.
        entries: a seller's list that the verdict rests on.
        claims: facts that the verdict rests on.
    """

    figure: PrintedFigure
    subject: str
    kind: VerdictKind
    manner: Manner
    reason: str
    right: tuple[Offer, ...] = ()
    instead: tuple[Offer, ...] = ()
    nearest: tuple[Offer, ...] = ()
    remarks: tuple[str, ...] = ()
    entries: tuple[CatalogueEntry, ...] = ()
    claims: tuple[ClaimAtDate, ...] = ()


@dataclass(frozen=True, slots=True)
class SumVerdict:
    """The verdict on something that the document computed itself: a conversion, product, total or percentage.

    Attributes:
        place: where the result stands.
        text: the sentence or cell.
        printed: the result as printed.
        kind: holds, wrong, or not verifiable.
        formula: how it was recomputed.
        recomputed: what comes out, as a number or range; "" where it could not be.
        reason: one sentence.
    """

    place: Place
    text: str
    printed: str
    kind: VerdictKind
    formula: str
    recomputed: str
    reason: str


@dataclass(frozen=True, slots=True)
class StatementVerdict:
    """The verdict on a statement that is not a price.

    Attributes:
        place: where it stands.
        passage_kind: what it is in the document.
        text: the statement; of a cell with its row's and its column's head.
        kind: holds, partly, wrong, or not verifiable.
        manner: a claim, or a check against the hardware of an instance type.
        reason: one or two sentences.
        claims: what the facts say of it at the document's date.
        offers: offers that it rests on.
        entries: of a seller's list that it rests on.
    """

    place: Place
    passage_kind: PassageKind
    text: str
    kind: VerdictKind
    manner: Manner
    reason: str
    claims: tuple[ClaimAtDate, ...] = ()
    offers: tuple[Offer, ...] = ()
    entries: tuple[CatalogueEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Audit:
    """A document against the store.

    Attributes:
        document: as it was read.
        on: the date as of which it was judged.
        dated_by: how that date is known.
        market: of that date, which it was judged against; None when the store begins later.
        figures: one per printed figure that is not the result of a sum, in the order of the document.
        sums: in the order of the document.
        statements: in the order of the document.
        unread: what could not be read.
        plain_lines: lines that were read and say nothing that could be checked.
        notices: what a reader must know first.
    """

    document: ReadDocument
    on: date
    dated_by: str
    market: Market | None
    figures: tuple[FigureVerdict, ...]
    sums: tuple[SumVerdict, ...]
    statements: tuple[StatementVerdict, ...]
    unread: tuple[Unread, ...]
    plain_lines: tuple[int, ...]
    notices: tuple[str, ...] = ()

    @property
    def verdicts(self) -> tuple[VerdictKind, ...]:
        """Return the verdicts of all figures, sums and statements."""
        return tuple(v.kind for group in (self.figures, self.sums, self.statements) for v in group)

    @property
    def exit_code(self) -> int:
        """Return 1 when something is wrong, 3 when something could not be checked, else 0.

        A statement that nobody knows does not count as unchecked: every document has some.
        """
        bad = {VerdictKind.WRONG, VerdictKind.OUT_OF_DATE, VerdictKind.CONFLICTING}
        if bad & set(self.verdicts):
            return 1
        open_figures = any(v.kind is VerdictKind.NOT_VERIFIABLE for group in (self.figures, self.sums) for v in group)
        return 3 if open_figures or self.unread or not (self.figures or self.sums) else 0
