"""A full disk and a folder that is only read cost one sentence, and the library is whole after."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import run_ingest, run_library, write_random_pdfs
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
del sys.argv[1]
from {module} import main
main()
"""


def run_limited(limit: int, module: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command that can write no file beyond ``limit`` bytes: a disk that fills up."""
    command = [sys.executable, "-c", LIMITED.format(module=module), str(limit), *map(str, words)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """The error of a command that failed as it should."""
    assert done.returncode == 1, done
    assert done.stderr.startswith("Error: "), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of PDFs and the library of the first four of them."""
    folder = tmp_path_factory.mktemp("whole")
    write_random_pdfs(folder / "pdfs", 4, seed="disk")
    assert run_ingest(folder / "pdfs", "--library", folder / "library").returncode == 0
    write_random_pdfs(folder / "pdfs", 12, seed="disk")
    return folder


@pytest.fixture
def library(whole: Path, tmp_path: Path) -> Path:
    """A copy of that library."""
    shutil.copytree(whole / "library", tmp_path / "library")
    return tmp_path / "library"


@pytest.mark.parametrize("limit", [0, 400_000])
def test_a_full_disk_stops_an_ingest_and_costs_nothing(
    whole: Path, library: Path, limit: int
) -> None:
    done = run_limited(limit, "ingest.cli", whole / "pdfs", "--library", library)
    assert "disk" in one_sentence(done)
    assert run_library("list", "--library", library).returncode == 0
    assert run_ingest(whole / "pdfs", "--library", library).returncode == 0
    assert "12 documents" in run_library("verify", "--library", library).stdout


@pytest.mark.parametrize("command", [("forget", "002.pdf", "--yes"), ("rebuild",)])
@pytest.mark.parametrize("limit", [150_000])
def test_a_full_disk_stops_other_writers_too(
    library: Path, command: tuple[str, ...], limit: int
) -> None:
    done = run_limited(limit, "eval.cli", "library", *command, "--library", library)
    assert "disk" in one_sentence(done)
    assert run_library("rebuild", "--library", library).returncode == 0
    assert run_library("verify", "--library", library).returncode == 0


def test_a_full_disk_makes_no_library(whole: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    one_sentence(run_limited(20_000, "ingest.cli", whole / "pdfs", "--library", new))
    assert run_ingest(whole / "pdfs", "--library", new).returncode == 0


def test_a_library_that_may_only_be_read_is_refused_and_stays_as_it_is(
    whole: Path, library: Path
) -> None:
    bound: list[str] = []
    if os.geteuid() == 0:  # root may write anywhere, unless it gives that right up
        if shutil.which("setpriv") is None:
            pytest.skip("root ignores permissions, and there is no setpriv to change that")
        bound = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    paths = [library, *library.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    words = ["-m", "ingest", str(whole / "pdfs"), "--library", str(library)]
    done = subprocess.run(
        [*bound, sys.executable, *words], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    for path in paths:
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert "permissions" in one_sentence(done)
    assert run_library("verify", "--library", library).returncode == 0


def test_a_folder_in_the_way_of_the_lock_is_named(whole: Path, library: Path) -> None:
    (library / "writer.lock").unlink()
    (library / "writer.lock").mkdir()
    done = run_ingest(whole / "pdfs", "--library", library)
    assert "cannot be written to" in one_sentence(done)
