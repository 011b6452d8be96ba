"""Which of the passages that were found prove a sentence, alone or together."""

from __future__ import annotations

from collections.abc import Sequence

from app.grounding import Check, Support
from app.grounding.parts import parts_of
from ingest.records import ChunkRecord


class Proof:
    """The proof of one sentence; passages are named by their numbers, from 1."""

    def __init__(self, text: str, passages: Sequence[ChunkRecord], check: Check) -> None:
        self._text = text
        self._passages = passages
        self._check = check
        self._parts = parts_of(text)

    def support(self, text: str, numbers: Sequence[int]) -> Support:
        """How well these passages together prove a text."""
        return self._check(text, "\n".join(self._passages[number - 1].text for number in numbers))

    def of_one(self, marked: Sequence[int]) -> list[int]:
        """The passage that proves the sentence best; none where none proves it."""
        best = self._best(self._text, leave_out=marked)
        return [best] if best else []

    def of_parts(self) -> list[int]:
        """The passages that prove its parts, if together they prove the whole; else none.

        The whole is checked against all of them, since a part has lost what it is about.
        """
        if len(self._parts) < 2:
            return []
        found = [self._best(part) for part in self._parts]
        numbers = sorted({number for number in found if number})
        if None in found or self.support(self._text, numbers).verdict != "supported":
            return []
        return numbers

    def unproved_parts(self, marked: Sequence[int]) -> str:
        """Which of its parts the marked passages do not prove; empty where they prove none."""
        unproved = [
            part for part in self._parts if self.support(part, marked).verdict == "unsupported"
        ]
        if not marked or len(unproved) == len(self._parts):
            return ""
        return "not proved: " + "; ".join(f"“{part}”" for part in unproved)

    def _best(self, text: str, leave_out: Sequence[int] = ()) -> int | None:
        """The passage that proves a text best; one alone that was looked at is not asked again."""
        others = [n for n in range(1, len(self._passages) + 1) if list(leave_out) != [n]]
        found = {number: self.support(text, [number]) for number in others}
        proving = [number for number in others if found[number].verdict == "supported"]
        return max(proving, key=lambda number: found[number].value or 0.0, default=None)
