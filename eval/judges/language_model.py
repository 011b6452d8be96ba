"""A language model as a judge, by the rubric in prompts/files/grade.toml."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median_low
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from app.models.model import LanguageModel, ModelError, Sampling
from eval.judges.judge import JudgeError
from eval.metrics.score import Score, not_applicable, unscored
from eval.model_call import call_model
from prompts.template import load_prompt

VALUES = {"right": 1.0, "partly": 0.5, "wrong": 0.0}
RETRIES = 3  # of one judgement, whatever its votes: where 30% of replies fail, 1% of the cases
QUOTED = re.compile(r"</?\s*(answer|reference)\s*>", re.IGNORECASE)
SHOWN = 60  # characters of a reply that is no verdict


class NoVerdictError(Exception):
    """A reply that is no verdict; says what it is instead."""


class Verdict(BaseModel):
    """What the model is asked to write."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    verdict: Literal["right", "partly", "wrong"]
    reason: str = ""


@dataclass(frozen=True)
class Votes:
    """How many votes decide, and the seed of the first; the next have the next seeds."""

    count: int = 1
    seed: int = 0


class LanguageModelJudge:
    """Holds an answer against the right answers where there are any, else against the passages.

    The median of the votes decides, which is the majority's verdict where there is one.
    """

    def __init__(
        self, model: LanguageModel, *, answer_tokens: int, votes: Votes | None = None
    ) -> None:
        """``answer_tokens`` is what one verdict may take, thought included."""
        if model.is_base:
            raise JudgeError(
                f"{model.name} only continues text and cannot judge; choose a model that follows "
                "instructions."
            )
        self.name = f"model:{model.name}"
        self.votes = votes or Votes()
        self._model = model
        self._answer_tokens = answer_tokens
        self._prompt = load_prompt("grade", purpose="grade")

    def judge(
        self, question: str, answer: str, gold: Sequence[str], passages: Sequence[str]
    ) -> Score:
        """1.0 right, 0.5 partly, 0.0 wrong; unscored where too few replies are verdicts.

        As many replies as ``RETRIES`` may fail, by an error, silence or rubbish, and are asked for
        again with another seed.
        """
        reference = "\n".join(f"- {right}" for right in gold) or "\n\n".join(passages)
        if not reference.strip():
            return not_applicable("there is neither a right answer nor a passage to judge by")
        verdicts: list[Verdict] = []
        failures: list[str] = []
        while len(verdicts) < self.votes.count and len(failures) <= RETRIES:
            seed = self.votes.seed + len(verdicts)
            texts = self._texts(question, answer, reference, seed)
            try:
                verdicts.append(self._ask(question, texts, seed + 1000 * len(failures)))
            except (ModelError, NoVerdictError) as error:
                failures.append(str(error))
        if 2 * len(verdicts) <= self.votes.count:
            return unscored(failures[-1])
        return _decided(verdicts)

    def is_answer_first(self, question: str, answer: str, seed: int) -> bool:
        """Whether the answer stands before the reference: by chance, and turned by the next seed.

        So the same row under two seeds that follow each other shows what the order does.
        """
        digest = hashlib.sha256(f"{question}\0{answer}".encode("utf8", "replace")).digest()
        return (digest[0] + seed) % 2 == 0

    def _texts(self, question: str, answer: str, reference: str, seed: int) -> str:
        texts = [_quoted("answer", answer), _quoted("reference", reference)]
        if not self.is_answer_first(question, answer, seed):
            texts.reverse()
        return "\n\n".join(texts)

    def _ask(self, question: str, texts: str, seed: int) -> Verdict:
        """One verdict. Raises ModelError or NoVerdictError."""
        sampling = Sampling(answer_tokens=self._answer_tokens, temperature=0.0, seed=seed)
        asked = question or "What does the reference say?"
        return read_verdict(
            call_model(
                self._model, self._prompt, sampling, form=Verdict, question=asked, texts=texts
            )
        )


def read_verdict(text: str) -> Verdict:
    """The verdict in what a model wrote, whatever stands around it.

    Raises NoVerdictError where there is none, or several that differ.
    """
    found = []
    for item in _objects(text):
        try:
            found.append(Verdict.model_validate(item))
        except ValidationError:
            continue
    shown = repr(" ".join(text.split())[:SHOWN])
    if not found:
        raise NoVerdictError(f"the reply is no verdict ({shown})")
    if len({one.verdict for one in found}) > 1:
        raise NoVerdictError(f"the reply has several verdicts ({shown})")
    return found[0]


def _objects(text: str) -> Iterator[object]:
    """The JSON objects of a text, in its order."""
    decoder, at = json.JSONDecoder(), text.find("{")
    while at >= 0:
        try:
            found, end = decoder.raw_decode(text, at)
            yield found
        except (ValueError, RecursionError):
            end = at + 1
        at = text.find("{", end)


def _quoted(tag: str, text: str) -> str:
    """A text between tags that it cannot close."""
    return f"<{tag}>\n{QUOTED.sub(' ', text)}\n</{tag}>"


def _decided(verdicts: Sequence[Verdict]) -> Score:
    value = median_low([VALUES[one.verdict] for one in verdicts])
    told = next(one for one in verdicts if VALUES[one.verdict] == value)
    votes = f" ({len(verdicts)} votes)" if len(verdicts) > 1 else ""
    return Score(value, explanation=f"{told.verdict}{votes}: {told.reason}")
