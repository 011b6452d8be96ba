"""A run says enough of itself to be gone on with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.settings import AnswerSettings
from eval.runs.folder import RunError
from eval.runs.prepare import prepared_run
from eval.runs.resume import ways_of_run
from eval.runs.variations import find_variation
from eval.runs.ways import varied_ways
from tests.conftest import SmallLibrary
from tests.eval.runs.running import ready, write_cases


def test_the_ways_of_a_run_are_asked_again_as_they_were(
    small_library: SmallLibrary, tmp_path: Path
) -> None:
    cases, library = write_cases(tmp_path / "cases.jsonl"), small_library.library
    base = AnswerSettings(model="extractive", stop=("END",), seed=7)
    matrix = {"passages": [8, 2], "rerank_passages": [50, 20]}
    for first in (
        ready(library, cases, base, matrix),
        ready(library, cases, ways=varied_ways(base, [find_variation("frame")])),
    ):
        manifest = first.manifest
        with prepared_run(
            cases, library, ways_of_run(manifest, AnswerSettings(calls_at_once=1)),
            judge=manifest.judge, metrics=manifest.metrics, seed=manifest.seed,
            coverage=manifest.coverage_asked,
        ) as again:  # fmt: skip
            assert again.manifest.is_same_run(manifest)
            assert [[job.key for job in batch.jobs] for batch in again.batches] == [
                [job.key for job in batch.jobs] for batch in first.batches
            ]


def test_a_setting_of_another_version_is_one_sentence(
    small_library: SmallLibrary, tmp_path: Path
) -> None:
    manifest = ready(small_library.library, write_cases(tmp_path / "cases.jsonl")).manifest
    (setting,) = manifest.settings
    other = replace(setting, values={**setting.values, "telepathy": True})
    with pytest.raises(RunError, match="another version of the program"):
        ways_of_run(replace(manifest, settings=(other,)), AnswerSettings())
