"""A matrix becomes settings with names, and a key changes with all that an answer depends on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.settings import AnswerSettings
from eval.cases import Case, CasesError
from eval.runs.folder import RunError, RunFolder
from eval.runs.judge_used import judge_used
from eval.runs.plan import check_ids, record_key
from eval.runs.prepare import default_folder
from eval.runs.ways import MatrixError, read_matrix, ways_of
from tests.conftest import SmallLibrary
from tests.eval.runs.running import ready, write_cases


def test_every_combination_of_a_matrix_is_asked_and_named(tmp_path: Path) -> None:
    path = tmp_path / "matrix.toml"
    path.write_text('strategy = ["direct", "plan"]\npassages = [2, 4, 2]\nwidened = [1]\n')
    matrix = read_matrix(path)
    found = ways_of(AnswerSettings(), matrix)
    assert [one.name for one in found] == [
        "direct, passages 2", "direct, passages 4", "plan, passages 2", "plan, passages 4",
    ]  # fmt: skip
    assert {one.settings.widened for one in found} == {1}
    (alone,) = ways_of(AnswerSettings(model="extractive"), {})
    assert alone.name == "extractive, auto"


def test_settings_of_the_search_may_vary_too(tmp_path: Path) -> None:
    path = tmp_path / "matrix.toml"
    path.write_text('reranker = ["", "a/model"]\nrerank_passages = [20]\n')
    none, one = ways_of(AnswerSettings(), read_matrix(path))
    assert none.name == "reranker none"
    assert dict(none.search) == {"reranker": "", "rerank_passages": 20}
    assert (one.name, one.search["reranker"]) == ("reranker a/model", "a/model")
    assert none.settings == one.settings == AnswerSettings()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("colour = ['red']", "there is no setting 'colour'"),
        ("passages = 3", "passages is to be a list of values"),
        ("passages = []", "passages is to be a list of values"),
        ("passages = [0]", "passages: Input should be greater than or equal to 1"),
        ("passages = [", "cannot be read"),
    ],
)
def test_a_matrix_with_a_mistake_is_one_sentence(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "matrix.toml"
    path.write_text(text)
    with pytest.raises(MatrixError) as raised:
        read_matrix(path)
    assert complaint in str(raised.value)
    assert str(path) in str(raised.value)


def test_a_key_changes_with_case_settings_library_judge_and_seed(
    small_library: SmallLibrary, tmp_path: Path
) -> None:
    cases = write_cases(tmp_path / "cases.jsonl")
    manifest = ready(small_library.library, cases).manifest
    fewer = ready(
        small_library.library, cases, AnswerSettings(model="extractive", passages=2)
    ).manifest
    elsewhere = ready(
        small_library.library, cases, AnswerSettings(model="extractive", calls_at_once=9)
    ).manifest
    case = Case(id="1", question="?")
    (setting,) = manifest.settings
    key = record_key(case, setting, manifest, "held")
    assert key == record_key(case, elsewhere.settings[0], manifest, "held")
    others = [
        record_key(case.model_copy(update={"answers": ("9",)}), setting, manifest, "held"),
        record_key(case, fewer.settings[0], manifest, "held"),
        record_key(case, setting, manifest, "held more"),
        record_key(case, setting, replace(manifest, seed=1), "held"),
        record_key(case, setting, replace(manifest, citebound="9"), "held"),
        record_key(
            case, setting, replace(manifest, judge=replace(manifest.judge, name="x")), "held"
        ),
    ]
    assert len({key, *others}) == 1 + len(others)


def test_a_prompt_that_was_edited_is_another_setting(
    small_library: SmallLibrary, tmp_path: Path
) -> None:
    cases = write_cases(tmp_path / "cases.jsonl")
    prompt = tmp_path / "mine.toml"
    task = 'task = "Answer."\ncontext = "{passages} {question}"\n'
    found = []
    for tone in ("dry", "merry"):
        prompt.write_text(f'{task}tone = "{tone}"\n')
        settings = AnswerSettings(model="extractive", prompt=str(prompt))
        found.append(ready(small_library.library, cases, settings).manifest.settings[0].values)
    assert found[0]["prompt"] == found[1]["prompt"]
    assert found[0]["prompts"] != found[1]["prompts"]


def test_cases_with_the_same_id_or_none_at_all_are_refused() -> None:
    with pytest.raises(CasesError, match="2 cases have the id 'a'"):
        check_ids([Case(id="a", question="1"), Case(id="a", question="2")])
    with pytest.raises(CasesError, match="There are no cases"):
        check_ids([])


def test_a_run_lies_beside_its_cases_and_is_found_again(
    small_library: SmallLibrary, tmp_path: Path
) -> None:
    cases = write_cases(tmp_path / "mine.jsonl")
    manifest = ready(small_library.library, cases).manifest
    day = replace(manifest, created="2026-11-26T10:00:00+00:00")
    first = default_folder(cases, day)
    assert first == tmp_path / "runs" / "mine-2026-11-26"
    RunFolder.create(first, day)
    assert default_folder(cases, replace(day, created="2026-11-27T10:00:00+00:00")) == first
    assert default_folder(cases, replace(day, seed=1)) == tmp_path / "runs" / "mine-2026-11-26-2"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 2}', '{"version": 1, "name": "x"}'])
def test_a_folder_without_a_run_is_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(RunError, match=r"run\.json"):
        RunFolder.open(tmp_path)
    with pytest.raises(RunError, match="There is no run at"):
        RunFolder.open(tmp_path / "none")


def test_a_matrix_that_has_one_way_to_answer_twice_is_refused(
    small_library: SmallLibrary, tmp_path: Path
) -> None:
    matrix = {"model": ("extractive",), "strategy": ("direct", "direct")}
    with pytest.raises(MatrixError, match="has one way to answer twice"):
        ready(small_library.library, write_cases(tmp_path / "cases.jsonl"), matrix=matrix)


def test_the_judge_that_comes_with_the_program_is_measured_on_what_it_was_not_fitted_on() -> None:
    used = judge_used("embedded", None)
    assert used.quality is not None
    assert used.quality["rows"] == "wice_dev, left out"
    assert 0.7 < used.quality["balanced_accuracy"] < 0.85
    assert judge_used("model:ollama:m", None).quality is None
