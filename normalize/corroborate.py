"""The same offer in several sources: who confirms a figure, who contradicts it, and by how much."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Context, Decimal

from normalize.agreement import Agreement, agree, compare_figures, place_of, printed_day, trust
from normalize.meaning import INSTANCE_PROVIDERS
from normalize.records import Finding, Identity, Market, Offer, PriceBasis, Severity, identity_of
from normalize.units import percent_change, plain, trim

_LISTED = frozenset({PriceBasis.LIST, PriceBasis.RESTATED})
"""Quotes of spot prices are of different moments and zones: two that differ do not contradict each other."""
_SIX_DIGITS, _TWO_DIGITS = Context(prec=6), Context(prec=2)
_SAGEMAKER, _UNSTATED, _FIRST_COMPONENT = "SageMaker ", "SageMaker (component unstated)", "SageMaker Hosting"

Key = tuple[str | int | None, ...]
"""What several sources may print one price of: provider, product, thing, region and terms."""


@dataclass(frozen=True, slots=True)
class Corroboration:
    """What the other sources say of one figure.

    Attributes:
        offer: the figure.
        same: newest figures of other sources that are the same number.
        rounded: those that rounding of the printed digits explains.
        against: those that contradict it; another place of its own page may be among them.
    """

    offer: Offer
    same: tuple[Offer, ...] = ()
    rounded: tuple[Offer, ...] = ()
    against: tuple[Offer, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the ids of all sources that print this figure, its own first."""
        return tuple(dict.fromkeys(o.source for o in (self.offer, *self.same, *self.rounded)))

    @property
    def standing(self) -> Agreement:
        """Return the weakest that can be said: a contradiction outweighs every confirmation."""
        if self.against:
            return Agreement.CONFLICT
        if self.rounded:
            return Agreement.ROUNDING
        return Agreement.AGREE if self.same else Agreement.ALONE

    @property
    def statement(self) -> str:
        """Return it in few words, e.g. ``2 sources: aws-ec2, vantage-ec2 (2025-11-30)``, and who prints what else."""
        number = len(self.sources)
        count = "1 source" if number == 1 else f"{number} sources"
        others = (f"{o.source} ({printed_day(o)})" for o in (*self.same, *self.rounded))
        alike = ", ".join(dict.fromkeys((self.offer.source, *others)))
        return "; ".join((f"{count}: {alike}", *(_told_against(self.offer, o) for o in self.against)))


@dataclass(frozen=True, slots=True)
class Conflict:
    """Sources, or two places of one page, that print different prices of one offer.

    Attributes:
        one: what the source says that is believed.
        others: what contradicts it, the most trusted first; at least one.
        gpus: canonical ids of the cards concerned; several where all price a pool.
    """

    one: Offer
    others: tuple[Offer, ...]
    gpus: tuple[str, ...]

    @property
    def subject(self) -> str:
        """Return what is disputed: provider, product, kind of price, cards, region."""
        one = self.one
        where = "" if one.region is None else f" in {one.region}"
        cloud = "" if one.cloud_type is None else f" {one.cloud_type}"
        return f"{one.provider} {one.service}{cloud} {one.pricing_category} {' '.join(self.gpus)}{where}"

    @property
    def finding(self) -> Finding:
        """Return the conflict as a finding with all figures, sources and dates, and how far they are apart."""
        figures = " against ".join(
            f"{plain(_price(o))} ({place_of(o)}, {printed_day(o)}, {o.sku})" for o in (self.one, *self.others)
        )
        sizes = " and ".join(f"{difference(self.one, o)} ({difference_percent(self.one, o)})" for o in self.others)
        message = f"{self.subject}: {figures} USD per GPU-hour; {sizes}"
        return Finding("conflict", Severity.WARNING, self.one.source, self.subject, message)


def difference(one: Offer, other: Offer) -> str:
    """Return how far another figure lies from one, in USD per GPU-hour, to six digits: ``-1.11``."""
    return f"{trim(_SIX_DIGITS.subtract(_price(other), _price(one))):+f}"


def difference_percent(one: Offer, other: Offer) -> str:
    """Return a difference in percent with one decimal; a small one with two digits, never rounded to nothing."""
    percent = percent_change(_price(one), _price(other))
    return f"{percent:+.1f}%" if abs(percent) >= 1 else f"{_TWO_DIGITS.plus(percent):+f}%"


def _told_against(one: Offer, other: Offer) -> str:
    return f"{place_of(other)} ({printed_day(other)}) prints {plain(_price(other))} ({difference_percent(one, other)})"


def _price(offer: Offer) -> Decimal:
    assert offer.usd_per_gpu_hour is not None  # noqa: S101  # only priced offers come here
    return offer.usd_per_gpu_hour


