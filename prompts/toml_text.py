"""The parts of a prompt as the text of a file, which reads as the same parts again."""

from __future__ import annotations

import re

from prompts.parts import Exemplar, PromptParts

ORDER = ("persona", "task", "context", "format", "tone")
ESCAPED = re.compile(r"[\\\x00-\x08\x0b-\x1f\x7f]")  # what no TOML string holds as it is
CLOSING = re.compile(r'"(?="")|"\Z')  # quotes that could be taken for the end of a text


def prompt_text(parts: PromptParts) -> str:
    """A prompt file, to be kept in UTF-8; parts that are empty are left out."""
    head = [] if parts.purpose == "answer" else [f'purpose = "{parts.purpose}"\n']
    texts = [f"{name} = {_text(text)}\n" for name in ORDER if (text := getattr(parts, name))]
    return "\n".join([*head, *texts, *map(_exemplar, parts.exemplars)])


def _exemplar(exemplar: Exemplar) -> str:
    passages = "".join(f"{_text(passage)},\n" for passage in exemplar.passages)
    return (
        f"[[exemplars]]\nquestion = {_text(exemplar.question)}\npassages = [\n{passages}]\n"
        f"answer = {_text(exemplar.answer)}\n"
    )


def _text(text: str) -> str:
    escaped = ESCAPED.sub(lambda one: rf"\u{ord(one[0]):04x}", text)
    return f'"""\n{CLOSING.sub(_escape_quote, escaped)}"""'


def _escape_quote(_: re.Match[str]) -> str:
    return r"\""
