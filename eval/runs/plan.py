"""What a run asks: the settings of a matrix, and a key for every case under each of them."""

from __future__ import annotations

import hashlib
import itertools
import json
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.models.choose import AnswerModel
from app.settings import AnswerSettings, check_setting
from eval.cases import Case, CasesError
from eval.runs.folder import Manifest, RunSetting
from ingest.errors import CiteboundError, SettingsError
from ingest.library import Library
from prompts.template import find_prompt, read_prompt, shipped_prompts

SCORING = 1  # goes up where the same answer gets other scores than before
# Settings that say where a model is and how long it is waited for, not what it answers.
NEUTRAL = {
    "ollama_url", "vllm_url", "openai_compatible_url", "keep_alive", "calls_at_once",
    "seconds_without_token",
}  # fmt: skip
BARE = ("model", "strategy", "prompt")  # their values need no name beside them

Matrix = Mapping[str, Sequence[object]]


class MatrixError(CiteboundError):
    """A matrix file that cannot be read."""


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
    if name not in AnswerSettings.model_fields:
        known = ", ".join(AnswerSettings.model_fields)
        raise MatrixError(f"{path}: there is no setting {name!r}; there are {known}.")
    if not isinstance(values, list) or not values:
        raise MatrixError(f'{path}: {name} is to be a list of values, as in {name} = ["a", "b"].')
    try:
        return tuple(dict.fromkeys(check_setting(name, value) for value in values))
    except SettingsError as error:
        raise MatrixError(f"{path}: {name}: {error}") from error


def settings_of(base: AnswerSettings, matrix: Matrix) -> list[AnswerSettings]:
    """Every combination of a matrix's values, on top of ``base``; the last turns fastest."""
    return [
        base.model_copy(update=dict(zip(matrix, values, strict=True)))
        for values in itertools.product(*matrix.values())
    ]


def setting_name(settings: AnswerSettings, matrix: Matrix) -> str:
    """What tells a combination from the others; model and strategy where there is one alone."""
    varied = [name for name, values in matrix.items() if len(values) > 1]
    return ", ".join(
        str(getattr(settings, name) or "default") if name in BARE
        else f"{name.replace('_', ' ')} {getattr(settings, name)}"
        for name in varied or ("model", "strategy")
    )  # fmt: skip


def run_setting(name: str, settings: AnswerSettings, model: AnswerModel) -> RunSetting:
    """A combination with everything of it that an answer may depend on."""
    kept = {
        key: value for key, value in settings.model_dump(mode="json").items() if key not in NEUTRAL
    }
    digest = getattr(model, "digest", None)
    found = {"model": model.name, "model_digest": digest, "prompts": prompts_fingerprint(settings)}
    return RunSetting(name, {**kept, **found})


def prompts_fingerprint(settings: AnswerSettings) -> str:
    """A hash of the prompt that is chosen and of all that come with the program."""
    prompts = shipped_prompts()
    if settings.prompt:
        prompts.append(read_prompt(find_prompt(settings.prompt)))
    return _hash([prompt.fingerprint for prompt in prompts])


def library_fingerprint(library: Library) -> str:
    """A hash of what the library holds and how it is searched; not of where it lies."""
    return _hash(
        [
            sorted(library.catalog.chunk_ids()),
            library.catalog.fact("embedder"),
            library.settings.reranker,
            library.settings.rerank_passages,
        ]
    )


def record_key(case: Case, setting: RunSetting, manifest: Manifest, library: str) -> str:
    """A hash of all that a case's answer and scores depend on; ``library`` is its fingerprint."""
    return _hash(
        [
            case.model_dump(mode="json"),
            setting.values,
            library,
            manifest.judge.name,
            manifest.metrics,
            manifest.seed,
            manifest.citebound,
            SCORING,
        ]
    )


def check_ids(cases: Sequence[Case]) -> None:
    """Raises CasesError where there is no case, or two have the same id."""
    if not cases:
        raise CasesError("There are no cases to ask.")
    id, count = Counter(case.id for case in cases).most_common(1)[0]
    if count > 1:
        raise CasesError(f"{count} cases have the id {id!r}; give each its own.")


def _hash(parts: Sequence[object]) -> str:
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
