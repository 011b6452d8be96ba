"""Questions that a language model writes for pages, kept where the page alone answers them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from app.compose import quoted
from app.models.model import LanguageModel, ModelError
from app.questions.wording import reads_well
from app.settings import AnswerSettings
from app.terms import normalise
from eval.cases.case import made_id
from eval.cases.evidence_pages import stands_in
from eval.cases.making.draft import Draft
from eval.cases.making.sources import Sources
from eval.metrics.answer import word_f1
from eval.model_call import call_model
from ingest.readers.content import Page
from ingest.records import DocumentRecord
from prompts.template import load_prompt

WRITTEN = "written"
LEAST_WORDS = 12  # of a page that is asked about
OTHER_PAGES = 3  # that a search finds for the question, and that must not answer it
FOUND = 12  # passages, to have so many other pages
SAME = 0.5  # F1 of words from which two answers are the same
MOST_FAILURES = 5  # calls in a row that fail before the model is given up


Form = TypeVar("Form", bound=BaseModel)


class _Posed(BaseModel):
    """What ``prompts/files/pose.toml`` asks for."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    question: str
    answer: str


class _Examined(BaseModel):
    """What ``prompts/files/examine.toml`` asks for; the answer is empty where there is none."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    answer: str


class _LeftOut(Exception):
    """Why nothing came of a page."""


class QuestionWriter:
    """Calls give drafts of pages in the order of a seed, and count why others came to nothing."""

    def __init__(self, model: LanguageModel, settings: AnswerSettings, seed: int) -> None:
        self._model = model
        self._sampling = replace(settings.sampling(), temperature=0.0, seed=seed, stop=())
        self._seed = seed
        self._pose = load_prompt("pose", purpose="pose")
        self._examine = load_prompt("examine", purpose="examine")
        self._made = (
            ("made by", model.name),
            ("prompts", f"pose {self._pose.fingerprint}, examine {self._examine.fingerprint}"),
        )

    def __call__(self, sources: Sources, left_out: Counter[str]) -> Iterator[Draft]:
        """Raises ModelError where the model fails several times in a row."""
        failures = 0
        for document, page in sources.pages(self._seed):
            try:
                yield self._draft(document, page, sources)
                failures = 0
            except _LeftOut as reason:
                left_out[str(reason)] += 1
                failures = 0
            except ModelError as error:
                failures += 1
                left_out[f"the model failed: {error}"] += 1
                if failures == MOST_FAILURES:
                    raise

    def _draft(self, document: DocumentRecord, page: Page, sources: Sources) -> Draft:
        """Write a question and look whether this page answers it and no other does."""
        if len(page.text.split()) < LEAST_WORDS:
            raise _LeftOut("the page holds too little")
        posed = self._ask_for_question(document, page)
        if not stands_in(posed.answer, [page.text]):
            raise _LeftOut("its answer does not stand on the page")
        if not reads_well(posed.question, posed.answer):
            raise _LeftOut("it gives its answer away or is not clear by itself")
        if not self._answers(posed, page):
            raise _LeftOut("the page does not answer it")
        others = _other_pages(posed.question, (document.id, page.number), sources)
        if any(self._answers(posed, other) for other in others):
            raise _LeftOut("another page answers it too")
        return Draft(
            kind=WRITTEN,
            question=posed.question.strip(),
            answers=(posed.answer.strip(),),
            places=((document.name, page.number),),
            source=posed.answer.strip(),
            made=self._made,
        )

    def _ask_for_question(self, document: DocumentRecord, page: Page) -> _Posed:
        said = call_model(
            self._model,
            self._pose,
            self._sampling,
            form=_Posed,
            document=document.title,
            page=self._quoted(page),
        )
        posed = _read(said, _Posed)
        if not posed.question.strip() or not normalise(posed.answer):
            raise _LeftOut("the model found nothing to ask")
        return posed

    def _answers(self, posed: _Posed, page: Page) -> bool:
        """Whether the model gives the same answer from a page."""
        said = call_model(
            self._model, self._examine, self._sampling, form=_Examined,
            question=posed.question, page=self._quoted(page),
        )  # fmt: skip
        found, gold = normalise(_read(said, _Examined).answer), normalise(posed.answer)
        return word_f1(found.split(), gold.split()) >= SAME

    def _quoted(self, page: Page) -> str:
        """A page between marks that it cannot know, the same for the same seed."""
        return quoted([page.text], made_id(self._seed, page.text)[:8])


def _other_pages(question: str, own: tuple[str, int], sources: Sources) -> Iterator[Page]:
    """The first few other pages that a search for the question finds."""
    seen = {own}
    for passage in sources.library.search(question, top=FOUND):
        place = (passage.document_id, passage.page)
        if place in seen:
            continue
        seen.add(place)
        if (page := sources.library.page(*place)) is not None:
            yield page
        if len(seen) > OTHER_PAGES:
            return


def _read(said: str, form: type[Form]) -> Form:
    """The first object of this form in what the model wrote."""
    decoder = json.JSONDecoder()
    at = said.find("{")
    while at >= 0:
        try:
            return form.model_validate(decoder.raw_decode(said, at)[0])
        except (ValueError, RecursionError, ValidationError):
            at = said.find("{", at + 1)
    raise _LeftOut("the model did not write what was asked for")
