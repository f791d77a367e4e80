"""Markdown's inline marks, taken away: what a reader sees of a line."""

from __future__ import annotations

import re

from scrapers.places.pointers import fold

_IMAGE_OR_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)")
_WIKI = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")
_NOTE = re.compile(r"\[\^[^\]\s]+\]:?")
_ADDRESS = re.compile(r"<https?://[^>\s]*>|https?://\S+")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_STRONG = re.compile(r"\*\*|__|~~|``?")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])|(?<!\w)_(?=\S)|(?<=\S)_(?!\w)")
_ESCAPED = re.compile(r"\\(?=[^\w\s])")
_ENTITIES = {"&nbsp;": " ", "&amp;": "&", "&lt;": "<", "&gt;": ">", "&euro;": "€", "&pound;": "£", "&times;": "×"}


def visible(markdown: str) -> str:
    """Return the text of a line or cell without links, bold, code marks, tags and backslashes, folded."""
    text = _NOTE.sub("", _WIKI.sub(r"\1", markdown))
    text = _ADDRESS.sub("", _IMAGE_OR_LINK.sub(r"\1", text))
    text = _EMPHASIS.sub("", _STRONG.sub("", _TAG.sub(" ", text)))
    for entity, sign in _ENTITIES.items():
        text = text.replace(entity, sign)
    return fold(_ESCAPED.sub("", text))
