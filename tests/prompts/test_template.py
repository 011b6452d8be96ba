"""A prompt file is read, checked and filled; what is wrong with it is said in one sentence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from prompts.refusal import REFUSAL
from prompts.template import PURPOSES, SYSTEM_PARTS, PromptError, load_prompt, shipped_prompts

SHIPPED = [prompt.name for prompt in shipped_prompts()]
CONTEXT = "context = '{passages} {question}'\n"
VALUES = {"passages": "P", "question": "Q", "refusal": REFUSAL}


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def complaint(path: Path, text: str) -> str:
    """What is said of a file with this text, less the file's name."""
    with pytest.raises(PromptError) as caught:
        load_prompt(write(path, text))
    said = str(caught.value)
    assert said.startswith(f"The prompt {path}")
    assert said.endswith(".")
    assert "\n" not in said
    return said.removeprefix(f"The prompt {path}").lstrip(", ").removesuffix(".")


def test_there_is_a_prompt_for_every_purpose() -> None:
    assert {prompt.parts.purpose for prompt in shipped_prompts()} == set(PURPOSES)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_prompt_renders_and_uses_what_it_must(name: str) -> None:
    prompt = next(prompt for prompt in shipped_prompts() if prompt.name == name)
    values = {variable: f"<{variable}>" for variable in prompt.variables.all}
    system, user = prompt.render(**values)
    assert prompt.parts.task.strip().format(**values) in system
    assert all(f"<{name}>" in system + user for name in prompt.variables.required)


def test_the_refusal_phrase_stands_in_the_answer_prompt() -> None:
    system, _ = load_prompt("answer").render(**VALUES)
    assert REFUSAL in system


def test_the_parts_stand_in_their_order_and_the_context_is_the_users(tmp_path: Path) -> None:
    parts = "\n".join(f"{name} = '{name.upper()}'" for name in reversed(SYSTEM_PARTS))
    prompt = load_prompt(write(tmp_path / "p.toml", parts + "\n" + CONTEXT))
    system, user = prompt.render(**VALUES)
    assert system.split("\n\n") == [name.upper() for name in SYSTEM_PARTS]
    assert user == "P Q"


def test_exemplars_are_data(tmp_path: Path) -> None:
    exemplar = "[[exemplars]]\nquestion = 'Q {x}'\npassages = ['P1', 'P2']\nanswer = 'A [2].'\n"
    prompt = load_prompt(write(tmp_path / "p.toml", f"task = 'a'\n{CONTEXT}{exemplar}"))
    (read,) = prompt.parts.exemplars
    assert (read.question, read.passages, read.answer) == ("Q {x}", ("P1", "P2"), "A [2].")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "task = 'a'\n\nmood = 'b'",
            "line 3: the part 'mood' is unknown; a prompt has purpose, persona, task, format, "
            "tone, context, exemplars",
            id="unknown part",
        ),
        pytest.param("\ntone = 'a'", "line 1: the part 'task' is missing", id="no task"),
        pytest.param(
            "task = ''", "line 1: task: String should have at least 1 character", id="empty task"
        ),
        pytest.param(
            "tone = 'x'\ntask = 3", "line 2: task: Input should be a valid string", id="no text"
        ),
        pytest.param(
            "task = 'a'\n[[exemplars]]\nquestion = 'b'\npassages = ['c']",
            "line 2: the part 'exemplars.0.answer' is missing",
            id="exemplar without an answer",
        ),
        pytest.param(
            "task = 'a'\npurpose = 'dance'",
            f"line 2: the purpose 'dance' is none of {', '.join(PURPOSES)}",
            id="unknown purpose",
        ),
        pytest.param(
            'task = "a"\ncontext = """\n{question}\n{pasages}\n"""',
            "line 4: the variable {pasages} is unknown; a prompt for 'answer' has {passages}, "
            "{question}, {refusal}",
            id="unknown variable",
        ),
        pytest.param(
            "task = 'a'\ncontext = '{question}'",
            "line 2: the variable {passages} is missing; it belongs into the context",
            id="missing variable",
        ),
        pytest.param(
            "task = 'a {b'",
            "line 1: task has a brace that is not closed (expected '}' before end of string)",
            id="open brace",
        ),
        pytest.param(
            "task = 'a'\nformat = 'b} c'",
            "line 2: format has a brace that is not closed "
            "(Single '}' encountered in format string)",
            id="lone brace",
        ),
    ],
)
def test_a_mistake_in_a_file_is_one_sentence_with_file_line_and_part(
    tmp_path: Path, text: str, said: str
) -> None:
    assert complaint(tmp_path / "mine.toml", text) == said


