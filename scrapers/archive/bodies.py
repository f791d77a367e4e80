"""Bodies on the disk: zstd-compressed, written once, read with size and hash checked."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import zstandard

from scrapers.archive.spool import open_packed, pack
from scrapers.errors import CorruptError, StoreError
from scrapers.records import Capture, Content

if TYPE_CHECKING:
    from typing import BinaryIO

_PIECE = 1 << 20


def open_body(root: Path, capture: Capture) -> BinaryIO:
    """Open the body of a capture as it was served; closing it has checked all of it.

    Args:
        root: the store's folder.
        capture: names the file, and the size and sha256 its content must have.

    Raises:
        CorruptError: now or while it is read: the bytes are gone, unreadable, or not those that were stored.
    """
    path = root / capture.body
    try:
        packed = open_packed(path)
    except OSError as exc:
        raise _unreadable(path, exc) from exc
    return io.BufferedReader(_Checked(packed, path, capture), _PIECE)


class _Checked(io.RawIOBase):
    """A stream that compares what went through it with what was stored."""

    def __init__(self, packed: BinaryIO, path: Path, capture: Capture) -> None:
        super().__init__()
        self._packed = packed
        self._path = path
        self._capture = capture
        self._hash = hashlib.sha256()
        self._size = 0
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # narrower than the stub
        try:
            piece = self._packed.read(len(buffer))
        except (OSError, zstandard.ZstdError) as exc:
            self._ended = True
            raise _unreadable(self._path, exc) from exc
        self._size += len(piece)
        self._hash.update(piece)
        if not piece or self._size > self._capture.size:
            self._ended = True
            self._check()
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        """Read what nobody read, so that a damaged body is never taken for a whole one."""
        if self.closed:
            return
        try:
            rest = bytearray(_PIECE)
            while not self._ended:
                self.readinto(rest)
        finally:
            self._packed.close()
            super().close()

    def _check(self) -> None:
        found, stored = self._hash.hexdigest(), self._capture
        if self._size != stored.size or found != stored.sha256:
            raise CorruptError(
                f"{self._path}: holds {self._size} bytes with sha256 {found[:12]}, but {stored.source} was stored "
                f"with {stored.size} bytes and sha256 {stored.sha256[:12]}; restore it from a backup"
            )


def _unreadable(path: Path, error: Exception) -> CorruptError:
    return CorruptError(f"{path}: cannot be read ({error}); restore it from a backup or remove its snapshot")


def read_body(root: Path, capture: Capture) -> bytes:
    """Return the body of a capture as it was served; arguments and errors as in `open_body`."""
    with open_body(root, capture) as stream:
        return stream.read()


def is_whole(root: Path, capture: Capture) -> bool:
    """Return whether a stored body is what was stored: referring to a damaged one would lose the one at hand."""
    try:
        open_body(root, capture).close()
    except CorruptError:
        return False
    return True


def write_body(path: Path, content: Content) -> None:
    """Bring a content into a new file: taken over where it is packed already, else compressed.

    Raises:
        StoreError: it is there already, or the disk refuses.
    """
    with _new_file(path) as temporary:
        if content.packed is None:
            pack(content, temporary)
        else:
            _take_over(content.packed, temporary)


def _take_over(packed: Path, path: Path) -> None:
    """Give a packed file a second name; where it lies on another disk, copy it."""
    try:
        os.link(packed, path)
    except OSError:
        shutil.copyfile(packed, path)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that must not be there yet: whole or not at all, on the disk before this returns.

    Raises:
        StoreError: it is there already, or the disk refuses.
    """
    with _new_file(path) as temporary, temporary.open("xb") as file:
        file.write(content)


@contextmanager
def _new_file(path: Path) -> Iterator[Path]:
    """Give a name beside a file that is to be; what was written there becomes the file, whole or not at all."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        _publish(temporary, path)
    except FileExistsError as exc:
        raise StoreError(f"{path}: is there already; nothing in the store is overwritten") from exc
    except OSError as exc:
        raise StoreError(f"{path}: cannot be written ({exc.strerror})") from exc
    finally:
        temporary.unlink(missing_ok=True)


def _publish(temporary: Path, path: Path) -> None:
    """Bring a written file to the disk and give it its name; a link, unlike a rename, never replaces what is there."""
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    os.link(temporary, path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
