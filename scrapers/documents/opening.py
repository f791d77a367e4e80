"""Opening somebody's document: what it is, and whether it can be read at all."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from scrapers.errors import UsageError

READ_BYTES = 2_000_000
"""Of a larger file only the beginning is read: the time and memory of an audit grow with the text."""
_BLOCK = 1 << 20
_MAGIC = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a Word, Excel or zip file",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
    b"{\\rtf": "a rich text file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x1f\x8b": "a gzip file",
    b"\x28\xb5\x2f\xfd": "a zstd file",
}
_HTML = re.compile(rb"\s*(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_HEAD = 4096
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """The beginning of a file that can be read as text.

    Attributes:
        name: of the file, without folders.
        sha256: of the whole file, hexadecimal.
        size: of the whole file, in bytes.
        media_type: ``text/markdown`` or ``text/html``; plain text is Markdown without any markup.
        body: its bytes, at most `READ_BYTES` of them, cut after a line.
        cut_off: whether there is more.
    """

    name: str
    sha256: str
    size: int
    media_type: str
    body: bytes
    cut_off: bool


def open_file(path: Path) -> OpenedFile:
    """Read the beginning of a document, and the hash of all of it.

    Raises:
        UsageError: it is not there, is no file, is empty, or is no text in UTF-8; the message says what it is instead.
    """
    try:
        head, sha256, size = _read(path)
    except OSError as exc:
        raise UsageError(f"{path}: cannot be read: {exc.strerror}") from exc
    cut_off = size > len(head)
    body = head[: head.rfind(b"\n") + 1] or head if cut_off else head
    _refuse_what_is_no_text(path, body)
    kind = (
        "text/html"
        if path.suffix.lower() in {".html", ".htm", ".xhtml"} or _HTML.match(body[:_HEAD])
        else "text/markdown"
    )
    return OpenedFile(path.name, sha256, size, kind, body, cut_off)


def _read(path: Path) -> tuple[bytes, str, int]:
    """Return the beginning, the hash and the size of a file; of a large one never more than a block at once."""
    digest, head, size = hashlib.sha256(), bytearray(), 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
            head += block[: max(0, READ_BYTES - len(head))]
    return bytes(head), digest.hexdigest(), size


def _refuse_what_is_no_text(path: Path, body: bytes) -> None:
    """Raise unless the bytes are text in UTF-8."""
    what = next((name for magic, name in _MAGIC.items() if body.startswith(magic)), "")
    if what:
        advice = "; save its text first, e.g. with pdftotext -layout" if what == "a PDF" else ""
        raise UsageError(f"{path}: is {what}; audit reads Markdown and HTML{advice}")
    if not body.strip(b"\xef\xbb\xbf \t\r\n"):
        raise UsageError(f"{path}: is empty")
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UsageError(f"{path}: is text in UTF-16; save it as UTF-8")
    if found := _CONTROLS.search(body):
        raise UsageError(f"{path}: is no text: byte {body[found.start()]:#04x} at {found.start()}")
    try:
        body.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        if exc.start < len(body) - 3:
            where = f"byte {body[exc.start]:#04x} at {exc.start}"
            raise UsageError(f"{path}: looked for text in UTF-8, found {where}; save it as UTF-8") from exc
