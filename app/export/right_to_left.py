"""Arabic and Hebrew for a PDF, which draws letters one after the other from the left.

The order is that of the Unicode bidirectional algorithm (UAX 9) without explicit embeddings; the
joined forms of Arabic letters are those of the presentation blocks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

RIGHT = ("R", "AL")
NUMBERS = ("EN", "AN")
BRACKETS = dict(zip("([{", ")]}", strict=True))
MIRRORED = dict(zip("()[]{}<>«»‹›", ")(][}{><»«›‹", strict=True))
PRESENTATION = (*range(0xFB50, 0xFDD0), *range(0xFE70, 0xFEFD))
FORM = {(0, 0): "isolated", (0, 1): "initial", (1, 0): "final", (1, 1): "medial"}
LAM, STRETCH = "\u0644", "\u0640"


def reads_right_to_left(text: str) -> bool:
    """Whether a text begins from the right: its first letter tells."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    return next((kind in RIGHT for kind in kinds if kind in ("L", *RIGHT)), False)


def has_right_to_left(text: str) -> bool:
    """Whether any letter of a text is written from the right."""
    return any(unicodedata.bidirectional(character) in RIGHT for character in text)


def joined(text: str) -> list[str]:
    """For each character what is drawn in its place: Arabic letters as they join; "": nothing.

    An alef that follows a lam is drawn with it.
    """
    forms, drawn = _forms(), list(text)
    letters = [place for place, one in enumerate(text) if unicodedata.category(one) != "Mn"]
    joins_onwards = False
    while letters:
        place, *letters = letters
        letter = text[place]
        if letters[:1] == [place + 1] and ("isolated", text[place : place + 2]) in forms:
            letter, drawn[place + 1] = text[place : place + 2], ""
            letters = letters[1:]
        back = joins_onwards and _joins_back(letter)
        joins_onwards = letter == STRETCH or ("initial", letter) in forms
        after = joins_onwards and bool(letters) and _joins_back(text[letters[0]])
        drawn[place] = forms.get((FORM[back, after], letter), drawn[place])
    return drawn


def _joins_back(letter: str) -> bool:
    return letter == STRETCH or ("final", letter) in _forms()


@cache
def _forms() -> dict[tuple[str, str], str]:
    """The presentation forms, by how a letter (or a lam with an alef) joins, and what it is."""
    found: dict[tuple[str, str], str] = {}
    for code in PRESENTATION:
        form, *parts = unicodedata.decomposition(chr(code)).split() or [""]
        letters = "".join(chr(int(part, 16)) for part in parts)
        if len(letters) == 1 or (len(letters) == 2 and letters[0] == LAM and letters[1] < LAM):
            found.setdefault((form.strip("<>"), letters), chr(code))
    return found


def mirrored(text: str, *, from_right: bool) -> list[str]:
    """A line's characters, brackets turned where it runs from the right."""
    levels = _levels(text, base=int(from_right))
    return [
        MIRRORED.get(one, one) if level % 2 else one
        for one, level in zip(text, levels, strict=True)
    ]


def visual_order(text: str, *, from_right: bool) -> list[int]:
    """The places of a line's characters from left to right; from_right: the line's direction."""
    levels = _levels(text, base=int(from_right))
    order = list(range(len(text)))
    for level in range(max(levels, default=0), 0, -1):
        start = None
        for place in range(len(order) + 1):
            inside = place < len(order) and levels[place] >= level
            if inside and start is None:
                start = place
            elif not inside and start is not None:
                order[start:place] = reversed(order[start:place])
                start = None
    return _marks_after_letters(text, order, levels)


def _marks_after_letters(text: str, order: list[int], levels: Sequence[int]) -> list[int]:
    """Marks are drawn over what was drawn before them, so they go behind their letter (L3)."""
    settled: list[int] = []
    marks: list[int] = []
    for place in order:
        if levels[place] % 2 and unicodedata.category(text[place]) == "Mn":
            marks.insert(0, place)
        else:
            settled += [place, *marks]
            marks = []
    return settled + marks


def _levels(text: str, *, base: int) -> list[int]:
    """How deep each character is embedded: even from the left, odd from the right (I1, I2)."""
    levels = {"L": 2 * base, "R": 1, "EN": 2, "AN": 2}
    return [levels[kind] for kind in _resolved(text, "R" if base else "L")]


def _resolved(text: str, start: str) -> list[str]:
    """The direction of each character: L, R, EN or AN (rules W1 to N2)."""
    kinds = [unicodedata.bidirectional(one) or "L" for one in text]
    letter = previous = start
    for place, kind in enumerate(kinds):  # W1, W2
        if kind in ("L", *RIGHT):
            letter = kind
        settled = previous if kind == "NSM" else kind
        settled = "AN" if settled == "EN" and letter == "AL" else settled
        kinds[place] = previous = settled
    kinds = ["R" if kind == "AL" else kind for kind in kinds]  # W3
    _join_numbers(kinds)
    letter = start
    for place, kind in enumerate(kinds):  # W6, W7
        if kind in ("L", "R"):
            letter = kind
        elif kind == "EN":
            kinds[place] = "L" if letter == "L" else "EN"
        elif kind != "AN":
            kinds[place] = "ON"
    _settle_brackets(text, kinds, start)
    _settle_neutrals(kinds, start)
    return kinds


def _join_numbers(kinds: list[str]) -> None:
    """Separators within a number and signs beside it belong to it (W4, W5)."""
    for place in range(1, len(kinds) - 1):
        before, kind, after = kinds[place - 1 : place + 2]
        within = (kind == "CS" and before in NUMBERS) or (kind == "ES" and before == "EN")
        if within and before == after:
            kinds[place] = before
    for places in (range(len(kinds)), range(len(kinds) - 1, -1, -1)):
        previous = ""
        for place in places:
            if kinds[place] == "ET" and previous == "EN":
                kinds[place] = "EN"
            previous = kinds[place]


def _settle_brackets(text: str, kinds: list[str], start: str) -> None:
    """Brackets of a pair get one direction: by what is in them, then by what is before (N0)."""
    for opening, closing in _bracket_pairs(text, kinds):
        inside = {_side(kind) for kind in kinds[opening + 1 : closing] if kind != "ON"}
        if start in inside:
            kinds[opening] = kinds[closing] = start
        elif inside:
            before = (_side(kind) for kind in reversed(kinds[:opening]) if kind != "ON")
            kinds[opening] = kinds[closing] = next(before, start)


def _bracket_pairs(text: str, kinds: Sequence[str]) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    opened: list[int] = []
    for place, character in enumerate(text):
        if kinds[place] != "ON":
            continue
        if character in BRACKETS:
            opened.append(place)
        elif matching := [one for one in opened if BRACKETS[text[one]] == character]:
            pairs.append((matching[-1], place))
            opened = opened[: opened.index(matching[-1])]
    return sorted(pairs)


def _settle_neutrals(kinds: list[str], start: str) -> None:
    """What has no direction takes that of both its sides, else the line's (N1, N2)."""
    place = 0
    while place < len(kinds):
        end = place
        while end < len(kinds) and kinds[end] == "ON":
            end += 1
        if end > place:
            before = _side(kinds[place - 1]) if place else start
            after = _side(kinds[end]) if end < len(kinds) else start
            kinds[place:end] = [before if before == after else start] * (end - place)
        place = end + 1


def _side(kind: str) -> str:
    return "L" if kind == "L" else "R"
