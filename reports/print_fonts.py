"""The PDF's fonts: only the bundled ones, so that a report is the same bytes on every machine of a kind."""

import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from xml.sax.saxutils import escape

from reports.templating import TEMPLATES
from reports.untrusted import code_point, legible

# FONTCONFIG_FILE belongs to the process: one PDF at a time.
_ENVIRONMENT = Lock()
_VARIATION_SELECTORS = re.compile(r"[\ufe00-\ufe0f]")
# Fontconfig wants a place for its cache: our own keeps it from reading the user's, and from complaining without one.
_CONFIGURATION = '<?xml version="1.0"?><fontconfig><include>{fonts}</include><cachedir>{cache}</cachedir></fontconfig>'


@contextmanager
def bundled_fonts_only() -> Iterator[None]:
    """Let Fontconfig see the bundled fonts and nothing else, for as long as the context lasts.

    WeasyPrint asks Fontconfig when it is imported and for every document: both must happen inside.
    """
    with _ENVIRONMENT, TemporaryDirectory(prefix="ratecard-fonts-") as folder:
        configuration = Path(folder) / "fonts.conf"
        configuration.write_text(
            _CONFIGURATION.format(
                fonts=escape(str(TEMPLATES / "fonts.conf")), cache=escape(str(Path(folder) / "cache"))
            ),
            encoding="utf-8",
        )
        before = os.environ.get("FONTCONFIG_FILE")
        os.environ["FONTCONFIG_FILE"] = str(configuration)
        try:
            yield
        finally:
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before


@cache
def printable_characters() -> frozenset[str]:
    """Read which characters the bundled fonts have, from ``fonts/characters.txt``."""
    listed = (TEMPLATES / "fonts" / "characters.txt").read_text(encoding="utf-8")
    ranges = re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", re.sub("#.*", "", listed))
    return frozenset(
        chr(number) for first, last in ranges for number in range(int(first, 16), int(last or first, 16) + 1)
    )


def printable(text: str) -> str:
    """Spell out what the bundled fonts cannot print, e.g. ``‹U+4E2D›``: an empty box would hide what stands there."""
    known = printable_characters()
    composed = unicodedata.normalize("NFC", _VARIATION_SELECTORS.sub("", legible(text)))
    return "".join(character if character in known else code_point(character) for character in composed)