def test_a_file_that_is_no_toml_names_the_line(tmp_path: Path) -> None:
    said = complaint(tmp_path / "p.toml", "task = 'a'\ntone = 3 4")
    assert said.startswith("is not valid TOML: ")
    assert "line 2" in said


@pytest.mark.parametrize("part", ["{question.name}", "{}", "{0}", "{question!r}", "{question:>9}"])
def test_a_brace_that_holds_no_plain_name_is_refused(tmp_path: Path, part: str) -> None:
    said = complaint(tmp_path / "p.toml", f"task = 'a'\ntone = 'Greet {part}.'\n{CONTEXT}")
    assert said.startswith("line 2: ")
    assert "is more than a variable's name" in said


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PromptError) as caught:
        load_prompt(str(tmp_path / "none.toml"))
    assert str(caught.value) == (
        f"The prompt {tmp_path / 'none.toml'} cannot be read: No such file or directory. Give the "
        f"path of a file, or one of: {', '.join(SHIPPED)}."
    )


def test_a_pipe_is_no_prompt_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(PromptError, match="pipe is not a file"):
        load_prompt(str(tmp_path / "pipe"))


def test_the_home_folder_of_nobody_is_told() -> None:
    with pytest.raises(PromptError, match=r"~nobody-of-this-name/x\.toml cannot be found"):
        load_prompt("~nobody-of-this-name/x.toml")


def test_a_name_that_is_not_shipped_names_those_that_are() -> None:
    with pytest.raises(PromptError, match=r"nonsense\.toml cannot be read.*one of: agent, answer"):
        load_prompt("nonsense")


def test_a_file_that_is_no_text_is_not_valid(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_bytes(b"task = '\xff'")
    with pytest.raises(PromptError, match="is not valid TOML"):
        load_prompt(str(tmp_path / "p.toml"))


def test_a_prompt_for_another_purpose_is_refused() -> None:
    with pytest.raises(PromptError, match="is one for 'condense', and one for 'answer' is needed"):
        load_prompt("condense")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"passages": "a", "question": "b"}, r": \{refusal\} is not given\."),
        ({**VALUES, "extra": "b"}, r": \{extra\} is unknown\."),
    ],
)
def test_variables_are_given_exactly(values: dict[str, str], said: str) -> None:
    with pytest.raises(PromptError, match=said):
        load_prompt("answer").render(**values)


@pytest.mark.parametrize(
    "value",
    [
        "{question}",
        "{{}} {0} {",
        "\"quoted\" and 'quoted'",
        "<b>bold</b> &amp; <script>",
        "a\\nb\n\nc %s $x",
        "   ",
        "",
    ],
)
def test_a_value_stands_in_the_text_as_it_was_given(tmp_path: Path, value: str) -> None:
    text = "task = '<{question}>'\ncontext = '({question}) {{}} {passages}'"
    prompt = load_prompt(write(tmp_path / "p.toml", text))
    values = {**VALUES, "question": value}
    assert prompt.render(**values) == (f"<{value}>", f"({value}) {{}} P")


def test_the_fingerprint_is_that_of_the_bytes(tmp_path: Path) -> None:
    first = load_prompt(write(tmp_path / "a.toml", "task = 'a'\n" + CONTEXT))
    same = load_prompt(write(tmp_path / "b.toml", "task = 'a'\n" + CONTEXT))
    spaced = load_prompt(write(tmp_path / "c.toml", "task =  'a'\n" + CONTEXT))
    assert first.fingerprint == same.fingerprint != spaced.fingerprint
    assert len(first.fingerprint) == 64
