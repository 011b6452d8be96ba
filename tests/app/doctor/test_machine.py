"""Room, versions, the page's port, what every answer stands on, and what leaves the machine."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from types import SimpleNamespace

import pytest

from app.doctor import machine
from app.doctor.finding import Finding, ok
from app.doctor.grounds import check_embedder, check_grounding, check_ocr
from app.doctor.machine import check_port_of_page, check_room, check_versions
from app.doctor.privacy import check_privacy
from app.doctor.visit import Visit
from app.people.settings import secrets_file
from ingest import no_telemetry
from tests.app.doctor.examining import found_by, row
from tests.e2e.chat_server import free_port
from tests.servers.stranger import stranger

CLOUD = {"models": [{"name": "big:cloud", "remote_host": "https://ollama.com"}]}


@pytest.fixture(autouse=True)
def no_ollama(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing listens where Ollama is looked for."""
    monkeypatch.setenv("CITEBOUND_OLLAMA_URL", f"http://127.0.0.1:{free_port()}")


def test_the_embedder_tells_likeness_and_the_check_tells_truth() -> None:
    embedder = found_by(check_embedder)
    assert (embedder.state, row(embedder, "numbers in a vector")) == ("ok", "384")
    assert row(embedder, "two texts that are alike") > row(embedder, "two that are not")
    proof = found_by(check_grounding)
    assert proof.state == "ok"
    assert "lacks: 1821" in str(proof.rows)


def test_an_embedder_or_a_grounding_model_that_is_not_there_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CITEBOUND_EMBEDDER", "/no/such/model")
    monkeypatch.setenv("CITEBOUND_GROUNDING", "/no/such/judge")
    for check, name in ((check_embedder, "/no/such/model"), (check_grounding, "/no/such/judge")):
        finding = found_by(check)
        assert (finding.state, name in finding.found) == ("failed", True)


def test_ocr_that_is_off_is_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("rapidocr")
    assert found_by(check_ocr).state == "ok"
    monkeypatch.setenv("CITEBOUND_OCR", "false")
    finding = found_by(check_ocr)
    assert (finding.state, "ocr = true" in finding.to_do) == ("note", True)


@pytest.mark.parametrize(("free", "state"), [(5e7, "failed"), (1e9, "note"), (9e9, "ok")])
def test_a_disk_that_runs_full_is_told(
    free: float, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=int(free)))
    monkeypatch.setattr(machine, "FEW_MEMORY", 0)
    assert found_by(check_room).state == state


def test_versions_are_those_installed() -> None:
    finding = found_by(check_versions)
    assert row(finding, "streamlit").startswith("1.")
    assert "full-text search" in row(finding, "SQLite")


def test_a_port_is_free_taken_by_somebody_or_open_to_others() -> None:
    assert "is free" in found_by(check_port_of_page, port=free_port()).found
    with stranger(b"ok") as page:
        assert found_by(check_port_of_page, port=int(page.rpartition(":")[2])).state == "ok"
    with socket.create_server(("0.0.0.0", 0)) as open_to_all:  # noqa: S104
        finding = found_by(check_port_of_page, port=open_to_all.getsockname()[1])
    assert finding.state == "note"
    assert f"(process {os.getpid()})" in finding.found
    assert "other machines" in finding.found


def test_a_port_that_another_program_has_is_noted_with_another_port() -> None:
    code = (
        "import socket, time; s = socket.create_server(('127.0.0.1', 0));"
        "print(s.getsockname()[1], flush=True); c, _ = s.accept(); c.close(); time.sleep(30)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        port = int(other.stdout.readline())
        finding = found_by(check_port_of_page, port=port)
        other.kill()
    assert finding.state == "note"
    assert f"(process {other.pid})" in finding.found
    assert f"--port {port + 1}" in finding.to_do


def test_nothing_leaves_the_machine() -> None:
    finding = found_by(check_privacy)
    assert (finding.state, finding.found) == ("ok", "Nothing.")
    assert "Chroma, Hugging Face, LangChain, Streamlit, OpenVINO" in row(
        finding, "telemetry that is off"
    )


def test_telemetry_that_something_switched_on_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, whose in (("LANGCHAIN_TRACING_V2", "LangChain"), ("DO_NOT_TRACK", "Chroma")):
        with monkeypatch.context() as patch:
            patch.setenv(name, "true")
            finding = found_by(check_privacy)
        assert (finding.state, whose in finding.found) == ("failed", True)


def test_every_switch_belongs_to_somebody() -> None:
    owned = {name for names in no_telemetry.WHOSE.values() for name in names}
    assert owned == set(no_telemetry.SWITCHES)


def test_a_connection_that_no_setting_asks_for_fails() -> None:
    def calls_home(_: Visit) -> Finding:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 9))
        return ok("Called.")

    finding = found_by(calls_home, check_privacy)
    assert finding.state == "failed"
    assert "spoke to 192.0.2.1" in finding.found


def test_a_model_server_elsewhere_is_said_plainly_and_expected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CITEBOUND_VLLM_URL", "http://192.0.2.1:8000/v1")

    def asks_it(_: Visit) -> Finding:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 8000))
        return ok("Asked.")

    finding = found_by(asks_it, check_privacy)
    assert finding.state == "note"
    assert "Questions and passages go to 192.0.2.1" in finding.found
    assert "192.0.2.1" in finding.rows[-1][1]


def test_a_provider_that_people_sign_in_with_is_said_and_expected() -> None:
    secrets_file().write_text(
        f"""[auth]
redirect_uri = "https://docs.example.org/oauth2callback"
cookie_secret = "{"k" * 32}"
client_id = "citebound"
client_secret = "s"
server_metadata_url = "https://192.0.2.3/.well-known/openid-configuration"
"""
    )
    secrets_file().chmod(0o600)

    def asks_it(_: Visit) -> Finding:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.3", 443))
        return ok("Asked.")

    finding = found_by(asks_it, check_privacy)
    assert finding.state == "note"
    assert "does so with 192.0.2.3" in finding.found
    assert row(finding, "providers elsewhere that people sign in with") == "192.0.2.3"


def test_models_that_ollama_has_others_run_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with stranger(json.dumps(CLOUD).encode()) as address:
        monkeypatch.setenv("CITEBOUND_OLLAMA_URL", address)
        finding = found_by(check_privacy)
    assert finding.state == "note"
    assert "Ollama has big:cloud run by other machines" in finding.found
