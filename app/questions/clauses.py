"""A plain sentence -> subject, verb and the rest, so that it can be asked about."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from app.questions.verbs import (
    AUXILIARIES,
    BE,
    HAVE,
    MODAL,
    PAST,
    PRESENT,
    base_of_past,
    is_participle,
)

SHORTEST, LONGEST = 5, 40  # words of a sentence
MOST_SUBJECT = 8  # words
REFERENCE = re.compile(r"\s?\[\s?(?:\d+|[a-z]|citation needed|note \d+)\s?\]")
ASIDE = re.compile(r"\s?\([^()]*\)")
CONNECTIVE = re.compile(
    r"^(However|Moreover|Furthermore|Also|Additionally|In addition|Thus|Therefore|Consequently|"
    r"Nevertheless|For example|For instance|As a result|Similarly|Finally|Today|Later|Historically)"
    r",\s+"
)
MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
YEAR = r"(?:1\d|20)\d\d"
DATE = rf"(?:(?:{MONTH}) \d{{1,2}}, {YEAR}|\d{{1,2}} (?:{MONTH}) {YEAR}|(?:{MONTH}) {YEAR}|{YEAR})"
LEADING_TIME = re.compile(rf"^(?:In|On) {DATE}, ")
ODD = re.compile(r"[\"“”‘:;?!•|\[\]{}<>=()]|\.\.|(?<=\s)'|\s[-–—]\s|—")
SPEAKS_OF_OTHERS = frozenset(
    """he she it they we i you him her them us his hers its their our your my this that these those
    there here such another other others both each either neither all some many most several few
    one two what which who when where while although though if as because since after before during
    with by from to for at on in not no but and or so also only even then thus however along within
    among amongst under upon despite between unlike like much more most through over about against
    across around near without via per than early late mid until unless whether how why once
    according due instead rather every nothing everything someone north south east west""".split()
)
SMALL = frozenset("of the de la von van and for & du le del di".split())
AFTER_PARTICIPLE = frozenset(
    "by in at on to as from with for of between under into during after before over through".split()
)
VERBS = frozenset(PAST.values())
ARTICLES = ("The", "A", "An")
OF_A_PEOPLE = re.compile(r"(?:ian|ean|ish|ese|can|man)s?$")
SECOND_CLAUSE = re.compile(
    r" (?:and|but|or) (?:\w+ ){0,3}(?:is|are|was|were|has|have|had|can|could|will|would|did|does)\b"
    r"| (?:but|that|although|though|while|whereas|if|whether|when|after|before|because|since|"
    r"until) "
)
LIST_GOES_ON = re.compile(r"(?:and |or )?(?:[\w’'-]+ ){0,3}?[\w’'-]+(?:,| and | or )|(?:and|or) ")
SECOND_VERB = re.compile(
    r" (?:and|but) (?:\w+ly |then |later |also )?(?:is|are|was|were|has|had|[a-z]+ed|"
    rf"{'|'.join(PAST)})\b| (?:which|who) "
)


@dataclass(frozen=True)
class Clause:
    """A sentence's parts, white space plain and the full stop off.

    ``subject`` is written as within a sentence; ``name`` says that it is one. ``time`` is how the
    sentence begins where it begins with a time ("In 1890").
    """

    subject: str
    verb: str
    rest: str
    is_name: bool
    time: str = ""

    def ask(self, rest: str) -> str:
        """Verb and subject in the order of a question, with what is left of the rest."""
        first, _, after = rest.partition(" ")
        if self.verb in HAVE and not is_participle(first):
            parts = [HAVE[self.verb], self.subject, "have", rest]
        elif self.verb in AUXILIARIES:
            parts = [self.verb, self.subject, first, after]
        elif self.verb in PRESENT:
            parts = ["does", self.subject, PRESENT[self.verb], rest]
        else:
            parts = ["did", self.subject, base_of_past(self.verb), rest]
        return " ".join(part.strip(" ,") for part in parts if part.strip(" ,"))


def plain_sentence(sentence: str) -> str:
    """A sentence without references, asides and words that tie it to the one before."""
    text = " ".join(ASIDE.sub("", REFERENCE.sub("", sentence)).split())
    plain = CONNECTIVE.sub("", re.sub(r"\s+([,.])", r"\1", text))
    return plain[:1].upper() + plain[1:]


def read_clause(sentence: str, page: str) -> Clause | None:
    """The parts of a sentence that says one thing of what it names; None for any other.

    ``page`` is the text around, which tells whether the first word is written small elsewhere.
    """
    text = plain_sentence(sentence)
    leading = LEADING_TIME.match(text)
    time = leading[0].strip(", ") if leading else ""
    text = text[leading.end() :] if leading else text
    words = text.removesuffix(".").split()
    if not text.endswith(".") or ODD.search(text) or not SHORTEST <= len(words) <= LONGEST:
        return None
    if not words[0][:1].isupper():
        if not leading or words[0].casefold() not in ("the", "a", "an"):
            return None
        words[0] = words[0].capitalize()
    for at in range(1, min(MOST_SUBJECT + 1, len(words) - 1)):
        if any(mark in words[at - 1] for mark in ",.") and not _is_initial(words[at - 1]):
            return None
        found = _clause(words, at, page)
        if found:
            return replace(found, time=time)
        if words[at] in AUXILIARIES:
            return None
    return None


def _clause(words: list[str], at: int, page: str) -> Clause | None:
    """The clause whose verb is this word."""
    subject, verb, rest = words[:at], words[at], words[at + 1 :]
    is_name = all(word[0].isupper() or word in SMALL for word in subject)
    is_name = is_name and subject[0] not in ARTICLES[1:] and len("".join(subject)) > 3
    if not _is_subject(subject, is_name=is_name) or not _is_verb(verb, rest, is_name=is_name):
        return None
    is_long_name = is_name and len(subject) > 1 and subject[0] not in ARTICLES
    if not is_long_name and not _keeps_capital(subject[0], page, is_name=is_name):
        subject = [subject[0].lower(), *subject[1:]]
    is_name = is_name and any(word[0].isupper() for word in subject)
    return Clause(" ".join(subject), verb, " ".join(rest), is_name)


def _is_subject(words: list[str], *, is_name: bool) -> bool:
    if words[0].casefold() in SPEAKS_OF_OTHERS or words[-1].casefold() in SPEAKS_OF_OTHERS | SMALL:
        return False
    if is_name:
        return True
    inner = [word.casefold() for word in words[1:]]
    if any(character.isdigit() for word in words for character in word):
        return False
    if any(word in SPEAKS_OF_OTHERS - {"in", "and", "for", "other"} for word in inner):
        return False
    if any(word.endswith(("ing", "ly")) or base_of_past(word) or word in VERBS for word in inner):
        return False
    return len(words) > (2 if words[0] in ARTICLES else 1)


def _keeps_capital(word: str, page: str, *, is_name: bool) -> bool:
    """Whether the first word of a sentence is written large within one too."""
    plain = re.sub(r"['’]s?$", "", word)
    if "." in word or any(character.isupper() for character in word[1:]):
        return True
    if word in ARTICLES or re.search(rf"\b{re.escape(plain.lower())}\b", page):
        return False
    is_name = is_name or plain != word
    within = rf"[a-z,] {re.escape(word)}\b"
    return is_name or OF_A_PEOPLE.search(word) is not None or re.search(within, page) is not None


def _is_verb(verb: str, rest: list[str], *, is_name: bool) -> bool:
    if verb in BE or verb in MODAL or verb in HAVE:
        return True
    if verb in PRESENT:
        return is_name
    return bool(base_of_past(verb)) and (is_name or rest[0] not in AFTER_PARTICIPLE)


def first_part(rest: str) -> str:
    """What is said up to a comma or a second verb; empty where a list or a clause goes on."""
    first, _, after = rest.strip().partition(", ")
    part = SECOND_VERB.split(first)[0].strip(" ,")
    return "" if LIST_GOES_ON.match(after) or SECOND_CLAUSE.search(f" {part} ") else part


def _is_initial(word: str) -> bool:
    return re.fullmatch(r"(?:[A-Z]\.)+|St\.|Dr\.|Mr\.|Jr\.|Inc\.", word) is not None
