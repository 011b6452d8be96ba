"""The program's own check of claims, and any cross-encoder, are judges too."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.grounding.cross_encoder import GroundingModelError
from app.settings import AnswerSettings
from eval.judges import Judge, JudgeError
from eval.judges.choose import choose_judge
from eval.metrics.score import Score
from tests.eval.judges.scripted_judge import PAGE
from tests.ingest.tiny_rerankers import make_word_counter

TRUE = "The Forth Bridge was opened in March 1890 [1]."
FALSE = "The Forth Bridge was opened in 1790 [1]."
FAR = "Elephants drink coffee on Mondays at noon."


def choose(name: str) -> Judge:
    return choose_judge(name, settings=AnswerSettings())


@pytest.fixture(scope="module")
def word_counter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_word_counter(tmp_path_factory.mktemp("counter"))


def value_of(score: Score) -> float:
    assert score.value is not None
    return score.value


def test_an_answer_is_as_well_supported_as_its_worst_sentence() -> None:
    judge = choose("embedded")
    assert value_of(judge.judge("", TRUE, [], [PAGE])) > 0.5
    both = judge.judge("", f"{TRUE} {FALSE}", [], [FAR, PAGE])
    assert value_of(both) < 0.5
    assert both.explanation == (
        "The Forth Bridge was opened in 1790. (the cited passage lacks: 1790)"
    )


@pytest.mark.parametrize("answer", ["", "Is it so?"])
def test_an_answer_that_states_nothing_is_unscored(answer: str) -> None:
    assert choose("embedded").judge("", answer, [], [PAGE]).is_unscored


def test_without_a_passage_support_does_not_apply() -> None:
    found = choose("embedded").judge("", TRUE, ["1890"], [" "])
    assert found.reason == "not applicable: there is no passage to judge by"


@pytest.mark.slow
def test_a_cross_encoder_judges_by_the_passages(word_counter: Path) -> None:
    judge = choose(f"cross-encoder:{word_counter}")
    near = judge.judge("", "The bridge was opened on the fourth of March.", [], [FAR, PAGE])
    assert value_of(near) > value_of(judge.judge("", FAR, [], [PAGE]))
    assert judge.name == f"cross-encoder:{word_counter}"


def test_a_cross_encoder_judges_by_the_best_right_answer(word_counter: Path) -> None:
    judge = choose(f"cross-encoder:{word_counter}")
    one = judge.judge("What drinks coffee?", "Elephants", ["Elephants"], [PAGE])
    either = judge.judge("What drinks coffee?", "Elephants", ["The old queen", "Elephants"], [PAGE])
    other = judge.judge("What drinks coffee?", "Elephants", ["The old queen"], [PAGE])
    assert value_of(one) == value_of(either) > value_of(other)


def test_a_cross_encoder_says_why_it_has_no_score(word_counter: Path) -> None:
    judge = choose(f"cross-encoder:{word_counter}")
    assert judge.judge("", " ", [], [PAGE]).reason == "unscored: the answer is empty"
    assert judge.judge("", TRUE, [], []).reason.startswith("not applicable: ")


def test_a_cross_encoder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GroundingModelError):
        choose(f"cross-encoder:{tmp_path / 'none'}")


@pytest.mark.parametrize("name", ["", "oracle", "model:", "cross-encoder:", "embedded:x"])
def test_a_string_that_names_no_judge_is_refused(name: str) -> None:
    with pytest.raises(JudgeError, match="use one of: embedded, model:KIND:NAME"):
        choose(name)
