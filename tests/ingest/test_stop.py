"""An ingest that is asked to stop stops soon, keeps what is done, and goes on the next time."""

import signal
import time
from pathlib import Path

import pytest

from tests.commands import (
    count_documents,
    living_processes,
    run_ingest,
    run_library,
    send,
    start_command,
    wait_until,
    write_random_pdfs,
)

pytestmark = pytest.mark.slow

DOCUMENTS = 100


@pytest.fixture(scope="module")
def pdfs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Too much for one lot."""
    folder = tmp_path_factory.mktemp("stop") / "pdfs"
    write_random_pdfs(folder, DOCUMENTS, seed="stop", pages=2)
    return folder


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_ingest_keeps_what_is_done_and_goes_on_later(
    pdfs: Path, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    library = tmp_path / "library"
    process = start_command("ingest.cli", pdfs, "--library", library)
    assert wait_until(lambda: count_documents(library) > 0, process)
    if number == signal.SIGINT:
        send(process, number)  # a terminal's Ctrl-C goes to all processes
    else:
        process.terminate()
    asked = time.monotonic()
    output, errors = process.communicate(timeout=60)
    assert time.monotonic() - asked < 10
    assert (process.returncode, output) == (code, "")
    assert errors.strip() == "Stopped; what was done is kept."
    assert living_processes(process.pid) == []
    done = count_documents(library)
    assert 0 < done < DOCUMENTS
    assert run_library("verify", "--library", library).returncode == 0
    second = run_ingest(pdfs, "--library", library)
    assert f"Documents: {DOCUMENTS - done} added, {done} unchanged." in second.stdout


def test_ctrl_c_while_the_workers_start_leaves_no_traceback(tmp_path: Path) -> None:
    write_random_pdfs(tmp_path / "pdfs", 4, seed="early")
    for tenths in (1, 4, 7, 11):
        process = start_command("ingest.cli", tmp_path / "pdfs", "--library", tmp_path / "library")
        time.sleep(tenths / 10)
        send(process, signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        assert process.returncode in (0, 130, -2), errors  # -2: before the command had begun
        if process.returncode == 130:
            assert "Traceback" not in errors
