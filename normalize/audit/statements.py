"""The statements of a document that are not prices: matched to what the facts hold, each with a verdict."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from normalize.audit.availability import check_availability, offered_in
from normalize.audit.claim_words import ClaimWords, claims_about
from normalize.audit.gpu_words import memory_in
from normalize.audit.hardware import check_card, check_instance_gpu
from normalize.audit.known_offers import KnownOffers
from normalize.audit.questions import QuestionReader
from normalize.audit.records import Manner, StatementVerdict, VerdictKind
from normalize.audit.words import providers
from normalize.claims import Verdict as ClaimAtDate
from normalize.facts import ClaimStatus, Facts
from scrapers.documents.records import Passage, PassageKind

_REFERENCES = re.compile(
    r"(?:source )?references?|sources?|links|bibliography|further reading|(?:related )?resources"
    r"|(?:table of )?contents",
    re.IGNORECASE,
)
_NO_STATEMENT = re.compile(r"(?:sources?|see also|last updated|report generated|related issue)\b", re.IGNORECASE)
_ASIDE = re.compile(r"\b(?:sources?|references?|links?|delta|diff(?:erence)?|change)\b|Δ", re.IGNORECASE)
_MEMORY = re.compile(r"memory|vram", re.IGNORECASE)
_FEWEST_WORDS = 4
_LONGEST_LABEL = 6
_MOST_GPUS_OF_A_ROW = 6


@dataclass(frozen=True, slots=True)
class StatementReader:
    """Judges statements.

    Attributes:
        facts: the hand-kept facts.
        reader: finds GPUs and instance types in a text.
        words: how statements are recognised.
        claims: those that speak about the document's date.
        around: the offers around it.
    """

    facts: Facts
    reader: QuestionReader
    words: Sequence[ClaimWords]
    claims: Sequence[ClaimAtDate]
    around: KnownOffers

    def judge(
        self, passage: Passage, *, has_price: bool, has_figure: bool, row_has_price: bool
    ) -> tuple[StatementVerdict, ...]:
        """Return the verdicts on what a passage states; none where it states nothing that could be checked.

        Args:
            passage: a sentence, item or cell.
            has_price: whether an amount of money stands in it: then it is judged as a figure, and here only its
                hardware is looked at.
            has_figure: whether anything in it is judged as a figure, even a ``TBD``.
            row_has_price: whether a price stands in its row: its short cells say what that is the price of.
        """
        if _is_no_statement(passage):
            return ()
        checked = tuple(self._hardware(passage, has_price=has_price))
        if has_price or passage.is_first:
            return checked
        known = self._claimed(passage) or self._available(passage)
        if known:
            return (*checked, known)
        label = passage.kind is PassageKind.CELL and row_has_price and len(passage.text.split()) <= _LONGEST_LABEL
        unknown = not checked and not has_figure and not label and self._is_on_subject(passage)
        return (self._unknown(passage),) if unknown else checked

    def _hardware(self, passage: Passage, *, has_price: bool) -> Iterator[StatementVerdict]:
        """Yield what the tables of GPUs and instance types say to a passage."""
        text = passage.text
        if _MEMORY.search(passage.column) and passage.beside:
            text = f"{passage.beside[0][1]} {text}"
        gpus, instances = self.reader.mentions(text)
        own = gpus[0].gpus if len(gpus) == 1 else frozenset()
        if found := check_instance_gpu(instances, own or self._row_gpus(passage), self.facts):
            yield self._verdict(passage, found.kind, Manner.HARDWARE, found.reason)
        if not has_price and not instances and (card := check_card(text, gpus, self.facts)):
            yield self._verdict(passage, card.kind, Manner.HARDWARE, card.reason)

    def _row_gpus(self, passage: Passage) -> frozenset[str]:
        """Return the cards that a cell's row is about, narrowed by its column of memory."""
        memories = [memory_in(text) for head, text in passage.beside if _MEMORY.search(head)]
        for _, text in passage.beside:
            gpus = self.reader.gpus_in(text, next((m for m in memories if m is not None), None))
            if gpus and len(gpus) <= _MOST_GPUS_OF_A_ROW:
                return gpus
        return frozenset()

    def _claimed(self, passage: Passage) -> StatementVerdict | None:
        found = claims_about(_said(passage), _above(passage), self.words, self.claims)
        if not found:
            return None
        kind = _joined({status for status, _ in found})
        reason = " ".join(dict.fromkeys(_in_words(verdict) for _, verdict in found))
        verdict = self._verdict(passage, kind, Manner.CLAIM, reason)
        return replace(verdict, claims=tuple(dict.fromkeys(claim for _, claim in found)))

    def _available(self, passage: Passage) -> StatementVerdict | None:
        said = offered_in(passage.text) if passage.kind is PassageKind.CELL else None
        gpus = self._row_gpus(passage)
        if said is None or not gpus:
            return None
        found = check_availability(said, passage.column, gpus, self.claims, around=self.around, facts=self.facts)
        if found is None:
            return None
        verdict = self._verdict(passage, found.kind, found.manner, found.reason)
        return replace(verdict, claims=found.claims, offers=found.offers, entries=found.entries)

    def _is_on_subject(self, passage: Passage) -> bool:
        """Tell whether a passage speaks about a seller, GPU or instance type: then somebody might check it."""
        text = statement_of(passage)
        gpus, instances = self.reader.mentions(text)
        long = len(passage.text.split()) >= _FEWEST_WORDS or passage.kind is PassageKind.CELL
        return bool(long and (gpus or instances or providers(text)))

    def _unknown(self, passage: Passage) -> StatementVerdict:
        reason = "No row of data/facts/claims.toml speaks about this statement at this date."
        return self._verdict(passage, VerdictKind.NOT_VERIFIABLE, Manner.UNKNOWN, reason)

    def _verdict(self, passage: Passage, kind: VerdictKind, manner: Manner, reason: str) -> StatementVerdict:
        return StatementVerdict(passage.place, passage.kind, statement_of(passage), kind, manner, reason)


