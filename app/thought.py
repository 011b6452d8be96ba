"""Thought that a model writes into its text, between tags, is told apart from the answer."""

from __future__ import annotations

from collections.abc import Iterator

from app.events import Thought, Token
from app.models.model import Usage

Tags = tuple[str, str]

THINK: Tags = ("<think>", "</think>")  # what thinking models write where the server leaves it in
REASONING: Tags = ("<reasoning>", "</reasoning>")  # what our own prompt asks for


def separate_thought(
    pieces: Iterator[Token | Thought | Usage], *tags: Tags
) -> Iterator[Token | Thought | Usage]:
    """Pieces of text, with what stands between tags as Thought; a tag may be cut over pieces.

    Tags count only where the text begins with them: an answer may speak of tags later on.
    """
    held = ""  # text that may be, or is part of, an opening tag at the beginning
    closing = ""  # the tag that ends the thought that we are in
    begun = False  # whether the answer has begun
    for piece in pieces:
        if not isinstance(piece, Token) or begun:
            yield piece
            continue
        held += piece.text
        while held and not begun:
            if closing:
                inside, found, after = held.partition(closing)
                kept = 0 if found else _overlap(inside, closing)
                if inside[: len(inside) - kept]:
                    yield Thought(inside[: len(inside) - kept])
                held = after if found else inside[len(inside) - kept :]
                if not found:
                    break
                closing = ""
                continue
            start = held.lstrip()
            opened = next((pair for pair in tags if start.startswith(pair[0])), None)
            if opened:
                closing, held = opened[1], start[len(opened[0]) :]
            elif any(pair[0].startswith(start) for pair in tags):
                break
            else:
                begun = True
                yield Token(start)
    if held and not begun:
        yield Thought(held) if closing else Token(held)


def _overlap(text: str, tag: str) -> int:
    """How many characters at the end of a text may be the beginning of a tag."""
    return next((n for n in range(len(tag) - 1, 0, -1) if text.endswith(tag[:n])), 0)
