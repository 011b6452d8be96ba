"""An answer that the user liked -> an exemplar of the library -> a model's earlier turn."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.citations import check_text, marked_numbers
from app.events import MARK, Answer, Message
from app.models.token_estimate import estimate_tokens
from app.printed_answer import read_printed_answer
from app.terms import stems
from ingest.errors import CiteboundError
from ingest.library import Library
from ingest.records import ChunkRecord, CitedPassage, ExemplarRecord
from ingest.similar_questions import rank_exemplars
from ingest.widen import join_chunks
from prompts.exemplars import shipped_exemplars
from prompts.refusal import is_refusal
from prompts.template import Exemplar


class ExemplarError(CiteboundError):
    """An answer that cannot be kept, or no such exemplar."""


@dataclass(frozen=True)
class LikedAnswer:
    """What is needed of an answer to keep it.

    ``question`` stands alone; ``passages`` are those that the marks number, each by the ids of the
    chunks that it is made of.
    """

    question: str
    text: str
    passages: tuple[tuple[str, ...], ...]
    cut_off: bool

    @property
    def cited(self) -> list[int]:
        """The numbers of the passages that the text cites, in its order; from 1."""
        return [n for n in marked_numbers(self.text) if 1 <= n <= len(self.passages)]

    @property
    def renumbered_text(self) -> str:
        """The text with the marks of the cited passages alone, numbered from 1 in its order."""
        new = {number: str(place) for place, number in enumerate(self.cited, 1)}

        def mark(found: re.Match[str]) -> str:
            kept = [new[number] for number in marked_numbers(found[0]) if number in new]
            return f"{found[1]}[{', '.join(kept)}]" if kept else ""

        return re.sub(rf"(\s*){MARK.pattern}", mark, self.text)

    @property
    def id(self) -> str:
        """The same for the same answer to the same question from the same passages."""
        cited = [self.passages[number - 1] for number in self.cited]
        said = json.dumps([self.question, self.renumbered_text, cited])
        return hashlib.sha256(said.encode()).hexdigest()[:12]


def liked_answer(answer: Answer) -> LikedAnswer:
    """What is needed of an answer that has just been given."""
    receipt = answer.receipt
    shown = tuple(used.joined or (used.id,) for used in receipt.passages)
    return LikedAnswer(answer.standalone_question, answer.text, shown, receipt.cut_off)


def read_answer(path: Path) -> LikedAnswer:
    """Read what ``citebound ask --json`` has printed. Raises AnswerFileError."""
    printed = read_printed_answer(path)
    shown = tuple(passage.chunks for passage in printed.receipt.passages)
    question = " ".join(printed.standalone_question.split())
    return LikedAnswer(question, printed.answer.strip(), shown, printed.receipt.cut_off)


def is_proved(answer: Answer) -> bool:
    """Whether an answer is one that can be kept: whole, no refusal, all proved by what it marks."""
    all_proved = 0 < answer.checked == answer.proved
    marked_right = not any(claim.rebound for claim in answer.claims)
    return all_proved and marked_right and not answer.refused and not answer.receipt.cut_off


def keep(liked: LikedAnswer, library: Library) -> ExemplarRecord:
    """Keep an answer as an exemplar of the library.

    The texts of its passages are the library's own, and its sentences are checked against them once
    more. Raises ExemplarError saying why it cannot be kept.
    """
    cited = [liked.passages[number - 1] for number in liked.cited]
    ids = {id for chunks in cited for id in chunks}
    records = library.catalog.chunks(sorted(ids))
    if len(records) < len(ids):
        raise ExemplarError(
            "The answer was not kept: a passage that it cites is not in this library; ask again."
        )
    passages = [join_chunks([records[id] for id in chunks]) for chunks in cited]
    if reason := _why_not(liked, passages):
        raise ExemplarError(f"The answer was not kept: {reason}.")
    exemplar = ExemplarRecord(
        id=liked.id,
        question=liked.question,
        answer=liked.renumbered_text,
        passages=tuple(CitedPassage(one.document_id, one.text) for one in passages),
        added=time.time(),
    )
    library.catalog.add_exemplar(exemplar)
    return exemplar


def _why_not(liked: LikedAnswer, cited: Sequence[ChunkRecord]) -> str:
    """Why an answer is no exemplar; empty where it is one."""
    if is_refusal(liked.text):
        return "it only says that the documents do not answer"
    if liked.cut_off:
        return "it was cut off before its end"
    claims = check_text(liked.renumbered_text, cited)
    for claim in claims:
        if claim.verdict == "unsupported":
            return f"{claim.text!r} is not proved ({claim.reason})"
    if not any(claim.verdict == "supported" for claim in claims):
        return "nothing in it can be checked"
    return ""


def choose_exemplars(
    question: str, library: Library, *, count: int, room: int
) -> tuple[Exemplar, ...]:
    """``count`` answers to other questions, the most similar last, beside the question.

    The library's own come first, as far as they fit into ``room`` tokens together. Shipped ones
    fill up, the refusal before the others: no answer that was kept shows one.
    """
    kept = _kept_exemplars(question, library, count=count, room=room)
    shipped = shipped_exemplars()
    first = max(0, len(shipped) - (count - len(kept)))
    return (*shipped[first:], *reversed(kept))


def _kept_exemplars(question: str, library: Library, *, count: int, room: int) -> list[Exemplar]:
    """The most similar first.

    One with the same question is left out: it would hand over the old answer, right or wrong, with
    numbers of passages that are others now, where the documents are to be asked anew.
    """
    chosen: list[Exemplar] = []
    asked = {_gist(question)}
    for kept in rank_exemplars(question, library) if count else ():
        tokens = _tokens(kept)
        if len(chosen) < count and tokens <= room and _gist(kept.question) not in asked:
            texts = tuple(passage.text for passage in kept.passages)
            chosen.append(Exemplar(question=kept.question, passages=texts, answer=kept.answer))
            asked.add(_gist(kept.question))
            room -= tokens
    return chosen


def _gist(question: str) -> frozenset[str]:
    """The same for questions of the same content words, whatever their order, case and endings."""
    return frozenset(stems(question) or question.casefold().split())


def _tokens(kept: ExemplarRecord) -> int:
    """About how many tokens an exemplar takes in a prompt."""
    texts = [passage.text for passage in kept.passages]
    asked = Message("user", "".join([kept.question, *texts]))
    return estimate_tokens([asked, Message("assistant", kept.answer)])
