"""The commands ``citebound conversations``: what they print and write, and their exit codes."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.library import Library
from ingest.records import ExchangeRecord
from tests.commands import run_command


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A library with two conversations of nobody by name, and one of ada's."""
    with Library.open(tmp_path / "papers", create=True) as opened:
        for number, (id, owner) in enumerate([("aa1", ""), ("ab2", ""), ("ac3", "ada")], 1):
            opened.catalog.add_conversation(id, owner, float(number))
            asked = ExchangeRecord(
                f"{id}-1", id, 1, 10.0 + number, f"Question {id}?", "{}", "stopped", "Half", "", ""
            )
            opened.catalog.add_exchange(asked)
        yield opened


def run(library: Library, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return run_command("eval.cli", "conversations", *arguments, "--library", library.folder)


def test_they_are_listed_exported_and_deleted(library: Library, tmp_path: Path) -> None:
    listed = run(library, "list").stdout.splitlines()
    assert [line.split("  ")[::2] for line in listed] == [
        ["ab2", "Question ab2?"], ["aa1", "Question aa1?"],
    ]  # fmt: skip
    shown = run(library, "export", "aa")
    assert shown.stdout.startswith("# Question aa1?\n")
    assert "This answer was stopped" in shown.stdout
    assert run(library, "export", "aa1", "--format", "pdf", "-o", tmp_path / "a.pdf").stdout == ""
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")
    assert run(library, "delete", "aa1", "--yes").stdout == "Deleted “Question aa1?”.\n"
    assert [one.id for one in library.catalog.conversations("")] == ["ab2"]


def test_what_is_wrong_is_told_in_one_sentence(library: Library, tmp_path: Path) -> None:
    for beginning, said in [
        ("a", "Several conversations begin"),
        ("ac3", "No conversation begins"),
    ]:
        done = run(library, "export", beginning)
        assert (done.returncode, done.stdout) == (1, "")
        assert said in done.stderr
        assert len(done.stderr.splitlines()) == 1
    done = run(library, "export", "ab2", "-o", tmp_path / "none" / "a.md")
    assert done.returncode == 1
    assert "cannot be written: No such file or directory." in done.stderr
