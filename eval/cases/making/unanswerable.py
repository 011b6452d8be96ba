"""Questions that the library does not answer, close to some that it does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from eval.cases.making.draft import Draft

UNANSWERABLE = "unanswerable"
# Names of nobody and nothing, so that no page can be about them.
PEOPLE = (
    "Maren Oldcastle", "Tobias Verrinder", "Ilse Kranholm", "Rufus Ashgrove", "Petra Lindenau",
    "Casimir Dorvale", "Agnes Tollemark", "Henrik Salvesund",
)  # fmt: skip
THINGS = (
    "Quillmere", "the Ostrand Company", "Velmark", "the Castrigo Institute", "Brackenholt",
    "the Tarnova Society", "Esterwick", "the Lomond-Rask Group",
)  # fmt: skip
UNTOLD = (  # a question, and words of it that no page may have together
    ("Which newspaper was the first to report on {name}?", "newspaper first report"),
    ("Who translated the first book about {name} into Icelandic?", "translated Icelandic"),
    ("What did the first postage stamp that showed {name} cost?", "postage stamp"),
    ("Which museum keeps the oldest photograph of {name}?", "museum oldest photograph"),
    ("Which song did the brass band play at the opening of {name}?", "brass band"),
    ("What is the telephone number of {name}?", "telephone number"),
)
SEVERAL = re.compile(r"\w+(?: \w+)? (?:are|were) ")  # is asked about, and no name of one will do
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
YEARS_AWAY = [sign * away for away in range(7, 40) for sign in (-1, 1)]

Holds = Callable[[str], bool]  # whether a passage of the library has all these words


def swap_name(draft: Draft, number: int, holds: Holds) -> Draft | None:
    """The same question about a name that the library does not hold; None where there is none."""
    if not draft.about or draft.about not in draft.question or SEVERAL.match(draft.question):
        return None
    names = PEOPLE if draft.question.startswith("Who ") or " born" in draft.question else THINGS
    other = names[number % len(names)]
    if holds(other.removeprefix("the ")):
        return None
    known = rf"(?:the )?{re.escape(draft.about.removeprefix('the '))}(?!\w)"
    asked = re.sub(known, other, draft.question)
    return _unanswerable(draft, asked, f"{draft.about} was replaced by {other}")


def swap_year(draft: Draft, number: int, holds: Holds) -> Draft | None:
    """The same question for a year that the library does not speak of; None where there is none."""
    found = YEAR.findall(draft.question)
    if len(found) != 1:
        return None
    start = number % (len(YEARS_AWAY) // 2)
    for away in (*YEARS_AWAY[start:], *YEARS_AWAY[:start]):
        year = str(int(found[0]) + away)
        if not holds(year):
            asked = draft.question.replace(found[0], year)
            return _unanswerable(draft, asked, f"{found[0]} was replaced by {year}")
    return None


def ask_untold(draft: Draft, number: int, holds: Holds) -> Draft | None:
    """Something about the same name that the library does not tell; None where it may."""
    question, words = UNTOLD[number % len(UNTOLD)]
    if not draft.about or " and " in draft.about or holds(words):
        return None
    return _unanswerable(draft, question.format(name=draft.about), "nothing is said of it")


def make_unanswerable(drafts: Sequence[Draft], holds: Holds) -> Iterator[Draft]:
    """One or none of each draft, in turns by the three ways."""
    ways = (swap_name, ask_untold)
    for number, draft in enumerate(drafts):
        way = swap_year if draft.kind == "table" else ways[number % 2]
        made = way(draft, number // 2, holds)
        if made:
            yield made


def _unanswerable(draft: Draft, question: str, how: str) -> Draft:
    about = draft.about if draft.about in question else ""
    source = f"{draft.question} ({how})"
    return replace(
        draft, kind=UNANSWERABLE, question=question, answers=(), about=about, source=source
    )
