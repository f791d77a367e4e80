"""What is printed in a report always verifies, and no change of the store or of the report goes unseen."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.verifying import Verified, verify_report
from normalize.facts import Facts, default_facts_folder, load_facts
from reports.figures_file import digest_of
from reports.records import Report
from scrapers.archive.store import Store
from scrapers.errors import UsageError

HERE = Path(__file__).parent
Draw = Any
relaxed = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
# What a forger may touch who also knows how to make the digest right again.
CITED = ("source", "url", "retrieved_at", "obtained", "sha256", "body", "locator", "quote")
STATED = ("list_unit_price", "usd_per_gpu_hour", "gpu_count")


@pytest.fixture(scope="module")
def facts() -> Facts:
    """Return the hand-kept facts."""
    return load_facts(default_facts_folder())


@pytest.fixture(scope="module")
def worlds(load_module: Callable[[Path], ModuleType]) -> ModuleType:
    """Return the module that makes random reports."""
    return load_module(HERE / "random_report.py")


@pytest.fixture(scope="module")
def world(load_module: Callable[[Path], ModuleType], worlds: ModuleType) -> Callable[..., Any]:
    """Return a context with a store and a report of drawn prices."""
    builders = load_module(HERE.parent / "normalize" / "builders.py")
    sample: Report = load_module(HERE.parent / "reports" / "sample.py").small()

    @contextmanager
    def make(drawn: Draw) -> Iterator[tuple[Store, Path]]:
        with TemporaryDirectory(prefix="ratecard-test-") as name:
            folder = Path(name)
            offers = worlds.store_offers(builders, folder / "store", drawn)
            yield Store(folder / "store"), worlds.write_files(worlds.make_report(sample, offers), folder)

    return make


@pytest.fixture(scope="module")
def drawn(worlds: ModuleType) -> st.SearchStrategy[Draw]:
    """Return the strategy of sources with prices."""
    strategy: st.SearchStrategy[Draw] = worlds.sources
    return strategy


def verified(path: Path, store: Store, facts: Facts) -> Verified | None:
    """Verify a report; None where it is refused as no report at all."""
    try:
        return verify_report(path, store, facts)
    except UsageError:
        return None


def found(path: Path, store: Store, facts: Facts) -> bool:
    """Tell whether a change was seen."""
    result = verified(path, store, facts)
    return result is None or bool(result.fails)


@relaxed
@given(data=st.data())
def test_what_is_printed_always_verifies(
    data: st.DataObject, world: Callable[..., Any], drawn: st.SearchStrategy[Draw], facts: Facts
) -> None:
    """Every figure holds, in the list and in every file beside it, whatever the prices, formats, units and names."""
    with world(data.draw(drawn)) as (store, path):
        result = verify_report(path, store, facts)

    assert result.fails == ()
    assert result.hold == result.figures > 0
    assert result.files == ("random.md", "random.html")


@relaxed
@given(data=st.data(), seed=st.integers(0, 10**9))
def test_every_change_of_the_store_is_found(
    data: st.DataObject, seed: int, world: Callable[..., Any], drawn: st.SearchStrategy[Draw], facts: Facts
) -> None:
    """A body with another byte, packed anew or not, without its file, or without its snapshot does not pass."""
    draw = random.Random(seed)  # noqa: S311  # no secret
    with world(data.draw(drawn)) as (store, path):
        body = draw.choice(sorted(store.root.rglob("*.zst")))
        change = draw.choice((flip_packed, flip_unpacked, Path.unlink, lambda p: shutil.rmtree(p.parents[1])))
        change(body)
        result = verify_report(path, store, facts)

    assert result.hold < result.figures
    assert {fail.problem.fault for fail in result.fails} <= {"gone", "damaged"}


def flip_packed(path: Path) -> None:
    """Change one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def flip_unpacked(path: Path) -> None:
    """Change the last digit of a body, and pack it as if it had always been so."""
    with zstandard.ZstdDecompressor().stream_reader(path.read_bytes()) as stream:
        content = bytearray(stream.read())
    place = max(n for n, byte in enumerate(content) if chr(byte).isdigit())
    content[place] = ord("1") if content[place] != ord("1") else ord("2")
    path.write_bytes(zstandard.ZstdCompressor().compress(bytes(content)))


@relaxed
@given(data=st.data(), seed=st.integers(0, 10**9))
def test_every_changed_digit_of_a_file_is_found(
    data: st.DataObject, seed: int, world: Callable[..., Any], drawn: st.SearchStrategy[Draw], facts: Facts
) -> None:
    """One other digit anywhere in the Markdown, the HTML or the list of figures does not pass."""
    draw = random.Random(seed)  # noqa: S311  # no secret
    with world(data.draw(drawn)) as (store, path):
        file = draw.choice((path, path.with_name("random.md"), path.with_name("random.html")))
        content = bytearray(file.read_bytes())
        place = draw.choice([n for n, byte in enumerate(content) if chr(byte).isdigit()])
        content[place] = ord(draw.choice("0123456789".replace(chr(content[place]), "")))
        file.write_bytes(content)

        assert found(file, store, facts)


@relaxed
@given(data=st.data(), seed=st.integers(0, 10**9))
def test_a_forged_list_of_figures_is_found(
    data: st.DataObject, seed: int, world: Callable[..., Any], drawn: st.SearchStrategy[Draw], facts: Facts
) -> None:
    """A list whose digest was made right again still leads to bytes that say something else, or nothing."""
    draw = random.Random(seed)  # noqa: S311  # no secret
    with world(data.draw(drawn)) as (store, path):
        content = json.loads(path.read_bytes())
        forge(content, draw)
        path.write_text(json.dumps({**content, "digest": digest_of(content)}), encoding="utf-8")

        assert found(path, store, facts)


def forge(content: dict[str, Any], draw: random.Random) -> None:
    """Change one fact in a list of figures: of a receipt, of an offer, or of a figure."""
    offer, figure = draw.choice(content["offers"]), draw.choice(content["figures"])
    priced = figure["value"] is not None
    places = [
        (draw.choice(content["receipts"]), draw.choice(CITED)),
        (draw.choice(offer["citations"]), draw.choice(CITED)),
    ]
    places += [(offer, draw.choice(STATED)), (figure, draw.choice(("printed", "value")) if priced else "printed")]
    place, name = draw.choice(places)
    place[name] = other(place[name], name, draw)


def other(text: str, name: str, draw: random.Random) -> str:
    """Return another text of the same kind."""
    if name == "obtained":
        return "live"
    digits = [n for n, sign in enumerate(text) if sign.isdigit()]
    if name in {"source", "url", "body"} or not digits:
        return f"{text}x"
    place = draw.choice(digits)
    return text[:place] + str((int(text[place]) + draw.randint(1, 8)) % 10) + text[place + 1 :]
