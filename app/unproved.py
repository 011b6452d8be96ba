"""Sentences of an answer that nothing proves are marked, repaired once, or dropped.

Marking is what binding does anyway. For the other two the answer is whole first; then what has
streamed is withdrawn, and it comes anew.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence

from app.citations import LIST_SIGN, attach_marks, bind_sentence, check_text, unwrapped_lines
from app.compose import quote_passages
from app.desk import Desk
from app.events import MARK, Claim, Composed, Event, Note, Step, Token, Withdrawn
from app.models.model import NoRoomError
from ingest.search import Passage
from ingest.sentences import split_sentences
from prompts.refusal import REFUSAL

MARKS_ALONE = re.compile(rf"\s*\n\s*((?:{MARK.pattern}\s*)+)$", re.MULTILINE)
DROPPED = "Left out, since nothing that was found proves it: {text}"
NOT_REPAIRED = "The answer could not be repaired: {why}."


def settle_unproved(question: str, events: Iterator[Event], desk: Desk) -> Iterator[Event]:
    """The events of an answer, and at the end what ``unproved`` in settings asks for."""
    if desk.settings.unproved == "mark":
        yield from events
        return
    text, composed = "", None
    for event in events:
        yield event
        match event:
            case Token(piece):
                text += piece
            case Withdrawn():
                text = ""
            case Composed():
                composed = event
    if composed is None:
        return
    if desk.settings.unproved == "repair":
        yield from _repaired(question, composed, text, desk)
    else:
        yield from _dropped(text, composed.passages, desk)


def problems_of(claims: Sequence[Claim]) -> list[str]:
    """A line for each sentence that is not proved, with the reason."""
    return [
        f"- {claim.text} ({claim.reason})" for claim in claims if claim.verdict == "unsupported"
    ]


def proves_more(repaired: Sequence[Claim], draft: Sequence[Claim]) -> bool:
    """Whether fewer sentences are left unproved and no fewer are proved; an empty text never is."""
    before, after = ([claim.verdict for claim in claims] for claims in (draft, repaired))
    return (
        bool(after)
        and after.count("unsupported") < before.count("unsupported")
        and after.count("supported") >= before.count("supported")
    )


def repair(
    question: str, composed: Composed, draft: str, problems: Sequence[str], desk: Desk
) -> Generator[Event, None, str]:
    """The draft as the model corrects it. Raises NoRoomError where it is too long for that."""
    repaired = yield from desk.ask(
        "repair",
        question=question,
        passages=composed.shown or quote_passages(composed.passages),
        draft=draft,
        problems="\n".join(problems),
        refusal=REFUSAL,
    )
    return repaired


def _repaired(question: str, composed: Composed, text: str, desk: Desk) -> Iterator[Event]:
    """The answer anew, if the model leaves fewer sentences unproved when it is asked once more."""
    claims = check_text(text, composed.passages, desk.check)
    problems = problems_of(claims)
    if not problems:
        return
    if desk.model is None or desk.continues_text:
        yield Note(NOT_REPAIRED.format(why="this way of answering takes no instructions"))
        return
    yield Step("check", "\n".join(problems))
    try:
        repaired = yield from repair(question, composed, text, problems, desk)
    except NoRoomError:
        yield Note(NOT_REPAIRED.format(why="it is too long for the model's window"))
        return
    if proves_more(check_text(repaired, composed.passages, desk.check), claims):
        yield Withdrawn()
        yield Token(repaired)


def _dropped(text: str, passages: Sequence[Passage], desk: Desk) -> Iterator[Event]:
    """The answer anew without the sentences that are not proved; the refusal where all go."""
    lines: list[str] = []
    dropped: list[str] = []
    proved = False
    for line in unwrapped_lines(MARKS_ALONE.sub(r" \1", text)):
        kept = []
        for sentence in attach_marks(split_sentences(line)):
            claim = bind_sentence(sentence, passages, desk.check)
            if claim.verdict == "unsupported":
                dropped.append(claim.text)
            else:
                kept.append(sentence)
                proved = proved or claim.verdict == "supported"
        sign = LIST_SIGN.match(line.strip())
        if kept or not line.strip():
            lines.append((sign[0] if sign else "") + " ".join(kept))
    if not dropped:
        return
    yield Withdrawn()
    for sentence in dropped:
        yield Note(DROPPED.format(text=sentence))
    yield Token("\n".join(lines).strip() if proved else REFUSAL)
