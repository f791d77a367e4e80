"""The recordings of the sources: what they replay, what they keep, and how `./run record` makes them again."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from http import HTTPStatus
from pathlib import Path
from typing import Any

import cassettes
import faults
import pytest
import record
import yaml
from local_origin import Origin
from reading import Read
from reconstructed import reconstruct
from record import main
from recording import CASSETTE, RECORDINGS, Recording, recorded_sources
from vcr.errors import CannotOverwriteExistingCassetteException

from scrapers.places.locate import OpenBody
from scrapers.registry import source_record
from scrapers.wire.web import user_agent

SOURCES = recorded_sources()
BY_HTTP = [source for source in SOURCES if Recording(source, RECORDINGS).kind is CASSETTE]
IN_BROWSER = [source for source in SOURCES if source not in BY_HTTP]
ONE = "runpod-graphql"
SECRET = re.compile(r"authorization|cookie|api[-_]?key|bearer ", re.IGNORECASE)


def check(read: Read, source: str) -> None:
    """Check that a replay brings what the recording says, from the true hosts, with locators that resolve."""
    note = Recording(source, RECORDINGS).kind.read_note(RECORDINGS, source)
    captures = [document.capture for document in read.documents]

    assert {c.resource: c.sha256 for c in captures} == note.bodies
    assert read.listings
    assert bool(read.failure) == bool(note.failure)
    for capture in captures:
        assert capture.served_from is None
        assert capture.answered_url.split("/")[2] in source_record(source).allowed_hosts
    bodies = {document.capture.resource: OpenBody(document) for document in read.documents}
    for document, listing in read.listings:
        assert bodies[document.capture.resource].read(listing.locator) == listing.quote


@pytest.mark.parametrize("source", BY_HTTP)
def test_cassette_replays_what_it_says(source: str) -> None:
    """The source's own requests, at its true addresses, find their answers; what was confirmed then is again."""
    read = cassettes.replay(RECORDINGS, source)
    note = cassettes.read_note(RECORDINGS, source)

    check(read, source)
    assert tuple(r.resource for r in read.again.responses if r.status == HTTPStatus.NOT_MODIFIED) == note.confirmed


@pytest.mark.browser
@pytest.mark.parametrize("source", IN_BROWSER)
def test_har_replays_in_chromium(source: str) -> None:
    """The page opens under its true address without a network, and its script fills the prices in."""
    check(Recording(source, RECORDINGS).kind.replay(RECORDINGS, source), source)


@pytest.mark.parametrize("source", BY_HTTP)
def test_requests_name_us_and_give_nothing_away(source: str) -> None:
    """Each has our User-Agent with the contact and no header of a secret; a body at hand is asked for if it changed."""
    asked: list[Any] = []
    read = cassettes.replay(RECORDINGS, source, asked=asked, contact="me@example.org")
    conditions = {r.headers["if-none-match"] for r in asked if "if-none-match" in r.headers}

    assert {r.headers["user-agent"] for r in asked} == {user_agent("me@example.org")}
    assert {r.headers["accept-encoding"] for r in asked} == {"gzip"}
    assert [name for r in asked for name in r.headers if SECRET.search(name)] == []
    tags = {r.headers["etag"] for r in read.first.responses if "etag" in r.headers}
    assert conditions == (set() if source == ONE else tags)  # a question that is posted has no condition


@pytest.mark.parametrize("source", SOURCES)
def test_recording_holds_nothing_secret_and_says_what_it_is(source: str) -> None:
    """No cookie, key or contact lies in a file; one that is reconstructed has its provenance at every answer."""
    kind = Recording(source, RECORDINGS).kind
    note = kind.read_note(RECORDINGS, source)
    text = "".join((RECORDINGS / name).read_text(encoding="utf-8") for name in kind.files_of(source))

    assert not re.search(r"(?i)set-cookie|authorization\b|127\.0\.0\.1|ratecard/[0-9]", text)
    assert note.obtained in {"live", "mirrored", "reconstructed"}
    assert bool(note.recorded_at) == (note.obtained != "reconstructed")
    if note.obtained == "reconstructed":
        assert text.count("x-ratecard-provenance") == text.count("x-ratecard-obtained") >= len(note.bodies)


