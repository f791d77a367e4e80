"""Bodies on the disk: zstd-compressed, written once, read with size and hash checked."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

import zstandard

from scrapers.errors import CorruptError, StoreError
from scrapers.records import Capture

_ZSTD_LEVEL = 9


def read_body(root: Path, capture: Capture) -> bytes:
    """Return the body of a capture as it was served.

    Args:
        root: the store's folder.
        capture: names the file, and the size and sha256 its content must have.

    Raises:
        CorruptError: the bytes are gone, unreadable, or not those that were stored.
    """
    path = root / capture.body
    try:
        with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
            body = stream.read(capture.size + 1)
    except (OSError, zstandard.ZstdError) as exc:
        problem = f"{path}: cannot be read ({exc}); restore it from a backup or remove its snapshot"
        raise CorruptError(problem) from exc
    found = hashlib.sha256(body).hexdigest()
    if len(body) != capture.size or found != capture.sha256:
        raise CorruptError(
            f"{path}: holds {len(body)} bytes with sha256 {found[:12]}, but {capture.source} was stored "
            f"with {capture.size} bytes and sha256 {capture.sha256[:12]}; restore it from a backup"
        )
    return body


def write_body(path: Path, body: bytes) -> None:
    """Compress a body into a new file.

    Raises:
        StoreError: it is there already, or the disk refuses.
    """
    write_new(path, zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(body))


def write_new(path: Path, content: bytes) -> None:
    """Write a file that must not be there yet: whole or not at all, on the disk before this returns.

    Raises:
        StoreError: it is there already, or the disk refuses.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, path)  # unlike a rename, a link never replaces what is there
        sync_folder(path.parent)
    except FileExistsError as exc:
        raise StoreError(f"{path}: is there already; nothing in the store is overwritten") from exc
    except OSError as exc:
        raise StoreError(f"{path}: cannot be written ({exc.strerror})") from exc
    finally:
        temporary.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
