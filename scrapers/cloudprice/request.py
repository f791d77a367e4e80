"""How a list of AWS instances is asked for at cloudprice.net, and what a capture's URL says was asked for.

The answer does not repeat the question: region, kind of price, currency and unit stand in the URL alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from scrapers.records import Document, Obtained
from scrapers.strict import fail, one


@dataclass(frozen=True, slots=True)
class AwsService:
    """One of the lists.

    Attributes:
        path: of its JSON, e.g. ``/api/v2/aws/ec2/instances``.
        name: the service's name in a listing.
        sku_prefix: what every instance type in it begins with; "" for nothing in particular.
        has_operating_system: whether operating system and tenancy have a meaning there.
    """

    path: str
    name: str
    sku_prefix: str
    has_operating_system: bool


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for: prices per hour, of machines that are not dedicated to one customer.

    Attributes:
        payment_type: ``OnDemand`` or ``Spot``.
        currency: ISO 4217 code.
        region: region code, or None where a quotation names none.
        operating_system: e.g. ``Linux``, None where it has no meaning.
    """

    payment_type: str
    currency: str
    region: str | None
    operating_system: str | None


def address(service: AwsService, region: str, payment_type: str) -> str:
    """Return the URL of one list: Linux, shared tenancy, USD per hour."""
    query = {
        "currency": "USD",
        "region": region,
        "tenancy": "Shared",
        "timeoption": "hour",
        "operatingSystem": "Linux",
        "bringYourOwnLicense": "false",
        "paymentType": payment_type,
        "sortField": "InstanceType",
        "sortOrder": "true",
    }
    return f"https://cloudprice.net{service.path}?{urlencode(query)}"


def read_request(document: Document, service: AwsService) -> Request:
    """Return what a capture's URL asked for.

    Raises:
        ParseError: a parameter is missing, or asks for prices of another kind.
    """
    query = parse_qs(urlsplit(document.capture.url).query)

    def asked(name: str, *known: str) -> str:
        value = one(document, query.get(name, []), f"{name} in the query of {document.capture.url}")
        if known and value not in known:
            raise fail(document, f"the URL asks for {name}={value}; known is {' or '.join(known)}")
        return value

    asked("timeoption", "hour")
    if service.has_operating_system:
        asked("tenancy", "Shared")
        asked("bringYourOwnLicense", "false")
    # A price that somebody quoted may come without a region; what was read at the site cannot.
    quoted = document.capture.obtained is Obtained.RECONSTRUCTED and "region" not in query
    return Request(
        payment_type=asked("paymentType", "OnDemand", "Spot"),
        currency=asked("currency"),
        region=None if quoted else asked("region"),
        operating_system=asked("operatingSystem") if service.has_operating_system else None,
    )
