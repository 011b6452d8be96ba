"""A prompt is a TOML file of parts; only the task is mandatory.

persona, task, exemplars, format and tone make the system message, context the user's. ``{name}`` in
a part is a variable; ``{{`` and ``}}`` are braces. A variable's value may hold anything.
"""

from __future__ import annotations

import hashlib
import string
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

FOLDER = Path(__file__).parent
SYSTEM_PARTS = ("persona", "task", "exemplars", "format", "tone")


class PromptError(Exception):
    """A prompt file that is not valid, or used with the wrong variables; one sentence."""


class PromptParts(BaseModel):
    """What a prompt file may hold."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: str = Field(min_length=1)
    persona: str = ""
    context: str = ""
    exemplars: str = ""
    format: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Prompt:
    """A prompt read from a file; ``fingerprint`` is the sha256 of the file's bytes."""

    path: Path
    parts: PromptParts
    fingerprint: str

    @cached_property
    def variables(self) -> frozenset[str]:
        """The names that ``render`` must be given."""
        formatter = string.Formatter()
        parts = self.parts.model_dump().values()
        return frozenset(
            name for part in parts for _, name, _, _ in formatter.parse(part) if name is not None
        )

    def render(self, **values: str) -> tuple[str, str]:
        """The system and the user message.

        Raises PromptError naming the variables that are missing or unknown.
        """
        missing, unknown = self.variables - values.keys(), values.keys() - self.variables
        if missing or unknown:
            wrong = [f"{{{name}}} is not given" for name in sorted(missing)]
            wrong += [f"{{{name}}} is not in it" for name in sorted(unknown)]
            raise PromptError(f"The prompt {self.path}: {', '.join(wrong)}.")
        texts = {name: text.strip() for name, text in self.parts.model_dump().items()}
        system = "\n\n".join(texts[name] for name in SYSTEM_PARTS if texts[name])
        return system.format(**values), texts["context"].format(**values)


def load_prompt(name_or_path: str) -> Prompt:
    """Read a prompt of this folder by name, or any by path.

    Raises PromptError naming the file and what is wrong with it.
    """
    path = Path(name_or_path)
    if path.name == name_or_path and not path.suffix:
        path = FOLDER / f"{name_or_path}.toml"
    try:
        data = path.read_bytes()
        parts = PromptParts.model_validate(tomllib.loads(data.decode("utf8")))
    except OSError as error:
        raise PromptError(f"The prompt {path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PromptError(f"The prompt {path} is not valid TOML: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        part = ".".join(str(name) for name in first["loc"])
        raise PromptError(f"The prompt {path}: {part}: {first['msg']}.") from error
    prompt = Prompt(path, parts, hashlib.sha256(data).hexdigest())
    _check_variables(prompt)
    return prompt


def _check_variables(prompt: Prompt) -> None:
    try:
        names = prompt.variables
        fields = [
            field
            for part in prompt.parts.model_dump().values()
            for field in string.Formatter().parse(part)
            if field[1] is not None
        ]
    except ValueError as error:
        raise PromptError(
            f"The prompt {prompt.path} has a brace that is not closed: {error}."
        ) from error
    wrong = sorted(name for name in names if not name.isidentifier())
    if wrong or any(form or conversion for _, _, form, conversion in fields):
        named = f" (such as {{{wrong[0]}}})" if wrong else ""
        raise PromptError(
            f"The prompt {prompt.path} has a variable that is more than a name{named}; write "
            "braces of the text twice: {{ and }}."
        )
