"""A prompt file is read, checked and filled; what is wrong with it is said in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from prompts.refusal import REFUSAL
from prompts.template import FOLDER, SYSTEM_PARTS, PromptError, load_prompt

SHIPPED = sorted(path.stem for path in FOLDER.glob("*.toml"))


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_there_are_the_prompts_that_the_chain_needs() -> None:
    assert {"answer", "condense"} <= set(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_prompt_loads_and_renders_with_its_own_variables(name: str) -> None:
    prompt = load_prompt(name)
    values = {variable: f"<{variable}>" for variable in prompt.variables}
    system, user = prompt.render(**values)
    assert prompt.parts.task.strip() in system
    for value in values.values():
        assert value in system + user


def test_the_refusal_phrase_stands_in_the_answer_prompt() -> None:
    system, _ = load_prompt("answer").render(passages="P", question="Q", refusal=REFUSAL)
    assert REFUSAL in system


def test_the_parts_stand_in_their_order_and_the_context_is_the_users(tmp_path: Path) -> None:
    parts = "\n".join(f"{name} = '{name.upper()}'" for name in reversed(SYSTEM_PARTS))
    prompt = load_prompt(write(tmp_path / "p.toml", parts + "\ncontext = 'CONTEXT'"))
    system, user = prompt.render()
    assert system.split("\n\n") == [name.upper() for name in SYSTEM_PARTS]
    assert user == "CONTEXT"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("task = ", "is not valid TOML", id="bad TOML"),
        pytest.param("task = 'a'\nmood = 'b'", "mood: Extra inputs", id="unknown part"),
        pytest.param("task = ''", "task: String should have at least 1 char", id="empty task"),
        pytest.param("tone = 'a'", "task: Field required", id="no task"),
        pytest.param("task = 3", "task: Input should be a valid string", id="not a text"),
        pytest.param("task = 'a {b'", "a brace that is not closed", id="open brace"),
        pytest.param("task = 'a'\nformat = 'b} c'", "a brace that is not closed", id="lone brace"),
    ],
)
def test_a_mistake_in_a_file_is_one_sentence_with_the_file_and_the_part(
    tmp_path: Path, text: str, complaint: str
) -> None:
    path = write(tmp_path / "mine.toml", text)
    with pytest.raises(PromptError) as caught:
        load_prompt(path)
    said = str(caught.value)
    assert said.startswith(f"The prompt {path}")
    assert complaint in said
    assert said.endswith(".")
    assert "\n" not in said


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PromptError) as caught:
        load_prompt(str(tmp_path / "none.toml"))
    assert str(caught.value) == (
        f"The prompt {tmp_path / 'none.toml'} cannot be read: No such file or directory."
    )


def test_a_name_that_is_not_shipped_names_the_file_that_was_looked_for() -> None:
    with pytest.raises(PromptError, match=r"nonsense\.toml cannot be read"):
        load_prompt("nonsense")


def test_a_file_that_is_no_text_is_not_valid(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_bytes(b"task = '\xff'")
    with pytest.raises(PromptError, match="is not valid TOML"):
        load_prompt(str(tmp_path / "p.toml"))


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({}, r"\{who\} is not given\."),
        ({"who": "a", "extra": "b"}, r"\{extra\} is not in it\."),
        ({"other": "b"}, r"\{who\} is not given, \{other\} is not in it\."),
    ],
)
def test_missing_and_unknown_variables_are_named(
    tmp_path: Path, values: dict[str, str], complaint: str
) -> None:
    prompt = load_prompt(write(tmp_path / "p.toml", "task = 'Greet {who}.'"))
    with pytest.raises(PromptError, match=complaint) as caught:
        prompt.render(**values)
    assert str(tmp_path / "p.toml") in str(caught.value)


@pytest.mark.parametrize("part", ["{who.name}", "{}", "{0}", "{who!x}", "{who:>q}"])
def test_a_brace_that_holds_no_plain_name_is_refused_when_the_file_is_read(
    tmp_path: Path, part: str
) -> None:
    path = write(tmp_path / "p.toml", f"task = 'Greet {part}.'")
    with pytest.raises(PromptError) as caught:
        load_prompt(path)
    assert path in str(caught.value)


@pytest.mark.parametrize(
    "value",
    [
        "{who}",
        "{{}} {0} {",
        "\"quoted\" and 'quoted'",
        "<b>bold</b> &amp; <script>",
        "a\\nb\n\nc %s $x",
        "   ",
        "",
    ],
)
def test_a_value_stands_in_the_text_as_it_was_given(tmp_path: Path, value: str) -> None:
    text = "task = '<{who}>'\ncontext = '({who}) {{}}'"
    prompt = load_prompt(write(tmp_path / "p.toml", text))
    assert prompt.render(who=value) == (f"<{value}>", f"({value}) {{}}")


def test_the_fingerprint_is_that_of_the_bytes(tmp_path: Path) -> None:
    first = load_prompt(write(tmp_path / "a.toml", "task = 'a'"))
    same = load_prompt(write(tmp_path / "b.toml", "task = 'a'"))
    spaced = load_prompt(write(tmp_path / "c.toml", "task =  'a'"))
    assert first.fingerprint == same.fingerprint != spaced.fingerprint
    assert len(first.fingerprint) == 64
