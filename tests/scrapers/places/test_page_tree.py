"""Paths into a page lead where a general search for them would, and nowhere else."""

import pytest
from soupsieve import SelectorSyntaxError

from scrapers.places.locate import css_path, parse_html
from scrapers.places.page_tree import PageTree

PAGE = """<!DOCTYPE html><html><head><title>t</title></head>
<body><p>one</p><div><p>two</p><b>three</b><p>four</p><x:y>five</x:y></div><p>six</p></body></html>"""


def test_every_path_leads_to_its_element() -> None:
    """For every element of a page the path that is written for it leads back to it, as a search does."""
    html = parse_html(PAGE.encode())
    tree = PageTree(html)
    for element in html.find_all():
        path = css_path(element)
        assert tree.at(path) is element
        assert html.select(path) == [element]


@pytest.mark.parametrize(
    "path",
    [
        "html:nth-of-type(1) > body:nth-of-type(1) > p:nth-of-type(3)",
        "html:nth-of-type(1) > body:nth-of-type(1) > i:nth-of-type(1)",
        "html:nth-of-type(2)",
        "body:nth-of-type(2)",
        "p",
        "",
    ],
)
def test_no_element_or_several_are_an_error(path: str) -> None:
    """A path that leads nowhere, or to more than one element, is never guessed at."""
    with pytest.raises((LookupError, SelectorSyntaxError)):
        PageTree(parse_html(PAGE.encode())).at(path)


def test_page_with_two_roots_is_searched() -> None:
    """Where a page holds a second root, the first child of that name is not taken for the only one."""
    twice = "<html><body><p>one</p><html><body><p>two</p></body></html></body></html>"
    with pytest.raises(LookupError, match="2 elements"):
        PageTree(parse_html(twice.encode())).at("html:nth-of-type(1) > body:nth-of-type(1) > p:nth-of-type(1)")
