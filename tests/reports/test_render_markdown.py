"""The Markdown is the deliverable's own form, and nothing that a record says becomes structure in it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reports.as_markdown import render_markdown
from reports.markdown_table import display_width, table_lines
from reports.markdown_text import address, code, inline, paragraph, text
from reports.records import Column, Mark, Report, Span, Table
from reports.untrusted import legible

SNAPSHOT = Path(__file__).with_name("fixtures") / "render_small.md"
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])

# Text that is likely to be structure somewhere.
SIGNS = st.sampled_from(
    [
        *"\\`*_[]()<>#|~=%$&!^:+-.@ \t\n\r\x0b\x85\u2028aZ0é",
        *("**", "~~", "==", "%%", "[[", "]]", "```", "---", "1. ", "- ", "> ", "[^1]", "![", "](", "$1"),
        *("<b>", "</td>", "<!--", "&lt;", "&#60;", "http://a.example", "www.a.example"),
    ]
)
TEXTS = st.lists(SIGNS | st.text(max_size=3), max_size=12).map("".join)
SPANS = st.builds(
    Span, text=TEXTS, bold=st.booleans(), code=st.booleans(), wiki=st.booleans(), mark=st.sampled_from(Mark)
)


def shown(markdown: str) -> str:
    """Render Markdown that must be one paragraph, and read its text as a person would."""
    html = MARKDOWN.render(markdown)
    assert re.fullmatch(r"<p>[^<>]*</p>\n|", html), html
    return (
        re.sub(r"</?p>|\n\Z", "", html)
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", '"')
        .replace("&amp;", "&")
    )


def test_small_report_is_the_reviewed_text(small: Report) -> None:
    """Every kind of block, span, mark and receipt is printed as reviewed."""
    assert render_markdown(small) == SNAPSHOT.read_text(encoding="utf-8")


def test_report_is_framed_as_the_deliverable(large: Report) -> None:
    """Front matter, title, wiki link, numbered sections and footer stand exactly as in the hand-made deliverable."""
    markdown = render_markdown(large)

    assert markdown.startswith(
        "---\npublish: true\ndate: 2031-02-10\n---\n\n"
        "# Examplecloud vs Otherhost GPU Comparison\n[[client-example]]\n\n"
    )
    assert markdown.endswith("\n---\n\n*Report generated: 2031-02-10*\n*Related Issue: example/deliverables#9*\n")
    titles = [f"{section.number}. {section.title}" for section in large.sections]
    assert re.findall(r"^## (.*)$", markdown, re.MULTILINE) == [*titles, "Receipts"]
    assert "\n\n\n" not in markdown


def test_parts_that_a_report_lacks_leave_no_trace(small: Report) -> None:
    """Without client page, notices, receipts and issue there is no empty line, heading or footer line for them."""
    bare = replace(small, publish=False, client_link="", notices=(), sections=(), receipts=(), related_issue="")

    assert render_markdown(bare) == (
        "---\npublish: false\ndate: 2031-02-10\n---\n\n# Examplecloud vs Otherhost GPU Comparison\n\n"
        "**Examplecloud is cheaper for every GPU that both sell, by 11 to 22 percent.**\n\n"
        "Market data as of 2031-02-03 04:05 UTC.\n\n---\n\n*Report generated: 2031-02-10*\n"
    )


def test_every_citation_has_its_definition(large: Report) -> None:
    """A footnote is defined once for each receipt, and every citation finds its definition."""
    markdown = render_markdown(large)

    defined = re.findall(r"^\[\^(\d+)\]: ", markdown, re.MULTILINE)
    assert [int(number) for number in defined] == list(range(1, 61))
    assert set(re.findall(r"\[\^(\d+)\](?!: )", markdown)) == set(defined)


@pytest.mark.parametrize(
    "plain",
    [
        "$1.90 against $2.61/hr, +37% AWS",
        "~5 minutes, ~$1.10/hr and <2.3 seconds",
        "R&D: ml.g6e.xlarge (48GB) - 8x only",
        "snake_case_name, 10-100+ GB, 0 → 1",
        "DaveX2001/deliverable-tracking#9",
        'it\'s "quoted"; 5 > 3, a = b, 50 %',
    ],
)
def test_harmless_signs_stay_as_they_are(plain: str) -> None:
    """What reads raw as it should is not escaped."""
    assert text(plain) == plain


@pytest.mark.parametrize(
    ("plain", "markdown"),
    [
        ("a|b", r"a\|b"),
        ("*a* _b_ __init__", r"\*a\* \_b\_ \_\_init\_\_"),
        ("[a](b) [[c]] [^1]", r"\[a\](b) \[\[c\]\] \[\^1\]"),
        ("<b>x</b> <!-- y", "&lt;b>x&lt;/b> &lt;!-- y"),
        ("&lt;b&gt;", "&amp;lt;b&amp;gt;"),
        ("5 US$ and 6 US$", r"5 US\$ and 6 US\$"),
        ("#tag ==mark== %%hidden%% ~~gone~~", r"\#tag \=\=mark\=\= \%\%hidden\%\% \~\~gone\~\~"),
        ("https://a.example www.b.example", r"https\://a.example www\.b.example"),
        ("two\r\nlines\u2028and\tmore", "two lines and more"),
    ],
)
def test_structure_is_escaped(plain: str, markdown: str) -> None:
    """Everything that CommonMark, GitHub or Obsidian would make structure of is escaped."""
    assert text(plain) == markdown


@pytest.mark.parametrize(
    ("plain", "markdown"),
    [
        ("- a", r"\- a"),
        ("--- a", r"\--- a"),
        ("+ a", r"\+ a"),
        ("-5 %", "-5 %"),
        ("1. a", r"1\. a"),
        ("12) a", r"12\) a"),
        ("1.90 USD", "1.90 USD"),
        ("> a", r"\> a"),
        ("# a", r"\# a"),
        ("=", r"\="),
        ("```", r"\`\`\`"),
    ],
)
def test_line_starts_no_block(plain: str, markdown: str) -> None:
    """A paragraph or list item that begins like a list, rule, quotation or heading is still plain text."""
    assert paragraph((Span(plain),)) == markdown


@pytest.mark.parametrize(
    ("spans", "markdown"),
    [
        ((Span("Total: ", bold=True), Span("5")), "**Total:** 5"),
        ((Span("a", bold=True), Span("b", bold=True)), "**a**b"),
        ((Span("(a)", bold=True), Span("b")), "(a)b"),
        ((Span("a", code=True), Span("b", code=True)), "`a`b"),
        ((Span("a`b", code=True),), "``a`b``"),
        ((Span("`a`", code=True),), "`` `a` ``"),
        ((Span("a|b", code=True),), r"`a\|b`"),
        ((Span("x", bold=True, code=True, url="https://a.example/b"),), "[**`x`**](https://a.example/b)"),
        ((Span("a]b", url="https://a.example"),), r"[a\]b](https://a.example)"),
        ((Span("a", url="javascript:alert(1)"),), "a"),
        ((Span("client-x", wiki=True),), "[[client-x]]"),
        ((Span("a|b]]", wiki=True),), r"a\|b\]\]"),
        ((Span("1.11 ", receipts=(1, 2)), Span("next")), "1.11[^1][^2] next"),
        ((Span("1.11", receipts=(1,)), Span("(x)")), r"1.11[^1]\(x)"),
        ((Span("", receipts=(1,)), Span(": x")), r"[^1]\: x"),
        ((Span("1.11", receipts=(1,)), Span(": x")), "1.11[^1]: x"),
        ((Span("now!", receipts=(1,)),), r"now\![^1]"),
        ((Span("now!"), Span("here", url="https://a.example")), r"now\![here](https://a.example)"),
        ((Span("", receipts=(1,)),), "[^1]"),
        ((Span("https:"), Span("//a.example")), r"https\://a.example"),
        ((Span("8x only", mark=Mark.LIMITED, bold=True),), "⚠️ **8x only**"),
    ],
)
def test_spans_do_not_disturb_each_other(spans: tuple[Span, ...], markdown: str) -> None:
    """Bold, literals, links and receipts keep their meaning whatever stands beside them."""
    assert inline(spans, cell=True) == markdown


def test_address_cannot_end_its_link() -> None:
    """Brackets, pipes, stray per cent signs and entities in an address are encoded."""
    assert (
        address("https://a.example/x(1)|<y>?a=100%&copy;=é")
        == "https://a.example/x%281%29%7C%3Cy%3E?a=100%25&amp;copy;=%C3%A9"
    )
    assert address("https://a.example/p%20q?a=1&b=2#c") == "https://a.example/p%20q?a=1&b=2#c"


def test_empty_literal_is_nothing() -> None:
    """A literal without text leaves no empty fence."""
    assert code(" ") == ""


@given(TEXTS)
def test_any_text_reads_as_itself(plain: str) -> None:
    """Rendered, an escaped text is one paragraph that says what the text said."""
    assert shown(paragraph((Span(plain),))) == legible(plain).strip()


@given(st.lists(st.lists(SPANS, max_size=3).map(tuple), min_size=2, max_size=2))
def test_any_cells_stay_in_their_cells(row: list[tuple[Span, ...]]) -> None:
    """Whatever two cells hold, the table has two columns, one row, and no line, tag or cell more."""
    lines = table_lines(Table("", (Column("a|b"), Column("c")), (tuple(row),)))

    assert len(lines) == 3
    assert all(len(line.splitlines()) == 1 for line in lines)
    html = MARKDOWN.render("\n".join(lines))
    assert html.startswith("<table>")
    assert html.count("<td") == html.count("<th>") == 2
    assert set(re.findall(r"</?(\w+)", html)) <= {"table", "thead", "tbody", "tr", "th", "td", "strong", "code"}


@given(TEXTS)
def test_cell_text_has_no_bare_pipe_line_break_or_tag(plain: str) -> None:
    """Escaped for a cell, a text holds no pipe without its backslash, no line break and nothing that opens a tag."""
    cell = inline((Span(plain),), cell=True)

    assert not re.search(r"(?<!\\)(?:\\\\)*\|", cell)
    assert cell.splitlines() in ([], [cell])
    assert not re.search(r"<[A-Za-z/!?]", cell)


def test_pipes_stand_below_each_other() -> None:
    """Columns are padded to their widest cell, wide signs count double, and figures are flush right."""
    table = Table(
        "",
        (Column("GPU"), Column("USD", figures=True)),
        (((Span("x", mark=Mark.YES),), (Span("1.11"),)), ((Span("y", mark=Mark.LIMITED),), (Span("22.22"),))),
    )

    assert table_lines(table) == [
        "| GPU  |   USD |",
        "|------|------:|",
        "| ✅ x |  1.11 |",
        "| ⚠️ y | 22.22 |",
    ]


def test_overlong_cell_does_not_push_the_others_apart() -> None:
    """A cell with a long address runs over; the other rows are padded to what is left."""
    lines = table_lines(
        Table("", (Column("a"), Column("b")), (((Span("x" * 61),), (Span("y"),)), ((Span("z"),), (Span("w"),))))
    )

    assert lines[1:] == ["|-----|-----|", f"| {'x' * 61} | y   |", "| z   | w   |"]


def test_width_is_counted_in_columns() -> None:
    """Combining marks take no column, wide characters and emoji two."""
    assert display_width("e\u0301") == 1
    assert display_width("中✅⚠\ufe0f") == 6
