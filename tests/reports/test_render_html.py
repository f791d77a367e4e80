"""The HTML is one accessible file that needs nothing else."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup, Tag

from reports.as_html import render_html
from reports.records import Bullets, Column, Paragraph, Report, Section, Span, Table


@pytest.fixture(scope="module")
def page(large: Report) -> BeautifulSoup:
    """The large report, parsed."""
    return BeautifulSoup(render_html(large), "html.parser")


def tags(page: BeautifulSoup, selector: str) -> Iterator[Tag]:
    """Select elements, at least one."""
    found = page.select(selector)
    assert found, selector
    yield from found


def body_of(report: Report, *blocks: Paragraph | Bullets | Table) -> BeautifulSoup:
    """Render a report of one section with these blocks."""
    section = Section(1, "only", "Only", blocks)
    return BeautifulSoup(render_html(replace(report, sections=(section,), receipts=())), "html.parser")


def test_head_tells_what_the_document_is(page: BeautifulSoup, large: Report) -> None:
    """Language, title, author, answer, generator and the report's own date stand in the head."""
    assert page.html is not None
    assert page.title is not None
    metas = {meta["name"]: meta["content"] for meta in tags(page, "meta[name]")}
    assert page.html["lang"] == "en"
    assert page.title.string == large.title
    assert metas["author"] == "Example Consulting"
    assert metas["description"] == large.answer
    assert metas["generator"] == "ratecard 0.0.0"
    assert metas["dcterms.created"] == metas["dcterms.modified"] == "2031-02-10"


def test_list_of_figures_is_linked(small: Report) -> None:
    """A machine finds the figures in the head, a person on the last line; without a list there is no such link."""
    page = BeautifulSoup(render_html(small, figures="a b.figures.json"), "html.parser")
    (head,) = page.select('head link[rel="alternate"]')
    (foot,) = page.select("footer a")
    assert (head["href"], head["type"]) == ("a%20b.figures.json", "application/json")
    assert (foot["href"], foot.get_text()) == ("a%20b.figures.json", "a b.figures.json")
    assert "figures.json" not in render_html(small)


def test_nothing_is_loaded(page: BeautifulSoup) -> None:
    """No script, image, font, style sheet or frame is referred to, and the document forbids itself to load any."""
    assert page.select("script, link, img, iframe, object, embed, form, base, [src], [style], [onclick]") == []
    css = "".join(style.get_text() for style in tags(page, "style"))
    assert not re.search(r"url\(|@import|https?:", css)
    policy = page.select_one("meta[http-equiv=Content-Security-Policy]")
    assert policy is not None
    assert str(policy["content"]).startswith("default-src 'none'")


def test_landmarks_and_headings(page: BeautifulSoup, large: Report) -> None:
    """One header, nav, main and footer; one h1, an h2 for each section, and no level is left out."""
    assert [len(page.select(name)) for name in ("body > header", "nav", "main", "body > footer", "h1")] == [1] * 5
    titles = [heading.get_text() for heading in tags(page, "main h2")]
    assert titles == [f"{section.number}. {section.title}" for section in large.sections] + ["Receipts"]
    levels = [int(heading.name[1]) for heading in tags(page, "h1, h2, h3")]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_ids_are_unique_and_links_arrive(page: BeautifulSoup) -> None:
    """Every id is given once, and every link inside the document leads to one."""
    ids = [tag["id"] for tag in tags(page, "[id]")]
    assert len(ids) == len(set(ids))
    assert {str(link["href"])[1:] for link in tags(page, "a[href^='#']")} <= set(ids)
    assert {str(tag["aria-labelledby"]) for tag in tags(page, "[aria-labelledby]")} <= set(ids)


def test_receipts_and_figures_lead_to_each_other(page: BeautifulSoup, large: Report) -> None:
    """A figure's receipt leads to the evidence, and the evidence back to the first figure in each section."""
    cited = [int(button.get_text().strip("[]")) for button in tags(page, ".cite button")]
    assert sorted(set(cited)) == [receipt.number for receipt in large.receipts]
    for button in tags(page, ".cite button"):
        number = button.get_text().strip("[]")
        assert button["popovertarget"] == f"receipt-{number}"
        assert button["aria-label"] == f"Receipt {number}"
    for item in tags(page, ".receipts li"):
        back = item.select(".back a")
        assert back
        for link in back:
            cite = page.select_one(str(link["href"]))
            assert cite is not None
            assert cite["popovertarget"] == item["id"]


