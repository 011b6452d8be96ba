"""A sentence of a page -> questions that it answers, a function for each kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass

from app.questions.clauses import (
    DATE,
    LIST_GOES_ON,
    MONTH,
    SECOND_VERB,
    YEAR,
    Clause,
    first_part,
    plain_sentence,
    read_clause,
)
from app.questions.verbs import AUXILIARIES, BE, PRESENT, is_participle
from app.questions.wording import reads_well

PEOPLE = re.compile(
    r"\b(actor|actress|architect|artist|author|astronomer|bishop|businessman|chemist|composer|"
    r"director|doctor|economist|emperor|engineer|explorer|general|historian|inventor|king|lawyer|"
    r"leader|mathematician|missionary|monk|musician|novelist|painter|philosopher|photographer|"
    r"physicist|pioneer|player|poet|politician|president|figure|priest|prince|princess|producer|queen|scholar|"
    r"scientist|singer|soldier|son|daughter|brother|sister|theologian|wife|writer|who)\b"
)
AT_A_TIME = re.compile(rf"(?:^|\s)(in|on) ({DATE})(?![-–/\w]|,? {YEAR})")
ANY_MONTH = re.compile(MONTH)
ANY_TIME = re.compile(rf"\b{YEAR}\b|\b\d{{1,2}}(?:st|nd|rd|th)? centur(?:y|ies)\b")
ABOUT = r"(?:about|over|some|more than|approximately|around|nearly|almost|only|at least|up to)"
NUMBER = (
    r"(?:(?:\d[\d,]*(?:\.\d+)?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|"
    r"thirty|forty|fifty)(?: (?:hundred|thousand|million|billion))?)"
)
COUNTED = re.compile(
    rf"^(?:a total of )?(?:{ABOUT} )?({NUMBER}) ((?!of |and |or )(?:[a-z]+ ){{0,2}}[a-z]{{2,}}"
    r"(?:s|people|men|children)(?: of [a-z]+s?)?)(?=[ ,]|$)"
)
COUNTED_SUBJECT = re.compile(
    rf"^(?:{ABOUT} )?({NUMBER}) ((?!of |and |or )(?:[a-z]+ ){{0,2}}[a-z]{{2,}}s(?: of [a-z]+s)?) "
    r"(are|were|can|have been|live|lived|work|died|took) (.+)\.$",
    re.IGNORECASE,
)
SHARE = re.compile(
    rf"^((?:(?!{ABOUT} )[a-z]+ ){{0,2}})(?:{ABOUT} )?(\d[\d.,]*\s?(?:%|percent|per cent)) of "
    r"([^,]+?)(?=,|$)"
)
DEFINING = re.compile(r"^(an? |the |one of the )")
NO_AGENT = re.compile(r"\d|[a-z]+ing\b|(?:such|its|some|many|most|others)\b")
LONGEST_AGENT = 8  # words
FIRST_TIME = re.compile(r"the (?:first|second|last|only) time\b")
RULE = re.compile(r"\b(?:Charter|Act|Article|Treaty|Law|Code|Rules?|Convention)\b")
WITH_ING = re.compile(r"^[a-z]+ing .*")
END_OF_THING = re.compile(r"[,;]| (?:which|who|whose|where|when|while|although|but|because|that) ")
HEDGE = re.compile(
    r" ?\b(?:primarily|mainly|largely|partly|partially|mostly|in part|possibly|probably|only|"
    r"simply)$"
)
END_OF_REASON = re.compile(r"[,;]| (?:which|who|whose|although|but|while) ")
BY = re.compile(r"^((?:[a-z]+ ){0,3}?)by (.+)$")
BECAUSE = re.compile(r"^(.*?),? ?\b(?:because of|because|due to) (.+)$")
PLACE = re.compile(r"^(born|located|situated|buried|headquartered|based|held) (?:in|at) (.+)$")
NAME = re.compile(
    r"(?:the )?[A-Z][\w.'’-]*(?: (?:of|the|and|de|von|&) [A-Z][\w.'’-]*| [A-Z][\w.'’-]*)*"
)
ABBREVIATED = re.compile(
    r"((?:[A-Z][\w-]+ (?:(?:of|and|the|for|on) )?){1,6}[A-Z][\w-]+) \(([A-Z]{2,7})\)"
)
ABBREVIATION, COUNT = "abbreviation", "number"
SMALL_WORDS = ("of", "and", "the", "for", "on")


@dataclass(frozen=True)
class Asked:
    """A question that one sentence answers; ``about`` is the name that it asks about, or empty."""

    kind: str
    question: str
    answer: str
    about: str = ""


def ask_about(sentence: str, page: str, *, kinds: Container[str] | None = None) -> Iterator[Asked]:
    """The questions that a sentence answers; ``page`` is the text around it.

    ``kinds`` are those that are wanted, by default all.
    """
    found: list[Asked] = []
    if kinds is None or ABBREVIATION in kinds:
        found += _abbreviation(sentence)
    if kinds is None or COUNT in kinds:
        found += _counted_subject(plain_sentence(sentence))
    clause = read_clause(sentence, page)
    if clause:
        found += [
            Asked(one.kind, one.question, one.answer, clause.subject if clause.is_name else "")
            for kind, read in OF_A_CLAUSE.items()
            if kinds is None or kind in kinds
            for one in read(clause)
        ]
    for one in found:
        if reads_well(one.question, one.answer):
            yield one


def _time(clause: Clause) -> Iterator[Asked]:
    """In which year, or when, something was."""
    found = AT_A_TIME.search(clause.rest)
    if clause.time:
        preposition, _, date = clause.time.partition(" ")
        rest = clause.rest
    elif found:
        preposition, date = found[1], found[2]
        after = clause.rest[found.end() :]
        rest = clause.rest[: found.start()] + ("" if after.startswith(",") else after)
    else:
        return
    part = first_part(rest)
    if ANY_TIME.search(rest) or not part or clause.verb in NOW:
        return
    asked = "In which year" if preposition.lower() == "in" and date.isdigit() else "When"
    yield Asked("time", f"{asked} {clause.ask(part)}?", date)


def _count(clause: Clause) -> Iterator[Asked]:
    """How many, or what share."""
    if found := COUNTED.match(clause.rest):
        after = WITH_ING.sub("", first_part(clause.rest[found.end() :]))
        if clause.verb not in BE and bool(after) == bool(clause.rest[found.end() :].strip(" ,")):
            yield Asked(COUNT, f"How many {found[2]} {clause.ask(after)}?", found[1])
    if (found := SHARE.match(clause.rest)) and (whole := first_part(found[3])):
        question = f"What percentage of {whole} {clause.ask(found[1].strip())}?"
        yield Asked(COUNT, question, found[2])


def _counted_subject(sentence: str) -> Iterator[Asked]:
    if found := COUNTED_SUBJECT.match(sentence):
        number, things, verb, rest = found.groups()
        if part := first_part(rest):
            yield Asked(COUNT, f"How many {things} {verb} {part}?", number)


def _definition(clause: Clause) -> Iterator[Asked]:
    """What, or who, something is."""
    if clause.verb not in BE or not DEFINING.match(clause.rest):
        return
    whole, *after = END_OF_THING.split(clause.rest, maxsplit=1)
    thing = SECOND_VERB.split(whole)[0].strip()
    if len(thing.split()) < 3 or FIRST_TIME.match(thing) or _lists_more(clause.rest, whole, after):
        return
    is_several = clause.subject.endswith("s") or " and " in clause.subject
    if clause.verb in ("are", "were") and not is_several:
        return
    asks_for = "Who" if clause.is_name and PEOPLE.search(clause.rest) else "What"
    yield Asked("definition", f"{asks_for} {clause.verb} {clause.subject}?", thing)


def _lists_more(rest: str, whole: str, after: list[str]) -> bool:
    """Whether a list goes on after what a definition was cut to."""
    is_list = rest[len(whole) : len(whole) + 1] == ","
    return is_list and LIST_GOES_ON.match(after[0].strip()) is not None


def _agent(clause: Clause) -> Iterator[Asked]:
    """By whom, or by what, something was done."""
    first, _, after = clause.rest.partition(" ")
    found = BY.match(after)
    if clause.verb not in BE or not is_participle(first) or not found:
        return
    name = NAME.match(found[2])
    agent = name[0] if name else END_OF_THING.split(found[2])[0]
    if len(agent.split()) > LONGEST_AGENT or NO_AGENT.match(agent):
        return
    if name and re.match(r" and |'s?\b|’s?\b", found[2][name.end() :]):
        return
    rest = f"{first} {found[1]}".strip()
    asked = "By whom" if name and not RULE.search(agent) else "By what"
    yield Asked("agent", f"{asked} {clause.ask(rest)}?", agent)


def _reason(clause: Clause) -> Iterator[Asked]:
    """Why something is so."""
    if found := BECAUSE.match(clause.rest):
        so = HEDGE.sub("", found[1])
        reason = END_OF_REASON.split(found[2])[0].strip()
        says_something = bool(so) or clause.verb not in AUXILIARIES
        if says_something and len(reason.split()) > 1 and first_part(so) == so and not clause.time:
            yield Asked("reason", f"Why {clause.ask(so)}?", reason)


def _place(clause: Clause) -> Iterator[Asked]:
    """Where something is."""
    found = PLACE.match(clause.rest)
    name = NAME.match(found[2]) if found else None
    if clause.verb in BE and found and name and not ANY_MONTH.match(name[0]):
        yield Asked("place", f"Where {clause.verb} {clause.subject} {found[1]}?", name[0])


def _actor(clause: Clause) -> Iterator[Asked]:
    """Who did something: of what only people and groups of them do."""
    if not clause.is_name or clause.verb not in DONE_BY_PEOPLE or clause.time:
        return
    rest = first_part(clause.rest)
    if len(rest.split()) > 2:
        yield Asked("actor", f"Who {clause.verb} {rest}?", clause.subject)


def _abbreviation(sentence: str) -> Iterator[Asked]:
    """What letters stand for."""
    for found in ABBREVIATED.finditer(sentence):
        words = [word for word in found[1].split() if word not in SMALL_WORDS]
        short = found[2]
        if "".join(word[0] for word in words[-len(short) :]) == short:
            start = found[1].rindex(words[-len(short)]) if len(words) > len(short) else 0
            yield Asked(ABBREVIATION, f"What does {short} stand for?", found[1][start:], short)


NOW = frozenset(("is", "are", "has", "have", *PRESENT))
DONE_BY_PEOPLE = frozenset(
    """wrote invented discovered founded painted composed directed published proposed won married
    argued designed proved conquered translated commissioned ordered led ruled starred""".split()
)
OF_A_CLAUSE: dict[str, Callable[[Clause], Iterator[Asked]]] = {
    "time": _time, COUNT: _count, "definition": _definition, "agent": _agent, "reason": _reason,
    "place": _place, "actor": _actor,
}  # fmt: skip