@pytest.mark.parametrize("source", BY_HTTP)
def test_reconstructed_cassette_is_what_the_command_writes(source: str, tmp_path: Path) -> None:
    """The kept file is made of today's bodies by today's requests; else run ./run record --reconstruct --replace."""
    if cassettes.read_note(RECORDINGS, source).obtained != "reconstructed":
        pytest.skip("recorded from the live site")
    main(["--reconstruct", source], folder=tmp_path)

    assert (tmp_path / "new" / f"{source}.yaml").read_bytes() == (RECORDINGS / f"{source}.yaml").read_bytes()


def test_request_that_was_not_recorded_is_not_sent(tmp_path: Path) -> None:
    """A replay never goes out into the world: an unknown request is an error."""
    cassette = yaml.safe_load((RECORDINGS / "runpod-docs.yaml").read_text(encoding="utf-8"))
    cassette["interactions"] = [
        each for each in cassette["interactions"] if not each["request"]["uri"].endswith("gpu-types.md")
    ]
    (tmp_path / "runpod-docs.yaml").write_text(yaml.safe_dump(cassette), encoding="utf-8")

    with pytest.raises(CannotOverwriteExistingCassetteException, match=r"gpu-types\.md"):
        cassettes.replay(tmp_path, "runpod-docs")


# --- ./run record --------------------------------------------------------------------------------

Lay = Callable[..., None]


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Return a folder with one source's kept recording."""
    for name in CASSETTE.files_of(ONE):
        (tmp_path / name).write_bytes((RECORDINGS / name).read_bytes())
    return tmp_path


@pytest.fixture
def mirror(origin: Origin, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Lay:
    """Return what lays an answer of the GraphQL API at a mirror, changed from the recorded one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RATECARD_ORIGINS", json.dumps({"https://api.runpod.io": origin.url}))
    monkeypatch.setenv("RATECARD_CONTACT", "me@example.org")
    (body,) = reconstruct(ONE).bodies

    def lay(*changes: tuple[str, str], **options: Any) -> None:
        text = body.content.decode()
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        headers = {"content-type": "application/json", "set-cookie": "visitor=1001"}
        origin.serve("/graphql", text.encode(), headers=headers, **options)

    return lay


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_new_recording_waits_beside_the_kept_one(kept: Path, mirror: Lay, capsys: pytest.CaptureFixture[str]) -> None:
    """What differs is printed, the kept recording stays as it is, and a mirror's answer is not called live."""
    before = contents(kept)
    mirror(('"securePrice": 3.29', '"securePrice": 1001.01'), ('"NVIDIA B200"', '"NVIDIA Z99"'), ('"B200"', '"Z99"'))
    code = main([ONE], folder=kept)
    printed = capsys.readouterr().out

    assert code == record.FINDING
    assert f"{ONE}: mirrored from http://127.0.0.1:" in printed
    assert "the kept one is reconstructed, this one mirrored" in printed
    assert re.search(r"~ gpu-types\.json \| Pods \| H100 SXM .* 3\.29 -> 1001\.01", printed)
    assert re.search(r"\+ gpu-types\.json \| Pods \| Z99 ", printed)
    assert re.search(r"- gpu-types\.json \| Pods \| B200 ", printed)
    assert "the new recording waits in new/" in printed
    after = contents(kept)
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {f"new/{ONE}.yaml"}
    assert b"visitor=1001" not in after[f"new/{ONE}.yaml"]
    assert b"example.org" not in after[f"new/{ONE}.yaml"]


def test_changed_structure_is_told(kept: Path, mirror: Lay, capsys: pytest.CaptureFixture[str]) -> None:
    """A field that is new is named, although no price changed."""
    mirror(('"memoryInGb"', '"manufacturer": "Nvidia", "memoryInGb"'))
    main([ONE], folder=kept)

    assert re.search(r"new in fields: .*manufacturer", capsys.readouterr().out)


def test_new_recording_is_taken_over_when_asked(kept: Path, mirror: Lay) -> None:
    """With --replace the new one is what the tests replay, at its true address, labelled as what it is."""
    mirror(('"securePrice": 3.29', '"securePrice": 1001.01'))

    assert main(["--replace", ONE], folder=kept) == record.DONE
    assert set(contents(kept)) == set(CASSETTE.files_of(ONE))
    assert cassettes.read_note(kept, ONE).obtained == "mirrored"
    prices = [listing.price_text for _, listing in cassettes.replay(kept, ONE).listings]
    assert "1001.01" in prices


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (faults.page("<title>Login</title>"), "holds no price and is not taken over"),
        (faults.refuse(403), "holds no price and is not taken over"),
    ],
)
def test_recording_without_a_price_is_not_taken_over(
    kept: Path, mirror: Lay, capsys: pytest.CaptureFixture[str], fault: Any, said: str
) -> None:
    """A wall in the way of the prices never replaces them, whatever was asked."""
    before = contents(kept)
    mirror(fault=fault)

    assert main(["--replace", ONE], folder=kept) == record.FINDING
    assert said in capsys.readouterr().out
    assert contents(kept)[f"{ONE}.yaml"] == before[f"{ONE}.yaml"]


