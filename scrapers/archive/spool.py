"""Receiving a body of any size: hashed and compressed while it arrives, in memory while it is small.

One pass, and memory does not grow with the body: the piece that arrived is compressed by a second thread while the
next one is on its way.
"""

from __future__ import annotations

import hashlib
import queue
import secrets
import threading
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

from scrapers.errors import StoreError
from scrapers.records import Content

ZSTD_LEVEL = 3
"""Level 9 makes a price list 20 % smaller and takes four times as long as the network."""
IN_MEMORY = 1 << 20
"""A body up to this size, in bytes, never touches the disk before it is stored."""
_BLOCK = 1 << 21
"""What the second thread takes at once, in bytes: for each block it waits three times until it may run Python."""
_QUEUED = 2


def open_packed(path: Path) -> BinaryIO:
    """Open a zstd file as the stream of what it holds."""
    return cast("BinaryIO", zstandard.ZstdDecompressor().stream_reader(path.open("rb"), closefd=True))


class Spool:
    """A body that is being received."""

    def __init__(self, folder: Path) -> None:
        """Take the folder in which a large body is packed; it must outlive the content."""
        self._folder = folder
        self._small = bytearray()
        self._packer: _Packer | None = None

    def write(self, piece: bytes) -> None:
        """Take the next piece.

        Raises:
            StoreError: the disk refuses.
        """
        if self._packer is None and len(self._small) + len(piece) > IN_MEMORY:
            self._packer = _Packer(self._folder / secrets.token_hex(8))
            self._packer.write(bytes(self._small))
            self._small.clear()
        if self._packer is None:
            self._small += piece
        else:
            self._packer.write(piece)

    def close(self) -> Content:
        """Return the whole body.

        Raises:
            StoreError: the disk refuses.
        """
        if self._packer is None:
            return Content.of(bytes(self._small))
        return self._packer.close()

    def abandon(self) -> None:
        """Forget a body that broke off on its way."""
        if self._packer is not None:
            self._packer.abandon()


class _Packer:
    """Hashes and compresses in a thread of its own; both let other threads run meanwhile."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._size = 0
        self._hash = hashlib.sha256()
        self._error: OSError | None = None
        self._gathered: list[bytes] = []
        self._gathered_size = 0
        self._blocks: queue.Queue[list[bytes] | None] = queue.Queue(_QUEUED)
        self._thread = threading.Thread(target=self._pack, daemon=True)
        self._thread.start()

    def write(self, piece: bytes) -> None:
        if self._error is not None:
            self._refuse(self._error)
        self._size += len(piece)
        self._gathered.append(piece)
        self._gathered_size += len(piece)
        if self._gathered_size >= _BLOCK:
            self._blocks.put(self._gathered)
            self._gathered, self._gathered_size = [], 0

    def close(self) -> Content:
        self._blocks.put(self._gathered)
        self._blocks.put(None)
        self._thread.join()
        if self._error is not None:
            self._refuse(self._error)
        return Content(self._size, self._hash.hexdigest(), lambda: open_packed(self._path), self._path)

    def abandon(self) -> None:
        self._blocks.put(None)
        self._thread.join()
        self._path.unlink(missing_ok=True)

    def _pack(self) -> None:
        try:
            compressor = zstandard.ZstdCompressor(level=ZSTD_LEVEL)
            with self._path.open("xb") as file, compressor.stream_writer(file, closefd=False) as packed:
                while (pieces := self._blocks.get()) is not None:
                    block = b"".join(pieces)
                    self._hash.update(block)
                    packed.write(block)
        except OSError as exc:
            self._error = exc
            while self._blocks.get() is not None:
                pass

    def _refuse(self, error: OSError) -> None:
        raise StoreError(f"{self._path}: cannot be written ({error.strerror})") from error


def pack(content: Content, path: Path) -> None:
    """Write a content that is in memory as a zstd file.

    Raises:
        OSError: the disk refuses, or the file is there.
    """
    compressor = zstandard.ZstdCompressor(level=ZSTD_LEVEL)
    with path.open("xb") as file, content.open() as stream:
        compressor.copy_stream(stream, file, size=content.size)
