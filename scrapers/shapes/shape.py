"""The shape of a body: what it is built of, told from its bytes alone, and what its listings speak of.

It is no parser and knows no source: it is compared with the shape of the last good body (`scrapers.shapes.drift`),
above all when the parser does not know the body any longer. A source's module may offer ``shape(document)``, which
returns names by kind: they take the place of the generic ones of that kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TypeAlias

from scrapers.errors import ParseError, StoreError
from scrapers.records import Document, Listing
from scrapers.registry import parse, source_module
from scrapers.shapes.shape_json import fields_of, read_start
from scrapers.shapes.shape_page import structure_of_page
from scrapers.shapes.shape_tables import structure_of_csv, structure_of_markdown

SAMPLE_BYTES = 4 << 20
"""What is looked at of a larger body: an offer file of 400 MB has its header there, Vantage's feed some families."""
_TELLING_BYTES = 4096
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
_CALLBACK = re.compile(rb"[A-Za-z_$][\w.$]*\(\s*[{\[]")
_MARKDOWN = {".md", ".mdx"}
_HTML = (b"<!doctype html", b"<html")

Names: TypeAlias = Mapping[str, frozenset[str]]
"""Names by kind, e.g. columns, classes, GPUs."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What one body is built of.

    Attributes:
        structure: its format, and its fields, columns, classes and so on.
        words: what its listings speak of: GPUs, SKUs, terms, units, ...; empty where it cannot be parsed.
        listings: how many there are; None where it cannot be parsed.
        problem: why it cannot be parsed; "" where it can.
    """

    structure: Names
    words: Names
    listings: int | None
    problem: str = ""


def shape_of(document: Document) -> Shape:
    """Return the shape of a body, which need not be one that its source's parser knows.

    Memory does not grow with the body: of a large one the beginning is looked at, and what its parser keeps.

    Raises:
        CorruptError: the store no longer holds the bytes that were put there.
    """
    structure = _structure_of(document)
    try:
        listings = parse(document)
    except ParseError as exc:
        return Shape(structure, {}, None, str(exc))
    return Shape(structure, words_of(listings), len(listings))


def words_of(listings: Iterable[Listing]) -> Names:
    """Return what listings speak of, by kind; a SKU that is but a GPU's name is told once, as the GPU."""
    found: dict[str, set[str | None]] = {}
    for listing in listings:
        for kind, word in (
            ("GPUs", listing.gpu_name),
            ("SKUs", listing.sku if listing.sku != listing.gpu_name else None),
            ("services", listing.service),
            ("terms", listing.terms),
            ("units", listing.unit),
            ("currencies", listing.currency),
            ("regions", listing.region),
            ("clouds", listing.cloud),
            ("operating systems", listing.operating_system),
        ):
            found.setdefault(kind, set()).add(word)
    return {kind: frozenset(word for word in words if word) for kind, words in found.items()}


def _structure_of(document: Document) -> Names:
    with document.open() as stream:
        body = stream.read(SAMPLE_BYTES)
        whole = not stream.read(1)
    format_ = format_of(body[:_TELLING_BYTES], document.capture.resource)
    generic = {"format": frozenset({format_}), **_names_in(body, format_, whole=whole)}
    own: Callable[[Document], Names] | None = getattr(source_module(document.capture.source), "shape", None)
    return {**generic, **_unless_unknown(own, document)} if own else generic


def _unless_unknown(own: Callable[[Document], Names], document: Document) -> Names:
    """Return what a source's own look finds; nothing of a body that it does not know, which is what drift is about."""
    try:
        return own(document)
    except StoreError:
        raise
    except Exception:  # noqa: BLE001  # a body can break it in any way, as it can the parser, which says how
        return {}


def _names_in(body: bytes, format_: str, *, whole: bool) -> Names:
    match format_:
        case "JSON":
            content = read_start(body)
            return {"fields": fields_of(content)} if content is not None else {}
        case "HTML":
            return structure_of_page(body)
        case "CSV":
            return structure_of_csv(body, whole=whole)
        case "Markdown":
            return structure_of_markdown(body)
        case _:
            return {}


def format_of(start: bytes, resource: str) -> str:
    """Return what a body is by its first bytes; where they leave it open, by its name.

    Args:
        start: its beginning.
        resource: its name, with extension.
    """
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    extension = PurePosixPath(resource).suffix
    first = text.partition(b"\n")[0]
    guesses = (
        ("nothing", not text),
        ("UTF-16 text", start.startswith(_BYTE_ORDER_MARKS)),
        ("binary", b"\0" in text),
        ("HTML", text.lower().startswith(_HTML) or (text.startswith(b"<") and extension not in _MARKDOWN)),
        ("Markdown", extension in _MARKDOWN),
        ("JSON", text.startswith((b"{", b"[")) or _CALLBACK.match(text)),
        ("CSV", extension == ".csv" or b"," in first),
    )
    return next((name for name, true in guesses if true), "text")
