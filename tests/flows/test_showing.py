"""``ratecard show``: a figure by its citation, by a report's receipt, or by what it is the price of."""

from __future__ import annotations

import io
import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from drawn_page import DOM, INK, LINKED_AT, PRICE_AT, URL, drawn_page
from PIL import Image

from scrapers.archive.store import Store
from scrapers.records import Response

Ratecard = Callable[..., Any]
SOURCE = "runpod-pricing"


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Return a store that holds the drawn page with its screenshot."""
    return keep(tmp_path / "store", drawn_page())


def keep(root: Path, page: Response) -> Path:
    """Store a page with its evidence."""
    writer = Store(root).writer(page.retrieved_at, written_by="test")
    for part in page.with_evidence():
        writer.add(SOURCE, part)
    writer.commit()
    return root


def citation(locator: str, page: Response | None = None) -> str:
    """Return what is typed to be shown a figure of the drawn page."""
    return f"{(page or drawn_page()).body.sha256[:12]}#{locator}"


def test_page_is_shown_as_text_and_cut_out_as_png(ratecard: Ratecard, pages: Path, tmp_path: Path) -> None:
    """The price is marked in its passage; the picture is written where it was asked for, and its path is shown."""
    file = tmp_path / "price.png"
    answer = ratecard("show", citation(PRICE_AT), "--crop", file, "--store", pages)
    assert answer.code == 0
    assert "EXAMPLE CARD 1 >>$1001.10/hr<< 1003.30" in answer.out
    for name, value in (("quote", "$1001.10/hr"), ("source", SOURCE), ("address", URL), ("picture", file)):
        assert f"{name:11} {value}\n" in answer.out
    image = Image.open(io.BytesIO(file.read_bytes())).convert("RGB")
    assert image.size == (1280, 320)
    assert image.getpixel((760, 160)) == INK
    assert "\x89" not in answer.out
    assert "\x1b" not in answer.out


def test_without_crop_nothing_is_written(ratecard: Ratecard, pages: Path, tmp_path: Path) -> None:
    """A terminal only gets text, and is told that there is a picture."""
    answer = ratecard("show", citation(f"{PRICE_AT}@data-secure"), "--store", pages)
    assert '<p data-secure=">>1001.10<<" data-community="1002.20">' in answer.out
    assert "picture     the page's screenshot shows it; --crop FILE.png cuts it out" in answer.out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["store"]


def test_json_has_the_same(ratecard: Ratecard, pages: Path, tmp_path: Path) -> None:
    """For programs: the capture, the three pieces of the text, and the picture's path or why there is none."""
    file = tmp_path / "price.png"
    (shown,) = json.loads(ratecard("show", citation(PRICE_AT), "--crop", file, "--json", "--store", pages).out)
    assert shown["source"] == SOURCE
    assert (shown["url"], shown["retrieved_at"]) == (URL, "2026-11-22T12:00:00Z")
    assert (shown["obtained"], shown["provenance"]) == ("live", None)
    assert (shown["sha256"], shown["locator"]) == (drawn_page().body.sha256, PRICE_AT)
    assert (shown["before"], shown["value"]) == ("EXAMPLE CARD 1 ", "$1001.10/hr")
    assert (shown["crop"], shown["no_crop"]) == (str(file), None)
    (linked,) = json.loads(ratecard("show", citation(LINKED_AT), "--json", "--store", pages).out)
    assert (linked["crop"], linked["no_crop"]) == (None, "it is not to be seen on the page's screenshot")


