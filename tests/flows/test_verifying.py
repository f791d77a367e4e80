"""``ratecard verify``: the bundled examples and their reports hold; what was changed, pruned or damaged does not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flows import steps
from flows.rereading import Archive
from flows.verifying import verify_market, verify_report
from normalize.facts import Facts, default_facts_folder, load_facts
from normalize.records import Market
from reports.as_pdf import render_pdf
from reports.brief import load_brief
from reports.build import build_report
from reports.figures_file import digest_of
from scrapers.archive.store import Store
from scrapers.errors import UsageError
from scrapers.records import Capture

EXAMPLES = Path(__file__).resolve().parents[2] / "data" / "examples"
DAY = "2025-12-01"
STEM = f"archibus-{DAY}"
DOCS = "2025-12-01T060000Z/runpod-docs/serverless-pricing.mdx.zst"
L40S = "1.908"
"""RunPod's serverless price of that day, from 0.00053 per second."""


@pytest.fixture(scope="module")
def facts() -> Facts:
    """Return the hand-kept facts."""
    return load_facts(default_facts_folder())


@pytest.fixture(scope="module")
def market(facts: Facts) -> Market:
    """Return the market of 2025-12-01."""
    return steps.MarketReader(Store.at(EXAMPLES), facts).market(steps.read_moment(DAY, option="--as-of"))