def test_recording_that_is_too_large_is_not_kept(
    kept: Path, mirror: Lay, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is larger than a file of the project may be is compared, and dropped."""
    monkeypatch.setattr(record, "LARGEST_BYTES", 1000)
    before = contents(kept)
    mirror()

    main(["--replace", ONE], folder=kept)
    assert "bytes are more than a recording may have; the kept one stays" in capsys.readouterr().out
    assert contents(kept) == before


@pytest.fixture
def nobody() -> str:
    """Return the address of a port of this machine where nobody listens."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


def test_without_a_network_nothing_changes(
    kept: Path, nobody: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The program itself says so in one sentence, fails, and touches nothing."""
    hosts = {host for source in SOURCES for host in source_record(source).allowed_hosts}
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RATECARD_ORIGINS", json.dumps({f"https://{host}": nobody for host in hosts}))
    before = contents(RECORDINGS)
    done = subprocess.run(
        [sys.executable, RECORDINGS / "record.py", "--replace"], capture_output=True, text=True, check=False
    )

    assert done.returncode == record.FINDING
    assert (done.stdout, done.stderr) == (
        "",
        "record: no network answered for any of the sources; nothing was changed\n",
    )
    assert contents(RECORDINGS) == before
    assert main([ONE], folder=kept) == record.FINDING


def test_site_that_is_away_does_not_stop_the_others(
    kept: Path, mirror: Lay, nobody: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One site that does not answer is named; the others are recorded."""
    mirror()
    told = json.loads(os.environ["RATECARD_ORIGINS"])
    monkeypatch.setenv("RATECARD_ORIGINS", json.dumps({**told, "https://docs.runpod.io": nobody}))

    assert main(["runpod-docs", ONE], folder=kept) == record.FINDING
    printed = capsys.readouterr().out
    assert "runpod-docs: its site does not answer; nothing was changed" in printed
    assert f"{ONE}: mirrored" in printed


def test_mirror_of_several_origins_is_refused(
    origin: Origin, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where one mirror stands for two origins of a source, the true addresses are not known."""
    hosts = source_record("aws-spot").allowed_hosts
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RATECARD_ORIGINS", json.dumps({f"https://{host}": origin.url for host in hosts}))

    assert main(["aws-spot"], folder=tmp_path) == record.USAGE
    assert "give each a port or a folder of its own" in capsys.readouterr().err


def test_unknown_source_is_a_mistake_of_the_caller(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The message lists the sources there are."""
    assert main(["no-such-source"], folder=tmp_path) == record.USAGE
    assert "unknown source 'no-such-source'; the sources are: aws-" in capsys.readouterr().err
