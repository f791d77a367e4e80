"""Whether the words that a statement rests on stand on the archived page, and where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.evidence import find_passage, look_for
from normalize.records import PassageState
from scrapers.records import Capture, DatePrecision, Obtained

PAGE = "https://examplecloud.example/docs"
WORDS = "one GPU at a time"
FIRST, SECOND, THIRD = (datetime(2031, 2, day, tzinfo=UTC) for day in (3, 4, 5))


def capture(at: datetime, text: str, url: str = PAGE) -> Capture:
    """Make a capture of a page whose text is also its hash's seed."""
    return Capture(
        source="claims-evidence",
        resource="page.html",
        url=url,
        answered_url=f"{url}/",
        served_from=None,
        retrieved_at=at,
        date_precision=DatePrecision.DAY,
        status=200,
        media_type="text/html",
        headers={},
        sha256=sha256(text.encode()).hexdigest(),
        size=len(text),
        body=text,
        obtained=Obtained.IMPORTED,
    )


@pytest.fixture
def read_text() -> Callable[[Capture], str]:
    """A reader that finds the text in the capture's own name."""
    return lambda found: found.body


@pytest.mark.parametrize(
    ("text", "words", "passage"),
    [
        ("We sell one GPU at a time.", WORDS, WORDS),
        ("We sell one GPU\u00a0at a  time.", WORDS, "one GPU\u00a0at a  time"),
        ("with `code` , and more", "with `code`, and more", "with `code` , and more"),
        ("it isn\u2019t \u201cnew\u201d\u2014yet", 'isn\'t "new"-yet', "isn\u2019t \u201cnew\u201d\u2014yet"),
        ("first; one GPU at a time", " one GPU at a time ", WORDS),
        ("We sell two GPUs at a time.", WORDS, None),
        ("We sell One GPU at a time.", WORDS, None),
        ("", WORDS, None),
        ("anything", " ", None),
    ],
)
def test_passage_is_found_word_for_word(text: str, words: str, passage: str | None) -> None:
    """White space and the shape of quotation marks and hyphens do not count; letters and figures do."""
    place = find_passage(text, words)
    assert (text[slice(*place)] if place else None) == passage


@given(
    before=st.text(alphabet="ab \n", max_size=9),
    words=st.text(alphabet="ABC 1\u2019", min_size=1, max_size=9).filter(str.strip),
    after=st.text(alphabet="ab \n", max_size=9),
    gap=st.sampled_from([" ", "\n", "\u00a0 ", ""]),
)
def test_any_passage_is_found_where_it_stands(before: str, words: str, after: str, gap: str) -> None:
    """Whatever stands around a passage and however its words are set apart, the place found is exactly its own."""
    there = gap.join(words.split())
    start, end = find_passage(before + there + after, words) or (-1, -1)

    assert (before + there + after)[start:end] == there
    assert start == len(before)


def test_words_on_the_newest_page_are_cited(read_text: Callable[[Capture], str]) -> None:
    """The receipt names the newest capture that has them, its own time, address and text, and where it stands."""
    old, new = capture(FIRST, "We sell one GPU at a time."), capture(SECOND, "Now: one  GPU at a time!")
    (found,) = look_for([(PAGE, WORDS)], [new, old], read_text)

    assert (found.state, found.page_at, found.date_precision) == (PassageState.FOUND, SECOND, DatePrecision.DAY)
    assert found.citation is not None
    assert (found.citation.sha256, found.citation.retrieved_at) == (new.sha256, SECOND)
    assert (found.citation.url, found.citation.obtained) == (f"{PAGE}/", Obtained.IMPORTED)
    assert (found.citation.locator, found.citation.quote) == ("text:5;18", "one  GPU at a time")


def test_unchanged_page_is_cited_at_its_newest_time(read_text: Callable[[Capture], str]) -> None:
    """The same bytes, confirmed later, are evidence of the later day."""
    captures = [capture(FIRST, WORDS), capture(THIRD, WORDS), capture(SECOND, WORDS)]
    (found,) = look_for([(PAGE, WORDS)], captures, read_text)

    assert found.state is PassageState.FOUND
    assert found.citation is not None
    assert found.citation.retrieved_at == THIRD


def test_words_that_are_gone_keep_their_last_receipt(read_text: Callable[[Capture], str]) -> None:
    """The newest page decides that they are gone; the receipt is the last page that had them."""
    captures = [capture(FIRST, WORDS), capture(SECOND, f"{WORDS}."), capture(THIRD, "two at a time")]
    (found,) = look_for([(PAGE, WORDS)], captures, read_text)

    assert (found.state, found.page_at) == (PassageState.GONE, THIRD)
    assert found.citation is not None
    assert found.citation.retrieved_at == SECOND


def test_words_that_came_back_are_found(read_text: Callable[[Capture], str]) -> None:
    """A page that was a wall for a day and is itself again has its words, with the newest receipt."""
    captures = [capture(FIRST, WORDS), capture(SECOND, "Just a moment..."), capture(THIRD, WORDS)]
    (found,) = look_for([(PAGE, WORDS)], captures, read_text)

    assert found.state is PassageState.FOUND
    assert found.citation is not None
    assert found.citation.retrieved_at == THIRD


def test_last_of_two_pages_of_one_second_is_the_newest(read_text: Callable[[Capture], str]) -> None:
    """Times are kept to the second; the order of the snapshots decides between equal ones."""
    (found,) = look_for([(PAGE, WORDS)], [capture(FIRST, WORDS), capture(FIRST, "two at a time")], read_text)
    assert found.state is PassageState.GONE


def test_words_that_were_never_there_have_no_receipt(read_text: Callable[[Capture], str]) -> None:
    """A page that never had them is for a look, without a receipt."""
    (found,) = look_for([(PAGE, WORDS)], [capture(FIRST, "two at a time")], read_text)
    assert (found.state, found.citation, found.page_at) == (PassageState.GONE, None, FIRST)


def test_other_pages_say_nothing(read_text: Callable[[Capture], str]) -> None:
    """A page that is not archived is no finding, whatever other pages hold; without quoted words none is searched."""
    captures = [capture(FIRST, WORDS, url="https://other.example/")]
    other, none = look_for([(PAGE, WORDS), ("https://other.example/", "")], captures, read_text)

    assert (other.state, other.citation, other.page_at) == (PassageState.NOT_ARCHIVED, None, None)
    assert (none.state, none.citation, none.page_at) == (PassageState.NOT_QUOTED, None, FIRST)


def test_long_history_is_not_read_to_its_end() -> None:
    """Of a page that changes every day only the newest bodies are looked at, each once."""
    read: list[str] = []

    def read_text(found: Capture) -> str:
        read.append(found.body)
        return found.body

    captures = [capture(FIRST.replace(year=2000 + n), f"version {n}") for n in range(99)]
    look_for([(PAGE, WORDS), (PAGE, WORDS)], captures, read_text)

    assert read == [f"version {n}" for n in range(98, 68, -1)]
