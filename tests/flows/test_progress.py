"""Progress while a command fetches: what is done, and bytes, rate and rows of the body on its way."""

from __future__ import annotations

import io

from rich.console import Console

from flows.progress import progress
from scrapers.answers import Arrival


def test_body_on_its_way_is_shown_on_a_terminal() -> None:
    """Source and body, bytes of how many, the rate and the rows that were kept; then the next body in its place."""
    text = io.StringIO()
    console = Console(file=text, force_terminal=True, width=160, color_system=None)
    with progress(2, console=console) as (advance, arrived):
        assert arrived is not None
        advance("aws-ec2")
        arrived(Arrival("aws-ec2", "us-east-1.csv", 1_000_000, 402_000_000, 0))
        arrived(Arrival("aws-ec2", "us-east-1.csv", 201_000_000, 402_000_000, 1234))
        advance("aws-spot")
        arrived(Arrival("aws-spot", "spot.json", 500, None, None))
    shown = text.getvalue()

    assert "aws-spot/spot.json" in shown
    assert "500/? bytes" in shown


def test_rows_and_bytes_are_shown() -> None:
    """The last state of a body is what stands there."""
    text = io.StringIO()
    with progress(1, console=Console(file=text, force_terminal=True, width=160, color_system=None)) as (_, arrived):
        assert arrived is not None
        arrived(Arrival("aws-ec2", "us-east-1.csv", 201_000_000, 402_000_000, 1234))

    assert "aws-ec2/us-east-1.csv" in text.getvalue()
    assert "201.0/402.0 MB" in text.getvalue()
    assert "1,234 rows kept" in text.getvalue()


def test_nothing_is_shown_where_nobody_looks() -> None:
    """Without a terminal there is no output, and nobody is to be told."""
    text = io.StringIO()
    with progress(1, console=Console(file=text)) as (advance, arrived):
        advance("aws-ec2")

    assert arrived is None
    assert text.getvalue() == ""
