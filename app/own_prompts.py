"""A person's own prompts: files in the folder ``prompts`` beside the settings, found by name."""

from __future__ import annotations

import os
import re
import tempfile
import unicodedata
from pathlib import Path

from ingest.settings import settings_file
from prompts import template
from prompts.parts import PromptParts
from prompts.template import Prompt, PromptError, parse_prompt, read_prompt, shipped_prompts
from prompts.toml_text import prompt_text

NAME = re.compile(r"\w[\w-]{0,39}")  # no dot and no slash: never a path
ANSWERING = ("answer", "base")  # the purposes of prompts that an answer is composed with


def own_folder() -> Path:
    """Where own prompts lie; it need not be there."""
    return settings_file().parent / "prompts"


def own_names() -> list[str]:
    """The names of the own prompts, in order, valid or not; a shipped one of that name wins."""
    shipped = {prompt.name for prompt in shipped_prompts()}
    stems = {_composed(path.stem) for path in own_folder().glob("*.toml")}
    return sorted(stem for stem in stems if NAME.fullmatch(stem) and stem not in shipped)


def answer_prompts() -> list[str]:
    """The names of the prompts that an answer can be composed with: shipped ones, then own ones.

    An own one that is not valid is among them, so that whoever chooses it is told what is wrong.
    """
    shipped = [one.name for one in shipped_prompts() if one.parts.purpose in ANSWERING]
    return shipped + [name for name in own_names() if _may_answer(name)]


def find_prompt(name_or_path: str) -> Path:
    """The file of a prompt: a shipped one or an own one by its name, any other by its path.

    Raises PromptError where there is none of that name.
    """
    name = _composed(name_or_path)
    if not NAME.fullmatch(name):
        return template.find_prompt(name_or_path)
    for path in (template.find_prompt(name), *_own_files(name)):
        if path.exists():
            return path
    known = ", ".join([*(one.name for one in shipped_prompts()), *own_names()])
    raise PromptError(f"There is no prompt {name!r}. Give the path of a file, or one of: {known}.")


def load_prompt(name_or_path: str, *, purpose: str = "answer") -> Prompt:
    """Read a prompt, shipped or own by name, or any by path. Raises PromptError."""
    return template.load_prompt(str(find_prompt(name_or_path)), purpose=purpose)


def save_prompt(name: str, parts: PromptParts) -> Prompt:
    """Keep a prompt under a name, in the place of an own one of that name.

    Raises PromptError where the name or the parts are not valid, or the file cannot be written.
    """
    path = _file_for(name)
    data = prompt_text(parts).encode("utf-8")
    prompt = parse_prompt(path, data)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(path, data)
    except OSError as error:
        raise PromptError(f"The prompt cannot be kept at {path}: {error.strerror}.") from error
    return prompt


def delete_prompt(name: str) -> None:
    """Delete an own prompt. Raises PromptError where there is none of that name."""
    if not NAME.fullmatch(_composed(name)):
        raise PromptError(f"{name!r} is no name of a prompt.")
    try:
        for path in _own_files(_composed(name)):
            path.unlink()
            return
    except OSError as error:
        raise PromptError(f"{path} cannot be deleted: {error.strerror}.") from error
    raise PromptError(f"There is no prompt of yours that is called {name!r}.")


def _may_answer(name: str) -> bool:
    try:
        return read_prompt(find_prompt(name)).parts.purpose in ANSWERING
    except PromptError:
        return True


def _file_for(name: str) -> Path:
    """The file that a prompt of this name is kept in. Raises PromptError for a name of no use."""
    name = _composed(name)
    if not NAME.fullmatch(name):
        raise PromptError(
            "Give the prompt a name of letters, digits, - and _, with 40 characters at most."
        )
    if name.casefold() in {prompt.name for prompt in shipped_prompts()}:
        raise PromptError(
            f"{name!r} comes with the program and stays as it is: choose another name."
        )
    return next(iter(_own_files(name)), own_folder() / f"{name}.toml")


def _own_files(name: str) -> list[Path]:
    """The own file of this name, however its letters are composed on the disk."""
    return [path for path in own_folder().glob("*.toml") if _composed(path.stem) == name]


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name.strip())


def _write_whole(path: Path, data: bytes) -> None:
    """Write a file so that there is the old one or the new one, whatever happens meanwhile."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".new")
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
