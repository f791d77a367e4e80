"""What several sources say of one offer: which of them is believed, and whether two figures are one."""

from __future__ import annotations

import enum
from decimal import Decimal

from normalize.records import Offer, PriceBasis
from scrapers.records import DatePrecision, Lineage

_SOURCE_ORDER = ("runpod-pricing", "runpod-graphql", "runpod-rest", "runpod-docs")
"""Of two first-party sources the pricing page is preferred: it is what the vendor points to."""
_FEWEST_DECIMALS = 2
_DECIMALS = {"aws-ec2": 10, "aws-ec2-api": 10, "aws-savings-plans": 10, "vantage-ec2": 6, "cloudprice-ec2": 5}
"""Of sources that drop trailing zeros, how many decimals their list prices have: 0.42 is 0.420000, and no 0.4242.

AWS's lists print ten, savings plan rates fewer (list of 2025-06-05); Vantage cuts the zeros of six (feed of
2025-11-30); CloudPrice's are JSON numbers, AWS's price unrounded, with up to five (list of 2024-07-17). Spot prices are
rounded to four: the quote of 10.3379 for g5.24xlarge in eu-west-2 is its on-demand price of 10.33786.
"""


class Agreement(enum.StrEnum):
    """What the figures of several sources are to each other."""

    AGREE = "agree"
    """The same number, in whatever digits."""
    ROUNDING = "rounding"
    """Different numbers; the last printed digits of both explain it."""
    CONFLICT = "conflict"
    ALONE = "only one source"


def trust(offer: Offer) -> tuple[object, ...]:
    """Order what several sources say of one thing: the seller, the page it points to, the newest, the cheapest."""
    rank = _SOURCE_ORDER.index(offer.source) if offer.source in _SOURCE_ORDER else 0
    price = offer.usd_per_gpu_hour or Decimal(0)
    restated = offer.price_basis is PriceBasis.RESTATED
    return (offer.lineage is not Lineage.FIRST_PARTY, rank, restated, -offer.observed_at.timestamp(), price, offer.sku)


def rounding(offer: Offer) -> Decimal:
    """Return half a unit of the last printed digit, in USD per GPU-hour: what rounding alone may hide.

    Where a source drops trailing zeros, they count. Any price is taken to be printed to the cent at least: JSON's 3.3
    is 3.30, and 2 is not anything from 1.5 to 2.5.
    """
    assert offer.list_unit_price is not None  # noqa: S101  # only priced offers come here
    assert offer.usd_per_gpu_hour is not None  # noqa: S101
    printed = -int(offer.list_unit_price.as_tuple().exponent)
    dropped = _DECIMALS.get(offer.source, 0) if offer.price_basis is PriceBasis.LIST else 0
    decimals = max(printed, dropped, _FEWEST_DECIMALS)
    half = Decimal(5).scaleb(-decimals - 1)
    return half * offer.usd_per_gpu_hour / offer.list_unit_price


def compare_figures(one: Offer, other: Offer) -> Agreement:
    """Return what two figures are to each other; a whole last digit apart, rounding does not explain them."""
    assert one.usd_per_gpu_hour is not None  # noqa: S101  # only priced offers come here
    assert other.usd_per_gpu_hour is not None  # noqa: S101
    apart = abs(one.usd_per_gpu_hour - other.usd_per_gpu_hour)
    if apart == 0:
        return Agreement.AGREE
    return Agreement.ROUNDING if apart < rounding(one) + rounding(other) else Agreement.CONFLICT


def agree(one: Offer, other: Offer) -> bool:
    """Return whether two figures are one price, as far as their printed digits tell."""
    return compare_figures(one, other) is not Agreement.CONFLICT


def place_of(offer: Offer) -> str:
    """Return the source of an offer, and whether another place of its page is meant."""
    return f"{offer.source}, restated" if offer.price_basis is PriceBasis.RESTATED else offer.source


def printed_day(offer: Offer) -> str:
    """Return when an offer was observed, no more exactly than that is known."""
    return (
        f"{offer.observed_at:%Y-%m}" if offer.date_precision is DatePrecision.MONTH else f"{offer.observed_at:%Y-%m-%d}"
    )
