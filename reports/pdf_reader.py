"""A finished PDF read again: its text, and the list of figures that is attached to it."""

from __future__ import annotations

import io
import re

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from reports.figures_file import SUFFIX
from scrapers.errors import UsageError

# pypdf raises its own errors for what it looks for, and Python's where a damaged file has something else in its place.
_UNREADABLE = (PyPdfError, ValueError, LookupError, TypeError, AttributeError, NotImplementedError, RecursionError)
_FOOT = re.compile(r"\s*Market data as of [^\n]*\s*Page \d+ of \d+\s*\Z")
_MARKERS = re.compile(r"(?:\n(?:\d+\.|•) )+\n?\Z")
"""The numbers and bullets of lists, which are drawn last on their page: not where a sentence goes on to the next."""


class Pdf:
    """A PDF of a report."""

    def __init__(self, body: bytes, name: str) -> None:
        """Open it.

        Args:
            body: the file.
            name: of the file, for messages.

        Raises:
            UsageError: it is no PDF.
        """
        self._name = name
        try:
            self._reader = PdfReader(io.BytesIO(body))
        except _UNREADABLE as exc:
            raise UsageError(f"{name}: is no PDF that can be read: {exc}") from exc

    def figures(self) -> bytes:
        """Return the list of figures that is attached.

        Raises:
            UsageError: there is none, or more than one.
        """
        found = [item.content for item in self._reader.attachment_list if item.name.endswith(SUFFIX)]
        if len(found) != 1:
            raise UsageError(f"{self._name}: looked for one attachment *{SUFFIX}, found {len(found)}; is it a report?")
        return found[0]

    def text(self, head: str) -> str:
        """Return the text of all pages, without what is drawn last on each: the marks of lists, head and foot.

        Args:
            head: the words before the date of the data at the foot: title and client.

        Raises:
            UsageError: its pages cannot be found.
        """
        try:
            pages = [
                _MARKERS.sub("\n", _FOOT.sub("", page.extract_text()).removesuffix(head)) for page in self._reader.pages
            ]
        except _UNREADABLE as exc:
            raise UsageError(f"{self._name}: its pages cannot be read: {exc}") from exc
        return "\n".join(pages)
