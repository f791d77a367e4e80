"""How places and texts in a body are written: JSON Pointers, and white space folded.

Apart from `scrapers.places.locate` because the readers of large files start without the parsers that reading back
needs.
"""

from __future__ import annotations


def pointer(*steps: str | int) -> str:
    """Return the JSON Pointer (RFC 6901) of these keys and indexes."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def fold(text: str) -> str:
    """Return the text with every run of white space folded into one space."""
    return " ".join(text.split())
