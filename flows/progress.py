"""Progress on standard error while a command fetches: a bar of what is to be done, and one of the body on its way.

Where standard error is no terminal, nothing is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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

from scrapers.answers import Arrival

Advance = Callable[[str], None]
Arrived = Callable[[Arrival], None]


@contextmanager
def progress(total: int, *, console: Console | None = None) -> Iterator[tuple[Advance, Arrived | None]]:
    """Show progress as long as the context lasts.

    Args:
        total: number of things that will be done one after the other.
        console: where; standard error when None.

    Yields:
        What to call with a thing's name before it is done; and what to tell of every piece of a body, None where
        nobody would see it.
    """
    shown = console or Console(stderr=True, highlight=False)
    if not shown.is_terminal:
        yield lambda _name: None, None
        return
    things, bodies = _Things(total), _Bodies()
    with Live(Group(things.bar, bodies.bar), console=shown, transient=True):
        yield things.advance, bodies.tell


class _Things:
    """The bar of what is done one after the other."""

    def __init__(self, total: int) -> None:
        self.bar = Progress(TextColumn("{task.description:24}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._task = self.bar.add_task("", total=total)
        self._started = False

    def advance(self, name: str) -> None:
        self.bar.update(self._task, description=name, advance=1 if self._started else 0)
        self._started = True


class _Bodies:
    """The bar of the body on its way: bytes as they travel, their rate, and rows kept."""

    def __init__(self) -> None:
        rows = TextColumn("{task.fields[rows]}")
        self.bar = Progress(
            TextColumn("  {task.description:32}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), rows
        )
        self._name = ""
        self._task: TaskID | None = None

    def tell(self, arrival: Arrival) -> None:
        name = f"{arrival.source}/{arrival.resource}"
        if self._task is None or name != self._name:
            if self._task is not None:
                self.bar.remove_task(self._task)
            self._name, self._task = name, self.bar.add_task(name, total=arrival.announced, rows="")
        rows = "" if arrival.rows is None else f"{arrival.rows:,} rows kept"
        self.bar.update(self._task, completed=arrival.received, rows=rows)
