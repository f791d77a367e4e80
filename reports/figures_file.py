"""The figures of a report for a machine: what each states, what it is computed from, and where that was read.

Written beside the report as ``<brief>-<date>.figures.json`` and attached to the PDF. The file alone, with the store, is
enough to verify an old report: ``ratecard verify``. Keys::

    format          1
    generator, brief, title, client, date, as_of, data_as_of
    renderings      sha256 of the Markdown and HTML file, by suffix; that of the PDF, which holds this file, is unknown
    figures[]       id, section, row, column, printed, quantity, unit, value, formula, offers[] (places in offers,
                    0 is the first), receipts[] (numbers); quantity is "quoted" for what rests on receipts, but is no
                    number to compute
    offers[]        the prices that figures are computed from, as ``ratecard prices --format json`` prints them
    receipts[]      number, subject, derivation, source, url, retrieved_at, obtained, sha256, body, locator, quote
    texts[]         where, text, figures[] (ids): all that is printed, in the order of reading
    digest          sha256 of all this without `digest`, as JSON with sorted keys and without white space

Decimals are text, times ISO 8601 UTC, and what is absent is null.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from normalize.computed import UNITS, Computed, Quantity
from normalize.export import record
from normalize.records import Offer
from normalize.units import plain
from reports.receipts import derive, describe
from reports.records import Receipt, Report, Span
from reports.wording import Cell, Passage, passages

FORMAT = 1
SUFFIX = ".figures.json"
QUOTED = "quoted"


def figures_file(report: Report, renderings: Mapping[str, bytes]) -> bytes:
    """Return the figures of a report as JSON.

    Args:
        report: the report.
        renderings: its Markdown and HTML, by suffix.

    Returns:
        The file; the same bytes for the same report.
    """
    offers: dict[Offer, int] = {}
    figures: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    for passage in passages(report):
        mine = [_figure(f"f{len(figures) + n}", passage, *found, offers) for n, found in enumerate(_spans(passage), 1)]
        figures += mine
        texts += [{"where": passage.where, "text": run, "figures": [f["id"] for f in mine]} for run in passage.runs]
    content = {
        "format": FORMAT,
        "generator": report.generator,
        "brief": report.brief,
        "title": report.title,
        "client": report.client,
        "date": report.date,
        "as_of": report.as_of,
        "data_as_of": report.data_as_of,
        "renderings": {suffix: hashlib.sha256(body).hexdigest() for suffix, body in renderings.items()},
        "figures": figures,
        "offers": [record(offer) for offer in offers],
        "receipts": [_receipt(receipt) for receipt in report.receipts],
        "texts": texts,
    }
    whole = {**content, "digest": digest_of(content)}
    # Half of a surrogate pair, which a page may print, becomes JSON's own escape of it.
    return (json.dumps(whole, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the sha256 of a file's content; what it says of itself under `digest` does not count."""
    own = {key: value for key, value in content.items() if key != "digest"}
    return hashlib.sha256(json.dumps(own, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _spans(passage: Passage) -> Iterator[tuple[Cell, Span]]:
    """Yield the spans that hold a figure, or that cite something without being one."""
    for cell in passage.cells:
        for span in cell.line:
            if span.figure is not None or span.receipts:
                yield cell, span


def _figure(name: str, passage: Passage, cell: Cell, span: Span, offers: dict[Offer, int]) -> dict[str, Any]:
    figure = span.figure
    return {
        "id": name,
        "section": passage.section,
        "where": passage.where,
        "row": cell.row or None,
        "column": cell.column or None,
        "printed": span.text.strip(),
        "quantity": QUOTED if figure is None else figure.quantity.value,
        "unit": None if figure is None else UNITS[figure.quantity],
        "value": None if figure is None else plain(figure.value),
        "formula": None if figure is None else formula(figure),
        "offers": [] if figure is None else [offers.setdefault(offer, len(offers)) for offer in figure.offers],
        "receipts": list(span.receipts),
    }


def formula(figure: Computed) -> str:
    """Return how a figure follows from its offers, in one line for people."""
    names = [describe(offer) for offer in figure.offers]
    prices = [plain(offer.usd_per_gpu_hour) for offer in figure.offers if offer.usd_per_gpu_hour is not None]
    match figure.quantity:
        case Quantity.USD_PER_GPU_HOUR:
            return f"{names[0]}: {derive(figure.offers[0])}"
        case Quantity.USD_PER_SKU_HOUR:
            return f"{names[0]}: {derive(figure.offers[0])}; × {plain(figure.offers[0].gpu_count)} GPU"
        case Quantity.PERCENT_CHANGE | Quantity.PERCENT_APART:
            first, second = prices
            sign = ", without its sign" if figure.quantity is Quantity.PERCENT_APART else ""
            return f"({second} − {first}) ÷ {first} × 100{sign}: {names[1]} against {names[0]}"
        case Quantity.GPU_COUNT:
            return f"GPUs of {names[0]}"
        case Quantity.AGE_DAYS:
            oldest = min(offer.observed_at for offer in figure.offers)
            return f"days from {oldest:%Y-%m-%d} to the report's date"


def _receipt(receipt: Receipt) -> dict[str, Any]:
    return {
        "number": receipt.number,
        "subject": receipt.subject,
        "derivation": receipt.derivation or None,
        "source": receipt.source_id,
        "url": receipt.url,
        "retrieved_at": receipt.retrieved_at or None,
        "obtained": receipt.obtained,
        "sha256": receipt.sha256,
        "body": receipt.body or None,
        "locator": receipt.locator,
        "quote": receipt.quote,
    }
