"""The command ``citebound``: what it prints, its exit codes, what it imports and whom it calls."""

from __future__ import annotations

import json
import os
import pty
import re
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ingest.library import Library
from tests.conftest import ROOT
from tests.ingest.socket_guard import guarded_environment
from tests.servers.reply import Reply, ToolCall
from tests.servers.scripted_ollama import ScriptedOllama

CITEBOUND = Path(sys.executable).with_name("citebound")
QUESTION = "When was the Forth Bridge opened?"
TEXT = "The Forth Bridge was opened to trains on 4 March 1890 [1]. The guests were many."

PASSAGE_KEYS = [
    "document", "title", "page", "page_label", "text", "score", "dense_rank", "lexical_rank",
    "rerank_score",
]  # fmt: skip
HEAVY = re.compile(r"torch$|transformers$|sentence_transformers$|streamlit$|langchain")


def citebound(
    *arguments: str | Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the real command without a terminal."""
    return subprocess.run(
        [CITEBOUND, *map(str, arguments)],
        env={**os.environ, **(environment or {})},
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )


def output(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The one JSON object of a command that went well."""
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1
    said = json.loads(done.stdout)
    assert isinstance(said, dict)
    return said


def error_line(done: subprocess.CompletedProcess[str]) -> str:
    """The error of a command that failed: one line, the last on standard error."""
    assert done.returncode == 1, done
    lines = done.stderr.splitlines()
    assert [line for line in lines if line.startswith("Error: ")] == lines[-1:]
    assert "Traceback" not in done.stderr
    assert "File " not in done.stderr
    return lines[-1]


@pytest.fixture(scope="module")
def searched(facts: Library) -> subprocess.CompletedProcess[str]:
    """A search whose standard error lists every module that was imported."""
    return citebound(
        "search", QUESTION, "--library", facts.folder, "--top", "3", "--json",
        environment={"PYTHONPROFILEIMPORTTIME": "1"},
    )  # fmt: skip


def test_search_prints_passages_of_exactly_these_fields(
    facts: Library, searched: subprocess.CompletedProcess[str]
) -> None:
    assert searched.returncode == 0
    said = json.loads(searched.stdout)
    assert list(said) == ["passages"]
    assert len(said["passages"]) == 3
    assert all(list(passage) == PASSAGE_KEYS for passage in said["passages"])
    first = said["passages"][0]
    assert (first["document"], first["title"], first["page"]) == ("bridge.pdf", "Bridge", 1)
    assert (first["page_label"], first["dense_rank"], first["lexical_rank"]) == ("1", 1, 1)
    assert "4 March 1890" in first["text"]
    scores = [passage["score"] for passage in said["passages"]]
    assert scores == sorted(scores, reverse=True)
    assert [list(passage.values()) for passage in said["passages"]] == [
        [passage.document, passage.title, passage.page, passage.page_label, passage.text,
         round(passage.score, 6), passage.dense_rank, passage.lexical_rank, passage.rerank_score]
        for passage in facts.search(QUESTION, top=3)
    ]  # fmt: skip


def test_search_for_a_person_names_document_and_page_and_keeps_to_a_document(
    facts: Library,
) -> None:
    done = citebound("search", QUESTION, "--library", facts.folder, "--document", "moss")
    assert (done.returncode, done.stderr) == (0, "")
    named = re.findall(r"^\S+\.pdf, page \d+$", done.stdout, re.MULTILINE)
    assert sorted(named) == ["moss.pdf, page 1", "moss.pdf, page 2"]
    assert "Sphagnum moss holds twenty times its own weight in water." in done.stdout


def test_search_loads_no_torch_no_page_and_no_chain(
    searched: subprocess.CompletedProcess[str],
) -> None:
    imported = re.findall(r"^import time:[^|]+\|[^|]+\|\s*(\S+)$", searched.stderr, re.MULTILINE)
    assert {"click", "ingest.library", "ingest.search"} <= set(imported)
    packages = {module.partition(".")[0] for module in imported}
    assert {package for package in packages if HEAVY.match(package)} == set()


def test_ask_prints_an_answer_of_exactly_these_fields(facts: Library) -> None:
    said = output(
        citebound("ask", QUESTION, "--library", facts.folder, "--model", "extractive", "--json")
    )
    assert list(said) == [
        "question", "standalone_question", "answer", "refused", "coverage", "claims",
        "proved", "checked", "steps", "passages", "receipt",
    ]  # fmt: skip
    assert said["question"] == said["standalone_question"] == QUESTION
    sentence = "The Forth Bridge was opened to trains on 4 March 1890."
    assert (said["answer"], said["refused"]) == (f"4 March 1890 [1]\n\n{sentence} [1]", False)
    assert said["claims"] == [
        {
            "text": text,
            "citations": [
                {"number": 1, "document": "bridge.pdf", "page": 1, "page_label": "1",
                 "quote": sentence}
            ],
            "support": 1.0,
            "verdict": "supported",
            "reason": "",
            "rebound": "",
        }
        for text in ("4 March 1890", sentence)
    ]  # fmt: skip
    assert (said["proved"], said["checked"]) == (2, 2)
    assert len(said["passages"]) == 8
    assert all(list(passage) == PASSAGE_KEYS for passage in said["passages"])
    assert list(said["receipt"]) == [
        "model", "strategy", "model_digest", "calls", "passages", "passages_left_out",
        "notes", "seconds_to_find", "seconds_to_first_token", "seconds",
        "prompt_tokens", "answer_tokens",
        "cut_off",
    ]  # fmt: skip
    assert said["receipt"]["model"] == "extractive"


def test_ask_prints_the_answer_of_a_served_model_and_what_is_not_proved(facts: Library) -> None:
    with ScriptedOllama(models=["m"], replies=[Reply(TEXT)]) as server:
        done = citebound(
            "ask", QUESTION, "--library", facts.folder, "--model", "ollama:m",
            environment={"CITEBOUND_OLLAMA_URL": server.url},
        )  # fmt: skip
    assert done.returncode == 0
    assert done.stderr == "Answering with ollama:m: it was chosen.\n"
    assert done.stdout == (
        f"{TEXT}\n\n[1] bridge.pdf, page 1\nNot proved: The guests were many. "
        "(it cites no passage)\n1 of 2 sentences proved.\n"
    )


WITHDRAWN = (
    Reply("Let me look.", tool_calls=(ToolCall("search_library", {"query": QUESTION}),)),
    Reply("It was in 1890 [1]."),
)


def test_what_was_withdrawn_is_no_part_of_what_ask_prints(facts: Library) -> None:
    with ScriptedOllama(models=["m"], replies=WITHDRAWN) as server:
        done = citebound(
            "ask", QUESTION, "--library", facts.folder, "--model", "ollama:m",
            "--strategy", "agent", environment={"CITEBOUND_OLLAMA_URL": server.url},
        )  # fmt: skip
    assert done.stdout.startswith("It was in 1890 [1].\n")


def test_a_terminal_shows_the_answer_as_it_comes_and_tells_what_was_withdrawn(
    facts: Library,
) -> None:
    ours, theirs = pty.openpty()
    with ScriptedOllama(models=["m"], replies=WITHDRAWN) as server:
        running = subprocess.Popen(
            [CITEBOUND, "ask", QUESTION, "--library", facts.folder, "--model", "ollama:m",
             "--strategy", "agent"],
            env={**os.environ, "CITEBOUND_OLLAMA_URL": server.url},
            cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs,
        )  # fmt: skip
        os.close(theirs)
        said = b"".join(iter(lambda: _read(ours), b"")).decode().replace("\r", "")
        assert running.wait(60) == 0
    os.close(ours)
    assert "Let me look.\n(withdrawn; the answer begins anew)\n" in said
    assert "\nIt was in 1890 [1].\n" in said


def _read(terminal: int) -> bytes:
    """What a terminal is told next; nothing once its programs have ended."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


def test_a_stream_that_is_cut_leaves_what_came_and_then_the_error(facts: Library) -> None:
    reply = Reply(TEXT, fault="cut", words_before_fault=5)
    with ScriptedOllama(models=["m"], replies=[reply]) as server:
        environment = {"CITEBOUND_OLLAMA_URL": server.url}
        arguments = ("ask", QUESTION, "--library", facts.folder, "--model", "ollama:m")
        done = citebound(*arguments, environment=environment)
    assert done.stdout.rstrip("\n") == "The Forth Bridge was opened"
    assert "broke in the middle of the answer" in error_line(done)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("search", "x", "--library", "nowhere"), "There is no library at "),
        (("ask", "x", "--library", "FACTS", "--document", "no.pdf"), "No document 'no.pdf'"),
        (("ask", "x", "--library", "FACTS", "--model", "gpt"), "'gpt' names no model; use one of"),
    ],
)
def test_what_is_not_there_is_one_line_and_makes_nothing(
    facts: Library, tmp_path: Path, arguments: tuple[str, ...], complaint: str
) -> None:
    done = citebound(*[str(facts.folder) if a == "FACTS" else a for a in arguments])
    assert error_line(done).startswith(f"Error: {complaint}")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
    assert not (tmp_path / "home").exists()


def test_a_server_that_is_down_is_one_line(facts: Library) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
    done = citebound(
        "ask", QUESTION, "--library", facts.folder, "--model", "ollama:m", "--json",
        environment={"CITEBOUND_OLLAMA_URL": address},
    )  # fmt: skip
    assert error_line(done).startswith(f"Error: No model server answers at {address}. Start")
    assert (done.stderr.count("\n"), done.stdout) == (1, "")


def test_a_prompt_with_a_mistake_is_one_line(facts: Library, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("task = 'Be {brief'")
    done = citebound(
        "ask", QUESTION, "--library", facts.folder, "--model", "extractive", "--json",
        environment={"CITEBOUND_PROMPT": str(tmp_path / "own.toml")},
    )  # fmt: skip
    assert error_line(done).startswith(
        f"Error: The prompt {tmp_path / 'own.toml'}, line 1: task has a brace"
    )
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("ask",), "Missing argument 'QUESTION'"),
        (("search", "x", "--top", "0"), "Invalid value for '--top'"),
        (("nonsense",), "No such command"),
    ],
)
def test_wrong_usage_ends_with_2(arguments: tuple[str, ...], complaint: str) -> None:
    done = citebound(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr


def test_the_library_is_listed_with_exactly_these_fields(facts: Library) -> None:
    said = output(citebound("library", "list", "--library", facts.folder, "--json"))
    assert list(said) == ["documents"]
    assert [document["document"] for document in said["documents"]] == [
        "apple.pdf",
        "bridge.pdf",
        "moss.pdf",
    ]
    moss = said["documents"][2]
    assert list(moss) == [
        "document", "title", "path", "paths", "pages", "chunks", "bytes", "reader", "added",
        "sha256",
    ]  # fmt: skip
    assert (moss["title"], moss["pages"]) == ("Moss", 2)
    assert moss["sha256"] == facts.find_document("moss.pdf").id


def test_asking_without_a_model_opens_no_socket_to_another_machine(
    facts: Library, tmp_path: Path
) -> None:
    environment, log = guarded_environment(tmp_path)
    done = citebound(
        "ask", QUESTION, "--library", facts.folder, "--json", environment=environment
    )  # auto: it looks for Ollama on this machine, and quotes
    assert output(done)["receipt"]["model"] == "extractive"
    lines = log.read_text().splitlines()
    assert lines != []
    assert [line for line in lines if not line.startswith("process ")] == []


@pytest.mark.parametrize("command", ["ask", "search", "compare"])
def test_asking_nothing_is_wrong_usage(facts: Library, command: str) -> None:
    done = citebound(command, "  ", "--library", facts.folder)
    assert done.returncode == 2
    assert "Ask something." in done.stderr
