"""Somebody's document: its tables and sentences, every figure's place, and what could not be read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scrapers.documents.opening import READ_BYTES
from scrapers.documents.reading import read_document
from scrapers.documents.records import Passage, PassageKind, ReadDocument
from scrapers.documents.sentences import LONGEST_LINE
from scrapers.errors import UsageError
from scrapers.places.locate import OpenBody
from scrapers.records import Content, Document, Obtained, Response

FIXTURES = Path(__file__).with_name("fixtures")
DOCUMENTS = sorted(path.name for path in FIXTURES.iterdir() if path.name != "README.md")


def read(folder: Path, text: str, name: str = "document.md") -> ReadDocument:
    """Read a document that holds this text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_document(path)


def cells(document: ReadDocument) -> list[Passage]:
    """Return the cells of a document's tables."""
    return [p for p in document.passages if p.kind is PassageKind.CELL]


def stored(path: Path) -> OpenBody:
    """Open a document as the store would."""
    response = Response(
        path.name, "https://example.com/", "https://example.com/", datetime(2031, 2, 3, tzinfo=UTC), 200, "text/plain",
        Content.of(path.read_bytes()),
    )  # fmt: skip
    return OpenBody(Document.of(response, source="document", obtained=Obtained.IMPORTED))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_locator_of_a_document_resolves(name: str) -> None:
    """At each place of each passage and figure stands what it quotes."""
    body, document = stored(FIXTURES / name), read_document(FIXTURES / name)
    places = [place for p in document.passages for _, place in p.places] + [f.place for f in document.figures]
    assert document.figures
    for place in dict.fromkeys(places):
        assert body.read(place.locator) == place.quote


@pytest.mark.parametrize("name", DOCUMENTS)
def test_figure_stands_in_the_line_it_names(name: str) -> None:
    """A figure's digits are in the source line that its place names."""
    lines = (FIXTURES / name).read_text(encoding="utf-8").splitlines()
    for figure in read_document(FIXTURES / name).figures:
        shown = figure.text.lstrip("~ ").split("/")[0].split()[0]
        around = " ".join(lines[figure.place.line - 1 : figure.place.line + 3])
        assert shown in around


def test_cell_knows_its_column_and_its_row(tmp_path: Path) -> None:
    """A cell carries the head of its column and the other cells of its row, without their markup."""
    document = read(tmp_path, "# T\n\n| GPU | [Price](https://example.com) |\n|---|---|\n| **L40S** | `$1.90`/hr |\n")
    price = cells(document)[1]
    assert (price.text, price.column, price.beside) == ("$1.90/hr", "Price", (("GPU", "L40S"),))
    assert price.headings == ("T",)
    assert price.place.locator == "md:5;2"


def test_table_without_outer_pipes_is_a_table(tmp_path: Path) -> None:
    """GitHub's dialect needs no pipes at the ends of a row."""
    document = read(tmp_path, "GPU | Price\n--- | ---:\nL40S | $1.90\n")
    assert [c.text for c in cells(document)] == ["L40S", "$1.90"]
    assert document.unread == ()


def test_empty_first_cell_stands_for_the_one_above(tmp_path: Path) -> None:
    """Tables leave out what repeats."""
    document = read(tmp_path, "| GPU | Price |\n|---|---|\n| L40S | $1.11 |\n| | $2.22 |\n| ^^ | $3.33 |\n")
    assert [c.beside for c in cells(document) if c.column == "Price"] == [(("GPU", "L40S"),)] * 3


def test_row_that_does_not_fit_is_listed_and_not_guessed(tmp_path: Path) -> None:
    """Which column a cell of a ragged row belongs to is not known; a row that is not closed may be cut off."""
    document = read(tmp_path, "| GPU | Price |\n|---|---|\n| L40S | $1.11 | x |\n| H100 | $2.22 |\n| B200 | $3")
    assert [f.text for f in document.figures] == ["$2.22"]
    assert [(u.line, u.why) for u in document.unread] == [
        (3, "looked for 2 cells as in the table's head, found 3"),
        (5, "the row is not closed: it may be cut off"),
    ]


def test_rows_without_a_head_code_and_comments_are_listed(tmp_path: Path) -> None:
    """What is not read is said, where a price may stand in it."""
    text = "# T\n\n| a | $1.11 |\n\n```\n$2.22\n```\n\n<!-- $3.33 -->\n\n```\nno price\n```\n"
    document = read(tmp_path, text)
    assert document.figures == ()
    assert [u.line for u in document.unread] == [3, 6, 9]


