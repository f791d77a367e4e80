"""Progress on standard error while a command fetches: a bar of what is to be done, and a line per body on its way.

Where standard error is no terminal, nothing is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console, Group
from rich.live import Live
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TransferSpeedColumn,
)
from rich.table import Column

from flows.way_out import Arrived
from scrapers.wire.answers import Arrival

Done = Callable[[str], None]


@contextmanager
def progress(names: Sequence[str], *, console: Console | None = None) -> Iterator[tuple[Done, Arrived | None]]:
    """Show progress as long as the context lasts.

    Args:
        names: of the things that will be done, in whatever order: sources, versions.
        console: where; standard error when None.

    Yields:
        What to call with a thing's name when it is done; and what to tell of every piece of a body, in any thread,
        None where nobody would see it.
    """
    shown = console or Console(stderr=True, highlight=False)
    if not shown.is_terminal:
        yield lambda _name: None, None
        return
    things, bodies = _Things(names), _Bodies()

    def done(name: str) -> None:
        things.done(name)
        bodies.done(name)

    with Live(Group(things.bar, bodies.bar), console=shown, transient=True):
        yield done, bodies.tell


class _Things:
    """The bar of what is done, with the names of what is not: those of a source that hangs are the last to stand."""

    def __init__(self, names: Sequence[str]) -> None:
        names_column = TextColumn("{task.description}", table_column=Column(no_wrap=True, overflow="ellipsis", ratio=1))
        self.bar = Progress(MofNCompleteColumn(), TimeElapsedColumn(), names_column, expand=True)
        self._open = list(names)
        self._task = self.bar.add_task(", ".join(names), total=len(names))

    def done(self, name: str) -> None:
        self._open.remove(name)
        self.bar.update(self._task, description=", ".join(self._open), advance=1)


class _Bodies:
    """A line per source: the body on its way, bytes as they travel, their rate, and rows kept."""

    def __init__(self) -> None:
        rows = TextColumn("{task.fields[rows]}")
        self.bar = Progress(
            TextColumn("  {task.description:32}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), rows
        )
        self._lines: dict[str, tuple[str, TaskID]] = {}

    def tell(self, arrival: Arrival) -> None:
        resource, line = self._lines.get(arrival.source, ("", None))
        if line is None or resource != arrival.resource:
            self.done(arrival.source)
            line = self.bar.add_task(f"{arrival.source}/{arrival.resource}", total=arrival.announced, rows="")
            self._lines[arrival.source] = arrival.resource, line
        rows = "" if arrival.rows is None else f"{arrival.rows:,} rows kept"
        self.bar.update(line, completed=arrival.received, rows=rows)

    def done(self, source: str) -> None:
        """Take away a source's line; its next body gets another, with a rate of its own."""
        if source in self._lines:
            self.bar.remove_task(self._lines.pop(source)[1])
