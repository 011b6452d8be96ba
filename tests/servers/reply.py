"""What a scripted model server is told to answer: one vocabulary for every wire format.

Reply("Paris is the capital.")                        # streamed word by word
Reply("Paris.", thinking="France, then its capital")  # a thinking model
Reply("Paris is the capital.", fault="cut")           # two words, then the line goes dead
lambda body: Reply(body["messages"][-1]["content"])   # answer from what was really sent
"""

import re
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from typing import Any, Literal

Body = dict[str, Any]
"""The parsed JSON body of a request."""

FinishReason = Literal["stop", "length"]

Fault = Literal[
    "status_400",  # an HTTP error with a JSON body, before any text
    "status_500",
    "cut",  # some words, then the connection is closed in the middle of the body
    "no_done",  # some words, then a clean end of the body without the closing object
    "empty",  # a proper ending, and no text at all
    "error_line",  # some words, then the server's own error object inside the stream
    "hang",  # some words, then silence until the client leaves or the server is closed
    "only_thinking",  # the window is spent on thought: thinking, no text, finish "length"
]

STOPS_EARLY: frozenset[Fault] = frozenset({"cut", "no_done", "error_line", "hang"})


@dataclass(frozen=True)
class ToolCall:
    """A tool that the model asks for, after its text."""

    name: str
    arguments: Body


@dataclass(frozen=True)
class Reply:
    """One scripted answer.

    `pause_seconds` is waited before every word. `words_before_fault` is how many words (of
    thinking and text together) go out before a fault that stops early. `prompt_tokens` of None
    counts the words of the prompt that was sent. `error_message` replaces the server's usual
    words for an HTTP error and for "error_line".
    """

    text: str = ""
    _: KW_ONLY
    tool_calls: tuple[ToolCall, ...] = ()
    thinking: str = ""
    fault: Fault | None = None
    pause_seconds: float = 0.0
    words_before_fault: int = 2
    finish_reason: FinishReason = "stop"
    prompt_tokens: int | None = None
    error_message: str | None = None


ScriptedReply = Reply | Callable[[Body], Reply]


@dataclass(frozen=True)
class Piece:
    """A word as it goes over the wire, with the white space before it."""

    text: str
    is_thinking: bool = False


def split_words(text: str) -> list[str]:
    """Cut `text` into words that join back to exactly `text`."""
    return re.findall(r"\s*\S+(?:\s+$)?", text) or ([text] if text else [])


def pieces_to_send(reply: Reply) -> list[Piece]:
    """The words that leave the server for `reply`, thinking first, its fault applied."""
    thinking, text = reply.thinking, reply.text
    if reply.fault == "only_thinking":
        thinking, text = reply.thinking or reply.text, ""
    elif reply.fault == "empty":
        text = ""
    pieces = [Piece(word, is_thinking=True) for word in split_words(thinking)]
    pieces += [Piece(word) for word in split_words(text)]
    return pieces[: reply.words_before_fault] if reply.fault in STOPS_EARLY else pieces


def finish_reason_of(reply: Reply) -> FinishReason:
    """Why generation ended: thinking that leaves no room for an answer ran out of length."""
    return "length" if reply.fault == "only_thinking" else reply.finish_reason