def test_sentence_over_several_lines_is_one_and_its_figures_know_their_lines(tmp_path: Path) -> None:
    """A wrapped paragraph is read as sentences; a figure's place is the line it stands in."""
    document = read(tmp_path, "# T\n\nRunPod sells it\nfor $1.11 and approx. for\n$2.22 too. Then it stops.\n")
    assert [p.text for p in document.passages[1:]] == [
        "RunPod sells it for $1.11 and approx. for $2.22 too.",
        "Then it stops.",
    ]
    assert [f.place.line for f in document.figures] == [4, 5]


def test_list_knows_what_introduces_it(tmp_path: Path) -> None:
    """A sentence that ends with a colon is the lead of the list below it."""
    document = read(tmp_path, "# T\n\nCosts on RunPod:\n\n1. $1.11\n2. $2.22\n   in all\n\nText.\n")
    items = [p for p in document.passages if p.kind is PassageKind.ITEM]
    assert [(i.text, i.lead, i.row) for i in items] == [
        ("$1.11", "Costs on RunPod:", 0),
        ("$2.22 in all", "Costs on RunPod:", 1),
    ]


def test_headings_of_all_kinds(tmp_path: Path) -> None:
    """Marked, underlined and nested headings stand above what follows them."""
    document = read(tmp_path, "Title\n=====\n\n## Two ##\n\n### Three\n\n$1.11\n\nFour\n----\n\n$2.22\n\n---\n")
    assert [f.passage.headings for f in document.figures] == [("Title", "Two", "Three"), ("Title", "Four")]
    assert document.title == "Title"


def test_text_without_blank_lines_has_headings_too() -> None:
    """Of text copied out of a page a short line without a full stop is a heading, one with a colon a small one."""
    document = read_document(FIXTURES / "plain.txt")
    assert document.title == "Renting GPUs on RunPod: Overview"
    assert document.figures[1].passage.headings == ("Renting GPUs on RunPod: Overview", "Costs in short")


def test_front_matter_holds_the_date() -> None:
    """YAML front matter is not text; its date is the document's."""
    document = read_document(FIXTURES / "columns.md")
    assert document.declared_date == "2025-12-01"
    assert not any("title:" in p.text for p in document.passages)


def test_bare_numbers_of_a_price_column_are_figures() -> None:
    """The head of a column gives its numbers their currency."""
    figures = read_document(FIXTURES / "columns.md").figures
    assert len(figures) == 12
    assert {(f.currency, f.passage.column) for f in figures} == {("USD", "Price (USD/hr)")}


def test_merged_cells_stand_in_every_row_they_cover() -> None:
    """A cell over two rows is read in both; a row that is one cell wide is a heading of those below it."""
    document = read_document(FIXTURES / "blog.html")
    found = [(f.passage.beside[0][1], f.passage.column, f.text) for f in document.figures if f.passage.column]
    assert ("A100 SXM", "Price per hour Secure Cloud", "$1.79") in found
    assert ("A100 PCIe", "Price per hour Community Cloud", "contact sales") in found
    assert document.figures[2].passage.headings == (
        "Renting an H100 in November",
        "RunPod Pods, on demand",
        "80 GB",
    )


def test_page_is_read_as_a_reader_sees_it() -> None:
    """Scripts, styles and struck-out prices are not read; a code block with a price is listed."""
    document = read_document(FIXTURES / "blog.html")
    texts = [f.text for f in document.figures]
    assert not {"$9.99", "$8.88/hr", "$7.77", "$6.66/hr"} & set(texts)
    assert [u.why for u in document.unread] == ["a code block is not read"]
    assert (document.media_type, document.declared_date) == ("text/html", "2026-11-09T08:00:00Z")
    assert document.title == "Renting an H100 in November"


