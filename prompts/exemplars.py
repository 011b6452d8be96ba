"""The answers that are shown to a model as examples where a prompt brings none of its own."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from prompts.template import Exemplar

FILE = Path(__file__).with_name("exemplars.toml")


class ExemplarFile(BaseModel):
    """What the file holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    exemplars: tuple[Exemplar, ...]


@cache
def shipped_exemplars() -> tuple[Exemplar, ...]:
    """Those that come with the program."""
    return ExemplarFile.model_validate(tomllib.loads(FILE.read_text(encoding="utf-8"))).exemplars
