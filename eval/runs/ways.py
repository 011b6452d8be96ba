"""The ways to answer that a run compares: a matrix of settings, and variations of one of them."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.settings import AnswerSettings
from eval.runs.variations import Variation
from ingest.errors import CiteboundError, SettingsError
from ingest.settings import IngestSettings, check_setting

# Of the settings of a library, those that a search alone depends on: nothing is to be made anew.
SEARCH_SETTINGS = ("reranker", "rerank_passages")
BARE = ("model", "strategy", "prompt")  # their values need no name beside them
BASE = "as asked"  # the name of the way that variations are compared with

Matrix = Mapping[str, Sequence[object]]


class MatrixError(CiteboundError):
    """A matrix file that cannot be read."""


@dataclass(frozen=True)
class Way:
    """One way to answer: settings, those of the search that differ, and how questions are put.

    ``variation`` is None where they are asked as they stand.
    """

    name: str
    settings: AnswerSettings
    search: Mapping[str, object] = field(default_factory=dict)
    variation: Variation | None = None


def read_matrix(path: Path) -> dict[str, tuple[object, ...]]:
    """The values to try of each setting, from a TOML file of lists.

    Raises MatrixError naming the setting that is unknown or has a value that it cannot take.
    """
    try:
        found = tomllib.loads(path.read_text("utf8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MatrixError(f"The matrix {path} cannot be read: {error}.") from error
    return {name: _values(path, name, values) for name, values in found.items()}


def _values(path: Path, name: str, values: object) -> tuple[object, ...]:
    known = (*AnswerSettings.model_fields, *SEARCH_SETTINGS)
    if name not in known:
        raise MatrixError(f"{path}: there is no setting {name!r}; there are {', '.join(known)}.")
    if not isinstance(values, list) or not values:
        raise MatrixError(f'{path}: {name} is to be a list of values, as in {name} = ["a", "b"].')
    settings = IngestSettings if name in SEARCH_SETTINGS else AnswerSettings
    try:
        return tuple(dict.fromkeys(check_setting(settings, name, value) for value in values))
    except SettingsError as error:
        raise MatrixError(f"{path}: {name}: {error}") from error


def ways_of(base: AnswerSettings, matrix: Matrix) -> list[Way]:
    """Every combination of a matrix's values, on top of ``base``; the last turns fastest."""
    ways = []
    for values in itertools.product(*matrix.values()):
        chosen = dict(zip(matrix, values, strict=True))
        search = {name: chosen.pop(name) for name in SEARCH_SETTINGS if name in chosen}
        settings = base.model_copy(update=chosen)
        ways.append(Way(_name(settings, search, matrix), settings, search))
    return ways


def varied_ways(base: AnswerSettings, variations: Sequence[Variation]) -> list[Way]:
    """The base as it is, and under each variation."""
    return [
        Way(BASE, base),
        *(Way(one.name, one.settings(base), variation=one) for one in variations),
    ]


def _name(settings: AnswerSettings, search: Mapping[str, object], matrix: Matrix) -> str:
    """What tells a combination from the others; model and strategy where there is one alone."""
    varied = [name for name, values in matrix.items() if len(values) > 1]
    return ", ".join(
        _told(name, search[name] if name in search else getattr(settings, name))
        for name in varied or ("model", "strategy")
    )


def _told(name: str, value: object) -> str:
    if name in BARE:
        return str(value or "default")
    return f"{name.replace('_', ' ')} {'none' if value == '' else value}"
