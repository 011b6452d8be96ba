"""What is wrong with the parts of a prompt, each told with its part and the line in it."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from prompts.parts import PURPOSES, TEXT_PARTS, PromptParts, Variables

PIECE = re.compile(r"\{\{|\{[^{}]*\}|\}\}")  # braces that are in order


@dataclass(frozen=True)
class Complaint:
    """Something that is wrong in a part; ``line`` counts within it, from 1.

    ``variable`` is what stands between the braces that are complained of, if any are.
    """

    part: str
    line: int
    text: str
    variable: str | None = None


def check_parts(values: Mapping[str, object]) -> PromptParts | list[Complaint]:
    """The parts of a prompt, as a file of them would be read, or all that is wrong with them."""
    try:
        parts = PromptParts.model_validate(dict(values))
    except ValidationError as error:
        return [
            Complaint(str(one["loc"][0]), 1, f"{_place(one['loc'])}: {one['msg']}")
            for one in error.errors()
        ]
    return list(complaints(parts)) or parts


def complaints(parts: PromptParts) -> Iterator[Complaint]:
    """What is wrong with the purpose and with the variables of the parts."""
    if parts.purpose not in PURPOSES:
        known = ", ".join(PURPOSES)
        yield Complaint("purpose", 1, f"the purpose {parts.purpose!r} is none of {known}")
        return
    variables = PURPOSES[parts.purpose]
    used: set[str] = set()
    all_read = True
    for part in TEXT_PARTS:
        text = getattr(parts, part)
        try:
            fields = list(string.Formatter().parse(text))
        except ValueError as error:
            said = f"{part} has a brace that is not closed ({error})"
            yield Complaint(part, _line_of_brace(text), said)
            all_read = False
            continue
        for _, name, form, conversion in fields:
            if name is not None:
                used.add(name)
                is_name = name.isidentifier() and not form and not conversion
                yield from _of_variable(part, text, name, variables, parts.purpose, is_name=is_name)
    for name in sorted(variables.required - used) if all_read else ():
        said = f"the variable {{{name}}} is missing; it belongs into the context"
        yield Complaint("context", 1, said)


def _of_variable(
    part: str, text: str, name: str, variables: Variables, purpose: str, *, is_name: bool
) -> Iterator[Complaint]:
    line = line_of_variable(name, text)
    if not is_name:
        said = (
            f"{{{name}}} is more than a variable's name; write braces of the text twice: {{{{ and "
            "}}"
        )
        yield Complaint(part, line, said, name)
    if name not in variables.all:
        known = ", ".join(f"{{{known}}}" for known in sorted(variables.all))
        said = f"the variable {{{name}}} is unknown; a prompt for {purpose!r} has {known}"
        yield Complaint(part, line, said, name)


def line_of_variable(name: str, text: str) -> int:
    """The line, from 1, where a variable stands first; 1 where it does not."""
    return line_of(rf"(?<!\{{)\{{{re.escape(name)}", text)


def line_of(pattern: str, text: str) -> int:
    """The line, from 1, where a pattern is found first; 1 where it is not."""
    found = re.search(pattern, text, re.MULTILINE)
    return text.count("\n", 0, found.end()) + 1 if found else 1


def _line_of_brace(text: str) -> int:
    """The line of the first brace that has no partner."""
    lone = re.search(r"[{}]", PIECE.sub(lambda piece: " " * len(piece[0]), text))
    return text.count("\n", 0, lone.start()) + 1 if lone else 1


def _place(loc: tuple[int | str, ...]) -> str:
    """Where in the parts something is, in words: exemplar 2, answer."""
    names = [str(name + 1) if isinstance(name, int) else name for name in loc]
    return " ".join(names)