def test_evidence_names_everything_an_auditor_needs(page: BeautifulSoup) -> None:
    """A receipt shows subject, quote, derivation, source, date, age, origin, hash and locator."""
    item = page.select_one("#receipt-2")
    assert item is not None
    again = item.select_one(".exhibit")
    assert again is not None
    assert again.extract().get_text().strip() == (
        "To read it again from the archived body: "
        "ratecard show '0002456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef#row 4002, PricePerUnit'"
    )
    words = " ".join(item.get_text().split())
    assert words == (
        "[2] Otherhost x2.8xlarge, Linux on-demand cited in § 1 "
        '"SKU2","OnDemand","Hrs","2.2200000000","USD","x2.8xlarge" → 2.22 USD per hour / 8 GPUs '
        "Otherhost price list, us-artificial-1, retrieved 2031-02-03 (2 days before this report), imported "
        "otherhost-list, sha256 0002456789ab at row 4002, PricePerUnit"
    )


def test_tables_have_captions_and_scoped_heads(page: BeautifulSoup, large: Report) -> None:
    """Each table has its caption, a column head for each column and a row head for each row; figures are marked."""
    tables = [block for section in large.sections for block in section.blocks if isinstance(block, Table)]
    for table, made in zip(tables, tags(page, "table"), strict=True):
        assert (made.caption.get_text() if made.caption else "") == table.caption
        assert [head.get_text() for head in made.select("thead th[scope=col]")] == [c.head for c in table.columns]
        assert len(made.select("tbody th[scope=row]")) == len(table.rows)
        figures = [index for index, column in enumerate(table.columns) if column.figures]
        for row in made.select("tr"):
            cells = row.select("th, td")
            assert [index for index, cell in enumerate(cells) if "figures" in cell.get("class", [])] == figures


def test_marks_have_words(page: BeautifulSoup) -> None:
    """A sign is announced by its meaning and is never the only thing in its cell."""
    assert {mark["aria-label"] for mark in tags(page, ".mark[role=img]")} == {"yes", "no", "limited", "up", "down"}
    for mark in tags(page, ".mark"):
        assert mark.parent is not None
        assert mark.parent.get_text().strip() != mark.get_text()


def test_no_white_space_is_added_inside_a_line(small: Report) -> None:
    """Spans follow each other as the record has them; the template's own line breaks do not show."""
    page = body_of(
        small,
        Paragraph(
            (Span("a"), Span("b", bold=True), Span("c", code=True), Span("d ", url="https://e.example"), Span("e"))
        ),
    )

    paragraph = page.select_one("section p")
    assert paragraph is not None
    assert paragraph.decode_contents() == (
        'a<strong>b</strong><code class="whole">c</code><a href="https://e.example">d </a>e'
    )


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "//host/x",
        "/x",
        "mailto:a@b",
        "https://",
        "https://user:word@host.example/",
        "https://a.example/\u202egpj",
        "http://[",
        " https://a.example",
    ],
)
def test_only_web_addresses_become_links(small: Report, url: str) -> None:
    """Any other address leaves its text as plain text."""
    page = body_of(small, Paragraph((Span("text", url=url),)))

    paragraph = page.select_one("section p")
    assert paragraph is not None
    assert paragraph.decode_contents() == "text"


def test_figures_stay_with_their_receipts(small: Report) -> None:
    """A short figure is not parted from its receipts at a line's end; a sentence that has one may wrap."""
    page = BeautifulSoup(render_html(small), "html.parser")

    whole = [figure.get_text() for figure in tags(page, "span.whole")]
    assert whole == ["$1.11/hr[1]", "$2.22/hr[2]", "$1.11[1]", "$2.22[1][2]"]
    long = replace(small.sections[0], blocks=(Paragraph((Span("a figure in a sentence: 1.11", receipts=(1,)),)),))
    page = BeautifulSoup(render_html(replace(small, sections=(long,))), "html.parser")
    assert page.select("span.whole") == []


def test_long_figures_may_wrap_and_long_words_may_break(small: Report) -> None:
    """A sentence in a column of figures wraps, and a word of more than 32 characters may break without changing."""
    table = Table(
        "", (Column("a"), Column("b", figures=True)), (((Span("w" * 70),), (Span("not sold: no price was found"),)),)
    )
    page = body_of(small, table)

    cell = page.select_one("td")
    head = page.select_one("tbody th")
    assert cell is not None
    assert head is not None
    assert cell["class"] == ["figures", "wordy"]
    assert head.get_text() == "w" * 70
    assert len(head.select("wbr")) == 2


def test_same_report_is_the_same_text(large: Report) -> None:
    """Nothing of an earlier rendering is left in the next."""
    assert render_html(large) == render_html(large)


def test_report_without_notices_receipts_and_issue(small: Report) -> None:
    """What a report lacks has no empty box, list or line."""
    page = BeautifulSoup(
        render_html(replace(small, notices=(), sections=(), receipts=(), related_issue="")), "html.parser"
    )

    assert page.select(".notices, .receipts, section") == []
    assert [line.get_text() for line in tags(page, "footer p")] == ["Report generated: 2031-02-10"]