def _is_no_statement(passage: Passage) -> bool:
    """Tell whether a passage is a heading, a question, a source or a link: it was read, and states nothing."""
    return (
        passage.kind is PassageKind.HEADING
        or passage.text.endswith("?")
        or _NO_STATEMENT.match(passage.text) is not None
        or (passage.kind is PassageKind.CELL and _ASIDE.search(passage.column) is not None)
        or any(_REFERENCES.fullmatch(re.sub(r"^[\d.\s]+", "", heading)) for heading in passage.headings)
    )


def statement_of(passage: Passage) -> str:
    """Return a statement in one line; a cell with the heads of its row and its column."""
    if passage.kind is not PassageKind.CELL or passage.is_first:
        return passage.text
    row = passage.beside[0][1] if passage.beside else ""
    return f"{row} – {passage.column}: {passage.text}"  # noqa: RUF001  # a dash


def _said(passage: Passage) -> str:
    """Return what a passage itself says; a cell's column says what it is about, not what is said of it."""
    if passage.kind is not PassageKind.CELL or not passage.beside:
        return passage.text
    return f"{passage.beside[0][1]}: {passage.text}"


def _above(passage: Passage) -> str:
    """Return what a passage is about beside its own words: its column, what introduces it, its nearest heading.

    The document's title is left out: not every sentence of a document is about its title.
    """
    return "\n".join([passage.column, passage.lead, *passage.headings[1:][-1:]])


def _joined(statuses: set[ClaimStatus]) -> VerdictKind:
    """Return one verdict of several claims: what one contradicts is wrong, what only some support is partly so."""
    if ClaimStatus.CONTRADICTED in statuses:
        return VerdictKind.WRONG
    if ClaimStatus.PARTLY in statuses or {ClaimStatus.SUPPORTED, ClaimStatus.UNVERIFIABLE} <= statuses:
        return VerdictKind.PARTLY
    return VerdictKind.HOLDS if ClaimStatus.SUPPORTED in statuses else VerdictKind.NOT_VERIFIABLE


def _in_words(verdict: ClaimAtDate) -> str:
    claim = verdict.claim
    status = "" if verdict.status == ClaimStatus.SUPPORTED else f"{verdict.status.capitalize()}: "
    return f"{status}{claim.statement} {claim.remark}".strip() + f" ({verdict.dated}.)"
