"""What a prompt is made of: its parts, what it is for, and the variables that it may use."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

SYSTEM_PARTS = ("persona", "task", "format", "tone")
TEXT_PARTS = (*SYSTEM_PARTS, "context")
PARTS = ("purpose", *TEXT_PARTS, "exemplars")


@dataclass(frozen=True)
class Variables:
    """The variables that a prompt must use, and those that it may use besides."""

    required: frozenset[str]
    optional: frozenset[str] = frozenset()

    @property
    def all(self) -> frozenset[str]:
        """Both."""
        return self.required | self.optional


def _variables(required: str, optional: str = "") -> Variables:
    return Variables(frozenset(required.split()), frozenset(optional.split()))


PURPOSES = {  # what a prompt is for, and with which variables
    "answer": _variables("passages question", "refusal"),
    "base": _variables("passages question", "refusal"),  # an answer's, for a model without a chat
    "condense": _variables("history question"),
    "reason": _variables(""),  # reason and join add to the instructions of an answer
    "join": _variables("parts"),
    "repair": _variables("passages question draft problems", "refusal"),
    "collect": _variables("passages question nothing"),
    "propose": _variables("passages question thought"),
    "judge": _variables("passages question thought"),
    "grade": _variables("question texts"),  # an answer by a reference
    "agent": _variables("question", "refusal"),
    "decompose": _variables("question"),
    "imagine": _variables("question"),
    "rewrite": _variables("question"),
    "paraphrase": _variables("question"),
    "pose": _variables("document page"),
    "examine": _variables("page question"),
}


class Exemplar(BaseModel):
    """A question with the passages that were given, and the answer that they deserve.

    The answer cites them by number, as in [1].
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str = Field(min_length=1)
    passages: tuple[str, ...] = Field(min_length=1)
    answer: str = Field(min_length=1)


class PromptParts(BaseModel):
    """What a prompt file may hold."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: str = Field(min_length=1)
    purpose: str = "answer"
    persona: str = ""
    context: str = ""
    format: str = ""
    tone: str = ""
    exemplars: tuple[Exemplar, ...] = ()