def corroborate(offers: Iterable[Offer]) -> Mapping[Identity, Corroboration]:
    """Return what the other sources say of each list price, by identity; each speaks with its newest figure.

    Args:
        offers: with figures that could be read; quotes are left out.
    """
    found: dict[Identity, Corroboration] = {}
    for group in _groups(offers).values():
        newest = _newest_of_each_source(group)
        for offer in group:
            known = found.get(identity_of(offer), Corroboration(offer))
            found[identity_of(offer)] = _add(known, [o for o in newest if place_of(o) != place_of(offer)])
    return found


def _add(known: Corroboration, others: Iterable[Offer]) -> Corroboration:
    sides: dict[Agreement, list[Offer]] = {
        Agreement.AGREE: list(known.same),
        Agreement.ROUNDING: list(known.rounded),
        Agreement.CONFLICT: list(known.against),
    }
    for other in others:
        sides[compare_figures(known.offer, other)].append(other)
    return Corroboration(known.offer, *(tuple(side) for side in sides.values()))


def find_conflicts(market: Market) -> tuple[Conflict, ...]:
    """Return every list price of which sources, or places in one page, print different figures; each offer once.

    Each source speaks with its newest figure; the figures may still be months apart, so a message dates them all. The
    members of a pool that two sources price differently are one conflict.
    """
    pools: dict[tuple[object, ...], list[tuple[Offer, tuple[Offer, ...]]]] = {}
    groups = _groups(market.legible)
    for key in sorted((key for key, group in groups.items() if len(group) > 1), key=_alphabetical):
        for one, others in _disputes(_newest_of_each_source(groups[key])):
            named = (*key[:2], *key[3:], *((place_of(o), o.sku) for o in (one, *others)))
            pools.setdefault(named, []).append((one, others))
    return tuple(Conflict(*found[0], tuple(one.gpu for one, _ in found)) for found in pools.values())


def _disputes(offers: Sequence[Offer]) -> Iterator[tuple[Offer, tuple[Offer, ...]]]:
    """Yield each figure with all less trusted ones that contradict it; who is contradicted once is told once."""
    told: set[int] = set()
    for number, one in enumerate(offers):
        if number in told:
            continue
        rest = (n for n in range(number + 1, len(offers)) if n not in told)
        against = [n for n in rest if place_of(offers[n]) != place_of(one) and not agree(one, offers[n])]
        told.update(against)
        if against:
            yield one, tuple(offers[n] for n in against)


def _groups(offers: Iterable[Offer]) -> dict[Key, list[Offer]]:
    """Return the list prices by what they are of; most groups hold one offer of each source."""
    groups: dict[Key, list[Offer]] = {}
    for offer in offers:
        if offer.price_basis in _LISTED:
            groups.setdefault(_key(offer), []).append(offer)
    _place_unstated(groups)
    return groups


def _key(offer: Offer) -> Key:
    return (
        offer.provider,
        offer.service,
        offer.sku if offer.provider in INSTANCE_PROVIDERS else offer.gpu,
        offer.region,
        offer.operating_system,
        offer.pricing_category,
        offer.cloud_type,
        offer.commitment_months,
        offer.payment_option,
        offer.offering_class,
    )


def _alphabetical(key: Key) -> tuple[str, ...]:
    return tuple(str(part or "") for part in key)


def _place_unstated(groups: dict[Key, list[Offer]]) -> None:
    """Put the prices of SageMaker whose component is not stated beside those of the components.

    CloudPrice does not say which component it prices (https://cloudprice.net/aws/sagemaker). It confirms each one that
    it agrees with; only where it agrees with none does it contradict one, Hosting where that is known.
    """
    components: dict[Key, list[Key]] = {}
    for key in groups:
        if key[1] != _UNSTATED and str(key[1]).startswith(_SAGEMAKER):
            components.setdefault((key[0], *key[2:]), []).append(key)
    for key in [key for key in groups if key[1] == _UNSTATED]:
        found = components.get((key[0], *key[2:]), [])
        beside = sorted(found, key=lambda k: (k[1] != _FIRST_COMPONENT, _alphabetical(k)))
        if not beside:
            continue
        for offer in groups.pop(key):
            confirmed = [k for k in beside if any(agree(offer, other) for other in groups[k])]
            for k in confirmed or beside[:1]:
                groups[k].append(offer)


def _newest_of_each_source(offers: list[Offer]) -> list[Offer]:
    """Return each source's offers of its newest time, the most trusted source first: excerpts keep older labels."""
    if len(offers) == 1:
        return offers
    newest: dict[str, datetime] = {}
    found = sorted(offers, key=trust)
    for offer in found:
        newest[offer.source] = max(offer.observed_at, newest.get(offer.source, offer.observed_at))
    return [o for o in found if o.observed_at == newest[o.source]]
