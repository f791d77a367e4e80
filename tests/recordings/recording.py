"""A source's recording in its folder: of one kind or another, kept or waiting to be taken over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import cassettes
import hars
from reading import Note, Read

from flows.settings import Settings
from scrapers.registry import default_source_ids, source_record

RECORDINGS = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of recording, and what is done with it.

    Attributes:
        files_of: returns the names of a source's files.
        record: makes one in a folder.
        replay: reads a source out of one in a folder.
        read_note: returns what one in a folder says about itself.
    """

    files_of: Callable[[str], tuple[str, ...]]
    record: Callable[[str, Path, Sequence[str], Settings, datetime], Read]
    replay: Callable[[Path, str], Read]
    read_note: Callable[[Path, str], Note]


CASSETTE = Kind(cassettes.files_of, cassettes.record, cassettes.replay, cassettes.read_note)
HAR = Kind(hars.files_of, hars.record, hars.replay, hars.read_note)


@dataclass(frozen=True, slots=True)
class Recording:
    """A source's recording: the kept one, which the tests replay, and a new one that waits to be taken over."""

    source: str
    folder: Path

    @property
    def kind(self) -> Kind:
        """A cassette, or a HAR where a browser reads the source."""
        return HAR if source_record(self.source).method == "browser" else CASSETTE

    @property
    def waiting(self) -> Path:
        """The folder of new recordings."""
        return self.folder / "new"

    def is_in(self, folder: Path) -> bool:
        """Return whether there is a recording in a folder."""
        return (folder / self.kind.files_of(self.source)[0]).exists()

    def size(self) -> int:
        """Return the size of the new recording's largest file, in bytes."""
        return max((self.waiting / name).stat().st_size for name in self._names_in(self.waiting))

    def is_new(self) -> bool:
        """Return whether the new recording differs in any byte from the kept one."""
        both = zip(self._contents(self.folder), self._contents(self.waiting), strict=True)
        return any(kept != new for kept, new in both)

    def discard(self) -> None:
        """Remove the new recording, if there is one."""
        for name in self._names_in(self.waiting):
            (self.waiting / name).unlink()
        if self.waiting.exists() and not any(self.waiting.iterdir()):
            self.waiting.rmdir()

    def take_over(self) -> None:
        """Put the new recording in the place of the kept one."""
        for name in self.kind.files_of(self.source):
            if (self.waiting / name).exists():
                (self.waiting / name).replace(self.folder / name)
            else:
                (self.folder / name).unlink(missing_ok=True)
        self.discard()

    def _names_in(self, folder: Path) -> list[str]:
        return [name for name in self.kind.files_of(self.source) if (folder / name).exists()]

    def _contents(self, folder: Path) -> list[bytes | None]:
        paths = (folder / name for name in self.kind.files_of(self.source))
        return [path.read_bytes() if path.exists() else None for path in paths]


def recorded_sources() -> list[str]:
    """Return the sources that have a recording: those that anybody can read, and that publish prices."""
    return [source for source in default_source_ids() if source_record(source).publishes_prices]
