"""All that a section may draw on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from normalize.claims import Verdict
from normalize.corroborate import Conflict, Corroboration
from normalize.facts import Facts
from normalize.records import Change, Identity, Market, Offer, SourceStatus, identity_of
from reports.brief import Brief
from reports.receipts import ReceiptBook
from reports.records import Block


@dataclass(frozen=True, slots=True)
class Context:
    """What a report is built from.

    Attributes:
        brief: what is asked.
        market: what is known at the report's date.
        previous: the market of the report before; None for a first report.
        before: its offers, as they are compared with; none for a first report.
        changes: from `previous` to `market`.
        verdicts: statements that are not prices, as they stand at the report's date.
        conflicts: sources that disagree.
        corroborations: what the sources say of each list price.
        facts: the hand-kept facts.
        receipts: the report's receipts; sections cite through it.
    """

    brief: Brief
    market: Market
    previous: Market | None
    before: Mapping[Identity, Offer]
    changes: tuple[Change, ...]
    verdicts: tuple[Verdict, ...]
    conflicts: tuple[Conflict, ...]
    corroborations: tuple[Corroboration, ...]
    facts: Facts
    receipts: ReceiptBook

    @property
    def date(self) -> str:
        """Return the report's date, ISO."""
        return f"{self.market.as_of:%Y-%m-%d}"

    @property
    def sources(self) -> tuple[SourceStatus, ...]:
        """Return the sources that were tried or have figures; one that needs an account nobody has is not missing."""
        return tuple(s for s in self.market.sources if s.observed_at is not None or s.state != "absent")

    def earlier(self, offer: Offer) -> Offer | None:
        """Return what an offer was in the report before, if it was there."""
        return self.before.get(identity_of(offer))

    def cite_earlier(self, offer: Offer) -> tuple[int, ...]:
        """Return the receipts of what an offer was in the report before."""
        before = self.earlier(offer)
        return self.receipts.cite(before) if before else ()

    def status(self, source: str) -> SourceStatus:
        """Return how a source stands."""
        return next(s for s in self.market.sources if s.source == source)


Builder = Callable[[Context], tuple[Block, ...]]
"""Builds the blocks of one section."""
