"""Whatever strangers write into names, quotes, addresses and locators is text in all three forms, and all of it."""

import io
import re
import time
from collections import Counter
from dataclasses import fields, replace

import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from pypdf import PdfReader

from reports.records import (
    Bullets,
    Column,
    Heading,
    Paragraph,
    Receipt,
    Report,
    Section,
    Span,
    Table,
)
from reports.render import render_html, render_markdown, render_pdf

ATTACKS = [
    "<script>alert(1)</script>",
    "</td></table><h1>Gotcha</h1>",
    '"><img src=http://a.example/x onerror=alert(1)>',
    "</style><style>body{display:none}</style>",
    "{{ 7 * 7 }} {% for x in y %} {# z #}",
    "[click](javascript:alert(1)) ![x](http://a.example/x) <http://a.example>",
    "| cell | break |\n|---|---|\n\n# Heading\n\n- list\n\n---\n",
    "[^1]: note\n[[page]] `code` **bold** $x$ %%hidden%% ==mark==",
    "```\nfence\n```\n~~~",
    "&lt;b&gt; &#60;i&#62; &amp;",
    "\u202eevil\u2066\x00\x1b[31m\ud83d\ufffe",
    "🦀 中文 مرحبا",
]
# What the sample below has of its own, by element.
OWN_ELEMENTS = {
    "h1": 1,
    "h2": 2,
    "h3": 1,
    "table": 1,
    "tr": 2,
    "th": 2,
    "td": 2,
    "ul": 1,
    "li": 2,
    "blockquote": 1,
    "hr": 1,
}
INLINE_ELEMENTS = {"p", "strong", "em", "code", "a", "thead", "tbody"}


def attacked(report: Report, attack: str) -> Report:
    """Put a text everywhere where a record holds one."""
    spans = (
        Span(attack),
        Span(attack, bold=True),
        Span(attack, code=True),
        Span(attack, url="javascript:alert(1)"),
        Span(attack, url="file:///etc/passwd"),
        Span(attack, url=f"https://a.example/{attack}"),
        Span(attack, wiki=True),
        Span(attack, receipts=(1,)),
    )
    table = Table(attack, (Column(attack), Column(attack, figures=True)), ((spans, spans),))
    section = Section(1, "one", attack, (Heading(attack), Paragraph(spans), Bullets((spans, spans)), table))
    words = {field.name: attack for field in fields(Receipt) if field.name != "number"}
    receipt = Receipt(**{**words, "number": 1})  # type: ignore[arg-type]  # every other field is text
    return replace(
        report,
        title=attack,
        client=attack,
        client_link=attack,
        language=attack,
        author=attack,
        data_as_of=attack,
        answer=attack,
        notices=(attack, attack),
        sections=(section,),
        receipts=(receipt,),
        related_issue=attack,
        generator=attack,
    )


@pytest.mark.parametrize("attack", ATTACKS)
def test_markdown_has_no_foreign_structure(small: Report, attack: str) -> None:
    """The document has the report's own headings, tables, links and lines, and no tag."""
    markdown = render_markdown(attacked(small, attack))

    html = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown.split("---\n", 2)[2])
    page = BeautifulSoup(html, "html.parser")
    found = Counter(tag.name for tag in page.find_all() if tag.name not in INLINE_ELEMENTS)
    assert found == OWN_ELEMENTS
    assert all(str(link["href"]).startswith("https://a.example/") for link in page.select("a"))


@pytest.mark.parametrize("attack", ATTACKS)
def test_html_has_no_foreign_structure(small: Report, attack: str) -> None:
    """The page has exactly the elements that a harmless text of that length would give it."""

    def elements(text: str) -> list[str]:
        page = BeautifulSoup(render_html(attacked(small, text)), "html.parser")
        return [tag.name for tag in page.find_all() if tag.name not in {"wbr", "a"}]

    assert elements(attack) == elements("x" * len(attack))
    page = BeautifulSoup(render_html(attacked(small, attack)), "html.parser")
    assert all(re.match(r"#|https://a\.example/", str(link["href"])) for link in page.select("a"))


@pytest.mark.parametrize("attack", ATTACKS)
def test_pdf_has_no_action_and_no_box(small: Report, attack: str) -> None:
    """The file has no script, no file link, no image, no missing glyph."""
    body = render_pdf(attacked(small, attack))

    reader = PdfReader(io.BytesIO(body))
    assert b"/JavaScript" not in body
    assert b"/Launch" not in body
    targets = [
        note.get_object()["/A"]["/URI"]
        for page in reader.pages
        for note in page.get("/Annots", [])
        if "/A" in note.get_object()
    ]
    assert all(target.startswith("https://a.example/") for target in targets)
    assert all("/XObject" not in page["/Resources"] or not page["/Resources"]["/XObject"] for page in reader.pages)
    text = "".join(page.extract_text() for page in reader.pages)
    assert "\x00" not in text
    assert "\u202e" not in text


def test_endless_names_lose_nothing_and_take_no_time(small: Report) -> None:
    """Ten thousand letters without a space are all there, inside the page, within seconds."""
    name = "n" * 10_000
    table = Table(
        "", (Column("a"), Column("b", figures=True)), (((Span(name),), (Span("1.11"),)), ((Span("x"),), (Span(name),)))
    )
    blocks = (Paragraph((Span(name),)), Paragraph((Span(name, code=True),)), table)
    report = replace(small, sections=(Section(1, "one", "One", blocks),), receipts=())
    started = time.monotonic()
    pages = PdfReader(io.BytesIO(render_pdf(report))).pages

    assert time.monotonic() - started < 30
    found = "".join(page.extract_text() for page in pages).count("n")
    assert found >= 40_000
    for form in (render_markdown(report), "".join(BeautifulSoup(render_html(report), "html.parser").stripped_strings)):
        assert form.count(name) == 4
    rightmost = 0.0

    def note_position(text: str, _: object, matrix: list[float], *__: object) -> None:
        nonlocal rightmost
        if "n" * 20 in text:
            rightmost = max(rightmost, matrix[4])

    for page in pages:
        page.extract_text(visitor_text=note_position)
    assert rightmost < 595
