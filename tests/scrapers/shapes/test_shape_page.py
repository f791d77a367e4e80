"""Names in an HTML page: what a maintainer's selectors may hang on, and nothing that a build tool made up."""

from __future__ import annotations

from scrapers.shapes.shape_page import structure_of_page

PAGE = b"""<!doctype html><title> GPU
  prices </title><h1>Pods</h1><h4>not told</h4>
<div class="gpu_table-row w-dyn-item Card_root__x81f2"><p class="gpu_name is-pricing-page" data-secure="1">Z9</p></div>
<table><tr><th>Region</th><th scope="row">Z9</th></tr></table>
<script type="application/ld+json">{"@graph": [{"@type": "Product", "offers": {"@type": ["AggregateOffer"],
 "lowPrice": "1"}}]}</script>
<script type="application/json" id="__NEXT_DATA__">{"props": {"us-east-1": "<th>no column</th>"}}</script>
<script type="application/json">{"items": [1]}</script><script>var x = '<b class="hidden">';</script>
"""


def test_names_are_told_by_kind() -> None:
    """Classes, data attributes, headings, columns, JSON fields and linked data's types, each as their own kind."""
    assert structure_of_page(PAGE) == {
        "classes": {"gpu_table-row", "w-dyn-item", "Card_root__*", "gpu_name", "is-pricing-page"},
        "attributes": {"data-secure"},
        "headings": {"GPU prices", "Pods"},
        "columns": {"Region"},
        "fields": {
            "application/ld+json @graph[]",
            "application/ld+json @graph[].@type: text",
            "application/ld+json @graph[].offers",
            "application/ld+json @graph[].offers.@type[]",
            "application/ld+json @graph[].offers.@type[]: text",
            "application/ld+json @graph[].offers.lowPrice: text",
            "__NEXT_DATA__ props",
            "__NEXT_DATA__ props.*: text",
            "script items[]",
            "script items[]: number",
        },
        "JSON-LD types": {"Product", "AggregateOffer"},
    }


def test_names_that_people_chose_are_kept() -> None:
    """Short numbers in class names are part of them; hashes are not."""
    page = b'<p class="text-block-2 cc-gpu-price gpu-80gb css-1q2w3e4 w-node-a1b2c3d4-5e6f7a8b sc_123456">'

    assert structure_of_page(page)["classes"] == {
        *("text-block-2", "cc-gpu-price", "gpu-80gb"),
        *("css-*", "w-node-*-*", "sc_*"),
    }


def test_broken_page_is_read_as_far_as_it_goes() -> None:
    """A declaration that is none, a page that breaks off and bytes that are no text do not hide what comes before."""
    for end in (
        b"<![if x [",
        b"<![odd[",
        b"<![CDATA[",
        b"<div class='",
        b"\xff\xfe<!",
        b'<script type="application/json">{"a": {',
    ):
        assert structure_of_page(b'<p class="seen">' + end)["classes"] >= {"seen"}


def test_long_text_is_cut() -> None:
    """A heading that is a paragraph does not fill the report."""
    (heading,) = structure_of_page(b"<h2>" + b"word " * 100 + b"</h2><h3> </h3>")["headings"]

    assert len(heading) == 80