@pytest.fixture(scope="module")
def written(facts: Facts, market: Market, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the report of 2025-12-01 and return its folder; no test may change it."""
    folder = tmp_path_factory.mktemp("written")
    steps.write_client_report(load_brief("archibus", facts), market, None, facts, folder, store=Store.at(EXAMPLES))
    return folder


@pytest.fixture
def report(written: Path, tmp_path: Path) -> Path:
    """Return a report that a test may change, by its path without suffix."""
    return Path(shutil.copytree(written, tmp_path / "report")) / STEM


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Return a copy of the bundled examples that a test may change."""
    return Store(Path(shutil.copytree(EXAMPLES, tmp_path / "store")))


def with_suffix(stem: Path, suffix: str) -> Path:
    """Return one of a report's files."""
    return stem.with_name(f"{stem.name}{suffix}")


def replace_in(path: Path, old: str, new: str) -> None:
    """Change the first of some words in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("suffix", [".figures.json", ".md", ".html", ".pdf"])
def test_report_holds_by_each_of_its_files(ratecard: Callable[..., Any], report: Path, suffix: str) -> None:
    """Any of the four files will do; the list compares all that lie beside it."""
    done = ratecard("verify", with_suffix(report, suffix), "--store", EXAMPLES)
    first, second, third = done.out.splitlines()
    assert done.code == 0
    figures = int(first.split()[1])
    assert first == f"{STEM}: {figures} figures, {figures} hold"
    assert figures > 80
    assert "archived bodies were read again" in second
    names = [".md", ".html", ".pdf"] if suffix == ".figures.json" else [suffix]
    assert third == "compared with what was computed: " + ", ".join(f"{STEM}{name}" for name in names)


def test_pdf_is_enough(ratecard: Callable[..., Any], report: Path, tmp_path: Path) -> None:
    """A year later the PDF alone, under any name, and the store: its own list of figures is verified."""
    alone = tmp_path / "from the client.pdf"
    shutil.move(with_suffix(report, ".pdf"), alone)
    shutil.rmtree(report.parent)
    assert ratecard("verify", alone, "--store", EXAMPLES).code == 0


@pytest.mark.parametrize("day", ["2025-12-01", "2026-08-19", "2026-11-09"])
def test_all_offers_of_a_market_hold(ratecard: Callable[..., Any], examples: str, day: str, facts: Facts) -> None:
    """Every price of the bundled examples is read again where it was cited, and comes out the same."""
    done = ratecard("verify", "--as-of", day, "--store", examples, "--json")
    (found,) = json.loads(done.out)
    prices = steps.MarketReader(Store.at(examples), facts).market(steps.read_moment(day, option="x")).offers
    assert done.code == 0
    assert found["figures"] == found["hold"] == sum(offer.list_unit_price is not None for offer in prices)
    assert found["fails"] == []
    assert found["subject"] == f"offers as of {day} 23:59 UTC"


def test_newest_market_needs_no_date(ratecard: Callable[..., Any], examples: str) -> None:
    """Without a report and a date it is the newest snapshot's."""
    assert "offers as of 2026-11-09 06:00 UTC" in ratecard("verify", "--store", examples).out


@pytest.mark.parametrize("suffix", [".md", ".html"])
def test_one_changed_digit_is_named(ratecard: Callable[..., Any], report: Path, suffix: str) -> None:
    """The figure, its place, what is printed and what was computed; exit code 1."""
    replace_in(with_suffix(report, suffix), "$1.908/hr", "$1.808/hr")
    done = ratecard("verify", with_suffix(report, suffix), "--store", EXAMPLES)
    assert done.code == 1
    assert "section 6, row L40S" in done.out
    assert f"{STEM}{suffix} prints '$1.808' instead of '$1.908'" in done.out


def test_changed_words_are_found_too(report: Path, facts: Facts) -> None:
    """A word that is no figure is a failure of its text, and takes no figure with it."""
    replace_in(with_suffix(report, ".md"), "no GPU support", "GPU support")
    done = verify_report(with_suffix(report, ".md"), Store.at(EXAMPLES), facts)
    assert done.hold == done.figures
    assert [(fail.figure, fail.problem.fault, fail.printed) for fail in done.fails] == [("", "print", "no")]


def test_another_byte_is_found_where_no_word_changed(report: Path, facts: Facts) -> None:
    """A file that says the same but is not the one that was written is named as such."""
    with with_suffix(report, ".md").open("a", encoding="utf-8") as file:
        file.write("\n")
    (fail,) = verify_report(with_suffix(report, ".md"), Store.at(EXAMPLES), facts).fails
    assert (fail.where, fail.problem.fault) == (f"{STEM}.md", "file")


def test_changed_digit_of_the_pdf_is_named(report: Path, facts: Facts, market: Market) -> None:
    """A PDF of other figures with the list of the right ones does not pass."""
    figures = with_suffix(report, ".figures.json")
    built = build_report(load_brief("archibus", facts), market, None, facts, generator="ratecard test")
    text = repr(built)
    assert f"${L40S}/hr" in text
    path = with_suffix(report, ".pdf")
    path.write_bytes(_pdf_with(built, f"${L40S}/hr", "$1.808/hr", (figures.name, figures.read_bytes())))
    done = verify_report(path, Store.at(EXAMPLES), facts)
    assert {"section 6, row L40S"} <= {fail.where for fail in done.fails}
    assert "prints '$1.808' instead of '$1.908'" in done.fails[0].problem.why


def _pdf_with(report: Any, old: str, new: str, attached: tuple[str, bytes]) -> bytes:
    """Render a report in whose HTML one text was changed."""
    with pytest.MonkeyPatch.context() as patch:
        from reports import as_html, as_pdf  # noqa: PLC0415  # to be changed for this one rendering

        patch.setattr(as_pdf, "document", lambda *a, **k: as_html.document(*a, **k).replace(old, new))
        return render_pdf(report, attached=attached)


def test_pdf_of_another_run_is_told(report: Path, facts: Facts) -> None:
    """The list inside the PDF and the one beside it are compared."""
    path = with_suffix(report, ".figures.json")
    path.write_bytes(path.read_bytes() + b"\n")
    fails = verify_report(path, Store.at(EXAMPLES), facts).fails
    assert [(fail.where, fail.problem.why) for fail in fails] == [
        (f"{STEM}.pdf", "the list of figures inside is another")
    ]


def test_pruned_body_is_gone_and_the_rest_is_verified(ratecard: Callable[..., Any], report: Path, store: Store) -> None:
    """Figures of bytes that are not there any more fail with just that; all others are verified as ever."""
    (store.root / DOCS).unlink()
    done = ratecard("verify", with_suffix(report, ".md"), "--store", store.root, "--json")
    (found,) = json.loads(done.out)
    assert done.code == 1
    assert 0 < found["hold"] < found["figures"]
    assert {fail["problem"]["fault"] for fail in found["fails"]} == {"gone"}
    assert found["fails"][0]["problem"]["why"] == f"the bytes are gone: {DOCS} is not in the store any more"


def test_pruned_snapshot_is_gone(report: Path, store: Store, facts: Facts) -> None:
    """Without its manifest nobody knows where the bytes were: the hash is named."""
    shutil.rmtree(store.root / "2025-12-01T060000Z")
    done = verify_report(with_suffix(report, ".md"), store, facts)
    assert {fail.problem.fault for fail in done.fails} == {"gone"}
    assert "has a body with sha256" in done.fails[0].problem.why
    assert done.hold == 0


def test_market_with_a_pruned_body_is_verified_in_part(ratecard: Callable[..., Any], store: Store) -> None:
    """The lost body is named, and what the others say is verified."""
    (store.root / DOCS).unlink()
    done = ratecard("verify", "--as-of", DAY, "--store", store.root)
    assert done.code == 1
    assert f"the bytes are gone: {DOCS}" in done.out
    figures = int(done.out.partition("UTC: ")[2].split()[0])
    assert f"{figures} figures, {figures} hold" in done.out
    assert figures > 300


def test_damaged_body_is_damaged(report: Path, store: Store, facts: Facts) -> None:
    """Bytes that are not those that were stored are never read as if they were."""
    (store.root / DOCS).write_bytes((store.root / DOCS).read_bytes()[:-9])
    fails = verify_report(with_suffix(report, ".md"), store, facts).fails
    assert {fail.problem.fault for fail in fails} == {"damaged"}
    market = verify_market(steps.read_moment(DAY, option="x"), store, facts)
    assert [(fail.where, fail.problem.fault) for fail in market.fails] == [(DOCS, "damaged")]


Forge = Callable[[dict[str, Any]], None]


def _another_size(content: dict[str, Any]) -> None:
    """State the price of one instance size as that of another with as many GPUs."""
    offer = next(o for o in content["offers"] if o["sku"] == "ml.g6e.xlarge")
    offer["sku"] = "ml.g6e.2xlarge"


def _another_time(content: dict[str, Any]) -> None:
    content["receipts"][0]["retrieved_at"] = "2025-01-01T00:00:00Z"


def _another_place(content: dict[str, Any]) -> None:
    content["receipts"][0]["locator"] = "md:999;3"


def _unknown_receipt(content: dict[str, Any]) -> None:
    _cited(content)["receipts"] = [999]


def _other_receipt(content: dict[str, Any]) -> None:
    figure = _cited(content)
    figure["receipts"] = [max(r["number"] for r in content["receipts"] if r["number"] not in figure["receipts"])]


def _no_receipt(content: dict[str, Any]) -> None:
    next(f for f in content["figures"] if f["quantity"] == "quoted")["receipts"] = []


def _no_offer(content: dict[str, Any]) -> None:
    _cited(content)["offers"] = []


def _elsewhere(content: dict[str, Any]) -> None:
    for text in content["texts"]:
        text["figures"] = [name for name in text["figures"] if name != _cited(content)["id"]]


def _other_digits(content: dict[str, Any]) -> None:
    figure = _cited(content)
    for text in content["texts"]:
        if figure["id"] in text["figures"]:
            text["text"] = text["text"].replace(figure["printed"], "$9.99/hr")
    figure["printed"] = "$9.99/hr"


def _cited(content: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(f for f in content["figures"] if f["receipts"] and f["quantity"] == "usd_per_sku_hour")
    return found


@pytest.mark.parametrize(
    ("forge", "fault", "why"),
    [
        (_another_size, "thing", "stands the price of AWS SageMaker"),
        (_another_time, "origin", "the receipt says runpod-docs"),
        (_another_place, "unreadable", "nothing to read at 'md:999;3'"),
        (_unknown_receipt, "file", "cites receipts [999]"),
        (_other_receipt, "file", "computed from what was read elsewhere"),
        (_no_receipt, "file", "rests on no receipt"),
        (_no_offer, "value", "does not say what it is computed from"),
        (_elsewhere, "file", "does not stand in the text"),
        (_other_digits, "print", "prints $9.99/hr"),
    ],
)
def test_forged_list_is_found(report: Path, facts: Facts, forge: Forge, fault: str, why: str) -> None:
    """A list whose digest was made right again fails where it says what the archive does not."""
    path = with_suffix(report, ".figures.json")
    content = json.loads(path.read_bytes())
    forge(content)
    path.write_text(json.dumps({**content, "digest": digest_of(content)}), encoding="utf-8")
    for suffix in (".md", ".html", ".pdf"):
        with_suffix(report, suffix).unlink()
    fails = verify_report(path, Store.at(EXAMPLES), facts).fails
    assert any(fail.problem.fault == fault and why in fail.problem.why for fail in fails), fails


def test_receipt_that_no_figure_cites_is_checked_too(report: Path, facts: Facts) -> None:
    """A receipt is a claim of its own."""
    path = with_suffix(report, ".figures.json")
    content = json.loads(path.read_bytes())
    content["receipts"].append({**content["receipts"][0], "number": 999, "quote": "0"})
    path.write_text(json.dumps({**content, "digest": digest_of(content)}), encoding="utf-8")
    fails = verify_report(path, Store.at(EXAMPLES), facts).fails
    assert "receipt 999" in {fail.where for fail in fails}


def test_changed_list_is_told(report: Path, facts: Facts) -> None:
    """A list that was changed after it was written says so, whatever was changed."""
    replace_in(with_suffix(report, ".figures.json"), '"generator": "ratecard', '"generator": "forger')
    fails = verify_report(with_suffix(report, ".figures.json"), Store.at(EXAMPLES), facts).fails
    assert (f"{STEM}.figures.json", "the list of figures was changed after it was written") in {
        (fail.where, fail.problem.why) for fail in fails
    }


def test_unread_source_is_no_fault(report: Path, facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    """A format that no parser knows any more leaves the quotes where they stood: the report still holds."""
    from flows import rereading  # noqa: PLC0415  # to be changed for this test

    def unknown(name: str) -> Any:
        raise UsageError(f"unknown source {name!r}")

    monkeypatch.setattr(rereading, "source_record", unknown)
    assert verify_report(with_suffix(report, ".md"), Store.at(EXAMPLES), facts).fails == ()


def test_large_bodies_are_read_from_the_disk(report: Path, facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that is not kept in memory gives the same."""
    from flows import rereading  # noqa: PLC0415  # to be changed for this test

    monkeypatch.setattr(rereading, "_KEPT_BYTES", 10)
    assert verify_report(with_suffix(report, ".md"), Store.at(EXAMPLES), facts).fails == ()


def test_each_body_is_opened_once(report: Path, facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many figures rest on a body, its bytes are read and hashed one time."""
    store = Store.at(EXAMPLES)
    opened: list[str] = []
    document = store.document

    def counted(capture: Capture) -> Any:
        opened.append(capture.body)
        return document(capture)

    monkeypatch.setattr(store, "document", counted)
    done = verify_report(with_suffix(report, ".md"), store, facts)
    assert len(opened) == len(set(opened)) == done.bodies
    assert done.receipts > 3 * done.bodies


def test_nothing_is_on_sale_where_nothing_was_read(market: Market, facts: Facts) -> None:
    """A citation of other bytes, or of another time, leads to no offer."""
    archive = Archive(Store.at(EXAMPLES), facts)
    cited = next(offer for offer in market.offers if offer.citations).citations[0]
    assert archive.offers_at(cited)
    assert archive.offers_at(replace(cited, sha256="0" * 64)) == []
    assert archive.offers_at(replace(cited, retrieved_at=cited.retrieved_at.replace(year=2001))) == []


@pytest.fixture
def odd_files(tmp_path: Path) -> dict[str, Path]:
    """Return files that are no reports."""
    files = {"none": tmp_path / "none.md", "text": tmp_path / "notes.txt", "lone": tmp_path / "lone.md"}
    files |= {"json": tmp_path / "odd.figures.json", "pdf": tmp_path / "odd.pdf"}
    for name in ("text", "lone", "json", "pdf"):
        files[name].write_bytes(b"hello")
    return files


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none", "there is no such file"),
        ("text", "looked for a report's *.figures.json, .md, .html or .pdf"),
        ("lone", "its list of figures lone.figures.json is not beside it"),
        ("json", "odd.figures.json: is no JSON"),
        ("pdf", "odd.pdf: is no PDF that can be read"),
    ],
)
def test_what_is_no_report_is_refused(
    ratecard: Callable[..., Any], odd_files: dict[str, Path], name: str, message: str
) -> None:
    """Exit code 2 and one line that says what was looked for."""
    done = ratecard("verify", odd_files[name], "--store", EXAMPLES)
    assert done.code == 2
    assert message in done.err


def test_report_has_its_own_date(ratecard: Callable[..., Any], report: Path) -> None:
    """A report and a date together are refused rather than one of them ignored."""
    done = ratecard("verify", with_suffix(report, ".md"), "--as-of", DAY, "--store", EXAMPLES)
    assert done.code == 2
    assert "not both" in done.err


def test_long_lists_of_failures_are_cut(ratecard: Callable[..., Any], report: Path, store: Store) -> None:
    """Fifty failures are enough to see; JSON has them all."""
    shutil.rmtree(store.root / "2025-12-01T060000Z")
    done = ratecard("verify", with_suffix(report, ".md"), "--store", store.root)
    assert len([line for line in done.out.splitlines() if line.startswith("gone")]) == 50
    assert "more; --json prints all of them" in done.out
