"""Text of strangers is made legible: nothing hidden, nothing unprintable, nothing lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.print_fonts import printable, printable_characters
from reports.untrusted import legible, web_address


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("two\r\n\t lines\u2028\x85", "two lines "),
        (" ends stay ", " ends stay "),
        ("7\u00a0GiB, 1\u202f000, 1\u2009x, \u20071", "7\u00a0GiB, 1\u202f000, 1\u2009x, \u20071"),
        ("soft\u00adhyphen zero\u200bwidth\ufeff", "softhyphen zerowidth"),
        ("\u202egnp.exe\u2066", "‹U+202E›gnp.exe‹U+2066›"),
        ("nul\x00 esc\x1b[31m del\x7f", "nul‹U+0000› esc‹U+001B›[31m del‹U+007F›"),
        ("half \ud83d, private \ue000, none \ufffe", "half ‹U+D83D›, private ‹U+E000›, none ‹U+FFFE›"),
        ("naïve 中文 ✅ ⚠\ufe0f", "naïve 中文 ✅ ⚠\ufe0f"),
    ],
)
def test_text_is_made_legible(text: str, shown: str) -> None:
    """White space is folded, invisible helpers go, everything else that hides is spelled out."""
    assert legible(text) == shown


@given(st.text(st.characters()))
def test_legible_text_is_one_line_and_stays_as_it_is(text: str) -> None:
    """Whatever comes in, what goes out is one line that can be encoded and needs no second treatment."""
    once = legible(text)

    assert once.splitlines() in ([], [once])
    assert once.encode().decode() == once
    assert legible(once) == once


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("e\u0301 中 \U0001f980 ⚠\ufe0f ✅", "é ‹U+4E2D› ‹U+1F980› ⚠ ✅"),
        ("\u202eabc\ud800", "‹U+202E›abc‹U+D800›"),
    ],
)
def test_what_the_fonts_lack_is_spelled_out(text: str, shown: str) -> None:
    """On paper a character without a glyph is named by its code point instead of an empty box."""
    assert printable(text) == shown


@given(st.text(st.characters()))
def test_printable_text_has_glyphs(text: str) -> None:
    """Whatever comes in, every character that goes out is one that the bundled fonts have."""
    assert set(printable(text)) <= printable_characters()


@pytest.mark.parametrize("url", ["https://a.example", "http://a.example:80/b?c=d&e=%20#f", "HTTPS://A.example/(x)"])
def test_web_addresses_pass(url: str) -> None:
    """A public http or https address is linked to as it is."""
    assert web_address(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.example",
        "ftp://a.example",
        "javascript:alert(1)",
        "https:///x",
        "https://a@b.example",
        "https://a.example/ x",
        'https://a.example/"',
        "https://a.example/\u200b",
        "https://a.example/\x00",
        "https:\\\\a.example",
        "https://[1",
    ],
)
def test_other_addresses_do_not(url: str) -> None:
    """Another scheme, no host, credentials, or signs that an address cannot hold: no link."""
    assert web_address(url) == ""
