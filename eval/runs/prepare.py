"""A file of cases, a library and settings -> a run that is ready to be asked."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import combinations
from pathlib import Path

from app.chain import build_chain
from app.models.choose import AnswerModel, choose_model
from app.models.extractive import ExtractiveModel
from app.models.served import ServedModel
from app.settings import AnswerSettings
from eval.cases import Case, CasesError, read_cases
from eval.runs.folder import (
    CasesUsed,
    JudgeUsed,
    LibraryUsed,
    Manifest,
    RunError,
    RunFolder,
    RunSetting,
)
from eval.runs.plan import (
    Matrix,
    MatrixError,
    check_ids,
    library_fingerprint,
    record_key,
    run_setting,
    setting_name,
    settings_of,
)
from eval.runs.run import Batch, Job
from ingest.graphs import usable_cores
from ingest.library import Library


@dataclass(frozen=True)
class ReadyRun:
    """A run's manifest, and what is asked of whom."""

    manifest: Manifest
    batches: tuple[Batch, ...]


def prepare_run(
    cases_file: Path,
    library: Library,
    base: AnswerSettings,
    matrix: Matrix,
    *,
    judge: JudgeUsed,
    metrics: Sequence[str],
    coverage: float,
) -> ReadyRun:
    """Everything that can be wrong before the first question is raised here, and sent nowhere.

    Raises CasesError, ModelError, StrategyError, PromptError and the like.
    """
    cases = read_cases(cases_file)
    check_ids(cases)
    ways = []
    for settings in settings_of(base, matrix):
        model = choose_model(settings.model, library, settings).model
        setting = run_setting(setting_name(settings, matrix), settings, model)
        ways.append(
            (setting, build_chain(library, model, settings), cases_at_once(model, settings))
        )
    _refuse_equal([setting for setting, _, _ in ways])
    manifest = _manifest(
        cases_file, len(cases), library, [setting for setting, _, _ in ways],
        judge=judge, metrics=metrics, seed=base.seed, coverage=coverage,
    )  # fmt: skip
    held = library_fingerprint(library)
    batches = tuple(
        Batch(setting.name, chain, _jobs(cases, setting, manifest, held), at_once)
        for setting, chain, at_once in ways
    )
    return ReadyRun(manifest, batches)


def _refuse_equal(settings: Sequence[RunSetting]) -> None:
    """Raises MatrixError where two combinations are one way to answer: ``auto``, say, and a model.

    The keys of their records would be the same.
    """
    for one, other in combinations(settings, 2):
        if one.values == other.values:
            raise MatrixError(
                f"The matrix has one way to answer twice: {one.name!r} and {other.name!r} come to "
                "the same; leave one out."
            )


def cases_at_once(model: AnswerModel, settings: AnswerSettings) -> int:
    """A server gets as many as it may; a file in our process answers one after the other."""
    if isinstance(model, ExtractiveModel):
        return usable_cores()
    return settings.calls_at_once if isinstance(model, ServedModel) else 1


def default_folder(cases_file: Path, manifest: Manifest) -> Path:
    """A folder beside the cases, by their name and the day.

    It is that of an earlier start of the same run where there is one.
    """
    runs = cases_file.parent / "runs"
    earlier = (found for found in sorted(runs.glob("*")) if found.name.startswith(manifest.name))
    for folder in earlier:
        try:
            if RunFolder.open(folder).manifest.is_same_run(manifest):
                return folder
        except RunError:
            continue  # a folder of something else
    dated = runs / f"{manifest.name}-{manifest.created[:10]}"
    number = 1
    while (folder := dated if number == 1 else Path(f"{dated}-{number}")).exists():
        number += 1
    return folder


def _jobs(
    cases: Sequence[Case], setting: RunSetting, manifest: Manifest, held: str
) -> tuple[Job, ...]:
    return tuple(Job(record_key(case, setting, manifest, held), case) for case in cases)


def _manifest(
    cases_file: Path,
    count: int,
    library: Library,
    settings: Sequence[RunSetting],
    *,
    judge: JudgeUsed,
    metrics: Sequence[str],
    seed: int,
    coverage: float,
) -> Manifest:
    documents, _, chunks = library.catalog.totals()
    try:
        digest = hashlib.sha256(cases_file.read_bytes()).hexdigest()
    except OSError as error:
        raise CasesError(f"The cases {cases_file} cannot be read: {error}.") from error
    return Manifest(
        name=cases_file.stem,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        cases=CasesUsed(str(cases_file.resolve()), digest, count),
        library=LibraryUsed(
            str(library.folder.resolve()), documents, chunks, library.catalog.generation()
        ),
        settings=tuple(settings),
        judge=judge,
        metrics=tuple(metrics),
        seed=seed,
        coverage_asked=coverage,
        citebound=version("citebound"),
    )
