"""Settings come from one file and from variables; what is not valid gives one clear sentence."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from ingest.errors import SettingsError
from ingest.settings import (
    IngestSettings,
    cache_folder,
    data_folder,
    library_folder,
    load_settings,
    settings_file,
)


def test_without_a_file_and_variables_the_defaults_hold() -> None:
    assert load_settings(IngestSettings).library == "default"


def test_the_file_is_read_and_a_variable_wins_over_it(monkeypatch: pytest.MonkeyPatch) -> None:
    settings_file().write_text('[ingest]\nlibrary = "mine"\nchunk_tokens = 100\n[app]\nx = 1\n')
    monkeypatch.setenv("CITEBOUND_CHUNK_TOKENS", "120")
    settings = load_settings(IngestSettings)
    assert (settings.library, settings.chunk_tokens) == ("mine", 120)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        setattr(IngestSettings(), "library", "other")  # noqa: B010


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[ingest\nlibrary = 1", "not valid TOML"),
        ('[ingest]\nlibary = "x"', "'libary'"),
        ("[ingest]\nchunk_tokens = 3", "'chunk_tokens'"),
        ('[ingest]\nchunk_tokens = "many"', "'chunk_tokens'"),
        ("[ingest]\nseconds_per_page = 0", "'seconds_per_page'"),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wrong(text: str, named: str) -> None:
    settings_file().write_text(text)
    with pytest.raises(SettingsError) as caught:
        load_settings(IngestSettings)
    assert named in str(caught.value)
    assert str(settings_file()) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEBOUND_CHUNK_TOKENS", "lots")
    with pytest.raises(SettingsError, match=r"CITEBOUND_CHUNK_TOKENS.*integer"):
        load_settings(IngestSettings)


@pytest.mark.parametrize("content", [b"[ingest]\nlibrary = '\xe9'", b"ingest = 3", None])
def test_a_file_that_is_no_settings_file_gives_one_sentence(content: bytes | None) -> None:
    if content is None:
        settings_file().mkdir()
    else:
        settings_file().write_bytes(content)
    with pytest.raises(SettingsError):
        load_settings(IngestSettings)


def test_folders_follow_their_variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CITEBOUND_HOME", str(tmp_path / "h"))
    monkeypatch.setenv("CITEBOUND_CACHE", str(tmp_path / "c"))
    assert data_folder() == tmp_path / "h"
    assert cache_folder() == tmp_path / "c"


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("work", "home/libraries/work"),
        ("./work", "work"),
        ("a/b", "a/b"),
        ("..", ".."),
        (".", "."),
        ("~/work", "user/work"),
    ],
)
def test_a_bare_name_lies_in_the_data_folder_and_anything_else_is_a_path(
    name: str, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    assert library_folder(name).resolve() == (tmp_path / folder).resolve()
