"""Progress while sources are fetched: what is not done yet, and bytes, rate and rows of each body on its way."""

from __future__ import annotations

import io
import threading

from rich.console import Console

from flows.progress import progress
from scrapers.wire.answers import Arrival


def terminal() -> tuple[io.StringIO, Console]:
    """Return a terminal, and what was written on it."""
    text = io.StringIO()
    return text, Console(file=text, force_terminal=True, width=160, color_system=None)


def last(text: io.StringIO) -> str:
    """Return what stands on the terminal at last, before it is wiped: what follows the last line that was cleared."""
    return text.getvalue().partition("\x1b[?25h")[0].rpartition("\x1b[2K")[2]


def test_each_body_on_its_way_has_a_line() -> None:
    """Two sources at once stand below each other, with bytes of how many, and the rows that were kept."""
    text, console = terminal()
    with progress(["aws-ec2", "aws-spot"], console=console) as (_, arrived):
        assert arrived is not None
        arrived(Arrival("aws-ec2", "us-east-1.csv", 201_000_000, 402_000_000, 1234))
        arrived(Arrival("aws-spot", "spot.json", 500, None, None))
    shown = last(text)
    lines = [line for line in shown.splitlines() if "/" in line]

    assert any("aws-ec2/us-east-1.csv" in line and "201.0/402.0 MB" in line for line in lines)
    assert any("aws-ec2/us-east-1.csv" in line and "1,234 rows kept" in line for line in lines)
    assert any("aws-spot/spot.json" in line and "500/? bytes" in line for line in lines)


def test_next_body_takes_the_line_of_its_source() -> None:
    """A source has one line, however many bodies it has."""
    text, console = terminal()
    with progress(["aws-ec2"], console=console) as (_, arrived):
        assert arrived is not None
        arrived(Arrival("aws-ec2", "us-east-1.csv", 402_000_000, 402_000_000, 7))
        arrived(Arrival("aws-ec2", "eu-west-1.csv", 100, 402_000_000, 0))
    shown = last(text)

    assert "eu-west-1.csv" in shown
    assert "us-east-1.csv" not in shown


def test_source_that_is_done_is_gone() -> None:
    """Its line and its name go; the names that stand are those that are waited for."""
    text, console = terminal()
    with progress(["aws-ec2", "aws-spot", "runpod-docs"], console=console) as (done, arrived):
        assert arrived is not None
        arrived(Arrival("aws-spot", "spot.json", 500, None, None))
        done("aws-spot")
        done("runpod-docs")
    shown = last(text)

    assert "2/3" in shown
    assert "aws-ec2" in shown
    assert "aws-spot" not in shown


def test_many_threads_may_tell_at_once() -> None:
    """Every source tells from its own thread, while another thread says what is done."""
    text, console = terminal()
    names = [f"example-{number}" for number in range(12)]

    def fetch(name: str) -> None:
        for body in range(20):
            for received in (10, 20):
                arrived(Arrival(name, f"{body}.csv", received, 20, None))

    with progress(names, console=console) as (done, arrived):
        assert arrived is not None
        threads = [threading.Thread(target=fetch, args=(name,)) for name in names]
        for thread in threads:
            thread.start()
        for name, thread in zip(names, threads, strict=True):
            thread.join()
            done(name)

    assert "12/12" in last(text)
    assert ".csv" not in last(text)


def test_many_names_do_not_break_the_line() -> None:
    """More names than the terminal is wide end in an ellipsis."""
    text = io.StringIO()
    console = Console(file=text, force_terminal=True, width=60, color_system=None)
    with progress([f"example-{number}" for number in range(12)], console=console):
        pass
    (line,) = last(text).splitlines()[:1]

    assert "0/12" in line
    assert "example-0" in line
    assert "…" in line
    assert "example-11" not in last(text)


def test_nothing_is_shown_where_nobody_looks() -> None:
    """Without a terminal there is no output, and nobody is to be told."""
    text = io.StringIO()
    with progress(["aws-ec2"], console=Console(file=text)) as (done, arrived):
        done("aws-ec2")

    assert arrived is None
    assert text.getvalue() == ""
