"""A file of cases, a library and settings -> a run that is ready to be asked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import combinations
from pathlib import Path
from typing import Self

from langchain_core.runnables import Runnable, RunnableLambda

from app.chain import build_chain
from app.events import Ask, Event
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
from eval.runs.plan import check_ids, library_fingerprint, record_key, run_setting
from eval.runs.run import Batch, Job
from eval.runs.ways import SEARCH_SETTINGS, MatrixError, Way
from ingest.graphs import usable_cores
from ingest.library import Library


@dataclass(frozen=True)
class ReadyRun:
    """A run's manifest, and what is asked of whom."""

    manifest: Manifest
    batches: tuple[Batch, ...]


@contextmanager
def prepared_run(
    cases_file: Path,
    library: Library,
    ways: Sequence[Way],
    *,
    judge: JudgeUsed,
    metrics: Sequence[str],
    seed: int,
    coverage: float,
) -> Iterator[ReadyRun]:
    """Everything that can be wrong before the first question is raised here, and sent nowhere.

    Where a way searches otherwise the library is opened once more, until the block is left. Raises
    CasesError, ModelError, StrategyError, PromptError and the like.
    """
    cases = read_cases(cases_file)
    check_ids(cases)
    with OtherSearches(library) as searches:
        prepared = [_prepared(way, searches.library(way.search)) for way in ways]
        settings = [one.setting for one in prepared]
        _refuse_equal(settings)
        manifest = _manifest(
            cases_file, len(cases), library, settings,
            judge=judge, metrics=metrics, seed=seed, coverage=coverage,
        )  # fmt: skip
        yield ReadyRun(manifest, tuple(one.batch(cases, manifest) for one in prepared))


class OtherSearches:
    """A library as it is, and opened again for each other way to search it."""

    def __init__(self, library: Library) -> None:
        self._own = library
        self._others: dict[tuple[object, ...], Library] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for library in self._others.values():
            library.close()

    def library(self, search: Mapping[str, object]) -> Library:
        """The library whose settings of the search are these."""
        settings = self._own.settings.model_copy(update=dict(search))
        if settings == self._own.settings:
            return self._own
        key = tuple(getattr(settings, name) for name in SEARCH_SETTINGS)
        if key not in self._others:
            self._others[key] = Library.open(self._own.folder, settings=settings)
        return self._others[key]


@dataclass(frozen=True)
class _Prepared:
    """A way to answer whose model, prompt and library have been found."""

    setting: RunSetting
    chain: Runnable[Ask, Event]
    at_once: int
    held: str

    def batch(self, cases: Sequence[Case], manifest: Manifest) -> Batch:
        keys = (record_key(case, self.setting, manifest, self.held) for case in cases)
        jobs = tuple(Job(key, case) for key, case in zip(keys, cases, strict=True))
        return Batch(self.setting.name, self.chain, jobs, self.at_once)


def _prepared(way: Way, library: Library) -> _Prepared:
    model = choose_model(way.settings.model, library, way.settings).model
    chain = build_chain(library, model, way.settings)
    if way.variation and (reworded := way.variation.reword(model, way.settings)):
        chain = RunnableLambda(reworded) | chain
    return _Prepared(
        run_setting(way, model), chain, cases_at_once(model, way.settings),
        library_fingerprint(library),
    )  # fmt: skip


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
