"""Sources that need an account: read when named, and never a reason for the others to fail."""

from pathlib import Path

import pytest

from flows import scrape, scrape_all
from flows.command_line import run
from flows.scraping import Scraped
from scrapers.registry import default_source_ids, source_ids, source_record
from scrapers.wire.web import Web

ACCOUNT = [name for name in source_ids() if source_record(name).needs_account]


def test_scrape_without_names_leaves_them_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what anybody can read is fetched unasked."""
    asked: list[str] = []

    def note(source: str, _web: Web, _regions: object, _harvest: object) -> Scraped:
        asked.append(source)
        return Scraped(source, (), 0, None)

    monkeypatch.setattr(scrape_all, "scrape_source", note)
    run(["scrape", "--store", str(tmp_path)])

    assert sorted(asked) == default_source_ids()
    assert ACCOUNT
    assert not set(asked) & set(ACCOUNT)


def test_flow_without_names_leaves_them_out() -> None:
    """The flow's sources are the command's."""
    assert scrape.default_source_ids is default_source_ids


@pytest.mark.parametrize("source", ACCOUNT)
def test_named_without_credentials_it_says_so(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The source fails with one sentence and exit code 3; nothing is asked of anybody."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "RUNPOD_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    assert run(["scrape", "--source", source, "--store", str(tmp_path / "store")]) == 3
    out, err = capsys.readouterr()
    missing = (
        "a RunPod account, and RUNPOD_API_KEY is not set"
        if source == "runpod-rest"
        else ("an AWS account, and no credentials were found")
    )
    assert f"needs {missing}" in " ".join((out + err).split())
