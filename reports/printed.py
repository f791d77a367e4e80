"""What stands in a finished report, Markdown, HTML or PDF, held against what was to be printed in it.

Compared is what carries meaning: letters, digits, signs, and the points and commas between digits. How a rendering
escapes, wraps and pads makes no difference; one other digit or word does.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from difflib import SequenceMatcher
from html.parser import HTMLParser

_SIGNIFICANT = re.compile(r"[^\W_]|(?<=\d)[.,](?=\d)|(?<![^\W_])-(?=[\d$])|[$€%+÷×]")
_WORD = re.compile(r"[-+$€]*\d+(?:[.,]\d+)*%?|[^\W\d_]+")
_MD_LINK = re.compile(r"(?<!\\)\]\([^()\s]*\)")
_NUMBER_GOES_ON = re.compile(r"[.,]?\d")
_NUMBER_BEGAN = re.compile(r"\d[.,]?\Z")
_SLACK = 2000
"""So many characters of a rendering's own (table heads again, contents) may stand before the report's next text."""
_SHOWN = 6
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
_HIDDEN_TAGS = frozenset({"head", "nav", "script", "style"})
_HIDDEN_CLASSES = frozenset({"back", "close", "exhibit", "skip"})


@dataclass(frozen=True, slots=True)
class Missing:
    """A text that does not stand where it was to be printed.

    Attributes:
        number: its place among the texts, 0 is the first.
        instead: words that stand in its place and not in it, the first few.
        lacking: words of it that do not stand there, the first few.
        found: all that stands in its place.
    """

    number: int
    instead: str
    lacking: str
    found: str


class PrintedText:
    """The text of a rendering, searched from its start to its end."""

    def __init__(self, text: str) -> None:
        """Take the text, without the rendering's markup."""
        self._text = unicodedata.normalize("NFKC", text)
        self._at = [match.start() for match in _SIGNIFICANT.finditer(self._text)]
        self._significant = "".join(self._text[n] for n in self._at)

    def missing(self, texts: Sequence[str]) -> list[Missing]:
        """Return the texts that do not stand in it, in their order.

        Args:
            texts: what was to be printed, in the order of reading.
        """
        places = list(self._places([significant(text) for text in texts]))
        return [self._describe(texts[n], n, places) for n, place in enumerate(places) if place is None]

    def _places(self, wanted: Sequence[str]) -> Iterator[tuple[int, int] | None]:
        """Yield where each text stands, None for one that does not."""
        position, slack = 0, _SLACK
        for text in wanted:
            found = self._find(text, position, position + slack + len(text))
            if found is None:
                slack += len(text)
            else:
                position, slack = found[1], _SLACK
            yield found

    def _find(self, text: str, start: int, end: int) -> tuple[int, int] | None:
        at = self._significant.find(text, start, end)
        while at >= 0:
            if not (text and self._cuts_a_number(at, at + len(text))):
                return at, at + len(text)
            at = self._significant.find(text, at + 1, end)
        return None

    def _cuts_a_number(self, start: int, end: int) -> bool:
        """Tell whether a number goes on beyond one end of a find: "$1.9" does not stand in "$1.90"."""
        first, last = self._at[start], self._at[end - 1]
        begins = self._text[first].isdigit() and _NUMBER_BEGAN.search(self._text, max(first - 2, 0), first)
        return bool(begins or (self._text[last].isdigit() and _NUMBER_GOES_ON.match(self._text, last + 1)))

    def _describe(self, text: str, number: int, places: Sequence[tuple[int, int] | None]) -> Missing:
        """Return what stands between the texts around a missing one instead of it."""
        start = next((place[1] for place in reversed(places[:number]) if place), 0)
        end = next((place[0] for place in places[number:] if place), len(self._at))
        end = max(start, min(end, start + _SLACK + 2 * len(text)))
        first, last = (self._at[n] if n < len(self._at) else len(self._text) for n in (start, end))
        found = self._text[first:last]
        words, printed = (_WORD.findall(unicodedata.normalize("NFKC", part)) for part in (text, found))
        steps = SequenceMatcher(None, words, printed, autojunk=False).get_opcodes()
        lacking = [word for tag, i, j, _, _ in steps if tag != "equal" for word in words[i:j]]
        instead = [word for tag, _, _, i, j in steps if tag == "replace" for word in printed[i:j]]
        return Missing(number, " ".join(instead[:_SHOWN]), " ".join(lacking[:_SHOWN]), found)


def significant(text: str) -> str:
    """Return the characters of a text that carry meaning."""
    return "".join(_SIGNIFICANT.findall(unicodedata.normalize("NFKC", text)))


def numbers(text: str) -> list[str]:
    """Return the numbers in a text, with sign, currency and percent sign."""
    return [word for word in _WORD.findall(text) if any(character.isdigit() for character in word)]


def states(text: str, value: Decimal) -> bool:
    """Return whether the first number in a text is a value, rounded half up to as many decimals as are printed."""
    found = numbers(text)
    if not found:
        return False
    printed = Decimal(re.sub(r"[$€+,%]", "", found[0]))
    decimals = len(found[0].rstrip("%").partition(".")[2])
    return printed == value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def of_markdown(body: bytes) -> str:
    """Return the text of a Markdown report, without its links' addresses."""
    return html.unescape(_MD_LINK.sub("]", body.decode("utf-8", "replace")))


class _Reader(HTMLParser):
    """Collects the text of a page that is the report's own: not its contents list, not what opens beside a receipt."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin to skip at an element that is hidden, and count those inside it."""
        classes = set((dict(attrs).get("class") or "").split())
        if tag not in _VOID and (self._hidden or tag in _HIDDEN_TAGS or classes & _HIDDEN_CLASSES):
            self._hidden += 1

    def handle_endtag(self, tag: str) -> None:
        """End to skip with the element at which it began."""
        if self._hidden and tag not in _VOID:
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        """Take the text of what is shown."""
        if not self._hidden:
            self.pieces.append(data)


def of_html(body: bytes) -> str:
    """Return the text of an HTML report."""
    reader = _Reader()
    reader.feed(body.decode("utf-8", "replace"))
    reader.close()
    return "".join(reader.pieces)
