"""A prompt as it stands in the page's boxes: changed or not, valid or not, saved or not."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import streamlit as st

from app.own_prompts import find_prompt
from prompts.complaints import Complaint, check_parts
from prompts.parts import TEXT_PARTS, Exemplar, PromptParts
from prompts.template import Prompt, parse_prompt, read_prompt
from prompts.toml_text import prompt_text

DIVIDER = "---"  # the line between the passages of an example
EXEMPLAR_FIELDS = ("question", "passages", "answer")


@dataclass(frozen=True)
class Draft:
    """What stands in the boxes of a prompt; ``prompt`` is None where something is wrong."""

    name: str
    saved: Prompt
    prompt: Prompt | None
    complaints: tuple[Complaint, ...]

    @property
    def changed(self) -> bool:
        """Whether it is not what the file says."""
        return self.prompt is not self.saved

    def wrong_in(self, part: str) -> list[Complaint]:
        """What is wrong with a part."""
        return [complaint for complaint in self.complaints if complaint.part == part]


def read_draft(name: str) -> Draft:
    """What stands in the boxes of this prompt, or in its file. Raises PromptError."""
    saved = read_prompt(find_prompt(name))
    _fill(name, saved.parts)
    checked = check_parts(_values(name, saved.parts.purpose))
    if isinstance(checked, list):
        return Draft(name, saved, None, tuple(checked))
    if checked == _bare(saved.parts):
        return Draft(name, saved, saved, ())
    edited = parse_prompt(Path(f"{name} (edited)"), prompt_text(checked).encode("utf-8"))
    return Draft(name, saved, edited, ())


def forget_draft(name: str) -> None:
    """Have the boxes of a prompt say what its file says."""
    for key in [key for key in _state() if str(key).startswith(part_key(name, ""))]:
        del _state()[key]


def part_key(name: str, part: str) -> str:
    """The key of a part's box; no name of a prompt holds a dot."""
    return f"part-{name}.{part}"


def exemplar_key(name: str, number: int, field: str) -> str:
    """The key of a box of an example."""
    return part_key(name, f"exemplar-{number}-{field}")


def exemplar_numbers(name: str) -> list[int]:
    """What tells the examples apart, in their order."""
    return cast("list[int]", _state()[part_key(name, "exemplars")])


def add_exemplar(name: str) -> None:
    """Put an empty example below the others."""
    numbers = exemplar_numbers(name)
    numbers.append(max(numbers, default=-1) + 1)


def remove_exemplar(name: str, number: int) -> None:
    """Take an example out."""
    exemplar_numbers(name).remove(number)
    for field in EXEMPLAR_FIELDS:
        _state().pop(exemplar_key(name, number, field), None)


def _fill(name: str, parts: PromptParts) -> None:
    """Put what the file says into boxes that nobody has seen yet."""
    state, bare = _state(), _bare(parts)
    for part in TEXT_PARTS:
        state.setdefault(part_key(name, part), getattr(bare, part))
    if part_key(name, "exemplars") in state:
        return
    state[part_key(name, "exemplars")] = list(range(len(bare.exemplars)))
    for number, exemplar in enumerate(bare.exemplars):
        state[exemplar_key(name, number, "question")] = exemplar.question
        state[exemplar_key(name, number, "passages")] = f"\n{DIVIDER}\n".join(exemplar.passages)
        state[exemplar_key(name, number, "answer")] = exemplar.answer


def _values(name: str, purpose: str) -> dict[str, object]:
    """The parts as the boxes say them."""
    texts = {part: _said(part_key(name, part)) for part in TEXT_PARTS}
    return {"purpose": purpose, **texts, "exemplars": _exemplars(name)}


def _exemplars(name: str) -> list[dict[str, object]]:
    return [_exemplar(name, number) for number in exemplar_numbers(name)]


def _exemplar(name: str, number: int) -> dict[str, object]:
    said = {field: _said(exemplar_key(name, number, field)) for field in EXEMPLAR_FIELDS}
    passages: list[list[str]] = [[]]
    for line in said["passages"].splitlines():
        if line.strip() == DIVIDER:
            passages.append([])
        else:
            passages[-1].append(line)
    texts = ["\n".join(lines).strip() for lines in passages]
    return {**said, "passages": [text for text in texts if text]}


def _said(key: str) -> str:
    return str(_state().get(key) or "").strip()


def _bare(parts: PromptParts) -> PromptParts:
    """The parts without the white space around them, which no model is shown."""
    texts = {part: getattr(parts, part).strip() for part in TEXT_PARTS}
    exemplars = tuple(
        Exemplar(
            question=one.question.strip() or one.question,
            passages=tuple(passage.strip() or passage for passage in one.passages),
            answer=one.answer.strip() or one.answer,
        )
        for one in parts.exemplars
    )
    return parts.model_copy(update={**texts, "exemplars": exemplars})


def _state() -> MutableMapping[Any, Any]:
    return cast("MutableMapping[Any, Any]", st.session_state)
