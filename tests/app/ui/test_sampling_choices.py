"""What is chosen beside the chat reaches the model server and stands on the receipt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.events import Call
from app.own_prompts import save_prompt
from app.settings import AnswerSettings
from app.ui.chat import sampling
from app.ui.chat.conversation import KEY, Wanted
from app.ui.opened import look_again
from ingest.library import Library
from prompts.parts import PromptParts
from tests.app.ui.chat_page import answer_of, ask, open_chat, run
from tests.servers.scripted_ollama import ScriptedOllama

QUESTION = "When was the Forth Bridge opened to trains?"
CONTEXT = "{passages} {question}"
OWN = 'task = "Answer like a stationmaster."\ncontext = "{passages} {question}"\n'


@pytest.fixture
def ollama(facts: Library, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedOllama]:
    with ScriptedOllama() as server:
        monkeypatch.setenv("CITEBOUND_LIBRARY", str(facts.folder))
        monkeypatch.setenv("CITEBOUND_OLLAMA_URL", server.url)
        monkeypatch.setenv("CITEBOUND_MODEL", "ollama:llama3.2")
        look_again()
        yield server


def call_of(page: AppTest) -> Call:
    """Ask; the call that the receipt has."""
    (call,) = answer_of(ask(page, QUESTION)).receipt.calls
    return call


def test_what_is_not_touched_is_as_in_settings(ollama: ScriptedOllama) -> None:
    call = call_of(open_chat())
    assert call.sampling["temperature"] == 0.0
    options = ollama.requests_to("/api/chat")[0].body["options"]
    assert options.keys() == {"num_ctx", "num_predict", "temperature", "seed"}


def test_what_is_chosen_reaches_the_server_and_stands_on_the_receipt(
    ollama: ScriptedOllama,
) -> None:
    page = open_chat()
    chosen = {
        "temperature": 0.7, "top_p": 0.9, "top_k": 40, "min_p": 0.05, "repeat_penalty": 1.1,
        "seed": 11, "answer_tokens": 200,
    }  # fmt: skip
    for name, value in chosen.items():
        page.number_input(key=name).set_value(value)
    page.text_area(key="stop").set_value("END\n\n  Question:")
    call = call_of(page)
    sent = ollama.requests_to("/api/chat")[0].body["options"]
    assert sent.pop("num_ctx") == 4096
    assert sent == {
        **{name: value for name, value in chosen.items() if name != "answer_tokens"},
        "num_predict": 200,
        "stop": ["END", "  Question:"],
    }
    assert call.sampling == {**chosen, "stop": ("END", "  Question:"), "schema": ""}
    assert call.options == {**sent, "num_ctx": 4096}


def test_an_option_of_settings_can_be_emptied_and_is_then_left_to_the_server(
    ollama: ScriptedOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITEBOUND_TOP_K", "7")
    page = open_chat()
    assert page.number_input(key="top_k").value == 7
    page.number_input(key="top_k").set_value(None)
    assert call_of(page).sampling["top_k"] is None
    assert "top_k" not in ollama.requests_to("/api/chat")[0].body["options"]


def test_a_stop_of_settings_with_a_line_end_stays_whole(
    ollama: ScriptedOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITEBOUND_STOP", '["a\\nb"]')
    call_of(open_chat())
    assert ollama.requests_to("/api/chat")[0].body["options"]["stop"] == ["a\nb"]


@pytest.mark.usefixtures("ollama")
def test_help_and_limits_are_those_of_settings() -> None:
    page = open_chat()
    temperature = page.number_input(key="temperature")
    described = AnswerSettings.model_fields["temperature"].description
    assert described
    assert temperature.help == f"{described}\\."
    assert (temperature.min, temperature.max) == (0, 2)
    assert page.number_input(key="answer_tokens").min == 16


@pytest.mark.usefixtures("ollama")
def test_a_value_that_is_not_valid_is_one_sentence_and_nothing_can_be_asked() -> None:
    page = open_chat()
    page.number_input(key="top_p").set_value(0.0)
    run(page)
    assert [warning.value for warning in page.warning] == [
        r"Top p\: Input should be greater than 0\."
    ]
    assert page.chat_input[0].disabled
    page.session_state[KEY].wanted = Wanted("What was asked by a button?")
    assert [toast.value for toast in run(page).toast] == ["First put right what the sidebar names."]
    assert not page.session_state[KEY].asked
    page.number_input(key="top_p").set_value(0.5)
    assert not run(page).warning
    assert not page.chat_input[0].disabled


def test_a_prompt_of_ones_own_is_sent(ollama: ScriptedOllama, tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(OWN)
    page = open_chat()
    assert page.selectbox(key="prompt").options == [sampling.OWN, "answer", "base", "another file"]
    page.selectbox(key="prompt").select("another file")
    assert "Give the path" in run(page).warning[0].value
    page.text_input(key="prompt_file").set_value(f" {mine} ")
    assert list(call_of(run(page)).prompts) == [str(mine)]
    sent = ollama.requests_to("/api/chat")[0].body["messages"]
    assert sent[0]["content"] == "Answer like a stationmaster."


@pytest.mark.usefixtures("ollama")
@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (OWN + 'tune = "x"\n', r"mine\.toml\, line 3\: the part \'tune\' is unknown"),
        (OWN.replace("{question}", "{answer}"), r"line 2\: the variable \{answer\} is unknown"),
        ('purpose = "judge"\n' + OWN, "mine"),
    ],
)
def test_a_mistake_in_a_prompt_is_named_with_its_line_and_nothing_can_be_asked(
    tmp_path: Path, content: str, complaint: str
) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(content)
    page = open_chat()
    page.selectbox(key="prompt").select("another file")
    run(page).text_input(key="prompt_file").set_value(str(mine))
    (warning,) = run(page).warning
    assert complaint in warning.value
    assert page.chat_input[0].disabled
    mine.write_text(OWN)
    assert not run(page).chat_input[0].disabled


@pytest.mark.usefixtures("ollama")
@pytest.mark.parametrize("path", ["/dev/zero", "~nobody-of-this-name/x.toml", "/", "none.toml"])
def test_a_path_that_is_no_file_is_told(path: str) -> None:
    page = open_chat()
    page.selectbox(key="prompt").select("another file")
    run(page).text_input(key="prompt_file").set_value(path)
    assert "The prompt" in run(page).warning[0].value


@pytest.mark.usefixtures("ollama")
def test_the_answerer_that_quotes_has_nothing_to_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEBOUND_MODEL", "extractive")
    assert not open_chat().number_input


def test_an_own_prompt_is_listed_and_sent_by_its_name(ollama: ScriptedOllama) -> None:
    save_prompt("station", PromptParts(task="Answer like a porter.", context=CONTEXT))
    page = open_chat()
    assert page.selectbox(key="prompt").options[1:4] == ["answer", "base", "station"]
    page.selectbox(key="prompt").select("station")
    call_of(run(page))
    sent = ollama.requests_to("/api/chat")[0].body["messages"]
    assert sent[0]["content"] == "Answer like a porter."


@pytest.mark.usefixtures("ollama")
def test_settings_with_which_nothing_can_be_checked_end_the_answer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CITEBOUND_GROUNDING", str(tmp_path / "no-model"))
    asked = ask(open_chat(), QUESTION)
    assert asked.state == "failed"
    assert "no-model" in (asked.error or "")
