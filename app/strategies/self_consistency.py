"""Several answers, and a vote among them (Wang et al., 2022)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from app.citations import check_text, proved_share, strip_marks
from app.desk import Desk
from app.events import Event, Step, Token
from app.strategies.strategy import Documents, Strategy
from app.terms import numbers, stems
from prompts.refusal import is_refusal

LEAST_TEMPERATURE = 0.7  # Wang et al., 2022: below it the samples hardly differ
SAME_WORDS = 0.5  # share of words in common (Jaccard) from which two answers say the same


@dataclass
class Party:
    """Answers that say the same."""

    answers: list[str] = field(default_factory=list)


def answer_by_vote(question: str, documents: Documents, desk: Desk) -> Iterator[Event]:
    """One search, a call for each sample; of the largest party the best proved answer."""
    passages = yield from desk.find([question], documents)
    composed = yield from desk.compose(question, passages)
    if not composed.passages:
        yield from desk.answer(composed)
        return
    drafts: list[str] = []
    for number in range(desk.settings.samples):
        sampling = replace(
            desk.sampling,
            temperature=max(desk.sampling.temperature, LEAST_TEMPERATURE),
            seed=(desk.sampling.seed or 0) + number,
        )
        draft = yield from desk.draft(f"sample {number + 1}", composed, sampling)
        drafts.append(draft)
    parties = split_into_parties(drafts)
    lines = [f"{len(party.answers)} of {len(drafts)}: {party.answers[0]}" for party in parties]
    yield Step("vote", "\n".join(lines))

    def proved(answer: str) -> float:
        return proved_share(check_text(answer, composed.passages, desk.check))

    yield Token(max(parties[0].answers, key=proved))


def split_into_parties(answers: Sequence[str]) -> list[Party]:
    """Answers that say the same put together, the largest party first.

    Two say the same if both refuse, or name the same numbers and share half of their words.
    """
    parties: list[Party] = []
    for answer in answers:
        party = next((party for party in parties if say_the_same(party.answers[0], answer)), None)
        if party is None:
            party = Party()
            parties.append(party)
        party.answers.append(answer)
    return sorted(parties, key=lambda party: -len(party.answers))


def say_the_same(first: str, second: str) -> bool:
    """Whether two answers agree."""
    if is_refusal(first) or is_refusal(second):
        return is_refusal(first) and is_refusal(second)
    first, second = strip_marks(first), strip_marks(second)
    ours, theirs = set(stems(first)), set(stems(second))
    shared = len(ours & theirs) / max(1, len(ours | theirs))
    return numbers(first) == numbers(second) and shared >= SAME_WORDS


SELF_CONSISTENCY = Strategy(
    name="self-consistency",
    summary="Let the model answer several times and take the answer that most samples agree on.",
    calls="samples",
    tokens="samples x",
    needs="a chat model",
    run=answer_by_vote,
)
