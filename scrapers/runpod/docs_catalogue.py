"""The documentation's list of GPU types: ``| GPU ID | Display Name | Memory (GB) |``, without prices.

It is the evidence for what RunPod does not offer. Its own note "Table last generated" may be much older
than the page (2026-02-12 on a page of 2026-08-18), so it says nothing about when.
"""

from __future__ import annotations

from collections.abc import Iterator

from scrapers.records import Document, Listing
from scrapers.runpod import words
from scrapers.runpod.markdown_table import Table, plain
from scrapers.strict import fail

HEADER = ("GPU ID", "Display Name", "Memory (GB)")
_ABSENCE = "the list of GPU types prints no prices"
_NAME_COLUMN = 2


def matches(table: Table) -> bool:
    """Return whether this is the list of GPU types."""
    return table.header == HEADER


def read(document: Document, table: Table) -> Iterator[Listing]:
    """Yield a listing without a price per row.

    Raises:
        ParseError: a row has not its three cells, or its memory is not a number of GB.
    """
    for line, cells in table.rows:
        texts = [plain(cell) for cell in cells]
        if len(texts) != len(HEADER) or not all(texts) or not texts[2].isdecimal():
            problem = f"looked for {', '.join(HEADER)}, found {list(cells)}"
            raise fail(document, problem, row=f"line {line}")
        gpu_id, name, memory = texts
        yield Listing(
            source=document.capture.source,
            provider=words.PROVIDER,
            service=words.PODS,
            sku=name,
            terms=words.CATALOGUE,
            price_text=None,
            absence=_ABSENCE,
            currency=words.CURRENCY,
            unit="",
            locator=f"md:{line};{_NAME_COLUMN}",
            quote=cells[_NAME_COLUMN - 1],
            sku_id=gpu_id,
            gpu_name=name,
            gpu_count="1",  # a row is one GPU type
            gpu_memory=f"{memory} GB",
        )
