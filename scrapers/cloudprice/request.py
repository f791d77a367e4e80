"""How a list of AWS instances is asked for at cloudprice.net, and what a capture's URL says was asked for.

The answer does not repeat the question: region, kind of price, currency and unit stand in the URL alone. The page and
the JSON behind it take the same parameters.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from scrapers.records import Document, Obtained
from scrapers.strict import fail, one

_HOST = "https://cloudprice.net"


@dataclass(frozen=True, slots=True)
class AwsService:
    """One of the lists.

    Attributes:
        json_path: of its JSON, e.g. ``/api/v2/aws/ec2/instances``.
        page_path: of the page that shows it, e.g. ``/aws/ec2``.
        name: the service's name in a listing.
        sku_prefix: what every instance type in it begins with; "" for nothing in particular.
        has_operating_system: whether operating system and tenancy have a meaning there.
        payment_types: the kinds of price that are asked for: ``OnDemand``, ``Spot``.
        fewest_rows: instance types, with GPU and without, of the smallest region's whole list.
    """

    json_path: str
    page_path: str
    name: str
    sku_prefix: str
    has_operating_system: bool
    payment_types: tuple[str, ...]
    fewest_rows: int


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
    """Return the URL of one list as JSON: Linux, shared tenancy, USD per hour."""
    return f"{_HOST}{service.json_path}?{_query(region, payment_type)}"


def page_address(service: AwsService, region: str, payment_type: str) -> str:
    """Return the URL of the page that shows the same list."""
    return f"{_HOST}{service.page_path}?{_query(region, payment_type)}"


def _query(region: str, payment_type: str) -> str:
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
    return urlencode(query)


def read_request(document: Document, service: AwsService) -> Request:
    """Return what a capture's URL asked for.

    Raises:
        ParseError: a parameter is missing, asks for prices of another kind, or was changed on the way.
    """
    query = parse_qs(urlsplit(document.capture.url).query)
    _check_answered(document, query)

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


def _check_answered(document: Document, query: dict[str, list[str]]) -> None:
    """Refuse an answer from a URL with other parameters: a page may rewrite its own, and a server may redirect."""
    for name, values in parse_qs(urlsplit(document.capture.answered_url).query).items():
        if name in query and values != query[name]:
            problem = f"the URL asks for {name}={query[name][0]}, but {name}={values[0]} answered"
            raise fail(document, f"{problem}; the parameter was ignored")
