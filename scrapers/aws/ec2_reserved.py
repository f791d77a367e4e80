"""Reserved terms of EC2: an hourly price and, but for No Upfront, a fee that is paid once.

The two are rows of one term; their order varies. All Upfront has an hourly price of 0.0000000000 (rows of the list of
2025-09-12, github.com/jtdelia/ec2-priceit @ae128cc0).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from scrapers.aws.offer_file import listing_of
from scrapers.aws.offer_rows import Contract, PriceRow
from scrapers.aws.price_text import read_price
from scrapers.records import Document, Listing
from scrapers.strict import fail, one

_HOURLY = "Hrs"
_FEE = "Quantity"
_NO_FEE = "No Upfront"


def reserved_listing(document: Document, contract: Contract, rows: Sequence[PriceRow]) -> Listing:
    """Return the listing of one contract of one product: its hourly price as printed, and its fee.

    Args:
        document: the offer file.
        contract: length, class and payment.
        rows: all rows of the term.

    Raises:
        ParseError: the term lacks one of its prices, has two of a kind, or one of another unit.
    """
    sku = rows[0].fields["instancetype"]
    where = f"{rows[0].place}, {sku} {contract.words}"
    odd = [row.unit for row in rows if row.unit not in {_HOURLY, _FEE}]
    if odd:
        raise fail(document, f"looked for the units {_HOURLY} and {_FEE}, found {', '.join(odd)}", row=where)
    hourly = one(document, [row for row in rows if row.unit == _HOURLY], "hourly price of the term", row=where)
    fees = [row for row in rows if row.unit == _FEE]
    listing = listing_of(document, hourly, "EC2", sku, "Linux")
    if contract.purchase_option == _NO_FEE and not fees:
        return listing
    return _with_fee(document, listing, one(document, fees, "upfront fee of the term", row=where), where)


def _with_fee(document: Document, listing: Listing, fee: PriceRow, where: str) -> Listing:
    text, absence = read_price(document, fee.price, row=where)
    if fee.currency != listing.currency:
        problem = f"looked for one currency, found {listing.currency} and {fee.currency}"
        raise fail(document, problem, row=where)
    if text is None:
        return replace(listing, price_text=None, absence=f"the upfront fee: {absence}")
    fee_only = listing.price_text is None and listing.quote and not Decimal(listing.quote)
    return replace(
        listing,
        price_text=listing.quote if fee_only else listing.price_text,  # 0.0000000000: the fee carries the price
        absence="" if fee_only else listing.absence,
        upfront_text=text,
        upfront_locator=fee.locator,
        upfront_quote=fee.price,
    )