def test_odd_pages_are_read(tmp_path: Path) -> None:
    """Layout tables, absurd spans, tables without cells and a page without headings do no harm."""
    text = (
        "<html><title>Only a title</title><body><table><tr><td><table><tr><th>GPU</th><th>$/hr</th></tr>"
        '<tr><td rowspan="99999999">L40S</td><td colspan="x">1.11</td></tr><tr></tr></table></td></tr></table>'
        "<table></table><p>Costs:</p><ul><li>$2.22<ul><li>$3.33</li></ul></li></ul><pre>nothing</pre>"
        "<script>$4.44</script></body></html>"
    )
    document = read(tmp_path, text, "page.html")
    assert [f.text for f in document.figures] == ["1.11", "$2.22", "$3.33"]
    assert document.title == "Only a title"
    assert [f.passage.lead for f in document.figures] == ["", "Costs:", "Costs:"]
    assert document.declared_date == ""


def test_deeply_nested_page_is_read(tmp_path: Path) -> None:
    """Depth costs no recursion."""
    assert len(read(tmp_path, "<div>" * 3000 + "$1.11", "deep.html").figures) == 1


def test_price_in_words_is_listed() -> None:
    """Spelled-out prices are listed with their line."""
    unread = read_document(FIXTURES / "gaps.md").unread
    assert "a price in words is not read: 'one dollar'" in [u.why for u in unread]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7 ...", "is a PDF; audit reads Markdown and HTML; save its text first"),
        (b"PK\x03\x04....", "is a Word, Excel or zip file"),
        (b"\x89PNG\r\n\x1a\n", "is a picture"),
        (b"# T\n\x00\x01", "is no text: byte 0x00 at 4"),
        (b"# T\ncaf\xe9 and more", "looked for text in UTF-8, found byte 0xe9 at 7"),
        ("# T\n$1.11".encode("utf-16"), "is text in UTF-16; save it as UTF-8"),
        (b"", "is empty"),
        (b"\xef\xbb\xbf \n", "is empty"),
    ],
)
def test_what_is_no_document_is_refused_by_name(tmp_path: Path, content: bytes, what: str) -> None:
    """A PDF, a binary or another encoding given as Markdown ends in one message that says what it is."""
    path = tmp_path / "document.md"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"document\.md: ") as caught:
        read_document(path)
    assert what in str(caught.value)


def test_missing_file_and_folder_are_named(tmp_path: Path) -> None:
    """A file that is not there, or is a folder, ends in one message."""
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_document(tmp_path / "absent.md")
    with pytest.raises(UsageError, match="cannot be read: Is a directory"):
        read_document(tmp_path)


def test_of_a_large_file_the_beginning_is_read(tmp_path: Path) -> None:
    """What lies after the first two megabytes is listed as not read; the hash is that of the whole file."""
    line = "é" * 1000 + "\n\n"
    document = read(tmp_path, "# T\n\nRunPod: $1.11/hr\n\n" + line * (READ_BYTES // 2000 + 10))
    assert document.cut_off
    assert [f.text for f in document.figures] == ["$1.11/hr"]
    assert document.size > READ_BYTES
    assert "was not read" in document.unread[-1].why


def test_more_than_a_person_reads_is_left_out_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures, sentences, lines and sentences without end are bounded, and what is left out is listed."""
    for module, name, limit in (("reading", "MOST_FIGURES", 50), ("reading", "MOST_PASSAGES", 100)):
        monkeypatch.setattr(f"scrapers.documents.{module}.{name}", limit)
    for module, name, limit in (("html", "MOST_PASSAGES", 100), ("html_table", "_MOST_CELLS", 120)):
        monkeypatch.setattr(f"scrapers.documents.{module}.{name}", limit)
    many = read(tmp_path, "| a | b |\n|---|---|\n" + "| $1.11 | $2.22 |\n" * 51)
    assert len(many.figures) == 50
    assert [u.why.split(":")[0] for u in many.unread] == ["more than 50 figures", "more than 100 sentences and cells"]
    page = read(tmp_path, "<table>" + "<tr><td>a</td><td>$1.11</td></tr>" * 90 + "</table><p>$2.22</p>", "page.html")
    assert len(page.passages) <= 100
    assert any("sentences and cells" in u.why for u in page.unread)
    monkeypatch.undo()
    long = read(tmp_path, "# T\n\n" + "$1.11 " * LONGEST_LINE + "\n\n" + "a " * 3000)
    assert [u.line for u in long.unread] == [3, 5]
    assert "$1.11" not in [f.text for f in long.figures]
    paragraph = read(tmp_path, f"<p>{'a ' * LONGEST_LINE}</p><p>$1.11</p><p>{'b' * 5000}</p>", "long.html")
    assert len(paragraph.unread) == 2
    assert len(paragraph.figures) == 1
