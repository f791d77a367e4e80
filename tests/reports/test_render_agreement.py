"""Markdown, HTML and PDF say the same: every number of one stands in the others, as often."""

import io
import re
from collections import Counter

from bs4 import BeautifulSoup
from pypdf import PdfReader

from reports.as_html import render_html
from reports.as_markdown import render_markdown
from reports.records import Report

NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


def numbers_of_markdown(markdown: str) -> Counter[str]:
    """Count the numbers that a reader of the Markdown sees."""
    body = markdown.split("---\n", 2)[2]
    without_addresses = re.sub(r"\]\([^)]*\)", "]", body)
    return Counter(NUMBER.findall(re.sub(r"^\d+\. ", "", without_addresses, flags=re.MULTILINE)))


def numbers_of_html(html: str) -> Counter[str]:
    """Count the numbers that a reader of the HTML sees, without contents, ways back and exhibits."""
    page = BeautifulSoup(html, "html.parser")
    for extra in page.select("head, nav, .back, dd time, .exhibit"):
        extra.decompose()
    return Counter(NUMBER.findall(page.get_text()))


def test_markdown_and_html_have_the_same_numbers(large: Report) -> None:
    """No figure, date, hash or receipt stands in one and not in the other."""
    assert numbers_of_markdown(render_markdown(large)) == numbers_of_html(render_html(large))


def test_pdf_has_every_number(large: Report, large_pdf: bytes) -> None:
    """No figure, date, hash or receipt of the HTML is missing on paper."""
    paper = "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(large_pdf)).pages)

    assert [number for number in numbers_of_html(render_html(large)) if number not in paper] == []
