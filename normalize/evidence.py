"""What the archived pages say of the statements that rest on them: whether the decisive words stand there, and where.

A passage is looked for without white space, which a page's markup puts anywhere, and with plain quotation marks and
hyphens: a site may change those without changing a word. What is cited is the page's own text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from normalize.records import Citation, Evidence, PassageState
from scrapers.records import Capture

ReadText = Callable[[Capture], str]
"""Returns the text of a capture in which a ``text:`` locator counts its characters."""
_MOST_LOOKED_AT = 30
"""A passage that is gone is looked for in so many different earlier bodies of its page, and in no older ones."""
_PLAIN = str.maketrans("‘’‛“”„‐‑‒–—", "'''\"\"\"-----")  # noqa: RUF001  # the signs that are made plain


def look_for(
    passages: Iterable[tuple[str, str]], captures: Iterable[Capture], read_text: ReadText
) -> tuple[Evidence, ...]:
    """Return what the archived pages say of passages, each once.

    Args:
        passages: address of the page, and words on it; "" where no words are known.
        captures: of evidence pages, those that could be read, none later than the date that is asked about; in the
            order of their snapshots.
        read_text: gives the text of a capture.

    Raises:
        CorruptError: a body in the store is not what was stored.
    """
    pages: dict[str, list[Capture]] = {}
    in_time = sorted(captures, key=lambda c: c.retrieved_at)  # of one second, the last given is the newest
    for capture in in_time[::-1]:
        pages.setdefault(capture.url, []).append(capture)
    return tuple(_look(url, quote, pages.get(url, []), read_text) for url, quote in dict.fromkeys(passages))


def _look(url: str, quote: str, captures: Sequence[Capture], read_text: ReadText) -> Evidence:
    """Return what the captures of one page, newest first, say of a passage."""
    if not captures:
        return Evidence(url, quote, PassageState.NOT_ARCHIVED)
    newest = captures[0]
    if not quote:
        return Evidence(url, quote, PassageState.NOT_QUOTED, page_at=newest.retrieved_at)
    # One capture per body: the newest that has it.
    bodies = list({capture.sha256: capture for capture in reversed(captures)}.values())[::-1][:_MOST_LOOKED_AT]
    for capture in bodies:
        text = read_text(capture)
        place = find_passage(text, quote)
        if place is not None:
            state = PassageState.FOUND if capture.sha256 == newest.sha256 else PassageState.GONE
            cited = _cite(capture, text, place)
            return Evidence(url, quote, state, cited, capture.date_precision, newest.retrieved_at)
    return Evidence(url, quote, PassageState.GONE, page_at=newest.retrieved_at)


def _cite(capture: Capture, text: str, place: tuple[int, int]) -> Citation:
    start, end = place
    return Citation(
        source=capture.source,
        url=capture.answered_url,
        retrieved_at=capture.retrieved_at,
        obtained=capture.obtained,
        sha256=capture.sha256,
        locator=f"text:{start};{end - start}",
        quote=text[start:end],
    )


def find_passage(text: str, words: str) -> tuple[int, int] | None:
    """Return the first and the last-plus-one character of a passage in a text; None where it does not stand there."""
    kept = [(place, sign) for place, sign in enumerate(text.translate(_PLAIN)) if not sign.isspace()]
    wanted = "".join(words.translate(_PLAIN).split())
    at = "".join(sign for _, sign in kept).find(wanted)
    if at < 0 or not wanted:
        return None
    return kept[at][0], kept[at + len(wanted) - 1][0] + 1
