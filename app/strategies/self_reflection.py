"""Draft, check each sentence against the passages, repair what is not proved (Madaan et al., 2023).

The check is the program's own, not the model's opinion of itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.citations import check_text
from app.desk import Desk
from app.events import Event, Note, Step, Token
from app.models.model import NoRoomError
from app.strategies.strategy import Documents, Strategy
from app.unproved import problems_of, proves_more, repair


def answer_and_repair(question: str, documents: Documents, desk: Desk) -> Iterator[Event]:
    """One search, a draft, and a repair for each round in which a sentence is not proved.

    A repair becomes the answer if it leaves fewer sentences unproved and proves no fewer.
    """
    passages = yield from desk.find([question], documents)
    # A repair is shown the draft, and with the reasons those sentences again that are not proved.
    reserve = min(3 * desk.sampling.answer_tokens, desk.room // 2)
    composed = yield from desk.compose(question, passages, reserve=reserve)
    if not composed.passages:
        yield from desk.answer(composed)
        return
    draft = yield from desk.draft("draft", composed)
    best, proved = draft, check_text(draft, composed.passages, desk.check)
    problems = problems_of(proved)
    for _ in range(desk.settings.rounds):
        yield Step("check", "\n".join(problems) or "Every sentence is proved.")
        if not problems:
            break
        try:
            draft = yield from repair(question, composed, draft, problems, desk)
        except NoRoomError:
            yield Note("The draft was too long to be repaired in the model's window.")
            break
        claims = check_text(draft, composed.passages, desk.check)
        problems = problems_of(claims)
        if proves_more(claims, proved):
            best, proved = draft, claims
    yield Token(best)


SELF_REFLECTION = Strategy(
    name="self-reflection",
    summary="Draft an answer, check each sentence, and have the model repair what is not proved.",
    calls="1 to 1 + rounds",
    tokens="1x to (1 + rounds)x",
    needs="a chat model",
    run=answer_and_repair,
)
