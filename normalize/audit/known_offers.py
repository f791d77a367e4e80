"""What the store knows around a date: offers of the date itself, and those seen before and after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from normalize.records import CatalogueEntry, Market, Offer, PriceBasis

FRESH_DAYS = 45
"""An older figure says what a price was, not what it is: a difference from it alone is no error of the document."""


@dataclass
class KnownOffers:
    """Offers by what a document may ask for.

    Attributes:
        on: the document's date.
        market: the market of that date; None when the store begins later.
        dated: whether the document says that it is of that date; if not, a difference may be a matter of time.
        others: gives the markets of other dates; called once, and only when a figure needs it.
    """

    on: date
    market: Market | None
    others: Callable[[], Iterable[Market]]
    dated: bool = True
    _now: _Index = field(init=False)
    _before: _Index | None = field(init=False, default=None)
    _after: _Index | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Index the offers of the date."""
        self._now = _Index(self.market.priced if self.market else ())

    def now(self, provider: str, keys: Iterable[str]) -> list[Offer]:
        """Return what was known at the date of these instance types or GPUs."""
        return self._now.find(provider, keys)

    def before(self, provider: str, keys: Iterable[str]) -> list[Offer]:
        """Return what was known earlier and is not any more."""
        return self._neighbours()[0].find(provider, keys)

    def after(self, provider: str, keys: Iterable[str]) -> list[Offer]:
        """Return what was seen after the date only."""
        return self._neighbours()[1].find(provider, keys)

    def days_off(self, offer: Offer) -> int:
        """Return how many days after the document's date an offer was seen; before it is negative."""
        return (offer.observed_at.date() - self.on).days

    def is_fresh(self, offer: Offer) -> bool:
        """Tell whether an offer was seen at the document's date, or shortly before."""
        return -FRESH_DAYS <= self.days_off(offer) <= 0

    @property
    def catalogue(self) -> Sequence[CatalogueEntry]:
        """What sellers said they offer, at the date."""
        return self.market.catalogue if self.market else ()

    def _neighbours(self) -> tuple[_Index, _Index]:
        if self._before is None or self._after is None:
            known = {o.citations for o in self.market.priced} if self.market else set()
            rest = {o.citations: o for m in self.others() for o in m.priced if o.citations not in known}
            self._before = _Index(o for o in rest.values() if self.days_off(o) <= 0)
            self._after = _Index(o for o in rest.values() if self.days_off(o) > 0)
        return self._before, self._after


class _Index:
    """Offers by seller and instance type or GPU."""

    def __init__(self, offers: Iterable[Offer]) -> None:
        self._found: dict[tuple[str, str], list[Offer]] = {}
        for offer in offers:
            if offer.price_basis not in {PriceBasis.ESTIMATE, PriceBasis.STATEMENT}:
                for key in {offer.sku, offer.gpu}:
                    self._found.setdefault((offer.provider, key), []).append(offer)

    def find(self, provider: str, keys: Iterable[str]) -> list[Offer]:
        return [offer for key in sorted(keys) for offer in self._found.get((provider, key), ())]
