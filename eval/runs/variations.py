"""Ways to ask the same that should change no answer: each is a variation of one way to answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from app.events import Ask
from app.models.choose import AnswerModel
from app.models.extractive import ExtractiveModel
from app.models.model import LanguageModel, ModelError, Sampling
from app.settings import AnswerSettings
from app.terms import normalise
from eval.model_call import call_model
from ingest.errors import CiteboundError
from prompts.template import Prompt, load_prompt

FRAME = "I should like to know this from the documents, please: {question}"
PARAPHRASE_TOKENS = 512  # thought included

Reword = Callable[[str], str]


class VariationError(CiteboundError):
    """A variation that is not known, or takes a model that is not there."""


@dataclass(frozen=True)
class Variation:
    """``changed`` are settings that differ from the base's; ``reworded`` says what is asked."""

    name: str
    changed: Callable[[AnswerSettings], dict[str, object]] = lambda _: {}
    reworded: Reword | None = None
    is_written: bool = False  # by the model itself

    def settings(self, base: AnswerSettings) -> AnswerSettings:
        """The base's settings as this variation has them."""
        return base.model_copy(update=self.changed(base))

    def reword(self, model: AnswerModel, settings: AnswerSettings) -> Callable[[Ask], Ask] | None:
        """What puts a question otherwise; None where it is asked as it stands.

        Raises VariationError where the model cannot write what the variation takes.
        """
        reworded = _paraphrases(model, settings) if self.is_written else self.reworded
        if reworded is None:
            return None
        return lambda ask: replace(ask, question=reworded(ask.question))


def _spaced(question: str) -> str:
    return f"\n {'  '.join(question.split())} \n"


def _framed(question: str) -> str:
    return FRAME.format(question=question)


def _next_seed(base: AnswerSettings) -> dict[str, object]:
    return {"seed": base.seed + 1}


def _other_order(base: AnswerSettings) -> dict[str, object]:
    return {"passage_order": "best-first" if base.passage_order == "best-last" else "best-last"}


VARIATIONS = {
    variation.name: variation
    for variation in (
        Variation("other-seed", _next_seed),
        Variation("white-space", reworded=_spaced),
        Variation("passage-order", _other_order),
        Variation("frame", reworded=_framed),
        Variation("paraphrase", is_written=True),
    )
}


def find_variation(name: str) -> Variation:
    """Raises VariationError where there is none of this name."""
    if name not in VARIATIONS:
        raise VariationError(f"There is no variation {name!r}; there are {', '.join(VARIATIONS)}.")
    return VARIATIONS[name]


def fitting_variations(model: AnswerModel) -> list[str]:
    """The names of those that can be tried with a model: one that only quotes paraphrases none."""
    can_write = not isinstance(model, ExtractiveModel) and not model.is_base
    return [name for name, one in VARIATIONS.items() if can_write or not one.is_written]


def _paraphrases(model: AnswerModel, settings: AnswerSettings) -> Reword:
    if isinstance(model, ExtractiveModel) or model.is_base:
        raise VariationError(
            f"{model.name} cannot put a question in other words; leave out the variation "
            "paraphrase, or choose a model that follows instructions."
        )
    prompt = load_prompt("paraphrase", purpose="paraphrase")
    sampling = replace(
        settings.sampling(), temperature=0.0, stop=(), answer_tokens=PARAPHRASE_TOKENS
    )
    return partial(_paraphrase, model, prompt, sampling)


def _paraphrase(model: LanguageModel, prompt: Prompt, sampling: Sampling, question: str) -> str:
    """Raises ModelError where the model writes the same question or none at all."""
    said = " ".join(call_model(model, prompt, sampling, question=question).split())
    if not normalise(said) or normalise(said) == normalise(question):
        raise ModelError(f"{model.name} wrote no paraphrase of the question, but {said!r}.")
    return said
