"""Claims are checked by the cross-encoder that settings name; one that cannot is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.chain import build_chain
from app.events import Ask, Done
from app.grounding.choose import choose_check
from app.grounding.cross_encoder import EntailmentModel, GroundingModelError
from app.models.extractive import ExtractiveModel
from app.settings import AnswerSettings
from tests.conftest import SmallLibrary
from tests.ingest.tiny_rerankers import make_word_counter

EVIDENCE = "The safety valve opens at nine bar."


@pytest.fixture(scope="module")
def word_counter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_word_counter(tmp_path_factory.mktemp("counter"))


def make_entailment_model(folder: Path, *labels: str) -> Path:
    make_word_counter(folder, labels=len(labels))
    config = json.loads((folder / "config.json").read_text())
    config["id2label"] = {str(number): label for number, label in enumerate(labels)}
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def test_the_score_of_a_model_with_one_label_is_the_support(word_counter: Path) -> None:
    check = choose_check(str(word_counter))
    near = check("The valve opens at nine bar of pressure.", EVIDENCE)
    far = check("Elephants drink coffee on Mondays at noon.", EVIDENCE)
    assert near.value is not None and far.value is not None
    assert near.value > 0.5 > far.value
    assert (near.verdict, far.verdict) == ("supported", "unsupported")
    assert far.reason.startswith("the cited passage lacks: Elephants")


def test_of_several_labels_the_one_for_entailment_counts(tmp_path: Path) -> None:
    first = EntailmentModel(str(make_entailment_model(tmp_path / "a", "ENTAILMENT", "neutral")))
    last = EntailmentModel(str(make_entailment_model(tmp_path / "b", "neutral", "entailment")))
    claim = "The valve opens."
    assert 0 < first(claim, EVIDENCE) < 1
    assert first(claim, EVIDENCE) == pytest.approx(1 - last(claim, EVIDENCE), abs=1e-5)


def test_what_needs_no_model_is_settled_without_it(word_counter: Path) -> None:
    check = choose_check(str(word_counter))
    assert check("Where is it?", EVIDENCE).verdict == "not checkable"
    assert check("The safety valve opens at nine bar.", EVIDENCE).value == 1.0
    assert check("The safety valve opens at nine bar.", "").value == 0.0


def test_an_answer_is_checked_by_the_model_that_settings_name(
    small_library: SmallLibrary, word_counter: Path
) -> None:
    library = small_library.library
    settings = AnswerSettings(grounding=str(word_counter))
    done = build_chain(library, ExtractiveModel(library), settings).invoke(
        Ask("At what pressure does the safety valve open?")
    )
    assert isinstance(done, Done)
    assert done.answer.proved == done.answer.checked == 2


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (("red", "blue"), "has no label for entailment (its labels are red, blue)"),
        (None, "neither a folder nor a model that could be fetched"),
    ],
)
def test_a_model_that_does_not_tell_entailment_is_refused(
    tmp_path: Path, labels: tuple[str, ...] | None, message: str
) -> None:
    name = str(make_entailment_model(tmp_path, *labels)) if labels else "no such/model at all"
    with pytest.raises(GroundingModelError, match=r"The grounding model .*") as raised:
        EntailmentModel(name)
    assert message in str(raised.value)
