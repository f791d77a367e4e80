"""Pages that come with status 200 and are no price list, and bytes that are no page: a clear error each."""

from collections.abc import Callable

import pytest

from scrapers import registry
from scrapers.errors import ParseError
from scrapers.records import Document

MakeDocument = Callable[..., Document]

WALLS = {
    "blank page": ("<html><head></head><body></body></html>", "a page titled '' without any text"),
    "cookie wall": (
        "<title>Runpod</title><div>We value your privacy</div><button>Accept all cookies</button>",
        "a page titled 'Runpod' that says 'We value your privacy Accept all cookies'",
    ),
    "captcha": (
        "<title>Just a moment...</title><p>Verify you are human by completing the action below.</p>",
        "a page titled 'Just a moment...' that says 'Verify you are human",
    ),
    "login": (
        "<title>Log in</title><form>Email<input name=email>Password<input type=password></form>",
        "a page titled 'Log in' that says 'Email Password'",
    ),
    "script error": (
        "<title>Pricing</title><body><div id=app></div><noscript>Turn scripts on: $1.01/hr</noscript></body>",
        "a page titled 'Pricing' without any text",
    ),
    "other layout": (
        "<title>Pricing</title><div class=offer><b>Example</b><i>$1001.01/hr</i></div>",
        r"a page titled 'Pricing' that says 'Example \$1001.01/hr'",
    ),
}


@pytest.mark.parametrize("wall", WALLS)
def test_page_that_is_no_price_list_is_quoted(wall: str, make_document: MakeDocument) -> None:
    """The error quotes what stands there in place of prices, so that a person knows a wall from a new layout."""
    body, found = WALLS[wall]
    with pytest.raises(ParseError, match=f"looked for .* found {found}"):
        registry.parse(make_document("runpod-pricing", body))


GOOD = (
    '<div class="gpu_collection-item w-dyn-item"><div class="gpu_table-row"><p class="gpu_name is-pricing-page">Example'
    '</p>11 GB VRAM<p class="gpu_table-price" data-secure="1001.01" data-community="">$1001.01/hr</p></div></div>'
)


def broken(body: str) -> list[tuple[str, bytes, str]]:
    """Return bodies made of a good one that are none."""
    return [
        ("UTF-16", body.encode("utf-16"), "byte order mark of UTF-16"),
        ("NUL", body.encode().replace(b"Example", b"Exa\0mple"), "NUL byte at"),
        ("Latin-1", body.replace("Example", "Exämple").encode("latin-1"), "looked for UTF-8, found byte 0xe4"),
        ("nested", b"<div>" * 5_000 + body.encode(), "at most 1000 deep"),
        ("large", body.encode() + b" " * 8_000_000, "at most 8000000 bytes"),
    ]


@pytest.mark.parametrize(("kind", "body", "problem"), broken(GOOD), ids=[kind for kind, _, _ in broken(GOOD)])
def test_bytes_that_no_browser_made_are_refused(
    kind: str, body: bytes, problem: str, make_document: MakeDocument
) -> None:
    """A good page in another encoding, too large or too deep is an error; as it was it is read."""
    assert [x.price_text for x in registry.parse(make_document("runpod-pricing", GOOD))] == ["1001.01", None], kind
    with pytest.raises(ParseError, match=problem):
        registry.parse(make_document("runpod-pricing", body))


@pytest.mark.parametrize(
    ("source", "body", "problem"),
    [
        ("runpod-graphql", b"<!DOCTYPE html><title>Just a moment", "found HTML or XML"),
        ("runpod-graphql", b'{"data": \xff}', "looked for JSON"),
        ("runpod-graphql", b'{"data":' * 50_000, "looked for JSON: maximum recursion depth exceeded"),
        ("runpod-graphql", b'{"data": {"gpuTypes": [{"id": "A\0"', "looked for JSON"),
        ("runpod-rest", b"<!DOCTYPE html><title>Log in", "found HTML or XML"),
        ("runpod-rest", b"", "found an empty body"),
        ("runpod-docs", "| GPU ID |".encode("utf-16"), "UTF-8, found byte 0xff at 0"),
        ("runpod-docs", b"<html><title>Page not found</title>", "looked for a table .* found no table"),
    ],
)
def test_other_sources_refuse_what_is_not_theirs(
    source: str, body: bytes, problem: str, make_document: MakeDocument
) -> None:
    """A wall or broken bytes in place of JSON or Markdown are an error that says what was looked for."""
    with pytest.raises(ParseError, match=problem):
        registry.parse(make_document(source, body))


def test_gpu_that_nobody_knows_is_kept(make_document: MakeDocument) -> None:
    """A name never seen before is a listing like any other: whether it is known is asked later."""
    listing, _ = registry.parse(make_document("runpod-pricing", GOOD.replace("Example", "ZX 9000")))

    assert (listing.sku, listing.gpu_memory, listing.price_text) == ("ZX 9000", "11 GB", "1001.01")
