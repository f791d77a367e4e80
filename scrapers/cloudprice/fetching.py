"""Getting CloudPrice's lists: the JSON behind the page, or the page itself in a browser where that is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scrapers.cloudprice.lists import Prices, is_page, prices_of, read_rows, repeats_on_demand, same_lists
from scrapers.cloudprice.request import AwsService, address, page_address
from scrapers.errors import FetchError, ParseError, SourceError, UsageError
from scrapers.records import Document, Response, Source
from scrapers.wire.web import Web

_ROW = "table tbody tr"

_Key = tuple[str, str]
"""Region and kind of price."""


def fetch_lists(web: Web, source: Source, service: AwsService, regions: Sequence[str]) -> Iterator[Response]:
    """Yield the lists of every region, ``<region>.<kind>.json`` or ``.html``; one that fails does not stop the others.

    None is yielded before all are there: only beside each other do they show that a parameter was ignored.

    Args:
        web: the way out.
        source: on whose behalf.
        service: which lists.
        regions: region codes.

    Raises:
        UsageError: no region is wanted.
        SourceError: after all others have been yielded, lists that failed. It is a `FetchError` when every failure was
            one.
    """
    if not regions:
        raise UsageError(f"{source.id}: no region is asked for; name at least one, such as us-east-1")
    found: dict[_Key, Response] = {}
    failures: dict[_Key, SourceError] = {}
    way = _Way(web, source, service)
    for key in dict.fromkeys((region, kind) for region in regions for kind in service.payment_types):
        try:
            found[key] = way.get(*key)
        except SourceError as exc:
            failures[key] = exc
    for key, ignored in _find_ignored(source, {k: _read_prices(source, service, found[k]) for k in found}).items():
        ignored.evidence = (found.pop(key),)
        failures[key] = ignored
    yield from found.values()
    if failures:
        raise _summary(source, failures, len(found) + len(failures))


def _summary(source: Source, failures: Mapping[_Key, SourceError], wanted: int) -> SourceError:
    kind = FetchError if all(isinstance(exc, FetchError) for exc in failures.values()) else SourceError
    details = "; ".join(f"{region} {what}: {exc.problem}" for (region, what), exc in failures.items())
    error = kind(source.id, f"{len(failures)} of {wanted} lists failed: {details}")
    error.evidence = tuple(response for exc in failures.values() for response in exc.evidence)
    return error


class _Way:
    """The way to the lists of one service; once the JSON was refused, it leads to the pages."""

    def __init__(self, web: Web, source: Source, service: AwsService) -> None:
        self._web = web
        self._source = source
        self._service = service
        self._refusal = ""
        self._refused: tuple[Response, ...] = ()

    def get(self, region: str, payment_type: str) -> Response:
        """Return one list.

        Raises:
            SourceError: neither came.
        """
        resource = f"{region}.{payment_type.lower()}"
        if not self._refusal:
            try:
                answer = self._web.get(self._source, address(self._service, region, payment_type), f"{resource}.json")
            except ParseError as exc:
                self._refusal = exc.problem
            else:
                if not is_page(Document.of(answer, source=self._source.id)):
                    return answer
                self._refusal, self._refused = "HTML instead of JSON", (answer,)
        return self._render(page_address(self._service, region, payment_type), f"{resource}.html")

    def _render(self, url: str, resource: str) -> Response:
        try:
            return self._web.render(self._source, url, resource, wait_for=_ROW)
        except SourceError as exc:
            problem = f"the JSON is refused ({self._refusal}), and so is the page: {exc.problem}"
            error = type(exc)(self._source.id, problem, where=url)
            error.evidence, self._refused = (*self._refused, *exc.evidence), ()
            raise error from exc


def _read_prices(source: Source, service: AwsService, response: Response) -> Prices:
    """Return a list's prices to compare it by; of one that cannot be read none, its parser will say why."""
    try:
        return prices_of(read_rows(Document.of(response, source=source.id), service))
    except ParseError:
        return {}


def _find_ignored(source: Source, lists: Mapping[_Key, Prices]) -> dict[_Key, SourceError]:
    """Return the lists for which the site ignored what kind of price, or which region, it was asked for."""
    ignored: dict[_Key, SourceError] = {}
    for region, kind in lists:
        on_demand = lists.get((region, "OnDemand"), {})
        if kind == "Spot" and repeats_on_demand(on_demand, lists[region, kind]):
            ignored[region, kind] = ParseError(source.id, "the spot list repeats the on-demand prices")
    for kind in dict.fromkeys(kind for _, kind in lists):
        same = same_lists({region: prices for (region, k), prices in lists.items() if k == kind and prices})
        for region in same:
            problem = f"the lists of {', '.join(same)} are the same: the site ignored the region"
            ignored.setdefault((region, kind), ParseError(source.id, problem))
    return ignored
