"""Four files, all or none, the same bytes each time."""

from dataclasses import replace
from pathlib import Path

import pytest

from reports import render
from reports.figures_file import figures_file
from reports.records import Report
from reports.render import RenderedPaths, render_html, render_markdown, render_pdf, write_report


def test_four_files_are_written(small: Report, tmp_path: Path) -> None:
    """The folder is made, and the files hold what the renderers return, with line feeds only."""
    folder = tmp_path / "new" / "out"
    paths = write_report(small, folder, "example-2031-02-10")

    name, figures = paths.figures.name, paths.figures.read_bytes()

    assert paths == RenderedPaths(
        *(folder / f"example-2031-02-10.{suffix}" for suffix in ("md", "html", "pdf", "figures.json"))
    )
    assert paths.markdown.read_bytes() == render_markdown(small).encode()
    assert paths.html.read_bytes() == render_html(small, figures=name).encode()
    assert paths.pdf.read_bytes() == render_pdf(small, attached=(name, figures))
    assert figures == figures_file(small, {"md": paths.markdown.read_bytes(), "html": paths.html.read_bytes()})
    assert b"\r" not in paths.markdown.read_bytes() + paths.html.read_bytes()
    assert len(list(folder.iterdir())) == 4


def test_report_that_cannot_be_rendered_replaces_nothing(
    small: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure in the last form leaves the files of the earlier run as they were."""
    before = {path.name: path.read_bytes() for path in _written(write_report(small, tmp_path, "r"))}

    def fail(_: Report, **__: object) -> bytes:
        raise OSError("no Pango")

    monkeypatch.setattr(render, "render_pdf", fail)
    with pytest.raises(OSError, match="no Pango"):
        write_report(replace(small, title="Another"), tmp_path, "r")

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def _written(paths: RenderedPaths) -> tuple[Path, ...]:
    """List the four paths."""
    return paths.markdown, paths.html, paths.pdf, paths.figures


@pytest.mark.parametrize("stem", ["", ".", "..", ".hidden", "a/b", "/a", "../a"])
def test_stem_is_a_plain_file_name(small: Report, tmp_path: Path, stem: str) -> None:
    """A brief's name cannot make the report land in another folder."""
    with pytest.raises(ValueError, match="is not a file name"):
        write_report(small, tmp_path, stem)

    assert list(tmp_path.iterdir()) == []
