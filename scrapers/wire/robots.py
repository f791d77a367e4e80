"""What a robots.txt lets Ratecard ask for, and how often: RFC 9309, and Crawl-delay, which is older.

The text is read by Protego, Scrapy's parser: the longest rule that matches counts, and a group that names Ratecard
replaces the one for everybody.
"""

from __future__ import annotations

from collections.abc import Iterable

import httpx
from protego import Protego

from scrapers.records import Source
from scrapers.wire.answers import check_status, is_worth_another_try

AGENT = "ratecard"
"""The product token of the User-Agent: what a group of a robots.txt may name."""
MAX_BYTES = 500 << 10
"""What comes after so much is not read; RFC 9309, 2.5, has at least this much read."""
_CLIENT_ERRORS = range(400, 500)
_LOOKED_AT = 20


class Rules:
    """The rules of one robots.txt; those of an empty one allow everything."""

    def __init__(self, text: str = "") -> None:
        """Take the text."""
        self._text = text
        self._rules = Protego.parse(text)

    @property
    def delay_seconds(self) -> float:
        """Shortest time between two requests that it asks for; 0 where it asks for none."""
        return self._rules.crawl_delay(AGENT) or 0.0

    def closing_line(self, url: str) -> str | None:
        """Return the line that closes an address to Ratecard; None where it is open.

        Protego does not tell which rule counted. It is the last one that closes the address where what stands above
        it leaves it open; a very long text is not searched for it, and its longest rule that matches is named.
        """
        if self._rules.can_fetch(url, AGENT):
            return None
        lines = self._text.splitlines()
        matching = [n for n, line in enumerate(lines) if line.strip() and _closes([f"User-agent: {AGENT}", line], url)]
        for number in reversed(matching[-_LOOKED_AT:]):
            if not _closes(lines[:number], url):
                return lines[number].strip()
        return max((lines[number].strip() for number in matching), key=len)


def _closes(lines: Iterable[str], url: str) -> bool:
    return not Protego.parse("\n".join(lines)).can_fetch(url, AGENT)


def read_rules(source: Source, answer: httpx.Response, url: str, pieces: Iterable[bytes]) -> Rules:
    """Return the rules that an answer to the question for a robots.txt stands for (RFC 9309, 2.3.1).

    A client's error (403, 404) means that there are none; one that passes (429) does not, and neither does a
    server's: until it is mended nothing may be asked for.

    Args:
        source: on whose behalf it was asked for.
        answer: the answer, its head read.
        url: what was asked.
        pieces: the body as it arrives.

    Raises:
        FetchError: the server cannot now.
        ParseError: the server answers what is no answer, such as a redirect without a target.
    """
    if answer.status_code in _CLIENT_ERRORS and not is_worth_another_try(answer.status_code):
        return Rules()
    if not answer.is_success:
        check_status(source, answer.status_code, url, reason=answer.reason_phrase)
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > MAX_BYTES:
            del body[body.rfind(b"\n", 0, MAX_BYTES) + 1 :]  # half a rule may close more than the whole
            break
    return Rules(body.decode("utf-8", errors="replace").removeprefix("\ufeff"))
