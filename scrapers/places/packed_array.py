"""A large JSON array whose elements are all at hand at once, in the memory that they take compressed."""

from __future__ import annotations

from typing import BinaryIO

import zstandard

from scrapers.places.json_array import read_elements

_LEVEL = 1


class PackedArray:
    """The elements of one array, by their place from 0."""

    def __init__(self, stream: BinaryIO) -> None:
        """Read the array in one pass.

        Raises:
            NoArrayError: it does not begin as an array.
            ValueError: it breaks off, or holds what is no JSON.
        """
        packer = zstandard.ZstdCompressor(level=_LEVEL)
        # In one piece: thousands of small ones would leave gaps of the size of an element between them.
        self._packed = bytearray()
        self._starts = [0]
        for element in read_elements(stream):
            self._packed += packer.compress(element)
            self._starts.append(len(self._packed))

    def __getitem__(self, index: int) -> bytes:
        """Return an element as it is printed.

        Raises:
            IndexError: the array has fewer.
        """
        start, end = self._starts[index], self._starts[index + 1]
        return zstandard.ZstdDecompressor().decompress(memoryview(self._packed)[start:end])
