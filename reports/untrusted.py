"""What strangers wrote, made fit to print: text without hidden characters, links only into the web.

Names, quotes and addresses come from pages that anybody may edit. A control character, a mark that reverses the reading
direction or half of a surrogate pair must neither break a document nor make it say something else than its bytes.
"""

import re
import unicodedata
from urllib.parse import urlsplit

# All white space except the spaces that are set on purpose: no-break, figure, thin and narrow no-break space.
_WHITE_SPACE = re.compile(r"[^\S\u00a0\u2007\u2009\u202f]+")
# Soft hyphen, zero-width spaces and joiners, byte order mark: common on web pages, nothing is lost without them.
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200d\u2060\ufeff]")
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cs"})
_NONCHARACTER = 0xFFFE  # the last two code points of every plane
_NOT_IN_ADDRESSES = re.compile(r'[\s\\<>"{}|^`]')


def code_point(character: str) -> str:
    """Spell one character out, e.g. ``‹U+202E›``."""
    return f"‹U+{ord(character):04X}›"


def legible(text: str) -> str:
    """Fold white space to single spaces and spell out every character that would be hidden or unprintable.

    Args:
        text: any string, even one with lone surrogates.

    Returns:
        One line that can be encoded; spaces at its ends are kept, since spans follow each other without a break.
    """
    folded = _WHITE_SPACE.sub(" ", _INVISIBLE.sub("", text))
    if folded.isascii() and folded.isprintable():
        return folded
    return "".join(code_point(character) if _is_hidden(character) else character for character in folded)


def legible_lines(text: str) -> str:
    """Make each line of a text legible, and keep its lines and their indentation by spaces.

    Args:
        text: any string, even one with lone surrogates.
    """
    lines = text.split("\n")
    indents = [len(line) - len(line.lstrip(" ")) for line in lines]
    return "\n".join(" " * indent + legible(line[indent:]) for indent, line in zip(indents, lines, strict=True))


def _is_hidden(character: str) -> bool:
    """Tell whether a character is a control, a format mark, private, a surrogate or no character at all."""
    return unicodedata.category(character) in _HIDDEN_CATEGORIES or ord(character) & _NONCHARACTER == _NONCHARACTER


def web_address(url: str) -> str:
    """Return an address that may be linked to, or "" for one that may not.

    Args:
        url: whatever a record says.

    Returns:
        The address itself if it is http or https with a host, without credentials, white space or control
        characters; else "".
    """
    if _NOT_IN_ADDRESSES.search(url) or legible(url) != url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    public = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    return url if public else ""
