"""A prompt is a TOML file of parts; only the task is mandatory.

persona, task, format and tone make the system message, context the user's; exemplars are questions
with passages and answers that the model is shown as earlier turns. ``{name}`` in a part is a
variable; ``{{`` and ``}}`` are braces. A variable's value may hold anything.
"""

from __future__ import annotations

import hashlib
import re
import string
import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from prompts.complaints import Complaint, complaints, line_of, line_of_variable
from prompts.parts import PARTS, TEXT_PARTS, PromptParts, Variables
from prompts.parts import PURPOSES as PURPOSES
from prompts.parts import SYSTEM_PARTS as SYSTEM_PARTS
from prompts.parts import Exemplar as Exemplar

FOLDER = Path(__file__).parent / "files"


class PromptError(Exception):
    """A prompt file that is not valid, or used with the wrong variables; one sentence."""


@dataclass(frozen=True)
class Prompt:
    """A prompt read from a file; ``fingerprint`` is the sha256 of the file's bytes."""

    path: Path
    parts: PromptParts
    fingerprint: str

    @property
    def name(self) -> str:
        """The name of a prompt that is shipped, the path of any other."""
        return self.path.stem if self.path.parent == FOLDER else str(self.path)

    @property
    def variables(self) -> Variables:
        """What ``render`` is given."""
        return PURPOSES[self.parts.purpose]

    @property
    def used_variables(self) -> frozenset[str]:
        """Those of them that stand in the file."""
        texts = [getattr(self.parts, name) for name in TEXT_PARTS]
        return frozenset(
            name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name
        )

    def render(self, **values: str) -> tuple[str, str]:
        """The system and the user message.

        Raises PromptError naming the variables that are missing or unknown: all that are of the
        prompt's purpose are to be given, whether the file uses them or not.
        """
        wrong = [f"{{{name}}} is not given" for name in sorted(self.variables.all - values.keys())]
        wrong += [f"{{{name}}} is unknown" for name in sorted(values.keys() - self.variables.all)]
        if wrong:
            raise PromptError(f"The prompt {self.path}: {', '.join(wrong)}.")
        texts = {name: getattr(self.parts, name).strip() for name in TEXT_PARTS}
        system = "\n\n".join(texts[name] for name in SYSTEM_PARTS if texts[name])
        return system.format(**values), texts["context"].format(**values)


def load_prompt(name_or_path: str, *, purpose: str = "answer") -> Prompt:
    """Read a prompt that is shipped by name, or any by path.

    Raises PromptError naming the file, the line and what is missing, unknown or wrong there.
    """
    path = find_prompt(name_or_path)
    prompt = read_prompt(path)
    if prompt.parts.purpose != purpose:
        raise PromptError(
            f"The prompt {path} is one for {prompt.parts.purpose!r}, and one for {purpose!r} is "
            "needed here."
        )
    return prompt


def find_prompt(name_or_path: str) -> Path:
    """The file of a prompt that is shipped, by its name, or the one of this path.

    Raises PromptError where the path begins in the home folder of a user whom nobody knows.
    """
    if Path(name_or_path).name == name_or_path and not Path(name_or_path).suffix:
        return FOLDER / f"{name_or_path}.toml"
    try:
        return Path(name_or_path).expanduser()
    except RuntimeError as error:  # ~NAME of nobody
        raise PromptError(f"The prompt {name_or_path} cannot be found: {error}") from error


def shipped_prompts() -> list[Prompt]:
    """All prompts that come with the program, by name."""
    return [read_prompt(path) for path in sorted(FOLDER.glob("*.toml"))]


def read_prompt(path: Path) -> Prompt:
    """Read a prompt file of any purpose. Raises PromptError as ``load_prompt`` does."""
    if path.exists() and not path.is_file():  # a device or a pipe would never come to its end
        raise PromptError(f"The prompt {path} is not a file.")
    try:
        data = path.read_bytes()
    except OSError as error:
        known = ", ".join(known.stem for known in sorted(FOLDER.glob("*.toml")))
        raise PromptError(
            f"The prompt {path} cannot be read: {error.strerror}. Give the path of a file, or one "
            f"of: {known}."
        ) from error
    return parse_prompt(path, data)


def parse_prompt(path: Path, data: bytes) -> Prompt:
    """The prompt that a file at ``path`` with these bytes is. Raises PromptError."""
    try:
        text = data.decode("utf8")
        parts = PromptParts.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PromptError(f"The prompt {path} is not valid TOML: {error}.") from error
    except ValidationError as error:
        raise PromptError(_explain(path, text, error)) from error
    for complaint in complaints(parts):
        line = _line_in_file(complaint, text)
        raise PromptError(f"The prompt {path}, line {line}: {complaint.text}.")
    return Prompt(path, parts, hashlib.sha256(data).hexdigest())


def _explain(path: Path, text: str, error: ValidationError) -> str:
    first = error.errors()[0]
    part = str(first["loc"][0])
    where = f"The prompt {path}, line {_line_of_part(part, text)}"
    inside = ".".join(str(name) for name in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"{where}: the part {inside!r} is unknown; a prompt has {', '.join(PARTS)}."
    if first["type"] == "missing":
        return f"{where}: the part {inside!r} is missing."
    return f"{where}: {inside}: {first['msg']}."


def _line_in_file(complaint: Complaint, text: str) -> int:
    """The line of the file, from 1, that a complaint is about."""
    if complaint.variable is not None:
        return line_of_variable(complaint.variable, text)
    return _line_of_part(complaint.part, text)


def _line_of_part(part: str, text: str) -> int:
    """The line, from 1, where a part begins; 1 for one that is not there."""
    return line_of(rf"^\s*(\[\[\s*)?[\"']?{re.escape(part)}\b", text)
