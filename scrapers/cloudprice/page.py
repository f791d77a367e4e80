"""The table of cloudprice.net's lists of AWS instances, as a browser shows it once the script has filled it.

No page is recorded in public. Order and meaning of the EC2 list's columns are those that a public Playwright scraper
read on 2026-02-21: "", Instance, Family, vCPU, Memory GiB, Arch, GPU, Price, "", "", Best region. Columns are found by
their headings, and those of the SageMaker list are unknown: a live run will say whether it has the same. An empty list
is one row, "No matching records found".
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from bs4 import BeautifulSoup, Tag

from scrapers.cloudprice.rows import Row, currency_words, is_hour
from scrapers.places.locate import css_path, fold, parse_html
from scrapers.records import Document, Obtained
from scrapers.strict import fail, one

_INSTANCE = ("instance", "instance type")
_GPU = {"yes": True, "no": False}
_NAME = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_EMPTY = "No matching records found"
_TOTAL = re.compile(r"\bof ([0-9][0-9,.]*) (?:rows|entries|records|instances)\b")
"""``Showing 1 to 30 of 1169 rows``: as the table component says it whose words for an empty list these are."""


def read_table(document: Document, currency: str) -> list[Row]:
    """Return the rows of a rendered list.

    Args:
        document: the DOM.
        currency: ISO 4217 code that was asked for.

    Raises:
        ParseError: there is no such table, it is empty, or a row has another structure.
    """
    html = parse_html(document.read())
    table = _find_table(document, html)
    headings = _headings(table)
    at = (
        _column(document, headings, [h.casefold() in _INSTANCE for h in headings], "Instance"),
        _column(document, headings, [h.casefold() == "gpu" for h in headings], "GPU"),
        _column(document, headings, [_is_price(h, currency) for h in headings], f"Price (per hour, in {currency})"),
    )
    rows = [_row(document, number, _cells(tr), len(headings), at) for number, tr in enumerate(_body(table), start=1)]
    _check_total(document, html, len(rows))
    return rows


def _find_table(document: Document, html: BeautifulSoup) -> Tag:
    """Return the one table with rows; a heading that stays in sight while one scrolls is a table without."""
    tables = [table for table in html.find_all("table") if _headings(table) and _body(table)]
    if not tables:
        title = html.title.get_text(" ") if html.title else ""
        page = fold(f"{title} {html.body.get_text(' ') if html.body else html.get_text(' ')}")
        raise fail(document, f"looked for a table of instances, found a page without one: {page[:120]!r}")
    return one(document, tables, "table of instances")


def _headings(table: Tag) -> list[str]:
    head = table.find("thead")
    rows = head.find_all("tr") if head else []
    return [fold(cell.get_text(" ")) for cell in _cells(rows[-1])] if rows else []


def _body(table: Tag) -> Sequence[Tag]:
    return [tr for body in table.find_all("tbody") for tr in body.find_all("tr", recursive=False)]


def _cells(tr: Tag) -> list[Tag]:
    return tr.find_all(["td", "th"], recursive=False)


def _column(document: Document, headings: Sequence[str], matches: Sequence[bool], what: str) -> int:
    found = [index for index, match in enumerate(matches) if match]
    if len(found) != 1:
        raise fail(document, f"looked for one column {what}, found {len(found)} among {list(headings)}")
    return found[0]


def _is_price(heading: str, currency: str) -> bool:
    """Tell whether a heading is ``Price``, alone or with the currency and the hour: ``Price, USD/hour``."""
    word, *rest = re.findall(r"[^\s,:()/]+", heading) or [""]
    money = currency_words(currency)
    return word.casefold() == "price" and all(w in money or w == "per" or is_hour(w.casefold()) for w in rest)


def _row(document: Document, number: int, cells: Sequence[Tag], width: int, at: tuple[int, int, int]) -> Row:
    texts = [fold(cell.get_text(" ")) for cell in cells]
    if texts == [_EMPTY]:
        raise fail(document, f"the list is empty: {_EMPTY!r}; no region is without instances")
    if len(texts) != width:
        raise fail(document, f"looked for {width} cells, found {len(texts)}: {texts!r:.120}", row=f"row {number}")
    name, gpu, price = (texts[index] for index in at)
    if not _NAME.fullmatch(name):
        raise fail(document, f"looked for an instance type, found {name!r:.60}", row=f"row {number}")
    if gpu.casefold() not in _GPU:
        raise fail(document, f"looked for GPU yes or no, found {gpu!r:.60}", row=name)
    return Row(name, _GPU[gpu.casefold()], price, functools.partial(_locate, cells[at[2]]))


def _locate(cell: Tag) -> str:
    return f"css:{css_path(cell)}"


def _check_total(document: Document, html: BeautifulSoup, rows: int) -> None:
    """Refuse a live page that shows only a part; what somebody saved may be one, and says nothing of the rest."""
    found = _TOTAL.search(fold(html.get_text(" ")))
    total = int(re.sub("[,.]", "", found[1])) if found else rows
    if total != rows and document.capture.obtained is Obtained.LIVE:
        raise fail(document, f"the page shows {rows} rows of {total}: the rest is drawn only when one scrolls to it")
