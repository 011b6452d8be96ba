"""The command that checks everything: lines as they come, JSON, and the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import citebound
from app.doctor.examination import CHECKS
from app.doctor.finding import Finding
from app.doctor_cli import finding_to_text
from ingest.library import Library
from tests.e2e.chat_server import free_port
from tests.ingest.socket_guard import SocketGuard


@pytest.fixture(autouse=True)
def no_ollama(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing listens where Ollama is looked for."""
    monkeypatch.setenv("CITEBOUND_OLLAMA_URL", f"http://127.0.0.1:{free_port()}")


def test_a_whole_installation_is_well_and_speaks_to_nobody(
    facts: Library,
    socket_guard: SocketGuard,  # noqa: ARG001
) -> None:
    done = CliRunner().invoke(citebound, ["doctor", "--library", str(facts.folder)])
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    heads = [line for line in lines if line and not line.startswith(" ")]
    assert [head[2 : 2 + len(c.name)] for head, c in zip(heads, CHECKS, strict=False)] == [
        check.name for check in CHECKS
    ]
    assert "✓ What leaves this machine: Nothing." in done.stdout
    assert lines[-1].endswith("0 failed.")


def test_what_fails_says_what_to_do_and_ends_with_1(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[answer\n")
    arguments = ["doctor", "--library", str(tmp_path / "nowhere")]
    done = CliRunner().invoke(citebound, arguments)
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert lines[0].startswith("✗ Settings: ")
    assert lines[1] == (
        "    → Mend the settings; until then these checks take those that come with the program."
    )
    assert "Traceback" not in done.output
    printed = json.loads(CliRunner().invoke(citebound, [*arguments, "--json"]).stdout)
    assert not printed["well"]
    failed = {one["name"]: one for one in printed["findings"] if one["state"] == "failed"}
    assert set(failed) == {"Settings", "Your library", "Searching your library"}
    assert all(one["to_do"] for one in failed.values())
    assert len(printed["findings"]) == len(CHECKS)


def test_what_a_server_says_cannot_move_the_terminal() -> None:
    finding = Finding("note", "It said \x1b[2J\nOK", "Do.", (("said", "a\rb"),), "A question", 1.0)
    lines = finding_to_text(finding).splitlines()
    assert "It said [2J OK (1.0 s)" in lines[0]
    assert lines[1:] == ["    → Do.", "    said: a b"]
