"""The command ``ingest``: its exit codes, what it prints and what it keeps quiet about."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.ingest.socket_guard import guarded_environment
from tests.pdfs import write_broken, write_pdf


@pytest.fixture
def pdfs(tmp_path: Path) -> Path:
    """A folder with a good PDF and a broken one."""
    write_pdf(tmp_path / "pdfs" / "good.pdf", [["The valve opens."], ["Steam rises."]])
    write_broken(tmp_path / "pdfs" / "broken.pdf")
    return tmp_path / "pdfs"


def run_ingest(
    *arguments: str | Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the real command line without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "ingest", *map(str, arguments)],
        env=os.environ | (environment or {}),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_json_of_a_run_has_exactly_these_fields(pdfs: Path) -> None:
    done = run_ingest(pdfs, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    seconds = said.pop("seconds")
    assert seconds > 0
    (failure,) = said.pop("failures")
    assert failure.keys() == {"path", "reason"}
    assert failure["path"] == str(pdfs / "broken.pdf")
    assert failure["reason"].startswith("it is damaged in a way")
    assert said == {
        "documents": {
            "added": 1, "updated": 0, "unchanged": 0, "duplicate": 0, "moved": 0, "removed": 0,
            "failed": 1,
        },
        "pages": 2,
        "chunks": 2,
        "removed": [],
    }  # fmt: skip


def test_a_person_is_told_what_happened_and_stderr_stays_quiet(pdfs: Path) -> None:
    first, second = run_ingest(pdfs), run_ingest(pdfs)
    assert (first.returncode, first.stderr) == (second.returncode, second.stderr) == (0, "")
    lines = first.stdout.splitlines()
    assert lines[0].startswith(f"Could not take in {pdfs / 'broken.pdf'}: it is damaged")
    assert lines[1].startswith("Documents: 1 added. 2 pages in 2 passages, ")
    assert second.stdout.splitlines()[1] == "Nothing to do: 1 documents are unchanged."


def test_ingest_and_its_worker_processes_open_no_socket(pdfs: Path, tmp_path: Path) -> None:
    environment, log = guarded_environment(tmp_path)
    done = run_ingest(pdfs, "--json", environment=environment)
    assert json.loads(done.stdout)["documents"]["added"] == 1
    lines = log.read_text().splitlines()
    assert [line for line in lines if not line.startswith("process ")] == []
    assert len(set(lines)) >= 2  # the command itself and at least one worker


def test_a_library_is_made_where_it_is_asked_for(pdfs: Path, tmp_path: Path) -> None:
    (pdfs / "good.pdf").unlink()
    run_ingest(pdfs, "--library", "by-name")
    assert (tmp_path / "home" / "libraries" / "by-name" / "catalog.sqlite").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["nowhere"], 1, "The folder nowhere does not exist"),
        (["pyproject.toml"], 1, "pyproject.toml is a file, not a folder"),
        ([], 2, "Missing argument 'FOLDER'"),
        ([".", "--nonsense"], 2, "No such option"),
    ],
)
def test_a_mistake_of_the_user_gives_one_line_and_makes_no_library(
    arguments: list[str], code: int, complaint: str, tmp_path: Path
) -> None:
    done = run_ingest(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("variables", "complaint"),
    [
        ({"CITEBOUND_CHUNK_TOKENS": "lots"}, "CITEBOUND_CHUNK_TOKENS"),
        ({"CITEBOUND_HOME": "/dev/null"}, "cannot be made"),
        ({"CITEBOUND_EMBEDDER": "no/such", "HF_HUB_OFFLINE": "1"}, "'no/such' is neither a folder"),
        ({"CITEBOUND_CACHE": "/dev/null"}, "/dev/null"),
    ],
)
def test_a_wrong_setting_gives_one_line(
    pdfs: Path, variables: dict[str, str], complaint: str
) -> None:
    done = run_ingest(pdfs, environment=variables)
    assert (done.returncode, done.stdout) == (1, "")
    assert complaint in done.stderr
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1


def test_a_wrong_settings_file_gives_one_line(pdfs: Path, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[ingest")
    done = run_ingest(pdfs)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: {tmp_path / 'settings.toml'} is not valid TOML: ")
    assert done.stderr.count("\n") == 1
