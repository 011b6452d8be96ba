"""The quantities of a text, so that "1.5 billion" and "1,500 million" are the same."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
    "mn": 1e6, "bn": 1e9, "tn": 1e12, "k": 1e3, "m": 1e6, "b": 1e9,
}  # fmt: skip
WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90, "dozen": 12, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5,
    "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "once": 1, "twice": 2,
}  # fmt: skip
DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?"
# A part of a name (MH17, COVID-19) or of a year (2018-19, not 1963-1965) is no quantity.
NAMED = r"(?<![^\W_])(?<!(?-i:[A-Z])-)(?:(?<!\b\d{4}[-–])|(?=\d{4}\b))"
QUANTITY = re.compile(
    rf"(?P<money>[$€£]\s?)?{NAMED}(?P<number>{DIGITS})(?:st|nd|rd|th)?"
    r"(?P<unit>\s?%|\s?percent\b|\s?per cent\b)?"
    r"(?:[\s-]?(?P<scale>hundred|thousand|million|billion|trillion|bn|mn|tn)\b"
    r"|(?P<letter>k|(?(money)[mb]|(?!)))\b)?"
    rf"|\b(?P<word>{'|'.join(WORDS)})\b(?:[\s-](?P<word_scale>hundred|thousand|million|billion)\b)?",
    re.IGNORECASE,
)
TABLE_SCALE = re.compile(r"\bin (thousands|millions|billions)\b", re.IGNORECASE)
CLOSE = 1e-9
LEAST_IN_TABLE = 100  # a smaller number may count anything, though the table's are in millions


@dataclass(frozen=True)
class Quantity:
    """A number with its scale; ``written`` is how it stands in the text, ``step`` its precision.

    "1.5 billion" has the value 1.5e9 and the step 1e8.
    """

    value: float
    step: float
    is_share: bool
    in_digits: bool
    written: str
    is_scaled: bool = False


@lru_cache(maxsize=4096)
def quantities(text: str) -> tuple[Quantity, ...]:
    """The quantities of a text, in its order."""
    return tuple(_read(found) for found in QUANTITY.finditer(text))


def _read(found: re.Match[str]) -> Quantity:
    if found["word"]:
        scale = SCALES[found["word_scale"].lower()] if found["word_scale"] else 1.0
        value = WORDS[found["word"].lower()] * scale
        return Quantity(value, scale, False, in_digits=False, written=found[0])
    number = found["number"].replace(",", "")
    named = found["scale"] or found["letter"]
    scale = SCALES[named.lower()] if named else 1.0
    decimals = len(number.partition(".")[2])
    return Quantity(
        value=float(number) * scale,
        step=scale * 10.0**-decimals,
        is_share=bool(found["unit"]),
        in_digits=True,
        written=found[0].strip().lstrip("$€£ "),
        is_scaled=bool(named),
    )


def missing_quantities(claim: str, evidence: str) -> list[str]:
    """Those of a claim's quantities, as written, that the evidence does not have.

    A rounded one is there if what the evidence says rounds to it, and the numbers of a table "in
    millions" count as such too. Small numbers in words ("one of them") are not asked for.
    """
    held = quantities(evidence)
    any_share = any(said.is_share for said in held)
    scales = {SCALES[found.lower()[:-1]] for found in TABLE_SCALE.findall(evidence)} | {1.0}
    return [
        asked.written
        for asked in quantities(claim)
        if asked.in_digits
        and not any(
            _says(said, asked, scales)
            for said in held
            if said.is_share == asked.is_share or (asked.is_share and not any_share)
        )
    ]


def _says(said: Quantity, asked: Quantity, scales: set[float]) -> bool:
    if not math.isfinite(asked.value):
        return said.written == asked.written
    if said.is_scaled or said.value < LEAST_IN_TABLE:
        scales = {1.0}
    return any(abs(said.value * scale - asked.value) <= _room(said, asked) for scale in scales)


def _room(said: Quantity, asked: Quantity) -> float:
    """How far apart two values may be: half of the claim's last digit where that is rounded."""
    is_rounded = asked.step > said.step and asked.value >= 10 * asked.step
    return max(asked.step / 2 if is_rounded else 0.0, CLOSE * max(1.0, abs(asked.value)))
