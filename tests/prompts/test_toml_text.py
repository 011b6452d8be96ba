"""A prompt that is written as a file reads as the same prompt again."""

from __future__ import annotations

from pathlib import Path

import pytest

from prompts.parts import Exemplar, PromptParts
from prompts.template import parse_prompt, shipped_prompts
from prompts.toml_text import prompt_text

ODD = [
    "plain", "two\nlines\n", 'a "quoted" word', '"', '""', '"""', '""""""x"', "ends with \\",
    "\\u0041 \\n stays", "tab\tand bell\x07 and \x7f", "'''", "# no comment", "= [[exemplars]]",
    "ünïcode 漢字 🙂", "line\rreturn",
]  # fmt: skip


def again(parts: PromptParts) -> PromptParts:
    return parse_prompt(Path("p.toml"), prompt_text(parts).encode("utf-8")).parts


@pytest.mark.parametrize("text", ODD)
def test_any_text_survives_in_every_part(text: str) -> None:
    exemplar = Exemplar(question=text, passages=(text, text), answer=text)
    parts = PromptParts(
        task=text, persona=text, context="{passages} {question}", tone=text,
        exemplars=(exemplar, exemplar),
    )  # fmt: skip
    assert again(parts) == parts


@pytest.mark.parametrize("prompt", shipped_prompts(), ids=lambda prompt: prompt.name)
def test_every_shipped_prompt_survives(prompt: object) -> None:
    parts = prompt.parts  # type: ignore[attr-defined]
    assert again(parts) == parts


def test_parts_that_are_empty_are_left_out() -> None:
    text = prompt_text(PromptParts(task="a", context="{passages} {question}"))
    assert text == 'task = """\na"""\n\ncontext = """\n{passages} {question}"""\n'
