"""A table's cells as passages: each knows its column's head and what stands beside it in its row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scrapers.documents.records import Passage, PassageKind, Place

_SAME_AS_ABOVE = {"", "^^", '"', "″", "〃", "ditto"}  # the signs that tables have


def row_passages(  # noqa: PLR0913  # a table, and where it stands
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    places: Sequence[Sequence[Place]],
    *,
    headings: tuple[str, ...],
    lead: str,
    block: int,
) -> Iterator[Passage]:
    """Yield the cells that hold anything, row by row.

    An empty first cell, or a sign for "the same", stands for the text above it: tables leave out what repeats.

    Args:
        heads: of the columns.
        rows: text of every cell; each row has as many as there are heads.
        places: of every cell.
        headings: of the sections the table lies in.
        lead: the sentence that introduces it.
        block: its number in the document.
    """
    above = ""
    for number, (texts, row_places) in enumerate(zip(rows, places, strict=True)):
        above = above if texts and texts[0] in _SAME_AS_ABOVE else texts[0]
        filled = [above, *texts[1:]]
        for column, (head, text, place) in enumerate(zip(heads, texts, row_places, strict=True)):
            if text:
                beside = tuple(
                    (heads[n], other) for n, other in enumerate(filled) if n != column and other and other != text
                )
                yield Passage(
                    PassageKind.CELL,
                    text,
                    ((0, place),),
                    headings,
                    lead=lead,
                    block=block,
                    row=number,
                    column=head,
                    beside=beside,
                    is_first=column == 0,
                )
