"""Sentences as their evidence proves them, and with one thing changed so that it does not.

Changes are made of what stands nearby: another number, another name, a denial, the opposite word, a
part of a sentence from elsewhere. What stays true is worded a little differently too, so that
whether a claim is worded as its evidence says nothing.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from app.grounding.features import OPPOSITES

NUMBER = re.compile(r"(?<![\w.,$])\$?\d+(?:,\d{3})*(?:\.\d+)?(?![\w]|[.,]\d)")
YEAR = re.compile(r"^(1[5-9]|20)\d\d$")
NAME = re.compile(r"(?<![.!?:“\"(] )(?<!^)\b[A-Z][a-z]+(?: (?:of |the |de )?[A-Z][a-z]+){0,3}\b")
MONTHS = (
    "January February March April May June July August September October November December"
).split()
MONTH = re.compile(rf"\b({'|'.join(MONTHS)})\b")
ASIDE = re.compile(r" \([^()]*\)|, (?:which|who|where|whose|including|such as)\b[^,.;]*,(?= )")
LATE_CLAUSE = re.compile(
    r",? (?:which|who|where|while|although|because|after|before)\b[^.;]*(?=\.$)"
)
FIRST_CLAUSE = re.compile(
    r"^((?:In|On|At|During|After|Before|By|From) [^,.;]{3,60}), (\w)([^.]*)\.$"
)
SECOND_HALF = re.compile(r"(?:,|;) (?:and|but) [^.;]*(?=\.$)")
ADVERB = re.compile(r" \b\w{3,}ly\b")
BE = re.compile(
    r"\b(is|are|was|were|has|have|had|can|could|will|would|may|should|must)\b(?! not\b)"
)
NOT = re.compile(r"\b(is|are|was|were|has|have|had|can|could|will|would|may|should|must) not ")
FEWEST_WORDS = 4

Edit = Callable[[str, Sequence[str], random.Random], str]


def true_claim(sentence: str, chance: random.Random) -> str:
    """A sentence that a text holding this one proves."""
    changes = [
        _without(ASIDE),
        _without(LATE_CLAUSE),
        _without(SECOND_HALF),
        _without(ADVERB),
        _move,
    ]
    chance.shuffle(changes)
    claim = sentence
    for change in changes[: chance.choice((0, 1, 1, 2, 3))]:
        changed = change(claim)
        if len(changed.split()) >= FEWEST_WORDS:
            claim = changed
    return claim


def false_claim(claim: str, around: Sequence[str], chance: random.Random) -> str | None:
    """The claim with one thing changed; ``around`` are texts to take other names from."""
    edits: list[Edit] = [
        swap_number, swap_number, swap_name, swap_name, swap_month, deny, swap_opposite, exchange,
        add_foreign,
    ]  # fmt: skip
    chance.shuffle(edits)
    for edit in edits:
        changed = edit(claim, around, chance)
        if changed and changed != claim:
            return changed
    return None


def swap_number(claim: str, around: Sequence[str], chance: random.Random) -> str:
    """Another number of the same kind."""
    found = list(NUMBER.finditer(claim))
    if not found:
        return ""
    one = chance.choice(found)
    number = one[0]
    others = [
        other for text in around for other in NUMBER.findall(text)
        if same_kind(other, number) and other != number and other not in claim
    ]  # fmt: skip
    other = chance.choice(others) if others and chance.random() < 0.7 else _near(number, chance)
    return claim[: one.start()] + other + claim[one.end() :]


def same_kind(one: str, other: str) -> bool:
    """Whether both are years, amounts of money, or plain numbers."""
    kinds = [(bool(YEAR.match(n)), n.startswith("$"), "." in n) for n in (one, other)]
    return kinds[0] == kinds[1]


def _near(number: str, chance: random.Random) -> str:
    digits = [at for at, character in enumerate(number) if character.isdigit()]
    at = chance.choice(digits[-2:] if YEAR.match(number) else digits)
    other = chance.choice([d for d in "123456789" if d != number[at]])
    return number[:at] + other + number[at + 1 :]


def swap_name(claim: str, around: Sequence[str], chance: random.Random) -> str:
    """Another name from nearby."""
    found = list(NAME.finditer(claim))
    if not found:
        return ""
    one = chance.choice(found)
    if one[0] in MONTHS:
        return ""
    others = [
        other for text in around for other in NAME.findall(text)
        if other not in claim and one[0] not in other and other not in MONTHS
    ]  # fmt: skip
    return claim[: one.start()] + chance.choice(others) + claim[one.end() :] if others else ""


def swap_month(claim: str, _around: Sequence[str], chance: random.Random) -> str:
    """Another month."""
    found = MONTH.search(claim)
    if not found:
        return ""
    other = chance.choice([month for month in MONTHS if month != found[0]])
    return claim[: found.start()] + other + claim[found.end() :]


def deny(claim: str, _around: Sequence[str], _chance: random.Random) -> str:
    """A denial put in, or taken out."""
    if NOT.search(claim):
        return NOT.sub(r"\1 ", claim, count=1)
    return BE.sub(r"\1 not", claim, count=1)


def swap_opposite(claim: str, _around: Sequence[str], chance: random.Random) -> str:
    """The opposite of a word."""
    pairs = [pair for one, other in OPPOSITES for pair in ((one, other), (other, one))]
    chance.shuffle(pairs)
    for mine, theirs in pairs:
        changed = re.sub(rf"\b{mine}\b", theirs, claim, count=1)
        if changed != claim:
            return changed
    return ""


def exchange(claim: str, _around: Sequence[str], chance: random.Random) -> str:
    """Two names of the claim in each other's place."""
    found = list(NAME.finditer(claim))
    if len(found) < 2:
        return ""
    one, other = sorted(chance.sample(found, 2), key=lambda name: name.start())
    between = claim[one.end() : other.start()]
    if between.strip() in ("and", "or", ",", ", and"):
        return ""  # it says the same
    return claim[: one.start()] + other[0] + between + one[0] + claim[other.end() :]


def add_foreign(claim: str, around: Sequence[str], chance: random.Random) -> str:
    """A part of a sentence from elsewhere, joined on; ``around[-1]`` is another passage."""
    parts = re.findall(r", (?:and|but|which|who) [^,.;]{15,80}", around[-1])
    return claim.rstrip(".") + chance.choice(parts) + "." if parts else ""


def _without(pattern: re.Pattern[str]) -> Callable[[str], str]:
    return lambda text: pattern.sub("", text, count=1)


def _move(text: str) -> str:
    """A first clause of time or place put last."""
    found = FIRST_CLAUSE.match(text)
    if not found:
        return text
    when, first, rest = found.groups()
    return f"{first.upper()}{rest} {when[0].lower()}{when[1:]}."