@pytest.mark.parametrize(
    ("locator", "name", "code", "says"),
    [
        (LINKED_AT, "price.png", 2, "nothing to cut out: it is not to be seen on the page's screenshot"),
        (PRICE_AT, "price.jpg", 2, "a picture is written as PNG; give a name that ends in .png"),
        (PRICE_AT, "nowhere/price.png", 3, "price.png: cannot be written (No such file or directory)"),
    ],
)
def test_picture_that_cannot_be_is_one_message(  # noqa: PLR0913, PLR0917  # one per column
    ratecard: Ratecard, pages: Path, tmp_path: Path, locator: str, name: str, code: int, says: str
) -> None:
    """What stands in the way of the picture is said, and no file is left behind."""
    answer = ratecard("show", citation(locator), "--crop", tmp_path / name, "--store", pages)
    assert (answer.code, says in answer.err, answer.out) == (code, True, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["store"]


def test_page_cannot_write_to_the_terminal(ratecard: Ratecard, tmp_path: Path) -> None:
    """What a page says is printed as text: no escape sequence and no markup of its own takes effect."""
    page = drawn_page(DOM.replace(b"EXAMPLE CARD 1", b"[bold]\x1b]0;title\x07[/nothing]\xe2\x80\xae"))
    answer = ratecard("show", citation(PRICE_AT, page), "--store", keep(tmp_path / "store", page))
    assert "[bold]‹U+001B›]0;title‹U+0007›[/nothing]‹U+202E› >>$1001.10/hr<<" in answer.out


def figures_file(folder: Path, content: object) -> Path:
    """Write a report's list of figures, beside a report."""
    (folder / "client-2026-11-22.html").write_text("<p>$1001.10 [12]</p>")
    file = folder / "client-2026-11-22.figures.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def receipt(number: int, locator: str) -> dict[str, object]:
    """Return a receipt as a list of figures has it."""
    return {"number": number, "sha256": drawn_page().body.sha256, "locator": locator, "quote": "x"}


LISTS = {
    "receipts by number": {
        "receipts": [receipt(1, LINKED_AT), receipt(12, PRICE_AT)],
        "figures": [{"id": "prices-2-3", "printed": "$1001.10", "receipts": [12, 1]}, {"id": "other", "receipts": []}],
    },
    "offers with citations": {
        "figures": [{"id": "prices-2-3", "receipts": [], "offers": [1, 0]}, {"id": "other", "offers": [7]}],
        "offers": [{"citations": [receipt(1, LINKED_AT)]}, {"citations": [receipt(12, PRICE_AT)]}],
    },
    "receipts in figures": {
        "figures": [
            {"id": "other", "receipts": [receipt(1, LINKED_AT)]},
            {"id": "prices-2-3", "receipts": [receipt(12, PRICE_AT), receipt(1, LINKED_AT)]},
        ]
    },
}


@pytest.mark.parametrize("content", LISTS.values(), ids=LISTS)
@pytest.mark.parametrize(
    "report", ["client-2026-11-22.html", "client-2026-11-22.pdf", "client-2026-11-22.figures.json"]
)
def test_receipt_is_found_by_its_number(
    ratecard: Ratecard, pages: Path, tmp_path: Path, content: object, report: str
) -> None:
    """Whichever of a report's files is named, the list beside it says where the figure stands; a figure has several."""
    figures_file(tmp_path, content)
    for name in ("12", "receipt-12"):
        answer = ratecard("show", f"{tmp_path / report}#{name}", "--store", pages)
        assert answer.code == 0
        assert f"locator     {PRICE_AT}" in answer.out
        assert LINKED_AT not in answer.out
    both = ratecard("show", f"{tmp_path / report}#prices-2-3", "--store", pages)
    assert (both.out.count("locator  "), PRICE_AT in both.out, LINKED_AT in both.out) == (2, True, True)


def test_receipt_of_a_report_is_found_in_its_own_list(ratecard: Ratecard, examples: str, tmp_path: Path) -> None:
    """What `ratecard report` writes beside a report leads `ratecard show` to the evidence of its receipts."""
    ratecard("report", "--as-of", "2025-12-01", "--store", examples, "--out", tmp_path)
    (html,) = tmp_path.glob("*.html")
    (file,) = tmp_path.glob("*.figures.json")
    for cited in json.loads(file.read_bytes())["receipts"][:3]:
        answer = ratecard("show", f"{html}#{cited['number']}", "--store", examples)
        assert f"quote       {cited['quote']}\n" in answer.out
        assert f"sha256 {cited['sha256']}" in answer.out


def test_several_pictures_have_names_of_their_own(ratecard: Ratecard, pages: Path, tmp_path: Path) -> None:
    """A figure that rests on several receipts gives a picture for each that has one."""
    two = [receipt(1, LINKED_AT), receipt(2, PRICE_AT), receipt(3, f"{PRICE_AT}@data-secure")]
    file = figures_file(tmp_path, {"figures": [{"id": "sum", "receipts": two}]})
    ratecard("show", f"{file}#sum", "--crop", tmp_path / "price.png", "--store", pages)
    assert sorted(path.name for path in tmp_path.glob("*.png")) == ["price-2.png", "price-3.png"]


@pytest.mark.parametrize(
    ("content", "says"),
    [("{", "found none to read"), ({"receipts": []}, "has no receipt or figure '12'"), ([{"id": 12}], "no receipt")],
)
def test_list_without_the_receipt_is_named(
    ratecard: Ratecard, pages: Path, tmp_path: Path, content: object, says: str
) -> None:
    """A list that cannot be read, or lacks the number, is one message with the file named."""
    file = figures_file(tmp_path, content)
    answer = ratecard("show", f"{file}#12", "--store", pages)
    assert answer.code == 2
    assert f"{file}: " in answer.err
    assert says in answer.err


def test_report_without_its_list_is_named(ratecard: Ratecard, pages: Path, tmp_path: Path) -> None:
    """A report that lies alone says which file is missed."""
    answer = ratecard("show", f"{tmp_path / 'lost.html'}#12", "--store", pages)
    assert answer.code == 2
    assert f"{tmp_path / 'lost.figures.json'}: looked for the report's list of figures" in answer.err


def test_offer_is_found_by_what_it_is_the_price_of(ratecard: Ratecard, examples: str) -> None:
    """The one offer that fits is shown with the record that it stands in."""
    asked = ("--source", "aws-spot", "--sku", "g4ad.16xlarge", "--region", "us-east-1", "--as-of", "2026-08-19")
    answer = ratecard("show", "--provider", "AWS", *asked, "--store", examples)
    assert answer.code == 0
    assert '"size": "g4ad.16xlarge"' in answer.out
    assert '"USD": >>"1.4338"<<' in answer.out


def test_several_offers_are_listed_with_what_to_type(ratecard: Ratecard, examples: str) -> None:
    """Each line of the message, typed as it stands, shows its offer."""
    answer = ratecard("show", "--gpu", "H100", "--provider", "RunPod", "--store", examples)
    assert (answer.code, answer.out) == (2, "")
    assert "offers are that; narrow with --sku, --region, --source, or take one of:" in answer.err
    commands = [line.partition(": ratecard ")[2] for line in answer.err.splitlines()[1:] if ": ratecard " in line]
    assert 2 <= len(commands) <= 20
    for command in commands[:3]:
        assert ratecard(*shlex.split(command), "--store", examples).code == 0


def test_offers_of_one_line_are_one(ratecard: Ratecard, examples: str) -> None:
    """A price of a pool is an offer for each of its cards; all of them have the same evidence, which is shown."""
    asked = ("--source", "runpod-docs", "--sku", "L40, L40S, 6000 Ada PRO", "--as-of", "2025-12-01")
    listed = ratecard("show", *asked, "--store", examples)
    assert listed.code == 2
    assert listed.err.count("ratecard show ") == 2  # Flex and Active


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "name a citation, or the offer by --gpu"),
        (("abc#json:/0", "--gpu", "H100"), "name a citation, or the offer by --gpu"),
        (("--sku", "no-such"), "no offer is that"),
        (("55.04",), "looked for <sha256>#<locator> as receipts print it, or <report>#<number>"),
        (("#json:/0",), "looked for <sha256>#<locator>"),
    ],
)
def test_what_names_no_figure_is_one_message(
    ratecard: Ratecard, examples: str, arguments: tuple[str, ...], says: str
) -> None:
    """Nothing, too much or no offer: what could be asked instead is said."""
    answer = ratecard("show", *arguments, "--store", examples)
    assert answer.code == 2
    assert says in answer.err
