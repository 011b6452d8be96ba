"""The model that would answer is asked, and a server that reads less than was sent is found out."""

from __future__ import annotations

import pytest

from app.doctor.libraries import check_tiny_library
from app.doctor.model import check_question, check_window
from app.doctor.servers import check_servers
from tests.app.doctor.examining import found_by, row
from tests.e2e.chat_server import free_port
from tests.servers.reply import Reply
from tests.servers.scripted_ollama import ScriptedOllama
from tests.servers.scripted_openai import ScriptedOpenAI
from tests.servers.stranger import stranger

PROVED = Reply("The mill of Larkfield was built in 1712 by Ann Hale [1].")


@pytest.fixture(autouse=True)
def no_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing listens at any address, until a test says otherwise."""
    monkeypatch.setenv("CITEBOUND_OLLAMA_URL", f"http://127.0.0.1:{free_port()}")
    for name in ("VLLM", "OPENAI_COMPATIBLE"):
        monkeypatch.setenv(f"CITEBOUND_{name}_URL", f"http://127.0.0.1:{free_port()}/v1")


def test_without_a_server_the_built_in_answerer_is_asked() -> None:
    finding = found_by(check_tiny_library, check_question)
    assert finding.state == "ok", finding
    assert row(finding, "model") == "extractive"
    assert "Ollama does not answer" in row(finding, "why this one")
    assert "Ann Hale" in finding.found
    servers = found_by(check_servers)
    assert (servers.state, "ollama serve" in servers.to_do) == ("note", True)
    assert found_by(check_window).state == "ok"


def test_a_model_is_asked_and_its_tokens_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedOllama(models=["wren"], replies=[PROVED]) as ollama:
        monkeypatch.setenv("CITEBOUND_OLLAMA_URL", ollama.url)
        servers = found_by(check_servers)
        finding = found_by(check_tiny_library, check_question)
    assert servers.state == "ok"
    assert row(servers, "ollama").endswith("0.15.5: wren:latest")
    assert finding.state == "ok", finding
    assert row(finding, "model") == "ollama:wren:latest"
    assert row(finding, "sentences proved") == "1 of 1"
    assert int(row(finding, "tokens read")) > 100


def test_an_answer_that_the_page_does_not_prove_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedOllama(models=["wren"], replies=[Reply("Queen Maud built it in 1066 [1].")]) as o:
        monkeypatch.setenv("CITEBOUND_OLLAMA_URL", o.url)
        finding = found_by(check_tiny_library, check_question)
    assert finding.state == "note"
    assert "does not prove what it says: “Queen Maud" in finding.found


def test_an_ollama_that_reads_less_than_was_sent_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ScriptedOllama(models=["wren"], replies=[PROVED], reads_at_most=60) as ollama:
        monkeypatch.setenv("CITEBOUND_OLLAMA_URL", ollama.url)
        finding = found_by(check_tiny_library, check_question)
    assert finding.state == "failed"
    assert "The server read 60 of about" in finding.found
    assert "OLLAMA_CONTEXT_LENGTH=8192 ollama serve" in finding.to_do


def test_a_window_that_is_too_small_for_long_prompts_alone_is_found_by_filling_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for reads, state in ((2000, "failed"), (None, "ok")):
        with ScriptedOllama(models=["wren"], replies=[PROVED], reads_at_most=reads) as ollama:
            monkeypatch.setenv("CITEBOUND_OLLAMA_URL", ollama.url)
            assert found_by(check_tiny_library, check_question).state == "ok"
            finding = found_by(check_window)
            assert finding.state == state, finding
    assert int(row(finding, "tokens sent, about").replace(",", "")) > 7000


def test_another_server_that_reads_less_is_found_out_by_its_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reply = Reply(PROVED.text, prompt_tokens=40)
    monkeypatch.setenv("CITEBOUND_MODEL", "openai-compatible:wren")
    with ScriptedOpenAI(models=["wren"], replies=[reply]) as server:
        monkeypatch.setenv("CITEBOUND_OPENAI_COMPATIBLE_URL", f"{server.url}/v1")
        finding = found_by(check_tiny_library, check_question)
    assert finding.state == "failed"
    assert "The server read 40 of about" in finding.found
    assert "LM Studio: Context Length" in finding.to_do


def test_a_chosen_model_whose_server_is_down_fails_and_one_that_is_missing_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CITEBOUND_MODEL", "ollama:wren")
    assert "Ollama does not answer" in found_by(check_servers).found
    asked = found_by(check_tiny_library, check_question)
    assert (asked.state, "No model server answers" in asked.found) == ("failed", True)
    with ScriptedOllama(models=["owl"]) as ollama:
        monkeypatch.setenv("CITEBOUND_OLLAMA_URL", ollama.url)
        finding = found_by(check_servers)
    assert (finding.state, finding.to_do) == ("failed", "Fetch it: citebound models pull wren")


def test_what_is_no_ollama_is_said_to_be_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    with stranger(b"<html>") as address:
        monkeypatch.setenv("CITEBOUND_OLLAMA_URL", address)
        assert "does not speak as Ollama does" in row(found_by(check_servers), "ollama")


def test_a_model_string_that_names_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEBOUND_MODEL", "wren")
    finding = found_by(check_tiny_library, check_question)
    assert (finding.state, "names no model" in finding.found) == ("failed", True)
