"""Settings that are wrong and folders that cannot be written to are told with what to do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.doctor.grounds import check_embedder
from app.doctor.places import check_folders, check_settings, standing
from tests.app.doctor.examining import TO_DO, found_by, row


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """The settings file of the test."""
    return tmp_path / "settings.toml"


def test_no_file_and_a_valid_one_are_well(settings: Path) -> None:
    none = found_by(check_settings)
    assert none.state == "ok"
    assert f"There is no file {settings}" in none.found
    settings.write_text('[answer]\nmodel = "extractive"\n')
    assert found_by(check_settings).found == f"{settings} is valid."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[answer", "is not valid TOML"),
        ('[answer]\nollama_url = "nowhere"\n', "The setting 'ollama_url'"),
        ("[ingest]\nchunks = 3\n", "The setting 'chunks'"),
        ('[answer]\nstrategy = "guess"\n', "There is no strategy 'guess'"),
        ('[answer]\nprompt = "nothing.toml"\n', "nothing.toml"),
    ],
)
def test_what_is_wrong_in_settings_is_named(settings: Path, text: str, said: str) -> None:
    settings.write_text(text)
    finding = found_by(check_settings)
    assert (finding.state, finding.to_do) == ("failed", TO_DO)
    assert said in finding.found


def test_other_checks_go_on_while_settings_are_wrong(settings: Path) -> None:
    settings.write_text("[ingest]\nembedder = 5\n")
    assert found_by(check_settings).state == "failed"
    assert found_by(check_embedder).state == "ok"


def test_a_table_that_nothing_reads_is_noted(settings: Path) -> None:
    settings.write_text('[anser]\nmodel = "extractive"\n')
    finding = found_by(check_settings)
    assert finding.state == "note"
    assert "[anser]" in finding.found
    assert "[ingest] or [answer]" in finding.to_do


def test_variables_are_named_without_what_they_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEBOUND_PASSWORD", "rosebud")
    finding = found_by(check_settings)
    assert "CITEBOUND_PASSWORD" in row(finding, "set by variables")
    assert "rosebud" not in str(finding)


def test_folders_that_are_not_made_yet_are_looked_at_and_not_made(tmp_path: Path) -> None:
    finding = found_by(check_folders)
    assert finding.state == "ok"
    assert row(finding, "data") == str(tmp_path / "home")
    assert not (tmp_path / "home").exists()
    assert standing(tmp_path / "home" / "deeper") == tmp_path
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_to_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    monkeypatch.setenv("CITEBOUND_HOME", str(in_the_way / "home"))
    finding = found_by(check_folders)
    assert finding.state == "failed"
    assert f"{in_the_way / 'home'} (data): Not a directory" in finding.found
    assert "CITEBOUND_HOME" in finding.to_do


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_read_only_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    monkeypatch.setenv("CITEBOUND_HOME", str(closed))
    assert "Permission denied" in found_by(check_folders).found
