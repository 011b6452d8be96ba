"""Send what a receipt says was sent once more, and say what differs."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.events import Message, Role, Thought, Token
from app.models.model import LanguageModel, Sampling, Usage
from app.own_prompts import find_prompt
from app.printed_file import first_fault, read_printed
from app.thought import REASONING, THINK, separate_thought
from ingest.errors import CiteboundError
from prompts.template import PromptError, read_prompt


class ReplayError(CiteboundError):
    """A file that is no receipt, or one with nothing to replay."""


class SentMessage(BaseModel):
    """One message of a call."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    role: Role
    text: str


class RecordedCall(BaseModel):
    """What is needed of a call to make it again and to compare."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    step: str
    messages: tuple[SentMessage, ...] = Field(min_length=1)
    prompts: dict[str, str]
    sampling: Sampling
    options: dict[str, object]
    text: str
    prompt_tokens: int | None
    tools: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _check_roles(self) -> Self:
        roles = {message.role for message in self.messages}
        if not self.tools and ("tool" in roles or ("text" in roles and len(self.messages) > 1)):
            raise ValueError("messages of these roles are never sent together")
        return self


class RecordedReceipt(BaseModel):
    """What is needed of a receipt."""

    model_config = ConfigDict(frozen=True, extra="ignore", protected_namespaces=())

    model: str
    model_digest: str | None = None
    calls: tuple[RecordedCall, ...]

    @property
    def calls_without_tools(self) -> tuple[RecordedCall, ...]:
        """Those that can be made again: a model with tools would go on from what they answer."""
        return tuple(call for call in self.calls if not call.tools)


class RecordedAnswer(BaseModel):
    """What ``citebound ask --json`` prints."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    receipt: RecordedReceipt


@dataclass(frozen=True)
class ReplayedCall:
    """A call that was made again; ``changed`` are prompt files that are other ones now.

    ``options_before`` and ``options_now`` are those that differ.
    """

    step: str
    same: bool
    before: str
    now: str
    options_before: dict[str, object]
    options_now: dict[str, object]
    prompt_tokens_before: int | None
    prompt_tokens_now: int | None
    changed: tuple[str, ...]

    @property
    def difference(self) -> list[str]:
        """The lines of a unified diff of what was said; empty where it is the same."""
        lines = difflib.unified_diff(
            self.before.splitlines(), self.now.splitlines(), "before", "now", lineterm=""
        )
        return list(lines)


def read_receipt(path: Path) -> RecordedReceipt:
    """Read a receipt, or a whole answer with one. Raises ReplayError saying what is wrong."""
    try:
        text = read_printed(path)
    except (OSError, UnicodeDecodeError) as error:
        raise ReplayError(f"The receipt {path} cannot be read: {error}.") from error
    try:
        receipt = _parsed(text)
    except ValidationError as error:
        raise ReplayError(
            f"The file {path} is no receipt ({first_fault(error)}); save one with: citebound "
            "ask QUESTION --json > FILE"
        ) from error
    if not receipt.calls_without_tools:
        raise ReplayError(f"The receipt {path} has no call of a model that could be made again.")
    return receipt


def _parsed(text: str) -> RecordedReceipt:
    try:
        return RecordedAnswer.model_validate_json(text).receipt
    except ValidationError as error:
        if [one["loc"] for one in error.errors()] == [("receipt",)]:
            return RecordedReceipt.model_validate_json(text)
        raise


def replay(calls: Sequence[RecordedCall], model: LanguageModel) -> Iterator[ReplayedCall]:
    """Make the calls again, one by one. Raises ModelError."""
    for call in calls:
        messages = [Message(message.role, message.text) for message in call.messages]
        pieces = model.stream(messages, call.sampling)
        text, usage = "", Usage(None, None, {}, cut_off=False)
        tags = [REASONING] if "reason" in call.prompts else []
        for piece in separate_thought(pieces, THINK, *tags):
            if isinstance(piece, Token):
                text += piece.text
            elif not isinstance(piece, Thought):
                usage = piece
        now = text.strip()
        names = call.options.keys() | usage.options.keys()
        other = {n for n in names if call.options.get(n) != usage.options.get(n)}
        yield ReplayedCall(
            step=call.step,
            same=now == call.text,
            before=call.text,
            now=now,
            options_before={n: v for n, v in call.options.items() if n in other},
            options_now={n: v for n, v in usage.options.items() if n in other},
            prompt_tokens_before=call.prompt_tokens,
            prompt_tokens_now=usage.prompt_tokens,
            changed=tuple(name for name, sha in call.prompts.items() if _fingerprint(name) != sha),
        )


def _fingerprint(name: str) -> str | None:
    """The fingerprint that a prompt file has now; None where it is gone or no longer valid."""
    try:
        return read_prompt(find_prompt(name)).fingerprint
    except PromptError:
        return None
