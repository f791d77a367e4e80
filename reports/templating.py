"""The templates' environment: where they lie and what a block may be asked."""

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reports.records import Bullets, Heading, Paragraph, Table

TEMPLATES = Path(__file__).parent / "templates"
SHORT_HASH = 12
"""How many characters of a sha256 are printed: enough to find a body by."""


def environment(*, autoescape: bool, finalize: Callable[[object], object] | None = None) -> Environment:
    """Make an environment in which a name that is not there is an error.

    Args:
        autoescape: whether everything printed is escaped for HTML; Markdown has filters of its own.
        finalize: called with every value that a template prints, before it is escaped.
    """
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=autoescape,  # noqa: S701  # off for Markdown only
        finalize=finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    kinds: dict[str, type] = {"paragraph": Paragraph, "heading": Heading, "bullets": Bullets, "table": Table}
    made.tests |= {name: lambda block, kind=kind: isinstance(block, kind) for name, kind in kinds.items()}
    made.filters["short_hash"] = lambda sha256: sha256[:SHORT_HASH]
    return made
