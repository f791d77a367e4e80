"""JSON whose numbers keep their digits as printed: `2.60` stays `2.60`."""

from __future__ import annotations

import json
import re


def number(text: str) -> str:
    """Return a mark that `json_text` turns into a JSON number with exactly these digits."""
    return f"<number {text}>"


def json_text(value: object, *, indent: int | None = None) -> str:
    """Return a value as JSON text.

    Args:
        value: anything that JSON knows, with `number` marks in it.
        indent: spaces per level; None for one line.
    """
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    return re.sub(r'"<number ([0-9.]+)>"', r"\1", text) + "\n"
